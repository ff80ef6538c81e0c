// SPDX-License-Identifier: PostgreSQL
// Names cleaned the plain way: vectors of strings, ICU for every character, every word folded. Titles,
// particles and placeholders come from the same lists as in text/name.cpp; what is checked is the reading of
// characters and words, the order of the rules and the case.
#pragma once

#include <unicode/uchar.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/junk.hpp"
#include "text/name_words.hpp"
#include "text/prepare.hpp"
#include "text/repair.hpp"

namespace reference {

using cdp::to_code_points;
using cdp::to_utf8;
using namespace cdp::text;
using Points = std::u32string;

inline UChar32 uchar(char32_t point) {
    return static_cast<UChar32>(point);
}
inline char32_t to_small(char32_t point) {
    return static_cast<char32_t>(u_tolower(uchar(point)));
}
inline char32_t to_title(char32_t point) {
    return static_cast<char32_t>(u_totitle(uchar(point)));
}
inline std::string fold_word(const Points& word) {
    std::string folded;
    return fold_latin(to_utf8(word), folded) && folded.size() <= 16 ? folded : std::string();
}

struct NameWord {
    Points points;
    bool after_comma;
};

inline std::vector<NameWord> name_words(const Points& text, bool& symbols, bool& slash) {
    std::vector<NameWord> words;
    bool comma = false;
    Points word;
    const auto end_word = [&] {
        if (word.find_first_not_of(U".-/'") != Points::npos) {
            words.push_back({word, comma});
            comma = false;
        }
        slash = slash || word == U"/";
        word.clear();
    };
    for (char32_t point : text) {
        if (point == U'’' || point == U'‘' || point == U'ʼ' || point == U'`' || point == U'´') point = U'\'';
        if (point >= 0x2010 && point <= 0x2015) point = U'-';
        const bool dropped = point == 0x200D || point == 0xFE0F || point == 0x20E3 || point == U'_' ||
                             point == U'"' || point == U';' || point == U'*' ||
                             (point != 0xFFFD && (U_GET_GC_MASK(uchar(point)) & U_GC_S_MASK) != 0);
        if (dropped || point == U' ' || point == U',') {
            end_word();
            comma = comma || point == U',';
            symbols = symbols || (dropped && point != U'"' && point != U';');
        } else {
            word.push_back(point);
        }
    }
    end_word();
    return words;
}

inline Points join(const std::vector<NameWord>& words) {
    Points out;
    for (const NameWord& word : words) {
        if (!out.empty()) out.push_back(U' ');
        out += word.points;
    }
    return out;
}

struct Counted {
    size_t small = 0, capital = 0, other = 0;
};
inline Counted count(const Points& points) {
    Counted letters;
    for (const char32_t point : points) {
        if (!u_isalpha(uchar(point))) continue;
        if (u_islower(uchar(point))) {
            ++letters.small;
        } else if (u_isupper(uchar(point)) || u_istitle(uchar(point))) {
            ++letters.capital;
        } else {
            ++letters.other;
        }
    }
    return letters;
}

inline Points title_case(const Points& word) {
    Points out;
    bool start = true;
    size_t letters = 0;
    for (const char32_t point : word) {
        if (!u_isalpha(uchar(point))) {
            const bool joint = out == U"Mc" || out == U"Sant" || out == U"Dell" || out == U"Dall" ||
                               out == U"Degl" || out == U"Nell";
            start = point == U'-' || point == U'.' || point == U'(' ||
                    (point == U'\'' && (letters <= 1 || joint)) || start;
            if (start) letters = 0;
            out.push_back(point);
            continue;
        }
        out.push_back(start ? to_title(point) : to_small(point));
        start = false;
        ++letters;
    }
    if (out.size() >= 5 && out.starts_with(U"Mc") && u_isalpha(uchar(out[2]))) out[2] = to_title(out[2]);
    return out;
}

inline Points small_case(Points word) {
    std::transform(word.begin(), word.end(), word.begin(), to_small);
    return word;
}

inline bool repair_case(std::vector<NameWord>& words) {
    const Points before = join(words);
    const Counted whole = count(before);
    const bool mixed = whole.small > 0 && whole.capital > 0;
    for (size_t i = 0; i < words.size(); ++i) {
        Points& word = words[i].points;
        const Counted letters = count(word);
        const bool one_case = (letters.small > 0) != (letters.capital > 0);
        if (letters.other > 0 || !one_case) continue;
        const bool last = i + 1 == words.size();
        const std::string folded = fold_word(word);
        const bool initials = (word.size() == 2 || word.size() == 3) && word != U"NG" && word != U"ST" &&
                              is_ascii(to_utf8(word)) && word.find_first_of(U"AEIOUYaeiouy") == Points::npos;
        if (i > 0 && last && is_suffix(folded)) {
            const bool roman = folded[0] == 'i' || folded[0] == 'v';
            if (mixed && !roman && letters.capital == 1) continue;
            for (size_t n = 0; n < word.size(); ++n)
                word[n] = roman || n == 0 ? to_title(word[n]) : to_small(word[n]);
        } else if (folded == "'t" || folded == "'s") {
            word = small_case(word);
        } else if ((mixed && letters.capital > 0 && letters.capital <= 3) ||
                   (mixed && letters.small > 0 && is_particle(folded)) || (letters.capital > 0 && initials)) {
            continue;
        } else {
            word = i > 0 && !last && is_particle(folded) ? small_case(word) : title_case(word);
        }
    }
    return join(words) != before;
}

inline Cleaned clean_name(std::string_view raw) {
    std::string text;
    std::string_view damage;
    if (auto stop = open_value(raw, text, damage); stop && text != "Na" && text != "Nan") return *stop;
    if (to_code_points(text).size() > 300) return invalid("too long");
    std::string_view reason;
    if (text.find_first_of(",;") != std::string::npos) reason = "punctuation";
    if (text.find('"') != std::string::npos) reason = "quotes";
    bool symbols = false;
    bool slash = false;
    std::vector<NameWord> words = name_words(to_code_points(text), symbols, slash);
    if (symbols) reason = "symbols dropped";
    bool titled = false;
    while (!words.empty()) {
        Points& first = words.front().points;
        const std::string folded = fold_word(first);
        const bool title = words.size() > 1 && (is_title(folded) || (titled && is_title_part(folded)) ||
                                                (folded == "don" && takes_don(fold_word(words[1].points))));
        if (title) {
            words.erase(words.begin());
            reason = "title dropped";
            titled = true;
        } else if (first[0] == U'\'' && (words.size() == 1 || (folded != "'t" && folded != "'s"))) {
            first.erase(0, first.find_first_not_of(U'\''));
            if (words.back().points.back() == U'\'') words.back().points.pop_back();
            reason = "quotes";
            titled = false;
        } else {
            break;
        }
    }
    while (words.size() > 1 && is_degree(fold_word(words.back().points), words.back().after_comma)) {
        words.pop_back();
        reason = "title dropped";
    }
    if (words.size() == 1 && words.front().points[0] == U'\'') {
        Points& only = words.front().points;
        only.erase(0, only.find_first_not_of(U'\''));
        if (!only.empty() && only.back() == U'\'') only.pop_back();
        reason = "quotes";
    }
    if (words.size() > 1 && words.back().points.back() == U'.' && is_suffix(fold_word(words.back().points))) {
        words.back().points.pop_back();
        reason = "punctuation";
    }
    if (!damage.empty()) reason = damage;
    const Points joined = join(words);
    const Counted letters = count(joined);
    const std::string plain = to_utf8(joined);
    if (letters.small + letters.capital + letters.other == 0) return invalid("no letters");
    const bool short_name = plain == "Na" || plain == "Nan";
    if (is_missing_word(plain) && !short_name) return missing("placeholder word");
    std::string folded;
    if (!fold_latin(plain, folded)) folded = plain;
    if (is_repeated_character(folded)) return missing("one character repeated");
    if (is_placeholder_name(folded) && !short_name) return missing("placeholder name");
    if (plain.find('@') != std::string::npos || plain.find("://") != std::string::npos ||
        plain.find("www.") != std::string::npos) {
        return suspicious(plain, "looks like an address");
    }
    bool changed = false;
    for (int pass = 0; pass < 3 && repair_case(words); ++pass) changed = true;
    if (changed && reason.empty()) reason = "letter case";
    std::string name = prepare(to_utf8(join(words)));
    std::string again = name;
    if (changed && !repair(again).empty()) {
        Cleaned cleaned = reference::clean_name(again);
        return cleaned.status == Status::kOk ? accepted(cleaned.value, "wrong character encoding") : cleaned;
    }
    if (std::any_of(joined.begin(), joined.end(), [](char32_t point) { return u_isdigit(uchar(point)); })) {
        return suspicious(name, "digits in a name");
    }
    if (joined.find_first_of(U"\uFFFD?") != Points::npos) return suspicious(name, "unreadable characters");
    // The first slash, with two characters of a word on either side.
    bool several = slash || name.find(" & ") != std::string::npos;
    if (const size_t at = name.find('/'); at != std::string::npos && at >= 2 && at + 3 <= name.size())
        several = several || (name[at - 2] != ' ' && name[at + 2] != ' ');
    if (several) return suspicious(name, "more than one name");
    if (folded.find("(fallecid") != std::string::npos) return suspicious(name, "remark in a name");
    if (joined.size() > 100) return suspicious(name, "unusually long");
    if (is_sample_name(folded)) return suspicious(name, "sample name");
    return accepted(name, reason);
}

}  // namespace reference
