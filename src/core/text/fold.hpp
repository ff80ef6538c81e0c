// SPDX-License-Identifier: PostgreSQL
// Comparison keys: two spellings of the same words get the same key. 'Ñuñoa' and 'NUNOA' give 'nunoa',
// 'Straße' gives 'strasse', 'Москва' gives 'moskva'.
//
// Compatibility decomposition, full case folding and the removal of marks (Unicode 3.13, UAX #15), and ICU's
// "Any-Latin; Latin-ASCII" (CLDR transforms) for what is not Latin. Punctuation stays, typographic forms
// become ASCII ones; white space collapses. Characters with no Latin form (emoji) stay. Cost: ASCII and the
// letters of Latin-1 and Latin Extended-A go through a table (some 100 MB/s); anything else goes through ICU,
// some 1 MB/s, and the first call of a process loads its rules (some 10 ms).
#pragma once

#include <string>
#include <string_view>

namespace cdp::text {

// Reads at most the first 10,000 bytes.
std::string fold(std::string_view raw);

// The same where the table knows every character; false, with `out` unusable, where it does not.
bool fold_latin(std::string_view raw, std::string& out);

// The folded form of one letter of U+00C0 … U+017F; empty for any other character.
std::string_view fold_latin_letter(char32_t point);

// The general path without the table, for the test that compares the two.
std::string fold_by_icu(std::string_view raw);

}  // namespace cdp::text
