// SPDX-License-Identifier: PostgreSQL
#include "segment/compiler.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "segment/evaluator.hpp"
#include "segment/sql_writer.hpp"

namespace cdp::segment {

using dossier::kFirstProperty;
using Index = std::optional<int>;  // nothing where a program cannot say it
using NodeKind = Program::Node::Kind;
using ValueKind = Program::Value::Kind;
using Function = Program::Query::Function;

namespace {

dossier::Type stored_type(Type type) {
    switch (type) {
        case Type::kText:
            return dossier::Type::kSymbol;
        case Type::kNumber:
            return dossier::Type::kNumber;
        case Type::kBoolean:
            return dossier::Type::kBoolean;
        case Type::kDate:
            return dossier::Type::kDate;
        case Type::kTimestamp:
            return dossier::Type::kTimestamp;
    }
    return dossier::Type::kSymbol;
}

Comparison comparison_of(std::string_view op) {
    return op == "="    ? Comparison::kEqual
           : op == "<>" ? Comparison::kNotEqual
           : op == "<"  ? Comparison::kLess
           : op == "<=" ? Comparison::kLessOrEqual
           : op == ">"  ? Comparison::kGreater
                        : Comparison::kGreaterOrEqual;
}

// Days since 1970 of 2026-01-31.
int64_t days_of_literal(std::string_view date) {
    int parts[3] = {1970, 1, 1};
    const char* at = date.data();
    const char* end = at + date.size();
    for (int& part : parts) {
        if (at < end && *at == '-') ++at;
        at = std::from_chars(at, end, part).ptr;
    }
    return days_of(parts[0], parts[1], parts[2]);
}

template <typename T>
int add(std::vector<T>& list, T item) {
    list.push_back(std::move(item));
    return static_cast<int>(list.size()) - 1;
}

template <typename T>
int add_once(std::vector<T>& list, T item) {
    const auto found = std::find(list.begin(), list.end(), item);
    if (found != list.end()) return static_cast<int>(found - list.begin());
    return add(list, std::move(item));
}

}  // namespace

class Compiler {
  public:
    Compiler(std::string_view definition, const Catalogue& catalogue, const RenderOptions& options)
        : definition_(definition),
          catalogue_(catalogue),
          options_(options),
          sql_(definition, catalogue, options) {}

    Program compile(const Condition& root) {
        program_.root = person(root);
        return std::move(program_);
    }

  private:
    using Scope = SqlWriter::EventScope;

    struct Typed {
        int index;
        Type type;
        int dictionary = -1;  // of a text
        bool is_literal = false;
        std::string literal = {};
    };
    using Value = std::optional<Typed>;

    // A condition about a person, as a set where a program cannot say it.
    int person(const Condition& c) {
        if (c.kind == Condition::Kind::kAnd || c.kind == Condition::Kind::kOr ||
            c.kind == Condition::Kind::kNot)
            return *joined(c, nullptr);
        if (const Index index = simple(c, nullptr)) return *index;
        Program::Node node;
        node.kind = NodeKind::kSet;
        RenderOptions options = options_;
        options.waterfall = false;
        node.set = add_once(program_.sets, SqlWriter(definition_, catalogue_, options).write(c));
        return add(program_.nodes, std::move(node));
    }

    Index joined(const Condition& c, Scope* scope) {
        Program::Node node;
        node.kind = c.kind == Condition::Kind::kAnd  ? NodeKind::kAll
                    : c.kind == Condition::Kind::kOr ? NodeKind::kAny
                                                     : NodeKind::kNot;
        for (const ConditionPtr& child : c.children) {
            const Index index = scope == nullptr ? Index(person(*child)) : event(*child, scope);
            if (!index) return {};
            node.children.push_back(*index);
        }
        return add(program_.nodes, std::move(node));
    }

    Index event(const Condition& c, Scope* scope) {
        if (c.kind == Condition::Kind::kAnd || c.kind == Condition::Kind::kOr ||
            c.kind == Condition::Kind::kNot)
            return joined(c, scope);
        return simple(c, scope);
    }

