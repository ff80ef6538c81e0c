// SPDX-License-Identifier: PostgreSQL
// Sources: the OECD's sheets on tax identification numbers by jurisdiction; D.M. 23 December 1976 (Italy),
// INSEE on the NIR, Bundeszentralamt für Steuern on IdNr, NHS Data Dictionary, HMRC on NINOs, and the
// Wikipedia articles on each number.
#include <algorithm>

#include "text/check_digits.hpp"
#include "text/national_id_table.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {
namespace {

using enum IdHolder;

// Belgium. The check is of the number with a 2 in front for those born since 2000.
bool belgian_check(std::string_view id, unsigned in_front) {
    const unsigned rest = (in_front * 34 + mod97(id.substr(0, 9))) % 97;  // 10^9 mod 97 is 34
    return 97 - rest == number_at(id, 9, 2);
}

// The month of a foreigner in the bis register is 20 or 40 higher; an unknown day or month is 0.
Problem check_belgian(std::string_view id) {
    const bool old = belgian_check(id, 0);
    if (!old && !belgian_check(id, 2)) return kWrongCheck;
    const unsigned month = number_at(id, 2, 2) % 20;
    const unsigned day = number_at(id, 4, 2);
    if (number_at(id, 2, 2) >= 60 || month > 12) return kNotADate;
    const unsigned year = number_at(id, 0, 2) + (old ? 1900 : 2000);
    return month == 0 || day == 0 || day_of(year, month, day) ? Problem{} : kNotADate;
}

void decode_belgian(std::string_view id, DecodedId& decoded) {
    const unsigned year = number_at(id, 0, 2) + (belgian_check(id, 0) ? 1900 : 2000);
    const unsigned month = number_at(id, 2, 2);
    decoded.birth_date = day_of(year, month % 20, number_at(id, 4, 2));
    // In the bis register 20 means that the sex was not known.
    if (month < 20 || month >= 40) decoded.gender = number_at(id, 6, 3) % 2 == 1 ? "male" : "female";
}

Problem check_belgian_company(std::string_view id) {
    if (id[0] > '1') return kNotIssued;
    return right_if(97 - mod97(id.substr(0, 8)) == number_at(id, 8, 2));
}

// Germany. Of the first ten digits one occurs two or three times, the others once at most.
Problem check_idnr(std::string_view id) {
    if (id[0] == '0') return kNotIssued;
    if (!mod11_10_is_right(id)) return kWrongCheck;
    std::array<uint8_t, 10> count{};
    for (const char c : id.substr(0, 10)) ++count[digit_value(c)];
    const auto repeated = std::count_if(count.begin(), count.end(), [](uint8_t n) { return n > 1; });
    const uint8_t most = *std::max_element(count.begin(), count.end());
    // Three times, but not side by side.
    for (size_t i = 2; i < 10; ++i) {
        if (id[i] == id[i - 1] && id[i] == id[i - 2]) return kNotIssued;
    }
    return repeated == 1 && most <= 3 ? Problem{} : kNotIssued;
}

Problem check_german_vat(std::string_view id) {
    return right_if(mod11_10_is_right(id.substr(2)));
}

// France. Corsica's 2A and 2B count as 19 and 18.
Problem check_nir(std::string_view id) {
    const char second = id[6];
    if (is_upper(second) && (id[5] != '2' || second > 'B')) return "character not allowed";
    const unsigned month = number_at(id, 3, 2);
    const bool possible = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    if ((id[0] > '4' && id[0] < '7') || id[0] == '9' || id[0] == '0') return kNotIssued;
    if (!possible) return kNotADate;
    std::array<char, 13> digits{};
    std::copy_n(id.begin(), digits.size(), digits.begin());
    if (is_upper(second)) {
        digits[5] = '1';
        digits[6] = second == 'A' ? '9' : '8';
    }
    return right_if(97 - mod97({digits.data(), digits.size()}) == number_at(id, 13, 2));
}

void decode_nir(std::string_view id, DecodedId& decoded) {
    decoded.gender = digit_value(id[0]) % 2 == 1 ? "male" : "female";
}

Problem check_luhn(std::string_view id) {
    return right_if(luhn_is_right(id));
}

Problem check_siret(std::string_view id) {
    if (luhn_is_right(id)) return {};
    // La Poste has more establishments than the series holds: the sum of the digits is a multiple of five.
    unsigned sum = 0;
    for (const char c : id) sum += digit_value(c);
    return right_if(id.starts_with("356000000") && sum % 5 == 0);
}

// Great Britain.
Problem check_nhs(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({10, 9, 8, 7, 6, 5, 4, 3, 2});
    return right_if(mod11_complement(id.substr(0, 9), kWeights) % 11 == digit_value(id[9]));
}

Problem check_nino(std::string_view id) {
    static constexpr auto kNever =
        std::to_array<std::string_view>({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"});
    const std::string_view prefix = id.substr(0, 2);
    const bool letters = std::string_view("DFIQUV").find(id[0]) == std::string_view::npos &&
                         std::string_view("DFIOQUV").find(id[1]) == std::string_view::npos;
    if (!letters || std::binary_search(kNever.begin(), kNever.end(), prefix)) return kNotIssued;
    return id[8] <= 'D' ? Problem{} : Problem{"character not allowed"};
}

// Italy. Letters of the names, year, month, day (plus 40 for women), place of birth, check letter. Digits may
// be letters where two people would have had the same code.
constexpr std::string_view kMonths = "ABCDEHLMPRST";
constexpr std::string_view kOmocodia = "LMNPQRSTUV";

// 10 and more: neither a digit nor its letter.
unsigned omocode_digit(char c) {
    if (is_digit(c)) return digit_value(c);
    const size_t at = kOmocodia.find(c);
    return at == std::string_view::npos ? 100 : static_cast<unsigned>(at);
}

std::optional<std::chrono::year_month_day> codice_day(std::string_view id) {
    const unsigned year = omocode_digit(id[6]) * 10 + omocode_digit(id[7]);
    const size_t month = kMonths.find(id[8]);
    const unsigned day = omocode_digit(id[9]) * 10 + omocode_digit(id[10]);
    if (year > 99 || month == std::string_view::npos) return std::nullopt;
    return day_of(full_year(year), static_cast<unsigned>(month) + 1, day > 40 ? day - 40 : day);
}

Problem check_codice_fiscale(std::string_view id) {
    // The value of a digit, and of the letter that stands at its place in the alphabet, at odd places.
    static constexpr auto kOdd = std::to_array<uint8_t>(
        {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23});
    for (const size_t place : {6u, 7u, 9u, 10u, 12u, 13u, 14u}) {
        if (omocode_digit(id[place]) > 9) return "character not allowed";
    }
    unsigned sum = 0;
    for (size_t i = 0; i < 15; ++i) {
        const unsigned value = is_digit(id[i]) ? digit_value(id[i]) : static_cast<unsigned>(id[i] - 'A');
        sum += i % 2 == 0 ? kOdd[value] : value;
    }
    if (static_cast<char>('A' + sum % 26) != id[15]) return kWrongCheck;
    return codice_day(id) ? Problem{} : kNotADate;
}

void decode_codice_fiscale(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = codice_day(id);
    decoded.gender = omocode_digit(id[9]) >= 4 ? "female" : "male";
}

Problem check_partita_iva(std::string_view id) {
    const unsigned office = number_at(id, 7, 3);
    const bool known =
        (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    return !luhn_is_right(id) ? kWrongCheck : known ? Problem{} : kNotIssued;
}

// Netherlands: the eleven test, the last digit counting minus one.
Problem check_bsn(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({9, 8, 7, 6, 5, 4, 3, 2});
    return right_if(weighted_sum(id.substr(0, 8), kWeights) % 11 == digit_value(id[8]));
}

// Poland. The century is in the month: +80 1800, +20 2000, +40 2100, +60 2200.
std::optional<std::chrono::year_month_day> pesel_day(std::string_view id) {
    const unsigned century = number_at(id, 2, 2) / 20;
    const unsigned year = number_at(id, 0, 2) + (century == 4 ? 1800 : 1900 + century * 100);
    return day_of(year, number_at(id, 2, 2) % 20, number_at(id, 4, 2));
}

Problem check_pesel(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({1, 3, 7, 9, 1, 3, 7, 9, 1, 3});
    if ((10 - weighted_sum(id.substr(0, 10), kWeights) % 10) % 10 != digit_value(id[10])) return kWrongCheck;
    const unsigned century = number_at(id, 2, 2) / 20;
    if (century == 2 || century == 3) return kNotIssued;  // nobody is born after 2100 yet
    return pesel_day(id) ? Problem{} : kNotADate;
}

void decode_pesel(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = pesel_day(id);
    decoded.gender = digit_value(id[9]) % 2 == 1 ? "male" : "female";
}

Problem check_nip(std::string_view id) {
    static constexpr auto kWeights = std::to_array<uint8_t>({6, 5, 7, 2, 3, 4, 5, 6, 7});
    return right_if(weighted_sum(id.substr(0, 9), kWeights) % 11 == digit_value(id[9]));
}

// Switzerland: an EAN that begins with the country's 756.
Problem check_ahv(std::string_view id) {
    return !id.starts_with("756") ? kNotIssued : right_if(ean_is_right(id));
}

// Denmark. The seventh digit tells the century; the check digit is given up since 2007.
std::optional<std::chrono::year_month_day> cpr_day(std::string_view id) {
    const unsigned year = number_at(id, 4, 2);
    const unsigned seventh = digit_value(id[6]);
    unsigned century = 1900;
    if (seventh == 4 || seventh == 9) century = year <= 36 ? 2000 : 1900;
    if (seventh >= 5 && seventh <= 8) century = year <= 57 ? 2000 : 1800;
    return day_of(century + year, number_at(id, 2, 2), number_at(id, 0, 2));
}

Problem check_cpr(std::string_view id) {
    return cpr_day(id) ? Problem{} : kNotADate;
}

void decode_cpr(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = cpr_day(id);
    decoded.gender = digit_value(id[9]) % 2 == 1 ? "male" : "female";
}

// Norway. The three digits behind the date tell the century; foreigners' D numbers have a day 40 higher.
std::optional<std::chrono::year_month_day> norwegian_day(std::string_view id) {
    const unsigned year = number_at(id, 4, 2);
    const unsigned individual = number_at(id, 6, 3);
    const unsigned day = number_at(id, 0, 2);
    unsigned century = 1900;
    if (individual >= 500 && year < 40) {
        century = 2000;
    } else if (individual >= 500 && individual < 750 && year >= 54) {
        century = 1800;
    } else if (individual >= 500 && individual < 900) {
        return std::nullopt;
    }
    return day_of(century + year, number_at(id, 2, 2), day > 40 ? day - 40 : day);
}

Problem check_norwegian(std::string_view id) {
    static constexpr auto kFirst = std::to_array<uint8_t>({3, 7, 6, 1, 8, 9, 4, 5, 2, 1});
    static constexpr auto kSecond = std::to_array<uint8_t>({5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1});
    if (weighted_sum(id, kFirst) % 11 != 0 || weighted_sum(id, kSecond) % 11 != 0) return kWrongCheck;
    return norwegian_day(id) ? Problem{} : kNotADate;
}

void decode_norwegian(std::string_view id, DecodedId& decoded) {
    decoded.birth_date = norwegian_day(id);
    decoded.gender = digit_value(id[8]) % 2 == 1 ? "male" : "female";
}

constexpr auto kTypes = std::to_array<IdType>({
    {.country = "BE",
     .name = "NN",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "NN.NN.NN-NNN.NN",
     .check = check_belgian,
     .checks = 2,
     .zeros = Zeros::kRestored,
     .lost = 2,
     .decode = decode_belgian},
    {.country = "BE",
     .name = "KBO",
     .holder = kOrganisation,
     .mask = "NNNNNNNNNN",
     .written = "NNNN.NNN.NNN",
     .check = check_belgian_company,
     .checks = 2,
     .zeros = Zeros::kRestored,
     .lost = 1},
    {.country = "CH",
     .name = "AHV",
     .holder = kPerson,
     .mask = "NNNNNNNNNNNNN",
     .written = "NNN.NNNN.NNNN.NN",
     .check = check_ahv,
     .checks = 1},
    {.country = "DE",
     .name = "IdNr",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_idnr,
     .checks = 1},
    {.country = "DE",
     .name = "USt-IdNr",
     .holder = kUnknown,
     .mask = "DENNNNNNNNN",
     .written = "",
     .check = check_german_vat,
     .checks = 1,
     .distinctive = true},
    {.country = "DK",
     .name = "CPR",
     .holder = kPerson,
     .mask = "NNNNNNNNNN",
     .written = "",
     .check = check_cpr,
     .zeros = Zeros::kRestored,
     .lost = 1,
     .decode = decode_cpr},
    {.country = "FR",
     .name = "NIR",
     .holder = kPerson,
     .mask = "NNNNNNXNNNNNNNN",
     .written = "",
     .check = check_nir,
     .checks = 2,
     .decode = decode_nir},
    {.country = "FR",
     .name = "SIRET",
     .holder = kOrganisation,
     .mask = "NNNNNNNNNNNNNN",
     .written = "",
     .check = check_siret,
     .checks = 1},
    {.country = "FR",
     .name = "SIREN",
     .holder = kOrganisation,
     .mask = "NNNNNNNNN",
     .written = "",
     .check = check_luhn,
     .checks = 1},
    {.country = "GB",
     .name = "NINO",
     .holder = kPerson,
     .mask = "AANNNNNNA",
     .written = "AA NN NN NN A",
     .check = check_nino},
    {.country = "GB",
     .name = "NHS",
     .holder = kPerson,
     .mask = "NNNNNNNNNN",
     .written = "",
     .check = check_nhs,
     .checks = 1},
    {.country = "IT",
     .name = "CF",
     .holder = kPerson,
     .mask = "AAAAAAXXAXXAXXXA",
     .written = "",
     .check = check_codice_fiscale,
     .checks = 1,
     .distinctive = true,
     .decode = decode_codice_fiscale},
    {.country = "IT",
     .name = "P.IVA",
     .holder = kOrganisation,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_partita_iva,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 3},
    {.country = "NL",
     .name = "BSN",
     .holder = kPerson,
     .mask = "NNNNNNNNN",
     .written = "",
     .check = check_bsn,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 1},
    {.country = "NO",
     .name = "FNR",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_norwegian,
     .checks = 2,
     .zeros = Zeros::kRestored,
     .lost = 1,
     .decode = decode_norwegian},
    {.country = "PL",
     .name = "PESEL",
     .holder = kPerson,
     .mask = "NNNNNNNNNNN",
     .written = "",
     .check = check_pesel,
     .checks = 1,
     .zeros = Zeros::kRestored,
     .lost = 2,
     .decode = decode_pesel},
    {.country = "PL",
     .name = "NIP",
     .holder = kUnknown,
     .mask = "NNNNNNNNNN",
     .written = "NNN-NNN-NN-NN",
     .check = check_nip,
     .checks = 1},
});

}  // namespace

std::span<const IdType> european_ids() {
    return kTypes;
}

}  // namespace cdp::text::id
