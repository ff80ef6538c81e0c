// SPDX-License-Identifier: PostgreSQL
// Dates of birth.
#include "text_date.hpp"

#include <chrono>
#include <optional>

#include "text/date.hpp"

// Last: its macros (DAY, MONTH, …) would break C++ headers.
extern "C" {
#include "utils/date.h"
#include "utils/datetime.h"
}

namespace cdp::pg {
namespace {

using std::chrono::year_month_day;

// NULL and infinity are none.
std::optional<year_month_day> day_argument(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n) || DATE_NOT_FINITE(PG_GETARG_DATEADT(n))) return std::nullopt;
    int year = 0;
    int month = 0;
    int day = 0;
    j2date(PG_GETARG_DATEADT(n) + POSTGRES_EPOCH_JDATE, &year, &month, &day);
    // Later and earlier years make no difference to a birth date.
    year = year < 1 ? 1 : year > 9999 ? 9999 : year;
    return year_month_day{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                          std::chrono::day(static_cast<unsigned>(day))};
}

// (input, date_order, as_of)
Answer clean_birth_date(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) return blank();
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view order = text_argument_or_empty(fcinfo, 1);
    const std::optional<year_month_day> as_of = day_argument(fcinfo, 2);
    return run([=] {
        return text::clean_birth_date(value, text::parse_date_order(order.empty() ? "dmy" : order), as_of);
    });
}

}  // namespace

Datum date_of(const Answer& answer) {
    const auto number = [&](size_t from, size_t size) {
        int value = 0;
        for (size_t i = from; i < from + size; ++i) value = value * 10 + (answer.value.data[i] - '0');
        return value;
    };
    return DateADTGetDatum(date2j(number(0, 4), number(5, 2), number(8, 2)) - POSTGRES_EPOCH_JDATE);
}

extern "C" {

CDP_FUNCTION(cdp_normalize_birth_date) {
    const Answer answer = clean_birth_date(fcinfo);
    return answer.has_value() ? date_of(answer) : null_result(fcinfo);
}
CDP_FUNCTION(cdp_clean_birth_date) {
    return row_result(fcinfo, clean_birth_date(fcinfo));
}

}  // extern "C"
}  // namespace cdp::pg
