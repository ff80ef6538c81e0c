// SPDX-License-Identifier: PostgreSQL
// The words of postal addresses in English, Spanish, Portuguese, German and French: what they are, how they
// are written and what the spellings share. Cost of a look-up: some 20 ns.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cdp::text {

enum class WordKind : uint8_t {
    kStreet,      // Avenida, Street, Rue
    kUnit,        // Depto., Suite; counts when a value follows
    kFloor,       // Piso, Floor; as kUnit, or behind its number: "2nd floor"
    kUnitValue,   // izq, dcha, bajo: a value of its own, behind a house number or a unit
    kDirection,   // N, Norte
    kNumber,      // No., Nr., número: in front of a house number
    kNoNumber,    // s/n
    kNumberTail,  // bis, ter: behind a house number
    kTitle,       // Gral., St, Pdte.: in front of a name
    kSmall,       // de, la, of: not compared
    kOrdinal,     // first, primera
    kPostMark,    // C.P., CEP, ZIP
    kBox,         // Casilla, Postfach: in front of a number
};

// Languages are bits.
constexpr uint8_t kEnglish = 1, kSpanish = 2, kPortuguese = 4, kGerman = 8, kFrench = 16;
constexpr uint8_t kAllLanguages = 31;

// Where a word counts.
constexpr uint8_t kBefore = 1;   // a street type in front of the name
constexpr uint8_t kAfter = 2;    // a street type behind the name
constexpr uint8_t kAtEnd = 4;    // behind the name only when nothing of the name follows: "Dr", "Ct"
constexpr uint8_t kArticle = 8;  // a small word that is capital behind a street type: "Av. Las Condes"
constexpr uint8_t kDigitOnly =
    16;                         // a unit word that is also an ordinary word: a value with a digit must follow
constexpr uint8_t kLocal = 32;  // counts only where the country speaks the language, or behind a dot or slash

struct AddressWord {
    std::string_view word;  // folded
    WordKind kind;
    uint8_t languages;
    uint8_t flags;
    std::string_view display;  // "" when the word is written as it was
    std::string_view key;      // "" when it is dropped
};

// All meanings of a folded word; empty when it has none.
std::span<const AddressWord> find_address_word(std::string_view folded);

// What follows the digits of an ordinal: "th", "er", "ta".
bool is_ordinal_ending(std::string_view letters);

// The languages in which addresses of a country are written; all of them when it is empty or another.
uint8_t address_languages(std::string_view alpha2);

}  // namespace cdp::text
