// SPDX-License-Identifier: PostgreSQL
// Values that stand for nothing: what people and programs put into a field that must not be empty. One place
// for all cleaners; what a company adds of its own comes on top (SQL).
// Cost: some 10 ns for a value that is none.
#pragma once

#include <string_view>

#include "text/value.hpp"

namespace cdp::text {

// A word that stands for a missing value, whatever the field: n/a, null, unknown, sin datos, xxx, test, asdf,
// #N/A, keine Angabe, não informado, non renseigné, … (English, Spanish, Portuguese, German, French; case and
// accents ignored), nothing but punctuation such as "--" and "?", or a run of four and more keys side by side
// (qwerty, asdfgh, zxcvbn, lkjh; of the keyboards QWERTY, QWERTZ, AZERTY). Expects prepared text.
bool is_missing_word(std::string_view text);

// At least four characters, all the same: "aaaa", "0000000000". Expects prepared text.
bool is_repeated_character(std::string_view text);

// Names that nobody has: "Test Test", "Nombre Apellido", "Test User 2", "consumidor final", "aaa", "xxx xxx".
// Expects a folded name.
bool is_placeholder_name(std::string_view folded);

// Names out of forms and manuals that somebody may have all the same: "John Doe", "Max Mustermann". Expects a
// folded name.
bool is_sample_name(std::string_view folded);

// Why the value stands for nothing in a field of this type: "blank", "placeholder word", "one character
// repeated", "placeholder name", "placeholder address", "digits in a row"; empty when it does not. Numbers
// are judged for phones and identifiers alone (1234567, 000000). Takes raw text.
std::string_view junk_reason(std::string_view raw, SemanticType type);

}  // namespace cdp::text
