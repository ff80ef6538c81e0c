// SPDX-License-Identifier: PostgreSQL
// Sources: Unique Identification Authority of India (Aadhaar), Income Tax Department of India (PAN).
#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"

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

constexpr auto kTypes = std::to_array<IdType>({
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
});

}  // namespace

std::span<const IdType> asian_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