    Index negated(Index index, bool is) {
        if (!index || !is) return index;
        Program::Node node;
        node.kind = NodeKind::kNot;
        node.children = {*index};
        return add(program_.nodes, std::move(node));
    }

    Index simple(const Condition& c, Scope* scope) {
        using Kind = Condition::Kind;
        Program::Node node;
        switch (c.kind) {
            case Kind::kCompare:
                return compare(c, scope);
            case Kind::kBetween:
                return between(c, scope);
            case Kind::kIn:
                return in_list(c, scope);
            case Kind::kPattern:
            case Kind::kExactly:
                return texts(c, scope);
            case Kind::kKnown: {
                const Value left = value(*c.left, scope);
                if (!left) return {};
                node.kind = NodeKind::kKnown;
                node.left = left->index;
                return negated(add(program_.nodes, std::move(node)), c.negated);
            }
            case Kind::kTruth: {
                const Value left = value(*c.left, scope);
                if (!left) return {};
                node.kind = NodeKind::kTrue;
                node.left = left->index;
                return negated(add(program_.nodes, std::move(node)), !c.value);
            }
            case Kind::kWithin:
                return within(c, scope);
            case Kind::kAnniversary: {
                const Value left = value(*c.left, scope);
                if (!left) return {};
                node.kind = NodeKind::kAnniversary;
                node.left = left->index;
                node.at_least = c.window.far;
                return add(program_.nodes, std::move(node));
            }
            case Kind::kTimeOfDay:
                node.kind = NodeKind::kTimeOfDay;
                node.from_minute = c.from_minute;
                node.to_minute = c.to_minute;
                return add(program_.nodes, std::move(node));
            case Kind::kDid:
                return did(c);
            case Kind::kSequence:
                return sequence(c);
            default:
                return {};
        }
    }

    Index compare(const Condition& c, Scope* scope) {
        const Expression& right_side = *c.right.front();
        // weekday = thursday
        if (scope != nullptr && c.left->kind == Expression::Kind::kName &&
            to_lower(c.left->text) == "weekday" && right_side.kind == Expression::Kind::kName &&
            !right_side.of_person) {
            static constexpr std::string_view kDays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                                         "friday", "saturday", "sunday"};
            const Value left = value(*c.left, scope);
            for (int i = 0; i < 7; ++i)
                if (left && to_lower(right_side.text) == kDays[i])
                    return comparison(left->index, comparison_of(c.text), constant(Decimal::whole(i + 1)));
            return {};
        }
        const Value left = value(*c.left, scope), right = value(right_side, scope);
        if (!left) return {};
        if (left->type == Type::kText) return right && right->is_literal ? texts(c, scope) : Index();
        if (!right) return {};
        return compared(*left, c.text, *right);
    }

    int constant(const Decimal& decimal, dossier::Type type = dossier::Type::kNumber) {
        Program::Value value;
        value.kind = ValueKind::kConstant;
        value.type = type;
        value.constant = decimal;
        return add(program_.values, value);
    }

    int comparison(int left, Comparison op, int right) {
        Program::Node node;
        node.kind = NodeKind::kCompare;
        node.comparison = op;
        node.left = left;
        node.right = right;
        return add(program_.nodes, std::move(node));
    }

    Index compared(const Typed& left, std::string_view op, const Typed& right) {
        if (left.type == Type::kDate && right.is_literal) {
            return comparison(left.index, comparison_of(op),
                              constant(Decimal::whole(days_of_literal(right.literal)), dossier::Type::kDate));
        }
        if (left.type == Type::kTimestamp && right.is_literal) {
            // A point in time against a day: the whole day counts.
            const std::string begin = sql_.time_.midnight(right.literal),
                              end = sql_.time_.midnight(right.literal, 1);
            Program::WindowSql window;
            if (op == "=" || op == "<>") window = {begin, end, true, false};
            if (op == "<") window = {"", begin, false, false};
            if (op == "<=") window = {"", end, false, false};
            if (op == ">") window = {end, "", true, false};
            if (op == ">=") window = {begin, "", true, false};
            return negated(within(left.index, window), op == "<>");
        }
        if (left.type != right.type || left.type == Type::kText) return {};
        return comparison(left.index, comparison_of(op), right.index);
    }

