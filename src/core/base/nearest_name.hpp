// SPDX-License-Identifier: PostgreSQL
// "Did you mean …?": the candidate nearest to a misspelt name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cdp {

// The candidate with the fewest edits (optimal string alignment, case ignored), when that is at most a third
// of the name's length and at least one; ties go to the first. Longer than 64 bytes never match.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace cdp
