// SPDX-License-Identifier: PostgreSQL
#include "text/value_pattern.hpp"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kRead = 156;  // what profiles keep of a value, less a character that was cut
constexpr std::string_view kCut = "…";

// What a character of the value is in its shape; 0 for one that is no part of it (a combining mark).
char32_t symbol_of(char32_t point) {
    if (point < 0x80) {
        const char c = static_cast<char>(point);
        if (is_upper(c)) return U'A';
        if (is_lower(c)) return U'a';
        if (is_digit(c)) return U'9';
        return point <= 0x20 || point == 0x7F ? U' ' : point;
    }
    const auto c = static_cast<UChar32>(point);
    switch (u_charType(c)) {
        case U_UPPERCASE_LETTER:
        case U_TITLECASE_LETTER:
            return U'A';
        case U_LOWERCASE_LETTER:
        case U_MODIFIER_LETTER:
        case U_OTHER_LETTER:
            return U'a';
        case U_DECIMAL_DIGIT_NUMBER:
            return U'9';
        case U_NON_SPACING_MARK:
        case U_ENCLOSING_MARK:
        case U_COMBINING_SPACING_MARK:
        case U_FORMAT_CHAR:
            return 0;
        case U_SPACE_SEPARATOR:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_CONTROL_CHAR:
            return U' ';
        case U_UNASSIGNED:
        case U_SURROGATE:
        case U_PRIVATE_USE_CHAR:
            return 0xFFFD;
        default:
            return point;
    }
}

}  // namespace

void value_pattern(std::string_view value, std::string& out) {
    out.clear();
    const bool clipped = value.size() > kRead;
    if (clipped) value = clip_utf8(value, kRead);
    char32_t before = 0;
    size_t symbols = 0;
    for (size_t i = 0; i < value.size();) {
        const char32_t symbol = symbol_of(decode_utf8(value, i));
        if (symbol == 0 || (symbol == before && (symbol == U'A' || symbol == U'a'))) continue;
        if (symbols == kLongestPattern) {
            out += kCut;
            return;
        }
        append_utf8(out, symbol);
        ++symbols;
        before = symbol;
    }
    if (clipped) out += kCut;
}

size_t count_characters(std::string_view value) {
    return static_cast<size_t>(std::count_if(
        value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_blank(std::string_view value) {
    for (size_t i = 0; i < value.size();) {
        const auto byte = static_cast<unsigned char>(value[i]);
        if (byte < 0x80) {
            if (byte > 0x20 && byte != 0x7F) return false;
            ++i;
            continue;
        }
        const char32_t point = decode_utf8(value, i);
        const char32_t symbol = symbol_of(point);
        // A combining mark by itself is content, an invisible character is not.
        const bool invisible = symbol == 0 && u_charType(static_cast<UChar32>(point)) == U_FORMAT_CHAR;
        if (symbol != U' ' && !invisible) return false;
    }
    return true;
}

std::string display(std::string_view value, size_t characters) {
    // No prepared text of this length needs more than that, save for white space and marks.
    std::string text = prepare(clip_utf8(value, 8 * characters + 64));
    const bool clipped = value.size() > 8 * characters + 64;
    size_t shown = 0;
    for (size_t i = 0; i < text.size(); ++shown) {
        const size_t from = i;
        decode_utf8(text, i);
        if (shown + 1 == characters && (i < text.size() || clipped)) {
            text.resize(from);
            return text + std::string(kCut);
        }
    }
    return clipped ? text + std::string(kCut) : text;
}

}  // namespace cdp::text
