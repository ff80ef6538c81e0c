// SPDX-License-Identifier: PostgreSQL
// Check digits the slow way, written from their definitions and apart from src/core/text/check_digits.cpp.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace reference {

inline int value_of(char c) {
    return c >= 'A' ? c - 'A' + 10 : c - '0';
}

// Luhn: double every second digit from the right of the payload, add the digits of all.
inline char luhn_digit(const std::string& payload) {
    std::string spelled;
    for (size_t i = 0; i < payload.size(); ++i) {
        const bool doubled = (payload.size() - i) % 2 == 1;
        spelled += std::to_string(value_of(payload[i]) * (doubled ? 2 : 1));
    }
    int sum = 0;
    for (const char c : spelled) sum += c - '0';
    int check = 0;
    while ((sum + check) % 10 != 0) ++check;
    return static_cast<char>('0' + check);
}

// The remainder by long division of a number written out.
inline int remainder(const std::string& digits, int by) {
    int rest = 0;
    for (const char c : digits) rest = (rest * 10 + (c - '0')) % by;
    return rest;
}

// Letters written out as two digits each.
inline std::string spelled_out(const std::string& code) {
    std::string digits;
    for (const char c : code) digits += std::to_string(value_of(c));
    return digits;
}

inline std::string iban_of(const std::string& country, const std::string& account) {
    const std::string zeros = spelled_out(account + country + "00");
    const int check = 98 - remainder(zeros, 97);
    return country + (check < 10 ? "0" : "") + std::to_string(check) + account;
}

// Sum of digit times weight, the weights given from the right and used again when they run out.
inline int weighted(const std::string& payload, const std::vector<int>& from_right) {
    int sum = 0;
    for (size_t i = 0; i < payload.size(); ++i) {
        sum += (payload[payload.size() - 1 - i] - '0') * from_right[i % from_right.size()];
    }
    return sum;
}

// Chile: 11 minus the rest; 11 is 0, 10 is K.
inline char rut_digit(const std::string& body) {
    static const std::string kDigits = "0123456789K0";
    return kDigits[static_cast<size_t>(11 - weighted(body, {2, 3, 4, 5, 6, 7}) % 11)];
}

// Brazil: a rest of 0 or 1 is 0.
inline char brazilian_digit(const std::string& payload, const std::vector<int>& from_right) {
    const int rest = weighted(payload, from_right) % 11;
    return static_cast<char>('0' + (rest < 2 ? 0 : 11 - rest));
}
inline std::string cpf_of(std::string payload) {
    const std::vector<int> weights{2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    payload += brazilian_digit(payload, weights);
    payload += brazilian_digit(payload, weights);
    return payload;
}
inline std::string cnpj_of(std::string payload) {
    const std::vector<int> weights{2, 3, 4, 5, 6, 7, 8, 9};
    payload += brazilian_digit(payload, weights);
    payload += brazilian_digit(payload, weights);
    return payload;
}

inline char dni_letter(const std::string& digits) {
    return std::string("TRWAGMYFPDXBNJZSQVHLCKE")[static_cast<size_t>(remainder(digits, 23))];
}

// ISO 7064 mod 11,10, found by trying each digit in the defining recursion.
inline char mod11_10_digit(const std::string& payload) {
    int p = 10;
    for (const char c : payload) {
        int s = (p + (c - '0')) % 10;
        if (s == 0) s = 10;
        p = s * 2 % 11;
    }
    for (int check = 0; check < 10; ++check) {
        if ((p + check) % 10 == 1) return static_cast<char>('0' + check);
    }
    return '?';
}

// Verhoeff, with the dihedral group as symmetries of a pentagon and the permutation as powers of one.
inline int dihedral(int a, int b) {
    const int turn = a < 5 ? (a + b % 5) % 5 : (a % 5 - b % 5 + 5) % 5;
    return (a < 5) == (b < 5) ? turn : turn + 5;
}
inline char verhoeff_digit(const std::string& payload) {
    static constexpr std::array<int, 10> kStep{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    for (int check = 0; check < 10; ++check) {
        const std::string whole = payload + static_cast<char>('0' + check);
        int sum = 0;
        for (size_t i = 0; i < whole.size(); ++i) {
            int digit = whole[whole.size() - 1 - i] - '0';
            for (size_t n = 0; n < i; ++n) digit = kStep[static_cast<size_t>(digit)];
            sum = dihedral(sum, digit);
        }
        if (sum == 0) return static_cast<char>('0' + check);
    }
    return '?';
}

inline char ean_digit(const std::string& payload) {
    const int sum = weighted(payload, {3, 1});
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace reference
