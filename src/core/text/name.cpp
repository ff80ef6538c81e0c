// SPDX-License-Identifier: PostgreSQL
#include "text/name.hpp"

#include <algorithm>
#include <array>

#include "text/fold.hpp"
#include "text/junk.hpp"
#include "text/name_buffer.hpp"
#include "text/name_words.hpp"
#include "text/prepare.hpp"
#include "text/repair.hpp"

namespace cdp::text {
namespace {

constexpr size_t kUnlikely = 100;  // characters

// "Sant'Anna", "Dell'Acqua"; not "Mary's".
bool takes_apostrophe(std::u32string_view before) {
    static constexpr auto kBefore =
        std::to_array<std::u32string_view>({U"Dall", U"Degl", U"Dell", U"Mc", U"Nell", U"Sant"});
    return std::find(kBefore.begin(), kBefore.end(), before) != kBefore.end();
}

// Title case within one word: after its start, '-', '.', "O'" / "D'" / "L'", "Sant'" and "Mc".
bool title_case(NameBuffer& name, size_t n) {
    const std::u32string_view word = name.word(n);
    bool changed = false;
    bool start = true;
    size_t letters = 0;  // since the last start
    for (size_t i = 0; i < word.size(); ++i) {
        const char32_t point = word[i];
        if (!is_letter_kind(name.kind(n, i))) {
            start = point == U'-' || point == U'.' || point == U'(' ||
                    (point == U'\'' && (letters <= 1 || takes_apostrophe(name.word(n).substr(0, i)))) ||
                    start;
            if (start) letters = 0;
            continue;
        }
        changed |= start ? name.make_title(n, i) : name.make_small(n, i);
        start = false;
        ++letters;
    }
    if (word.size() >= 5 && word[0] == U'M' && word[1] == U'c' && is_letter_kind(name.kind(n, 2))) {
        changed |= name.make_title(n, 2);
    }
    return changed;
}

bool small_case(NameBuffer& name, size_t n) {
    bool changed = false;
    for (size_t i = 0; i < name.word(n).size(); ++i) changed |= name.make_small(n, i);
    return changed;
}

// Two or three letters without a vowel are initials (JD, JRR), save the surname Ng and St (Saint).
bool are_initials(std::u32string_view word) {
    constexpr std::u32string_view kVowels = U"AEIOUYaeiouy";
    return (word.size() == 2 || word.size() == 3) && word != U"NG" && word != U"ST" &&
           std::all_of(word.begin(), word.end(), [](char32_t point) { return point < 0x80; }) &&
           word.find_first_of(kVowels) == std::u32string_view::npos;
}

// 't Hooft, van 's Gravesande
bool is_dutch_article(std::string_view folded) {
    return folded == "'t" || folded == "'s";
}

// Initials, and in a name of mixed case short words in capitals (AJ) and particles in lower case.
bool keeps_case(std::u32string_view word, std::string_view folded, const Letters& letters, bool mixed) {
    if (mixed && letters.capital > 0 && letters.capital <= 3) return true;
    if (mixed && letters.small > 0 && is_particle(folded)) return true;
    return letters.capital > 0 && are_initials(word);
}

bool is_mixed(const Letters& whole) {
    return whole.small > 0 && whole.capital > 0;
}

bool repair_case(NameBuffer& name, bool mixed) {
    bool changed = false;
    for (size_t n = 0; n < name.size(); ++n) {
        const Letters letters = name.letters(n);
        if (letters.caseless > 0 || letters.all() == 0 || (letters.small > 0 && letters.capital > 0))
            continue;
        const bool last = n + 1 == name.size();
        const FoldedWord folded(name.word(n));
        if (n > 0 && last && is_suffix(folded)) {
            const char first = std::string_view(folded)[0];
            const bool roman = first == 'i' || first == 'v';
            if (mixed && !roman && letters.capital == 1) continue;
            for (size_t i = 0; i < name.word(n).size(); ++i) {
                changed |= roman || i == 0 ? name.make_title(n, i) : name.make_small(n, i);
            }
        } else if (is_dutch_article(folded)) {
            changed |= small_case(name, n);
        } else if (keeps_case(name.word(n), folded, letters, mixed)) {
            continue;
        } else if (n > 0 && !last && is_particle(folded)) {
            changed |= small_case(name, n);
        } else {
            changed |= title_case(name, n);
        }
    }
    return changed;
}

// Takes titles off the front.
bool drop_titles(NameBuffer& name) {
    bool dropped = false;
    while (name.size() > 1) {
        const FoldedWord first(name.word(0));
        const bool don = std::string_view(first) == "don" && takes_don(FoldedWord(name.word(1)));
        if (!don && !is_title(first) && !(dropped && is_title_part(first))) break;
        name.drop_first();
        dropped = true;
    }
    return dropped;
}

// Takes quotes off both ends: 'Ana'.
bool drop_quotes(NameBuffer& name) {
    if (name.size() == 0 || name.word(0)[0] != U'\'') return false;
    if (name.size() > 1 && is_dutch_article(FoldedWord(name.word(0)))) return false;
    name.shorten_front(0, name.word(0).find_first_not_of(U'\''));
    const size_t last = name.size() - 1;
    if (name.word(last).back() == U'\'') name.shorten_back(last);
    return true;
}

// Titles, quotes, degrees and the dot of "Jr.". Says what it took off.
void strip(NameBuffer& name, std::string_view& reason) {
    if (name.symbols_dropped()) reason = "symbols dropped";
    while (true) {
        if (drop_titles(name)) {
            reason = "title dropped";
        } else if (drop_quotes(name)) {
            reason = "quotes";
        } else {
            break;
        }
    }
    while (name.size() > 1 &&
           is_degree(FoldedWord(name.word(name.size() - 1)), name.is_after_comma(name.size() - 1))) {
        name.drop_last();
        reason = "title dropped";
    }
    // The article of a name whose rest was none.
    if (name.size() == 1 && drop_quotes(name)) reason = "quotes";
    if (name.size() < 2) return;
    const size_t last = name.size() - 1;
    if (name.word(last).back() == U'.' && is_suffix(FoldedWord(name.word(last)))) {
        name.shorten_back(last);
        reason = "punctuation";
    }
}

bool has_address(const std::string& name) {
    return name.find('@') != std::string::npos || name.find("://") != std::string::npos ||
           name.find("www.") != std::string::npos;
}

// "John & Mary", "Juan/María"; not "S/N", "c/o".
bool is_of_several(std::string_view plain) {
    if (plain.find(" & ") != std::string_view::npos) return true;
    const size_t slash = plain.find('/');
    return slash != std::string_view::npos && slash > 1 && slash + 2 < plain.size() &&
           plain[slash - 2] != ' ' && plain[slash + 2] != ' ';
}

// Of whom the bank must not write to: "Juan Pérez (fallecido)".
bool has_remark(std::string_view folded) {
    static constexpr auto kRemarks = std::to_array<std::string_view>(
        {"(deceased", "(difunt", "(falecid", "(fallecid", "(finad", "(verstorben", "q.e.p.d", "qepd."});
    return std::any_of(kRemarks.begin(), kRemarks.end(), [&](std::string_view remark) {
        return folded.find(remark) != std::string_view::npos;
    });
}

// "Na" and "Nan" written as names are names.
bool is_short_name(std::string_view name) {
    return name == "Na" || name == "Nan";
}

// Why the name is nobody's, empty when it may be somebody's.
std::string_view nobody(std::string_view plain, std::string_view folded) {
    if (is_missing_word(plain) && !is_short_name(plain)) return "placeholder word";
    if (is_repeated_character(folded)) return "one character repeated";
    if (is_placeholder_name(folded) && !is_short_name(plain)) return "placeholder name";
    return {};
}

}  // namespace

Cleaned clean_name(std::string_view raw) {
    std::string text;
    std::string_view reason;
    if (auto stop = open_value(raw, text, reason); stop && !is_short_name(text)) return *stop;
    NameBuffer name;
    if (!name.read(text)) return invalid("too long");
    const std::string_view damage = reason;
    if (name.has_commas()) reason = "punctuation";
    if (name.has_quotes()) reason = "quotes";
    strip(name, reason);
    if (!damage.empty()) reason = damage;
    const Letters letters = name.letters();
    if (letters.all() == 0) return invalid("no letters");
    std::string plain = name.text();
    std::string folded;
    if (!fold_latin(plain, folded)) folded = plain;
    if (const auto why = nobody(plain, folded); !why.empty()) return missing(why);
    if (name.has_marks() && has_address(plain)) return suspicious(std::move(plain), "looks like an address");

    // Again when something changed: "AJ o" is of mixed case, "AJ O" is not.
    bool mixed = is_mixed(letters);
    bool changed = false;
    for (int pass = 0; pass < 3 && repair_case(name, mixed); ++pass) {
        changed = true;
        if (!mixed) break;
        mixed = is_mixed(name.letters());
    }
    if (changed) {
        if (reason.empty()) reason = "letter case";
        plain = name.text();
        if (!name.is_latin()) plain = prepare(plain);
        // "ãš" is a word, "Ãš" a broken one.
        if (may_need_repair(plain) && !repair(plain).empty()) {
            Cleaned again = clean_name(plain);
            if (again.status == Status::kOk)
                return accepted(std::move(again.value), "wrong character encoding");
            return again;
        }
    }
    if (name.has_marks()) {
        if (name.has_digits()) return suspicious(std::move(plain), "digits in a name");
        // "P?rez": letters that a character set did not have.
        if (name.contains(U'\uFFFD') || name.contains(U'?'))
            return suspicious(std::move(plain), "unreadable characters");
        if (name.has_slash() || is_of_several(plain))
            return suspicious(std::move(plain), "more than one name");
        if (has_remark(folded)) return suspicious(std::move(plain), "remark in a name");
    }
    if (name.length() > kUnlikely) return suspicious(std::move(plain), "unusually long");
    if (is_sample_name(folded)) return suspicious(std::move(plain), "sample name");
    return accepted(std::move(plain), reason);
}

}  // namespace cdp::text
