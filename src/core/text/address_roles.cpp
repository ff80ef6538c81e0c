// SPDX-License-Identifier: PostgreSQL
// What each token of an address is. Units, boxes and marks are found by their words; the house number by its
// place: in front of the street or behind it.
#include <algorithm>

#include "text/address_parse.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

class RoleFinder {
  public:
    RoleFinder(Address& address, std::string_view alpha2)
        : a_(address), alpha2_(alpha2), tokens_(address.tokens.data()), count_(address.count) {}

    void run() {
        for (size_t i = 0; i < count_; ++i) find_box(i);
        for (size_t i = 0; i < count_; ++i) find_unit(i);
        find_street();
        for (size_t i = 0; i < count_; ++i) {
            Token& t = tokens_[i];
            if (t.role != Role::kNone) continue;
            if (i > 0 && find_bare_floor(i)) continue;
            if (is_hash(t) && i + 1 < count_ && tokens_[i + 1].any_digit &&
                tokens_[i + 1].role == Role::kNone) {
                t.role = Role::kUnitWord;
                t.begins_unit = true;
                tokens_[i + 1].role = Role::kUnit;
                continue;
            }
            t.role = Role::kRest;
        }
        find_postal_code(a_, alpha2_);
        give_words();
    }

  private:
    const AddressWord* as(size_t i, WordKind kind) const { return a_.as(tokens_[i], kind); }
    std::string_view fold(size_t i) const { return a_.fold(tokens_[i]); }
    bool free(size_t i) const { return i < count_ && tokens_[i].role == Role::kNone; }
    bool comma(size_t i) const { return tokens_[i].before == ','; }
    bool same_part(size_t i) const { return i < count_ && !comma(i); }  // no comma in front
    bool is_hash(const Token& t) const { return a_.text[t.begin] == '#'; }
    bool plain_number(size_t i) const {
        const Token& t = tokens_[i];
        return t.digit && !is_ordinal(i);
    }
    bool single_letter(size_t i) const {
        return tokens_[i].size == 1 && !tokens_[i].digit && !is_hash(tokens_[i]) &&
               is_letter(a_.text[tokens_[i].begin]);
    }

    // 1st, 3er, 2º; not 2B.
    bool is_ordinal(size_t i) const {
        const Token& t = tokens_[i];
        if (!t.digit) return false;
        if (t.ordinal != 0) return true;
        if (is_dotted_ordinal(i)) return true;
        const std::string_view key = a_.fold(t);
        const size_t digits = leading_digits(key);
        if (digits == key.size()) return false;
        return is_ordinal_ending(key.substr(digits));
    }
    // "Straße des 17. Juni"
    bool is_dotted_ordinal(size_t i) const {
        return tokens_[i].dot && i > 0 && i + 1 < count_ && same_part(i) && same_part(i + 1) &&
               !tokens_[i + 1].digit && as(i - 1, WordKind::kSmall) != nullptr;
    }

    // "No." and the like in front of a number.
    bool is_mark(size_t i) const {
        if (!free(i) || i + 1 >= count_) return false;
        if (as(i, WordKind::kNumber) == nullptr) return false;
        const Token& next = tokens_[i + 1];
        if (!next.digit || next.role != Role::kNone || is_ordinal(i + 1)) return false;
        const Token& t = tokens_[i];
        const std::string_view word = fold(i);
        // "Carretera N-340" has no number yet.
        if (word == "n") return next.before != '-' && (t.ordinal != 0 || t.dot || !leading_number(i));
        return true;
    }
    bool leading_number(size_t i) const { return i > 0 && tokens_[0].digit && !is_ordinal(0); }

    size_t after_marks(size_t i) const {
        while (i < count_ && free(i) && as(i, WordKind::kNumber) != nullptr && i + 1 < count_ &&
               same_part(i + 1))
            ++i;
        return i;
    }

