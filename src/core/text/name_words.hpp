// SPDX-License-Identifier: PostgreSQL
// The words that are part of a name without being one. All expect folded text.
#pragma once

#include <string_view>

namespace cdp::text {

bool is_title(std::string_view word);                 // mr, sra., doña
bool is_suffix(std::string_view word);                // jr, sr, ii, iii, iv, with or without dots
bool is_particle(std::string_view word);              // de, la, van, der
bool is_given_after_particle(std::string_view word);  // carmen, angeles: María del Carmen

}  // namespace cdp::text
