// SPDX-License-Identifier: PostgreSQL
// What every text that the core gives out must be.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/utf8.hpp"

namespace reference {

inline bool is_valid_utf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const size_t before = i;
        // A malformed byte decodes to U+FFFD and advances by one; a real U+FFFD takes three.
        if (cdp::decode_utf8(text, i) == 0xFFFD && i - before != 3) return false;
    }
    return true;
}

inline bool has_controls(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const char32_t point = cdp::decode_utf8(text, i);
        if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return true;
    }
    return false;
}

}  // namespace reference
