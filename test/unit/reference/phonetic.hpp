// SPDX-License-Identifier: PostgreSQL
// Phonetic codes as their descriptions put them, in whole-string steps: the fast ones are tested against
// them.
#pragma once

#include <string>
#include <string_view>

namespace reference {

inline bool in(const std::string& letters, char c) {
    return c != '\0' && letters.find(c) != std::string::npos;
}

// Every letter of `letters` becomes `by`.
inline std::string replaced(std::string text, const std::string& letters, char by) {
    for (char& c : text) {
        if (in(letters, c)) c = by;
    }
    return text;
}

inline std::string without(const std::string& text, const std::string& letters) {
    std::string out;
    for (const char c : text) {
        if (!in(letters, c)) out += c;
    }
    return out;
}

// Runs of one character out of `letters` become one.
inline std::string squeezed(const std::string& text, const std::string& letters) {
    std::string out;
    for (const char c : text) {
        if (out.empty() || out.back() != c || !in(letters, c)) out += c;
    }
    return out;
}

inline bool starts(const std::string& text, const std::string& part) {
    return text.substr(0, part.size()) == part;
}
inline bool ends(const std::string& text, const std::string& part) {
    return text.size() >= part.size() && text.substr(text.size() - part.size()) == part;
}
inline std::string with_start(const std::string& text, const std::string& part, const std::string& by) {
    return starts(text, part) ? by + text.substr(part.size()) : text;
}
inline std::string with_end(const std::string& text, const std::string& part, const std::string& by) {
    return ends(text, part) ? text.substr(0, text.size() - part.size()) + by : text;
}

inline std::string letters_only(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 32);
        if (c >= 'A' && c <= 'Z') out += c;
    }
    return out;
}

// National Archives, as a pipeline: digits for consonants, H and W out, runs to one, vowels out.
inline std::string soundex(std::string_view text) {
    std::string word = letters_only(text);
    if (word.empty()) return word;
    const char first = word[0];
    // The first letter stands for its digit, if it has one, until the end.
    word = word.substr(0, 1) + without(word.substr(1), "HW");
    word = replaced(word, "BFPV", '1');
    word = replaced(word, "CGJKQSXZ", '2');
    word = replaced(word, "DT", '3');
    word = replaced(word, "L", '4');
    word = replaced(word, "MN", '5');
    word = replaced(word, "R", '6');
    word = squeezed(word, "123456");
    word = first + without(word.substr(1), "AEIOUY");
    return (word + "000").substr(0, 4);
}

inline std::string refined_soundex(std::string_view text) {
    const std::string letters = letters_only(text);
    if (letters.empty()) return letters;
    std::string word = replaced(letters, "AEIOUHWY", '0');
    word = replaced(word, "BP", '1');
    word = replaced(word, "FV", '2');
    word = replaced(word, "CKS", '3');
    word = replaced(word, "GJ", '4');
    word = replaced(word, "QXZ", '5');
    word = replaced(word, "DT", '6');
    word = replaced(word, "L", '7');
    word = replaced(word, "MN", '8');
    word = replaced(word, "R", '9');
    return letters.substr(0, 1) + squeezed(word, "0123456789");
}

// The three steps of Postel with the table of the German Wikipedia; small letters are done.
inline std::string cologne(std::string_view text) {
    std::string word = letters_only(text);
    // Contexts first, while the neighbours are still letters.
    std::string digits;
    for (size_t i = 0; i < word.size(); ++i) {
        const std::string before = i > 0 ? word.substr(i - 1, 1) : "";
        const std::string here = word.substr(i, 1);
        const std::string next = i + 1 < word.size() ? word.substr(i + 1, 1) : "";
        const auto is = [](const std::string& c, const char* set) {
            return !c.empty() && std::string(set).find(c) != std::string::npos;
        };
        if (is(here, "AEIJOUY")) digits += "0";
        if (is(here, "B")) digits += "1";
        if (is(here, "P") && !is(next, "H")) digits += "1";
        if (is(here, "DT") && !is(next, "CSZ")) digits += "2";
        if (is(here, "FVW")) digits += "3";
        if (is(here, "P") && is(next, "H")) digits += "3";
        if (is(here, "GKQ")) digits += "4";
        if (is(here, "C") && i == 0) digits += is(next, "AHKLOQRUX") ? "4" : "8";
        if (is(here, "C") && i > 0) digits += is(next, "AHKOQUX") && !is(before, "SZ") ? "4" : "8";
        if (is(here, "X")) digits += is(before, "CKQ") ? "8" : "48";
        if (is(here, "L")) digits += "5";
        if (is(here, "MN")) digits += "6";
        if (is(here, "R")) digits += "7";
        if (is(here, "SZ")) digits += "8";
        if (is(here, "DT") && is(next, "CSZ")) digits += "8";
    }
    digits = squeezed(digits, "0123456789");
    if (digits.empty()) return digits;
    return digits.substr(0, 1) + without(digits.substr(1), "0");
}

// Taft's rules, each on the whole of what is left to read, with what has been read behind it.
inline std::string nysiis(std::string_view text) {
    std::string word = letters_only(text);
    if (word.empty()) return word;
    word = with_start(word, "MAC", "MCC");
    word = with_start(word, "KN", "NN");
    word = with_start(word, "K", "C");
    word = with_start(word, "PH", "FF");
    word = with_start(word, "PF", "FF");
    word = with_start(word, "SCH", "SSS");
    std::string shorter = with_end(with_end(word, "EE", "Y"), "IE", "Y");
    for (const char* ending : {"DT", "RT", "RD", "NT", "ND"}) {
        if (shorter == word) shorter = with_end(word, ending, "D");
    }
    word = shorter;
    std::string read = word.substr(0, 1);
    std::string code = read;
    for (std::string left = word.substr(1); !left.empty();) {
        const char before = read.back();
        const char next = left.size() > 1 ? left[1] : '\0';
        const std::string rest = left.substr(1);
        const std::string vowels = "AEIOU";
        const std::string step = [&]() -> std::string {
            if (starts(left, "EV")) return "AF" + left.substr(2);
            if (in(vowels, left[0])) return "A" + rest;
            if (left[0] == 'Q') return "G" + rest;
            if (left[0] == 'Z') return "S" + rest;
            if (left[0] == 'M') return "N" + rest;
            if (starts(left, "KN")) return "N" + rest;
            if (left[0] == 'K') return "C" + rest;
            if (starts(left, "SCH")) return "SSS" + left.substr(3);
            if (starts(left, "PH")) return "FF" + left.substr(2);
            if (left[0] == 'H' && (!in(vowels, before) || !in(vowels, next))) return before + rest;
            if (left[0] == 'W' && in(vowels, before)) return before + rest;
            return left;
        }();
        read += step[0];
        if (step[0] != code.back()) code += step[0];
        left = step.substr(1);
    }
    code = code.substr(0, 1) + with_end(code.substr(1), "S", "");
    code = code.substr(0, 1) + with_end(code.substr(1), "AY", "Y");
    return code.substr(0, 1) + with_end(code.substr(1), "A", "");
}

}  // namespace reference
