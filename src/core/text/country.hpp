// SPDX-License-Identifier: PostgreSQL
// Countries, to ISO 3166-1 alpha-2.
// Cost: two and three letters some 50 ns; a name some 0.5 µs; the first call of a process reads ICU's names
// (some 5 ms).
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// From alpha-2, alpha-3, or an English or Spanish name (CLDR's, and usual others: UK, EE.UU., Holland),
// whatever the case, accents and punctuation. "NA" in capitals is Namibia, but suspicious: many exports mean
// "not available". An unknown name is invalid, with the nearest name's code as the suggestion when there is
// one.
Cleaned clean_country(std::string_view raw);

}  // namespace cdp::text