    Index between(const Condition& c, Scope* scope) {
        const Value left = value(*c.left, scope), low = value(*c.right[0], scope),
                    high = value(*c.right[1], scope);
        if (!left || !low || !high) return {};
        if (left->type == Type::kText) return low->is_literal && high->is_literal ? texts(c, scope) : Index();
        Program::Node node;
        node.kind = NodeKind::kAll;
        const Index from = compared(*left, ">=", *low), to = compared(*left, "<=", *high);
        if (!from || !to) return {};
        node.children = {*from, *to};
        return negated(add(program_.nodes, std::move(node)), c.negated);
    }

    // Unknown if the value is, or if none of the others fits and one of them is unknown.
    Index in_list(const Condition& c, Scope* scope) {
        const Value left = value(*c.left, scope);
        if (!left) return {};
        Program::Node node;
        node.kind = NodeKind::kAny;
        bool all_literal = true;
        for (const ExpressionPtr& item : c.right) {
            const Value element = value(*item, scope);
            if (!element) return {};
            all_literal = all_literal && element->is_literal;
            if (left->type == Type::kText) continue;
            const Index index = compared(*left, "=", *element);
            if (!index) return {};
            node.children.push_back(*index);
        }
        if (left->type == Type::kText) return all_literal ? texts(c, scope) : Index();
        return negated(add(program_.nodes, std::move(node)), c.negated);
    }

    // A condition about one text, decided once for each text of the dictionary, by the server.
    Index texts(const Condition& c, Scope* scope) {
        const Value left = value(*c.left, scope);
        if (!left || left->dictionary < 0) return {};
        sql_.replaced_ = c.left.get();
        sql_.replacement_ = "s.value";
        Program::SymbolsSql symbols{left->dictionary, sql_.condition(c, scope)};
        sql_.replaced_ = nullptr;
        Program::Node node;
        node.kind = NodeKind::kFits;
        node.left = left->index;
        node.symbols = add_once(program_.symbol_sets, std::move(symbols));
        return add(program_.nodes, std::move(node));
    }

    int within(int value, Program::WindowSql window) {
        Program::Node node;
        node.kind = NodeKind::kWithin;
        node.left = value;
        node.window = add_once(program_.windows, std::move(window));
        return add(program_.nodes, std::move(node));
    }

    Index within(const Condition& c, Scope* scope) {
        const Value left = value(*c.left, scope);
        if (!left) return {};
        if (left->type == Type::kText) return texts(c, scope);
        SqlTime::Bounds bounds = sql_.time_.bounds(c.window);
        if (c.window.kind == Window::Kind::kSince || c.window.kind == Window::Kind::kAfter)
            bounds.end.clear();
        const bool is_date = left->type == Type::kDate;
        if (is_date && (c.window.kind == Window::Kind::kNone || c.window.unit < Unit::kDay)) return {};
        if (is_date) {
            for (std::string* side : {&bounds.start, &bounds.end})
                if (!side->empty()) *side = sql_.time_.in_zone(*side) + "::date";
        }
        return negated(within(left->index, {bounds.start, bounds.end, bounds.start_included,
                                            bounds.end_included, is_date}),
                       c.negated);
    }

    Value value(const Expression& e, Scope* scope) {
        Program::Value v;
        switch (e.kind) {
            case Expression::Kind::kName:
                return scope == nullptr || e.of_person ? attribute(e.text) : property(e.text, *scope->kind);
            case Expression::Kind::kNumber: {
                const Decimal decimal = Decimal::parse(e.text);
                if (!decimal.known) return {};
                return Typed{constant(decimal), Type::kNumber};
            }
            case Expression::Kind::kText:
                return Typed{Program::kNone, Type::kText, -1, true, e.text};
            case Expression::Kind::kArithmetic: {
                const Value right = value(*e.right, scope);
                if (!right) return {};
                v.left = right->index;
                v.kind = ValueKind::kNegative;
                if (e.left) {
                    const Value left = value(*e.left, scope);
                    if (!left) return {};
                    v.left = left->index;
                    v.right = right->index;
                    v.kind = e.text == "+"   ? ValueKind::kSum
                             : e.text == "-" ? ValueKind::kDifference
                             : e.text == "*" ? ValueKind::kProduct
                                             : ValueKind::kQuotient;
                }
                return Typed{add(program_.values, v), Type::kNumber};
            }
            case Expression::Kind::kAggregate:
                return aggregate(e);
            case Expression::Kind::kDaysSince: {
                Program::Query query;
                if (!fill(query, *e.clause, sql_.time_.bounds(e.clause->window))) return {};
                query.function = e.text == "last" ? Function::kLast : Function::kFirst;
                query.column = dossier::kTime;
                v.kind = ValueKind::kDaysSince;
                v.query = add(program_.queries, query);
                return Typed{add(program_.values, v), Type::kNumber};
            }
        }
        return {};
    }

