// SPDX-License-Identifier: PostgreSQL
// Random programs over random people say what the slow and plain reference says.
#include "segment/evaluator.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "base/memory_budget.hpp"
#include "dossier/writer.hpp"
#include "reference/evaluator_reference.hpp"

using namespace cdp::segment;
namespace dossier = cdp::dossier;
using Node = Program::Node;
using Value = Program::Value;
using Query = Program::Query;

namespace {

constexpr int64_t kDay = 86400000000, kNow = 1795000000000000;  // in November 2026
constexpr int kKinds = 3;

class Chance {
  public:
    explicit Chance(uint64_t seed) : random_(seed) {}
    int64_t below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }
    bool one_in(int64_t n) { return below(n) == 0; }
    template <typename T>
    T pick(std::initializer_list<T> list) {
        return list.begin()[below(static_cast<int64_t>(list.size()))];
    }
    std::mt19937_64 random_;
};

// Attributes 1 number, 2 symbol, 3 boolean, 4 date, 5 time. Columns: amount, 16 number, 17 symbol, 18
// boolean.
class Maker {
  public:
    explicit Maker(Chance& chance) : c_(chance) {}

    Program p;
    Bindings b;

    void make() {
        b.instant = kNow;
        b.offsets = {{INT64_MIN, -14400},
                     {kNow - 200 * kDay, -10800},
                     {kNow - 20 * kDay, -14400},
                     {kNow - 5 * kDay, 20700}};
        b.local_day = static_cast<int32_t>((kNow + 20700000000) / kDay);
        for (int i = 0; i < 2; ++i) {
            b.symbol_sets.push_back({c_.random_(), c_.random_() & 3});
            b.coverages.push_back(c_.one_in(2));
            p.coverages.emplace_back();
            std::vector<int64_t> bounds;
            for (int k = 0; k < 6; ++k)
                bounds.push_back(kNow - (40 - k * 7) * kDay + c_.below(2) * 3600000000);
            b.period_bounds.push_back(bounds);
        }
        std::vector<uint32_t> classes;
        for (uint32_t i = 0; i < 70; ++i) classes.push_back(i / 2 * 2);
        b.classes.push_back(classes);
        b.windows.push_back({});  // the first: always
        p.root = person(3);
    }

