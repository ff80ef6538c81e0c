// SPDX-License-Identifier: PostgreSQL
#include "text/address.hpp"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "text/address_parse.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// Line ends separate, as commas do. Then as open_value, with the bound of addresses.
std::optional<Cleaned> open_address(std::string_view raw, std::string& text) {
    if (raw.find_first_of("\r\n") == std::string_view::npos) {
        if (auto stop = open_value(raw, text)) return stop;
    } else {
        if (raw.size() > kMaxBytes) return invalid("too long");
        std::string lines;
        lines.reserve(raw.size() + 8);
        for (const char c : raw) {
            if (c == '\n' || c == '\r') lines += ", ";
            if (c != '\n' && c != '\r') lines.push_back(c);
        }
        if (auto stop = open_value(lines, text)) return stop;
    }
    if (text.size() > kLongestAddress) return invalid("too long");
    if (is_repeated_character(text)) return missing("one character repeated");
    return std::nullopt;
}

bool is_vowel(char c) {
    return std::string_view("aeiouyAEIOUY").find(c) != std::string_view::npos;
}

bool is_roman(std::string_view word) {
    return word.size() >= 2 && word.find_first_not_of("IVXL") == std::string_view::npos;
}

// A word in title case: "o'higgins" -> "O'Higgins".
void append_title(std::string& out, std::string_view word) {
    bool start = true;
    size_t since_start = 0;
    for (size_t i = 0; i < word.size();) {
        const char c = word[i];
        if (static_cast<unsigned char>(c) < 0x80) {
            ++i;
            if (c == '\'' || c == '`') {
                start = since_start <= 1;
                out.push_back('\'');
                continue;
            }
            out.push_back(start ? upper(c) : lower(c));
        } else {
            const auto point = static_cast<UChar32>(decode_utf8(word, i));
            if (point == U'’' || point == U'‘' || point == U'ʼ' || point == U'´') {
                start = since_start <= 1;
                out.push_back('\'');
                continue;
            }
            append_utf8(out, static_cast<char32_t>(start ? u_totitle(point) : u_tolower(point)));
        }
        start = false;
        ++since_start;
    }
}

struct Case {
    bool small = false, capital = false;
};
Case case_of(std::string_view word) {
    Case found;
    for (size_t i = 0; i < word.size();) {
        const char c = word[i];
        if (static_cast<unsigned char>(c) < 0x80) {
            found.small = found.small || is_lower(c);
            found.capital = found.capital || is_upper(c);
            ++i;
        } else {
            const auto point = static_cast<UChar32>(decode_utf8(word, i));
            found.small = found.small || u_islower(point);
            found.capital = found.capital || u_isupper(point);
        }
    }
    return found;
}

// Writes tokens in reading form.
class Writer {
  public:
    Writer(const Address& address, std::string_view alpha2)
        : a_(address), swiss_(alpha2 == "CH" || alpha2 == "LI") {}

    bool case_changed() const { return case_changed_; }

    void token(std::string& out, size_t i) {
        const Token& t = a_.tokens[i];
        const std::string_view view = a_.view(t);
        if (t.role == Role::kBoxWord) return box_word(out, i);
        if (t.word != nullptr && t.word->kind == WordKind::kDirection && !t.word->display.empty()) {
            // "N Main Street", but "North Street" and "Calle Norte"
            if (t.word->languages != kEnglish || is_beside_name(i)) {
                out += t.word->display;
                return;
            }
        } else if (t.word != nullptr && !t.word->display.empty()) {
            out += t.word->display;
            return;
        }
        if (view == "#" || view == "&") {
            out += view;
        } else if (t.any_digit) {
            number(out, t, view);
        } else if (t.role == Role::kUnit && t.size == 1) {
            out.push_back(upper(view[0]));
        } else {
            word(out, i, view);
        }
        if (t.dot && !t.any_digit && i + 1 < a_.count && a_.tokens[i + 1].before == ' ' &&
            t.word == nullptr && t.fold_size <= 5 && is_ascii(view)) {
            out.push_back('.');
        }
    }

