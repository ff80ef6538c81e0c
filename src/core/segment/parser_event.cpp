// SPDX-License-Identifier: PostgreSQL
// Events, windows of time and permission to contact.
#include <charconv>
#include <utility>

#include "segment/diagnostic.hpp"
#include "segment/parser.hpp"

namespace cdp::segment {
namespace {

std::optional<Unit> unit_of(std::string_view word) {
    if (word.size() > 1 && word.back() == 's') word.remove_suffix(1);
    if (word == "minute") return Unit::kMinute;
    if (word == "hour") return Unit::kHour;
    if (word == "day") return Unit::kDay;
    if (word == "week") return Unit::kWeek;
    if (word == "month") return Unit::kMonth;
    if (word == "quarter") return Unit::kQuarter;
    if (word == "year") return Unit::kYear;
    return std::nullopt;
}

}  // namespace

bool is_calendar_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto number = [&](size_t at, size_t length) {
        int value = 0;
        const auto end = std::from_chars(text.data() + at, text.data() + at + length, value);
        return end.ptr == text.data() + at + length ? value : -1;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

int64_t Parser::whole_number(int64_t least, int64_t most, const char* what) {
    const Token& token = peek();
    int64_t value = -1;
    const char* end = token.text.data() + token.text.size();
    if (token.kind != TokenKind::kNumber || std::from_chars(token.text.data(), end, value).ptr != end ||
        value < least || value > most) {
        fail(std::string("expected ") + what + " but found " + shown(token),
             "It is a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    }
    take();
    return value;
}

std::string Parser::text_value(const char* what) {
    if (peek().kind != TokenKind::kText) {
        fail(std::string("expected ") + what + " in single quotes but found " + shown(peek()),
             "For example: 'Santiago'");
    }
    return take().text;
}

std::string Parser::date_value() {
    const Token& token = peek();
    if (token.kind != TokenKind::kText || !is_calendar_date(token.text)) {
        fail("expected a date but found " + shown(token), "Dates are written '2026-01-31'.");
    }
    return take().text;
}

bool Parser::is_unit(size_t ahead) const {
    return unit_of(peek(ahead).keyword).has_value();
}

Unit Parser::unit() {
    const auto found = unit_of(peek().keyword);
    if (!found)
        fail("expected a unit of time but found " + shown(peek()),
             "Units are minutes, hours, days, weeks, months, quarters and years.");
    take();
    return *found;
}

// A thousand years at most: beyond, the calendar of the server ends.
void Parser::check_span(int64_t amount, Unit unit) const {
    int64_t most = kMaxUnits;
    if (unit == Unit::kMonth) most = 12000;
    if (unit == Unit::kQuarter) most = 4000;
    if (unit == Unit::kYear) most = 1000;
    if (unit == Unit::kWeek) most = 52000;
    if (amount > most) fail("a span of more than a thousand years", "For example: in last 10 years");
}

// The windows that events and dates share.
bool Parser::window(Window& out) {
    const size_t first = position_;
    using Kind = Window::Kind;
    const auto done = [&] {
        check_span(out.far, out.unit);
        out.span = since(first);
        return true;
    };
    if (take_words({"in", "last"})) {
        out.far = whole_number(1, kMaxUnits, "how many");
        out.kind = take_word("whole") ? Kind::kLastWhole : Kind::kLast;
        out.unit = unit();
        return done();
    }
    const bool in_this = is_words({"in", "this"});
    if ((is_word("this") && is_unit(1)) || (in_this && is_unit(2))) {
        position_ += in_this ? 2 : 1;
        out.kind = Kind::kThis;
        out.unit = unit();
        return done();
    }
    if (is_word("today")) {
        take();
        out.kind = Kind::kThis;
        out.unit = Unit::kDay;
        return done();
    }
    if (is_word("between") && peek(1).kind == TokenKind::kNumber && is_word("and", 2) &&
        peek(3).kind == TokenKind::kNumber && is_unit(4) && is_word("ago", 5)) {
        take();
        const int64_t a = whole_number(0, kMaxUnits, "how many");
        take();
        const int64_t b = whole_number(0, kMaxUnits, "how many");
        out.kind = Kind::kAgo;
        out.near = std::min(a, b);
        out.far = std::max(a, b);
        out.unit = unit();
        take();
        return done();
    }
    if (is_word("between") && peek(1).kind == TokenKind::kText && is_word("and", 2) &&
        peek(3).kind == TokenKind::kText && is_calendar_date(peek(1).text) &&
        is_calendar_date(peek(3).text)) {
        take();
        out.kind = Kind::kDates;
        out.date = date_value();
        take();
        out.last_date = date_value();
        if (out.last_date < out.date) std::swap(out.date, out.last_date);
        return done();
    }
    for (const auto& [word, kind] : {std::pair{"since", Kind::kSince},
                                     {"before", Kind::kBefore},
                                     {"after", Kind::kAfter},
                                     {"on", Kind::kOn}}) {
        if (!is_word(word)) continue;
        take();
        out.kind = kind;
        out.date = date_value();
        return done();
    }
    return false;
}

// Those that only an attribute can have.
bool Parser::date_window(Window& out) {
    const size_t first = position_;
    if (window(out)) return true;
    if (take_words({"in", "next"})) {
        out.kind = Window::Kind::kNext;
        out.far = whole_number(1, kMaxUnits, "how many");
        out.unit = unit();
    } else if (is_words({"more", "than"}) || is_words({"less", "than"})) {
        out.kind = take().keyword == "more" ? Window::Kind::kOlder : Window::Kind::kLast;
        take();
        out.far = whole_number(1, kMaxUnits, "how many");
        out.unit = unit();
        expect_word("ago", "For example: more than 6 months ago");
    } else {
        return false;
    }
    check_span(out.far, out.unit);
    out.span = since(first);
    return true;
}

EventClause Parser::event(int depth) {
    EventClause clause;
    if (peek().kind != TokenKind::kWord && peek().kind != TokenKind::kQuotedName) {
        fail("expected the kind of event but found " + shown(peek()),
             "For example: did purchase in last 30 days");
    }
    clause.event_span = peek().span;
    clause.event = take().text;
    if (take_word("where")) {
        expect_symbol("(", "For example: did purchase where (category = 'wine')");
        clause.where = conditions(depth + 1);
        expect_symbol(")", "Close the bracket of \"where\".");
    }
    return clause;
}

ConditionPtr Parser::did(int depth) {
    take();
    ConditionPtr result = make(Condition::Kind::kDid);
    result->negated = take_word("not");
    const Token& count_token = peek();
    result->clause = std::make_unique<EventClause>(event(depth));
    if (is_word("then") || is_words({"not", "followed"})) return sequence(std::move(result), depth);
    bool counted = false;
    for (;;) {
        const Token& here = peek();
        const auto once = [&](bool already, const char* what) {
            if (already) fail_at_token(here, std::string("a second ") + what, "One is enough.");
        };
        const bool bounded = is_words({"at", "least"}) || is_words({"at", "most"}) || is_word("exactly");
        const bool between_times = is_word("between") && peek(1).kind == TokenKind::kNumber &&
                                   is_word("and", 2) && peek(3).kind == TokenKind::kNumber &&
                                   (is_word("times", 4) || is_word("time", 4));
        if (bounded || between_times) {
            once(counted, "number of times");
            counted = true;
            const std::string word = take().keyword;
            if (word == "between") {
                result->at_least = whole_number(0, kMaxTimes, "how many");
                take();
                result->at_most = whole_number(result->at_least, kMaxTimes, "how many");
            } else {
                const std::string bound = word == "exactly" ? word : take().keyword;
                const int64_t n = whole_number(0, kMaxTimes, "how many");
                result->at_least = bound == "most" ? 0 : n;
                if (bound != "least") result->at_most = n;
            }
            if (!take_word("times")) expect_word("time", "For example: at least 2 times");
        } else if (is_words({"in", "at", "least"})) {
            once(result->periods > 0, "number of periods");
            position_ += 3;
            result->periods = whole_number(1, 1000, "how many periods");
            expect_word("of", "For example: in at least 6 of the last 8 weeks");
            expect_word("the", "For example: in at least 6 of the last 8 weeks");
            expect_word("last", "For example: in at least 6 of the last 8 weeks");
            result->of_periods = whole_number(result->periods, 1000, "of how many periods");
            result->period_unit = unit();
            if (result->period_unit < Unit::kDay) fail("periods are days, weeks, months, quarters or years");
        } else {
            Window window_here;
            if (!window(window_here)) break;
            once(result->clause->window.kind != Window::Kind::kNone, "window of time");
            result->clause->window = window_here;
        }
    }
    if (result->negated && (counted || result->periods > 0)) {
        const std::string name = one_line(source(result->clause->event_span), 60);
        fail_at_token(count_token, "\"did not\" with a number can be read in two ways",
                      result->periods > 0 ? "Say which you mean: not (did " + name +
                                                " in at least …); or: did not " + name + " in last 4 weeks"
                                          : "Say which you mean: not (did " + name +
                                                " at least …); or: did " + name + " at most … times");
    }
    if (result->periods > 0 && result->clause->window.kind != Window::Kind::kNone) {
        fail("periods and a window of time exclude each other",
             "The periods say from when on: in at least 6 of the last 8 weeks");
    }
    return result;
}

ConditionPtr Parser::contact() {
    const bool may = is_word("may");
    take();
    ConditionPtr result = make(may ? Condition::Kind::kMayContact : Condition::Kind::kReachable);
    if (may) {
        result->negated = take_word("not");
        expect_word("be", "For example: may be contacted by email for 'marketing'");
        expect_word("contacted", "For example: may be contacted by email for 'marketing'");
    }
    expect_word("by", "For example: may be contacted by email");
    result->text_span = peek().span;
    result->text = peek().keyword;
    if (result->text != "email" && result->text != "sms" && result->text != "phone" &&
        result->text != "post") {
        fail("unknown channel " + shown(peek()), "Channels are email, sms, phone and post.");
    }
    take();
    result->purpose = "marketing";
    result->purpose_span = result->text_span;
    if (may && take_word("for")) {
        result->purpose_span = peek().span;
        result->purpose = text_value("the purpose");
    }
    return result;
}

// sum(amount) of purchase …, count of visit …, count(distinct product) of purchase …, days since last
// purchase; null when what follows is none of these.
ExpressionPtr Parser::aggregate(int depth) {
    const bool days_since = is_words({"days", "since", "last"}) || is_words({"days", "since", "first"});
    const bool plain_count = is_words({"count", "of"});
    static constexpr std::string_view kFunctions[] = {"sum", "avg", "min", "max", "median", "count"};
    bool function = false;
    for (const std::string_view name : kFunctions)
        function = function || (is_word(name) && is_symbol("(", 1));
    if (!days_since && !plain_count && !function) return nullptr;
    enter(depth + 1);
    auto result = std::make_unique<Expression>();
    if (days_since) {
        result->kind = Expression::Kind::kDaysSince;
        position_ += 2;
        result->text = take().keyword;
        result->clause = std::make_unique<EventClause>(event(depth + 1));
        return result;
    }
    result->kind = Expression::Kind::kAggregate;
    result->text = take().keyword;
    if (function) {
        take();
        result->distinct = take_word("distinct");
        if (result->text == "count" && !result->distinct) {
            fail("count of a property needs \"distinct\"",
                 "Write: count(distinct product) of purchase, or: count of purchase");
        }
        if (peek().kind != TokenKind::kWord && peek().kind != TokenKind::kQuotedName) {
            fail("expected a property of the event but found " + shown(peek()),
                 "For example: sum(amount) of purchase");
        }
        result->property_span = peek().span;
        result->property = take().text;
        expect_symbol(")", "For example: sum(amount) of purchase");
    }
    expect_word("of", "For example: sum(amount) of purchase in last 6 months > 1000");
    result->clause = std::make_unique<EventClause>(event(depth + 1));
    window(result->clause->window);
    return result;
}

}  // namespace cdp::segment
