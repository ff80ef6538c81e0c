// SPDX-License-Identifier: PostgreSQL
// Sources: RENAPO "Instructivo normativo para la asignación de la CURP" (2008), SAT "Anexo" on the RFC's
// check digit, Social Security Administration "SSN randomization" (2011), IRS on ITINs, Employment and Social
// Development Canada on SINs.
#include <algorithm>

#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {
namespace {

using enum IdHolder;

// Mexico: letters of the name, birth date, sex, state, consonants, and a character that tells the century.
unsigned curp_year(std::string_view id) {
    return number_at(id, 4, 2) + (is_digit(id[16]) ? 1900 : 2000);
}

Problem check_curp(std::string_view id) {
    static constexpr auto kStates = std::to_array<std::string_view>(
        {"AS", "BC", "BS", "CC", "CH", "CL", "CM", "CS", "DF", "DG", "GR", "GT", "HG", "JC", "MC", "MN", "MS",
         "NE", "NL", "NT", "OC", "PL", "QR", "QT", "SL", "SP", "SR", "TC", "TL", "TS", "VZ", "YN", "ZS"});
    static_assert(std::is_sorted(kStates.begin(), kStates.end()));
    if (id == "XEXX010101HNEXXXA4") return kPlaceholder;  // of any foreigner
    if (!day_of(curp_year(id), number_at(id, 6, 2), number_at(id, 8, 2))) return kNotADate;
    if (id[10] != 'H' && id[10] != 'M' && id[10] != 'X') return "character not allowed";
    if (!std::binary_search(kStates.begin(), kStates.end(), id.substr(11, 2))) return "unknown state";
    // Values along 0-9 A-N Ñ O-Z.
    unsigned sum = 0;
    for (unsigned i = 0; i < 17; ++i) {
        const unsigned value = alnum_value(id[i]);
        sum += (value + (id[i] > 'N' ? 1 : 0)) * (18 - i);
    }
    if ((10 - sum % 10) % 10 != digit_value(id[17])) return kWrongCheck;
    // RENAPO: the second letter is a vowel of the surname, the last three are consonants; X where there is
    // none.
    static constexpr std::string_view kVowels = "AEIOU";
    const bool spelled = (kVowels.find(id[1]) != kVowels.npos || id[1] == 'X') &&
                         id.substr(13, 3).find_first_of(kVowels) == std::string_view::npos;
    return spelled ? Problem{} : kNotIssued;
}

void decode_curp(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = day_of(curp_year(id), number_at(id, 6, 2), number_at(id, 8, 2));
    decoded.gender = id[10] == 'H' ? "male" : id[10] == 'M' ? "female" : "";
}

// The SAT's order of characters: 0-9 A-N & O-Z space Ñ.
unsigned rfc_value(char c) {
    if (c == '&') return 24;
    if (c == kEnye) return 38;
    return alnum_value(c) + (c > 'N' ? 1 : 0);
}

Problem check_rfc(std::string_view id) {
    // For the general public and for foreigners.
    if (id == "XAXX010101000" || id == "XEXX010101000") return kPlaceholder;
    const size_t letters = id.size() - 9;
    if (!day_of(full_year(number_at(id, letters, 2)), number_at(id, letters + 2, 2),
                number_at(id, letters + 4, 2))) {
        return kNotADate;
    }
    unsigned sum = letters == 3 ? 37 * 13 : 0;  // a company's begins with a space
    for (size_t i = 0; i < id.size() - 1; ++i) sum += rfc_value(id[i]) * static_cast<unsigned>(id.size() - i);
    const unsigned check = (11 - sum % 11) % 11;
    const char expected = check == 10 ? 'A' : static_cast<char>('0' + check);
    return expected == id.back() ? Problem{} : kDoubtfulCheck;
}

// Ten characters of a person's number: the homoclave and with it the check digit are not there.
Problem check_short_rfc(std::string_view id) {
    const bool dated =
        day_of(full_year(number_at(id, 4, 2)), number_at(id, 6, 2), number_at(id, 8, 2)).has_value();
    return dated ? "homoclave missing" : kNotADate;
}

void decode_rfc(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = day_of(full_year(number_at(id, 4, 2)), number_at(id, 6, 2), number_at(id, 8, 2));
}

// United States. The series has no check digit; these were never given out.
Problem check_ssn(std::string_view id) {
    // Printed in wallets and advertisements.
    if (id == "078051120" || id == "219099999" || id == "457555462") return kPlaceholder;
    const unsigned area = number_at(id, 0, 3);
    if (area == 0 || area == 666 || area >= 900 || number_at(id, 3, 2) == 0 || number_at(id, 5, 4) == 0) {
        return kNotIssued;
    }
    return {};
}

Problem check_itin(std::string_view id) {
    const unsigned group = number_at(id, 3, 2);
    const bool given = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                       (group >= 90 && group <= 92) || group >= 94;
    return given ? Problem{} : kNotIssued;
}

// Prefixes of the campuses and of the Internet (IRS, "How EINs are assigned and valid EIN prefixes").
Problem check_ein(std::string_view id) {
    static constexpr auto kMissing =
        std::to_array<uint8_t>({0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97});
    const unsigned prefix = number_at(id, 0, 2);
    return std::binary_search(kMissing.begin(), kMissing.end(), prefix) ? kNotIssued : Problem{};
}

// Nine digits are a person's unless written as an employer's.
bool is_written_as_ein(const Written& written, std::string_view) {
    return written.size == 9 && written.before[2] == '-' && written.before[3] == '\0' &&
           written.before[5] == '\0';
}
bool is_itin(const Written& written, std::string_view id) {
    return id[0] == '9' && !is_written_as_ein(written, id);
}
bool is_ssn(const Written& written, std::string_view id) {
    return id[0] != '9' && !is_written_as_ein(written, id);
}

Problem check_sin(std::string_view id) {
    if (id[0] == '0' || id[0] == '8') return kNotIssued;  // 8 is a business, 0 nobody
    return right_if(luhn_is_right(id));
}

// Dominican Republic.
Problem check_dominican_cedula(std::string_view id) {
    return right_if(luhn_is_right(id));
}

Problem check_rnc(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({7, 9, 8, 6, 5, 4, 3, 2});
    const unsigned rest = weighted_sum(id.substr(0, 8), kWeights) % 11;
    return right_if((rest == 0 ? 2 : rest == 1 ? 1 : 11 - rest) == digit_value(id[8]));
}

// Guatemala: as Chile's, with weights that go on.
Problem check_guatemalan_nit(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({9, 8, 7, 6, 5, 4, 3, 2});
    const unsigned check = mod11_complement(id.substr(0, 8), kWeights) % 11;
    return right_if(check == (id[8] == 'K' ? 10 : digit_value(id[8])));
}

constexpr auto kTypes = std::to_array<IdType>({
    {.country = "CA",
     .name = "SIN",
     .holder = kPerson,
     .mask = "NNNNNNNNN",
     .written = "NNN-NNN-NNN",
     .check = check_sin,
     .checks = 1},
    {.country = "DO",
     .name = "CI",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "NNN-NNNNNNN-N",
     .check = check_dominican_cedula,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 2},
    {.country = "DO",
     .name = "RNC",
     .holder = kOrganisation,
     .mask = "NNNNNNNNN",
     .written = "N-NN-NNNNN-N",
     .check = check_rnc,
     .checks = 1},
    {.country = "GT",
     .name = "NIT",
     .holder = kUnknown,
     .mask = "NNNNNNNNK",
     .written = "NNNNNNNN-N",
     .check = check_guatemalan_nit,
     .checks = 1,
     .zeros = Zeros::kOptional,
     .lost = 3,
     .hyphen = 1,
     .strip = true},
    {.country = "MX",
     .name = "CURP",
     .holder = kPerson,
     .mask = "AAAANNNNNNAAAAAAXN",
     .written = "",
     .check = check_curp,
     .checks = 1,
     .distinctive = true,
     .decode = decode_curp},
    {.country = "MX",
     .name = "RFC",
     .holder = kPerson,
     .mask = "RRRRNNNNNNXXX",
     .written = "",
     .check = check_rfc,
     .checks = 1,
     .distinctive = true,
     .decode = decode_rfc},
    {.country = "MX",
     .name = "RFC",
     .holder = kOrganisation,
     .mask = "RRRNNNNNNXXX",
     .written = "",
     .check = check_rfc,
     .checks = 1,
     .distinctive = true},
    {.country = "MX",
     .name = "RFC",
     .holder = kPerson,
     .mask = "RRRRNNNNNN",
     .written = "",
     .check = check_short_rfc},
    {.country = "US",
     .name = "EIN",
     .holder = kOrganisation,
     .mask = "NNNNNNNNN",
     .written = "",
     .check = check_ein,
     .hyphen = 7,
     .applies = is_written_as_ein},
    {.country = "US",
     .name = "SSN",
     .holder = kPerson,
     .mask = "NNNNNNNNN",
     .written = "NNN-NN-NNNN",
     .check = check_ssn,
     .zeros = Zeros::kRestored,
     .lost = 2,
     .applies = is_ssn},
    {.country = "US",
     .name = "ITIN",
     .holder = kPerson,
     .mask = "NNNNNNNNN",
     .written = "NNN-NN-NNNN",
     .check = check_itin,
     .applies = is_itin},
});

}  // namespace

std::span<const IdType> north_american_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
