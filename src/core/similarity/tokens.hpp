// SPDX-License-Identifier: PostgreSQL
// Measures of texts as words, divided by white space; letters are compared as they are. token_sort and
// token_set are rapidfuzz's token_sort_ratio and token_set_ratio divided by 100 (first described for
// FuzzyWuzzy, Cohen 2011), but two texts without a word are 1. monge_elkan: Monge and Elkan (1996).
//
// Cost: some 150 ns for two texts of three words; monge_elkan 30 ns for each pair of words. Texts over 65,536
// characters: Error(kLimitExceeded). Cancellable. Less than `cutoff` is 0. `memory` is used only for texts
// over 128 characters or 32 words.
#pragma once

#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

// The ratio of the texts with their words sorted, one space between.
double token_sort(std::string_view a, std::string_view b, Tick& tick,
                  std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

// Each word counts once; 1 when all words of one are among those of the other. Otherwise the best ratio of
// these three: the words that both have, sorted, and after them those of one text only; the same with the
// other's; the common words alone. A text without a word and one with: 0.
double token_set(std::string_view a, std::string_view b, Tick& tick,
                 std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

// The mean over the words of a of the best Jaro-Winkler similarity with a word of b; symmetric: the mean of
// that and of the same from b to a. Two texts without a word are 1, one of them 0.
double monge_elkan(std::string_view a, std::string_view b, bool symmetric, Tick& tick,
                   std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

}  // namespace cdp::similarity
