// SPDX-License-Identifier: PostgreSQL
#include "similarity/soundex.hpp"

namespace cdp::similarity {
namespace {

// A to Z; 0 is a vowel, - does not separate
constexpr std::string_view kSoundexDigits = "0123012-02245501262301-202";
static_assert(kSoundexDigits.size() == 26);
constexpr std::string_view kRefinedDigits = "01360240043788015936020505";
static_assert(kRefinedDigits.size() == 26);

char digit_of(std::string_view digits, char letter) {
    return digits[static_cast<size_t>(letter - 'A')];
}

}  // namespace

Code soundex(std::string_view text) {
    constexpr size_t kLength = 4;
    const Letters letters(text);
    Code code;
    if (letters.empty()) return code;
    code.put(letters[0]);
    char last = digit_of(kSoundexDigits, letters[0]);
    for (std::ptrdiff_t i = 1; letters[i] != '\0' && code.size() < kLength; ++i) {
        const char digit = digit_of(kSoundexDigits, letters[i]);
        if (digit == '-') continue;
        if (digit != '0' && digit != last) code.put(digit);
        last = digit;
    }
    while (code.size() < kLength) code.put('0');
    return code;
}

Code refined_soundex(std::string_view text) {
    const Letters letters(text);
    Code code;
    if (letters.empty()) return code;
    code.put(letters[0]);
    for (std::ptrdiff_t i = 0; letters[i] != '\0'; ++i) {
        const char digit = digit_of(kRefinedDigits, letters[i]);
        if (digit != code.back()) code.put(digit);
    }
    return code;
}

}  // namespace cdp::similarity
