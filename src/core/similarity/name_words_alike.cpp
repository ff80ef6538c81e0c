// SPDX-License-Identifier: PostgreSQL
#include "similarity/name_words_alike.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "similarity/double_metaphone.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/jaro_winkler.hpp"
#include "text/nickname.hpp"

namespace cdp::similarity {
namespace {

// Written abbreviations of Spanish and English names that are no prefixes.
bool is_abbreviation(std::string_view brief, std::string_view word) {
    struct Known {
        std::string_view brief, word;
    };
    static constexpr auto kKnown = std::to_array<Known>({
        {"chas", "charles"},   {"dguez", "dominguez"}, {"fca", "francisca"},   {"fco", "francisco"},
        {"fdez", "fernandez"}, {"fdo", "fernando"},    {"geo", "george"},      {"glez", "gonzalez"},
        {"gpe", "guadalupe"},  {"gtz", "gutierrez"},   {"gzlz", "gonzalez"},   {"hdez", "hernandez"},
        {"hdz", "hernandez"},  {"jas", "james"},       {"jno", "john"},        {"lpz", "lopez"},
        {"ma", "maria"},       {"mdez", "mendez"},     {"mtnez", "martinez"},  {"mtz", "martinez"},
        {"md", "mohammed"},    {"mohd", "mohammed"},   {"prz", "perez"},       {"rdez", "rodriguez"},
        {"rdgz", "rodriguez"}, {"rdz", "rodriguez"},   {"rguez", "rodriguez"}, {"rmz", "ramirez"},
        {"robt", "robert"},    {"schz", "sanchez"},    {"sncz", "sanchez"},    {"thos", "thomas"},
        {"wm", "william"},
    });
    const auto* found =
        std::find_if(kKnown.begin(), kKnown.end(), [=](const Known& k) { return k.brief == brief; });
    return found != kKnown.end() && found->word == word;
}

bool are_abbreviated(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    constexpr size_t kLongest = 5;
    return a.size() <= kLongest && a.size() < b.size() && is_abbreviation(a, b);
}

bool is_vowel(char c) {
    return is_any_of(c, "aeiouy");
}

// mario and maria, daniel and daniela; kowalski and kowalska
bool are_genders(std::string_view a, std::string_view b) {
    constexpr size_t kShortest = 4;
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() < kShortest || b.substr(0, a.size() - 1) != a.substr(0, a.size() - 1)) return false;
    if (b.size() == a.size() + 1)
        return b.back() == 'a' && b[a.size() - 1] == a.back() && !is_vowel(a.back());
    if (a.size() != b.size()) return false;
    const char low = std::min(a.back(), b.back());
    const char high = std::max(a.back(), b.back());
    return low == 'a' && (high == 'o' || (high == 'i' && a[a.size() - 2] == 'k'));
}

// First letters that sound alike.
bool sound_alike(char a, char b) {
    static constexpr auto kClasses =
        std::to_array<std::string_view>({"ckq", "gj", "vbwf", "sz", "iyj", "xsj", "hj", "ae", "uw"});
    return std::any_of(kClasses.begin(), kClasses.end(),
                       [=](std::string_view set) { return is_any_of(a, set) && is_any_of(b, set); });
}

bool is_swap(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    size_t first = 0;
    while (first < a.size() && a[first] == b[first]) ++first;
    return first + 1 < a.size() && a[first] == b[first + 1] && a[first + 1] == b[first];
}

WordMatch typo(std::string_view a, std::string_view b, size_t edits, size_t length) {
    const double share = static_cast<double>(edits) / static_cast<double>(length);
    double score = 1.0 - share * (edits == 1 ? (is_swap(a, b) ? 0.4 : 0.6) : edits == 2 ? 0.95 : 1.0);
    if (a[0] != b[0]) score -= sound_alike(a[0], b[0]) || a.substr(1) == b || b.substr(1) == a ? 0.05 : 0.3;
    if (length <= 3) score -= 0.15;
    return {score < kLeastMatch ? NameRelation::kConflict : NameRelation::kTypo, score};
}

// The letters of a word as a set, to tell cheaply that two words are far from each other.
struct LetterSet {
    uint64_t bits = 0;
    bool ascii = true;