  private:
    template <typename T>
    int add(std::vector<T>& list, T item) {
        list.push_back(item);
        return static_cast<int>(list.size()) - 1;
    }
    int window(bool days) {
        Bindings::Window w;
        const int64_t unit = days ? 1 : kDay, now = days ? b.local_day : kNow;
        if (!c_.one_in(4)) w.start = now - c_.below(60) * unit;
        if (c_.one_in(2)) w.end = now + (c_.below(40) - 30) * unit;
        w.start_included = c_.one_in(2);
        w.end_included = c_.one_in(2);
        return add(b.windows, w);
    }
    int value(Value v) { return add(p.values, v); }
    int constant(int64_t units, int scale, dossier::Type type = dossier::Type::kNumber) {
        Value v;
        v.type = type;
        v.constant = {units, static_cast<int8_t>(scale), true};
        return value(v);
    }
    int number(bool of_event, int depth) {
        Value v;
        if (depth > 0 && c_.one_in(3)) {
            v.kind = c_.pick({Value::Kind::kSum, Value::Kind::kDifference, Value::Kind::kProduct,
                              Value::Kind::kQuotient, Value::Kind::kNegative});
            v.left = number(of_event, depth - 1);
            v.right = number(of_event, depth - 1);
            return value(v);
        }
        if (c_.one_in(4)) return constant(c_.below(100) - 20, static_cast<int>(c_.below(3)));
        if (of_event && !c_.one_in(5)) {
            v.kind = c_.pick({Value::Kind::kColumn, Value::Kind::kColumn, Value::Kind::kWeekday,
                              Value::Kind::kHour, Value::Kind::kDay, Value::Kind::kMonth});
            v.id = c_.one_in(2) ? uint16_t{dossier::kAmount} : uint16_t{16};
            return value(v);
        }
        v.kind = c_.pick(
            {Value::Kind::kAttribute, Value::Kind::kAge, Value::Kind::kAggregate, Value::Kind::kDaysSince});
        if (of_event) v.kind = Value::Kind::kAttribute;
        if (v.kind == Value::Kind::kAttribute) v.id = 1;
        if (v.kind == Value::Kind::kAge) v.id = 4;
        if (v.kind == Value::Kind::kAggregate || v.kind == Value::Kind::kDaysSince) {
            Query q = query();
            if (v.kind == Value::Kind::kDaysSince) {
                q.function = c_.pick({Query::Function::kFirst, Query::Function::kLast});
                q.column = dossier::kTime;
            } else {
                q.function =
                    c_.pick({Query::Function::kCount, Query::Function::kSum, Query::Function::kAverage,
                             Query::Function::kLeast, Query::Function::kGreatest, Query::Function::kMedian,
                             Query::Function::kDistinct});
                q.column = c_.pick({uint16_t{dossier::kAmount}, uint16_t{16}});
                if (q.function == Query::Function::kCount && c_.one_in(2)) q.column = dossier::kTime;
                if (q.function == Query::Function::kDistinct && c_.one_in(2)) {
                    q.column = 17;
                    q.column_type = dossier::Type::kSymbol;
                    if (c_.one_in(2)) q.classes = 0;
                }
            }
            v.query = add(p.queries, q);
        }
        return value(v);
    }
    Query query() {
        Query q;
        q.kind = static_cast<uint16_t>(c_.below(kKinds) + 1);
        q.window = window(false);
        q.coverage = static_cast<int>(c_.below(2));
        if (!c_.one_in(3)) q.where = condition(true, 2);
        return q;
    }
    int typed(bool of_event, dossier::Type type) {
        Value v;
        v.type = type;
        v.kind = of_event && !c_.one_in(4) ? Value::Kind::kColumn : Value::Kind::kAttribute;
        const bool column = v.kind == Value::Kind::kColumn;
        v.id = type == dossier::Type::kSymbol    ? (column ? 17 : 2)
               : type == dossier::Type::kBoolean ? (column ? 18 : 3)
                                                 : 1;
        if (type == dossier::Type::kTimestamp) {
            v.kind = of_event ? Value::Kind::kTime : Value::Kind::kAttribute;
            v.id = 5;
        }
        if (type == dossier::Type::kDate) {
            v.kind = Value::Kind::kAttribute;
            v.id = 4;
        }
        return value(v);
    }
    int person(int depth) { return condition(false, depth); }
    int condition(bool of_event, int depth) {
        Node n;
        if (depth > 0 && c_.one_in(2)) {
            n.kind = c_.pick({Node::Kind::kAll, Node::Kind::kAny, Node::Kind::kNot});
            for (int64_t i = n.kind == Node::Kind::kNot ? 1 : 1 + c_.below(3); i > 0; --i)
                n.children.push_back(condition(of_event, depth - 1));
            return add(p.nodes, n);
        }
        n.kind =
            of_event
                ? c_.pick({Node::Kind::kCompare, Node::Kind::kCompare, Node::Kind::kFits, Node::Kind::kKnown,
                           Node::Kind::kTrue, Node::Kind::kWithin, Node::Kind::kTimeOfDay})
                : c_.pick({Node::Kind::kDid, Node::Kind::kDid, Node::Kind::kCompare, Node::Kind::kFits,
                           Node::Kind::kKnown, Node::Kind::kTrue, Node::Kind::kWithin,
                           Node::Kind::kAnniversary, Node::Kind::kSet, Node::Kind::kSequence});
        switch (n.kind) {
            case Node::Kind::kCompare:
                n.comparison = static_cast<Comparison>(c_.below(6));
                n.left = number(of_event, 2);
                n.right = c_.one_in(2) ? constant(c_.below(60) - 5, static_cast<int>(c_.below(2)))
                                       : number(of_event, 1);
                break;
            case Node::Kind::kFits:
                n.left = typed(of_event, dossier::Type::kSymbol);
                n.symbols = static_cast<int>(c_.below(2));
                break;
            case Node::Kind::kKnown:
                n.left = c_.one_in(2) ? number(of_event, 1) : typed(of_event, dossier::Type::kSymbol);
                break;
            case Node::Kind::kTrue:
                n.left = typed(of_event, dossier::Type::kBoolean);
                break;
            case Node::Kind::kWithin: {
                const bool days = !of_event && c_.one_in(2);
                n.left = typed(of_event, days ? dossier::Type::kDate : dossier::Type::kTimestamp);
                n.window = window(days);
                break;
            }
            case Node::Kind::kAnniversary:
                n.left = typed(false, dossier::Type::kDate);
                n.at_least = c_.below(3) * c_.below(200);
                break;
            case Node::Kind::kTimeOfDay:
                n.from_minute = static_cast<int>(c_.below(1440));
                n.to_minute = static_cast<int>(c_.below(1440));
                break;
            case Node::Kind::kSequence: {
                Program::Sequence sequence;
                sequence.followed = !c_.one_in(3);
                for (int64_t i = sequence.followed ? 2 + c_.below(3) : 2; i > 0; --i) {
                    Query q = query();
                    if (!sequence.steps.empty()) q.window = 0;
                    sequence.steps.push_back({add(p.queries, q), sequence.followed && c_.one_in(3)
                                                                     ? c_.below(30 * 24) * 3600000000
                                                                     : 0});
                }
                if (c_.one_in(2)) sequence.within = (1 + c_.below(40 * 24)) * 3600000000;
                if (sequence.followed && c_.one_in(3)) {
                    Query q = query();
                    q.window = 0;
                    sequence.without = add(p.queries, q);
                }
                for (const uint16_t column : {uint16_t{16}, uint16_t{17}}) {
                    if (!c_.one_in(4)) continue;
                    sequence.matching.push_back(std::vector<uint16_t>(sequence.steps.size(), column));
                    sequence.classes.push_back(column == 17 ? 0 : Program::kNone);
                }
                n.sequence = add(p.sequences, sequence);
                break;
            }
            case Node::Kind::kSet:
                n.set = static_cast<int>(c_.below(2));
                break;
            default: {
                Query q = query();
                if (c_.one_in(3)) q.periods = static_cast<int>(c_.below(2));
                n.query = add(p.queries, q);
                n.at_least = c_.below(4);
                if (c_.one_in(3)) n.at_most = n.at_least + c_.below(3);
            }
        }
        return add(p.nodes, n);
    }
    Chance& c_;
};

