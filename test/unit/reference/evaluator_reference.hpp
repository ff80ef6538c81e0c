// SPDX-License-Identifier: PostgreSQL
// What a program means, event by event, with rational numbers and no columns: slow and plain.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "segment/program.hpp"

namespace reference {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;
using cdp::segment::Bindings;
using cdp::segment::Program;
using cdp::segment::Truth;

struct Event {
    int kind;
    int64_t time;
    uint64_t tie;
    std::map<int, int64_t> columns;
};
struct Person {
    std::map<int, int64_t> attributes;
    std::vector<Event> events;
    std::vector<Truth> sets;
};
using Maybe = std::optional<Rational>;  // a number, or 64 bits of another type

inline int64_t floored(int64_t a, int64_t b) {
    int64_t q = a / b;
    while (q * b > a) --q;
    return q;
}

// The calendar by counting.
inline std::tuple<int, int, int> date_of(int64_t days) {
    int year = 1970, month = 1, day = 1;
    const auto leap = [](int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
    const auto length = [&](int y, int m) {
        static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return kDays[m - 1] + (m == 2 && leap(y) ? 1 : 0);
    };
    for (; days >= (leap(year) ? 366 : 365); ++year) days -= leap(year) ? 366 : 365;
    for (; days < 0; days += leap(year) ? 366 : 365) --year;
    for (; days >= length(year, month); ++month) days -= length(year, month);
    return {year, month, day + static_cast<int>(days)};
}

class World {
  public:
    World(const Program& program, const Bindings& bindings, const Person& person)
        : p_(program), b_(bindings), person_(person) {}

    // nothing: unknown
    std::optional<bool> holds(int node, const Event* event) const {
        using Kind = Program::Node::Kind;
        const Program::Node& n = p_.nodes[static_cast<size_t>(node)];
        switch (n.kind) {
            case Kind::kAll:
            case Kind::kAny: {
                const bool decisive = n.kind == Kind::kAny;
                bool unknown = false;
                for (const int child : n.children) {
                    const auto is = holds(child, event);
                    if (!is)
                        unknown = true;
                    else if (*is == decisive)
                        return decisive;
                }
                if (unknown) return {};
                return !decisive;
            }
            case Kind::kNot: {
                const auto is = holds(n.children[0], event);
                if (!is) return {};
                return !*is;
            }
            case Kind::kCompare: {
                const Maybe a = value(n.left, event), b = value(n.right, event);
                if (!a || !b) return {};
                switch (n.comparison) {
                    case cdp::segment::Comparison::kEqual:
                        return *a == *b;
                    case cdp::segment::Comparison::kNotEqual:
                        return *a != *b;
                    case cdp::segment::Comparison::kLess:
                        return *a < *b;
                    case cdp::segment::Comparison::kLessOrEqual:
                        return *a <= *b;
                    case cdp::segment::Comparison::kGreater:
                        return *a > *b;
                    case cdp::segment::Comparison::kGreaterOrEqual:
                        return *a >= *b;
                }
                return {};
            }
            case Kind::kFits: {
                const Maybe a = value(n.left, event);
                if (!a) return {};
                const auto symbol = static_cast<uint64_t>(*a);
                const auto& bits = b_.symbol_sets[static_cast<size_t>(n.symbols)];
                return symbol / 64 < bits.size() && (bits[symbol / 64] >> (symbol % 64) & 1) != 0;
            }
            case Kind::kKnown:
                return value(n.left, event).has_value();
            case Kind::kTrue: {
                const Maybe a = value(n.left, event);
                if (!a) return {};
                return *a != 0;
            }
            case Kind::kWithin: {
                const Maybe a = value(n.left, event);
                if (!a) return {};
                return inside(n.window, static_cast<int64_t>(*a));
            }
            case Kind::kAnniversary: {
                const Maybe a = value(n.left, event);
                if (!a) return {};
                const auto [y, m, d] = date_of(static_cast<int64_t>(*a));
                for (int64_t day = b_.local_day; day <= b_.local_day + n.at_least; ++day) {
                    const auto [y2, m2, d2] = date_of(day);
                    const auto [y1, m1, d1] = date_of(day - 1);
                    if (m2 == m && d2 == d) return true;
                    if (m == 2 && d == 29 && m2 == 3 && d2 == 1 && d1 == 28) return true;
                }
                return false;
            }
            case Kind::kTimeOfDay: {
                const int64_t local = wall(event->time);
                const int64_t minute = floored(local, 60000000) - floored(local, 86400000000) * 1440;
                for (int64_t m = n.from_minute; m != n.to_minute; m = m == 1439 ? 0 : m + 1) {
                    if (m == minute) return true;
                    if (m == 1440) break;
                }
                return false;
            }
            case Kind::kDid: {
                const Program::Query& q = p_.queries[static_cast<size_t>(n.query)];
                const int64_t found = count(q);
                const bool covered = b_.coverages[static_cast<size_t>(q.coverage)] != 0;
                if (found >= n.at_least && n.at_most < 0) return true;
                if (n.at_most >= 0 && found > n.at_most) return false;
                if (!covered) return {};
                return found >= n.at_least;
            }
            case Kind::kSequence:
                return sequence(p_.sequences[static_cast<size_t>(n.sequence)]);
            case Kind::kSet: {
                const Truth is = person_.sets[static_cast<size_t>(n.set)];
                if (is == Truth::kUnknown) return {};
                return is == Truth::kTrue;
            }
        }
        return {};
    }

    int64_t count(const Program::Query& q) const {
        const auto found = events(q);
        if (q.periods < 0) return static_cast<int64_t>(found.size());
        const auto& bounds = b_.period_bounds[static_cast<size_t>(q.periods)];
        int64_t periods = 0;
        for (size_t i = 0; i + 1 < bounds.size(); ++i) {
            bool any = false;
            for (const Event* e : found) any = any || (e->time >= bounds[i] && e->time < bounds[i + 1]);
            periods += any;
        }
        return periods;
    }

    Maybe number(int index) const { return value(index, nullptr); }

  private:
    int64_t wall(int64_t time) const {
        int64_t seconds = 0;
        for (const auto& offset : b_.offsets)
            if (time >= offset.from) seconds = offset.seconds;
        return time + seconds * 1000000;
    }
    bool inside(int window, int64_t at) const {
        const auto& w = b_.windows[static_cast<size_t>(window)];
        if (at < w.start || (at == w.start && !w.start_included && w.start != INT64_MIN)) return false;
        return at < w.end || (at == w.end && w.end_included);
    }
    std::vector<const Event*> events(const Program::Query& q) const {
        std::vector<const Event*> found;
        for (const Event& e : person_.events) {
            if (e.kind != q.kind || e.time > b_.instant || !inside(q.window, e.time)) continue;
            if (q.where >= 0 && holds(q.where, &e) != std::optional<bool>(true)) continue;
            found.push_back(&e);
        }
        return found;
    }
    // Every chain is tried.
    std::optional<bool> sequence(const Program::Sequence& s) const {
        bool covered = true;
        std::vector<std::vector<const Event*>> found;
        for (const auto& step : s.steps) {
            const Program::Query& q = p_.queries[static_cast<size_t>(step.query)];
            covered = covered && b_.coverages[static_cast<size_t>(q.coverage)] != 0;
            found.push_back(events(q));
        }
        const auto agree = [&](const Event* first, const Event* other, size_t step) {
            for (size_t k = 0; k < s.matching.size(); ++k) {
                const auto a = first->columns.find(s.matching[k][0]),
                           b = other->columns.find(s.matching[k][step]);
                if (a == first->columns.end() || b == other->columns.end()) return false;
                const auto value = [&](int64_t x) {
                    return s.classes[k] < 0
                               ? x
                               : int64_t{
                                     b_.classes[static_cast<size_t>(s.classes[k])][static_cast<size_t>(x)]};
                };
                if (value(a->second) != value(b->second)) return false;
            }
            return true;
        };
        bool pending = false;
        for (const Event* first : found[0]) {
            if (!s.followed) {
                bool came = false;
                for (const Event* next : found[1]) {
                    came = came || (next->time > first->time && agree(first, next, 1) &&
                                    (s.within == 0 || next->time <= first->time + s.within));
                }
                if (came) continue;
                if (!covered) return {};
                if (s.within == 0 || first->time + s.within <= b_.instant) return true;
                pending = true;
                continue;
            }
            const auto chain = [&](const auto& self, size_t step, const Event* before) -> bool {
                if (step == s.steps.size()) {
                    if (s.within != 0 && before->time > first->time + s.within) return false;
                    if (s.without >= 0) {
                        for (const Event* e : events(p_.queries[static_cast<size_t>(s.without)]))
                            if (e->time > first->time && e->time < before->time) return false;
                    }
                    return true;
                }
                for (const Event* next : found[step]) {
                    if (next->time <= before->time || !agree(first, next, step)) continue;
                    if (s.steps[step].within != 0 && next->time > before->time + s.steps[step].within)
                        continue;
                    if (self(self, step + 1, next)) return true;
                }
                return false;
            };
            if (chain(chain, 1, first)) return true;
        }
        if (!covered || pending) return {};
        return false;
    }
    static Rational rounded(const Rational& x) {  // to ten decimals, half away from zero
        static const Integer kScale("10000000000");
        const Rational scaled = abs(x) * kScale + Rational(1, 2);
        const Integer whole = numerator(scaled) / denominator(scaled);
        return Rational(x < 0 ? -whole : whole, kScale);
    }
    Maybe bits(const std::map<int, int64_t>& from, int id, cdp::dossier::Type type) const {
        const auto found = from.find(id);
        if (found == from.end()) return {};
        if (type == cdp::dossier::Type::kNumber) return Rational(found->second, 10000);
        return Rational(found->second);
    }
    Maybe value(int index, const Event* event) const {
        using Kind = Program::Value::Kind;
        const Program::Value& v = p_.values[static_cast<size_t>(index)];
        const auto both = [&](auto combine) -> Maybe {
            const Maybe a = value(v.left, event), b = value(v.right, event);
            if (!a || !b) return {};
            return combine(*a, *b);
        };
        switch (v.kind) {
            case Kind::kConstant: {
                Integer scale = 1;
                for (int i = 0; i < v.constant.scale; ++i) scale *= 10;
                return Rational(Integer(static_cast<int64_t>(v.constant.units)), scale);
            }
            case Kind::kAttribute:
                return bits(person_.attributes, v.id, v.type);
            case Kind::kAge: {
                const Maybe born = bits(person_.attributes, v.id, cdp::dossier::Type::kDate);
                if (!born) return {};
                const auto [y, m, d] = date_of(static_cast<int64_t>(*born));
                const auto [y2, m2, d2] = date_of(b_.local_day);
                return Rational(y2 - y - (std::pair(m2, d2) < std::pair(m, d) ? 1 : 0));
            }
            case Kind::kColumn:
                return bits(event->columns, v.id, v.type);
            case Kind::kTime:
                return Rational(event->time);
            case Kind::kWeekday: {
                int64_t day = floored(wall(event->time), 86400000000), weekday = 4;  // Thursday
                for (; day > 0; --day) weekday = weekday == 7 ? 1 : weekday + 1;
                for (; day < 0; ++day) weekday = weekday == 1 ? 7 : weekday - 1;
                return Rational(weekday);
            }
            case Kind::kHour:
                return Rational(floored(wall(event->time), 3600000000) -
                                floored(wall(event->time), 86400000000) * 24);
            case Kind::kDay:
                return Rational(std::get<2>(date_of(floored(wall(event->time), 86400000000))));
            case Kind::kMonth:
                return Rational(std::get<1>(date_of(floored(wall(event->time), 86400000000))));
            case Kind::kNegative: {
                const Maybe a = value(v.left, event);
                if (!a) return {};
                return Rational(-*a);
            }
            case Kind::kSum:
                return both([](const Rational& a, const Rational& b) { return Rational(a + b); });
            case Kind::kDifference:
                return both([](const Rational& a, const Rational& b) { return Rational(a - b); });
            case Kind::kProduct:
                return both([](const Rational& a, const Rational& b) { return Rational(a * b); });
            case Kind::kQuotient:
                return both([](const Rational& a, const Rational& b) -> Maybe {
                    if (b == 0) return {};
                    return rounded(a / b);
                });
            case Kind::kAggregate:
                return aggregate(p_.queries[static_cast<size_t>(v.query)]);
            case Kind::kDaysSince: {
                const Program::Query& q = p_.queries[static_cast<size_t>(v.query)];
                const auto found = events(q);
                if (found.empty()) return {};
                int64_t at = found[0]->time;
                for (const Event* e : found)
                    at = q.function == Program::Query::Function::kLast ? std::max(at, e->time)
                                                                       : std::min(at, e->time);
                return Rational(b_.local_day - floored(wall(at), 86400000000));
            }
        }
        return {};
    }
    Maybe aggregate(const Program::Query& q) const {
        using Function = Program::Query::Function;
        if (b_.coverages[static_cast<size_t>(q.coverage)] == 0) return {};
        const auto found = events(q);
        std::vector<Rational> values;
        for (const Event* e : found) {
            const Maybe x = q.column == cdp::dossier::kTime ? Maybe(Rational(e->time))
                                                            : bits(e->columns, q.column, q.column_type);
            if (x) values.push_back(*x);
        }
        if (q.function == Function::kCount) return Rational(values.size());
        if (q.function == Function::kDistinct) {
            std::set<Rational> different;
            for (const Rational& x : values) {
                different.insert(
                    q.classes < 0
                        ? x
                        : Rational(b_.classes[static_cast<size_t>(q.classes)][static_cast<size_t>(x)]));
            }
            return Rational(different.size());
        }
        if (q.function == Function::kSum && found.empty()) return Rational(0);
        if (values.empty()) return {};
        std::sort(values.begin(), values.end());
        Rational sum = 0;
        for (const Rational& x : values) sum += x;
        switch (q.function) {
            case Function::kSum:
                return sum;
            case Function::kAverage:
                return rounded(sum / values.size());
            case Function::kLeast:
                return values.front();
            case Function::kGreatest:
                return values.back();
            case Function::kMedian: {
                const size_t half = values.size() / 2;
                return values.size() % 2 == 1 ? values[half] : rounded((values[half - 1] + values[half]) / 2);
            }
            default:
                return {};
        }
    }

    const Program& p_;
    const Bindings& b_;
    const Person& person_;
};

}  // namespace reference
