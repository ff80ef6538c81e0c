// SPDX-License-Identifier: PostgreSQL
// Kölner Phonetik (Postel, "Die Kölner Phonetik", IBM-Nachrichten 19, 1969): German names as digits of any
// number. Empty when there is no letter with a code ("h"). Some 60 ns for a name.
//
// The letters of the folded text, of several words as of one; ä, ö, ü and ae, oe, ue are all vowels, ß is ss,
// so "Müller" and "Mueller" need no care beyond folding. Each letter gets a digit, then runs of a digit
// become one, then zeros go but at the beginning.
//   0  A E I J O U Y                        4  G K Q; C at the beginning before A H K L O Q R U X,
//   1  B; P not before H                       elsewhere before A H K O Q U X, never after S, Z
//   2  D T not before C, S, Z               48 X not after C, K, Q
//   3  F V W; P before H                    5 L   6 M N   7 R
//   8  S Z; other C; D T before C, S, Z; X after C, K, Q        H has none
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

Code cologne_phonetic(std::string_view text);

}  // namespace cdp::similarity