    void find_box(size_t i) {
        if (!free(i) || tokens_[i].digit) return;
        size_t words = 0;
        const std::string_view word = fold(i);
        if (tokens_[i].meanings == 0 &&
            (word.empty() || (word[0] != 'p' && word[0] != 'b' && word[0] != 'c')))
            return;
        const auto follows = [&](size_t n, std::string_view expected) {
            return i + n < count_ && same_part(i + n) && fold(i + n) == expected;
        };
        if (word == "p" && follows(1, "o") && follows(2, "box")) {
            words = 3;
        } else if (word == "po" && follows(1, "box")) {
            words = 2;
        } else if (word == "post" && follows(1, "office") && follows(2, "box")) {
            words = 3;
        } else if ((word == "caixa" && follows(1, "postal")) || (word == "boite" && follows(1, "postale")) ||
                   (word == "b" && follows(1, "p"))) {
            words = 2;
        } else if (as(i, WordKind::kBox) != nullptr) {
            words = 1;
            if (follows(1, "postal") || follows(1, "aereo")) words = 2;
            if (follows(1, "de") && (follows(2, "correos") || follows(2, "correo"))) words = 3;
        }
        if (words == 0) return;
        size_t value = after_marks(i + words);
        if (value >= count_ || !same_part(value) || !tokens_[value].any_digit) return;
        for (size_t n = i; n < value; ++n) tokens_[n].role = n < i + words ? Role::kBoxWord : Role::kMark;
        tokens_[value].role = Role::kBox;
        // "Postfach 12 34 56"
        while (free(value + 1) && same_part(value + 1) && all_digits(fold(value + 1)) &&
               fold(value + 1).size() <= 3) {
            tokens_[++value].role = Role::kBox;
        }
    }

    // A value behind a unit's word: a number, a code or one letter.
    bool is_unit_value(size_t i, const AddressWord& unit) const {
        if (!free(i) || !same_part(i) || tokens_[i].before == '\'') return false;
        if (tokens_[i].any_digit) return true;
        if ((unit.flags & kDigitOnly) != 0) return false;
        const bool last =
            i + 1 >= count_ || comma(i + 1) || tokens_[i + 1].before == '-' || tokens_[i + 1].digit;
        if (single_letter(i)) {
            return last || as(i, WordKind::kSmall) == nullptr || as(i + 1, WordKind::kUnit) != nullptr ||
                   as(i + 1, WordKind::kFloor) != nullptr;
        }
        return as(i, WordKind::kUnitValue) != nullptr;
    }

    void find_unit(size_t i) {
        if (tokens_[i].meanings == 0 || !free(i)) return;
        const AddressWord* unit = as(i, WordKind::kUnit);
        const AddressWord* floor = as(i, WordKind::kFloor);
        if (unit == nullptr && floor == nullptr) return;
        // "2nd floor", "3. OG"
        const bool numbered = floor != nullptr && i > 0 && same_part(i) && free(i - 1) &&
                              tokens_[i - 1].digit && (is_ordinal(i - 1) || tokens_[i - 1].dot);
        if (numbered) {
            tokens_[i - 1].role = Role::kUnit;
            tokens_[i - 1].begins_unit = true;
            tokens_[i].role = Role::kUnitWord;
            tokens_[i].word = floor;
            take_unit_tail(i + 1);
            return;
        }
        const AddressWord& word = unit != nullptr ? *unit : *floor;
        const size_t value = after_marks(i + 1);
        if (value >= count_ || !is_unit_value(value, word)) return;
        // "Calle Torre 5" and "Rua Casa Branca" are streets; "de la Torre 5" too.
        if (i > 0 && same_part(i) && free(i - 1) &&
            (as(i - 1, WordKind::kSmall) != nullptr || is_street_type(i - 1)))
            return;
        tokens_[i].role = Role::kUnitWord;
        tokens_[i].begins_unit = true;
        tokens_[i].word = &word;
        for (size_t n = i + 1; n < value; ++n) tokens_[n].role = Role::kMark;
        tokens_[value].role = Role::kUnit;
        take_unit_tail(value + 1);
    }
    bool is_street_type(size_t i) const {
        const AddressWord* type = as(i, WordKind::kStreet);
        return type != nullptr && (type->flags & kBefore) != 0 && tokens_[i].role == Role::kNone;
    }

    // "3 B", "3 izq", "3-B"
    void take_unit_tail(size_t i) {
        while (free(i) && same_part(i)) {
            const bool side = as(i, WordKind::kUnitValue) != nullptr;
            const bool letter = single_letter(i) &&
                                (i + 1 >= count_ || comma(i + 1) || !single_letter(i + 1)) &&
                                as(i, WordKind::kSmall) == nullptr && tokens_[i - 1].any_digit;
            if (!side && !letter) return;
            tokens_[i].role = Role::kUnit;
            ++i;
        }
    }

