// SPDX-License-Identifier: PostgreSQL
// Conditions: comparisons of values. Unknown stays unknown (NULL) throughout.
#include "segment/sql_writer.hpp"

namespace cdp::segment {

std::string SqlWriter::condition(const Condition& c, EventScope* scope) {
    using Kind = Condition::Kind;
    const auto people_only = [&](const char* what) {
        if (scope != nullptr) {
            fail(ErrorCode::kSyntax, c.span, std::string(what) + " cannot stand inside \"where\"",
                 "\"where\" looks at one event: its properties, its time, and attributes written as "
                 "person.city");
        }
    };
    switch (c.kind) {
        case Kind::kAnd:
        case Kind::kOr: {
            std::string result;
            for (const ConditionPtr& child : c.children) {
                if (!result.empty()) result += c.kind == Kind::kAnd ? "\n        AND " : "\n        OR ";
                result += condition(*child, scope);
            }
            return "(" + result + ")";
        }
        case Kind::kNot:
            return "(NOT " + condition(*c.children.front(), scope) + ")";
        case Kind::kCompare:
            return compare(c, scope);
        case Kind::kBetween:
            return between(c, scope);
        case Kind::kIn:
            return in_list(c, scope);
        case Kind::kPattern:
            return pattern(c, scope);
        case Kind::kExactly: {
            const Sql left = value(*c.left, scope);
            if (left.type != Type::kText) {
                fail(ErrorCode::kWrongType, c.left->span,
                     "\"is exactly\" compares text, but this is " + std::string(type_name(left.type)),
                     "Use = instead.");
            }
            return "(" + left.text + " = " + sql_literal(c.text) + ")";
        }
        case Kind::kKnown:
            return "(" + value(*c.left, scope).text + (c.negated ? " IS NULL)" : " IS NOT NULL)");
        case Kind::kTruth: {
            const Sql left = value(*c.left, scope);
            if (left.type != Type::kBoolean) {
                fail(ErrorCode::kWrongType, c.left->span,
                     "this is " + std::string(type_name(left.type)) + ", not true or false",
                     "Compare it with a value, or ask: is known");
            }
            return c.value ? "(" + left.text + ")" : "(NOT " + left.text + ")";
        }
        case Kind::kWithin:
            return within(c, scope);
        case Kind::kAnniversary:
            people_only("an anniversary");
            return anniversary(c, scope);
        case Kind::kTimeOfDay:
            return time_of_day(c, scope);
        case Kind::kDid:
            people_only("\"did\"");
            return did(c);
        case Kind::kSequence:
            people_only("\"did\"");
            return sequence(c);
        case Kind::kInSegment:
            people_only("\"in segment\"");
            return in_segment(c);
        case Kind::kMayContact:
        case Kind::kReachable:
            people_only("permission to contact");
            return reachable(c);
    }
    fail(ErrorCode::kInternal, c.span, "unknown condition", "");
}

std::string SqlWriter::compare(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    const Expression& right = *c.right.front();
    // weekday = thursday: the name of the day is a word here.
    if (right.kind == Expression::Kind::kName && !right.of_person && scope != nullptr &&
        c.left->kind == Expression::Kind::kName && to_lower(c.left->text) == "weekday") {
        static constexpr std::string_view kDays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                                     "friday", "saturday", "sunday"};
        for (size_t i = 0; i < std::size(kDays); ++i) {
            if (to_lower(right.text) == kDays[i])
                return "(" + left.text + " " + c.text + " " + std::to_string(i + 1) + ")";
        }
        unknown(right.span, "weekday", right.text, {std::begin(kDays), std::end(kDays)}, "");
    }
    return comparison(left, c.text, value(right, scope), c.right.front()->span);
}

