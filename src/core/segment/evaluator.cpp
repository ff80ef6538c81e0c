// SPDX-License-Identifier: PostgreSQL
#include "segment/evaluator.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace cdp::segment {

using dossier::Block;
using dossier::Integers;
using dossier::kNull;
using dossier::Type;
using NodeKind = Program::Node::Kind;
using ValueKind = Program::Value::Kind;
using Function = Program::Query::Function;

namespace {

constexpr int64_t kMicrosecondsPerDay = 86400000000;

constexpr int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

constexpr Truth truth(bool is) {
    return is ? Truth::kTrue : Truth::kFalse;
}

template <typename T>
constexpr bool holds(Comparison comparison, const T& a, const T& b) {
    switch (comparison) {
        case Comparison::kEqual:
            return a == b;
        case Comparison::kNotEqual:
            return a != b;
        case Comparison::kLess:
            return a < b;
        case Comparison::kLessOrEqual:
            return a <= b;
        case Comparison::kGreater:
            return a > b;
        case Comparison::kGreaterOrEqual:
            return a >= b;
    }
    return false;
}

bool fits(const std::vector<uint64_t>& symbols, int64_t symbol) {
    const auto word = static_cast<uint64_t>(symbol) >> 6;
    return word < symbols.size() && (symbols[word] >> (symbol & 63) & 1) != 0;
}

bool inside(const Bindings::Window& window, int64_t at) {
    return (window.start_included ? at >= window.start : at > window.start) &&
           (window.end_included ? at <= window.end : at < window.end);
}

}  // namespace

