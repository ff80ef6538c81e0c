// SPDX-License-Identifier: PostgreSQL
#include "segment/token.hpp"

#include <algorithm>
#include <utility>

#include "segment/diagnostic.hpp"

namespace cdp::segment {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool continues_word(char c) {
    return starts_word(c) || is_digit(c);
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<Token> run() {
        if (text_.size() > kMaxDefinitionBytes) {
            throw Error(ErrorCode::kLimitExceeded, "the definition is too long",
                        "It has " + std::to_string(text_.size()) + " bytes; at most " +
                            std::to_string(kMaxDefinitionBytes) + " are allowed.",
                        "Split it into segments and combine them with: in segment 'name'");
        }
        const size_t zero = text_.find('\0');
        if (zero != std::string_view::npos) fail(zero, "a zero byte is not allowed");
        std::vector<Token> tokens;
        for (;;) {
            skip_blanks();
            tokens.push_back(next());
            if (tokens.back().kind == TokenKind::kEnd) return tokens;
        }
    }

  private:
    [[noreturn]] void fail(size_t position, std::string message, std::string hint = {}) const {
        fail_at(ErrorCode::kSyntax, text_, position, std::move(message), std::move(hint));
    }
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }

    void skip_blanks() {
        for (;;) {
            const char c = at(position_);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
                ++position_;
            } else if (c == '-' && at(position_ + 1) == '-') {
                while (position_ < text_.size() && text_[position_] != '\n') ++position_;
            } else {
                return;
            }
        }
    }

    Token next() {
        Token token;
        token.span.begin = position_;
        const char c = at(position_);
        if (position_ >= text_.size()) {
            token.kind = TokenKind::kEnd;
        } else if (starts_word(c)) {
            token.kind = TokenKind::kWord;
            while (continues_word(at(position_))) ++position_;
            token.text = text_.substr(token.span.begin, position_ - token.span.begin);
            token.keyword = to_lower(token.text);
        } else if (is_digit(c)) {
            number(token);
        } else if (c == '\'') {
            token.kind = TokenKind::kText;
            quoted(token, "text is not closed", "A quote inside text is written twice: 'it''s'");
        } else if (c == '"') {
            token.kind = TokenKind::kQuotedName;
            quoted(token, "the quoted name is not closed", "Text is written in single quotes: 'text'");
            if (token.text.empty()) fail(token.span.begin, "a name is empty");
        } else {
            symbol(token);
        }
        token.span.end = position_;
        return token;
    }

    void quoted(Token& token, const char* unclosed, const char* hint) {
        const char quote = text_[position_++];
        for (;;) {
            if (position_ >= text_.size()) fail(token.span.begin, unclosed, hint);
            if (text_[position_] == quote) {
                if (at(position_ + 1) != quote) break;
                ++position_;
            }
            token.text.push_back(text_[position_++]);
        }
        ++position_;
    }

    void number(Token& token) {
        token.kind = TokenKind::kNumber;
        const auto digits = [&] {
            const size_t begin = position_;
            while (is_digit(at(position_))) ++position_;
            return position_ - begin;
        };
        size_t count = digits();
        if (at(position_) == ':') {
            time_of_day(token);
            return;
        }
        if (at(position_) == '.' && is_digit(at(position_ + 1))) {
            ++position_;
            count += digits();
        }
        if (count > kMaxNumberDigits) {
            fail_at(ErrorCode::kLimitExceeded, text_, token.span.begin,
                    "a number has more than " + std::to_string(kMaxNumberDigits) + " digits");
        }
        if (continues_word(at(position_)) || at(position_) == '.') {
            fail(
                position_, "a number is followed by something that is not part of it",
                "Numbers are written like 1500 or 0.5; a name that starts with a digit needs double quotes.");
        }
        token.text = text_.substr(token.span.begin, position_ - token.span.begin);
    }

    void time_of_day(Token& token) {
        token.kind = TokenKind::kTime;
        const std::string_view hours = text_.substr(token.span.begin, position_ - token.span.begin);
        ++position_;
        const size_t begin = position_;
        while (is_digit(at(position_))) ++position_;
        const std::string_view minutes = text_.substr(begin, position_ - begin);
        const auto bad = [&] {
            fail(token.span.begin, "this is not a time of day", "Write it as hours and minutes: 19:30");
        };
        if (hours.size() > 2 || minutes.size() != 2 || continues_word(at(position_)) || at(position_) == ':')
            bad();
        const int hour = std::stoi(std::string(hours));
        const int minute = std::stoi(std::string(minutes));
        if (minute > 59 || hour * 60 + minute > 24 * 60) bad();
        token.minutes = hour * 60 + minute;
        token.text = text_.substr(token.span.begin, position_ - token.span.begin);
    }

    void symbol(Token& token) {
        token.kind = TokenKind::kSymbol;
        const std::string_view two = text_.substr(position_, 2);
        if (two == "<>" || two == "!=" || two == "<=" || two == ">=") {
            token.text = two == "!=" ? "<>" : std::string(two);
            position_ += 2;
            return;
        }
        const char c = text_[position_];
        if (std::string_view("()=<>+-*/,.").find(c) == std::string_view::npos) {
            const std::string shown =
                c > 0x20 && c < 0x7F ? std::string("\"") + c + "\"" : "a control character";
            fail(position_, shown + " has no meaning here",
                 c == ';' ? "A definition is one condition, without a semicolon." : "");
        }
        token.text = std::string(1, c);
        ++position_;
    }

    std::string_view text_;
    size_t position_ = 0;
};

}  // namespace

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::vector<Token> tokenize(std::string_view definition) {
    return Lexer(definition).run();
}

}  // namespace cdp::segment
