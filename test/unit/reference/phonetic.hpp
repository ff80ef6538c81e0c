// SPDX-License-Identifier: PostgreSQL
// Phonetic codes as their descriptions put them, in whole-string steps: the fast ones are tested against
// them.
#pragma once

#include <regex>
#include <string>
#include <string_view>

namespace reference {

inline std::string replaced(const std::string& text, const char* pattern, const char* by) {
    return std::regex_replace(text, std::regex(pattern), by);
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
    word = word.substr(0, 1) + replaced(word.substr(1), "[HW]", "");
    word = replaced(word, "[BFPV]", "1");
    word = replaced(word, "[CGJKQSXZ]", "2");
    word = replaced(word, "[DT]", "3");
    word = replaced(word, "L", "4");
    word = replaced(word, "[MN]", "5");
    word = replaced(word, "R", "6");
    word = replaced(word, "([1-6])\\1+", "$1");
    word = first + replaced(word.substr(1), "[AEIOUY]", "");
    return (word + "000").substr(0, 4);
}

inline std::string refined_soundex(std::string_view text) {
    const std::string letters = letters_only(text);
    if (letters.empty()) return letters;
    std::string word = replaced(letters, "[AEIOUHWY]", "0");
    word = replaced(word, "[BP]", "1");
    word = replaced(word, "[FV]", "2");
    word = replaced(word, "[CKS]", "3");
    word = replaced(word, "[GJ]", "4");
    word = replaced(word, "[QXZ]", "5");
    word = replaced(word, "[DT]", "6");
    word = replaced(word, "L", "7");
    word = replaced(word, "[MN]", "8");
    word = replaced(word, "R", "9");
    return letters.substr(0, 1) + replaced(word, "(\\d)\\1+", "$1");
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
    digits = replaced(digits, "(\\d)\\1+", "$1");
    if (digits.empty()) return digits;
    return digits.substr(0, 1) + replaced(digits.substr(1), "0", "");
}

// Taft's rules, each on the whole of what is left to read, with what has been read behind it.
inline std::string nysiis(std::string_view text) {
    std::string word = letters_only(text);
    if (word.empty()) return word;
    word = replaced(word, "^MAC", "MCC");
    word = replaced(word, "^KN", "NN");
    word = replaced(word, "^K", "C");
    word = replaced(word, "^P[HF]", "FF");
    word = replaced(word, "^SCH", "SSS");
    const std::string shorter = replaced(word, "(EE|IE)$", "Y");
    word = shorter != word ? shorter : replaced(word, "(DT|RT|RD|NT|ND)$", "D");
    std::string read = word.substr(0, 1);
    std::string code = read;
    for (std::string left = word.substr(1); !left.empty();) {
        const std::string before = read.substr(read.size() - 1);
        const std::string step = [&]() -> std::string {
            if (std::regex_search(left, std::regex("^EV"))) return "AF" + left.substr(2);
            if (std::regex_search(left, std::regex("^[AEIOU]"))) return "A" + left.substr(1);
            if (left[0] == 'Q') return "G" + left.substr(1);
            if (left[0] == 'Z') return "S" + left.substr(1);
            if (left[0] == 'M') return "N" + left.substr(1);
            if (left.substr(0, 2) == "KN") return "N" + left.substr(1);
            if (left[0] == 'K') return "C" + left.substr(1);
            if (left.substr(0, 3) == "SCH") return "SSS" + left.substr(3);
            if (left.substr(0, 2) == "PH") return "FF" + left.substr(2);
            if (std::regex_search(before + left, std::regex("^([^AEIOU]H|[AEIOU]H([^AEIOU]|$))"))) {
                return before + left.substr(1);
            }
            if (std::regex_search(before + left, std::regex("^[AEIOU]W"))) return before + left.substr(1);
            return left;
        }();
        read += step[0];
        if (step[0] != code.back()) code += step[0];
        left = step.substr(1);
    }
    code = code.substr(0, 1) + replaced(code.substr(1), "S$", "");
    code = code.substr(0, 1) + replaced(code.substr(1), "AY$", "Y");
    return code.substr(0, 1) + replaced(code.substr(1), "A$", "");
}

}  // namespace reference
