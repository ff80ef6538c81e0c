// SPDX-License-Identifier: PostgreSQL
// Spanish Metaphone (Mosquera 2011, in Mosquera, Lloret and Moreda, "Towards Facilitating the Accessibility
// of Web 2.0 Texts through Text Normalisation", LREC 2012): what Spanish spelling confuses gets one letter.
// Empty when there is no letter with a code. Some 80 ns for an ASCII name.
//
// The letters, of several words as of one, without accents but Ñ, Ü and Ç. First CH X, Ç S, Ñ NY, GÜ W, Ü U,
// B V, LL Y. Then from left to right, at most 6 letters (max_length):
//   vowels       the first letter only, and the one after H: HOLA OL, ALHAMAR ALAMR
//   D F J K M N P T V L Y   themselves, doubled ones once
//   C            X in CC, Z before E and I, else K       G   J before E and I, else G
//   H            silent before a vowel, else H           Q   K, with its U
//   W            U                                       R   R, doubled ones twice
//   S            ES at the beginning before a consonant, else S
//   X            EX at the beginning before a consonant (not before nothing), else X
//   Z            Z; with seseo, as in America and the Canaries, it and the C before E and I are S
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

constexpr size_t kSpanishLength = 6;

Code spanish_metaphone(std::string_view text, bool seseo = false, size_t max_length = kSpanishLength);

}  // namespace cdp::similarity
