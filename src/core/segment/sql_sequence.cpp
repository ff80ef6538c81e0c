// SPDX-License-Identifier: PostgreSQL
// Sequences as plain SQL: each event has a later one, and that one has, and so on.
#include "segment/sql_writer.hpp"

namespace cdp::segment {
namespace {

std::string microseconds(int64_t n) {
    return "interval '" + std::to_string(n) + " microseconds'";
}

}  // namespace

std::string SqlWriter::sequence(const Condition& c) {
    const Sequence& s = *c.sequence;
    const SqlTime::Bounds window = time_.bounds(s.steps.front().clause.window);
    bool uses_person = false;
    // The conditions on one event, called `name`.
    const auto is_event = [&](const EventClause& clause, const std::string& name) {
        const EventKind& kind = event_kind(clause);
        EventScope scope{&kind};
        scope.event = name;
        std::string sql = name + ".kind_id = " + std::to_string(kind.id);
        if (clause.where) sql += " AND " + condition(*clause.where, &scope);
        uses_person = uses_person || scope.uses_person;
        return sql;
    };
    const auto named = [](size_t step) {
        return step == 0 ? std::string("e") : "e" + std::to_string(step + 1);
    };
    const auto record_of = [&](const std::string& event) {
        return "cdp_data.event AS " + event + " JOIN cdp_data.record AS r" + event + " ON r" + event +
               ".record_id = " + event + ".record_id WHERE r" + event + ".profile_id = r.profile_id AND ";
    };
    const auto agrees = [&](size_t step) {
        std::string sql;
        for (const auto& [name, span] : s.matching) {
            const Sql first = property(name, span, event_kind(s.steps.front().clause), "e");
            const Sql other = property(name, span, event_kind(s.steps[step].clause), named(step));
            if (first.type != other.type) {
                fail(ErrorCode::kWrongType, span,
                     "\"" + name + "\" is " + std::string(type_name(first.type)) + " of one event and " +
                         std::string(type_name(other.type)) + " of another",
                     "Match properties of one type.");
            }
            sql += " AND " + (first.type == Type::kText ? fold(first.text) + " = " + fold(other.text)
                                                        : first.text + " = " + other.text);
        }
        return sql;
    };

    std::string chain;
    for (size_t step = s.steps.size(); step-- > 1;) {
        const std::string before = named(step - 1), here = named(step);
        std::string sql = (s.followed ? "EXISTS (SELECT FROM " : "NOT EXISTS (SELECT FROM ") +
                          record_of(here) + is_event(s.steps[step].clause, here) + " AND " + here +
                          ".occurred_at > " + before + ".occurred_at AND " + here +
                          ".occurred_at <= " + time_.instant();
        if (s.steps[step].within != 0)
            sql += " AND " + here + ".occurred_at <= " + before + ".occurred_at + " +
                   microseconds(s.steps[step].within);
        sql += agrees(step);
        if (step + 1 == s.steps.size()) {
            if (s.within != 0)
                sql += " AND " + here + ".occurred_at <= e.occurred_at + " + microseconds(s.within);
            if (s.without) {
                sql += " AND NOT EXISTS (SELECT FROM " + record_of("x") + is_event(*s.without, "x") +
                       " AND x.occurred_at > e.occurred_at AND x.occurred_at < " + here + ".occurred_at)";
            }
        } else {
            sql += " AND " + chain;
        }
        chain = sql + ")";
    }
    const EventKind& kind = event_kind(s.steps.front().clause);
    std::string where = is_event(s.steps.front().clause, "e") + "\n      AND " + event_bounds(window) +
                        "\n      AND " + chain;
    // What has not followed yet may still.
    std::string columns = "pg_catalog.count(*) AS n";
    if (!s.followed && s.within != 0) {
        const std::string decided = "e.occurred_at <= " + time_.instant() + " - " + microseconds(s.within);
        columns = "pg_catalog.count(*) FILTER (WHERE " + decided +
                  ") AS n, pg_catalog.count(*) FILTER (WHERE NOT " + decided + ") AS pending";
    }
    std::string body =
        "    SELECT r.profile_id, " + columns +
        "\n    FROM cdp_data.event AS e\n    JOIN cdp_data.record AS r ON r.record_id = e.record_id";
    if (uses_person) body += "\n    JOIN cdp_data.profile AS p ON p.profile_id = r.profile_id";
    const std::string cte = add_cte(c.span, body + "\n    WHERE " + where + "\n    GROUP BY r.profile_id");

    std::string is_covered = covered(kind, window);
    for (size_t step = 1; step < s.steps.size(); ++step)
        is_covered += " AND " + covered(event_kind(s.steps[step].clause), window);
    std::string result;
    if (s.followed) {
        result = "CASE WHEN " + cte + ".n > 0 THEN true WHEN " + is_covered + " THEN false END";
    } else {
        // That something did not follow is only known where it is loaded.
        const std::string pending = s.within != 0 ? " AND coalesce(" + cte + ".pending, 0) = 0" : "";
        result = "CASE WHEN NOT (" + is_covered + ") THEN NULL WHEN " + cte + ".n > 0 THEN true WHEN true" +
                 pending + " THEN false END";
    }
    return c.negated ? "(NOT " + result + ")" : "(" + result + ")";
}

}  // namespace cdp::segment