    // "3º B" behind a house number or a comma.
    bool find_bare_floor(size_t i) {
        const bool side = as(i, WordKind::kUnitValue) != nullptr;
        const bool behind = tokens_[i - 1].role == Role::kNumber || tokens_[i - 1].role == Role::kUnit;
        if (side && behind) {
            tokens_[i].role = Role::kUnit;
            tokens_[i].begins_unit = comma(i) || tokens_[i - 1].role == Role::kNumber;
            return true;
        }
        // "Calle Mayor 5, 3B"
        const bool code = tokens_[i].digit && tokens_[i].fold_size <= 3 && is_lower(fold(i).back()) &&
                          tokens_[i - 1].role == Role::kNumber && i >= 2 && (i + 1 >= count_ || comma(i + 1));
        if (code) {
            tokens_[i].role = Role::kUnit;
            tokens_[i].begins_unit = true;
            return true;
        }
        if (tokens_[i].ordinal == 0 || !tokens_[i].digit || (!behind && !comma(i))) return false;
        if (i + 1 < count_ && same_part(i + 1) && is_street_type(i + 1)) return false;
        tokens_[i].role = Role::kUnit;
        tokens_[i].begins_unit = true;
        take_unit_tail(i + 1);
        return true;
    }

    // A street type behind a name of `words` words, at i. `end`: where the street may reach.
    const AddressWord* type_after(size_t i, size_t words, size_t end) const {
        if (words == 0) return nullptr;
        const AddressWord* type = after_meaning(i);
        if (type == nullptr) return nullptr;
        const bool last = i + 1 >= end || comma(i + 1) || tokens_[i + 1].role != Role::kNone ||
                          tokens_[i + 1].digit || as(i + 1, WordKind::kDirection) != nullptr ||
                          is_hash(tokens_[i + 1]);
        if ((type->flags & kAtEnd) != 0 && !last) return nullptr;
        return type;
    }
    const AddressWord* after_meaning(size_t i) const {
        const Token& t = tokens_[i];
        const AddressWord* found = nullptr;
        for (size_t n = 0; n < t.meanings; ++n) {
            const AddressWord& word = t.first[n];
            if (word.kind != WordKind::kStreet || (word.flags & kAfter) == 0 ||
                (word.languages & a_.languages) == 0) {
                continue;
            }
            if (found == nullptr) found = &word;
            // "Str" behind a leading number is English, elsewhere German.
            const bool german = t.before == '-' || !tokens_[0].digit;
            if (word.languages == kGerman && german && t.size <= 3) found = &word;
        }
        return found;
    }

    const AddressWord* type_before(size_t i) const {
        const Token& t = tokens_[i];
        for (size_t n = 0; n < t.meanings; ++n) {
            const AddressWord& word = t.first[n];
            if (word.kind != WordKind::kStreet || (word.flags & kBefore) == 0 ||
                (word.languages & a_.languages) == 0) {
                continue;
            }
            const bool local = a_.languages != kAllLanguages || t.dot || t.slash;
            const bool followed = i + 1 < count_ && tokens_[i + 1].before != '\'' && !is_hash(tokens_[i + 1]);
            if ((word.flags & kLocal) != 0 && !(local && followed)) continue;
            if (t.size == 1 && !followed) continue;
            return &word;
        }
        return nullptr;
    }

    // "5 de Mayo", "7 Norte 1234": a number that begins a name.
    bool begins_name(size_t i, size_t end) const {
        if (i + 1 >= end || comma(i + 1)) return false;
        const AddressWord* small = as(i + 1, WordKind::kSmall);
        if (small != nullptr && (small->flags & kArticle) == 0 && i + 2 < count_ && !tokens_[i + 2].digit)
            return true;
        const AddressWord* direction = as(i + 1, WordKind::kDirection);
        return direction != nullptr && (direction->languages & kSpanish) != 0 && i + 2 < end &&
               !comma(i + 2) && tokens_[i + 2].digit;
    }

    bool later_number(size_t i, size_t end) const {
        for (; i < end; ++i) {
            if (free(i) && plain_number(i) && house_sized(i)) return true;
        }
        return false;
    }

    // House numbers have at most five digits.
    bool house_sized(size_t i) const {
        const std::string_view key = fold(i);
        const size_t digits = leading_digits(key);
        return digits <= 5;
    }

