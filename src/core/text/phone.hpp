// SPDX-License-Identifier: PostgreSQL
// Telephone numbers, to E.164 by Google's libphonenumber.
// Cost: some 10 to 30 µs a number; the first call of a process loads the metadata (some 10 ms).
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// `country` is where a number without an international prefix is dialled: ISO alpha-2, or anything
// clean_country knows; empty or unknown means none, and then only international forms ("+56…", "0056…") are
// read. A number that its country's numbering plan does not contain is refused: the reason says whether its
// length is wrong or its prefix. Extensions and surrounding text are dropped (corrected).
Cleaned clean_phone(std::string_view raw, std::string_view country);

// The last nine digits, for comparing numbers written with and without their country or trunk prefix.
// Empty when there are fewer than seven digits, anything but digits and separators, or one digit repeated.
std::string phone_key(std::string_view raw);

}  // namespace cdp::text