reference::Person random_person(Chance& c) {
    reference::Person person;
    if (!c.one_in(4)) person.attributes[1] = c.below(400000) - 50000;
    if (!c.one_in(4)) person.attributes[2] = c.below(70);
    if (!c.one_in(4)) person.attributes[3] = c.below(2);
    if (!c.one_in(4))
        person.attributes[4] = c.one_in(3) ? 11016 : 20775 - c.below(15000);  // 29 February 2000
    if (!c.one_in(4)) person.attributes[5] = kNow - (c.below(60) - 5) * kDay;
    const bool few_days = c.one_in(2);
    for (int64_t i = c.below(4) * c.below(25); i > 0; --i) {
        reference::Event e{static_cast<int>(c.below(kKinds)) + 1, 0, c.random_(), {}};
        e.time = kNow - (few_days ? c.below(6) * 10 * kDay : c.below(70) * kDay - c.below(kDay)) +
                 (c.one_in(5) ? 1 : 0);
        if (!c.one_in(3)) e.columns[dossier::kAmount] = c.below(6) * 5000;
        if (!c.one_in(3)) e.columns[16] = c.one_in(2) ? c.below(3) * 10000 : c.below(300000);
        if (!c.one_in(3)) e.columns[17] = c.below(70);
        if (!c.one_in(3)) e.columns[18] = c.below(2);
        person.events.push_back(e);
    }
    for (int i = 0; i < 2; ++i) person.sets.push_back(static_cast<Truth>(c.below(3)));
    return person;
}

