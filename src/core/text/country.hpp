// SPDX-License-Identifier: PostgreSQL
// Countries, to ISO 3166-1 alpha-2. The tables are constants, generated from CLDR by
// scripts/generate/iso_tables.cpp. Cost: two and three letters some 30 ns; a name some 0.2 µs; an unknown
// name some 10 µs (it is compared with all).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "text/cleaned.hpp"

namespace cdp::text {

// From alpha-2, alpha-3, the numeric code ('152'), or a name in English, Spanish, Portuguese, French or
// German (CLDR's, and usual others: UK, EE.UU., Holland, Republic of Chile), whatever the case, accents and
// punctuation. "NA" in capitals is Namibia, but suspicious: many exports mean "not available". An unknown
// name is invalid, with the nearest name's code as the suggestion when there is one.
Cleaned clean_country(std::string_view raw);

// The languages that names are known in; 'es-CL' and 'pt_BR' count as their first part.
constexpr std::array<std::string_view, 5> kNameLanguages{"en", "es", "pt", "fr", "de"};

struct Country {
    std::string_view alpha2, alpha3;
    int numeric;                // 0 when ISO gives none
    std::string_view currency;  // ISO 4217, "" when it has none
    char decimal_sign;          // as most of its people write numbers
    std::array<std::string_view, kNameLanguages.size()> names;
};
std::span<const Country> countries();  // by alpha-2

// nullptr when it is no code.
const Country* find_country(std::string_view alpha2);

// What the option `country` of a cleaner means, as alpha-2; "" when it is empty or unknown.
std::string country_option(std::string_view country);

// The name of a country given as clean_country reads it; "" when there is none. An unknown language throws
// Error(kInvalidInput).
std::string_view country_name(std::string_view country, std::string_view language);

// The index of a language in kNameLanguages; throws Error(kInvalidInput) for others.
size_t name_language(std::string_view language);

// For the generator: the index of names, sorted, and what goes into it.
struct CountryName {
    std::string_view key, code;
};
std::span<const CountryName> country_names();
std::span<const std::pair<std::string_view, std::string_view>> country_aliases();
// Folded words of letters and digits with one space between, without "and", "und", "et", "y" and "the".
std::string country_key(std::string_view text);

}  // namespace cdp::text
