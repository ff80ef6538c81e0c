// SPDX-License-Identifier: PostgreSQL
// Recursive descent over the tokens of a definition. Internal to the topic; use parse() of ast.hpp.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "segment/ast.hpp"

namespace cdp::segment {

class Parser {
  public:
    explicit Parser(std::string_view definition) : definition_(definition), tokens_(tokenize(definition)) {}

    ConditionPtr parse_definition();

  private:
    static constexpr int kMaxDepth = 100;
    static constexpr int kMaxOperators = 200;
    static constexpr size_t kMaxListItems = 10000;
    static constexpr int64_t kMaxUnits = 100000;
    static constexpr int64_t kMaxTimes = 1000000000;
    static constexpr size_t kMaxSteps = 20;

    // Tokens.
    const Token& peek(size_t ahead = 0) const;
    const Token& take() { return tokens_[position_ < tokens_.size() - 1 ? position_++ : position_]; }
    bool is_word(std::string_view word, size_t ahead = 0) const { return peek(ahead).keyword == word; }
    bool is_words(std::initializer_list<std::string_view> words) const;
    bool is_symbol(std::string_view symbol, size_t ahead = 0) const;
    bool take_word(std::string_view word);
    bool take_words(std::initializer_list<std::string_view> words);
    bool take_symbol(std::string_view symbol);
    void expect_word(std::string_view word, const char* hint);
    void expect_symbol(std::string_view symbol, const char* hint);
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const;
    [[noreturn]] void fail_at_token(const Token& token, const std::string& message,
                                    const std::string& hint) const;
    std::string shown(const Token& token) const;
    std::string source(const Span& span) const;
    Span since(size_t first_token) const;

    // Conditions (parser.cpp).
    ConditionPtr conditions(int depth);
    ConditionPtr unary(int depth);
    ConditionPtr simple(int depth);
    ConditionPtr predicate(int depth);
    ConditionPtr predicate_of(ExpressionPtr left, int depth);
    ConditionPtr comparison_between(ExpressionPtr left, bool negated, int depth);
    bool bracket_is_expression() const;
    void enter(int depth) const;
    void count_operator();
    void check_span(int64_t amount, Unit unit) const;
    ConditionPtr make(Condition::Kind kind) const;

    // Values (parser.cpp).
    ExpressionPtr sum(int depth);
    ExpressionPtr product(int depth);
    ExpressionPtr primary(int depth);

    // Events and windows (parser_event.cpp).
    ConditionPtr did(int depth);
    ConditionPtr sequence(ConditionPtr did, int depth);  // parser_sequence.cpp
    int64_t duration();
    ConditionPtr contact();
    EventClause event(int depth);
    bool window(Window& out);
    bool date_window(Window& out);
    ExpressionPtr aggregate(int depth);
    int64_t whole_number(int64_t least, int64_t most, const char* what);
    std::string text_value(const char* what);
    std::string date_value();
    bool is_unit(size_t ahead) const;
    Unit unit();

    std::string_view definition_;
    std::vector<Token> tokens_;
    size_t position_ = 0;
    int operators_ = 0;  // of arithmetic, so far
};

}  // namespace cdp::segment