    Value attribute(const std::string& name) {
        Program::Value v;
        for (const Attribute& a : catalogue_.attributes) {
            if (a.name != name && a.name != to_lower(name)) continue;
            if (a.id < 0) return {};
            v.kind = ValueKind::kAttribute;
            v.type = stored_type(a.type);
            v.id = static_cast<uint16_t>(a.id);
            return Typed{add(program_.values, v), a.type, a.dictionary};
        }
        if (to_lower(name) != "age") return {};
        for (const Attribute& a : catalogue_.attributes) {
            if (a.name != "birth_date" || a.id < 0) continue;
            v.kind = ValueKind::kAge;
            v.id = static_cast<uint16_t>(a.id);
            return Typed{add(program_.values, v), Type::kNumber};
        }
        return {};
    }

    Value property(const std::string& name, const EventKind& kind) {
        Program::Value v;
        v.kind = ValueKind::kColumn;
        for (const std::string& wanted : {name, to_lower(name)}) {
            for (const Property& p : kind.properties) {
                if (p.name != wanted) continue;
                if (p.column < 0) return {};
                v.type = stored_type(p.type);
                v.id = static_cast<uint16_t>(p.column);
                return Typed{add(program_.values, v), p.type, p.dictionary};
            }
        }
        const std::string lower = to_lower(name);
        if (lower == "amount" || lower == "currency") {
            const bool is_text = lower == "currency";
            v.type = is_text ? dossier::Type::kSymbol : dossier::Type::kNumber;
            v.id = is_text ? dossier::kCurrency : dossier::kAmount;
            return Typed{add(program_.values, v), is_text ? Type::kText : Type::kNumber,
                         is_text ? catalogue_.currencies : -1};
        }
        if (lower == "occurred_at") {
            v.kind = ValueKind::kTime;
            v.type = dossier::Type::kTimestamp;
            return Typed{add(program_.values, v), Type::kTimestamp};
        }
        v.kind = lower == "weekday" ? ValueKind::kWeekday
                 : lower == "hour"  ? ValueKind::kHour
                 : lower == "day"   ? ValueKind::kDay
                                    : ValueKind::kMonth;
        return Typed{add(program_.values, v), Type::kNumber};
    }

    // The events of a clause; false where a program cannot say its condition.
    bool fill(Program::Query& query, const EventClause& clause, const SqlTime::Bounds& bounds) {
        const EventKind& kind = sql_.event_kind(clause);
        if (kind.id < 0 || kind.id > UINT16_MAX) return false;
        query.kind = static_cast<uint16_t>(kind.id);
        if (clause.where) {
            Scope scope{&kind};
            const Index where = event(*clause.where, &scope);
            if (!where) return false;
            query.where = *where;
        }
        query.window = add_once(
            program_.windows,
            Program::WindowSql{bounds.start, bounds.end, bounds.start_included, bounds.end_included, false});
        query.coverage = add_once(program_.coverages, sql_.covered(kind, bounds));
        return true;
    }

