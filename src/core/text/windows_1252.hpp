// SPDX-License-Identifier: PostgreSQL
// Windows-1252, the encoding that UTF-8 is most often misread in, and Latin-1, which it contains but for
// 0x80 … 0x9F. Table: https://encoding.spec.whatwg.org/index-windows-1252.txt
#pragma once

#include <array>

namespace cdp::text {

inline constexpr std::array<char16_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

constexpr char32_t windows_1252_point(unsigned char byte) {
    return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
}

// The byte of 0x80 … 0xFF that reads as `point` in Windows-1252 or in Latin-1; 0 when none does.
constexpr unsigned char high_byte(char32_t point) {
    if (point >= 0x80 && point <= 0xFF) return static_cast<unsigned char>(point);
    for (unsigned i = 0; i < 32; ++i) {
        if (kWindows1252[i] == point) return static_cast<unsigned char>(0x80 + i);
    }
    return 0;
}

}  // namespace cdp::text
