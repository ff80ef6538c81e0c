// SPDX-License-Identifier: PostgreSQL
// Sources: Spain, Real Decreto 1553/2005 (DNI) and Orden EHA/451/2008 (NIF of organisations); Portugal,
// Decreto-Lei 14/2013 (NIF).
#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {
namespace {

using enum IdHolder;

char dni_letter(unsigned number) {
    static constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    return kLetters[number % kLetters.size()];
}

Problem check_dni(std::string_view id) {
    return right_if(dni_letter(number_at(id, 0, 8)) == id[8]);
}

Problem check_nie(std::string_view id) {
    if (id[0] < 'X') return "character not allowed";
    const unsigned first = static_cast<unsigned char>(id[0] - 'X');
    return right_if(dni_letter(first * 10000000 + number_at(id, 1, 7)) == id[8]);
}

// K: Spaniards under 14, L: Spaniards abroad, M: foreigners without a NIE.
Problem check_nif_of_person(std::string_view id) {
    if (id[0] != 'K' && id[0] != 'L' && id[0] != 'M') return "character not allowed";
    return right_if(dni_letter(number_at(id, 1, 7)) == id[8]);
}

// The Luhn digit of the seven, or its letter (J for 0, A to I), by the kind of organisation.
Problem check_cif(std::string_view id) {
    static constexpr std::string_view kKinds = "ABCDEFGHJNPQRSUVW";
    static constexpr std::string_view kLetters = "JABCDEFGHI";
    if (kKinds.find(id[0]) == std::string_view::npos) return "character not allowed";
    unsigned sum = 0;
    for (size_t i = 1; i < 8; ++i) {
        const unsigned value = digit_value(id[i]) * (i % 2 == 1 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    const unsigned check = (10 - sum % 10) % 10;
    const bool digit =
        digit_value(id[8]) == check && std::string_view("NPQRSW").find(id[0]) == std::string_view::npos;
    const bool letter =
        id[8] == kLetters[check] && std::string_view("ABEH").find(id[0]) == std::string_view::npos;
    return right_if(digit || letter);
}

// 1 to 3 persons, 5 companies, 6 public bodies, 45 and 70 to 79 others, 8 sole traders, 9 companies.
Problem check_portuguese_nif(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({9, 8, 7, 6, 5, 4, 3, 2});
    if (id[0] == '0' || (id[0] == '4' && id[1] != '5')) return kNotIssued;
    const unsigned check = mod11_complement(id.substr(0, 8), kWeights);
    return right_if((check > 9 ? 0 : check) == digit_value(id[8]));
}

void decode_portuguese_nif(std::string_view id, DecodedId& decoded) {
    const bool person = id[0] <= '4' || id[0] == '8';
    decoded.holder = person ? kPerson : kOrganisation;
}

constexpr auto kTypes = std::to_array<IdType>({
    {.country = "ES",
     .name = "DNI",
     .holder = kPerson,
     .mask = "NNNNNNNNA",
     .written = "NN.NNN.NNN-A",
     .check = check_dni,
     .checks = 1,
     .distinctive = true,
     .zeros = Zeros::kOptional,
     .lost = 2,
     .completed = true},
    {.country = "ES",
     .name = "NIE",
     .holder = kPerson,
     .mask = "ANNNNNNNA",
     .written = "A-NNNNNNN-A",
     .check = check_nie,
     .checks = 1,
     .distinctive = true},
    {.country = "ES",
     .name = "NIF",
     .holder = kPerson,
     .mask = "ANNNNNNNA",
     .written = "",
     .check = check_nif_of_person,
     .checks = 1},
    {.country = "ES",
     .name = "CIF",
     .holder = kOrganisation,
     .mask = "ANNNNNNNX",
     .written = "",
     .check = check_cif,
     .checks = 1},
    {.country = "PT",
     .name = "NIF",
     .holder = kUnknown,
     .mask = "NNNNNNNNN",
     .written = "",
     .check = check_portuguese_nif,
     .checks = 1,
     .decode = decode_portuguese_nif},
});

}  // namespace

std::span<const IdType> iberian_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
