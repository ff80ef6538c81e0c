// SPDX-License-Identifier: PostgreSQL
// How likely two names are one person's, from the names alone: 0 to 1, from 0.85 on "the same" (the labelled
// pairs in test/unit/similarity/name_pairs.hpp). Symmetric; 1 for names equal after folding. No allocation
// for ASCII names; some 300 ns for names that are alike, 900 ns for two with nothing in common.
//
// 1. The words of both names, folded; titles and degrees go, particles (de, van, y) do not count, a suffix
//    (Jr, III) is set apart (name_parts.hpp). Words are paired one to one, whatever their order, best first:
//      equal         1
//      joined        1     "Mary Ann" and "Maryann", "Mc Donald" and "McDonald", with a slip 0.9
//      nickname      0.95  Bob and Robert (text/nickname.hpp), and abbreviations: Fco, Gpe, Wm
//      typo          1 - 0.6 d / length for d = 1 edit (0.4 for a swap of neighbours), 0.95 d for 2, d for
//                    more, when d is at most a third of the length; 0.3 less when the first letters differ,
//                    0.05 for those that sound alike (C K, J G, V B W, ...) or when one begins a letter
//                    later; 0.15 less for words of 3
//      initial       0.8   J and John; "JP" and "John Paul"
//      abbreviation  0.85  "Alej." and Alejandro; 0.6 without the dot, from 3 letters on and 3 less,
//                    and for Martín and Martínez
//      gender        0.65  Daniel and Daniela, Mario and Maria: near, but two persons
//      sound         0.68  the same Double Metaphone code and first letter: Meyer and Maier
//    Words that pair with none of the other name's are in conflict with each other (up to 0.3 for looking
//    alike), or extra when the other name has no more words.
// 2. The mean of the pairs and conflicts; with a conflict at most 0.82.
// 3. Times 0.95 for each extra word, 0.98 for an extra initial; 0.8 for the first extra word when only one
//    word is paired ("Juan" and "Juan García").
// 4. Times 0.97 when the order differs and not just by "García, Juan".
// 5. Two different suffixes (Jr, Sr; but not Jr, II): at most 0.8. One suffix: times 0.98.
// Names of more than 12 words or 200 bytes are compared by Jaro-Winkler over the first 1000 bytes, times
// 0.99.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/tick.hpp"

namespace cdp::similarity {

double name_similarity(std::string_view a, std::string_view b, Tick& tick);

// The pairs behind a score, in order of the first name, then what only the second has. Empty parts are
// missing.
struct NamePair {
    std::string part_a;
    std::string part_b;
    std::string_view relation;  // equal, joined, nickname, typo, initial, abbreviation, gender, sound,
                                // conflict, missing, suffix
    double score;
};
std::vector<NamePair> explain_name_similarity(std::string_view a, std::string_view b, Tick& tick);

}  // namespace cdp::similarity
