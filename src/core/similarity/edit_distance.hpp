// SPDX-License-Identifier: PostgreSQL
// Edit distances between texts, counted in code points.
//
// Levenshtein: insertions, deletions and substitutions. The bit-parallel algorithm of Myers (1999) in the
// form of Hyyrö (2003), one word per 64 characters of the shorter text: some 50 ns for two names. Optimal
// string alignment: also swaps of neighbours, no substring edited twice. Hyyrö's (2003) up to 64 characters,
// the textbook table beyond.
//
// Texts over 65,536 characters: Error(kLimitExceeded). Cancellable.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

// `memory` is used only for texts over 64 characters (ASCII) or 128.
size_t levenshtein(std::string_view a, std::string_view b, Tick& tick,
                   std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

size_t osa(std::string_view a, std::string_view b, Tick& tick,
           std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

// 1 - distance / length of the longer text; 1 for two empty texts.
double levenshtein_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

}  // namespace cdp::similarity
