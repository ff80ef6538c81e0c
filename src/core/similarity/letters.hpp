// SPDX-License-Identifier: PostgreSQL
// What the phonetic codes share: the letters they read and the code they write, both of fixed size on the
// stack, so that a code allocates nothing (a text that is not ASCII is folded first, which does).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cdp::similarity {

constexpr size_t kMaxLetters = 255;  // the rest of a longer text is not coded
constexpr size_t kMaxCode = 255;     // longer codes are cut

// The letters A to Z of a text after folding ("Müller" and "Мюллер" are MULLER), everything else left out.
// Positions before the first and after the last read as '\0'.
class Letters {
  public:
    enum class Spaces { kDrop, kKeep };  // kKeep: what separates words becomes one space
    static constexpr std::string_view kNoMarks = {};

    // A character of `marks` in `text` stays as it is, beside the letters.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    explicit Letters(std::string_view text, Spaces spaces = Spaces::kDrop, std::string_view marks = kNoMarks);

    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    // -kMargin <= i <= size() + kMargin
    char operator[](std::ptrdiff_t i) const { return text_[static_cast<size_t>(i + kMargin)]; }
    char& operator[](std::ptrdiff_t i) { return text_[static_cast<size_t>(i + kMargin)]; }
    std::string_view view() const { return {text_.data() + kMargin, size_}; }
    // True when `part` begins at i; false before the first letter.
    bool at(std::ptrdiff_t i, std::string_view part) const {
        for (size_t n = 0; n < part.size(); ++n, ++i) {
            if (i < 0 || static_cast<size_t>(i) >= size_ || (*this)[i] != part[n]) return false;
        }
        return true;
    }
    void shrink(size_t size);

    static constexpr std::ptrdiff_t kMargin = 8;

  private:
    void read(std::string_view text, Spaces spaces, std::string_view marks);

    size_t size_ = 0;
    std::array<char, kMaxLetters + 2 * kMargin> text_;  // NOLINT: the margins and size_ letters are set
};

// A code as a value. Empty: the text has no letters.
class Code {
  public:
    void put(char c) {
        if (size_ < kMaxCode) text_[size_++] = c;
    }
    void put(std::string_view part) {
        for (const char c : part) put(c);
    }
    void shrink(size_t size) { size_ = static_cast<unsigned char>(size < size_ ? size : size_); }
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    char back() const { return size_ == 0 ? '\0' : text_[size_ - 1U]; }
    std::string_view view() const { return {text_.data(), size_}; }

  private:
    unsigned char size_ = 0;
    std::array<char, kMaxCode> text_;  // NOLINT: size_ characters are set
};

constexpr bool is_any_of(char c, std::string_view set) {
    return c != '\0' && set.find(c) != std::string_view::npos;
}

// Copies `text` with some characters replaced by a mark that survives folding, for the codes that tell them
// from the plain letter. Both forms of an accented letter are found, composed and decomposed.
struct Marked {
    char32_t lower;      // ñ
    char32_t upper;      // Ñ
    char base;           // n
    char32_t combining;  // the mark that makes it of the base
    char mark;           // an ASCII character that is no letter
};
std::string mark_letters(std::string_view text, const Marked* marks, size_t count);

}  // namespace cdp::similarity
