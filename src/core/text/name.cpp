// SPDX-License-Identifier: PostgreSQL
#include "text/name.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/name_words.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using Points = std::u32string;
constexpr size_t kLongest = 300;  // characters; more is no name
constexpr size_t kUnlikely = 100;

UChar32 uchar(char32_t point) {
    return static_cast<UChar32>(point);
}
bool is_alpha(char32_t point) {
    return u_isalpha(uchar(point));
}
char32_t to_small(char32_t point) {
    return static_cast<char32_t>(u_tolower(uchar(point)));
}
char32_t to_title(char32_t point) {
    return static_cast<char32_t>(u_totitle(uchar(point)));
}
bool is_small(char32_t point) {
    return u_islower(uchar(point));
}
bool is_capital(char32_t point) {
    return u_isupper(uchar(point)) || u_istitle(uchar(point));
}
std::string fold_token(const Points& token) {
    return fold(to_utf8(token));
}

// Apostrophes and hyphens in their ASCII forms, symbols (emoji, currency, underscores) as gaps.
Points plain_marks(const Points& points, bool& dropped) {
    Points out;
    for (const char32_t point : points) {
        if (point == U'’' || point == U'‘' || point == U'ʼ' || point == U'`' || point == U'´') {
            out.push_back(U'\'');
        } else if (point >= 0x2010 && point <= 0x2015) {
            out.push_back(U'-');
        } else if (point == 0x200D || point == 0xFE0F || point == 0x20E3 || point == U'_' || point == U'"' ||
                   point == U';' || point == U'*' ||
                   (point != 0xFFFD && (U_GET_GC_MASK(uchar(point)) & U_GC_S_MASK) != 0)) {
            dropped = dropped || (point != U'"' && point != U';');
            if (out.empty() || out.back() != U' ') out.push_back(U' ');
        } else {
            out.push_back(point);
        }
    }
    return out;
}

std::vector<Points> split_words(const Points& points, std::u32string_view separators) {
    std::vector<Points> words;
    for (size_t i = 0; i < points.size();) {
        const size_t end = std::min(points.find_first_of(separators, i), points.size());
        if (end > i) words.push_back(points.substr(i, end - i));
        i = end + 1;
    }
    return words;
}

Points join_words(const std::vector<Points>& words, size_t from, size_t to) {
    Points out;
    for (size_t i = from; i < to; ++i) {
        if (!out.empty()) out.push_back(U' ');
        out += words[i];
    }
    return out;
}

struct Letters {
    size_t small = 0, capital = 0, other = 0;  // other: scripts without case
    size_t all() const { return small + capital + other; }
};
Letters count_letters(const Points& points) {
    Letters letters;
    for (const char32_t point : points) {
        if (!is_alpha(point)) continue;
        if (is_small(point)) {
            ++letters.small;
        } else if (is_capital(point)) {
            ++letters.capital;
        } else {
            ++letters.other;
        }
    }
    return letters;
}

// Title case within one word: after its start, '-', '.', "O'" / "D'" / "L'" and "Mc".
Points title_case(const Points& word) {
    Points out;
    bool start = true;
    size_t letters = 0;  // since the last start
    for (const char32_t point : word) {
        if (!is_alpha(point)) {
            start =
                point == U'-' || point == U'.' || point == U'(' || (point == U'\'' && letters <= 1) || start;
            if (start) letters = 0;
            out.push_back(point);
            continue;
        }
        out.push_back(start ? to_title(point) : to_small(point));
        start = false;
        ++letters;
    }
    if (out.size() >= 5 && out[0] == U'M' && out[1] == U'c' && is_alpha(out[2])) out[2] = to_title(out[2]);
    return out;
}

// Two letters without a vowel are initials (JD, TJ), save the surname Ng.
bool are_initials(const Points& word) {
    constexpr std::u32string_view kVowels = U"AEIOUYaeiouy";
    return word.size() == 2 && word != U"NG" && word[0] < 0x80 && word[1] < 0x80 &&
           word.find_first_of(kVowels) == Points::npos;
}

