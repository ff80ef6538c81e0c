// SPDX-License-Identifier: PostgreSQL
// UTF-8 in and out of code points. The server hands over valid UTF-8, but input is treated as untrusted bytes
// all the same: a malformed byte decodes to U+FFFD and advances by one.
#pragma once

#include <string>
#include <string_view>

namespace cdp {

// Decodes the code point at `position` and advances it. Precondition: position < text.size().
inline char32_t decode_utf8(std::string_view text, size_t& position) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(position);
    size_t length = 0;
    char32_t point = 0;
    if (lead < 0x80) {
        ++position;
        return lead;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        length = 2;
        point = lead & 0x1F;
    } else if (lead >= 0xE0 && lead < 0xF0) {
        length = 3;
        point = lead & 0x0F;
    } else if (lead >= 0xF0 && lead < 0xF5) {
        length = 4;
        point = lead & 0x07;
    }
    if (length == 0 || position + length > text.size()) {
        ++position;
        return 0xFFFD;
    }
    for (size_t i = 1; i < length; ++i) {
        if ((byte(position + i) & 0xC0) != 0x80) {
            ++position;
            return 0xFFFD;
        }
        point = (point << 6) | (byte(position + i) & 0x3F);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        ++position;
        return 0xFFFD;
    }
    position += length;
    return point;
}

inline void append_utf8(std::string& out, char32_t point) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

inline std::u32string to_code_points(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    for (size_t i = 0; i < text.size();) points.push_back(decode_utf8(text, i));
    return points;
}

inline std::string to_utf8(std::u32string_view points) {
    std::string out;
    out.reserve(points.size());
    for (const char32_t point : points) append_utf8(out, point);
    return out;
}

// The longest prefix of at most `bytes` bytes that does not cut a character.
inline std::string_view clip_utf8(std::string_view text, size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

}  // namespace cdp
