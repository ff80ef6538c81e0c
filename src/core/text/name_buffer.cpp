// SPDX-License-Identifier: PostgreSQL
#include "text/name_buffer.hpp"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr char32_t kLatinEnd = 0x250;

Kind kind_of(char32_t point) {
    if (point < 0x80) {
        const char c = static_cast<char>(point);
        if (is_lower(c)) return Kind::kSmall;
        if (is_upper(c)) return Kind::kCapital;
        return is_digit(c) ? Kind::kDigit : Kind::kOther;
    }
    switch (u_charType(static_cast<UChar32>(point))) {
        case U_LOWERCASE_LETTER:
            return Kind::kSmall;
        case U_UPPERCASE_LETTER:
        case U_TITLECASE_LETTER:
            return Kind::kCapital;
        case U_MODIFIER_LETTER:
        case U_OTHER_LETTER:
            return Kind::kCaseless;
        case U_DECIMAL_DIGIT_NUMBER:
            return Kind::kDigit;
        default:
            return Kind::kOther;
    }
}

bool is_symbol(char32_t point) {
    if (point < 0x80)
        return std::string_view("$+<=>^`|~_\";*").find(static_cast<char>(point)) != std::string_view::npos;
    if (point == 0x200D || point == 0xFE0F || point == 0x20E3) return true;
    return point != 0xFFFD && (U_GET_GC_MASK(static_cast<UChar32>(point)) & U_GC_S_MASK) != 0;
}

// Apostrophes and hyphens in their ASCII forms.
char32_t plain_mark(char32_t point) {
    if (point == U'`' || point == U'´' || point == U'ʼ' || point == U'’' || point == U'‘') return U'\'';
    if (point >= 0x2010 && point <= 0x2015) return U'-';
    return point;
}

bool is_only_marks(std::u32string_view word) {
    return word.find_first_not_of(U".-/'") == std::u32string_view::npos;
}

}  // namespace

FoldedWord::FoldedWord(std::u32string_view word) {
    for (const char32_t point : word) {
        if (point < 0x80) {
            if (size_ == kSize) {
                size_ = 0;
                return;
            }
            bytes_[size_++] = lower(static_cast<char>(point));
            continue;
        }
        if (point >= 0x300 && point < 0x345) continue;  // a mark
        const std::string_view latin = fold_latin_letter(point);
        if (latin.empty() || size_ + latin.size() > kSize) {
            size_ = 0;
            return;
        }
        for (const char c : latin) bytes_[size_++] = c;
    }
}

bool NameBuffer::read(std::string_view text) {
    size_t size = 0;
    bool comma = false;  // one came before the word that is being read
    size_t start = 0;
    const auto end_word = [&] {
        if (size > start && !is_only_marks({points_.data() + start, size - start})) {
            words_[count_++] = {static_cast<uint16_t>(start), static_cast<uint16_t>(size), comma};
            comma = false;
        } else if (size == start + 1 && points_[start] == U'/') {
            has_slash_ = true;
        }
        start = size;
    };
    size_t characters = 0;
    for (size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (++characters > kLongest) return false;
        if (is_letter(text[i])) {  // most of all
            ++i;
            points_[size] = byte;
            kinds_[size++] = byte >= 'a' ? Kind::kSmall : Kind::kCapital;
            continue;
        }
        const char32_t point = plain_mark(decode_utf8(text, i));
        if (point == U' ' || point == U',') {
            end_word();
            comma = comma || point == U',';
            has_commas_ = has_commas_ || point == U',';
            continue;
        }
        if (is_symbol(point)) {
            end_word();
            has_quotes_ = has_quotes_ || point == U'"';
            has_commas_ = has_commas_ || point == U';';
            symbols_dropped_ = symbols_dropped_ || (point != U'"' && point != U';');
            continue;
        }
        is_latin_ = is_latin_ && point < kLatinEnd;
        points_[size] = point;
        kinds_[size] = kind_of(point);
        has_marks_ = has_marks_ || !is_letter_kind(kinds_[size]);
        ++size;
    }
    end_word();
    return true;
}

Letters NameBuffer::letters(size_t n) const {
    Letters letters;
    for (size_t i = words_[n].from; i < words_[n].to; ++i) {
        letters.small += kinds_[i] == Kind::kSmall;
        letters.capital += kinds_[i] == Kind::kCapital;
        letters.caseless += kinds_[i] == Kind::kCaseless;
    }
    return letters;
}

Letters NameBuffer::letters() const {
    Letters all;
    for (size_t n = 0; n < count_; ++n) {
        const Letters one = letters(n);
        all.small += one.small;
        all.capital += one.capital;
        all.caseless += one.caseless;
    }
    return all;
}

void NameBuffer::shift() {
    --count_;
    std::copy_n(words_.begin() + 1, count_, words_.begin());
}

bool NameBuffer::set(size_t at, char32_t point) {
    if (points_[at] == point) return false;
    points_[at] = point;
    kinds_[at] = kind_of(point);
    return true;
}

bool NameBuffer::make_title(size_t n, size_t i) {
    const size_t at = words_[n].from + i;
    const char32_t point = points_[at];
    if (point < 0x80) return set(at, static_cast<char32_t>(upper(static_cast<char>(point))));
    return set(at, static_cast<char32_t>(u_totitle(static_cast<UChar32>(point))));
}

bool NameBuffer::make_small(size_t n, size_t i) {
    const size_t at = words_[n].from + i;
    const char32_t point = points_[at];
    if (point < 0x80) return set(at, static_cast<char32_t>(lower(static_cast<char>(point))));
    return set(at, static_cast<char32_t>(u_tolower(static_cast<UChar32>(point))));
}

std::string NameBuffer::text() const {
    std::string out;
    out.reserve(length() + 8);
    for (size_t n = 0; n < count_; ++n) {
        if (n > 0) out.push_back(' ');
        for (const char32_t point : word(n)) append_utf8(out, point);
    }
    return out;
}

size_t NameBuffer::length() const {
    size_t length = count_ == 0 ? 0 : count_ - 1;
    for (size_t n = 0; n < count_; ++n) length += word(n).size();
    return length;
}

bool NameBuffer::contains(char32_t point) const {
    for (size_t n = 0; n < count_; ++n) {
        if (word(n).find(point) != std::u32string_view::npos) return true;
    }
    return false;
}

bool NameBuffer::has_digits() const {
    for (size_t n = 0; n < count_; ++n) {
        if (std::find(kinds_.begin() + words_[n].from, kinds_.begin() + words_[n].to, Kind::kDigit) !=
            kinds_.begin() + words_[n].to) {
            return true;
        }
    }
    return false;
}

}  // namespace cdp::text