std::vector<uint8_t> pack(dossier::Writer& writer, const reference::Person& person) {
    for (const auto& [id, value] : person.attributes)
        writer.add_attribute(static_cast<uint16_t>(id), static_cast<dossier::Type>(id), value);
    for (const reference::Event& e : person.events) {
        writer.add_event(static_cast<uint16_t>(e.kind), e.time, e.tie);
        for (const auto& [column, value] : e.columns) writer.set(static_cast<uint16_t>(column), value);
    }
    const auto bytes = writer.finish();
    return {bytes.begin(), bytes.end()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(random_programs_say_what_the_reference_says) {
    Chance chance(20261124);
    cdp::MemoryBudget budget(64 << 20);
    dossier::Writer writer(&budget);
    int counts[3] = {};
    for (int round = 0; round < 4000; ++round) {
        Maker maker(chance);
        maker.make();
        Evaluator evaluator(maker.p, maker.b, &budget);
        for (int i = 0; i < 10; ++i) {
            const reference::Person person = random_person(chance);
            const auto bytes = pack(writer, person);
            const dossier::View view(bytes);
            const Truth is = evaluator.evaluate(view, person.sets);
            const reference::World world(maker.p, maker.b, person);
            const auto wanted = world.holds(maker.p.root, nullptr);
            const Truth expected = !wanted ? Truth::kUnknown : *wanted ? Truth::kTrue : Truth::kFalse;
            ++counts[static_cast<int>(expected)];
            BOOST_TEST_REQUIRE((is == expected), "round " << round << ", person " << i);
            for (size_t index = 0; index < maker.p.values.size(); ++index) {
                const auto kind = maker.p.values[index].kind;
                if (kind != Value::Kind::kAggregate && kind != Value::Kind::kDaysSince) continue;
                const Decimal found = evaluator.number(static_cast<int>(index));
                const auto number = world.number(static_cast<int>(index));
                BOOST_TEST_REQUIRE(found.known == number.has_value());
                if (!found.known) continue;
                reference::Rational rational(reference::Integer(found.units));
                for (int k = 0; k < found.scale; ++k) rational /= 10;
                BOOST_TEST_REQUIRE((rational == *number));
            }
            // Conditions about people by themselves, as "why" asks for them.
            for (size_t node = 0; node < maker.p.nodes.size(); ++node) {
                if (maker.p.nodes[node].kind != Node::Kind::kDid) continue;
                BOOST_TEST_REQUIRE(
                    evaluator.count(maker.p.nodes[node].query) ==
                    world.count(maker.p.queries[static_cast<size_t>(maker.p.nodes[node].query)]));
            }
        }
    }
    for (const int count : counts) BOOST_TEST(count > 4000);
}

BOOST_AUTO_TEST_CASE(the_calendar_is_the_calendar) {
    for (int64_t day = -700000; day < 700000; day += 1) {
        const Civil civil = civil_of(day);
        BOOST_TEST_REQUIRE(days_of(civil.year, civil.month, civil.day) == day);
    }
    for (int64_t day = -40000; day < 80000; day += 37) {
        const auto [year, month, date] = reference::date_of(day);
        const Civil civil = civil_of(day);
        BOOST_TEST_REQUIRE((civil.year == year && civil.month == month && civil.day == date));
    }
}

BOOST_AUTO_TEST_CASE(decimals_are_exact) {
    const auto d = [](const char* text) { return Decimal::parse(text); };
    BOOST_TEST(d("0.1").plus(d("0.2")).compare(d("0.3")) == 0);
    BOOST_TEST(d("20").times(d("1.1")).compare(d("22")) == 0);
    BOOST_TEST(d("1").divided_by(d("3")).compare(d("0.3333333333")) == 0);
    BOOST_TEST(d("2").divided_by(d("3")).compare(d("0.6666666667")) == 0);
    BOOST_TEST((-d("1")).divided_by(d("80000000000")).compare(-d("0")) == 0);
    BOOST_TEST((-d("1")).divided_by(d("20000000000")).compare(-d("0.0000000001")) ==
               0);  // half: away from zero
    BOOST_TEST(!d("1").divided_by(d("0")).known);
    BOOST_TEST(!d("1e5").known);
    BOOST_TEST(!d("999999999999999999999999999999999999999999").known);
    BOOST_TEST(d("123456789012345678901234567890").compare(d("0.0000000000000000000001")) == 1);
    BOOST_TEST((-d("123456789012345678901234567890")).compare(d("0.0000000000000000000001")) == -1);
}
