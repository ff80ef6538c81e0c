// SPDX-License-Identifier: PostgreSQL
// The similarity of Jaro (1989) and its prefix bonus by Winkler (1990): for short names.
//
// Jaro: characters match when equal and no further apart than half the longer length less one; the mean of
// the matched shares of both texts and of the share of matches in order. Bonus: when that is over 0.7, one
// tenth of what is missing to 1 for each of up to four equal leading characters. Cost: some 45 ns for two
// names, proportional to the lengths. Cancellable. Texts over 65,536 characters: Error(kLimitExceeded).
#pragma once

#include <memory_resource>
#include <string_view>

#include "base/tick.hpp"
#include "similarity/points.hpp"

namespace cdp::similarity {

// 0 to 1, the same both ways. Two empty texts are 1, an empty and another 0. Less than `cutoff` is 0.
// `memory` is used only for texts over 64 characters, or over 128 bytes.
double jaro(std::string_view a, std::string_view b, Tick& tick,
            std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

double jaro_winkler(std::string_view a, std::string_view b, Tick& tick,
                    std::pmr::memory_resource* memory = std::pmr::new_delete_resource(), double cutoff = 0.0);

// Of two texts of up to 64 bytes that are ASCII and not empty; negative for others. Without memory and
// errors.
double short_jaro(std::string_view a, std::string_view b) noexcept;
double short_jaro_winkler(std::string_view a, std::string_view b) noexcept;

// The same of characters.
double jaro_winkler(Bytes a, Bytes b, Tick& tick, std::pmr::memory_resource* memory);
double jaro_winkler(Wide a, Wide b, Tick& tick, std::pmr::memory_resource* memory);

}  // namespace cdp::similarity