// 't Hooft, van 's Gravesande
bool is_dutch_article(std::string_view folded) {
    return folded == "'t" || folded == "'s";
}

// Initials, and in a name of mixed case short words in capitals (AJ) and particles in lower case.
bool keeps_case(const Points& word, std::string_view folded, const Letters& letters, bool mixed) {
    if (mixed && letters.capital > 0 && letters.capital <= 3) return true;
    if (mixed && letters.small > 0 && is_particle(folded)) return true;
    return letters.capital > 0 && are_initials(word);
}

bool repair_case(std::vector<Points>& words) {
    bool changed = false;
    const Letters whole = count_letters(join_words(words, 0, words.size()));
    const bool mixed = whole.small > 0 && whole.capital > 0;
    for (size_t i = 0; i < words.size(); ++i) {
        Points& word = words[i];
        const Letters letters = count_letters(word);
        if (letters.other > 0 || letters.all() == 0 || (letters.small > 0 && letters.capital > 0)) continue;
        const bool last = i + 1 == words.size();
        const std::string folded = fold_token(word);
        Points repaired;
        if (i > 0 && last && is_suffix(folded)) {
            const bool roman = folded[0] == 'i';
            if (mixed && !roman && letters.capital == 1) continue;
            std::transform(word.begin(), word.end(), std::back_inserter(repaired), to_small);
            for (char32_t& point : repaired) {
                if (roman || &point == repaired.data()) point = to_title(point);
            }
        } else if (!is_dutch_article(folded) && keeps_case(word, folded, letters, mixed)) {
            continue;
        } else if (is_dutch_article(folded) || (i > 0 && !last && is_particle(folded))) {
            std::transform(word.begin(), word.end(), std::back_inserter(repaired), to_small);
        } else {
            repaired = title_case(word);
        }
        changed = changed || repaired != word;
        word = std::move(repaired);
    }
    return changed;
}

// The words, without titles, quotes, symbols and what only separates.
std::vector<Points> name_words(const std::string& text, std::string_view& repair) {
    bool dropped = false;
    std::vector<Points> words = split_words(plain_marks(to_code_points(text), dropped), U" ,");
    if (dropped) repair = "symbols dropped";
    std::erase_if(words, [](const Points& w) { return w.find_first_not_of(U".-/'") == Points::npos; });
    while (!words.empty()) {
        Points& first = words.front();
        const bool dutch = words.size() > 1 && is_dutch_article(fold_token(first));
        if (words.size() > 1 && is_title(fold_token(first))) {
            words.erase(words.begin());
            repair = "title dropped";
        } else if (first[0] == U'\'' && !dutch) {
            first.erase(0, first.find_first_not_of(U'\''));
            Points& last = words.back();
            if (last.back() == U'\'') last.pop_back();
            repair = "quotes";
        } else {
            break;
        }
    }
    if (words.size() > 1 && words.back().back() == U'.' && is_suffix(fold_token(words.back()))) {
        words.back().pop_back();
        repair = "punctuation";
    }
    return words;
}

bool has_address(const std::string& name) {
    return name.find('@') != std::string::npos || name.find("://") != std::string::npos ||
           name.find("www.") != std::string::npos;
}

}  // namespace

