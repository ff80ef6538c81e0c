// SPDX-License-Identifier: PostgreSQL
// The similarity of Jaro (1989) with the prefix bonus of Winkler (1990): for short names.
//
// Jaro: characters match when equal and no further apart than half the longer length less one; the mean of
// the matched shares of both texts and of the share of matches in order. Bonus: when that is over 0.7, one
// tenth of what is missing to 1 for each of up to four equal leading characters. Cost: some 50 ns for two
// names; the product of the lengths when both are over 64 characters. Cancellable. Texts over 65,536
// characters: Error(kLimitExceeded).
#pragma once

#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

constexpr double kBoostThreshold = 0.7;
constexpr double kPrefixScale = 0.1;
constexpr size_t kLongestPrefix = 4;

// 0 to 1. Two empty texts are 1, an empty and another 0.
double jaro_winkler(std::string_view a, std::string_view b, Tick& tick,
                    std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

}  // namespace cdp::similarity
