// SPDX-License-Identifier: PostgreSQL
// The words of a person's name, ready to be compared: folded, with titles, suffixes and particles told apart.
// Names of up to 200 bytes and 12 words live on the stack.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cdp::similarity {

enum class NameSuffix : unsigned char { kNone, kJunior, kSenior, kSecond, kThird, kFourth };

class NameParts {
  public:
    static constexpr size_t kMostBytes = 200;
    static constexpr size_t kMostParts = 12;

    struct Part {
        std::string_view text;
        bool dotted;    // a dot followed: an abbreviation
        bool particle;  // de, van, y; never the last word, but in "Gogh, Vincent van"
    };

    // Words are what spaces, hyphens and punctuation separate; apostrophes join (O'Brien is obrien). Titles
    // go, at the beginning and after a comma, unless nothing follows; so do suffixes at the end or before a
    // comma, which is remembered, and degrees (phd, md, esq). What a name would be left without stays.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    explicit NameParts(std::string_view name);
    NameParts(const NameParts&) = delete;  // the parts point into it
    NameParts& operator=(const NameParts&) = delete;

    size_t size() const { return size_; }
    const Part& operator[](size_t i) const { return parts_[i]; }
    NameSuffix suffix() const { return suffix_; }
    bool has_comma() const { return comma_; }  // Family, Given
    bool too_long() const { return too_long_; }

  private:
    void read(std::string_view folded);
    void drop_titles();
    void drop_suffixes();
    void mark_particles();
    void erase(size_t i);

    std::array<char, kMostBytes> text_;  // NOLINT
    std::array<Part, kMostParts> parts_;
    std::array<bool, kMostParts> after_comma_{};
    size_t size_ = 0;
    NameSuffix suffix_ = NameSuffix::kNone;
    bool comma_ = false;
    bool too_long_ = false;
};

}  // namespace cdp::similarity