  private:
    bool is_beside_name(size_t i) const {
        const auto is_name = [&](size_t n) {
            return n < a_.count && a_.tokens[n].role == Role::kStreet && a_.tokens[n].before == ' ' &&
                   (a_.tokens[n].word == nullptr || a_.tokens[n].word->kind != WordKind::kDirection);
        };
        if (a_.tokens[i].role != Role::kStreet || a_.tokens[i].before != ' ') return false;
        if (i > 0 && a_.tokens[i - 1].role == Role::kNumber && is_name(i + 1)) return true;
        return i > 0 && a_.tokens[i - 1].role == Role::kType && i >= 2 &&
               a_.tokens[i - 2].role != Role::kNumber;
    }

    void box_word(std::string& out, size_t i) {
        const Token& t = a_.tokens[i];
        const std::string_view fold = a_.fold(t);
        if (t.word != nullptr && !t.word->display.empty()) {
            out += t.word->display;
        } else if (fold == "p" || fold == "o" || fold == "po" || fold == "b") {
            for (const char c : fold) out.push_back(upper(c));
        } else if (fold == "de") {
            out += "de";
        } else {
            append_title(out, a_.view(t));
        }
    }

    // Letters of numbers are capitals, but "5th" and "12 bis".
    void number(std::string& out, const Token& t, std::string_view view) {
        const std::string_view key = a_.fold(t);
        const size_t digits = key.find_first_not_of("0123456789");
        const bool ending =
            t.digit && digits != std::string_view::npos && key.size() - digits >= 2 &&
            std::all_of(key.begin() + static_cast<std::ptrdiff_t>(digits), key.end(), is_lower);
        const bool thousands = is_grouped(view);
        for (size_t i = 0; i < view.size();) {
            const char c = view[i];
            if (static_cast<unsigned char>(c) >= 0x80) {
                append_utf8(out,
                            static_cast<char32_t>(u_toupper(static_cast<UChar32>(decode_utf8(view, i)))));
                continue;
            }
            ++i;
            if (c == '\'' || (thousands && c == '.')) continue;
            out.push_back(ending ? lower(c) : upper(c));
        }
        if (t.ordinal != 0) out += t.ordinal == 'a' ? "ª" : "º";
    }
    static bool is_grouped(std::string_view view) {
        const size_t dot = view.find('.');
        if (dot == std::string_view::npos || dot == 0 || dot > 3 || (view.size() - dot) % 4 != 0)
            return false;
        for (size_t i = 0; i < view.size(); ++i) {
            const bool expected_dot = i >= dot && (i - dot) % 4 == 0;
            if (expected_dot ? view[i] != '.' : !is_digit(view[i])) return false;
        }
        return true;
    }

    // The last word before i in the same part, or a_.count.
    bool begins_part(size_t i) const {
        return i == 0 || a_.tokens[i].before == ',' || a_.tokens[i - 1].role != a_.tokens[i].role;
    }

    void word(std::string& out, size_t i, std::string_view view) {
        const Token& t = a_.tokens[i];
        const size_t start = out.size();
        const Case letters = case_of(view);
        if (t.word != nullptr && t.word->kind == WordKind::kSmall && !begins_name(i, *t.word)) {
            for (size_t n = 0; n < view.size();) {
                append_utf8(out,
                            static_cast<char32_t>(u_tolower(static_cast<UChar32>(decode_utf8(view, n)))));
            }
            return;
        }
        if (glued_street(out, i, view, letters)) return;
        const bool mixed = letters.small && letters.capital;
        if (mixed || (!letters.small && !letters.capital) || keeps_capitals(i, view, letters)) {
            for (size_t n = 0; n < view.size();) {
                const char32_t point = decode_utf8(view, n);
                const bool apostrophe =
                    point == U'’' || point == U'‘' || point == U'ʼ' || point == U'´' || point == U'`';
                append_utf8(out, apostrophe ? U'\'' : point);
            }
            return;
        }
        append_title(out, view);
        if (std::string_view(out).substr(start) != view) case_changed_ = true;
    }

    // Whether a small word is capital: at the start, and articles behind a street type ("Av. Las Condes").
    bool begins_name(size_t i, const AddressWord& small) const {
        const Token& t = a_.tokens[i];
        if (t.before == '\'') return false;
        if (i == 0 || t.before == ',') return t.word->word != "y" && t.word->word != "e";
        const Token& before = a_.tokens[i - 1];
        if (before.role == Role::kType)
            return (small.flags & kArticle) != 0 && before.word != nullptr &&
                   (before.word->flags & kBefore) != 0 && (before.word->languages & kSpanish) != 0;
        return before.role != t.role;
    }

