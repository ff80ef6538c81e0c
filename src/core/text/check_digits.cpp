// SPDX-License-Identifier: PostgreSQL
#include "text/check_digits.hpp"

#include <algorithm>
#include <array>

namespace cdp::text {

unsigned weighted_sum(std::string_view digits, std::span<const uint8_t> weights) {
    unsigned sum = 0;
    const size_t n = std::min(digits.size(), weights.size());
    for (size_t i = 0; i < n; ++i) sum += digit_value(digits[i]) * weights[i];
    return sum;
}

unsigned mod97(std::string_view code) {
    unsigned rest = 0;
    for (const char c : code) {
        const unsigned value = alnum_value(c);
        rest = (rest * (value >= 10 ? 100 : 10) + value) % 97;
    }
    return rest;
}

bool luhn_is_right(std::string_view digits) {
    unsigned sum = 0;
    bool doubled = false;
    for (size_t i = digits.size(); i-- > 0; doubled = !doubled) {
        const unsigned value = digit_value(digits[i]) << (doubled ? 1 : 0);
        sum += value > 9 ? value - 9 : value;
    }
    return !digits.empty() && sum % 10 == 0;
}

bool mod11_10_is_right(std::string_view digits) {
    if (digits.empty()) return false;
    unsigned product = 10;
    for (const char c : digits.substr(0, digits.size() - 1)) {
        const unsigned sum = (digit_value(c) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digit_value(digits.back())) % 10 == 1;
}

bool verhoeff_is_right(std::string_view digits) {
    using Row = std::array<uint8_t, 10>;
    // The dihedral group D5, and the permutation applied position by position.
    static constexpr std::array<Row, 10> kProduct{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                   {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                                   {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
                                                   {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                                   {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
                                                   {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                                   {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
                                                   {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                                   {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
                                                   {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
    static constexpr std::array<Row, 8> kPermutation{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                      {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                                      {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
                                                      {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                                      {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
                                                      {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                                      {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
                                                      {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}}};
    unsigned check = 0;
    for (size_t i = 0; i < digits.size(); ++i) {
        const unsigned value = digit_value(digits[digits.size() - 1 - i]) % 10;
        check = kProduct[check][kPermutation[i % 8][value]];
    }
    return !digits.empty() && check == 0;
}

char ean_check_digit(std::string_view payload) {
    unsigned sum = 0;
    unsigned weight = 3;
    for (size_t i = payload.size(); i-- > 0; weight = 4 - weight) sum += digit_value(payload[i]) * weight;
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool ean_is_right(std::string_view digits) {
    return !digits.empty() && ean_check_digit(digits.substr(0, digits.size() - 1)) == digits.back();
}

}  // namespace cdp::text
