// SPDX-License-Identifier: PostgreSQL
// Double Metaphone (Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal, June 2000): two
// codes for a name, of its most likely pronunciation in the United States and of another, by where such names
// come from (Slavic, Germanic, Celtic, Greek, French, Italian, Spanish, Chinese). A letter each for a sound:
// A for any vowel, at the beginning only, 0 for th, X for sh and ch, F H J K L M N P R S T.
//
// The letters of the folded text (ç is its own); words are kept apart, as "van ", "San " and "Mac C" are
// rules. Two names may be alike when any of their codes are equal. Codes are cut to max_length, 4 in the
// article. Without another pronunciation both codes are the same. Both are empty when no letter has a sound
// ("h"). Some 100 ns for a name.
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

constexpr size_t kDoubleMetaphoneLength = 4;

struct DoubleCode {
    Code primary;
    Code alternate;
};

DoubleCode double_metaphone(std::string_view text, size_t max_length = kDoubleMetaphoneLength);

}  // namespace cdp::similarity