    // The end of the part (between commas, units and boxes) that begins at i.
    size_t part_end(size_t i) const {
        size_t end = i + 1;
        while (end < count_ && !comma(end) && tokens_[end].role == Role::kNone) ++end;
        return end;
    }

    void find_street() {
        size_t first = 0;
        while (first < count_ && tokens_[first].role != Role::kNone) ++first;
        if (first == count_) return;
        // A box needs no street: "PO Box 123, Austin TX".
        size_t end = part_end(first);
        if (first > 0 && tokens_[first - 1].role == Role::kBox && !has_type(first, end)) return;
        if (is_mark(first)) {  // "No. 5, Main Street"
            tokens_[first].role = Role::kMark;
            ++first;
            end = part_end(first);
        }
        if (is_leading_number(first, end)) {
            size_t street = first + 1;
            tokens_[first].role = Role::kNumber;
            street = take_number_tail(street, true);
            if (free(street)) read_named_street(street, part_end(street));
            return;
        }
        read_street_and_number(first, end);
    }

    bool has_type(size_t from, size_t end) const {
        for (size_t i = from; i < end; ++i) {
            if (as(i, WordKind::kStreet) != nullptr) return true;
        }
        return false;
    }

    bool is_leading_number(size_t i, size_t end) const {
        if (!plain_number(i) || !house_sized(i) || i + 1 >= count_) return false;
        if (!free(i + 1)) return false;
        if (begins_name(i, end)) return false;
        if (comma(i + 1) &&
            (as(i + 1, WordKind::kSmall) != nullptr || as(i + 1, WordKind::kDirection) != nullptr)) {
            return false;
        }
        // "10115 Berlin" is no street; a number, then words.
        size_t next = i + 1;
        if (tokens_[next].digit && !is_ordinal(next) &&
            a_.view(tokens_[next]).find('/') == std::string_view::npos) {
            return next + 1 < count_ && !comma(next) && free(next + 1) && !tokens_[next + 1].digit;
        }
        return true;
    }

    // bis, ter, a letter, a fraction; returns what follows. In front of a street a letter counts only when
    // the street's type follows: "12 B rue Foch", but "12 A Street".
    size_t take_number_tail(size_t i, bool in_front) {
        const auto take = [&] {
            tokens_[i].role = Role::kNumber;
            ++i;
        };
        if (free(i) && same_part(i) && tokens_[i].digit && a_.view(tokens_[i]).size() == 3 &&
            a_.view(tokens_[i])[1] == '/') {
            take();
        }
        if (free(i) && same_part(i) && as(i, WordKind::kNumberTail) != nullptr) take();
        if (!free(i) || !same_part(i) || !single_letter(i)) return i;
        const bool last = i + 1 >= count_ || comma(i + 1) || tokens_[i + 1].role != Role::kNone;
        if (in_front) {
            const bool type = i + 2 < count_ && free(i + 1) && free(i + 2) && !comma(i + 1) &&
                              !comma(i + 2) && type_before(i + 1) != nullptr;
            const bool name = i + 2 < count_ && free(i + 1) && free(i + 2) && !comma(i + 1) &&
                              !comma(i + 2) && !tokens_[i + 1].digit &&
                              as(i + 1, WordKind::kStreet) == nullptr &&
                              as(i, WordKind::kDirection) == nullptr && as(i, WordKind::kSmall) == nullptr &&
                              as(i, WordKind::kStreet) == nullptr && as(i, WordKind::kNumber) == nullptr;
            if (type || name) take();
        } else if (last || tokens_[i].before == '-') {
            take();
        }
        return i;
    }

