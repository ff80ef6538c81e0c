// SPDX-License-Identifier: PostgreSQL
// Sources: the tax administrations' own rules (SII, Receita Federal with IN RFB 2229/2024 for the CNPJ with
// letters, AFIP, DIAN, SUNAT, SRI, DGI, SET, SENIAT) and the Wikipedia articles on each number.
#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {
namespace {

using enum IdHolder;

Problem any(std::string_view) {
    return {};
}

// Chile: modulo 11 with weights 2 to 7 from the right, K for ten.
Problem check_rut(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({3, 2, 7, 6, 5, 4, 3, 2});
    if (number_at(id, 0, 8) < 100000) return kNotIssued;
    const unsigned check = mod11_complement(id.substr(0, 8), kWeights);
    const char expected = check == 11 ? '0' : check == 10 ? 'K' : static_cast<char>('0' + check);
    return right_if(expected == id[8]);
}

// Companies begin at 50 million.
void decode_rut(std::string_view id, DecodedId& decoded) {
    decoded.holder = number_at(id, 0, 8) >= 50000000 ? kOrganisation : kPerson;
}

// Without a hyphen, six digits and a check digit would be a person born before 1880 or so.
bool rut_applies(const Written& written, std::string_view id) {
    return written.hyphen_before_last(1) || id[0] != '0' || id[1] != '0';
}

char mod11_or_zero(std::string_view payload, std::span<const uint8_t> weights) {
    unsigned sum = 0;
    for (size_t i = 0; i < payload.size(); ++i) {
        // The characters of a CNPJ count as their ASCII code minus 48.
        sum += static_cast<unsigned>(payload[i] - '0') * weights[weights.size() - payload.size() + i];
    }
    const unsigned rest = sum % 11;
    return rest < 2 ? '0' : static_cast<char>('0' + 11 - rest);
}

Problem check_cpf(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({11, 10, 9, 8, 7, 6, 5, 4, 3, 2});
    return right_if(mod11_or_zero(id.substr(0, 9), kWeights) == id[9] &&
                    mod11_or_zero(id.substr(0, 10), kWeights) == id[10]);
}

Problem check_cnpj(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2});
    if (is_made_up(id.substr(0, 8)) && id[0] != '0') return kPlaceholder;
    return right_if(mod11_or_zero(id.substr(0, 12), kWeights) == id[12] &&
                    mod11_or_zero(id.substr(0, 13), kWeights) == id[13]);
}

Problem check_cuit(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
    const unsigned kind = number_at(id, 0, 2);
    const bool known = kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34 ||
                       kind == 50 || kind == 51 || kind == 55;
    if (!known) return kNotIssued;
    if (is_made_up(id.substr(2, 8))) return kPlaceholder;
    const unsigned check = mod11_complement(id.substr(0, 10), kWeights);
    // For ten another kind is given out; some carry a 9.
    return right_if((check == 11 ? 0 : check == 10 ? 9 : check) == digit_value(id[10]));
}

void decode_cuit(std::string_view id, DecodedId& decoded) {
    decoded.holder = id[0] == '2' ? kPerson : kOrganisation;
    if (id.starts_with("20")) decoded.gender = "male";
    if (id.starts_with("27")) decoded.gender = "female";
}

Problem check_nit(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({43, 41, 37, 29, 23, 19, 17, 13, 7, 3});
    const unsigned rest = weighted_sum(id.substr(0, 10), kWeights) % 11;
    return right_if((rest < 2 ? rest : 11 - rest) == digit_value(id[10]));
}

// Companies begin with 8 or 9 and have nine digits, the longest citizens' numbers with 1; of the others a
// check digit is one only if a hyphen sets it off.
bool nit_applies(const Written& written, std::string_view id) {
    if (written.hyphen_before_last(1)) return id[0] <= '1';
    return id[0] == '1' || (id[0] == '0' && (id[1] == '8' || id[1] == '9'));
}

bool cedula_applies(const Written& written, std::string_view id) {
    return !written.hyphen_before_last(1) && (id[0] == '1' || (id[0] == '0' && id[1] == '0'));
}

void decode_nit(std::string_view id, DecodedId& decoded) {
    const bool company = id[0] == '0' && (id[1] == '8' || id[1] == '9');
    decoded.holder = company ? kOrganisation : kPerson;
}

Problem check_peruvian_ruc(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
    const unsigned kind = number_at(id, 0, 2);
    if (kind != 10 && kind != 15 && kind != 16 && kind != 17 && kind != 20) return kNotIssued;
    return right_if(mod11_complement(id.substr(0, 10), kWeights) % 10 == digit_value(id[10]));
}

