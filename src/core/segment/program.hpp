// SPDX-License-Identifier: PostgreSQL
// A definition as a program over dossiers. Two parts: what the definition says (nodes, queries) and what the
// server knows about it at an instant (Bindings): where the windows begin and end, which texts of the
// dictionary fit, since when events are loaded. The server works these out once, with its own operators and
// calendar, so that the program and the SQL rendering cannot disagree about them. What a program cannot say
// is a set: the answer of an SQL condition for every person, looked up while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dossier/format.hpp"
#include "segment/decimal.hpp"

namespace cdp::segment {

enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

constexpr Truth operator!(Truth a) {
    return a == Truth::kUnknown ? a : a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}
constexpr Truth operator&&(Truth a, Truth b) {
    if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
    return a == Truth::kTrue ? b : a;
}
constexpr Truth operator||(Truth a, Truth b) {
    return !(!a && !b);
}

enum class Comparison : uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Program {
    static constexpr int kNone = -1;

    // A value: of the person, of one event, or a constant. Numbers are decimals, everything else 64 bits.
    struct Value {
        enum class Kind : uint8_t {
            kConstant,   // constant
            kAttribute,  // id, of a type
            kAge,        // full years at the instant, from the attribute id (a date)
            kColumn,     // column id of the event, of a type
            kTime,       // the event's own, in microseconds
            kWeekday,    // 1 Monday to 7 Sunday, in the zone of the definition; so are these
            kHour,
            kDay,
            kMonth,
            kNegative,  // - left
            kSum,       // left + right
            kDifference,
            kProduct,
            kQuotient,
            kAggregate,  // of query
            kDaysSince,  // the last (or first) event of query, in days of the calendar
        };
        Kind kind = Kind::kConstant;
        dossier::Type type = dossier::Type::kNumber;
        uint16_t id = 0;
        int left = kNone, right = kNone, query = kNone;
        Decimal constant;
    };

    struct Node {
        enum class Kind : uint8_t {
            kAll,  // every child
            kAny,
            kNot,
            kCompare,      // left comparison right, numbers, dates or times
            kFits,         // the symbol of left is among those of symbols
            kKnown,        // left has a value
            kTrue,         // left, true or false
            kWithin,       // left, a date or a time, in window
            kAnniversary,  // of left, a date or a time, today or in at_least days
            kTimeOfDay,    // of the event: minutes of the day, from included, to excluded, over midnight if
                           // from > to
            kDid,          // query gives at least, and at most, so many events or periods
            kSequence,     // the events of sequence
            kSet,          // the person's place in a set
        };
        Kind kind = Kind::kAll;
        Comparison comparison = Comparison::kEqual;
        int left = kNone, right = kNone;
        int query = kNone, symbols = kNone, window = kNone, set = kNone, sequence = kNone;
        int64_t at_least = 0, at_most = -1;  // -1: no bound
        int from_minute = 0, to_minute = 0;
        std::vector<int> children;
    };

    // Events of one kind within a window that meet a condition.
    struct Query {
        enum class Function : uint8_t {
            kCount,
            kSum,
            kAverage,
            kLeast,
            kGreatest,
            kMedian,
            kDistinct,
            kFirst,
            kLast
        };
        uint16_t kind = 0;
        int where = kNone;  // node
        int window = kNone;
        int coverage = kNone;
        Function function = Function::kCount;
        uint16_t column = 0;  // of function, where it needs one; kTime for occurred_at
        dossier::Type column_type = dossier::Type::kNumber;
        int classes = kNone;  // kDistinct of texts: which count as one
        int periods =
            kNone;  // index of the bounds of periods, to count periods with events instead of events
    };

    // Events that follow each other; the window of the first query binds its events, the others have none.
    struct Sequence {
        struct Step {
            int query = kNone;
            int64_t within = 0;  // microseconds after the step before; 0: however long
        };
        std::vector<Step> steps;
        bool followed = true;
        int64_t within = 0;
        int without = kNone;  // query
        // Columns in which all agree, by step (matching[property][step]); texts by their classes.
        std::vector<std::vector<uint16_t>> matching;
        std::vector<int> classes;  // by property; kNone where it is no text
    };

    int root = kNone;
    std::vector<Sequence> sequences;
    std::vector<Value> values;
    std::vector<Node> nodes;
    std::vector<Query> queries;

    // What the server works out; each an SQL expression.
    struct WindowSql {
        std::string start, end;  // timestamptz, or date if as_days; empty where there is no bound
        bool start_included = false, end_included = true, as_days = false;
        bool operator==(const WindowSql&) const = default;
    };
    std::vector<WindowSql> windows;
    std::vector<std::string> coverages;  // boolean
    struct SymbolsSql {
        int dictionary = 0;     // of an attribute or a property
        std::string condition;  // about the column s.value
        bool operator==(const SymbolsSql&) const = default;
    };
    std::vector<SymbolsSql> symbol_sets;
    std::vector<int> classes;                // dictionaries whose texts are counted without case and accents
    std::vector<std::string> period_bounds;  // timestamptz[], ascending: n + 1 bounds of n periods
    std::vector<std::string> sets;           // a query of (profile_id, is_member)
};

// Times in microseconds since 1970, as in dossiers.
struct Bindings {
    struct Window {
        int64_t start = INT64_MIN, end = INT64_MAX;
        bool start_included = true, end_included = true;
    };
    int64_t instant = 0;    // nothing after it counts
    int32_t local_day = 0;  // its day in the zone, days since 1970-01-01
    std::vector<Window> windows;
    std::vector<uint8_t> coverages;                  // 1 where all is loaded
    std::vector<std::vector<uint64_t>> symbol_sets;  // bit per symbol; what lies beyond does not fit
    std::vector<std::vector<uint32_t>> classes;      // per symbol the least one with the same folded text
    std::vector<std::vector<int64_t>> period_bounds;
    // Seconds east of UTC from each instant on; the first is INT64_MIN.
    struct Offset {
        int64_t from;
        int32_t seconds;
    };
    std::vector<Offset> offsets;
};

}  // namespace cdp::segment
