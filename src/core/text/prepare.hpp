// SPDX-License-Identifier: PostgreSQL
// What every cleaner does first: bytes to tidy text.
// Cost: linear; plain ASCII takes a path without ICU.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/tick.hpp"
#include "text/cleaned.hpp"
#include "text/junk.hpp"

namespace cdp::text {

// "Pe?a": a letter that another character set did not have, or the replacement character.
bool has_lost_letters(std::string_view text);

constexpr size_t kMaxBytes = 10000;  // longer input is no field of a customer record

// Valid UTF-8 in NFC; controls and every kind of white space become single spaces, none at the ends;
// invisible characters (zero width, byte order mark, bidirectional controls, soft hyphen) go. The joiners
// U+200C and U+200D stay: emoji and several scripts need them. A malformed byte becomes U+FFFD.
std::string prepare(std::string_view raw);

// The opening of a cleaner: fills `text` with the repaired (repair.hpp) and prepared value, or returns the
// verdict that ends it here (too long, blank, a missing word). Where something was wrong `repair_reason` says
// what: "wrong character encoding", "HTML", "control characters", "hidden text direction"; else it stays.
std::optional<Cleaned> open_value(std::string_view raw, std::string& text, std::string_view& repair_reason);
std::optional<Cleaned> open_value(std::string_view raw, std::string& text);

// Repaired and prepared, with the reason as above.
std::string repair_and_prepare(std::string_view raw, std::string_view& repair_reason, Tick* tick = nullptr);

// Removes what spreadsheets and exports put around a value: a leading apostrophe, pairs of quotes, ="…".
// True when something was removed.
bool strip_quotes(std::string& text);

// ASCII only, locale-free.
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c) {
    return is_upper(c) || is_lower(c);
}
constexpr char lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char upper(char c) {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
std::string to_lower(std::string_view ascii);
std::string to_upper(std::string_view ascii);
bool is_ascii(std::string_view text);
bool all_digits(std::string_view text);  // at least one, nothing else

// Every Unicode decimal digit (Arabic, full-width, …) as its ASCII digit; the rest unchanged.
std::string ascii_digits(std::string_view text);

// 'd.ddE+dd': a long number after a spreadsheet; the digits are lost.
bool is_spreadsheet_exponent(std::string_view text);

}  // namespace cdp::text
