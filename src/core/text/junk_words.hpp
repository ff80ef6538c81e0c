// SPDX-License-Identifier: PostgreSQL
// The words behind junk.hpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace cdp::text {

constexpr size_t kLongestJunkWord = 24;

// A filter by first byte and length: true for every spelling of a junk word.
bool may_be_junk_word(std::string_view text);

// Expects folded text.
bool is_junk_word(std::string_view folded);

}  // namespace cdp::text
