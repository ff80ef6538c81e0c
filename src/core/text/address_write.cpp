// SPDX-License-Identifier: PostgreSQL
// The reading form of an address: case, abbreviations and what stands between the tokens.
#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "text/address_parse.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// Also any letter with an accent.
bool is_vowel(char c) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
    switch (lower(c)) {
        case 'a':
        case 'e':
        case 'i':
        case 'o':
        case 'u':
        case 'y':
            return true;
        default:
            return false;
    }
}

bool is_roman(std::string_view word) {
    return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](char c) {
               return c == 'I' || c == 'V' || c == 'X' || c == 'L';
           });
}

bool is_apostrophe(char32_t point) {
    return point == U'\'' || point == U'`' || point == U'’' || point == U'‘' || point == U'ʼ' ||
           point == U'´';
}

bool has_apostrophe(std::string_view ascii) {
    bool found = false;
    for (const char c : ascii) found |= c == '\'' || c == '`';
    return found;
}

// A word in title case: "o'higgins" -> "O'Higgins", "mary's" -> "Mary's".
void append_title(std::string& out, std::string_view word) {
    if (is_plain(word) && !has_apostrophe(word)) {
        const size_t from = out.size();
        out += word;
        if (!word.empty()) out[from] = upper(out[from]);
        for (size_t i = from + 1; i < out.size(); ++i) out[i] = lower(out[i]);
        return;
    }
    bool start = true;
    size_t since_start = 0;
    for (size_t i = 0; i < word.size();) {
        const char32_t point = decode_utf8(word, i);
        if (is_apostrophe(point)) {
            start = since_start <= 1;
            out.push_back('\'');
            continue;
        }
        if (point < 0x80) {
            const char c = static_cast<char>(point);
            out.push_back(start ? upper(c) : lower(c));
        } else {
            const auto c = static_cast<UChar32>(point);
            append_utf8(out, static_cast<char32_t>(start ? u_totitle(c) : u_tolower(c)));
        }
        start = false;
        ++since_start;
    }
}

void append_small(std::string& out, std::string_view word) {
    for (size_t i = 0; i < word.size();) {
        append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(decode_utf8(word, i)))));
    }
}

void append_as_written(std::string& out, std::string_view word) {
    if (is_plain(word) && !has_apostrophe(word)) {
        out += word;
        return;
    }
    for (size_t i = 0; i < word.size();) {
        const char32_t point = decode_utf8(word, i);
        append_utf8(out, is_apostrophe(point) ? U'\'' : point);
    }
}

struct Case {
    bool small = false, capital = false;
    bool mixed_or_none() const { return small == capital; }
};
Case case_of(std::string_view word) {
    Case found;
    if (is_plain(word)) {
        for (const char c : word) {
            found.small |= is_lower(c);
            found.capital |= is_upper(c);
        }
        return found;
    }
    for (size_t i = 0; i < word.size();) {
        const char32_t point = decode_utf8(word, i);
        const auto c = static_cast<UChar32>(point);
        const bool ascii = point < 0x80;
        found.small = found.small || (ascii ? is_lower(static_cast<char>(point)) : u_islower(c));
        found.capital =
            found.capital || (ascii ? is_upper(static_cast<char>(point)) : u_isupper(c) || u_istitle(c));
    }
    return found;
}

}  // namespace

size_t glued_stem(const Address& address, const Token& token) {
    if (token.any_digit || token.meanings > 0 || !(token.role == Role::kStreet || token.role == Role::kRest))
        return 0;
    const std::string_view fold = address.fold(token);
    if ((address.languages & kGerman) == 0 || fold.size() < 6) return 0;
    const std::string_view view = address.view(token);
    if (fold.ends_with("str")) return lower(view.back()) == 'r' ? view.size() - 3 : 0;
    if (!fold.ends_with("strasse") || fold.size() < 10 || view.size() < 10) return 0;
    const std::string ending = to_lower(view.substr(view.size() - 7));
    return ending == "strasse" || ending == "straße" ? view.size() - 7 : 0;
}

AddressWriter::AddressWriter(const Address& address, std::string_view alpha2)
    : a_(address), swiss_(alpha2 == "CH" || alpha2 == "LI") {}

std::string AddressWriter::write(std::initializer_list<Role> wanted) {
    std::string out;
    if (wanted.size() == 0) out.reserve(a_.text.size() + 32);
    size_t last = a_.count;
    for (size_t i = 0; i < a_.count; ++i) {
        const Role role = a_.tokens[i].role;
        if (wanted.size() > 0 && std::find(wanted.begin(), wanted.end(), role) == wanted.end()) continue;
        if (is_hidden(i)) continue;
        if (last < a_.count) out += gap(last, i);
        if (role == Role::kMark) {
            out += '#';
        } else {
            token(out, i);
        }
        last = i;
    }
    return out;
}

