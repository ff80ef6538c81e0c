// SPDX-License-Identifier: PostgreSQL
// The arithmetic of check digits, shared by identity numbers, bank and product codes. All are linear in a few
// characters. Every function expects digits (mod97 and the like: digits and capitals); other bytes give some
// result, never harm.
// Sources: ISO/IEC 7812-1 annex B (Luhn), ISO/IEC 7064 (mod 97-10, mod 11,10), J. Verhoeff, "Error Detecting
// Decimal Codes" (1969).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cdp::text {

constexpr unsigned digit_value(char c) {
    return static_cast<unsigned char>(c - '0');
}
// 0 to 9, A = 10 to Z = 35.
constexpr unsigned alnum_value(char c) {
    return c >= 'A' ? static_cast<unsigned char>(c - 'A' + 10) : digit_value(c);
}

// Sum of digit times weight over the shorter of the two.
unsigned weighted_sum(std::string_view digits, std::span<const uint8_t> weights);

// The remainder of the whole number; letters count as two digits (IBAN).
unsigned mod97(std::string_view code);

// True when the last digit is the check digit of those before it.
bool luhn_is_right(std::string_view digits);
bool mod11_10_is_right(std::string_view digits);
bool verhoeff_is_right(std::string_view digits);
// Weights 3 and 1 in turn from the right: EAN, UPC, ISBN-13.
bool ean_is_right(std::string_view digits);
char ean_check_digit(std::string_view payload);

}  // namespace cdp::text
