// SPDX-License-Identifier: PostgreSQL
// Internal to national_id*.cpp: a value as it is written, a row of the table, and what check functions share.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "text/national_id.hpp"

namespace cdp::text::id {

constexpr size_t kLongest = 24;  // characters without separators
constexpr char kEnye = '#';      // Ñ inside; the character itself is not allowed in a value

// Capitals, digits, & and kEnye; before[i] is the separator in front of character i, or '\0'.
struct Written {
    std::array<char, kLongest> characters{};
    std::array<char, kLongest> before{};
    size_t size = 0;
    bool bare = true;  // no separator at all

    std::string_view compact() const { return {characters.data(), size}; }
    bool hyphen_before_last(size_t n) const { return size > n && before[size - n] == '-'; }
};

enum class Zeros : uint8_t {
    kKept,      // the length is fixed
    kRestored,  // a spreadsheet may have dropped zeros in front of a number without separators: corrected
    kOptional,  // they come and go in writing
};

// What a check function answers: the problem, empty when the number is right.
using Problem = std::string_view;
constexpr Problem kWrongCheck = "wrong check digit";
constexpr Problem kDoubtfulCheck = "check digit not as computed";  // only suspicious: such numbers exist
constexpr Problem kNotADate = "not a date";
constexpr Problem kNotIssued = "number not issued";
constexpr Problem kPlaceholder = "placeholder number";  // becomes missing

struct IdType {
    std::string_view country;
    std::string_view name;
    IdHolder holder;
    // N digit, A letter, X either, K digit or K, R letter, & or Ñ; anything else stands for itself.
    std::string_view mask;
    // Exact form on paper, for values without a country; alternatives between bars. Any letter or digit
    // stands for one character.
    std::string_view written;
    Problem (*check)(std::string_view id);
    uint8_t checks = 0;        // trailing check characters
    bool distinctive = false;  // the shape, with a right check, is unmistakable
    Zeros zeros = Zeros::kKept;
    uint8_t lost = 0;        // how many zeros may be lacking
    uint8_t hyphen = 0;      // canonical form: characters behind a hyphen
    bool strip = false;      // canonical form: without zeros in front
    bool completed = false;  // people leave the one check character away: suggest it
    // Whether the type is meant at all; nullptr: always.
    bool (*applies)(const Written& written, std::string_view id) = nullptr;
    void (*decode)(std::string_view id, DecodedId& decoded) = nullptr;
};

std::span<const IdType> south_american_ids();
std::span<const IdType> north_american_ids();
std::span<const IdType> iberian_ids();
std::span<const IdType> european_ids();
std::span<const IdType> asian_and_african_ids();

// Weighted sum modulo 11 over all but the last character, as 11 minus the rest: 1 to 11.
unsigned mod11_complement(std::string_view payload, std::span<const uint8_t> weights);

// The number in digits [from, from + count).
unsigned number_at(std::string_view id, size_t from, size_t count);

// A day of the calendar, or nothing.
std::optional<std::chrono::year_month_day> day_of(unsigned year, unsigned month, unsigned day);
unsigned full_year(unsigned two_digits);  // by kTwoDigitPivot

// At least six digits, all the same or in a row: 1111111, 12345678, 98765432.
bool is_made_up(std::string_view digits);

inline Problem right_if(bool right) {
    return right ? Problem{} : kWrongCheck;
}

}  // namespace cdp::text::id
