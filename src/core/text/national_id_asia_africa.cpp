// SPDX-License-Identifier: PostgreSQL
// Sources: Unique Identification Authority of India (Aadhaar), Income Tax Department of India (PAN), GB
// 11643-1999 (China), and the Wikipedia articles on the Turkish and the South African number.
#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {
namespace {

using enum IdHolder;

Problem check_aadhaar(std::string_view id) {
    if (id[0] < '2') return kNotIssued;
    bool palindrome = true;
    for (size_t i = 0; i < id.size() / 2; ++i) palindrome = palindrome && id[i] == id[id.size() - 1 - i];
    if (palindrome) return kNotIssued;
    return right_if(verhoeff_is_right(id));
}

// The fourth letter is the kind of holder; the check letter's rule is not public.
Problem check_pan(std::string_view id) {
    if (id.substr(5, 4) == "0000") return kNotIssued;
    return std::string_view("ABCEFGHJKLPT").find(id[3]) == std::string_view::npos ? kNotIssued : Problem{};
}

void decode_pan(std::string_view id, DecodedId& decoded) {
    decoded.holder = id[3] == 'P' ? kPerson : kOrganisation;
}

// China: place, birth date, sequence, ISO 7064 mod 11-2.
std::optional<std::chrono::year_month_day> chinese_day(std::string_view id) {
    return day_of(number_at(id, 6, 4), number_at(id, 10, 2), number_at(id, 12, 2));
}

Problem check_chinese(std::string_view id) {
    if (!chinese_day(id) || number_at(id, 6, 4) < 1800) return kNotADate;
    if (is_upper(id[17]) && id[17] != 'X') return "character not allowed";
    unsigned rest = 0;
    for (const char c : id.substr(0, 17)) rest = (rest + digit_value(c)) * 2 % 11;
    const unsigned check = (12 - rest) % 11;
    return right_if(check == (id[17] == 'X' ? 10 : digit_value(id[17])));
}

void decode_chinese(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = chinese_day(id);
    decoded.gender = digit_value(id[16]) % 2 == 1 ? "male" : "female";
}

Problem check_turkish(std::string_view id) {
    if (id[0] == '0') return kNotIssued;
    unsigned odd = 0;
    unsigned even = 0;
    for (size_t i = 0; i < 9; ++i) (i % 2 == 0 ? odd : even) += digit_value(id[i]);
    const unsigned first = (odd * 7 + 100 - even) % 10;
    const unsigned second = (odd + even + first) % 10;
    return right_if(first == digit_value(id[9]) && second == digit_value(id[10]));
}

// South Africa: birth date, sex and sequence, citizenship, a digit without meaning, Luhn.
std::optional<std::chrono::year_month_day> south_african_day(std::string_view id) {
    return day_of(full_year(number_at(id, 0, 2)), number_at(id, 2, 2), number_at(id, 4, 2));
}

Problem check_south_african(std::string_view id) {
    if (!luhn_is_right(id)) return kWrongCheck;
    if (id[10] > '2') return kNotIssued;
    return south_african_day(id) ? Problem{} : kNotADate;
}

void decode_south_african(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = south_african_day(id);
    decoded.gender = id[6] >= '5' ? "male" : "female";
}

constexpr auto kTypes = std::to_array<IdType>({
    {.country = "CN",
     .name = "RIC",
     .holder = kPerson,
     .mask = "NNNNNNNNNNNNNNNNNX",
     .written = "",
     .check = check_chinese,
     .checks = 1,
     .decode = decode_chinese},
    {.country = "IN",
     .name = "Aadhaar",
     .holder = kPerson,
     .mask = "NNNNNNNNNNNN",
     .written = "",
     .check = check_aadhaar,
     .checks = 1},
    {.country = "IN",
     .name = "PAN",
     .holder = kUnknown,
     .mask = "AAAAANNNNA",
     .written = "",
     .check = check_pan,
     .decode = decode_pan},
    {.country = "TR",
     .name = "TCKN",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_turkish,
     .checks = 2},
    {.country = "ZA",
     .name = "ID",
     .holder = kPerson,
     .mask = "NNNNNNNNNNNNN",
     .written = "",
     .check = check_south_african,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 2,
     .decode = decode_south_african},
});

}  // namespace

std::span<const IdType> asian_and_african_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
