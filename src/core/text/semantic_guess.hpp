// SPDX-License-Identifier: PostgreSQL
// What a column means, by its name, its data type and a sample of its values together. Every type that the
// cleaners know is tried on the sample (see semantic_rules.hpp); the name counts as a second witness:
//
// - name and content agree: 0.95 and more, where the content can tell; where it cannot (a city, a login), as
//   sure as the name is;
// - only the content: 0.6 to 0.8;
// - they contradict each other: the lower of both, and the reason says so; 0.3 when the content fits neither
//   the name nor anything else.
//
// Deterministic: the result depends on the sample alone. Cost: some 10 ms a column, phone numbers 60 ms.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tick.hpp"
#include "text/column_format.hpp"
#include "text/semantic_rules.hpp"
#include "text/value_profile.hpp"

namespace cdp::text {

enum class ColumnKind { kText, kNumber, kDate, kTimestamp, kBoolean, kUuid, kOther };

struct GuessInput {
    std::span<const ProfiledValue> sample;  // with weights; empty when nothing is filled
    uint64_t filled = 0;
    uint64_t distinct = 0;
    ColumnKind kind = ColumnKind::kText;
    std::string_view name_attribute;  // what the name says; empty: nothing
    double name_confidence = 0;
    std::string_view country;     // of phone numbers and postal codes; empty: unknown
    std::string_view date_order;  // empty: to be inferred
};

struct SemanticGuess {
    const TypeRule* rule = nullptr;  // null when nothing is filled
    ColumnKind kind = ColumnKind::kText;
    std::string_view attribute;  // what it can feed; empty: nothing
    double confidence = 0;       // that it is so
    std::string reason;
    // Shares of the filled rows, by the cleaner of the type.
    double validity = 0;
    double suspicious = 0;
    double junk = 0;              // placeholders such as "n/a", "xxx", 1900-01-01
    DateFormat dates;             // of dates and timestamps
    ReadingOptions options;       // how values were read
    std::vector<size_t> refused;  // indexes into the sample: invalid, then suspicious, by their rows

    // By the rule's cleaner; what a column of numbers holds is a number however it is written. Expects a
    // rule.
    Cleaned clean(std::string_view text) const;
};

// A number as the server writes it: "-12.50", "1e+300"; not infinity and NaN.
std::optional<double> server_number(std::string_view text);

SemanticGuess guess_semantics(const GuessInput& input, Tick& tick);

}  // namespace cdp::text