    // The street behind its house number, up to `end`.
    void read_named_street(size_t from, size_t end) {
        size_t words = 0;
        size_t stop = end;
        bool before = false;
        for (size_t i = from; i < end; ++i) {
            if (!before && words == 0) {
                if (const AddressWord* type = type_before(i); type != nullptr && i + 1 < end) {
                    set_type(i, type);
                    before = true;
                    continue;
                }
            }
            const AddressWord* type = before ? nullptr : type_after(i, words, end);
            if (type != nullptr && !is_saint(i, from, end)) {
                set_type(i, type);
                size_t next = i + 1;
                while (next < end && type_after(next, words, end) != nullptr && !is_saint(next, from, end)) {
                    tokens_[next - 1].role = Role::kStreet;
                    tokens_[next - 1].word = nullptr;
                    set_type(next, type_after(next, words, end));
                    ++next;
                }
                // "Highway 61"
                if (next < end && tokens_[next].digit && fold(next).size() <= 3 && is_numbered(type)) ++next;
                while (next < end && as(next, WordKind::kDirection) != nullptr) ++next;
                stop = next;
                break;
            }
            if (is_mark_of_unit(i) || (words > 0 && looks_postal(i))) {
                stop = i;
                break;
            }
            if (!(as(i, WordKind::kDirection) != nullptr && words == 0 && i + 1 < end)) ++words;
        }
        for (size_t i = from; i < stop; ++i) {
            if (tokens_[i].role == Role::kNone) tokens_[i].role = Role::kStreet;
        }
    }
    static bool is_numbered(const AddressWord* type) {
        return type->key == "hwy" || type->key == "rte" || type->key == "rd";
    }
    // "Paix 75002 Paris", but "Rue du 8 Mai 1945"
    bool looks_postal(size_t i) const {
        const std::string_view key = fold(i);
        if (!all_digits(key) || key.size() < 4 || i + 1 >= count_) return false;
        const bool year =
            key.size() == 4 && (key.starts_with("18") || key.starts_with("19") || key.starts_with("20"));
        return key.size() >= 5 || (!year && !comma(i + 1) && !tokens_[i + 1].digit);
    }
    bool is_mark_of_unit(size_t i) const { return is_hash(tokens_[i]); }
    void set_type(size_t i, const AddressWord* type) {
        tokens_[i].role = Role::kType;
        tokens_[i].word = type;
    }

    // "St" in front of a name, that is, not behind one and not at the end: "123 St Charles Ave", but "5th
    // St", "Main St".
    bool is_saint(size_t i, size_t from, size_t end) const {
        if (fold(i) != "st" || i + 1 >= end || tokens_[i + 1].digit) return false;
        if (i == from) return true;
        const AddressWord* direction = as(i - 1, WordKind::kDirection);
        return (direction != nullptr && i == from + 1) || as(i - 1, WordKind::kSmall) != nullptr ||
               tokens_[i - 1].role == Role::kType;
    }

    // The street in front of its house number.
    void read_street_and_number(size_t from, size_t end) {
        size_t words = 0;
        bool typed = false;
        for (size_t i = from; i < end; ++i) {
            if (is_mark(i) && (words > 0 || i > from)) {
                take_street(from, i);
                tokens_[i].role = Role::kMark;
                tokens_[i + 1].role = Role::kNumber;
                take_number_tail(i + 2, false);
                return;
            }
            if (as(i, WordKind::kNoNumber) != nullptr && i > from && (fold(i) == "s/n" || i + 1 >= end)) {
                take_street(from, i);
                tokens_[i].role = Role::kNoNumber;
                return;
            }
            // "Carretera N-340"
            const bool road =
                typed && words == 1 && tokens_[i].before == '-' && tokens_[i - 1].fold_size <= 2;
            const bool plain = plain_number(i) && house_sized(i) && !road;
            if (plain && words > 0 && !(begins_name(i, end) && later_number(i + 1, end))) {
                take_street(from, i);
                tokens_[i].role = Role::kNumber;
                take_number_tail(i + 1, false);
                return;
            }
            if (words == 0 && type_before(i) != nullptr && i + 1 < count_) {
                set_type(i, type_before(i));
                typed = true;
                continue;
            }
            if (typed && words == 0 && plain && later_marked(i + 1, end)) continue;  // "Calle 100 # 8A-55"
            if (const AddressWord* type = type_after(i, words, end);
                type != nullptr && !is_saint(i, from, end)) {
                if (!typed) set_type(i, type);
            }
            ++words;
        }
        take_street(from, end);
        // "Calle Mayor, 5", "Calle Mayor, nº 5", "Camino Real, s/n"
        size_t next = end;
        if (next >= count_ || !free(next)) return;
        if (as(next, WordKind::kNoNumber) != nullptr) {
            tokens_[next].role = Role::kNoNumber;
        } else if (is_mark(next)) {
            tokens_[next].role = Role::kMark;
            tokens_[next + 1].role = Role::kNumber;
            take_number_tail(next + 2, false);
        } else if (plain_number(next) && short_number(next) && words > 0 && !takes_value(end - 1)) {
            tokens_[next].role = Role::kNumber;
            take_number_tail(next + 1, false);
        }
    }
    // A word that would take the number that follows for its own.
    bool takes_value(size_t i) const {
        return as(i, WordKind::kUnit) != nullptr || as(i, WordKind::kFloor) != nullptr ||
               as(i, WordKind::kBox) != nullptr || fold(i) == "box" || fold(i) == "postal" || fold(i) == "p";
    }
    bool short_number(size_t i) const {
        const std::string_view key = fold(i);
        const size_t digits = leading_digits(key);
        if (digits <= 3) return true;
        // "1010 Wien" is a postal code, "1234" alone a house number.
        return digits <= 4 && (i + 1 >= count_ || comma(i + 1) || !free(i + 1));
    }
    bool later_marked(size_t i, size_t end) const {
        for (; i < end; ++i) {
            if (is_mark(i)) return true;
        }
        return false;
    }
    void take_street(size_t from, size_t end) {
        for (size_t i = from; i < end; ++i) {
            if (tokens_[i].role == Role::kNone) tokens_[i].role = Role::kStreet;
        }
    }

