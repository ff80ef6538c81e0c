// SPDX-License-Identifier: PostgreSQL
// The profile of a column made up for a person to read: what a ValueProfile counted and guess_semantics()
// made of it, with the range, quantiles and outliers of numbers and dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/tick.hpp"
#include "text/semantic_guess.hpp"
#include "text/value_profile.hpp"

namespace cdp::text {

struct SummaryInput {
    ColumnKind kind = ColumnKind::kText;
    std::string_view name_attribute;  // see GuessInput
    double name_confidence = 0;
    std::string_view country;
    std::string_view date_order;
    size_t listed = 5;  // frequent values and shapes, outliers
};

struct ColumnSummary {
    std::string_view semantic_type;  // empty when nothing is filled
    std::string_view attribute;
    double confidence = 0;
    std::string reason;
    double validity = 0;
    double suspicious = 0;
    double junk = 0;
    std::string min_value,
        max_value;  // of numbers and dates by their value, else by their bytes; empty: none
    std::optional<double> p05, median, p95;  // of numbers: the smallest value with so many at or below it
    std::vector<ProfiledValue> top_values;
    std::vector<PatternShare> patterns;
    std::vector<std::string> outliers;  // "value (why)": refused, suspicious, far off, of a rare shape
    std::vector<std::string> examples;
    std::string_view date_order;         // 'dmy', 'mdy', 'ymd', empty: unknown or no date
    bool is_order_needed = false;        // dates that another order reads otherwise, and nothing says which
    std::string_view decimal_separator;  // '.', ',', empty: unknown or no number
};

// Views point into the profile.
ColumnSummary summarise(const ValueProfile& profile, const SummaryInput& input, Tick& tick);

constexpr size_t kShown = 60;  // characters of a value in a list

}  // namespace cdp::text
