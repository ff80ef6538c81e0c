// SPDX-License-Identifier: PostgreSQL
// How a column writes its dates and numbers, from the values that can be read in one way only: 25/03/2021
// says day first, 3/25/2021 month first, 1.234,50 a decimal comma.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "text/moment.hpp"
#include "text/value_profile.hpp"

namespace cdp::text {

struct DateFormat {
    std::optional<DateOrder> order;  // none: nothing says it, or the values contradict each other
    // Rows whose numbers can only be day first, month first, begin with a year, or be either of the first
    // two.
    double day_first = 0;
    double month_first = 0;
    double year_first = 0;
    double either = 0;
};
DateFormat date_format(std::span<const ProfiledValue> values);

std::string_view order_name(DateOrder order);  // 'dmy'

// '.' or ','; '\0' when no value has decimals that say so.
char decimal_separator(std::span<const ProfiledValue> values);

}  // namespace cdp::text