    void give_words();

    Address& a_;
    std::string_view alpha2_;
    Token* tokens_;
    size_t count_;
};

// The meaning of the tokens that have none yet.
void RoleFinder::give_words() {
    size_t words = 0;
    size_t from = 0;
    for (size_t i = 0; i < count_; ++i) {
        Token& t = tokens_[i];
        const auto part = [](Role role) { return role == Role::kType ? Role::kStreet : role; };
        if (i == 0 || comma(i) || part(tokens_[i - 1].role) != part(t.role)) {
            words = 0;
            from = i;
        }
        if (t.meanings == 0 || t.word != nullptr) {
            ++words;
            continue;
        }
        size_t end = i + 1;
        while (end < count_ && !comma(end) && tokens_[end].role == t.role) ++end;
        if (t.role == Role::kUnit) {
            t.word = as(i, WordKind::kUnitValue);
        } else if (t.role == Role::kNumber) {
            t.word = as(i, WordKind::kNumberTail);
        } else if (t.role == Role::kNoNumber) {
            t.word = as(i, WordKind::kNoNumber);
        } else if (t.role == Role::kBoxWord) {
            t.word = as(i, WordKind::kBox);
        } else if (t.role == Role::kStreet || t.role == Role::kRest) {
            for (const WordKind kind :
                 {WordKind::kSmall, WordKind::kOrdinal, WordKind::kDirection, WordKind::kTitle}) {
                const AddressWord* word = as(i, kind);
                if (word == nullptr) continue;
                const bool followed = i + 1 < end;
                // "12 E 42nd St"
                const bool english = a_.languages == kEnglish || (i == 1 && tokens_[0].role == Role::kNumber);
                if (kind == WordKind::kSmall && english && single_letter(i)) continue;
                // "O Higgins"
                if (kind == WordKind::kSmall && word->word == "o" && followed &&
                    tokens_[i + 1].fold_size >= 4)
                    continue;
                if (kind == WordKind::kDirection && word->word == "pte" && followed && !tokens_[i + 1].digit)
                    continue;
                if (kind == WordKind::kTitle && !followed) continue;
                if (kind == WordKind::kTitle && word->word == "st" && words > 0 && !is_saint(i, from, end))
                    continue;
                t.word = word;
                break;
            }
            if (t.word == nullptr && words > 0) t.word = type_after(i, words, end);
        }
        ++words;
    }
}

}  // namespace

const AddressWord* Address::as(const Token& token, WordKind kind) const {
    const AddressWord* other = nullptr;
    for (size_t i = 0; i < token.meanings; ++i) {
        const AddressWord& word = token.first[i];
        if (word.kind != kind) continue;
        if ((word.languages & languages) != 0) return &word;
        if (other == nullptr) other = &word;
    }
    return other;
}

void assign_roles(Address& address, std::string_view alpha2) {
    RoleFinder(address, alpha2).run();
}

void parse_address(Address& address, std::string_view alpha2) {
    address.languages = address_languages(alpha2);
    split_tokens(address);
    assign_roles(address, alpha2);
}

}  // namespace cdp::text