    explicit LetterSet(std::string_view word) {
        unsigned char all = 0;
        for (const char c : word) {
            const auto byte = static_cast<unsigned char>(c);
            bits |= uint64_t{1} << (byte & 63);
            all |= byte;
        }
        ascii = all < 0x80;
    }
    size_t without(const LetterSet& other) const {
        return static_cast<size_t>(std::popcount(bits & ~other.bits));
    }
};

size_t characters(std::string_view text) {
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool sounds_equal(std::string_view a, std::string_view b) {
    constexpr size_t kShortest = 4;
    constexpr size_t kCode = 8;
    if (std::min(a.size(), b.size()) < kShortest || a[0] != b[0]) return false;
    return double_metaphone(a, kCode).primary.view() == double_metaphone(b, kCode).primary.view();
}

}  // namespace

std::string_view relation_name(NameRelation relation) {
    switch (relation) {
        case NameRelation::kEqual:
            return "equal";
        case NameRelation::kJoined:
            return "joined";
        case NameRelation::kNickname:
            return "nickname";
        case NameRelation::kTypo:
            return "typo";
        case NameRelation::kInitial:
            return "initial";
        case NameRelation::kAbbreviation:
            return "abbreviation";
        case NameRelation::kGender:
            return "gender";
        case NameRelation::kSound:
            return "sound";
        case NameRelation::kConflict:
            return "conflict";
        case NameRelation::kMissing:
            return "missing";
        case NameRelation::kSuffix:
            break;
    }
    return "suffix";
}

WordMatch compare_words(std::string_view a, bool a_dotted, std::string_view b, bool b_dotted, Tick& tick) {
    if (a == b) return {NameRelation::kEqual, 1.0};
    if (a.size() > b.size()) {
        std::swap(a, b);
        std::swap(a_dotted, b_dotted);
    }
    constexpr WordMatch kNothing = {NameRelation::kConflict, 0.0};
    if (a.size() == 1) {
        if (b.size() == 1 || a[0] != b[0]) return kNothing;
        return {NameRelation::kInitial, 0.8};
    }
    if (text::are_nicknames(a, b) || are_abbreviated(a, b)) return {NameRelation::kNickname, 0.95};
    const bool prefix = b.substr(0, a.size()) == a;
    if (prefix && a_dotted) return {NameRelation::kAbbreviation, 0.85};
    if (are_genders(a, b)) return {NameRelation::kGender, 0.65};
    // Martín and Martínez: two surnames, though one letter less than a typo apart.
    if (prefix && b.size() == a.size() + 2 && b.substr(a.size()) == "ez")
        return {NameRelation::kAbbreviation, 0.6};
    // Letters that only one of the words has: each is an edit, and none can match.
    const LetterSet letters_a(a);
    const LetterSet letters_b(b);
    const bool ascii = letters_a.ascii && letters_b.ascii;
    const size_t only_a = ascii ? letters_a.without(letters_b) : 0;
    const size_t only_b = ascii ? letters_b.without(letters_a) : 0;
    const size_t length = ascii ? b.size() : std::max(characters(a), characters(b));
    const size_t most = length / 3;
    if (b.size() - a.size() <= b.size() / 3 && std::max(only_a, only_b) <= most) {
        const size_t edits = osa(a, b, tick);
        if (edits <= most) {
            const WordMatch match = typo(a, b, edits, length);
            if (match.relation == NameRelation::kTypo) return match;
        }
    }
    if (prefix && a.size() >= 3 && b.size() >= a.size() + 3) return {NameRelation::kAbbreviation, 0.6};
    const auto matches = static_cast<double>(std::min(a.size() - only_a, b.size() - only_b));
    const double at_most =
        (matches / static_cast<double>(a.size()) + matches / static_cast<double>(b.size()) + 1.0) / 3.0;
    if (matches == 0.0 || at_most <= 0.5) return kNothing;
    const double jaro = jaro_winkler(a, b, tick);
    if (jaro >= 0.7 && sounds_equal(a, b)) return {NameRelation::kSound, 0.68};
    return {NameRelation::kConflict, std::min(0.3, std::max(0.0, jaro - 0.5) * 0.6)};
}

}  // namespace cdp::similarity