std::string SqlWriter::comparison(const Sql& left, std::string_view op, const Sql& right, const Span& span) {
    const std::string middle = " " + std::string(op) + " ";
    const bool left_time = left.type == Type::kDate || left.type == Type::kTimestamp;
    const bool right_time = right.type == Type::kDate || right.type == Type::kTimestamp;
    if (left_time && right.is_literal_text) {
        const Sql date = date_literal(right, left.type, span);
        if (left.type == Type::kDate) return "(" + left.text + middle + date.text + ")";
        // A point in time against a day: the whole day counts.
        const std::string begin = time_.midnight(date.literal), end = time_.midnight(date.literal, 1);
        if (op == "=") return "(" + left.text + " >= " + begin + " AND " + left.text + " < " + end + ")";
        if (op == "<>") return "(" + left.text + " < " + begin + " OR " + left.text + " >= " + end + ")";
        if (op == "<") return "(" + left.text + " < " + begin + ")";
        if (op == "<=") return "(" + left.text + " < " + end + ")";
        if (op == ">") return "(" + left.text + " >= " + end + ")";
        return "(" + left.text + " >= " + begin + ")";
    }
    if (left_time && right_time) {
        const auto instant = [&](const Sql& side) {
            return side.type == Type::kTimestamp || left.type == right.type
                       ? side.text
                       : time_.in_zone("(" + side.text + ")::timestamp");
        };
        return "(" + instant(left) + middle + instant(right) + ")";
    }
    if (left.type != right.type) {
        fail(ErrorCode::kWrongType, span,
             std::string(type_name(left.type)) + " is compared with " + std::string(type_name(right.type)),
             left.type == Type::kNumber ? "Write a number without quotes: 40"
             : left.type == Type::kText ? "Write a text in single quotes: '40'"
                                        : "Use: is true, is false");
    }
    if (left.type == Type::kText) return "(" + fold(left.text) + middle + fold(right.text) + ")";
    return "(" + left.text + middle + right.text + ")";
}

std::string SqlWriter::between(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    const Sql low = value(*c.right[0], scope), high = value(*c.right[1], scope);
    const std::string both = "(" + comparison(left, ">=", low, c.right[0]->span) + " AND " +
                             comparison(left, "<=", high, c.right[1]->span) + ")";
    return c.negated ? "(NOT " + both + ")" : both;
}

std::string SqlWriter::in_list(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    if (left.type != Type::kText && left.type != Type::kNumber && left.type != Type::kDate) {
        fail(ErrorCode::kWrongType, c.left->span,
             "a list cannot be compared with " + std::string(type_name(left.type)),
             "Lists are for text, numbers and dates.");
    }
    std::string list;
    for (const ExpressionPtr& item : c.right) {
        Sql element = value(*item, scope);
        if (left.type == Type::kDate && element.is_literal_text)
            element = date_literal(element, Type::kDate, item->span);
        if (element.type != left.type) {
            fail(
                ErrorCode::kWrongType, item->span,
                "the list holds " + std::string(type_name(element.type)) + ", but is compared with " +
                    std::string(type_name(left.type)),
                left.type == Type::kText ? "Write texts in single quotes." : "Write numbers without quotes.");
        }
        list += (list.empty() ? "" : ", ") + (left.type == Type::kText ? fold(element.text) : element.text);
    }
    return "(" + (left.type == Type::kText ? fold(left.text) : left.text) +
           (c.negated ? " NOT IN (" : " IN (") + list + "))";
}

std::string SqlWriter::pattern(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    if (left.type != Type::kText) {
        fail(ErrorCode::kWrongType, c.left->span,
             "\"" + c.text + "\" looks into text, but this is " + std::string(type_name(left.type)),
             "Use a comparison such as = or between.");
    }
    const std::string text = fold(left.text);
    const std::string wanted = fold(sql_literal(c.right.front()->text));
    std::string result;
    if (c.text == "like") {
        result = "(" + text + " LIKE " + wanted + " ESCAPE '')";
    } else if (c.text == "contains") {
        result = "(pg_catalog.strpos(" + text + ", " + wanted + ") > 0)";
    } else if (c.text == "starts") {
        result = "(pg_catalog.starts_with(" + text + ", " + wanted + "))";
    } else {
        result = "(pg_catalog.right(" + text + ", pg_catalog.length(" + wanted + ")) = " + wanted + ")";
    }
    return c.negated ? "(NOT " + result + ")" : result;
}

