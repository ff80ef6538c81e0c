// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/name.hpp"
#include "text/name_words.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// A word of a clean name and its folded form, empty where that is not Latin.
struct Word {
    std::string_view text;
    std::string folded;
};

std::vector<Word> split_words(std::string_view name) {
    std::vector<Word> words;
    for (std::string_view rest = name; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (word.empty()) continue;
        words.push_back({word, {}});
        if (!fold_latin(word, words.back().folded)) words.back().folded.clear();
    }
    return words;
}

std::string join(const std::vector<Word>& words, size_t from, size_t to) {
    std::string out;
    for (size_t i = from; i < to; ++i) {
        if (!out.empty()) out.push_back(' ');
        out += words[i].text;
    }
    return out;
}

std::string fold_or_nothing(std::string_view text) {
    std::string folded;
    return fold_latin(text, folded) ? folded : std::string();
}

struct Unit {
    size_t from, to;  // words
    bool particle;    // begins with one
    bool given;       // took up a given name with a particle
};

// Words grouped so that particles, "y" and suffixes stay with what they belong to.
std::vector<Unit> group_words(const std::vector<Word>& words) {
    std::vector<Unit> units;
    for (size_t i = 0; i < words.size();) {
        size_t end = i;
        const auto particle_at = [&](size_t n) {
            return n + 1 < words.size() && is_particle(words[n].folded);
        };
        const bool leads = i > 0 || (particle_at(0) && words[0].folded.starts_with("de"));
        if (leads) {
            while (particle_at(end)) ++end;
        }
        const std::string& head = words[i].folded;
        const bool last = i > 0 && i + 1 == words.size() && !units.empty();
        if (end > i && head == "y" && !units.empty()) {
            units.back().to = end + 1;
        } else if (last && (is_suffix(head) || (units.size() > 1 && is_agnomen(head)))) {
            units.back().to = i + 1;
        } else if (end > i && !units.empty() && is_given_after_particle(words[end].folded)) {
            units.back().to = end + 1;
            units.back().given = true;
        } else {
            units.push_back({i, end + 1, end > i, false});
        }
        i = end + 1;
    }
    return units;
}

// How many units at the front are given names.
size_t count_given(const std::vector<Unit>& units, bool two_surnames) {
    if (units.size() == 1) return units[0].particle ? 0 : 1;
    size_t given = units.size() - (two_surnames ? 2 : 1);
    for (size_t i = 0; i < given; ++i) {
        if (units[i].particle) given = i;
    }
    return given;
}

bool has_two_surnames(const std::vector<Word>& words, const std::vector<Unit>& units) {
    if (units.size() < 4 && !(units.size() == 3 && units[0].given)) return false;
    // "J. R. R. Tolkien": an initial is no surname.
    const std::string& first = words[units[units.size() - 2].from].folded;
    return first.size() != 1 && !(first.size() == 2 && first[1] == '.');
}

// "Family, Given", "Family, Jr, Given", "Family, Given, Jr": the two sides of the comma; but "Given Family,
// Jr" and "Given Family, PhD" are no such thing. `family` stays empty then.
void split_at_comma(std::string_view text, std::string& family, std::string& given) {
    std::vector<std::string> parts;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        std::string tidy = prepare(part);
        if (!parts.empty() && is_suffix(fold_or_nothing(tidy))) {
            parts.front() += " " + tidy;
        } else if (!tidy.empty() && (parts.empty() || !is_degree(fold_or_nothing(tidy), true))) {
            parts.push_back(std::move(tidy));
        }
    }
    if (parts.size() < 2) return;
    family = std::move(parts[0]);
    for (size_t i = 1; i < parts.size(); ++i) given += parts[i] + " ";
}

}  // namespace

SplitName split_name(std::string_view raw) {
    std::string text;
    if (open_value(raw, text)) return {};
    if (text.find(',') != std::string::npos) {
        std::string before;
        std::string after;
        split_at_comma(text, before, after);
        Cleaned family = clean_name(before);
        Cleaned given = clean_name(after);
        if (family.has_value() && given.has_value()) return {std::move(given.value), std::move(family.value)};
    }
    const Cleaned whole = clean_name(text);
    if (!whole.has_value()) return {};
    const std::vector<Word> words = split_words(whole.value);
    const std::vector<Unit> units = group_words(words);
    const size_t given = count_given(units, has_two_surnames(words, units));
    const size_t at = given == units.size() ? words.size() : units[given].from;
    return {join(words, 0, at), join(words, at, words.size())};
}

