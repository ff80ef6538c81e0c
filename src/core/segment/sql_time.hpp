// SPDX-License-Identifier: PostgreSQL
// Windows of time as SQL. Days and longer units are arithmetic of the calendar in the definition's zone,
// hours and minutes are exact; a rolling window is (start, as_of], calendar windows are [start, end).
#pragma once

#include <string>

#include "segment/ast.hpp"

namespace cdp::segment {

class SqlTime {
  public:
    SqlTime(const std::string& as_of, const std::string& time_zone);

    const std::string& instant() const { return instant_; }     // timestamptz
    const std::string& local() const { return local_; }         // timestamp in the zone
    std::string local_date() const;                             // date in the zone
    std::string in_zone(const std::string& timestamptz) const;  // timestamptz -> local timestamp
    std::string midnight(const std::string& date, int days_later = 0) const;  // '2026-01-31' -> timestamptz

    struct Bounds {
        std::string start, end;  // empty: open
        bool start_included = false, end_included = true;
    };
    Bounds bounds(const Window& window) const;
    // `value` within the bounds.
    std::string within(const std::string& value, const Bounds& bounds) const;
    // The start of the current period, n periods back.
    std::string period_start(Unit unit, int64_t back) const;

  private:
    std::string shifted(int64_t amount, Unit unit, char sign) const;

    std::string instant_, zone_, local_;
};

std::string_view unit_name(Unit unit);

}  // namespace cdp::segment
