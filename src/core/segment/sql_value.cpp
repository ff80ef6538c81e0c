// SPDX-License-Identifier: PostgreSQL
// Values: attributes, properties, literals, arithmetic, aggregates over events.
#include "segment/sql_writer.hpp"

namespace cdp::segment {

Sql SqlWriter::value(const Expression& e, EventScope* scope) {
    if (&e == replaced_) return {replacement_, Type::kText};
    switch (e.kind) {
        case Expression::Kind::kName:
            return name(e, scope);
        case Expression::Kind::kNumber:
            return {e.text, Type::kNumber};
        case Expression::Kind::kText:
            return {sql_literal(e.text), Type::kText, true, e.text};
        case Expression::Kind::kArithmetic:
            return arithmetic(e, scope);
        case Expression::Kind::kAggregate:
        case Expression::Kind::kDaysSince:
            if (scope != nullptr) {
                fail(ErrorCode::kSyntax, e.span, "an aggregate over events cannot stand inside \"where\"",
                     "\"where\" looks at one event.");
            }
            return e.kind == Expression::Kind::kAggregate ? aggregate(e) : days_since(e);
    }
    fail(ErrorCode::kInternal, e.span, "unknown value", "");
}

Sql SqlWriter::name(const Expression& e, EventScope* scope) {
    if (scope == nullptr) return attribute(e.text, e.span);
    if (e.of_person) {
        scope->uses_person = true;
        return attribute(e.text, e.span);
    }
    return property(e.text, e.span, *scope->kind, scope->event);
}

Sql SqlWriter::attribute(const std::string& name, const Span& span) {
    for (const Attribute& a : catalogue_.attributes) {
        if (a.name != name && a.name != to_lower(name)) continue;
        if (a.in_details) return {json_value("p.details", a.name, a.type), a.type};
        return {"p." + sql_identifier(a.name), a.type};
    }
    const std::string lower = to_lower(name);
    if (lower == "profile_id") return {"p.profile_id", Type::kNumber};
    if (lower == "age") {
        return {"pg_catalog.date_part('year', pg_catalog.age(" + time_.local_date() +
                    "::timestamp, p.birth_date::timestamp))::numeric",
                Type::kNumber};
    }
    // A lasting random number of each person, 0 to 9999.
    if (lower == "bucket") {
        return {
            "pg_catalog.mod(pg_catalog.abs(pg_catalog.mod(pg_catalog.hashint8extended(p.profile_id, "
            "20260101), 10000)), 10000)",
            Type::kNumber};
    }
    std::vector<std::string> known{"age", "bucket"};
    for (const Attribute& a : catalogue_.attributes) known.push_back(a.name);
    unknown(span, "attribute", name, known, "");
}

Sql SqlWriter::property(const std::string& name, const Span& span, const EventKind& kind,
                        const std::string& event) {
    for (const Property& p : kind.properties) {
        if (p.name == name) return {json_value(event + ".properties", p.name, p.type), p.type};
    }
    const std::string lower = to_lower(name);
    for (const Property& p : kind.properties) {
        if (p.name == lower) return {json_value(event + ".properties", p.name, p.type), p.type};
    }
    const auto part = [&](const char* field) {
        return Sql{"pg_catalog.date_part('" + std::string(field) + "', " +
                       time_.in_zone(event + ".occurred_at") + ")",
                   Type::kNumber};
    };
    if (lower == "amount") return {event + ".amount", Type::kNumber};
    if (lower == "currency") return {event + ".currency", Type::kText};
    if (lower == "occurred_at") return {event + ".occurred_at", Type::kTimestamp};
    if (lower == "weekday") return part("isodow");
    if (lower == "hour") return part("hour");
    if (lower == "day") return part("day");
    if (lower == "month") return part("month");
    std::vector<std::string> known;
    for (const Property& p : kind.properties) known.push_back(p.name);
    for (const char* built_in : {"amount", "currency", "occurred_at", "weekday", "hour", "day", "month"})
        known.emplace_back(built_in);
    for (const Attribute& a : catalogue_.attributes) {
        if (a.name == lower) {
            fail(ErrorCode::kUndefinedName, span,
                 "\"" + name + "\" is an attribute of the person, not a property of the event",
                 "Inside \"where\" write it as: person." + name);
        }
    }
    unknown(span, "property of the event " + kind.name + ",", name, known, "");
}

std::string SqlWriter::json_value(const std::string& json, const std::string& name, Type type) const {
    const std::string key = sql_literal(name);
    std::string text = "(" + json + " ->> " + key + ")";
    // No stored value may make the query fail: what has another shape is unknown.
    switch (type) {
        case Type::kText:
            return text;
        case Type::kNumber:
            // Stored with four decimals, as in dossiers.
            return "CASE WHEN pg_catalog.jsonb_typeof(" + json + " -> " + key +
                   ") = 'number' AND pg_catalog.abs(" + text +
                   "::numeric) < 900000000000000 THEN pg_catalog.round(" + text + "::numeric, 4) END";
        case Type::kBoolean:
            return "CASE WHEN pg_catalog.jsonb_typeof(" + json + " -> " + key + ") = 'boolean' THEN " + text +
                   "::boolean END";
        case Type::kDate:
            return "cdp.normalize_date(" + text + ", 'ymd')";
        case Type::kTimestamp:
            return "cdp.normalize_timestamp(" + text + ", 'UTC')";
    }
    return text;
}

Sql SqlWriter::arithmetic(const Expression& e, EventScope* scope) {
    const Sql right = value(*e.right, scope);
    const Sql left = e.left ? value(*e.left, scope) : Sql{"", Type::kNumber};
    if (left.type != Type::kNumber || right.type != Type::kNumber) {
        const Expression& wrong = left.type != Type::kNumber ? *e.left : *e.right;
        fail(ErrorCode::kWrongType, wrong.span,
             "\"" + e.text + "\" needs numbers, but this is " +
                 std::string(type_name(left.type != Type::kNumber ? left.type : right.type)),
             "Calculate with numbers only.");
    }
    // numeric throughout: whole numbers must not overflow. Dividing by zero gives unknown.
    if (!e.left) return {"(- " + right.text + "::numeric)", Type::kNumber};
    if (e.text == "/") {
        // Many digits, then ten decimals: without them the server would round by the size of the numbers.
        return {"pg_catalog.round(" + left.text +
                    "::numeric * 1.0000000000000000000000000000000000000000 / nullif(" + right.text +
                    "::numeric, 0), 10)",
                Type::kNumber};
    }
    return {"(" + left.text + "::numeric " + e.text + " " + right.text + "::numeric)", Type::kNumber};
}

Sql SqlWriter::aggregate(const Expression& e) {
    const EventKind& kind = event_kind(*e.clause);
    std::string sql = "pg_catalog.count(*)";
    if (!e.property.empty()) {
        const Sql argument = property(e.property, e.property_span, kind);
        if (e.distinct) {
            sql = "pg_catalog.count(DISTINCT " +
                  (argument.type == Type::kText ? fold(argument.text) : argument.text) + ")";
        } else if (argument.type != Type::kNumber) {
            fail(ErrorCode::kWrongType, e.property_span,
                 e.text + "() needs a number, but this is " + std::string(type_name(argument.type)),
                 "To count different values: count(distinct " + e.property + ") of " + kind.name);
        } else if (e.text == "median") {
            // The middle one, or half way between the two, exactly.
            const std::string sorted = "(pg_catalog.array_agg(" + argument.text + " ORDER BY " +
                                       argument.text + ") FILTER (WHERE " + argument.text + " IS NOT NULL))";
            const std::string n = "pg_catalog.count(" + argument.text + ")";
            sql =
                "(" + sorted + "[(" + n + " + 1) / 2] + " + sorted + "[(" + n + " + 2) / 2])::numeric * 0.5";
        } else if (e.text == "avg") {
            sql = "pg_catalog.round(pg_catalog.avg(" + argument.text + ")::numeric, 10)";
        } else {
            sql = "pg_catalog." + e.text + "(" + argument.text + ")";
        }
    }
    const SqlTime::Bounds bounds = time_.bounds(e.clause->window);
    const std::string cte =
        event_cte(*e.clause, kind, "(" + sql + ")::numeric AS v", event_bounds(bounds), e.span);
    const bool zero = e.text == "sum" || e.text == "count";
    // Nothing counts as zero; amounts that nobody knows do not.
    std::string result = cte;
    result += ".v";
    if (zero) result = "CASE WHEN " + cte + ".profile_id IS NULL THEN 0 ELSE " + result + " END";
    return {"CASE WHEN " + covered(kind, bounds) + " THEN " + result + " END", Type::kNumber};
}

Sql SqlWriter::days_since(const Expression& e) {
    const EventKind& kind = event_kind(*e.clause);
    const std::string pick = e.text == "last" ? "pg_catalog.max" : "pg_catalog.min";
    const std::string cte = event_cte(*e.clause, kind, pick + "(e.occurred_at) AS v",
                                      event_bounds(time_.bounds(e.clause->window)), e.span);
    return {"(" + time_.local_date() + " - " + time_.in_zone(cte + ".v") + "::date)", Type::kNumber};
}

Sql SqlWriter::date_literal(const Sql& value, Type wanted, const Span& span) {
    if (!is_calendar_date(value.literal)) {
        fail(ErrorCode::kWrongType, span,
             std::string(type_name(wanted)) + " is compared with a text that is no date",
             "Dates are written '2026-01-31'.");
    }
    return {"date " + sql_literal(value.literal), Type::kDate, false, value.literal};
}

}  // namespace cdp::segment
