// SPDX-License-Identifier: PostgreSQL
#include "text/semantic_codes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kLongest = 45;  // an IBAN of 34 in groups of four

// Letters and digits, in capitals, without the separators of codes; empty when there is anything else.
std::string compact(std::string_view value, std::string_view separators) {
    std::string out;
    if (value.size() > kLongest) return out;
    for (const char c : value) {
        if (is_digit(c) || is_letter(c)) {
            out.push_back(upper(c));
        } else if (separators.find(c) == std::string_view::npos) {
            return {};
        }
    }
    return out;
}

unsigned digit(char c) {
    return static_cast<unsigned>(c - '0');
}

unsigned remainder(std::string_view digits, unsigned divisor) {
    unsigned rest = 0;
    for (const char c : digits) rest = (rest * 10 + digit(c)) % divisor;
    return rest;
}

// Number of eight digits modulo 23 (Ministerio del Interior); NIE: X, Y, Z stand for 0, 1, 2.
bool is_spanish(std::string_view code) {
    if (code.size() != 9 || !is_upper(code[8])) return false;
    std::string digits(code.substr(0, 8));
    if (digits[0] >= 'X' && digits[0] <= 'Z') digits[0] = static_cast<char>(digits[0] - 'X' + '0');
    return all_digits(digits) &&
           code[8] == std::string_view("TRWAGMYFPDXBNJZSQVHLCKE")[remainder(digits, 23)];
}

// Modulo 11 with weights 2 to 7 from the right (Registro Civil).
bool is_chilean(std::string_view code) {
    if (code.size() < 8 || code.size() > 9 || !all_digits(code.substr(0, code.size() - 1))) return false;
    unsigned sum = 0;
    unsigned weight = 2;
    for (size_t i = code.size() - 1; i-- > 0; weight = weight == 7 ? 2 : weight + 1)
        sum += digit(code[i]) * weight;
    const unsigned check = 11 - sum % 11;
    return code.back() == (check == 11 ? '0' : check == 10 ? 'K' : static_cast<char>('0' + check));
}

// Two digits, each modulo 11 (Receita Federal).
bool is_brazilian(std::string_view code) {
    if (code.size() != 11 || !all_digits(code) || is_repeated_character(code)) return false;
    for (const size_t length : {size_t{9}, size_t{10}}) {
        unsigned sum = 0;
        for (size_t i = 0; i < length; ++i) sum += digit(code[i]) * static_cast<unsigned>(length + 1 - i);
        if (digit(code[length]) != sum * 10 % 11 % 10) return false;
    }
    return true;
}

bool fits(std::string_view code, std::string_view mask) {
    return code.size() == mask.size() &&
           std::equal(code.begin(), code.end(), mask.begin(), [](char c, char m) {
               return m == 'N' ? is_digit(c) : m == 'A' ? is_upper(c) : true;
           });
}

// AAAA, birth date, H or M, state, consonants, and a check digit (RENAPO).
bool is_mexican(std::string_view code) {
    if (!fits(code, "AAAANNNNNNAAAAAA*N")) return false;
    unsigned sum = 0;
    for (size_t i = 0; i < 17; ++i) {
        // Ñ would stand between N and O.
        const char c = code[i];
        const unsigned value =
            is_digit(c) ? digit(c) : static_cast<unsigned>(c - 'A') + 10 + (c > 'N' ? 1 : 0);
        sum += value * static_cast<unsigned>(18 - i);
    }
    return digit(code[17]) == (10 - sum % 10) % 10;
}

// Decreto ministeriale 23/12/1976: values of odd places from a table, of even places as they are.
bool is_italian(std::string_view code) {
    static constexpr std::array<unsigned, 26> kOdd{1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                                   20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    if (!fits(code, "AAAAAANNANNANNNA")) return false;
    unsigned sum = 0;
    for (size_t i = 0; i < 15; ++i) {
        const unsigned value = is_digit(code[i]) ? digit(code[i]) : static_cast<unsigned>(code[i] - 'A');
        sum += i % 2 == 0 ? kOdd[value] : value;
    }
    return code[15] == static_cast<char>('A' + sum % 26);
}

// Thirteen digits and 97 minus their remainder (INSEE); Corsica's 2A and 2B are left out.
bool is_french(std::string_view code) {
    if (code.size() != 15 || !all_digits(code) || (code[0] != '1' && code[0] != '2')) return false;
    return 97 - remainder(code.substr(0, 13), 97) == digit(code[13]) * 10 + digit(code[14]);
}

// Never given out: areas 000, 666, 900 and above, group 00, serial 0000 (Social Security Administration).
bool is_american(std::string_view value) {
    if (value.size() != 11 || value[3] != '-' || value[6] != '-') return false;
    const std::string_view area = value.substr(0, 3);
    const std::string_view group = value.substr(4, 2);
    const std::string_view serial = value.substr(7);
    if (!all_digits(area) || !all_digits(group) || !all_digits(serial)) return false;
    return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000";
}

}  // namespace

bool looks_like_national_id(std::string_view value) {
    if (is_american(value)) return true;
    const std::string code = compact(value, " .-");
    return is_spanish(code) || is_chilean(code) || is_brazilian(code) || is_mexican(code) ||
           is_italian(code) || is_french(code);
}

bool looks_like_uuid(std::string_view value) {
    if (value.size() != 36) return false;
    for (size_t i = 0; i < value.size(); ++i) {
        const char c = lower(value[i]);
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return false;
        } else if (!is_digit(c) && (c < 'a' || c > 'f')) {
            return false;
        }
    }
    return true;
}

}  // namespace cdp::text
