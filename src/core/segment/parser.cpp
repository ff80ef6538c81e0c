// SPDX-License-Identifier: PostgreSQL
#include "segment/parser.hpp"

#include <utility>

#include "segment/diagnostic.hpp"

namespace cdp::segment {

const Token& Parser::peek(size_t ahead) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}
bool Parser::is_words(std::initializer_list<std::string_view> words) const {
    size_t ahead = 0;
    for (const std::string_view word : words) {
        if (!is_word(word, ahead++)) return false;
    }
    return true;
}
bool Parser::is_symbol(std::string_view symbol, size_t ahead) const {
    return peek(ahead).kind == TokenKind::kSymbol && peek(ahead).text == symbol;
}
bool Parser::take_word(std::string_view word) {
    return take_words({word});
}
bool Parser::take_words(std::initializer_list<std::string_view> words) {
    if (!is_words(words)) return false;
    position_ += words.size();
    return true;
}
bool Parser::take_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    take();
    return true;
}
void Parser::expect_word(std::string_view word, const char* hint) {
    if (!take_word(word)) fail("expected \"" + std::string(word) + "\" but found " + shown(peek()), hint);
}
void Parser::expect_symbol(std::string_view symbol, const char* hint) {
    if (!take_symbol(symbol))
        fail("expected \"" + std::string(symbol) + "\" but found " + shown(peek()), hint);
}
void Parser::fail(const std::string& message, const std::string& hint) const {
    fail_at_token(peek(), message, hint);
}
void Parser::fail_at_token(const Token& token, const std::string& message, const std::string& hint) const {
    fail_at(ErrorCode::kSyntax, definition_, token.span.begin, message, hint);
}
std::string Parser::shown(const Token& token) const {
    if (token.kind == TokenKind::kEnd) return "the end";
    return "\"" + one_line(source(token.span), 40) + "\"";
}
std::string Parser::source(const Span& span) const {
    return std::string(definition_.substr(span.begin, span.end - span.begin));
}
Span Parser::since(size_t first_token) const {
    return {tokens_[first_token].span.begin,
            tokens_[position_ > first_token ? position_ - 1 : first_token].span.end};
}
void Parser::enter(int depth) const {
    if (depth > kMaxDepth) {
        fail_at(ErrorCode::kLimitExceeded, definition_, peek().span.begin,
                "the definition is nested more than " + std::to_string(kMaxDepth) + " levels deep",
                "Make the inner part a segment of its own and use: in segment 'name'");
    }
}
// Chains grow the tree by a level an operator, wherever the brackets are.
void Parser::count_operator() {
    if (++operators_ > kMaxOperators) {
        fail_at(ErrorCode::kLimitExceeded, definition_, peek().span.begin,
                "the definition calculates with more than " + std::to_string(kMaxOperators) + " operators",
                "Keep the result as an attribute of the customer.");
    }
}
ConditionPtr Parser::make(Condition::Kind kind) const {
    auto condition = std::make_unique<Condition>();
    condition->kind = kind;
    return condition;
}

ConditionPtr Parser::parse_definition() {
    if (peek().kind == TokenKind::kEnd) {
        fail("the definition is empty", "For example: city = 'Santiago' and did purchase in last 30 days");
    }
    ConditionPtr result = conditions(0);
    if (peek().kind != TokenKind::kEnd) {
        fail("expected \"and\", \"or\" or the end but found " + shown(peek()),
             is_symbol(")") ? "There is one closing bracket too many." : "");
    }
    return result;
}

ConditionPtr Parser::conditions(int depth) {
    enter(depth);
    const size_t first = position_;
    std::vector<ConditionPtr> parts;
    std::vector<Span> spans;
    std::string_view joined_by;
    const auto part = [&] {
        const size_t begin = position_;
        parts.push_back(unary(depth));
        spans.push_back(since(begin));
    };
    part();
    while (is_word("and") || is_word("or")) {
        const std::string_view word = is_word("and") ? "and" : "or";
        if (!joined_by.empty() && word != joined_by) {
            const Token& here = peek();
            take();
            part();
            const size_t n = spans.size();
            const auto text = [&](size_t i) { return one_line(source(spans[i]), 60); };
            std::string hint = "Say which you mean: (";
            hint.append(text(n - 3))
                .append(" ")
                .append(joined_by)
                .append(" ")
                .append(text(n - 2))
                .append(") ");
            hint.append(word)
                .append(" ")
                .append(text(n - 1))
                .append("; or: ")
                .append(text(n - 3))
                .append(" ");
            hint.append(joined_by).append(" (").append(text(n - 2)).append(" ").append(word).append(" ");
            hint.append(text(n - 1)).append(")");
            fail_at_token(here, "\"and\" and \"or\" are mixed without brackets", hint);
        }
        joined_by = word;
        take();
        part();
    }
    if (parts.size() == 1) return std::move(parts.front());
    ConditionPtr result = make(joined_by == "and" ? Condition::Kind::kAnd : Condition::Kind::kOr);
    result->children = std::move(parts);
    result->span = since(first);
    return result;
}