std::string SqlWriter::within(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    if (left.type != Type::kDate && left.type != Type::kTimestamp) {
        const bool dates = c.window.kind == Window::Kind::kDates;
        if (dates && left.type == Type::kText) {
            return "(" + fold(left.text) + " BETWEEN " + fold(sql_literal(c.window.date)) + " AND " +
                   fold(sql_literal(c.window.last_date)) + ")";
        }
        fail(ErrorCode::kWrongType, c.left->span,
             "this is " + std::string(type_name(left.type)) + ", not a date or a time",
             "Spans of time are asked of dates, or of events: did purchase in last 30 days");
    }
    // "since" and "after" a date have no end here: an attribute may lie in the future.
    const auto bounds_of = [&] {
        SqlTime::Bounds bounds = time_.bounds(c.window);
        if (c.window.kind == Window::Kind::kSince || c.window.kind == Window::Kind::kAfter)
            bounds.end.clear();
        return bounds;
    };
    // A date is the midnight that begins it; windows of whole days then include the day itself.
    const bool is_date = left.type == Type::kDate;
    std::string sql;
    if (is_date && c.window.kind != Window::Kind::kNone && c.window.unit >= Unit::kDay) {
        SqlTime::Bounds bounds = bounds_of();
        for (std::string* side : {&bounds.start, &bounds.end}) {
            if (!side->empty()) *side = time_.in_zone(*side) + "::date";
        }
        sql = time_.within(left.text, bounds);
    } else {
        sql = time_.within(is_date ? "(" + time_.in_zone("(" + left.text + ")::timestamp") + ")" : left.text,
                           bounds_of());
    }
    return c.negated ? "(NOT (" + sql + "))" : "(" + sql + ")";
}

std::string SqlWriter::anniversary(const Condition& c, EventScope* scope) {
    const Sql left = value(*c.left, scope);
    if (left.type != Type::kDate && left.type != Type::kTimestamp) {
        fail(ErrorCode::kWrongType, c.left->span,
             "this is " + std::string(type_name(left.type)) + ", not a date",
             "For example: anniversary of birth_date in next 7 days");
    }
    const std::string date = left.type == Type::kDate ? left.text : time_.in_zone(left.text);
    const std::string days = "pg_catalog.generate_series(" + time_.local_date() + "::timestamp, " +
                             time_.local_date() + " + interval '" + std::to_string(c.window.far) +
                             " days', interval '1 day') AS d";
    // 29 February counts with 1 March in other years.
    return "(pg_catalog.to_char(" + date +
           ", 'MMDD') = ANY (ARRAY(SELECT pg_catalog.to_char(d, 'MMDD') FROM " + days +
           " UNION SELECT '0229' FROM " + days +
           " WHERE pg_catalog.to_char(d, 'MMDD') = '0301' AND pg_catalog.to_char(d - interval '1 day', "
           "'MMDD') = '0228')))";
}

std::string SqlWriter::time_of_day(const Condition& c, EventScope* scope) {
    if (scope == nullptr) {
        fail(ErrorCode::kSyntax, c.span, "\"time between\" stands inside \"where\"",
             "For example: did purchase where (time between 19:00 and 23:00)");
    }
    const std::string local = time_.in_zone(scope->event + ".occurred_at");
    const std::string minute =
        "(pg_catalog.date_part('hour', " + local + ") * 60 + pg_catalog.date_part('minute', " + local + "))";
    const std::string from = minute + " >= " + std::to_string(c.from_minute),
                      to = minute + " < " + std::to_string(c.to_minute);
    return c.from_minute <= c.to_minute ? "(" + from + " AND " + to + ")" : "(" + from + " OR " + to + ")";
}

}  // namespace cdp::segment
