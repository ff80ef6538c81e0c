// SPDX-License-Identifier: PostgreSQL
// The characters of one name with their kinds, and where its words are; all on the stack, changed in place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdp::text {

enum class Kind : uint8_t { kOther, kSmall, kCapital, kCaseless, kDigit };  // the middle three are letters

constexpr bool is_letter_kind(Kind kind) {
    return kind == Kind::kSmall || kind == Kind::kCapital || kind == Kind::kCaseless;
}

struct Letters {
    size_t small = 0, capital = 0, caseless = 0;
    size_t all() const { return small + capital + caseless; }
};

// A folded word of up to kSize bytes; empty for longer ones and those with other than Latin letters, which
// are no particles, titles or suffixes.
class FoldedWord {
  public:
    static constexpr size_t kSize = 16;
    explicit FoldedWord(std::u32string_view word);
    operator std::string_view() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, kSize> bytes_;
    size_t size_ = 0;
};

class NameBuffer {
  public:
    static constexpr size_t kLongest = 300;  // characters; more is no name

    struct Word {
        uint16_t from, to;
        bool after_comma;
    };

    // Splits at spaces, commas and symbols (emoji, currency, underscores, quotes), which go; apostrophes and
    // hyphens take their ASCII forms. Words of nothing but marks go too. False when the text is too long.
    bool read(std::string_view text);

    bool symbols_dropped() const { return symbols_dropped_; }
    bool has_quotes() const { return has_quotes_; }
    bool has_slash() const { return has_slash_; }  // one between words
    bool has_commas() const { return has_commas_; }
    bool is_latin() const { return is_latin_; }    // every character below U+0250
    bool has_marks() const { return has_marks_; }  // anything but letters, spaces and commas was read

    size_t size() const { return count_; }
    std::u32string_view word(size_t n) const {
        return {points_.data() + words_[n].from, static_cast<size_t>(words_[n].to - words_[n].from)};
    }
    bool is_after_comma(size_t n) const { return words_[n].after_comma; }
    Kind kind(size_t n, size_t i) const { return kinds_[words_[n].from + i]; }
    Letters letters(size_t n) const;
    Letters letters() const;

    void drop_first() { words_[0] = {}, shift(); }
    void drop_last() { --count_; }
    void shorten_front(size_t n, size_t by) { words_[n].from = static_cast<uint16_t>(words_[n].from + by); }
    void shorten_back(size_t n) { --words_[n].to; }

    // Change the case of one character; true when that changed it.
    bool make_title(size_t n, size_t i);
    bool make_small(size_t n, size_t i);

    std::string text() const;  // the words with single spaces
    size_t length() const;     // of it, in characters
    bool contains(char32_t point) const;
    bool has_digits() const;

  private:
    void shift();
    bool set(size_t at, char32_t point);

    // Not initialised: `read` fills what is used.
    std::array<char32_t, kLongest> points_;
    std::array<Kind, kLongest> kinds_;
    std::array<Word, kLongest / 2 + 1> words_;
    size_t count_ = 0;
    bool symbols_dropped_ = false, has_quotes_ = false, has_commas_ = false, has_slash_ = false,
         is_latin_ = true;
    bool has_marks_ = false;
};

}  // namespace cdp::text
