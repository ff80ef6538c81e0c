// SPDX-License-Identifier: PostgreSQL
// Names in Latin letters, for people and systems that read no others.
#pragma once

#include <string>
#include <string_view>

namespace cdp::text {

// The clean name (name.hpp) with every word of another script transliterated and in title case: "Юлия
// Щукина" is "Yuliya Shchukina", "Γιώργος" "Giorgos", "李小龙" "Li Xiao Long", "김민수" "Gimminsu". Words in
// Latin letters keep their accents. Cyrillic is read as Russian (BGN/PCGN 1947), Greek as by UNGEGN (ELOT
// 743), Chinese in pinyin with the readings of family names, anything else as by ICU's Any-Latin; Arabic and
// Hebrew have no short vowels: "محمد" is "Mhmd". Marks that transliteration adds are left out. Empty when the
// name is missing or invalid or no letters come out.
// Cost: clean_name for Latin; other scripts some 20 µs, and the first of a process loads rules (some 20 ms).
std::string latin_name(std::string_view raw);

}  // namespace cdp::text