    bool keeps_capitals(size_t i, std::string_view view, const Case& letters) const {
        if (letters.small || view.size() > 5) return false;
        const Token& t = a_.tokens[i];
        if (view.size() == 1 || is_roman(view)) return true;
        if (view.size() > 3) return false;
        if (!a_.one_case || std::none_of(view.begin(), view.end(), is_vowel)) return true;
        // "NEW YORK, NY 10001", "LOS ANGELES, CA"
        const bool last =
            i + 1 >= a_.count || a_.tokens[i + 1].role == Role::kPostal || a_.tokens[i + 1].before == ',';
        return view.size() == 2 && t.role == Role::kRest && t.before == ',' && last;
    }

    // "Hauptstr." -> "Hauptstraße"; Switzerland writes ss.
    bool glued_street(std::string& out, size_t i, std::string_view view, const Case& letters) {
        const size_t stem = glued_stem(a_, i);
        if (stem == 0) return false;
        const std::string_view ending = view.substr(stem);
        const std::string_view head = view.substr(0, stem);
        const size_t start = out.size();
        if (letters.small && letters.capital) {
            out += head;
        } else {
            append_title(out, head);
            if (std::string_view(out).substr(start) != head) case_changed_ = true;
        }
        const bool short_form = ending.size() == 3;
        const bool sharp = short_form ? !swiss_ : ending.find("\xC3\x9F") != std::string_view::npos;
        out += sharp ? "straße" : "strasse";
        return true;
    }

  public:
    // Bytes of the name in front of "str", "strasse", "straße" in one word; 0 when it is none.
    static size_t glued_stem(const Address& a, size_t i) {
        const Token& t = a.tokens[i];
        if (t.any_digit || t.meanings > 0 || (t.role != Role::kStreet && t.role != Role::kRest)) return 0;
        const std::string_view fold = a.fold(t);
        const std::string_view view = a.view(t);
        if ((a.languages & kGerman) == 0 || fold.size() < 6) return 0;
        if (fold.ends_with("str"))
            return lower(view.back()) == 'r' && t.dot + (a.languages == kGerman) > 0 ? view.size() - 3 : 0;
        if (!fold.ends_with("strasse") || fold.size() < 10) return 0;
        if (view.size() > 7 && to_lower(view.substr(view.size() - 7)) == "strasse") return view.size() - 7;
        if (view.size() > 7 && to_lower(view.substr(view.size() - 7)) ==
                                   "stra\xC3\x9F"
                                   "e")
            return view.size() - 7;
        return 0;
    }

  private:
    const Address& a_;
    bool swiss_;
    bool case_changed_ = false;
};

bool is_unit(const Token& t) {
    return t.role == Role::kUnitWord || t.role == Role::kUnit;
}
bool is_street(const Token& t) {
    return t.role == Role::kType || t.role == Role::kStreet;
}

// What is not written: marks, but "#" where the street is named by a number.
bool is_hidden(const Address& a, size_t i) {
    const Token& t = a.tokens[i];
    if (t.role == Role::kPostMark) return true;
    if (t.role != Role::kMark) return false;
    return i == 0 || !is_street(a.tokens[i - 1]) || !a.tokens[i - 1].any_digit;
}

// What stands between the last written token and token i.
std::string_view gap(const Address& a, size_t last, size_t i) {
    const Token& t = a.tokens[i];
    const Token& before = a.tokens[last];
    if (is_unit(t) && t.begins_unit) return ", ";
    if (is_unit(t)) {
        if (before.role == Role::kUnitWord && a.view(before) == "#") return "";
        return t.before == '-' && !(before.role == Role::kUnitWord) ? "-" : " ";
    }
    if (is_unit(before)) return ", ";
    if ((t.role == Role::kNumber || t.role == Role::kNoNumber || t.role == Role::kMark) && is_street(before))
        return " ";
    if (before.role == Role::kMark) return " ";
    if (before.role == Role::kNumber && (is_street(t) || t.role == Role::kNumber))
        return t.before == '-' && t.role == Role::kNumber ? "-" : " ";
    switch (t.before) {
        case ',':
            return ", ";
        case '-':
            return "-";
        case '/':
            return before.slash && before.word != nullptr && before.role == Role::kType ? " " : "/";
        case '+':
            return "+";
        case '\'':
            return "'";
        default:
            return " ";
    }
}

