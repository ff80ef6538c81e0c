// SPDX-License-Identifier: PostgreSQL
// Names of persons. Repairs only what is certainly an artefact of entry (all capitals, all lower case, titles
// such as "Mr.", stray symbols); mixed case is taken as meant ("DeShawn", "van der Berg").
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// One given name or family name, or a full name.
// - Tokens all in capitals or all in lower case become title case: "MARÍA DEL CARMEN" -> "María del Carmen",
//   "o'brien" -> "O'Brien", "MCDONALD" -> "McDonald" (never "Mac…": Macy), "jean-luc" -> "Jean-Luc".
//   Particles (de, la, del, van, von, da, dos, …) are lower case unless first. In a name of mixed case,
//   capitals of up to three letters (JP, AJ) and lower-case particles stay as they are.
// - Titles in front are dropped (Mr, Mrs, Ms, Miss, Dr, Prof, Sr, Sra, Srta, Don, Doña, …) unless nothing
// follows.
// - Suffixes at the end lose their punctuation: "Smith, Jr." -> "Smith Jr"; II, III, IV are capitals.
// - No letters: invalid. Digits, an e-mail address, over 100 characters: suspicious.
Cleaned clean_name(std::string_view raw);

struct SplitName {
    std::string given;   // empty when none
    std::string family;  // empty when none
};

// A full name in two parts, each as clean_name leaves it.
// - "Family, Given" when there is a comma (before anything but Jr, Sr, II, III, IV).
// - Otherwise words; a particle and what follows it are one word ("de la Cruz"), so are the sides of "y"
//   ("Ortega y Gasset"), and a suffix goes with the family name. One word: given. Two or three: the last is
//   the family name. Four or more: the last two (two Spanish surnames), as of three when the first is "María
//   del Carmen" or the like. But a word with a particle begins the family name wherever it stands ("Juan de
//   la Cruz García"), save the Spanish given names (del Carmen, de los Ángeles, de Jesús, del Pilar, …).
SplitName split_name(std::string_view raw);

}  // namespace cdp::text
