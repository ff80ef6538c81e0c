// SPDX-License-Identifier: PostgreSQL
// Text of a definition to tokens. Linear in the text; the text is untrusted bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdp::segment {

inline constexpr size_t kMaxDefinitionBytes = size_t{64} * 1024;
inline constexpr size_t kMaxNumberDigits = 40;

// Bytes [begin, end) of the definition.
struct Span {
    size_t begin = 0;
    size_t end = 0;
};

enum class TokenKind { kWord, kQuotedName, kText, kNumber, kTime, kSymbol, kEnd };

struct Token {
    TokenKind kind = TokenKind::kEnd;
    // A word as written; the unescaped content of a quoted name or text; the digits of a number; the symbol.
    std::string text;
    std::string keyword;  // a word in lower case, to compare with keywords; empty for everything else
    int minutes = 0;      // a time of day, 0 to 1440
    Span span;
};

// The last token is kEnd. Throws Error(kSyntax) and Error(kLimitExceeded).
std::vector<Token> tokenize(std::string_view definition);

// ASCII only: names keep their other characters as they are.
std::string to_lower(std::string_view text);

}  // namespace cdp::segment
