// SPDX-License-Identifier: PostgreSQL
// Edit distances between texts, counted in code points.
//
// Levenshtein: insertions, deletions and substitutions. The bit-parallel algorithm of Myers (1999) in the
// form of Hyyrö (2003), one word per 64 characters of the shorter text: some 35 ns for two names. Optimal
// string alignment: also swaps of neighbours, no substring edited twice; Hyyrö's (2003) as well.
// Damerau-Levenshtein: the parts of a swap may be apart, and be edited in between; the algorithm of Zhao and
// Sahinalp (2020) in linear memory, the product of the lengths in time.
//
// Texts over 65,536 characters: Error(kLimitExceeded). Cancellable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

constexpr size_t kNoLimit = SIZE_MAX;

// More than `limit` is limit + 1, and may be found sooner. `memory` is used only for texts over 64
// characters, or over 128 bytes.
size_t levenshtein(std::string_view a, std::string_view b, Tick& tick,
                   std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                   size_t limit = kNoLimit);

size_t osa(std::string_view a, std::string_view b, Tick& tick,
           std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), size_t limit = kNoLimit);

size_t damerau(std::string_view a, std::string_view b, Tick& tick,
               std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), size_t limit = kNoLimit);

// Of two texts of up to 64 bytes that are ASCII; negative for others. Without memory and errors.
int32_t short_levenshtein(std::string_view a, std::string_view b) noexcept;
int32_t short_osa(std::string_view a, std::string_view b) noexcept;

// 1 - distance / length of the longer text; 1 for two empty texts. Less than `cutoff` is 0.
double levenshtein_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                              double cutoff = 0.0);
double osa_similarity(std::string_view a, std::string_view b, Tick& tick,
                      std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                      double cutoff = 0.0);
double damerau_similarity(std::string_view a, std::string_view b, Tick& tick,
                          std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                          double cutoff = 0.0);

// What it costs to make b of a. Each cost 0 to kMaxCost, else Error(kInvalidInput).
struct EditCosts {
    static constexpr int64_t kMaxCost = 10000;
    int64_t insertion = 1;
    int64_t deletion = 1;
    int64_t substitution = 1;
};
size_t levenshtein_weighted(std::string_view a, std::string_view b, const EditCosts& costs, Tick& tick,
                            std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

}  // namespace cdp::similarity
