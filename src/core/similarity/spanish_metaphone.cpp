// SPDX-License-Identifier: PostgreSQL
#include "similarity/spanish_metaphone.hpp"

#include "similarity/points.hpp"

namespace cdp::similarity {
namespace {

constexpr char kEnye = '[';
constexpr char kUmlaut = ']';
constexpr char kCedilla = '^';
constexpr std::string_view kMarks = "[]^";

constexpr std::array<Marked, 3> kMarked = {{
    {U'ñ', U'Ñ', 'n', 0x303, kEnye},
    {U'ü', U'Ü', 'u', 0x308, kUmlaut},
    {U'ç', U'Ç', 'c', 0x327, kCedilla},
}};

bool is_vowel(char c) {
    return is_any_of(c, "AEIOU");
}

// The first step: spellings of one sound become one letter.
Code unify(const Letters& word) {
    Code out;
    for (std::ptrdiff_t i = 0; word[i] != '\0'; ++i) {
        const char next = word[i + 1];
        switch (word[i]) {
            case 'C':
                out.put(next == 'H' ? 'X' : 'C');
                i += next == 'H' ? 1 : 0;
                break;
            case 'G':
                out.put(next == kUmlaut ? 'W' : 'G');
                i += next == kUmlaut ? 1 : 0;
                break;
            case 'L':
                out.put(next == 'L' ? 'Y' : 'L');
                i += next == 'L' ? 1 : 0;
                break;
            case 'B':
                out.put('V');
                break;
            case kEnye:
                out.put("NY");
                break;
            case kUmlaut:
                out.put('U');
                break;
            case kCedilla:
                out.put('S');
                break;
            default:
                out.put(word[i]);
        }
    }
    return out;
}

}  // namespace

Code spanish_metaphone(std::string_view text, bool seseo, size_t max_length) {
    const Code unified = is_ascii(text) ? unify(Letters(text))
                                        : unify(Letters(mark_letters(text, kMarked.data(), kMarked.size()),
                                                        Letters::Spaces::kDrop, kMarks));
    const std::string_view word = unified.view();
    const auto at = [&](size_t i) { return i < word.size() ? word[i] : '\0'; };
    const char soft_c = seseo ? 'S' : 'Z';
    Code code;
    for (size_t i = 0; i < word.size() && code.size() < max_length; ++i) {
        const char c = word[i];
        const char next = at(i + 1);
        switch (c) {
            case 'D':
            case 'F':
            case 'J':
            case 'K':
            case 'M':
            case 'N':
            case 'P':
            case 'T':
            case 'V':
            case 'L':
            case 'Y':
                code.put(c);
                if (next == c) ++i;
                break;
            case 'C':
                if (next == 'C') {
                    code.put('X');
                    ++i;
                } else {
                    code.put(next == 'E' || next == 'I' ? soft_c : 'K');
                }
                break;
            case 'G':
                code.put(next == 'E' || next == 'I' ? 'J' : 'G');
                break;
            case 'H':
                code.put(is_vowel(next) ? next : 'H');
                if (is_vowel(next)) ++i;
                break;
            case 'Q':
                code.put('K');
                break;  // a U is skipped as any vowel
            case 'W':
                code.put('U');
                break;
            case 'R':
                code.put('R');
                break;
            case 'S':
                code.put(i == 0 && !is_vowel(next) ? "ES" : "S");
                break;
            case 'X':
                code.put(i == 0 && !is_vowel(next) && word.size() > 1 ? "EX" : "X");
                break;
            case 'Z':
                code.put(soft_c);
                break;
            default:
                if (i == 0) code.put(c);
        }
    }
    code.shrink(max_length);
    return code;
}

}  // namespace cdp::similarity
