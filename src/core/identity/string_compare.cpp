// SPDX-License-Identifier: PostgreSQL
#include "identity/string_compare.hpp"

#include <algorithm>
#include <cstddef>

#include "base/hash.hpp"
#include "base/utf8.hpp"

namespace cdp::identity {
namespace {

// a b c d e f g h i j k l m n o p q r s t u v w x y z; 0 vowel, 7 h and w (transparent)
constexpr char kSoundexCodes[] = "01230127022455012623017202";

}  // namespace

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
