// SPDX-License-Identifier: PostgreSQL
// Reads a day, and the time of day and offset that may follow it. Shared by the date and timestamp cleaners.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cdp::text {

enum class DateOrder { kDmy, kMdy, kYmd };

// 'dmy', 'mdy' or 'ymd', case ignored; anything else throws Error(kInvalidInput).
DateOrder parse_date_order(std::string_view name);

// Two-digit years: 00 to 29 are 2000 to 2029, 30 to 99 are 1930 to 1999. Fixed, so that the result depends on
// the value alone.
constexpr int kTwoDigitPivot = 30;

struct Moment {
    std::chrono::year_month_day day{};
    bool has_time = false;
    std::chrono::microseconds time{0};           // since midnight
    std::optional<std::chrono::seconds> offset;  // east of UTC
    std::string_view repair;                     // what had to be assumed; empty when nothing
    bool two_digit_year = false;
};

struct MomentResult {
    std::optional<Moment> moment;
    std::string_view problem;  // why there is none
    std::string suggestion;
};

// Expects prepared text with ASCII digits. Years 1 to 9999; impossible days are refused.
MomentResult parse_moment(std::string_view text, DateOrder order);

// The same for a value as it came, when it is a day of digits in a plain form; false when it is anything
// else. Cost: some 20 ns.
bool parse_plain_day(std::string_view raw, DateOrder order, MomentResult& result);

// What systems store when they know no date: 1900-01-01, 1901-01-01, 1970-01-01, 0001-01-01, 9999-12-31,
// 1899-12-30 and -31, 1753-01-01 (the first of SQL Server) and 1111-11-11.
bool is_default_day(std::chrono::year_month_day day);

// A birth date or a purchase lies between 1800 and 2199.
bool is_likely_year(std::chrono::year_month_day day);

std::string format_day(std::chrono::year_month_day day);  // YYYY-MM-DD
std::string pad(unsigned number, int width);              // with leading zeros

}  // namespace cdp::text
