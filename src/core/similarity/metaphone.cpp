// SPDX-License-Identifier: PostgreSQL
#include "similarity/metaphone.hpp"

namespace cdp::similarity {
namespace {

bool is_vowel(char c) {
    return is_any_of(c, "AEIOU");
}
bool softens(char c) {
    return is_any_of(c, "EIY");
}

class Coder {
  public:
    explicit Coder(std::string_view text) : word_(text) {}

    Code code(size_t max_length) {
        std::ptrdiff_t i = begin();
        while (word_[i] != '\0' && code_.size() < max_length) {
            const char c = word_[i];
            // Doubled letters once; C is not, as in ACCIDENT.
            i += c == word_[i - 1] && c != 'C' ? 1 : letter(i);
        }
        code_.shrink(max_length);
        return code_;
    }

  private:
    // What is special at the beginning; the position of the next letter.
    std::ptrdiff_t begin() {
        const char next = word_[1];
        switch (word_[0]) {
            case 'A':
                code_.put(next == 'E' ? 'E' : 'A');
                return next == 'E' ? 2 : 1;
            case 'E':
            case 'I':
            case 'O':
            case 'U':
                code_.put(word_[0]);
                return 1;
            case 'G':
            case 'K':
            case 'P':
                return next == 'N' ? 1 : 0;
            case 'W':
                if (next == 'R') return 1;
                if (next != 'H') return 0;
                code_.put('W');
                return 2;
            case 'X':
                code_.put('S');
                return 1;
            default:
                return 0;
        }
    }

    // Codes the letter at i; how many letters that took.
    std::ptrdiff_t letter(std::ptrdiff_t i) {
        const char c = word_[i];
        const char before = word_[i - 1];
        const char next = word_[i + 1];
        const char second = word_[i + 2];
        switch (c) {
            case 'B':
                if (before != 'M' || next != '\0') code_.put('B');
                return 1;
            case 'C':
                return letter_c(i);
            case 'D':
                if (next == 'G' && softens(second)) {
                    code_.put('J');
                    return 2;
                }
                code_.put('T');
                return 1;
            case 'G':
                return letter_g(i);
            case 'H':
                if (is_vowel(next) && !is_any_of(before, "CGPST")) code_.put('H');
                return 1;
            case 'K':
                if (before != 'C') code_.put('K');
                return 1;
            case 'P':
                code_.put(next == 'H' ? 'F' : 'P');
                return next == 'H' ? 2 : 1;
            case 'Q':
                code_.put('K');
                return 1;
            case 'S':
                return letter_s(i);
            case 'T':
                return letter_t(i);
            case 'V':
                code_.put('F');
                return 1;
            case 'W':
            case 'Y':
                if (is_vowel(next)) code_.put(c);
                return 1;
            case 'X':
                code_.put("KS");
                return 1;
            case 'Z':
                code_.put('S');
                return 1;
            case 'F':
            case 'J':
            case 'L':
            case 'M':
            case 'N':
            case 'R':
                code_.put(c);
                return 1;
            default:
                return 1;  // a vowel
        }
    }

    std::ptrdiff_t letter_c(std::ptrdiff_t i) {
        const char before = word_[i - 1];
        const char next = word_[i + 1];
        if (next == 'H') {
            code_.put(before == 'S' || word_[i + 2] == 'R' ? 'K' : 'X');
            return 2;
        }
        if (next == 'I' && word_[i + 2] == 'A') {
            code_.put('X');
        } else if (!softens(next)) {
            code_.put('K');
        } else if (before != 'S') {
            code_.put('S');
        }
        return 1;
    }

    std::ptrdiff_t letter_g(std::ptrdiff_t i) {
        const char next = word_[i + 1];
        const char second = word_[i + 2];
        if (next == 'H' && second != '\0' && !is_vowel(second)) return 2;
        if (next == 'N' &&
            (second == '\0' || (second == 'E' && word_[i + 3] == 'D' && word_[i + 4] == '\0'))) {
            return 1;
        }
        if (!softens(next) || word_[i - 1] == 'G') {
            code_.put('K');
        } else {
            code_.put('J');
        }
        // The rest of a doubled G is skipped as doubled.
        return 1;
    }

    std::ptrdiff_t letter_s(std::ptrdiff_t i) {
        const char next = word_[i + 1];
        const char second = word_[i + 2];
        if (next == 'H') {
            code_.put('X');
            return 2;
        }
        if (next == 'C' && second == 'H' && word_[i + 3] == 'W') {
            code_.put('X');
            return 3;
        }
        code_.put(next == 'I' && (second == 'O' || second == 'A') ? 'X' : 'S');
        return 1;
    }

    std::ptrdiff_t letter_t(std::ptrdiff_t i) {
        const char next = word_[i + 1];
        const char second = word_[i + 2];
        if (next == 'H') {
            code_.put('0');
            return 2;
        }
        if (next == 'C' && second == 'H') return 1;
        code_.put(next == 'I' && (second == 'O' || second == 'A') ? 'X' : 'T');
        return 1;
    }

    Letters word_;
    Code code_;
};

}  // namespace

Code metaphone(std::string_view text, size_t max_length) {
    return Coder(text).code(max_length);
}

}  // namespace cdp::similarity
