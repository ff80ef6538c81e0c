// SPDX-License-Identifier: PostgreSQL
// The tree of a definition: what the text says, before any name is looked up. One tree, several renderings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "segment/token.hpp"

namespace cdp::segment {

enum class Unit { kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kYear };

// A stretch of time relative to the instant of evaluation, or between dates of the calendar.
struct Window {
    enum class Kind {
        kNone,       // all time up to the instant
        kLast,       // in last 90 days: rolling, (instant - n, instant]
        kLastWhole,  // in last 30 whole days: the n ended ones
        kNext,       // in next 30 days: (instant, instant + n]
        kAgo,        // between 30 and 90 days ago: (instant - far, instant - near]
        kOlder,      // more than 6 months ago
        kThis,       // this month: from its first day
        kSince,      // since or on-or-after a date
        kBefore,     // before a date
        kAfter,      // after a date
        kOn,         // on a date
        kDates,      // between two dates, both included
    };
    Kind kind = Kind::kNone;
    int64_t near = 0;
    int64_t far = 0;
    Unit unit = Unit::kDay;
    std::string date;
    std::string last_date;
    Span span;
};

struct Condition;
struct Expression;
using ConditionPtr = std::unique_ptr<Condition>;
using ExpressionPtr = std::unique_ptr<Expression>;

// EVENT [where (…)] [WINDOW]
struct EventClause {
    std::string event;
    Span event_span;
    ConditionPtr where;
    Window window;
};

// One event of a sequence.
struct SequenceStep {
    EventClause clause;
    int64_t within = 0;  // microseconds after the one before; 0: however long
};

// did A then B then C within 7 days, and did A not followed by B within 24 hours.
struct Sequence {
    std::vector<SequenceStep> steps;
    bool followed = true;                  // false: two steps, and the second did not come
    int64_t within = 0;                    // microseconds from the first to the last; 0: however long
    std::unique_ptr<EventClause> without;  // none of these between the first and the last
    std::vector<std::pair<std::string, Span>> matching;  // properties in which all agree
};

struct Expression {
    enum class Kind { kName, kNumber, kText, kArithmetic, kAggregate, kDaysSince };
    Kind kind = Kind::kNumber;
    Span span;
    // kName: the name, and whether it was written person.name; kNumber: its digits; kText: the text;
    // kArithmetic: the operator; kAggregate: the function; kDaysSince: first or last.
    std::string text;
    bool of_person = false;
    bool distinct = false;      // kAggregate: count(distinct …)
    ExpressionPtr left, right;  // kArithmetic; a unary minus has no left
    std::string property;       // kAggregate, empty for a plain count
    Span property_span;
    std::unique_ptr<EventClause> clause;  // kAggregate, kDaysSince
};

struct Condition {
    enum class Kind {
        kAnd,
        kOr,
        kNot,
        kCompare,
        kBetween,
        kIn,
        kPattern,
        kExactly,
        kKnown,
        kTruth,
        kWithin,
        kAnniversary,
        kTimeOfDay,
        kDid,
        kSequence,
        kInSegment,
        kMayContact,
        kReachable,
    };
    Kind kind = Kind::kAnd;
    Span span;
    bool negated = false;
    std::vector<ConditionPtr> children;  // kAnd, kOr, kNot
    // kCompare: the operator; kPattern: like, contains, starts or ends; kInSegment, kMayContact, kReachable:
    // the segment, the channel.
    std::string text;
    ExpressionPtr left;                   // what is tested
    std::vector<ExpressionPtr> right;     // what it is compared with
    bool value = true;                    // kTruth
    Window window;                        // kWithin, kAnniversary
    int from_minute = 0, to_minute = 0;   // kTimeOfDay
    std::unique_ptr<EventClause> clause;  // kDid
    int64_t at_least = 1;                 // kDid: times
    std::optional<int64_t> at_most;
    int64_t periods = 0, of_periods = 0;  // kDid: in at least 6 of the last 8 weeks
    Unit period_unit = Unit::kWeek;
    std::unique_ptr<Sequence> sequence;  // kSequence; the window is that of its first event
    std::string purpose;                 // kMayContact
    Span text_span, purpose_span;
};

// Parses a whole definition. Throws Error(kSyntax) pointing at the place, Error(kLimitExceeded) over the
// bounds (64 kB, 100 levels, 10,000 values in a list).
ConditionPtr parse(std::string_view definition);

// The conditions that a definition joins by "and" at its top level; the whole if it joins none.
std::vector<const Condition*> top_conditions(const Condition& condition);

// Whether a text is a day of the calendar, written 2026-01-31.
bool is_calendar_date(std::string_view text);

struct Reference {
    std::string kind;  // attribute, event, segment or purpose
    std::string name;
    auto operator<=>(const Reference&) const =
        default;  // NOLINT(modernize-use-nullptr): clang-tidy 14's mistake
};
// What a definition refers to, sorted, each once.
std::vector<Reference> references(const Condition& condition);

}  // namespace cdp::segment
