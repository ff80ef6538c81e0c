// SPDX-License-Identifier: PostgreSQL
// Currencies, to ISO 4217 codes. The tables are constants, generated from CLDR by
// scripts/generate/iso_tables.cpp. Cost: a code some 30 ns; a name or sign some 0.2 µs.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "text/cleaned.hpp"
#include "text/country.hpp"

namespace cdp::text {

// From a code in any case ('clp'), a numeric code ('152'), a sign ('€', 'US$', 'R$') or a name in English,
// Spanish, Portuguese, French or German ('pesos chilenos', 'Schweizer Franken'). Signs and names of several
// currencies ('$', 'pesos', 'kr', 'Bs') are settled by `country` (as in clean_country); without it, or where
// it has none of them, they are invalid, '$' with USD as the suggestion and '¥' with JPY. Currencies
// withdrawn since 2018 (HRK, VEF, SLL, ZWL, ANG, BGN) are known, for old orders; earlier ones are not.
Cleaned clean_currency(std::string_view raw, std::string_view country);

struct Currency {
    std::string_view code;
    int numeric;
    int minor_units;  // decimals, by ISO 4217; -1 where it gives none (XAU, XDR)
    std::string_view symbol;
    std::array<std::string_view, kNameLanguages.size()> names;
};
std::span<const Currency> currencies();  // by code

// nullptr when it is no code.
const Currency* find_currency(std::string_view code);

// A sign as it stands beside an amount, folded to lower case without spaces and full stops: "us$", "€", "bs",
// "kr". `home` is the currency that an ambiguous sign means there, or "". Empty when the sign is unknown or
// ambiguous; `ambiguous` says which.
std::string_view currency_of_sign(std::string_view sign, std::string_view home, bool& ambiguous);

// For the generator: the index of names, sorted, and what goes into it.
struct CurrencyName {
    std::string_view key, code;
};
std::span<const CurrencyName> currency_names();
std::span<const std::pair<std::string_view, std::string_view>> currency_aliases();
std::string currency_key(std::string_view text);  // folded words, without "de", "do", "of", "the"

}  // namespace cdp::text
