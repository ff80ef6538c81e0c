// SPDX-License-Identifier: PostgreSQL
// Measures of the sets of q-grams: the distinct parts of q characters. What both sets have, divided by what
// either has (jaccard), by the mean of the sizes (dice), by their geometric mean (cosine) or by the smaller
// one (overlap). Padded: q - 1 marks before and after the text, so that its ends count more. A text shorter
// than q is one gram.
//
// Cost: some 120 ns for two names and q = 3 (bit-parallel up to 64 characters, sorting beyond). Texts over
// 65,536 characters: Error(kLimitExceeded). Cancellable.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

enum class GramMeasure { kJaccard, kDice, kCosine, kOverlap };

constexpr int64_t kLongestGram = 16;

// 0 to 1. Two empty texts are 1, an empty and another 0. Less than `cutoff` is 0. Error(kInvalidInput) when q
// is not 1 to 16. `memory` is used only for texts over 64 characters, or over 128 bytes.
double qgram(std::string_view a, std::string_view b, GramMeasure measure, int64_t q, bool padded, Tick& tick,
             std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

}  // namespace cdp::similarity
