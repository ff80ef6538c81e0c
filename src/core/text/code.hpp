// SPDX-License-Identifier: PostgreSQL
// Values of few words and of codes.
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// 'true' or 'false': yes/no, y/n, si/sí/no, s/n, true/false, t/f, verdadero/falso, v, 1/0, on/off, x.
Cleaned clean_boolean(std::string_view raw);

// 'female', 'male' or 'other', from English and Spanish words and F/W, M/H, X. M alone is male, also in
// Spanish data, where some lists use it for mujer. "Prefer not to say" is missing.
Cleaned clean_gender(std::string_view raw);

// A postal code, in capitals. `country` as in clean_phone. Where the country's form is known (all that have
// one), separators are put in their place ("sw1a1aa" -> "SW1A 1AA"), zeros lost in front restored and the
// country in front dropped ("D-10115"; both corrected); US ZIP+4 is shortened to five digits (corrected, also
// without a country). Elsewhere: two to twelve letters, digits, spaces and hyphens with a digit among them.
Cleaned clean_postal_code(std::string_view raw, std::string_view country);

// The form of a country's codes: N a digit, A a letter, X either; small letters stand for their capitals,
// digits and separators for themselves; '|' between alternatives. "" where it is not known and for GB, whose
// grammar is richer.
std::string_view postal_mask(std::string_view alpha2);

// The identifier another system gave: kept as it is but for the ends, an apostrophe or quotes around it and
// ".0" behind digits. '8.78E+12' is invalid: a spreadsheet lost the digits. Over 500 bytes is too long.
Cleaned clean_identifier(std::string_view raw);

}  // namespace cdp::text
