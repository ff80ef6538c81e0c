// SPDX-License-Identifier: PostgreSQL
#include "similarity/cologne.hpp"

namespace cdp::similarity {
namespace {

std::string_view digits_of(const Letters& word, std::ptrdiff_t i) {
    const char before = word[i - 1];
    const char next = word[i + 1];
    switch (word[i]) {
        case 'B':
            return "1";
        case 'C':
            if (is_any_of(before, "SZ")) return "8";
            return is_any_of(next, i == 0 ? "AHKLOQRUX" : "AHKOQUX") ? "4" : "8";
        case 'D':
        case 'T':
            return is_any_of(next, "CSZ") ? "8" : "2";
        case 'F':
        case 'V':
        case 'W':
            return "3";
        case 'G':
        case 'K':
        case 'Q':
            return "4";
        case 'H':
            return "";
        case 'L':
            return "5";
        case 'M':
        case 'N':
            return "6";
        case 'P':
            return next == 'H' ? "3" : "1";
        case 'R':
            return "7";
        case 'S':
        case 'Z':
            return "8";
        case 'X':
            return is_any_of(before, "CKQ") ? "8" : "48";
        default:
            return "0";
    }
}

}  // namespace

Code cologne_phonetic(std::string_view text) {
    const Letters word(text);
    Code code;
    char last = '\0';
    for (std::ptrdiff_t i = 0; word[i] != '\0'; ++i) {
        for (const char digit : digits_of(word, i)) {
            if (digit != last && (digit != '0' || code.empty())) code.put(digit);
            last = digit;
        }
    }
    return code;
}

}  // namespace cdp::similarity
