// SPDX-License-Identifier: PostgreSQL
// Measures of what two texts have in common, in order: insertions and deletions only, subsequences, parts.
// Counted in code points. Cost: some 30 ns for two names (bit-parallel, one word per 64 characters of the
// shorter text); common_substring: the product of the lengths; partial_ratio: up to that of the lengths of
// the texts and the words of the shorter one. Texts over 65,536 characters: Error(kLimitExceeded).
// Cancellable.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/points.hpp"

namespace cdp::similarity {

// Length of the longest common subsequence: common characters in order, not necessarily side by side.
size_t subsequence(std::string_view a, std::string_view b, Tick& tick,
                   std::pmr::memory_resource* memory = std::pmr::new_delete_resource());
size_t subsequence(Bytes a, Bytes b, Tick& tick, std::pmr::memory_resource* memory);
size_t subsequence(Wide a, Wide b, Tick& tick, std::pmr::memory_resource* memory);

// Of two texts of up to 64 bytes that are ASCII; negative for others. Without memory and errors.
int32_t short_subsequence(std::string_view a, std::string_view b) noexcept;

// That, divided by the length of the longer text; 1 for two empty texts. Less than `cutoff` is 0.
double subsequence_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                              double cutoff = 0.0);

// The fewest insertions and deletions: both lengths less twice the subsequence. More than `limit` is limit
// + 1.
size_t indel(std::string_view a, std::string_view b, Tick& tick,
             std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), size_t limit = kNoLimit);

// 1 - indel / sum of the lengths (rapidfuzz's fuzz.ratio / 100, difflib's ratio with a longest subsequence).
double ratio(std::string_view a, std::string_view b, Tick& tick,
             std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

// The best ratio of the shorter text with a part of the longer that is as long or, at its ends, shorter.
double partial_ratio(std::string_view a, std::string_view b, Tick& tick,
                     std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                     double cutoff = 0.0);

// Length of the longest part that both have.
size_t common_substring(std::string_view a, std::string_view b, Tick& tick,
                        std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

// Length of the beginning that both have.
size_t common_prefix(std::string_view a, std::string_view b, Tick& tick,
                     std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

// Places at which the texts differ; what one is longer counts as different. More than `limit` is limit + 1.
size_t hamming(std::string_view a, std::string_view b, Tick& tick,
               std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), size_t limit = kNoLimit);
double hamming_similarity(std::string_view a, std::string_view b, Tick& tick,
                          std::pmr::memory_resource* memory = std::pmr::new_delete_resource(),
                          double cutoff = 0.0);

}  // namespace cdp::similarity