ConditionPtr Parser::unary(int depth) {
    enter(depth);
    const size_t first = position_;
    if (is_word("not") && !is_words({"not", "in", "segment"})) {
        take();
        ConditionPtr result = make(Condition::Kind::kNot);
        result->children.push_back(unary(depth + 1));
        result->span = since(first);
        return result;
    }
    if (is_symbol("(") && !bracket_is_expression()) {
        take();
        ConditionPtr result = conditions(depth + 1);
        expect_symbol(")", "Close the bracket.");
        result->span = since(first);
        return result;
    }
    ConditionPtr result = simple(depth);
    result->span = since(first);
    return result;
}

// Whether the bracket here holds a value, as in (a + b) > 3, and not conditions.
bool Parser::bracket_is_expression() const {
    size_t open = 0;
    size_t i = position_;
    for (; i < tokens_.size() && tokens_[i].kind != TokenKind::kEnd; ++i) {
        if (tokens_[i].kind != TokenKind::kSymbol) continue;
        if (tokens_[i].text == "(") ++open;
        if (tokens_[i].text == ")" && --open == 0) break;
    }
    if (i + 1 >= tokens_.size()) return false;
    const Token& after = tokens_[i + 1];
    if (after.kind == TokenKind::kSymbol) {
        return std::string_view("+-*/=<><=>=").find(after.text) != std::string_view::npos;
    }
    return after.keyword == "between" || after.keyword == "in" || after.keyword == "is";
}

ConditionPtr Parser::simple(int depth) {
    if (is_word("did")) return did(depth);
    if (is_words({"in", "segment"}) || is_words({"not", "in", "segment"})) {
        ConditionPtr result = make(Condition::Kind::kInSegment);
        result->negated = take_word("not");
        position_ += 2;
        result->text_span = peek().span;
        result->text = text_value("the name of the segment");
        return result;
    }
    if (is_word("may") || is_words({"reachable", "by"})) return contact();
    if (is_words({"anniversary", "of"})) {
        position_ += 2;
        ConditionPtr result = make(Condition::Kind::kAnniversary);
        result->left = primary(depth);
        expect_word("in", "For example: anniversary of birth_date in next 7 days");
        expect_word("next", "For example: anniversary of birth_date in next 7 days");
        result->window.kind = Window::Kind::kNext;
        result->window.far = whole_number(0, 366, "the number of days");
        result->window.unit = unit();
        if (result->window.unit != Unit::kDay)
            fail("anniversaries look ahead in days", "For example: in next 30 days");
        return result;
    }
    if (is_words({"time", "between"})) {
        position_ += 2;
        ConditionPtr result = make(Condition::Kind::kTimeOfDay);
        const auto time = [&] {
            if (peek().kind != TokenKind::kTime)
                fail("expected a time of day", "For example: time between 19:00 and 01:00");
            return take().minutes;
        };
        result->from_minute = time();
        expect_word("and", "For example: time between 19:00 and 01:00");
        result->to_minute = time();
        return result;
    }
    return predicate(depth);
}

ConditionPtr Parser::predicate(int depth) {
    return predicate_of(sum(depth + 1), depth);
}

