// SPDX-License-Identifier: PostgreSQL
#include "identity/string_compare.hpp"

#include <algorithm>
#include <cstddef>

#include "base/hash.hpp"
#include "base/utf8.hpp"

namespace cdp::identity {
namespace {

constexpr size_t kMaxPoints = 64;
// a b c d e f g h i j k l m n o p q r s t u v w x y z; 0 vowel, 7 h and w (transparent)
constexpr char kSoundexCodes[] = "01230127022455012623017202";

struct Points {
    char32_t at[kMaxPoints];
    size_t size = 0;

    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    explicit Points(std::string_view text) {
        for (size_t i = 0; i < text.size() && size < kMaxPoints;) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if (byte < 0x80) {
                at[size++] = byte;
                ++i;
            } else {
                at[size++] = decode_utf8(text, i);
            }
        }
    }
};

}  // namespace

double jaro_winkler(std::string_view left, std::string_view right) {
    if (left == right) return 1.0;
    const Points a(left);
    const Points b(right);
    if (a.size == 0 || b.size == 0) return 0.0;
    const size_t longer = std::max(a.size, b.size);
    const size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    uint64_t used_a = 0;
    uint64_t used_b = 0;
    size_t common = 0;
    for (size_t i = 0; i < a.size; ++i) {
        const size_t first = i > reach ? i - reach : 0;
        const size_t last = std::min(b.size, i + reach + 1);
        for (size_t j = first; j < last; ++j) {
            if ((used_b >> j & 1) != 0 || a.at[i] != b.at[j]) continue;
            used_a |= uint64_t{1} << i;
            used_b |= uint64_t{1} << j;
            ++common;
            break;
        }
    }
    if (common == 0) return 0.0;
    size_t out_of_order = 0;
    for (size_t i = 0, j = 0; i < a.size; ++i) {
        if ((used_a >> i & 1) == 0) continue;
        while ((used_b >> j & 1) == 0) ++j;
        if (a.at[i] != b.at[j]) ++out_of_order;
        ++j;
    }
    const size_t transpositions = out_of_order / 2;
    const auto m = static_cast<double>(common);
    const double jaro = (m / static_cast<double>(a.size) + m / static_cast<double>(b.size) +
                         (m - static_cast<double>(transpositions)) / m) /
                        3.0;
    size_t prefix = 0;
    while (prefix < 4 && prefix < a.size && prefix < b.size && a.at[prefix] == b.at[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * 0.1 * (1.0 - jaro);
}

bool within_one_edit(std::string_view a, std::string_view b) {
    if (a.size() < b.size()) std::swap(a, b);
    if (a.size() > b.size() + 1) return false;
    size_t start = 0;
    while (start < b.size() && a[start] == b[start]) ++start;
    size_t tail = 0;
    while (tail < b.size() - start && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    const size_t rest_a = a.size() - start - tail;
    const size_t rest_b = b.size() - start - tail;
    if (rest_a <= 1) return true;
    return rest_a == 2 && rest_b == 2 && a[start] == b[start + 1] && a[start + 1] == b[start];
}

uint32_t soundex(std::string_view name) {
    const auto letter = [](char c) -> int {
        if (c >= 'a' && c <= 'z') return c - 'a';
        if (c >= 'A' && c <= 'Z') return c - 'A';
        return -1;
    };
    if (name.empty()) return 0;
    const int first = letter(name[0]);
    if (first < 0) {
        size_t end = 0;
        for (int i = 0; i < 3 && end < name.size(); ++i) decode_utf8(name, end);
        return static_cast<uint32_t>(hash64(name.substr(0, end))) | 0x80000000U;
    }
    uint32_t code = static_cast<uint32_t>(first + 1);
    int digits = 0;
    char previous = kSoundexCodes[first];
    for (size_t i = 1; i < name.size() && digits < 3; ++i) {
        const int next = letter(name[i]);
        if (next < 0) continue;
        const char digit = kSoundexCodes[next];
        if (digit == '7') continue;
        if (digit != '0' && digit != previous) {
            code = code * 8 + static_cast<uint32_t>(digit - '0');
            ++digits;
        }
        previous = digit;
    }
    for (; digits < 3; ++digits) code *= 8;
    return code;
}

}  // namespace cdp::identity