void decode_peruvian_ruc(std::string_view id, DecodedId& decoded) {
    decoded.holder = id[0] == '2' ? kOrganisation : kPerson;
}

bool is_province(std::string_view id) {
    const unsigned province = number_at(id, 0, 2);
    return (province >= 1 && province <= 24) || province == 30;
}

// Luhn counted from the left is Luhn: ten digits.
Problem check_cedula(std::string_view id) {
    if (!is_province(id) || id[2] > '6') return kNotIssued;
    return right_if(luhn_is_right(id));
}

// The third digit tells a person (below 6), a public body (6) and a company (9).
Problem check_ecuadorian_ruc(std::string_view id) {
    static constexpr auto kPublic = std::to_array<uint8_t>({3, 2, 7, 6, 5, 4, 3, 2});
    static constexpr auto kCompany = std::to_array<uint8_t>({4, 3, 2, 7, 6, 5, 4, 3, 2});
    if (!is_province(id) || number_at(id, 10, 3) == 0) return kNotIssued;
    if (id[2] < '6') return check_cedula(id.substr(0, 10));
    if (id[2] == '6') {
        const bool right = mod11_complement(id.substr(0, 8), kPublic) % 11 == digit_value(id[8]);
        return right || check_cedula(id.substr(0, 10)).empty() ? Problem{} : kWrongCheck;
    }
    if (id[2] != '9') return kNotIssued;
    // Since the series ran out, the SRI gives out numbers that do not follow the rule.
    const bool right = mod11_complement(id.substr(0, 9), kCompany) % 11 == digit_value(id[9]);
    return right ? Problem{} : kDoubtfulCheck;
}

void decode_ecuadorian_ruc(std::string_view id, DecodedId& decoded) {
    const bool person = id[2] < '6' || (id[2] == '6' && check_cedula(id.substr(0, 10)).empty());
    decoded.holder = person ? kPerson : kOrganisation;
}

Problem check_uruguayan_ci(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({2, 9, 8, 7, 6, 3, 4});
    return right_if((10 - weighted_sum(id.substr(0, 7), kWeights) % 10) % 10 == digit_value(id[7]));
}

Problem check_uruguayan_rut(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2});
    const unsigned registry = number_at(id, 0, 2);
    if (registry < 1 || registry > 22 || number_at(id, 2, 6) == 0) return kNotIssued;
    return right_if(mod11_complement(id.substr(0, 11), kWeights) % 11 == digit_value(id[11]));
}

Problem check_paraguayan_ruc(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({9, 8, 7, 6, 5, 4, 3, 2});
    const unsigned check = mod11_complement(id.substr(0, 8), kWeights) % 11;
    return right_if((check == 10 ? 0 : check) == digit_value(id[8]));
}

bool paraguayan_ruc_applies(const Written& written, std::string_view id) {
    return written.hyphen_before_last(1) || id.starts_with("80");
}

void decode_paraguayan_ruc(std::string_view id, DecodedId& decoded) {
    decoded.holder = id.starts_with("80") ? kOrganisation : kPerson;
}

bool not_set_off(const Written& written, std::string_view) {
    return !written.hyphen_before_last(1);
}

// The letter counts as a multiple of four.
Problem check_rif(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({3, 2, 7, 6, 5, 4, 3, 2});
    static constexpr std::string_view kLetters = "VEJPG";
    const size_t letter = kLetters.find(id[0]);
    if (letter == std::string_view::npos) return "character not allowed";
    const unsigned sum = static_cast<unsigned>(letter + 1) * 4 + weighted_sum(id.substr(1, 8), kWeights);
    const unsigned check = 11 - sum % 11;
    return right_if((check > 9 ? 0 : check) == digit_value(id[9]));
}

void decode_rif(std::string_view id, DecodedId& decoded) {
    decoded.holder = id[0] == 'J' || id[0] == 'G' ? kOrganisation : kPerson;
}

Problem check_venezuelan_ci(std::string_view id) {
    return id[0] == 'V' || id[0] == 'E' ? Problem{} : Problem{"character not allowed"};
}