ConditionPtr Parser::predicate_of(ExpressionPtr left, int depth) {
    static constexpr std::string_view kOperators[] = {"=", "<>", "<=", ">=", "<", ">"};
    for (const std::string_view op : kOperators) {
        if (!is_symbol(op)) continue;
        take();
        ConditionPtr result = make(Condition::Kind::kCompare);
        result->text = op;
        result->left = std::move(left);
        result->right.push_back(sum(depth + 1));
        return result;
    }
    if (is_word("is")) {
        take();
        if (take_word("exactly")) {
            ConditionPtr result = make(Condition::Kind::kExactly);
            result->left = std::move(left);
            result->text = text_value("the exact text");
            return result;
        }
        const bool negated = take_word("not");
        if (is_word("known") || is_word("unknown")) {
            ConditionPtr result = make(Condition::Kind::kKnown);
            result->negated = take().keyword == "unknown" ? !negated : negated;
            result->left = std::move(left);
            return result;
        }
        if (!negated && (is_word("true") || is_word("false"))) {
            ConditionPtr result = make(Condition::Kind::kTruth);
            result->value = take().keyword == "true";
            result->left = std::move(left);
            return result;
        }
        if (!negated && is_word("today")) {
            take();
            ConditionPtr result = make(Condition::Kind::kWithin);
            result->left = std::move(left);
            result->window.kind = Window::Kind::kThis;
            return result;
        }
        fail("expected known, unknown, true, false, today or exactly after \"is\" but found " +
             shown(peek()));
    }
    const size_t first = position_;
    const bool negated = take_word("not");
    if (is_word("in") && is_symbol("(", 1)) {
        position_ += 2;
        ConditionPtr result = make(Condition::Kind::kIn);
        result->negated = negated;
        result->left = std::move(left);
        do {
            if (result->right.size() == kMaxListItems) {
                fail_at(ErrorCode::kLimitExceeded, definition_, peek().span.begin,
                        "a list has more than " + std::to_string(kMaxListItems) + " values",
                        "Keep long lists as an attribute of the customer.");
            }
            result->right.push_back(sum(depth + 1));
        } while (take_symbol(","));
        expect_symbol(")", "Close the list: city in ('Lima', 'Quito')");
        return result;
    }
    if (is_word("like") || is_word("contains") || is_words({"starts", "with"}) ||
        is_words({"ends", "with"})) {
        ConditionPtr result = make(Condition::Kind::kPattern);
        result->negated = negated;
        result->left = std::move(left);
        result->text = take().keyword;
        if (result->text == "starts" || result->text == "ends") take();
        auto pattern = std::make_unique<Expression>();
        pattern->kind = Expression::Kind::kText;
        pattern->span = peek().span;
        pattern->text = text_value("a text");
        result->right.push_back(std::move(pattern));
        return result;
    }
    Window within;
    if (date_window(within)) {
        ConditionPtr result = make(Condition::Kind::kWithin);
        result->negated = negated;
        result->left = std::move(left);
        result->window = within;
        return result;
    }
    if (is_word("between")) return comparison_between(std::move(left), negated, depth);
    position_ = first;
    fail("expected a comparison but found " + shown(peek()),
         "For example: city = 'Santiago', age between 30 and 40, email is known, birth_date before "
         "'1990-01-01'");
}

ConditionPtr Parser::comparison_between(ExpressionPtr left, bool negated, int depth) {
    take();
    ConditionPtr result = make(Condition::Kind::kBetween);
    result->negated = negated;
    result->left = std::move(left);
    result->right.push_back(sum(depth + 1));
    expect_word("and", "For example: age between 30 and 40 (both included)");
    result->right.push_back(sum(depth + 1));
    return result;
}

ExpressionPtr Parser::sum(int depth) {
    enter(depth);
    const size_t first = position_;
    ExpressionPtr left = product(depth);
    while (is_symbol("+") || is_symbol("-")) {
        auto result = std::make_unique<Expression>();
        result->kind = Expression::Kind::kArithmetic;
        result->text = take().text;
        result->left = std::move(left);
        result->right = product(depth);
        result->span = since(first);
        left = std::move(result);
        count_operator();
    }
    return left;
}

ExpressionPtr Parser::product(int depth) {
    const size_t first = position_;
    ExpressionPtr left = primary(depth);
    while (is_symbol("*") || is_symbol("/")) {
        auto result = std::make_unique<Expression>();
        result->kind = Expression::Kind::kArithmetic;
        result->text = take().text;
        result->left = std::move(left);
        result->right = primary(depth);
        result->span = since(first);
        left = std::move(result);
        count_operator();
    }
    return left;
}

ExpressionPtr Parser::primary(int depth) {
    enter(depth);
    const size_t first = position_;
    auto result = std::make_unique<Expression>();
    const Token& token = peek();
    if (take_symbol("(")) {
        result = sum(depth + 1);
        expect_symbol(")", "Close the bracket.");
    } else if (take_symbol("-")) {
        count_operator();
        result->kind = Expression::Kind::kArithmetic;
        result->text = "-";
        result->right = primary(depth + 1);
    } else if (token.kind == TokenKind::kNumber) {
        result->kind = Expression::Kind::kNumber;
        result->text = take().text;
    } else if (token.kind == TokenKind::kText) {
        result->kind = Expression::Kind::kText;
        result->text = take().text;
    } else if (token.kind == TokenKind::kQuotedName || token.kind == TokenKind::kWord) {
        if (ExpressionPtr value = aggregate(depth)) {
            result = std::move(value);
        } else {
            result->kind = Expression::Kind::kName;
            result->text = take().text;
            if (token.keyword == "person" && take_symbol(".")) {
                if (peek().kind != TokenKind::kWord && peek().kind != TokenKind::kQuotedName) {
                    fail("expected the name of an attribute after \"person.\"", "For example: person.city");
                }
                result->of_person = true;
                result->text = take().text;
            }
        }
    } else {
        fail("expected a name or a value but found " + shown(token),
             "For example: city = 'Santiago' or did purchase in last 30 days");
    }
    result->span = since(first);
    return result;
}

ConditionPtr parse(std::string_view definition) {
    return Parser(definition).parse_definition();
}

std::vector<const Condition*> top_conditions(const Condition& condition) {
    std::vector<const Condition*> result;
    if (condition.kind != Condition::Kind::kAnd) return {&condition};
    for (const ConditionPtr& child : condition.children) result.push_back(child.get());
    return result;
}

}  // namespace cdp::segment
