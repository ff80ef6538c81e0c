// SPDX-License-Identifier: PostgreSQL
#include "similarity/nysiis.hpp"

namespace cdp::similarity {
namespace {

bool is_vowel(char c) {
    return is_any_of(c, "AEIOU");
}

std::ptrdiff_t last_of(const Letters& word) {
    return static_cast<std::ptrdiff_t>(word.size()) - 1;
}

bool ends_with(const Letters& word, std::string_view part) {
    return word.at(static_cast<std::ptrdiff_t>(word.size() - part.size()), part);
}

// Replaces the letters from i by as many.
void overwrite(Letters& word, std::ptrdiff_t i, std::string_view part) {
    for (const char c : part) word[i++] = c;
}

// Replaces the ending, which is at least as long.
bool change_end(Letters& word, std::string_view ending, std::string_view part) {
    if (word.size() < ending.size() || !ends_with(word, ending)) return false;
    const size_t start = word.size() - ending.size();
    overwrite(word, static_cast<std::ptrdiff_t>(start), part);
    word.shrink(start + part.size());
    return true;
}

void change_begin(Letters& word) {
    if (word.at(0, "MAC")) return overwrite(word, 0, "MCC");
    if (word.at(0, "KN")) return overwrite(word, 0, "NN");
    if (word.at(0, "K")) return overwrite(word, 0, "C");
    if (word.at(0, "PH") || word.at(0, "PF")) return overwrite(word, 0, "FF");
    if (word.at(0, "SCH")) return overwrite(word, 0, "SSS");
}

// Rule 3 for the letter at i.
void change_letter(Letters& word, std::ptrdiff_t i) {
    const char before = word[i - 1];
    switch (word[i]) {
        case 'E':
            if (word[i + 1] == 'V') word[i + 1] = 'F';
            word[i] = 'A';
            break;
        case 'A':
        case 'I':
        case 'O':
        case 'U':
            word[i] = 'A';
            break;
        case 'Q':
            word[i] = 'G';
            break;
        case 'Z':
            word[i] = 'S';
            break;
        case 'M':
            word[i] = 'N';
            break;
        case 'K':
            word[i] = word[i + 1] == 'N' ? 'N' : 'C';
            break;
        case 'S':
            if (word.at(i, "SCH")) overwrite(word, i, "SSS");
            break;
        case 'P':
            if (word[i + 1] == 'H') overwrite(word, i, "FF");
            break;
        case 'H':
            if (!is_vowel(before) || !is_vowel(word[i + 1])) word[i] = before;
            break;
        case 'W':
            if (is_vowel(before)) word[i] = before;
            break;
        default:
            break;
    }
}

Code code_of(std::string_view letters, size_t max_length) {
    Code code;
    code.put(letters.substr(0, max_length));
    return code;
}

// Keeps the letters that `keep` says yes to, in place; it sees the word as it was before.
template <typename Keep>
void filter(Letters& word, Keep keep) {
    std::ptrdiff_t to = 0;
    for (std::ptrdiff_t i = 0; i <= last_of(word); ++i) {
        if (keep(i)) word[to++] = word[i];
    }
    word.shrink(static_cast<size_t>(to));
}

// Replaces every `part` by a shorter `other`, from left to right.
void replace_all(Letters& word, std::string_view part, std::string_view other) {
    std::ptrdiff_t to = 0;
    for (std::ptrdiff_t i = 0; i <= last_of(word);) {
        if (word.at(i, part)) {
            for (const char c : other) word[to++] = c;
            i += static_cast<std::ptrdiff_t>(part.size());
        } else {
            word[to++] = word[i++];
        }
    }
    word.shrink(static_cast<size_t>(to));
}

void replace_letter(Letters& word, char c, char other, std::ptrdiff_t from, std::ptrdiff_t end) {
    for (std::ptrdiff_t i = from; i < end; ++i) {
        if (word[i] == c) word[i] = other;
    }
}

}  // namespace

Code nysiis(std::string_view text, size_t max_length) {
    Letters word(text);
    if (word.empty()) return {};
    change_begin(word);
    if (!change_end(word, "EE", "Y") && !change_end(word, "IE", "Y")) {
        for (const std::string_view ending : {"DT", "RT", "RD", "NT", "ND"}) {
            if (change_end(word, ending, "D")) break;
        }
    }
    // The code is written over the letters already read; `before` is the changed letter before i.
    Code code;
    code.put(word[0]);
    for (std::ptrdiff_t i = 1; i <= last_of(word); ++i) {
        change_letter(word, i);
        if (word[i] != code.back()) code.put(word[i]);
    }
    if (code.size() > 1 && code.back() == 'S') code.shrink(code.size() - 1);
    const std::string_view view = code.view();
    if (view.size() > 2 && view.substr(view.size() - 2) == "AY") {
        code.shrink(code.size() - 2);
        code.put('Y');
    }
    if (code.size() > 1 && code.back() == 'A') code.shrink(code.size() - 1);
    code.shrink(max_length);
    return code;
}

Code modified_nysiis(std::string_view text, size_t max_length) {
    Letters word(text);
    if (word.empty()) return {};
    const char first = word[0];
    while (word.size() > 1 && is_any_of(word[last_of(word)], "SZ")) word.shrink(word.size() - 1);
    if (word.at(0, "MAC")) {
        replace_all(word, "MAC", "MC");
    } else if (word.at(0, "PF")) {
        filter(word, [](std::ptrdiff_t i) { return i != 0; });
    }
    if (!change_end(word, "IX", "IC") && !change_end(word, "EX", "EC")) {
        for (const std::string_view ending : {"YE", "EE", "IE"}) {
            if (change_end(word, ending, "Y")) break;
        }
        if (!change_end(word, "NT", "D")) change_end(word, "ND", "D");
    }
    for (std::ptrdiff_t i = 1; i <= last_of(word); ++i) {
        if (word.at(i, "EV")) word[i + 1] = 'F';
    }
    filter(word, [&, vowel = false](std::ptrdiff_t i) mutable {
        const bool drop = word[i] == 'W' && vowel;
        vowel = is_vowel(word[i]);
        return !drop;
    });
    for (std::ptrdiff_t i = 0; i <= last_of(word); ++i) {
        if (is_vowel(word[i])) word[i] = 'A';
    }
    replace_all(word, "GHT", "GT");
    replace_all(word, "DG", "G");
    replace_all(word, "PH", "F");
    filter(word, [&, vowel = false](std::ptrdiff_t i) mutable {
        const bool drop = i > 0 && word[i] == 'H' && (vowel || word[i + 1] == 'A');
        vowel = word[i] == 'A';
        return !drop;
    });
    replace_all(word, "KN", "N");
    const std::ptrdiff_t end = last_of(word) + 1;
    replace_letter(word, 'K', 'C', 0, end);
    replace_letter(word, 'M', 'N', 1, end);
    replace_letter(word, 'Q', 'G', 1, end);
    replace_all(word, "SH", "S");
    replace_all(word, "SCH", "S");
    replace_all(word, "YW", "Y");
    replace_letter(word, 'Y', 'A', 1, last_of(word));
    replace_all(word, "WR", "R");
    replace_letter(word, 'Z', 'S', 1, last_of(word) + 1);
    change_end(word, "AY", "Y");
    while (word.size() > 1 && word[last_of(word)] == 'A') word.shrink(word.size() - 1);
    filter(word, [&, last = '\0'](std::ptrdiff_t i) mutable {
        const bool again = word[i] == last;
        last = word[i];
        return !again;
    });
    if (is_vowel(first)) word[0] = first;
    return code_of(word.view(), max_length);
}

}  // namespace cdp::similarity
