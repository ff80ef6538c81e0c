// SPDX-License-Identifier: PostgreSQL
// Soundex and refined Soundex. Both code the letters of the folded text, of several words as of one
// ("van Dyck" as VANDYCK); anything else is left out. Empty when there is no letter. Some 30 ns for a name.
#pragma once

#include <string_view>

#include "similarity/letters.hpp"

namespace cdp::similarity {

// American Soundex as the National Archives use it (General Information Leaflet 55): the first letter and
// three digits. BFPV 1, CGJKQSXZ 2, DT 3, L 4, MN 5, R 6. Neighbours with the same digit are one, also the
// first letter's; so are those with only H or W between them, but not those with a vowel (AEIOUY) between.
Code soundex(std::string_view text);

// The first letter and a digit for every letter, the first again included, vowels 0; runs of a digit are one.
// AEIOUHWY 0, BP 1, FV 2, CKS 3, GJ 4, QXZ 5, DT 6, L 7, MN 8, R 9 (the form of the Apache Commons Codec
// documentation).
Code refined_soundex(std::string_view text);

}  // namespace cdp::similarity
