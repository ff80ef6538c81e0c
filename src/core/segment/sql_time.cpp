// SPDX-License-Identifier: PostgreSQL
#include "segment/sql_time.hpp"

#include <utility>

#include "segment/render_sql.hpp"

namespace cdp::segment {
namespace {

std::string interval(int64_t amount, Unit unit) {
    // PostgreSQL has no interval unit "quarter".
    if (unit == Unit::kQuarter) return interval(amount * 3, Unit::kMonth);
    return "interval '" + std::to_string(amount) + " " + std::string(unit_name(unit)) + "s'";
}

}  // namespace

std::string_view unit_name(Unit unit) {
    switch (unit) {
        case Unit::kMinute:
            return "minute";
        case Unit::kHour:
            return "hour";
        case Unit::kDay:
            return "day";
        case Unit::kWeek:
            return "week";
        case Unit::kMonth:
            return "month";
        case Unit::kQuarter:
            return "quarter";
        case Unit::kYear:
            return "year";
    }
    return "day";
}

SqlTime::SqlTime(const std::string& as_of, const std::string& time_zone)
    : instant_("timestamptz " + sql_literal(as_of)),
      zone_(sql_literal(time_zone)),
      local_(in_zone(instant_)) {}

std::string SqlTime::in_zone(const std::string& timestamptz) const {
    return "(" + timestamptz + " AT TIME ZONE " + zone_ + ")";
}
std::string SqlTime::local_date() const {
    return local_ + "::date";
}

std::string SqlTime::midnight(const std::string& date, int days_later) const {
    const std::string later = days_later == 0 ? "" : " + interval '" + std::to_string(days_later) + " days'";
    return "((timestamp " + sql_literal(date) + later + ") AT TIME ZONE " + zone_ + ")";
}

std::string SqlTime::shifted(int64_t amount, Unit unit, char sign) const {
    if (amount == 0) return instant_;
    const std::string step = std::string(1, ' ') + sign + " " + interval(amount, unit);
    if (unit == Unit::kMinute || unit == Unit::kHour) return "(" + instant_ + step + ")";
    return "((" + local_ + step + ") AT TIME ZONE " + zone_ + ")";
}

std::string SqlTime::period_start(Unit unit, int64_t back) const {
    const std::string trunc = "pg_catalog.date_trunc('" + std::string(unit_name(unit)) + "', " + local_ + ")";
    const std::string step = back == 0 ? "" : " - " + interval(back, unit);
    return "((" + trunc + step + ") AT TIME ZONE " + zone_ + ")";
}

SqlTime::Bounds SqlTime::bounds(const Window& window) const {
    using Kind = Window::Kind;
    switch (window.kind) {
        case Kind::kNone:
            return {"", instant_, false, true};
        case Kind::kLast:
            return {shifted(window.far, window.unit, '-'), instant_, false, true};
        case Kind::kLastWhole:
            return {period_start(window.unit, window.far), period_start(window.unit, 0), true, false};
        case Kind::kNext:
            return {instant_, shifted(window.far, window.unit, '+'), false, true};
        case Kind::kAgo:
            return {shifted(window.far, window.unit, '-'), shifted(window.near, window.unit, '-'), false,
                    true};
        case Kind::kOlder:
            return {"", shifted(window.far, window.unit, '-'), false, false};
        case Kind::kThis:
            return {period_start(window.unit, 0), instant_, true, true};
        case Kind::kSince:
            return {midnight(window.date), instant_, true, true};
        case Kind::kBefore:
            return {"", midnight(window.date), false, false};
        case Kind::kAfter:
            return {midnight(window.date, 1), instant_, true, true};
        case Kind::kOn:
            return {midnight(window.date), midnight(window.date, 1), true, false};
        case Kind::kDates:
            return {midnight(window.date), midnight(window.last_date, 1), true, false};
    }
    return {};
}

std::string SqlTime::within(const std::string& value, const Bounds& bounds) const {
    std::string result;
    if (!bounds.start.empty()) result = value + (bounds.start_included ? " >= " : " > ") + bounds.start;
    if (!bounds.end.empty()) {
        if (!result.empty()) result += " AND ";
        result += value + (bounds.end_included ? " <= " : " < ") + bounds.end;
    }
    return result;
}

}  // namespace cdp::segment
