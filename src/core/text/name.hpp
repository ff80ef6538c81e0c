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
//   capitals of up to three letters (JP, AJ) and lower-case particles stay as they are; JD and JRR always.
// - Titles in front are dropped (Mr., Dra., Don before a Spanish name, Herr, Mme, Sig.ra, Dipl.-Ing., …:
//   name_words.hpp) unless nothing follows, and so are degrees at the end (PhD, CPA, Esq.; M.D. after a
//   comma).
// - Suffixes at the end lose their punctuation: "Smith, Jr." -> "Smith Jr"; II, III, IV, VII, VIII are capitals.
// - No letters: invalid. Names of nobody ("Test Test", "Nombre Apellido", "consumidor final"): missing.
//   Digits, an e-mail address, "P?rez", two names ("Juan / María", "John & Mary"), "(fallecido)", over 100
//   characters, "John Doe": suspicious.
// Cost: some 300 ns for a name in Latin letters.
Cleaned clean_name(std::string_view raw);

struct SplitName {
    std::string given;   // empty when none
    std::string family;  // empty when none
};

// A full name in two parts, each as clean_name leaves it.
// - "Family, Given" when there is a comma (before anything but Jr, Sr, II, III, IV).
// - Otherwise words; a particle and what follows it are one word ("de la Cruz"), so are the sides of "y"
//   ("Ortega y Gasset"), and a suffix goes with the family name ("Silva Filho" too). One word: given. Two or
//   three: the last is the family name. Four or more: the last two (two Spanish surnames, unless the
//   first of them is an initial), as of three when the first is "María del Carmen" or the like. But a word
//   with a particle begins the family name wherever it stands ("Juan de la Cruz García"), save the Spanish
//   given names (del Carmen, de los Ángeles, de Jesús, del Pilar, …).
SplitName split_name(std::string_view raw);

struct NameParts {
    std::string title, given, middle, family, second_family, suffix, nickname;  // each empty when none
};

// A full name in all its parts; split_name's rules with these in addition.
// - title and suffix are what clean_name takes off or keeps at the ends: "Prof Dr", "Jr", "PhD", "Filho". A
//   nickname stands in quotes or parentheses: William "Bill" Gates.
// - given is the first given name ("María del Carmen" is one), middle the others.
// - second_family is the second of two Spanish surnames. Of three words the last two are surnames when both
//   are frequent Spanish ones or end in -ez ("Ana García López").
NameParts parse_name(std::string_view raw);

}  // namespace cdp::text