Civil civil_of(int64_t days) {
    days += 719468;
    const int64_t era = floor_div(days, 146097);
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t shifted = (5 * day_of_year + 2) / 153;  // March is 0
    const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
    const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

int64_t days_of(int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    const int64_t era = floor_div(year, 400);
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

Evaluator::Evaluator(const Program& program, const Bindings& bindings, std::pmr::memory_resource* resource)
    : program_(program),
      bindings_(bindings),
      own_(resource),
      truths_(resource),
      met_(resource),
      decoded_(resource),
      gathered_(resource),
      steps_(resource),
      between_(resource),
      times_a_(resource),
      times_b_(resource),
      begins_(resource) {}

Truth Evaluator::evaluate(OpenPerson& person, std::span<const Truth> sets) {
    person_ = &person;
    sets_ = sets;
    return evaluate_node(program_.root);
}

Truth Evaluator::evaluate(const dossier::View& person, std::span<const Truth> sets) {
    own_.open(person);
    return evaluate(own_, sets);
}

Truth Evaluator::evaluate_node(int index) {
    return node(program_.nodes[static_cast<size_t>(index)]);
}

int64_t Evaluator::count(int query) {
    return count(program_.queries[static_cast<size_t>(query)]);
}

Truth Evaluator::node(const Program::Node& n) {
    switch (n.kind) {
        case NodeKind::kAll: {
            Truth result = Truth::kTrue;
            for (const int child : n.children) {
                result = result && evaluate_node(child);
                if (result == Truth::kFalse) break;
            }
            return result;
        }
        case NodeKind::kAny: {
            Truth result = Truth::kFalse;
            for (const int child : n.children) {
                result = result || evaluate_node(child);
                if (result == Truth::kTrue) break;
            }
            return result;
        }
        case NodeKind::kNot:
            return !evaluate_node(n.children.front());
        case NodeKind::kCompare:
            return compare(n, value(n.left, -1), value(n.right, -1));
        case NodeKind::kFits: {
            const Item item = value(n.left, -1);
            if (!item.known) return Truth::kUnknown;
            return truth(fits(bindings_.symbol_sets[static_cast<size_t>(n.symbols)], item.bits));
        }
        case NodeKind::kKnown:
            return truth(value(n.left, -1).known);
        case NodeKind::kTrue: {
            const Item item = value(n.left, -1);
            return item.known ? truth(item.bits != 0) : Truth::kUnknown;
        }
        case NodeKind::kWithin:
            return within(n, value(n.left, -1));
        case NodeKind::kAnniversary: {
            const Item item = value(n.left, -1);
            return item.known ? truth(has_anniversary(item, n.at_least)) : Truth::kUnknown;
        }
        case NodeKind::kDid:
            return did(n);
        case NodeKind::kSequence:
            return sequence(program_.sequences[static_cast<size_t>(n.sequence)]);
        case NodeKind::kSet:
            return sets_[static_cast<size_t>(n.set)];
        case NodeKind::kTimeOfDay:
            break;
    }
    throw Error(ErrorCode::kInternal, "a condition about an event was asked of a person");
}

// Enough is enough, however little is loaded; too little is only too little where all is loaded.
Truth Evaluator::did(const Program::Node& n) {
    const Program::Query& query = program_.queries[static_cast<size_t>(n.query)];
    const int64_t found = count(query);
    const bool covered = bindings_.coverages[static_cast<size_t>(query.coverage)] != 0;
    if (n.at_most >= 0) {
        if (found > n.at_most) return Truth::kFalse;
        return covered ? truth(found >= n.at_least) : Truth::kUnknown;
    }
    if (found >= n.at_least) return Truth::kTrue;
    return covered ? Truth::kFalse : Truth::kUnknown;
}

Truth Evaluator::compare(const Program::Node& n, const Item& left, const Item& right) const {
    if (!left.known || !right.known) return Truth::kUnknown;
    if (left.type == Type::kNumber) return truth(holds(n.comparison, left.number.compare(right.number), 0));
    return truth(holds(n.comparison, left.bits, right.bits));
}

// A date is compared with the days of the window's ends, a time with their instants: the compiler chose the
// unit.
Truth Evaluator::within(const Program::Node& n, const Item& item) const {
    if (!item.known) return Truth::kUnknown;
    return truth(inside(bindings_.windows[static_cast<size_t>(n.window)], item.bits));
}

// 29 February counts with 1 March in other years.
bool Evaluator::has_anniversary(const Item& item, int64_t days) {
    const Civil day = civil_of(item.type == Type::kDate ? item.bits : local_day(item.bits));
    const int64_t today = bindings_.local_day, last = today + days;
    for (int64_t year = civil_of(today).year; year <= civil_of(last).year; ++year) {
        const int64_t at =
            days_of(year, day.month, day.day);  // the day after 28 February where there is no 29th
        if (at >= today && at <= last) return true;
    }
    return false;
}

int64_t Evaluator::local(int64_t time) {
    const auto& offsets = bindings_.offsets;
    const auto here = [&](size_t i) {
        return time >= offsets[i].from && (i + 1 == offsets.size() || time < offsets[i + 1].from);
    };
    if (!here(offset_)) {
        const auto after = std::upper_bound(offsets.begin(), offsets.end(), time,
                                            [](int64_t t, const Bindings::Offset& o) { return t < o.from; });
        offset_ = static_cast<size_t>(after - offsets.begin()) - 1;
    }
    return time + int64_t{offsets[offset_].seconds} * 1000000;
}

int64_t Evaluator::local_day(int64_t time) {
    return floor_div(local(time), kMicrosecondsPerDay);
}

// `row`: the event that is looked at; -1 where there is none.
Evaluator::Item Evaluator::value(int index, int64_t row) {
    const Program::Value& v = program_.values[static_cast<size_t>(index)];
    const auto bits = [&](int64_t value, Type type) -> Item {
        if (value == kNull) return {};
        if (type == Type::kNumber) return {true, type, 0, Decimal::stored(value)};
        return {true, type, value, {}};
    };
    const auto number = [](const Decimal& decimal) -> Item {
        return {decimal.known, Type::kNumber, 0, decimal};
    };
    const auto whole = [&](int64_t n) { return number(Decimal::whole(n)); };
    const auto time = [&] { return rows_->times[row]; };
    switch (v.kind) {
        case ValueKind::kConstant:
            return {true, v.type, static_cast<int64_t>(v.constant.units), v.constant};
        case ValueKind::kAttribute:
            return bits(person_->view().attribute(v.id), v.type);
        case ValueKind::kAge: {
            const int64_t born = person_->view().attribute(v.id);
            if (born == kNull) return {};
            const Civil now = civil_of(bindings_.local_day), then = civil_of(born);
            const bool had = std::pair(now.month, now.day) >= std::pair(then.month, then.day);
            const int64_t years = now.year - then.year;
            // Before birth the server counts backwards, towards zero.
            if (bindings_.local_day < born)
                return whole(years +
                             (std::pair(now.month, now.day) > std::pair(then.month, then.day) ? 1 : 0));
            return whole(years - (had ? 0 : 1));
        }
        case ValueKind::kColumn: {
            const Integers column = rows_->block->integers(v.id);
            return bits(column.exists() ? column[static_cast<uint32_t>(row)] : kNull, v.type);
        }
        case ValueKind::kTime:
            return bits(time(), Type::kTimestamp);
        case ValueKind::kWeekday: {
            const int64_t day = local_day(time());  // 1970-01-01 was a Thursday
            return whole(day + 3 - floor_div(day + 3, 7) * 7 + 1);
        }
        case ValueKind::kHour: {
            const int64_t at = local(time());
            return whole((at - floor_div(at, kMicrosecondsPerDay) * kMicrosecondsPerDay) / 3600000000);
        }
        case ValueKind::kDay:
            return whole(civil_of(local_day(time())).day);
        case ValueKind::kMonth:
            return whole(civil_of(local_day(time())).month);
        case ValueKind::kNegative:
            return number(-value(v.left, row).number);
        case ValueKind::kSum:
            return number(value(v.left, row).number.plus(value(v.right, row).number));
        case ValueKind::kDifference:
            return number(value(v.left, row).number.minus(value(v.right, row).number));
        case ValueKind::kProduct:
            return number(value(v.left, row).number.times(value(v.right, row).number));
        case ValueKind::kQuotient:
            return number(value(v.left, row).number.divided_by(value(v.right, row).number));
        case ValueKind::kAggregate:
            return aggregate(program_.queries[static_cast<size_t>(v.query)]);
        case ValueKind::kDaysSince:
            return days_since(program_.queries[static_cast<size_t>(v.query)]);
    }
    throw Error(ErrorCode::kInternal, "unknown value in a program");
}

}  // namespace cdp::segment
