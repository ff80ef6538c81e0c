// SPDX-License-Identifier: PostgreSQL
// How alike two days are when they may be one day written wrongly: birth dates, above all. Some 10 ns.
//
// The first that holds:
//   equal             1      the same day
//   swapped_day_month 0.95   1985-03-04 and 1985-04-03
//   typo              0.9    as yyyymmdd one digit differs, or two neighbouring digits are swapped
//   near              0.9    one day apart (time zones); 0.7 up to 7 days
//   other_year        0.85   the same day and month, the years 1, 10 or 100 apart; 0.6 for other years
//   same_month        0.6    the same month of the same year
//   different         0.2 in the same year, 0 otherwise
#pragma once

#include <chrono>
#include <string_view>

namespace cdp::similarity {

enum class DateKind { kEqual, kSwappedDayMonth, kTypo, kNear, kOtherYear, kSameMonth, kDifferent };

std::string_view date_kind_name(DateKind kind);  // as above

struct DateComparison {
    DateKind kind;
    double similarity;
};

// Symmetric. Years outside 1 to 9999 have no digits, so no typo.
DateComparison compare_dates(std::chrono::year_month_day a, std::chrono::year_month_day b);

}  // namespace cdp::similarity
