// SPDX-License-Identifier: PostgreSQL
// NYSIIS (Taft, "Name Search Techniques", New York State Identification and Intelligence System, Special
// Report 1, 1970) and its modified form. Letters, not digits. The letters of the folded text, of several
// words as of one. Empty when there is no letter. Some 60 ns for a name, the modified form 100.
//
// Original, in order:
//   1. The beginning: MAC MCC, KN NN, K C, PH FF, PF FF, SCH SSS.
//   2. The end: EE Y, IE Y; DT RT RD NT ND D.
//   3. The first letter is the first of the code. Then, letter by letter from the second: EV AF, other vowels
//      A; Q G, Z S, M N; KN N, other K C; SCH SSS; PH FF; H as the letter before when that or the next one is
//      no vowel; W as the letter before when that is a vowel (so A). What follows sees the changed letters.
//      A letter equal to the last one of the code is left out.
//   4. A final S goes; a final AY becomes Y; a final A goes. The first letter always stays.
//   5. Cut to 6 (max_length).
//
// Modified (the list of sound-ex.com and dropby.com, step by step): all S and Z at the end go; at the
// beginning MAC MC, PF F; at the end IX IC, EX EC, YE EE IE Y, NT ND D; EV EF but at the beginning; W after a
// vowel goes; vowels A; GHT GT; DG G; PH F; H next to a vowel goes; KN N, other K C; M N; Q G; SH S; SCH S;
// YW Y; Y A but at the end; WR R; Z S; a final AY Y; final vowels go; runs of a letter are one; a first vowel
// is put back as it was. H, M, Q, Y and Z stay when they are the first letter.
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

constexpr size_t kNysiisLength = 6;

Code nysiis(std::string_view text, size_t max_length = kNysiisLength);
Code modified_nysiis(std::string_view text, size_t max_length = kNysiisLength);

}  // namespace cdp::similarity