namespace {

// Takes out what stands in quotes or parentheses.
std::string take_nickname(std::string& text) {
    struct Pair {
        std::string_view open, close;
    };
    constexpr Pair kPairs[] = {{"\"", "\""}, {"(", ")"}, {"“", "”"},  {"«", "»"},
                               {" '", "' "}, {"„", "“"}, {" ‘", "’ "}};
    for (const Pair& pair : kPairs) {
        const size_t open = text.find(pair.open);
        if (open == std::string::npos || open == 0) continue;  // all of it in quotes is no nickname
        const size_t from = open + pair.open.size();
        const size_t close = text.find(pair.close, from);
        if (close == std::string::npos || close == from) continue;
        std::string inside = text.substr(from, close - from);
        text = text.substr(0, open) + " " + text.substr(close + pair.close.size());
        return inside;
    }
    return {};
}

// "DR." is "Dr", "dipl.-ing." "Dipl.-Ing", "MED." "med".
std::string tidy_title(std::string_view word, std::string_view folded) {
    while (word.ends_with('.')) word.remove_suffix(1);
    return is_title_part(folded) ? to_lower(word) : clean_name(word).value;
}

// "ph.d." is "PhD", "cpa" "CPA", "JR." "Jr".
std::string tidy_suffix(std::string_view word, std::string_view folded) {
    static constexpr std::string_view kMixed[] = {"PhD", "PharmD", "PsyD", "EdD", "DPhil", "MSc",
                                                  "BSc", "Esq",    "Jr",   "Sr",  "Jnr",   "Snr"};
    if (is_agnomen(folded)) return clean_name(word).value;
    std::string plain(folded == "esquire" ? "esq" : folded);
    std::erase(plain, '.');
    for (const std::string_view mixed : kMixed) {
        if (to_lower(mixed) == plain) return std::string(mixed);
    }
    return to_upper(plain);
}

// Takes titles off the front of `text`.
std::string take_titles(std::string& text) {
    std::string titles;
    std::string_view rest = text;
    while (true) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (word.size() == rest.size()) break;
        const std::string_view after = rest.substr(word.size() + 1);
        const std::string folded = fold_or_nothing(word);
        const bool don = folded == "don" && takes_don(fold_or_nothing(after.substr(0, after.find(' '))));
        if (!don && !is_title(folded) && (titles.empty() || !is_title_part(folded))) break;
        if (!titles.empty()) titles += ' ';
        titles += tidy_title(word, folded);
        rest = after;
    }
    text = std::string(rest);
    return titles;
}

// Takes degrees, generations and Portuguese endings off the back.
std::string take_suffixes(std::string& text) {
    std::string suffixes;
    while (true) {
        while (text.ends_with(' ') || text.ends_with(',')) text.pop_back();
        const size_t space = text.find_last_of(" ,");
        if (space == std::string::npos) break;
        const std::string word = text.substr(space + 1);
        const std::string folded = fold_or_nothing(word);
        const bool comma = text[text.find_last_not_of(' ', space)] == ',';
        const std::string_view front = std::string_view(text).substr(0, space);
        const bool third =
            front.find(' ') != std::string_view::npos && front.find(',') == std::string_view::npos;
        if (!is_suffix(folded) && !is_degree(folded, comma) && !(third && is_agnomen(folded))) break;
        const std::string tidy = tidy_suffix(word, folded);
        suffixes = suffixes.empty() ? tidy : tidy + " " + suffixes;
        text.resize(space);
    }
    return suffixes;
}

}  // namespace

NameParts parse_name(std::string_view raw) {
    NameParts parts;
    std::string text;
    if (open_value(raw, text)) return parts;
    if (!clean_name(text).has_value()) return parts;
    const std::string whole = text;
    Cleaned nickname = clean_name(take_nickname(text));
    text = prepare(text);
    parts.title = take_titles(text);
    parts.suffix = take_suffixes(text);
    if (nickname.has_value()) parts.nickname = std::move(nickname.value);

    std::string before;
    std::string after;
    split_at_comma(text, before, after);
    const Cleaned family = clean_name(before);
    const Cleaned given = clean_name(after);
    const bool comma = family.has_value() && given.has_value();
    const Cleaned all = comma ? Cleaned{given.value, Status::kOk, {}, {}} : clean_name(text);
    if (!all.has_value()) {
        parts = {};
        parts.given = clean_name(whole).value;
        return parts;
    }
    const std::vector<Word> words = split_words(all.value);
    const std::vector<Unit> units = group_words(words);
    const auto is_surname = [&](const Unit& unit) {
        return unit.from + 1 == unit.to && is_spanish_surname(words[unit.from].folded);
    };
    const bool two =
        has_two_surnames(words, units) || (units.size() == 3 && is_surname(units[1]) && is_surname(units[2]));
    const size_t count = comma ? units.size() : count_given(units, two);
    for (size_t i = 0; i < count; ++i) {
        std::string& target = i == 0 ? parts.given : parts.middle;
        if (!target.empty()) target += ' ';
        target += join(words, units[i].from, units[i].to);
    }
    const std::vector<Word> family_words = comma ? split_words(family.value) : words;
    const std::vector<Unit> family_units = comma ? group_words(family_words) : units;
    const size_t first = comma ? 0 : count;
    const size_t last = family_units.size();
    if (first == last) return parts;
    const size_t second = last - first == 2 ? family_units[first].to : family_words.size();
    parts.family = join(family_words, family_units[first].from, second);
    parts.second_family = join(family_words, second, family_words.size());
    return parts;
}

}  // namespace cdp::text