    Index did(const Condition& c) {
        Program::Query query;
        SqlTime::Bounds window = sql_.time_.bounds(c.clause->window);
        Program::Node node;
        node.kind = NodeKind::kDid;
        node.at_least = c.at_least;
        if (c.at_most) node.at_most = *c.at_most;
        if (c.periods > 0) {
            window = {sql_.time_.period_start(c.period_unit, c.of_periods),
                      sql_.time_.period_start(c.period_unit, 0), true, false};
            std::string bounds = "ARRAY[";
            for (int64_t back = c.of_periods; back >= 0; --back)
                bounds += sql_.time_.period_start(c.period_unit, back) + (back > 0 ? ", " : "]");
            query.periods = add_once(program_.period_bounds, bounds);
            node.at_least = c.periods;
            node.at_most = -1;
        }
        if (!fill(query, *c.clause, window)) return {};
        node.query = add(program_.queries, query);
        return negated(add(program_.nodes, std::move(node)), c.negated);
    }

    Index sequence(const Condition& c) {
        const Sequence& s = *c.sequence;
        const SqlTime::Bounds window = sql_.time_.bounds(s.steps.front().clause.window);
        Program::Sequence sequence;
        sequence.followed = s.followed;
        sequence.within = s.within;
        const auto query_of = [&](const EventClause& clause, const SqlTime::Bounds& bounds) -> Index {
            Program::Query query;
            if (!fill(query, clause, bounds)) return {};
            // Whether it is loaded is asked of the window of the first.
            query.coverage = add_once(program_.coverages, sql_.covered(sql_.event_kind(clause), window));
            return add(program_.queries, query);
        };
        const SqlTime::Bounds always{"", sql_.time_.instant(), false, true};
        for (size_t i = 0; i < s.steps.size(); ++i) {
            const Index query = query_of(s.steps[i].clause, i == 0 ? window : always);
            if (!query) return {};
            sequence.steps.push_back({*query, s.steps[i].within});
        }
        if (s.without) {
            const Index query = query_of(*s.without, always);
            if (!query) return {};
            sequence.without = *query;
        }
        for (const auto& [name, span] : s.matching) {
            auto& columns = sequence.matching.emplace_back();
            int classes = Program::kNone;
            for (const SequenceStep& step : s.steps) {
                const Value column = property(name, sql_.event_kind(step.clause));
                if (!column) return {};
                const Program::Value& v = program_.values[static_cast<size_t>(column->index)];
                if (v.kind != ValueKind::kColumn) return {};
                columns.push_back(v.id);
                if (column->type != Type::kText) continue;
                if (column->dictionary < 0) return {};
                classes = add_once(program_.classes, column->dictionary);
            }
            sequence.classes.push_back(classes);
        }
        Program::Node node;
        node.kind = NodeKind::kSequence;
        node.sequence = add(program_.sequences, std::move(sequence));
        return negated(add(program_.nodes, std::move(node)), c.negated);
    }

    Value aggregate(const Expression& e) {
        Program::Query query;
        if (!fill(query, *e.clause, sql_.time_.bounds(e.clause->window))) return {};
        query.function = e.distinct          ? Function::kDistinct
                         : e.text == "count" ? Function::kCount
                         : e.text == "sum"   ? Function::kSum
                         : e.text == "avg"   ? Function::kAverage
                         : e.text == "min"   ? Function::kLeast
                         : e.text == "max"   ? Function::kGreatest
                                             : Function::kMedian;
        query.column = dossier::kTime;
        if (!e.property.empty()) {
            const Value column = property(e.property, sql_.event_kind(*e.clause));
            if (!column) return {};
            const Program::Value& v = program_.values[static_cast<size_t>(column->index)];
            // The parts of a time are no columns.
            if (v.kind != ValueKind::kColumn) return {};
            query.column = v.id;
            query.column_type = v.type;
            if (e.distinct && column->type == Type::kText) {
                if (column->dictionary < 0) return {};
                query.classes = add_once(program_.classes, column->dictionary);
            }
        }
        Program::Value v;
        v.kind = ValueKind::kAggregate;
        v.query = add(program_.queries, query);
        return Typed{add(program_.values, v), Type::kNumber};
    }

    std::string_view definition_;
    const Catalogue& catalogue_;
    const RenderOptions& options_;
    SqlWriter sql_;
    Program program_;
};

Program compile(std::string_view definition, const Condition& condition, const Catalogue& catalogue,
                const RenderOptions& options) {
    return Compiler(definition, catalogue, options).compile(condition);
}

}  // namespace cdp::segment
