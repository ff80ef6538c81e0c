// SPDX-License-Identifier: PostgreSQL
// Dates and points in time.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "text/cleaned.hpp"
#include "text/moment.hpp"

namespace cdp::text {

// A calendar day as YYYY-MM-DD. Reads year-month-day, yyyymmdd, the order given with '/', '.', '-' or spaces,
// and month names in English, Spanish, Portuguese, French, German, Italian and Dutch; a time of day behind it
// is dropped. A day that fits only the other order is corrected. Default dates of systems (1900-01-01, …) are
// missing. Day numbers of spreadsheets, ISO week dates and days of the year are invalid, with the day as the
// suggestion. Cost: some 50 ns for digits in a plain form, 0.5 to 1 µs with words.
Cleaned clean_date(std::string_view raw, DateOrder order);

// The same for a date of birth. Years after 2100 are invalid; before 1900 is suspicious, and so is
// 2000-01-01. With `as_of`, the day for which it is asked, a day after it is invalid, one more than 120 years
// before it suspicious, and a year of two digits never after it.
Cleaned clean_birth_date(std::string_view raw, DateOrder order,
                         std::optional<std::chrono::year_month_day> as_of = std::nullopt);

// A point in time: a day, then perhaps a time of day (midnight when there is none) and an offset; or the
// seconds (ten digits) or milliseconds (thirteen) since 1970. With an offset the value is in UTC,
// "2021-05-01T14:00:00Z"; without, it is local, "2021-05-01T10:00:00", and the caller knows the zone.
Cleaned clean_timestamp(std::string_view raw, DateOrder order);

}  // namespace cdp::text
