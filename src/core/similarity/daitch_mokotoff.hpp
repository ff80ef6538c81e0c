// SPDX-License-Identifier: PostgreSQL
// Daitch-Mokotoff Soundex (Mokotoff, "Proposal for a Soundex System for Slavic and Yiddish Names", 1985; the
// coding chart of avotaynu.com and jewishgen.org): six digits, made for the names of Central and Eastern
// Europe. Letters that are read in two ways give several codes, and two names may be alike when they have one
// in common.
//
// The letters of the folded text, of several words as of one ("Nowy Targ" 673950); Ą, Ę, Ţ and Ț are their
// own. The longest group of letters of the chart is one sound, with a digit for the beginning of the name,
// for before a vowel and for elsewhere. Neighbouring sounds with the same digit are one, but MN and NM
// are 66. A vowel between separates. J is a vowel in one reading and a consonant in the other. UE is coded as
// UI, as the chart's own programs do. Linear; some 150 ns for a name.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cdp::similarity {

class DaitchMokotoffCodes {
  public:
    static constexpr size_t kLength = 6;
    static constexpr size_t kMost = 64;  // codes; further readings are left out
    using Digits = std::array<char, kLength>;

    size_t size() const { return size_; }
    std::string_view operator[](size_t i) const { return {codes_[i].data(), kLength}; }
    void put(const Digits& digits) {
        if (size_ < kMost) codes_[size_++] = digits;
    }

  private:
    size_t size_ = 0;
    std::array<Digits, kMost> codes_;  // NOLINT: size_ codes are set
};

// Without repetition, in ascending order. None when there is no letter.
DaitchMokotoffCodes daitch_mokotoff(std::string_view text);

}  // namespace cdp::similarity
