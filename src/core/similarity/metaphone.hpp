// SPDX-License-Identifier: PostgreSQL
// Metaphone (Philips, "Hanging on the Metaphone", Computer Language 7(12), 1990): English consonant sounds as
// the letters 0BFHJKLMNPRSTWXY, 0 for th and X for sh. Empty when there is no letter. Some 60 ns for a name.
//
// The letters of the folded text, of several words as of one. Doubled letters but C count once. At the
// beginning AE, GN, KN, PN, WR lose the first letter, WH is W, X is S. Vowels stay only at the beginning.
// Then
//   B  B, silent in final MB                     C  X in CIA and CH (K in SCH, CHR), S before E, I, Y
//   D  J in DGE, DGI, DGY, else T                   (silent in SCE, SCI, SCY), else K
//   G  silent in GH not final and not before a vowel, in final GN and GNED, and in DGE …;
//      J before E, I, Y unless doubled, else K
//   H  H before a vowel and not after C, G, P, S, T, else silent
//   K  K, silent after C                         P  F in PH, else P
//   S  X in SH, SIO, SIA and SCHW, else S        T  X in TIA, TIO, 0 in TH, silent in TCH, else T
//   W, Y  themselves before a vowel, else silent
//   Q K, V F, X KS, Z S; F J L M N R themselves
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

Code metaphone(std::string_view text, size_t max_length = kMaxCode);

}  // namespace cdp::similarity
