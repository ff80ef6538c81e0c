// SPDX-License-Identifier: PostgreSQL
// The shape of a value, for a person to read: a run of capitals is 'A', a run of other letters 'a', each
// digit '9', white space ' ', everything else stands as it is. "Ana Rojas" is 'Aa Aa', "O'Neill" "A'Aa",
// '123-45-6789' '999-99-9999', "ana.rojas@example.com" 'a.a@a.a'.
// Cost: linear in the first 200 bytes; ASCII some 1 ns a byte.
#pragma once

#include <string>
#include <string_view>

namespace cdp::text {

constexpr size_t kLongestPattern = 40;  // characters; a longer shape is cut and ends with '…'

// Fills `out`; a buffer that is used again costs no allocation.
void value_pattern(std::string_view value, std::string& out);

// Characters, not bytes; of malformed UTF-8 every byte that begins no character counts as none.
size_t count_characters(std::string_view value);

// Nothing but white space and invisible characters.
bool is_blank(std::string_view value);

// For a list that a person reads: one line, no control characters, valid UTF-8, at most `characters` long,
// the end that was cut shown as '…'.
std::string display(std::string_view value, size_t characters);

}  // namespace cdp::text
