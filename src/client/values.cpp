// SPDX-License-Identifier: PostgreSQL
#include "values.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.hpp"

namespace cdp::client {
namespace {

constexpr size_t kMaxOriginal = size_t{64} << 10;

// https://encoding.spec.whatwg.org/index-windows-1252.txt, 0x80 to 0x9F.
constexpr std::array<char16_t, 32> kWindows1252{
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

bool is_ascii(std::string_view text) {
    const char* p = text.data();
    const char* const end = p + text.size();
    for (; end - p >= 8; p += 8) {
        uint64_t word = 0;
        std::memcpy(&word, p, 8);
        if ((word & 0x8080808080808080ULL) != 0) return false;
    }
    return std::all_of(p, end, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_utf8(std::string_view text) {
    if (is_ascii(text)) return true;
    for (size_t i = 0; i < text.size();) {
        const size_t before = i;
        // A replacement character that is not itself in the text stands for a malformed byte.
        if (cdp::decode_utf8(text, i) == 0xFFFD && i - before != 3) return false;
    }
    return true;
}

Encoding detect_encoding(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) return Encoding::kUtf8;
    if (is_ascii(head)) return Encoding::kUndecided;
    for (int cut = 0; cut < 4 && !head.empty(); ++cut) {
        if (is_utf8(head)) return Encoding::kUtf8;
        const bool part = (static_cast<unsigned char>(head.back()) & 0x80) != 0;
        if (!part || head.size() + static_cast<size_t>(cut) < (size_t{64} << 10)) break;
        head.remove_suffix(1);
    }
    return Encoding::kWindows1252;
}

std::string_view name_of(Encoding encoding) {
    switch (encoding) {
        case Encoding::kWindows1252:
            return "Windows-1252";
        case Encoding::kLatin1:
            return "Latin-1";
        case Encoding::kUtf8:
        case Encoding::kUndecided:
            break;
    }
    return "UTF-8";
}

void append_decoded(std::string& out, std::string_view bytes, Encoding encoding) {
    if (encoding == Encoding::kUtf8 || encoding == Encoding::kUndecided || is_ascii(bytes)) {
        out += bytes;
        return;
    }
    for (const char c : bytes) {
        char32_t point = static_cast<unsigned char>(c);
        if (encoding == Encoding::kWindows1252 && point >= 0x80 && point < 0xA0)
            point = kWindows1252[point - 0x80];
        cdp::append_utf8(out, point);
    }
}

void mend_decimal_comma(std::string& value) {
    if (value.empty() || value.find_first_of(",.") == std::string::npos) return;
    size_t i = value[0] == '-' || value[0] == '+' ? 1 : 0;
    const size_t begin = i;
    while (i < value.size() && is_digit(value[i])) ++i;
    const size_t first = i - begin;
    if (first == 0) return;
    size_t groups = 0;
    while (i < value.size() && value[i] == '.') {
        for (size_t k = 1; k <= 3; ++k) {
            if (i + k >= value.size() || !is_digit(value[i + k])) return;
        }
        i += 4;
        ++groups;
    }
    if (groups > 0 && first > 3) return;
    if (i < value.size()) {
        if (value[i] != ',' || i + 1 == value.size()) return;
        if (!std::all_of(value.begin() + static_cast<std::ptrdiff_t>(i) + 1, value.end(), is_digit)) return;
    }
    std::erase(value, '.');
    std::replace(value.begin(), value.end(), ',', '.');
}

std::string printable_original(std::string_view bytes, Encoding encoding) {
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.remove_suffix(1);
    const bool cut = bytes.size() > kMaxOriginal;
    if (cut) bytes = bytes.substr(0, kMaxOriginal);
    std::string decoded;
    append_decoded(decoded, bytes, encoding);
    std::string out;
    for (size_t i = 0; i < decoded.size();) {
        const size_t before = i;
        const char32_t point = cdp::decode_utf8(decoded, i);
        if (point != 0 && (point != 0xFFFD || i - before == 3)) {
            out.append(decoded, before, i - before);
            continue;
        }
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(decoded[before]);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return cut ? out + " …" : out;
}

}  // namespace cdp::client
