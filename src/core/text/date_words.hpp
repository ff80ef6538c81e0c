// SPDX-License-Identifier: PostgreSQL
// The words of dates, folded (see fold.hpp), in English, Spanish, Portuguese, French, German, Italian and
// Dutch. Source: CLDR's months and days, wide.
#pragma once

#include <string_view>

namespace cdp::text {

// 1 to 12 for a month's name or an abbreviation of three letters and more that means only one month
// ("jui" could be juin or juillet); else 0.
unsigned month_of(std::string_view word);

// What may stand in a date without meaning: weekdays, "de", "the", the endings of "5th" and "1er".
bool is_date_filler(std::string_view word);

// 1 to 3 for the Chinese, Japanese and Korean signs for year, month and day, as fold spells them; else 0.
int east_asian_unit(std::string_view word);

}  // namespace cdp::text