std::string AddressWriter::write_type() {
    std::string out;
    for (size_t i = 0; i < a_.count && out.empty(); ++i) {
        const Token& t = a_.tokens[i];
        if (t.role == Role::kType) token(out, i);
        if (t.role == Role::kStreet && glued_stem(a_, t) > 0) out = swiss_ ? "Strasse" : "Straße";
    }
    return out;
}

void AddressWriter::token(std::string& out, size_t i) {
    const Token& t = a_.tokens[i];
    const std::string_view view = a_.view(t);
    if (t.role == Role::kBoxWord) return box_word(out, t);
    if (t.word != nullptr && !t.word->display.empty()) {
        // "N Main Street", but "North Street" and "Calle Norte"
        const bool english = t.word->kind == WordKind::kDirection && t.word->languages == kEnglish;
        if (!english || is_beside_name(i)) {
            out += t.word->display;
            return;
        }
    }
    if (view == "#" || view == "&") {
        out += view;
    } else if (t.any_digit) {
        number(out, i, view);
    } else if (is_unit(t) || t.role == Role::kNumber) {
        // A letter, or bis and ter.
        if (t.size == 1) {
            out.push_back(upper(view[0]));
        } else if (t.role == Role::kNumber) {
            append_small(out, view);
        } else {
            append_title(out, view);
        }
    } else {
        word(out, i, view);
        if (t.ordinal != 0) out += t.ordinal == 'a' ? "ª" : "º";  // "Sta. Mª de la Cabeza"
    }
    // The dot of an abbreviation that is not known.
    const bool followed =
        i + 1 < a_.count && a_.tokens[i + 1].before == ' ' && a_.tokens[i + 1].role == t.role;
    if (t.dot && !t.any_digit && followed && t.word == nullptr && t.fold_size <= 5 && !is_unit(t) &&
        is_plain(view)) {
        out.push_back('.');
    }
}

bool AddressWriter::is_beside_name(size_t i) const {
    const Token& t = a_.tokens[i];
    if (t.role != Role::kStreet || i == 0) return false;
    const Role before = a_.tokens[i - 1].role;
    if (before == Role::kType) return t.before == ' ' && i >= 2 && a_.tokens[i - 2].role == Role::kStreet;
    if (before != Role::kNumber || i + 1 >= a_.count) return false;
    const Token& next = a_.tokens[i + 1];
    return next.role == Role::kStreet && next.before == ' ' &&
           (next.word == nullptr || next.word->kind != WordKind::kDirection);
}

void AddressWriter::box_word(std::string& out, const Token& t) const {
    const std::string_view fold = a_.fold(t);
    if (t.word != nullptr && !t.word->display.empty()) {
        out += t.word->display;
    } else if (fold.size() <= 2 && fold != "de") {
        out += to_upper(fold);
    } else if (fold == "de") {
        out += fold;
    } else {
        append_title(out, a_.view(t));
    }
}

// Letters of numbers are capitals, but "5th" and "12bis".
void AddressWriter::number(std::string& out, size_t i, std::string_view view) {
    const Token& t = a_.tokens[i];
    const std::string_view key = a_.fold(t);
    const size_t digits = leading_digits(key);
    const std::string_view tail = t.digit ? key.substr(digits) : "";
    const bool small = is_ordinal_ending(tail) || tail == "bis" || tail == "ter" || tail == "quater";

    const size_t from = out.size();
    const bool plain = is_plain(view) && !has_apostrophe(view);
    if (plain) {
        out += view;
        for (size_t n = from; n < out.size(); ++n) out[n] = small ? lower(out[n]) : upper(out[n]);
    }
    for (size_t n = plain ? view.size() : 0; n < view.size();) {
        const char32_t point = decode_utf8(view, n);
        if (is_apostrophe(point)) continue;
        const auto c = static_cast<UChar32>(point);
        append_utf8(out, static_cast<char32_t>(small ? u_tolower(c) : u_toupper(c)));
    }
    if (t.ordinal != 0) out += t.ordinal == 'a' ? "ª" : "º";
    // "17. Juni", "2. OG"
    if (!t.dot || i + 1 >= a_.count) return;
    const Token& next = a_.tokens[i + 1];
    const bool word = next.before == ' ' && !next.any_digit;
    const bool ordinal =
        t.role == Role::kStreet && i > 0 && a_.as(a_.tokens[i - 1], WordKind::kSmall) != nullptr;
    if (word && (ordinal || (t.begins_unit && next.role == Role::kUnitWord))) {
        out.push_back('.');
    }
}

