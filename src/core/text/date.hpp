// SPDX-License-Identifier: PostgreSQL
// Dates and points in time.
#pragma once

#include <string_view>

#include "text/cleaned.hpp"
#include "text/moment.hpp"

namespace cdp::text {

// A calendar day as YYYY-MM-DD. Reads year-month-day, yyyymmdd, the order given with '/', '.', '-' or spaces,
// and month names in English and Spanish; a time of day behind it is dropped. A day that fits only the other
// order is corrected. Default dates of systems (1900-01-01, …) are missing.
Cleaned clean_date(std::string_view raw, DateOrder order);

// A point in time: a day, then perhaps a time of day (midnight when there is none) and an offset; or the
// seconds (ten digits) or milliseconds (thirteen) since 1970. With an offset the value is in UTC,
// "2021-05-01T14:00:00Z"; without, it is local, "2021-05-01T10:00:00", and the caller knows the zone.
Cleaned clean_timestamp(std::string_view raw, DateOrder order);

}  // namespace cdp::text
