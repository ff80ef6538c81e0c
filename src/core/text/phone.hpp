// SPDX-License-Identifier: PostgreSQL
// Telephone numbers, to E.164 by Google's libphonenumber: numbers of digits and usual separators are read on
// its numbering plans compiled to automata, with the same answers; the rest by the library itself.
// Cost: some 0.1 to 0.3 µs an ordinary number, 10 to 30 µs another; the first call of a process reads the
// plans (some 1 ms), the first for a country compiles its plan (up to 1 ms), the first unusual number loads
// the library's metadata (some 10 ms).
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"
#include "text/phone_plan.hpp"

namespace cdp::text {

// `country` is where a number without an international prefix is dialled: ISO alpha-2, or anything
// clean_country knows; empty or unknown means none, and then only international forms ("+56…", "0056…") are
// read. A number that its country's numbering plan does not contain is refused: the reason says whether its
// length is wrong or its prefix. Extensions and surrounding text are dropped, and letters that stand for the
// digits of a keypad ("1-800-FLOWERS") replaced (corrected). Eight times the same digit at its end is
// suspicious.
Cleaned clean_phone(std::string_view raw, std::string_view country);

// The same answers by the library alone: the reference for tests.
Cleaned clean_phone_by_library(std::string_view raw, std::string_view country);

// What kind of number it is, and of which region (ISO alpha-2; empty for numbers of no country such as
// +800…). kUnknown for what clean_phone refuses.
struct PhoneFacts {
    PhoneType type = PhoneType::kUnknown;
    std::string region;
};
PhoneFacts describe_phone(std::string_view raw, std::string_view country);

// 'mobile', 'fixed_line', …; empty for kUnknown.
std::string_view phone_type_name(PhoneType type);

enum class PhoneStyle : unsigned char { kInternational, kNational, kE164, kRfc3966 };
// By name, as in 'rfc3966'; an unknown one throws Error(kInvalidInput) that lists them.
PhoneStyle parse_phone_style(std::string_view name);

// A number in international form as people write it: "+56 9 8765 4321", "(2) 2345 6789", "+56987654321",
// "tel:+56-9-8765-4321". Empty for what clean_phone refuses. Cost: some 10 µs.
std::string format_phone(std::string_view raw, PhoneStyle style);

// The last nine digits, for comparing numbers written with and without their country or trunk prefix.
// Empty when there are fewer than seven digits, anything but digits and separators, or one digit repeated.
std::string phone_key(std::string_view raw);

}  // namespace cdp::text
