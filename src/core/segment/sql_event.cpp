// SPDX-License-Identifier: PostgreSQL
// Events and sets: one set-based CTE each.
#include "segment/sql_writer.hpp"

namespace cdp::segment {

const EventKind& SqlWriter::event_kind(const EventClause& clause) {
    const std::string lower = to_lower(clause.event);
    const EventKind* found = nullptr;
    for (const EventKind& kind : catalogue_.events) {
        if (kind.name == clause.event) return kind;
        if (kind.name == lower) found = &kind;
    }
    if (found != nullptr) return *found;
    std::vector<std::string> known;
    for (const EventKind& kind : catalogue_.events) known.push_back(kind.name);
    unknown(clause.event_span, "event", clause.event, known,
            "No event has been ingested yet; add a source of kind events.");
}

std::string SqlWriter::event_cte(const EventClause& clause, const EventKind& kind, const std::string& columns,
                                 const std::string& bounds, const Span& span) {
    EventScope scope{&kind};
    const std::string where = clause.where ? condition(*clause.where, &scope) : "";
    std::string body =
        "    SELECT r.profile_id, " + columns +
        "\n    FROM cdp_data.event AS e\n    JOIN cdp_data.record AS r ON r.record_id = e.record_id";
    if (scope.uses_person) body += "\n    JOIN cdp_data.profile AS p ON p.profile_id = r.profile_id";
    body += "\n    WHERE e.kind_id = " + std::to_string(kind.id) + "\n      AND " + bounds;
    if (!where.empty()) body += "\n      AND " + where;
    return add_cte(span, body + "\n    GROUP BY r.profile_id");
}

// An event within the window; nothing after the instant counts, also when the window of dates goes beyond it.
std::string SqlWriter::event_bounds(const SqlTime::Bounds& window) const {
    std::string result = time_.within("e.occurred_at", window);
    if (window.end != time_.instant()) result += " AND e.occurred_at <= " + time_.instant();
    return result;
}

// Whether what did not happen would be known: the kind is loaded from the start of the window on; of "before
// a date", from some time before it; without any bound, at all.
std::string SqlWriter::covered(const EventKind& kind, const SqlTime::Bounds& window) const {
    std::string loaded =
        "(SELECT pg_catalog.min(v.loaded_from) FROM cdp_data.coverage AS v WHERE v.kind_id = " +
        std::to_string(kind.id) + ")";
    if (!window.start.empty()) return loaded + " <= " + window.start;
    if (!window.end.empty() && window.end != time_.instant()) return loaded + " < " + window.end;
    return loaded + " IS NOT NULL";
}

std::string SqlWriter::did(const Condition& c) {
    const EventKind& kind = event_kind(*c.clause);
    std::string columns = "pg_catalog.count(*) AS n";
    SqlTime::Bounds window = time_.bounds(c.clause->window);
    int64_t least = c.at_least;
    std::optional<int64_t> most = c.at_most;
    if (c.periods > 0) {
        window = {time_.period_start(c.period_unit, c.of_periods), time_.period_start(c.period_unit, 0), true,
                  false};
        columns = "pg_catalog.count(DISTINCT pg_catalog.date_trunc('" +
                  std::string(unit_name(c.period_unit)) + "', " + time_.in_zone("e.occurred_at") + ")) AS n";
        if (c.at_least > 1 || most) {
            fail(ErrorCode::kSyntax, c.span, "a number of times and a number of periods exclude each other",
                 "Use one of them, joined by \"and\" if both are meant.");
        }
        least = c.periods;
        most.reset();
    }
    const std::string cte = event_cte(*c.clause, kind, columns, event_bounds(window), c.span);
    const std::string n = "coalesce(" + cte + ".n, 0)";
    const std::string is_covered = covered(kind, window);
    const std::string low = n + " >= " + std::to_string(least);
    std::string result;
    if (!most) {
        // Enough is enough, however little is loaded; too little is only too little where all is loaded.
        result = "CASE WHEN " + low + " THEN true WHEN " + is_covered + " THEN false END";
    } else {
        result = "CASE WHEN " + n + " > " + std::to_string(*most) + " THEN false WHEN " + is_covered +
                 " THEN " + low + " END";
    }
    return c.negated ? "(NOT " + result + ")" : "(" + result + ")";
}

std::string SqlWriter::in_segment(const Condition& c) {
    for (const NamedSegment& segment : catalogue_.segments) {
        if (segment.name != c.text) continue;
        const std::string cte = add_cte(
            c.span, "    SELECT m.profile_id FROM cdp_data.segment_member AS m WHERE m.segment_id = " +
                        std::to_string(segment.id));
        return "(" + cte + ".profile_id IS " + (c.negated ? "" : "NOT ") + "NULL)";
    }
    std::vector<std::string> known;
    for (const NamedSegment& segment : catalogue_.segments) known.push_back(segment.name);
    unknown(c.text_span, "segment", c.text, known, "No segment has been defined yet.");
}

std::string SqlWriter::reachable(const Condition& c) {
    std::string body = "    SELECT DISTINCT a.profile_id FROM cdp_data.reachable AS a WHERE a.channel = " +
                       sql_literal(c.text);
    if (c.kind == Condition::Kind::kMayContact) {
        bool found = false;
        for (const std::string& purpose : catalogue_.purposes) found = found || purpose == c.purpose;
        if (!found)
            unknown(c.purpose_span, "purpose", c.purpose, catalogue_.purposes,
                    "Declare one in cdp_data.purpose.");
        body += " AND a.purpose = " + sql_literal(c.purpose);
    }
    return "(" + add_cte(c.span, body) + ".profile_id IS " + (c.negated ? "" : "NOT ") + "NULL)";
}

}  // namespace cdp::segment