Cleaned clean_name(std::string_view raw) {
    std::string text;
    // "Na" and "Nan" written as names are names.
    const auto is_short_name = [](std::string_view name) { return name == "Na" || name == "Nan"; };
    if (auto stop = open_value(raw, text); stop && !is_short_name(text)) return *stop;
    if (to_code_points(text).size() > kLongest) return invalid("too long");
    std::string_view repair;
    if (text.find_first_of(",;") != std::string::npos) repair = "punctuation";
    if (text.find('"') != std::string::npos) repair = "quotes";
    std::vector<Points> words = name_words(text, repair);
    const Points joined = join_words(words, 0, words.size());
    const Letters letters = count_letters(joined);
    const std::string plain = to_utf8(joined);
    if (letters.all() == 0) return invalid("no letters");
    if (is_missing_word(plain) && !is_short_name(plain)) return missing("placeholder word");
    if (is_repeated_character(fold(plain))) return missing("one character repeated");
    if (has_address(plain)) return suspicious(plain, "looks like an address");

    // Again when something changed: "AJ o" is of mixed case, "AJ O" is not.
    for (int pass = 0; pass < 3 && repair_case(words); ++pass) {
        if (repair.empty()) repair = "letter case";
    }
    std::string name = prepare(to_utf8(join_words(words, 0, words.size())));
    const auto is_number = [](char32_t point) { return u_isdigit(uchar(point)); };
    if (std::any_of(joined.begin(), joined.end(), is_number))
        return suspicious(std::move(name), "digits in a name");
    if (joined.find(U'\uFFFD') != Points::npos) return suspicious(std::move(name), "unreadable characters");
    if (joined.size() > kUnlikely) return suspicious(std::move(name), "unusually long");
    return accepted(std::move(name), repair);
}

namespace {

struct Unit {
    size_t from, to;  // words
    bool particle;    // begins with one
    bool given;       // took up a given name with a particle
};

// Words grouped so that particles, "y" and suffixes stay with what they belong to.
std::vector<Unit> group_words(const std::vector<Points>& words) {
    std::vector<Unit> units;
    for (size_t i = 0; i < words.size();) {
        size_t end = i;
        const auto particle_at = [&](size_t n) {
            return n + 1 < words.size() && is_particle(fold_token(words[n]));
        };
        const bool leads = i > 0 || (particle_at(0) && fold_token(words[0]).starts_with("de"));
        if (leads) {
            while (particle_at(end)) ++end;
        }
        const std::string head = fold_token(words[i]);
        if (end > i && head == "y" && !units.empty()) {
            units.back().to = end + 1;
        } else if (i > 0 && i + 1 == words.size() && is_suffix(head) && !units.empty()) {
            units.back().to = i + 1;
        } else if (end > i && !units.empty() && is_given_after_particle(fold_token(words[end]))) {
            units.back().to = end + 1;
            units.back().given = true;
        } else {
            units.push_back({i, end + 1, end > i, false});
        }
        i = end + 1;
    }
    return units;
}

}  // namespace

SplitName split_name(std::string_view raw) {
    std::string text;
    if (open_value(raw, text)) return {};
    // "Family, Given", "Family, Jr, Given", "Family, Given, Jr"; but "Given Family, Jr" is no such thing.
    std::vector<std::string> parts;
    for (const Points& part : split_words(to_code_points(text), U",")) {
        std::string tidy = prepare(to_utf8(part));
        if (!parts.empty() && is_suffix(fold(tidy))) {
            parts.front() += " " + tidy;
        } else if (!tidy.empty()) {
            parts.push_back(std::move(tidy));
        }
    }
    if (parts.size() >= 2) {
        const Cleaned family = clean_name(parts[0]);
        std::string rest;
        for (size_t i = 1; i < parts.size(); ++i) rest += parts[i] + " ";
        const Cleaned given = clean_name(rest);
        if (family.has_value() && given.has_value()) return {given.value, family.value};
    }
    const Cleaned whole = clean_name(text);
    if (!whole.has_value()) return {};
    const std::vector<Points> words = split_words(to_code_points(whole.value), U" ");
    const std::vector<Unit> units = group_words(words);
    const bool two_surnames = units.size() >= 4 || (units.size() == 3 && units[0].given);
    size_t first_family = units.size() - (two_surnames ? 2 : 1);
    if (units.size() == 1 && !units[0].particle) return {whole.value, {}};
    for (size_t i = 0; i < first_family; ++i) {
        if (units[i].particle) first_family = i;
    }
    const size_t at = units[first_family].from;
    return {to_utf8(join_words(words, 0, at)), to_utf8(join_words(words, at, words.size()))};
}

}  // namespace cdp::text
