// SPDX-License-Identifier: PostgreSQL
// The characters that HTML calls by name.
#pragma once

#include <cstddef>
#include <string_view>

namespace cdp::text {

constexpr size_t kLongestEntity = 8;

// 'eacute' is U+00E9; 0 for a name that HTML 4 does not know. Case matters.
char32_t entity_point(std::string_view name);

}  // namespace cdp::text