// The tokens whose role `wanted` accepts, in reading form.
template <typename Wanted>
std::string write(const Address& a, Writer& writer, Wanted wanted) {
    std::string out;
    out.reserve(a.text.size() + 32);
    size_t last = a.count;
    for (size_t i = 0; i < a.count; ++i) {
        if (is_hidden(a, i) || !wanted(a.tokens[i])) continue;
        if (last < a.count) out += gap(a, last, i);
        if (a.tokens[i].role == Role::kMark) {
            out += '#';
        } else {
            writer.token(out, i);
        }
        last = i;
    }
    return out;
}

bool looks_like_link(std::string_view text) {
    return text.find('@') != std::string_view::npos || text.find("://") != std::string_view::npos ||
           text.find("www.") != std::string_view::npos;
}

bool has_letters(const Address& a) {
    for (size_t i = 0; i < a.count; ++i) {
        const std::string_view fold = a.fold(a.tokens[i]);
        for (const char c : fold) {
            if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80) return true;
        }
    }
    return false;
}

}  // namespace

Cleaned clean_address(std::string_view raw, std::string_view country) {
    Address address;
    if (auto stop = open_address(raw, address.text)) return *stop;
    std::string_view repair;
    if (strip_quotes(address.text)) repair = "quotes";
    if (looks_like_link(address.text)) return suspicious(std::move(address.text), "e-mail or web address");
    const std::string alpha2 = country_option(country);
    address.text = ascii_digits(address.text);
    parse_address(address, alpha2);
    if (!has_letters(address)) return invalid("no letters");
    Writer writer(address, alpha2);
    std::string value = write(address, writer, [](const Token&) { return true; });
    if (value.empty()) return invalid("no letters");
    if (value.find("\xEF\xBF\xBD") != std::string::npos)
        return suspicious(std::move(value), "unreadable characters");
    if (address.dropped) repair = "symbols dropped";
    if (repair.empty() && writer.case_changed()) repair = "letter case";
    return accepted(std::move(value), repair);
}

SplitAddress split_address(std::string_view raw, std::string_view country) {
    SplitAddress parts;
    Address address;
    if (open_address(raw, address.text)) return parts;
    strip_quotes(address.text);
    address.text = ascii_digits(address.text);
    const std::string alpha2 = country_option(country);
    parse_address(address, alpha2);
    Writer writer(address, alpha2);
    const auto of = [&](auto wanted) { return write(address, writer, wanted); };
    parts.street = of([](const Token& t) { return is_street(t); });
    parts.house_number =
        of([](const Token& t) { return t.role == Role::kNumber || t.role == Role::kNoNumber; });
    parts.unit = of([](const Token& t) { return is_unit(t); });
    parts.po_box = of([](const Token& t) { return t.role == Role::kBoxWord || t.role == Role::kBox; });
    parts.postal_code = of([](const Token& t) { return t.role == Role::kPostal; });
    parts.rest = of([](const Token& t) { return t.role == Role::kRest; });
    for (size_t i = 0; i < address.count && parts.street_type.empty(); ++i) {
        if (address.tokens[i].role == Role::kType) writer.token(parts.street_type, i);
        const bool glued = address.tokens[i].role == Role::kStreet && Writer::glued_stem(address, i) > 0;
        if (glued) parts.street_type = alpha2 == "CH" ? "Strasse" : "Straße";
    }
    return parts;
}

namespace {

// Builds the key token by token.
class KeyWriter {
  public:
    explicit KeyWriter(const Address& address) : a_(address) { out_.reserve(address.text.size() + 16); }

    template <typename Wanted>
    void add(Wanted wanted, bool all_words) {
        for (size_t i = 0; i < a_.count; ++i) {
            if (wanted(a_.tokens[i])) add_token(i, all_words);
        }
        glue_ = false;
    }
    std::string take() { return std::move(out_); }
    bool empty() const { return out_.empty(); }

  private:
    void space() {
        if (!out_.empty() && !glue_) out_.push_back(' ');
        glue_ = false;
    }

