// SPDX-License-Identifier: PostgreSQL
// National identity and tax numbers of persons and organisations: a table with one row per type, in
// national_id_<region>.cpp (shape, check, canonical form), and the engine that reads it.
// Cost: with a country of two letters some 200 ns, without a country some 1 µs (all types are tried).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// The canonical value: capitals and digits without separators, but for the few types that nobody writes
// without their hyphen (Chile's RUT '16725497-3', Colombia's NIT, Paraguay's RUC, the EIN of the US).
// `country` (ISO code or name) says whose types are tried. Without it a value is read only if its form is
// unmistakable: letters in place (CURP, NIE), the name of the type in front ('CPF 111…'), or the separators
// of exactly one type of which it is a right number ('16.725.497-3'); else invalid, "country needed". A value
// read by its separators alone needs the country when it is cleaned again. Numbers people make up
// (11.111.111-1, 12345678-5, 000-00-0000) are missing. A number that fails its check is invalid; if exactly
// one swap of neighbours or one letter read for a digit puts it right, that is the suggestion.
// Of a country without a type here any code is kept, as suspicious.
Cleaned clean_national_id(std::string_view raw, std::string_view country);

enum class IdHolder : unsigned char { kUnknown, kPerson, kOrganisation };

struct DecodedId {
    std::string type;     // country and name: 'CL RUT', 'ES NIE'
    std::string country;  // ISO 3166 alpha-2
    IdHolder holder = IdHolder::kUnknown;
    std::optional<std::chrono::year_month_day> birth_date;  // of types that carry it
    std::string_view gender;                                // 'female', 'male' or empty
};

// What the number itself says; nothing when clean_national_id gives no value or no type is known. Two-digit
// years without a century (RFC, codice fiscale) follow kTwoDigitPivot.
std::optional<DecodedId> decode_national_id(std::string_view raw, std::string_view country);

}  // namespace cdp::text