constexpr auto kTypes = std::to_array<IdType>({
    {.country = "AR",
     .name = "CUIT",
     .holder = kUnknown,
     .mask = "NNNNNNNNNNN",
     .written = "NN-NNNNNNNN-N",
     .check = check_cuit,
     .checks = 1,
     .decode = decode_cuit},
    {.country = "AR",
     .name = "DNI",
     .holder = kPerson,
     .mask = "NNNNNNNN",
     .written = "",
     .check = any,
     .zeros = Zeros::kOptional,
     .lost = 2,
     .strip = true},
    {.country = "BR",
     .name = "CPF",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "NNN.NNN.NNN-NN",
     .check = check_cpf,
     .checks = 2,
     .zeros = Zeros::kRestored,
     .lost = 3},
    {.country = "BR",
     .name = "CNPJ",
     .holder = kOrganisation,
     .mask = "XXXXXXXXXXXXNN",
     .written = "NN.NNN.NNN/NNNN-NN",
     .check = check_cnpj,
     .checks = 2,
     .zeros = Zeros::kRestored,
     .lost = 2},
    {.country = "CL",
     .name = "RUT",
     .holder = kUnknown,
     .mask = "NNNNNNNNK",
     .written = "NN.NNN.NNN-N|NNNNNNNN-N",
     .check = check_rut,
     .checks = 1,
     .zeros = Zeros::kOptional,
     .lost = 2,
     .hyphen = 1,
     .strip = true,
     .completed = true,
     .applies = rut_applies,
     .decode = decode_rut},
    {.country = "CO",
     .name = "NIT",
     .holder = kUnknown,
     .mask = "NNNNNNNNNNN",
     .written = "NNN.NNN.NNN-N|NNNNNNNNN-N",
     .check = check_nit,
     .checks = 1,
     .zeros = Zeros::kOptional,
     .lost = 5,
     .hyphen = 1,
     .strip = true,
     .completed = true,
     .applies = nit_applies,
     .decode = decode_nit},
    {.country = "CO",
     .name = "CC",
     .holder = kPerson,
     .mask = "NNNNNNNNNN",
     .written = "",
     .check = any,
     .zeros = Zeros::kOptional,
     .lost = 5,
     .strip = true,
     .applies = cedula_applies},
    {.country = "EC",
     .name = "CI",
     .holder = kPerson,
     .mask = "NNNNNNNNNN",
     .written = "NNNNNNNNN-N",
     .check = check_cedula,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 1},
    {.country = "EC",
     .name = "RUC",
     .holder = kUnknown,
     .mask = "NNNNNNNNNNNNN",
     .written = "",
     .check = check_ecuadorian_ruc,
     .zeros = Zeros::kRestored,
     .lost = 1,
     .decode = decode_ecuadorian_ruc},
    {.country = "PE",
     .name = "DNI",
     .holder = kPerson,
     .mask = "NNNNNNNN",
     .written = "",
     .check = any,
     .zeros = Zeros::kRestored,
     .lost = 2},
    {.country = "PE",
     .name = "RUC",
     .holder = kUnknown,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_peruvian_ruc,
     .checks = 1,
     .decode = decode_peruvian_ruc},
    {.country = "PY",
     .name = "RUC",
     .holder = kUnknown,
     .mask = "NNNNNNNNN",
     .written = "NNNNNNNN-N",
     .check = check_paraguayan_ruc,
     .checks = 1,
     .zeros = Zeros::kOptional,
     .lost = 4,
     .hyphen = 1,
     .strip = true,
     .applies = paraguayan_ruc_applies,
     .decode = decode_paraguayan_ruc},
    {.country = "PY",
     .name = "CI",
     .holder = kPerson,
     .mask = "NNNNNNN",
     .written = "",
     .check = any,
     .zeros = Zeros::kOptional,
     .lost = 3,
     .strip = true,
     .applies = not_set_off},
    {.country = "UY",
     .name = "CI",
     .holder = kPerson,
     .mask = "NNNNNNNN",
     .written = "N.NNN.NNN-N",
     .check = check_uruguayan_ci,
     .checks = 1,
     .zeros = Zeros::kOptional,
     .lost = 1,
     .strip = true},
    {.country = "UY",
     .name = "RUT",
     .holder = kOrganisation,
     .mask = "NNNNNNNNNNNN",
     .written = "",
     .check = check_uruguayan_rut,
     .checks = 1},
    {.country = "VE",
     .name = "RIF",
     .holder = kUnknown,
     .mask = "ANNNNNNNNN",
     .written = "A-NNNNNNNN-N",
     .check = check_rif,
     .checks = 1,
     .decode = decode_rif},
    {.country = "VE",
     .name = "CI",
     .holder = kPerson,
     .mask = "ANNNNNNNN",
     .written = "",
     .check = check_venezuelan_ci},
    {.country = "VE",
     .name = "CI",
     .holder = kPerson,
     .mask = "ANNNNNNN",
     .written = "",
     .check = check_venezuelan_ci},
});

}  // namespace

std::span<const IdType> south_american_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
