// SPDX-License-Identifier: PostgreSQL
// Amounts of money with their currency, as people and exports write them. Cost: some 0.5 µs; linear.
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

struct Money {
    Cleaned amount;        // as clean_number writes it: "-1234.50"
    std::string currency;  // ISO 4217; empty when it is not known
};

// '$1.234,50', 'USD 1,234.50', '1 234,50 €', 'R$ 10', 'CLP$12.990', '(12.00)', '12.-', '-€5', '5 pesos
// chilenos'.
// - The currency is that of the sign, code or name in front or behind. One that several currencies share
// ('$', 'kr') is
//   settled by `currency` (as in clean_currency), then by the currency of `country` (as in clean_country);
//   without a sign they are the currency themselves.
// - '1.234' and '1,234' are thousands, without doubt, where the currency has no decimals (CLP, JPY) or the
// sign is not
//   the decimal sign of `country`, else of the currency's home. What is left is suspicious, as in
//   clean_number.
// - More decimals than the currency has, '12k', '3 mil', '2 MM' and two currencies are suspicious.
// - A percentage, an unknown word and no number are invalid.
Money clean_money(std::string_view raw, std::string_view country, std::string_view currency);

}  // namespace cdp::text