    void add_token(size_t i, bool all_words) {
        const Token& t = a_.tokens[i];
        const std::string_view fold = a_.fold(t);
        if (t.role == Role::kBox) {
            space();
            out_ += "pobox";
        }
        if (t.word != nullptr && t.role != Role::kUnit && t.role != Role::kNumber) {
            if (t.word->key.empty() && !all_words) return;
            if (!t.word->key.empty()) {
                space();
                out_ += t.word->key;
                return;
            }
        }
        if (t.any_digit) return add_number(i, fold);
        if (t.role == Role::kUnit || t.role == Role::kNumber) {
            // "4 B" and "4B", "12 bis" and "12bis"
            const bool joined = i > 0 && a_.tokens[i - 1].role == t.role && !t.begins_unit;
            if (!joined) space();
            const bool word = t.word != nullptr && !t.word->key.empty();
            add_plain(word ? t.word->key : fold);
            return;
        }
        if (t.role == Role::kUnitWord) {  // "#"
            space();
            out_ += "apt";
            return;
        }
        const size_t stem = Writer::glued_stem(a_, i);
        if (stem > 0) {
            space();
            const size_t ending = fold.ends_with("str") ? 3 : 7;
            add_plain(fold.substr(0, fold.size() - ending));
            out_ += " st";
            return;
        }
        const size_t size = out_.size();
        space();
        const size_t from = out_.size();
        add_plain(fold);
        if (out_.size() == from) {
            out_.resize(size);
        } else if (fold == "o" && i + 1 < a_.count && a_.tokens[i + 1].role == t.role &&
                   a_.tokens[i + 1].fold_size >= 4) {
            glue_ = true;  // "O Higgins" is "O'Higgins"
        }
    }

    void add_plain(std::string_view text) {
        for (const char c : text) {
            if (is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) out_.push_back(c);
        }
    }

    void add_number(size_t i, std::string_view fold) {
        const Token& t = a_.tokens[i];
        const bool joined = i > 0 && a_.tokens[i - 1].role == t.role &&
                            (t.role == Role::kPostal || ((t.role == Role::kNumber) && t.digit));
        if (joined && t.role == Role::kNumber) out_.push_back('-');
        if (!joined) space();
        const size_t digits = std::min(fold.find_first_not_of("0123456789"), fold.size());
        if (t.ordinal != 0 && t.role != Role::kUnit) {
            out_ += fold.substr(0, digits);
            out_ += "th";
            return;
        }
        if (t.digit && digits < fold.size() && (t.role == Role::kStreet || t.role == Role::kRest)) {
            for (const std::string_view ending :
                 {"st", "nd", "rd", "er", "ro", "ra",  "do",   "da",  "to",  "ta", "vo",
                  "va", "mo", "ma", "no", "na", "eme", "ieme", "era", "ero", "re"}) {
                if (fold.substr(digits) == ending) {
                    out_ += fold.substr(0, digits);
                    out_ += "th";
                    return;
                }
            }
        }
        for (size_t n = 0; n < fold.size(); ++n) {
            const char c = fold[n];
            const bool inside =
                n > 0 && n + 1 < fold.size() && is_digit(fold[n - 1]) && is_digit(fold[n + 1]);
            if (is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
                out_.push_back(c);
            } else if (inside && (c == '-' || c == '/') && t.role != Role::kPostal) {
                out_.push_back('-');
            }
        }
    }

    const Address& a_;
    std::string out_;
    bool glue_ = false;
};

}  // namespace

std::string address_key(std::string_view raw, std::string_view country) {
    Address address;
    if (open_address(raw, address.text)) return {};
    strip_quotes(address.text);
    address.text = ascii_digits(address.text);
    parse_address(address, country_option(country));
    if (!has_letters(address)) return {};
    KeyWriter key(address);
    for (const bool all_words : {false, true}) {
        key.add(is_street, all_words);
        key.add([](const Token& t) { return t.role == Role::kNumber; }, all_words);
        key.add(is_unit, all_words);
        key.add([](const Token& t) { return t.role == Role::kBox; }, all_words);
        key.add([](const Token& t) { return t.role == Role::kRest; }, all_words);
        key.add([](const Token& t) { return t.role == Role::kPostal; }, all_words);
        if (!key.empty()) break;
    }
    return key.take();
}

}  // namespace cdp::text
