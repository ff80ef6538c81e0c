// SPDX-License-Identifier: PostgreSQL
// The values of a file on their way to the server: encodings, and numbers with a decimal comma.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cdp::client {

// kUndecided: nothing but ASCII was seen; a row that is no UTF-8 is then taken for Windows-1252.
enum class Encoding { kUtf8, kWindows1252, kLatin1, kUndecided };

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
// By the beginning of a file, whose last character may be cut.
Encoding detect_encoding(std::string_view head);
std::string_view name_of(Encoding encoding);
// To UTF-8. The five bytes that Windows-1252 leaves open become what they are in Latin-1.
void append_decoded(std::string& out, std::string_view bytes, Encoding encoding);

// "1.234,50" becomes "1234.50", "12,5" "12.5", "1.234" "1234"; anything else stays.
void mend_decimal_comma(std::string& value);

// For people to read: valid UTF-8 without NUL, bytes that are neither as \xNN, at most some 64 kB.
std::string printable_original(std::string_view bytes, Encoding encoding);

}  // namespace cdp::client