void AddressWriter::word(std::string& out, size_t i, std::string_view view) {
    const Token& t = a_.tokens[i];
    const bool alone = view.size() == 1 && (i + 1 >= a_.count || a_.tokens[i + 1].before == ',');  // "Esc. A"
    if (t.word != nullptr && t.word->kind == WordKind::kSmall && !alone && !begins_name(i, *t.word)) {
        append_small(out, view);
        return;
    }
    if (glued_street(out, t, view)) return;
    if (a_.languages == kEnglish && is_lower(view[0]) && stands_as_state(i, view)) {
        out += to_upper(view);
        case_changed_ = true;
        return;
    }
    const Case letters = case_of(view);
    if (letters.mixed_or_none() || (letters.capital && keeps_capitals(i, view))) {
        append_as_written(out, view);
        return;
    }
    const size_t start = out.size();
    append_title(out, view);
    if (std::string_view(out).substr(start) != view) case_changed_ = true;
}

// "Hauptstr." -> "Hauptstraße"; Switzerland writes ss.
bool AddressWriter::glued_street(std::string& out, const Token& t, std::string_view view) {
    const size_t stem = glued_stem(a_, t);
    if (stem == 0) return false;
    const std::string_view head = view.substr(0, stem);
    const std::string_view ending = view.substr(stem);
    const size_t start = out.size();
    if (case_of(head).mixed_or_none()) {
        append_as_written(out, head);
    } else {
        append_title(out, head);
        if (std::string_view(out).substr(start) != head) case_changed_ = true;
    }
    const bool sharp = ending.size() == 3 ? !swiss_ : ending.find("ß") != std::string_view::npos;
    out += sharp ? "straße" : "strasse";
    return true;
}

// Whether a small word is capital: at the start, and articles behind a street type ("Av. Las Condes").
bool AddressWriter::begins_name(size_t i, const AddressWord& small) const {
    const Token& t = a_.tokens[i];
    if (t.before == '\'') return false;
    if (small.word == "y" || small.word == "e") return false;
    if (i == 0 || t.before == ',') return true;
    const Token& before = a_.tokens[i - 1];
    const bool article = (small.flags & kArticle) != 0;
    if (before.role == Role::kType)
        return article && before.word != nullptr && (before.word->languages & kSpanish) != 0;
    return before.role != t.role;
}

bool AddressWriter::keeps_capitals(size_t i, std::string_view view) const {
    if (view.size() == 1 || (view.size() <= 5 && is_roman(view))) return true;
    if (view.size() > 3) return false;
    const Case all = case_of(a_.text);
    if (all.small == all.capital || std::none_of(view.begin(), view.end(), is_vowel)) return true;
    return stands_as_state(i, view) || (view == "US" && a_.languages == kEnglish);  // "US Highway 1"
}

// "NEW YORK, NY 10001", "LOS ANGELES, CA"
bool AddressWriter::stands_as_state(size_t i, std::string_view view) const {
    const Token& t = a_.tokens[i];
    const bool last =
        i + 1 >= a_.count || a_.tokens[i + 1].role == Role::kPostal || a_.tokens[i + 1].before == ',';
    return view.size() == 2 && is_plain(view) && t.role == Role::kRest && t.before == ',' && last;
}

// What is not written: marks, but "#" where the street is named by a number or by nothing.
bool AddressWriter::is_hidden(size_t i) const {
    const Token& t = a_.tokens[i];
    if (t.role == Role::kPostMark) return true;
    if (t.role != Role::kMark) return false;
    if (i == 0 || !is_street(a_.tokens[i - 1])) return true;
    if (a_.tokens[i - 1].any_digit) return false;
    for (size_t n = i; n-- > 0 && is_street(a_.tokens[n]);) {
        if (a_.tokens[n].role == Role::kStreet) return true;
    }
    return false;
}

// What stands between the last written token and token i.
std::string_view AddressWriter::gap(size_t last, size_t i) const {
    const Token& t = a_.tokens[i];
    const Token& before = a_.tokens[last];
    if (is_unit(t)) {
        if (t.begins_unit) return ", ";
        if (before.role == Role::kUnitWord) return a_.view(before) == "#" ? "" : " ";
        return t.before == '-' ? "-" : " ";
    }
    if (is_unit(before)) return ", ";
    const bool number = t.role == Role::kNumber || t.role == Role::kNoNumber;
    // "P.O. Box"
    if (t.role == Role::kBoxWord && before.role == Role::kBoxWord && t.size == 1 && before.size == 1)
        return "";
    if (before.role == Role::kMark || ((number || t.role == Role::kMark) && is_street(before))) return " ";
    if (before.role == Role::kNumber && is_street(t)) return " ";
    switch (t.before) {
        case ',':
            return ", ";
        case '-':
            return "-";
        case '/':
            return before.role == Role::kType ? " " : "/";
        case '+':
            return "+";
        case '\'':
            return "'";
        default:
            return " ";
    }
}

}  // namespace cdp::text
