// SPDX-License-Identifier: PostgreSQL
// Codes that give themselves away by their form or their check digits. For telling what a column holds: a
// value that fails may still be a good one that was mistyped, or of a country that is not listed.
#pragma once

#include <string_view>

namespace cdp::text {

// The number of a person in one of these countries, with or without its separators: Spain (DNI, NIE), Chile
// (RUT), Brazil (CPF), Mexico (CURP), Italy (codice fiscale), France (NIR), each by its check digit, and the
// United States (SSN, only as 999-99-9999 and by the ranges never given out).
bool looks_like_national_id(std::string_view value);

// 8-4-4-4-12 hexadecimal digits.
bool looks_like_uuid(std::string_view value);

}  // namespace cdp::text
