// SPDX-License-Identifier: PostgreSQL
#include "text/code.hpp"

#include "base/error.hpp"
#include "support.hpp"
#include "text/country.hpp"
#include "text/value.hpp"

using namespace support;
namespace text = cdp::text;

BOOST_AUTO_TEST_CASE(boolean_cases) {
    for (const char* yes : {"yes", "Y", "TRUE", "t", "1", "si", "Sí", "on", "x", "verdadero", " yes "}) {
        BOOST_TEST(text::clean_boolean(yes).value == "true", yes);
    }
    for (const char* no : {"no", "N", "False", "f", "0", "off", "falso"}) {
        BOOST_TEST(text::clean_boolean(no).value == "false", no);
    }
    check_cases(text::clean_boolean, {
                                         {"1.0", Status::kCorrected, "true", "decimal dropped"},
                                         {"maybe", Status::kInvalid, "", "neither yes nor no"},
                                         {"2", Status::kInvalid},
                                         {"n/a", Status::kMissing},
                                         {"", Status::kMissing, "", "blank"},
                                     });
    check_random(text::clean_boolean, {"yes", "no", "1", ".0", "'", "í", "s", "x", " "}, 10000, 13);
}

BOOST_AUTO_TEST_CASE(gender_cases) {
    for (const char* word : {"f", "Female", "W", "mujer", "FEMENINO", "Señora"}) {
        BOOST_TEST(text::clean_gender(word).value == "female", word);
    }
    for (const char* word : {"m", "Male", "H", "hombre", "Varón", "masculino"}) {
        BOOST_TEST(text::clean_gender(word).value == "male", word);
    }
    for (const char* word : {"x", "Other", "no binario", "non-binary"}) {
        BOOST_TEST(text::clean_gender(word).value == "other", word);
    }
    check_cases(text::clean_gender, {
                                        {"prefer not to say", Status::kMissing, "", "not said"},
                                        {"1", Status::kInvalid, "", "unknown word"},
                                        {"", Status::kMissing, "", "blank"},
                                    });
    check_random(text::clean_gender, {"f", "m", "male", "fe", "mujer", "x", ".", " ", "ñ"}, 10000, 14);
}

BOOST_AUTO_TEST_CASE(country_cases) {
    check_cases(text::clean_country, {
                                         {"US", Status::kOk, "US"},
                                         {"usa", Status::kOk, "US"},
                                         {"U.S.A.", Status::kOk, "US"},
                                         {"United States", Status::kOk, "US"},
                                         {"The United States", Status::kOk, "US"},
                                         {"Estados Unidos", Status::kOk, "US"},
                                         {"ESTADOS UNIDOS DE AMÉRICA", Status::kOk, "US"},
                                         {"EE.UU.", Status::kOk, "US"},
                                         {"UK", Status::kOk, "GB"},
                                         {"Reino Unido", Status::kOk, "GB"},
                                         {"CHL", Status::kOk, "CL"},
                                         {"España", Status::kOk, "ES"},
                                         {"Bosnia and Herzegovina", Status::kOk, "BA"},
                                         {"Côte d'Ivoire", Status::kOk, "CI"},
                                         {"República Dominicana", Status::kOk, "DO"},
                                         {"South Korea", Status::kOk, "KR"},
                                         {"Namibia", Status::kOk, "NA"},
                                         {"NA", Status::kSuspicious, "NA"},
                                         {"na", Status::kMissing, "", "placeholder word"},
                                         {"Germny", Status::kInvalid, "", "unknown country", "DE"},
                                         {"ZZ", Status::kInvalid, "", "unknown country"},
                                         {"Atlantis", Status::kInvalid, "", "unknown country"},
                                         {"", Status::kMissing, "", "blank"},
                                     });
    std::mt19937 random(15);
    for (int round = 0; round < 5000; ++round) {
        const std::string input =
            random_input(random, {"U", "S", "A", "chile", " ", ".", "é", "the", "N", "and"});
        const Cleaned cleaned = text::clean_country(input);
        BOOST_REQUIRE(cleaned.value.empty() || cleaned.value.size() == 2);
        if (cleaned.has_value()) BOOST_REQUIRE_EQUAL(text::clean_country(cleaned.value).value, cleaned.value);
    }
}

BOOST_AUTO_TEST_CASE(postal_code_cases) {
    struct Postal {
        std::string_view code, country;
        Status status;
        std::string_view value;
    };
    const std::vector<Postal> cases{
        {"02139", "US", Status::kOk, "02139"},
        {"'02139", "US", Status::kOk, "02139"},
        {"2139", "US", Status::kCorrected, "02139"},
        {"2139.0", "US", Status::kCorrected, "02139"},
        {"601", "US", Status::kCorrected, "00601"},
        {"02139-4307", "US", Status::kCorrected, "02139"},
        {"021394307", "US", Status::kCorrected, "02139"},
        {"02139-4307", "", Status::kCorrected, "02139"},
        {"ABCDE", "US", Status::kInvalid, ""},
        {"12", "US", Status::kInvalid, ""},
        {"00000", "US", Status::kMissing, ""},
        {"sw1a1aa", "GB", Status::kOk, "SW1A 1AA"},
        {"M1 1AE", "United Kingdom", Status::kOk, "M1 1AE"},
        {"12345", "GB", Status::kInvalid, ""},
        {"k1a0b1", "CA", Status::kOk, "K1A 0B1"},
        {"1234ab", "NL", Status::kOk, "1234 AB"},
        {"01310100", "BR", Status::kOk, "01310-100"},
        {"8007", "ES", Status::kCorrected, "08007"},
        {"52001", "ES", Status::kOk, "52001"},
        {"53001", "ES", Status::kInvalid, ""},
        {"00123", "ES", Status::kInvalid, ""},
        {"C.P. 06000", "MX", Status::kCorrected, "06000"},
        {"CP 28001", "ES", Status::kCorrected, "28001"},
        {"CP", "ES", Status::kInvalid, ""},
        {"8320000", "CL", Status::kOk, "8320000"},
        {"100-0001", "JP", Status::kOk, "100-0001"},
        {"ab 12", "", Status::kOk, "AB 12"},
        {"AB", "", Status::kInvalid, ""},
        {"1E+10", "", Status::kInvalid, ""},
        {"n/a", "US", Status::kMissing, ""},
        {"", "", Status::kMissing, ""},
    };
    for (const Postal& expected : cases) {
        const Cleaned cleaned = text::clean_postal_code(expected.code, expected.country);
        BOOST_TEST_CONTEXT(expected.code << " " << expected.country << " " << cleaned.reason) {
            BOOST_CHECK_EQUAL(status_name(cleaned.status), status_name(expected.status));
            BOOST_CHECK_EQUAL(cleaned.value, expected.value);
        }
    }
    for (const char* country : {"", "US", "GB", "CA", "BR", "NL", "XX"}) {
        const Cleaner clean = [country](std::string_view raw) {
            return text::clean_postal_code(raw, country);
        };
        check_random(clean, {"1", "02139", "-", " ", "AB", "sw1a", "1aa", ".0", "'", "٣", "4307", "é"}, 5000,
                     16);
    }
}

BOOST_AUTO_TEST_CASE(identifier_cases) {
    check_cases(text::clean_identifier,
                {
                    {" A-1 ", Status::kOk, "A-1"},
                    {"'8780000000001", Status::kCorrected, "8780000000001", "quotes"},
                    {"=\"00123\"", Status::kCorrected, "00123", "quotes"},
                    {"123.0", Status::kCorrected, "123", "decimal dropped"},
                    {"8.78E+12", Status::kInvalid, "", "digits lost in a spreadsheet"},
                    {"8,78E+12", Status::kInvalid, "", "digits lost in a spreadsheet"},
                    {"1E5", Status::kOk, "1E5"},
                    {"1111", Status::kOk, "1111"},
                    {"0000", Status::kMissing},
                    {"#N/A", Status::kMissing},
                    {"", Status::kMissing, "", "blank"},
                });
    check_random(text::clean_identifier, {"A", "1", "'", "\"", "=\"", ".0", "E+", "-", " ", "‘", "ñ", "0"},
                 20000, 17);
}

BOOST_AUTO_TEST_CASE(values_by_type) {
    const auto clean = [](std::string_view type, std::string_view raw) {
        return text::clean_value(text::parse_semantic_type(type), raw, {"US", "mdy"});
    };
    BOOST_TEST(clean("text", " a  b ").value == "a b");
    BOOST_TEST(clean("name", "ANA").value == "Ana");
    BOOST_TEST(clean("email", "A@B.com").value == "a@b.com");
    BOOST_TEST(clean("phone", "2125550123").value == "+12125550123");
    BOOST_TEST(clean("date", "3/4/2021").value == "2021-03-04");
    BOOST_TEST(clean("timestamp", "3/4/2021 10:00Z").value == "2021-03-04T10:00:00Z");
    BOOST_TEST(clean("boolean", "sí").value == "true");
    BOOST_TEST(clean("number", "1,5").value == "1.5");
    BOOST_TEST(clean("gender", "mujer").value == "female");
    BOOST_TEST(clean("postal_code", "2139").value == "02139");
    BOOST_TEST(clean("country", "Perú").value == "PE");
    BOOST_TEST(clean("identifier", "'1").value == "1");
    BOOST_TEST(clean("address", "123 main st").value == "123 Main Street");
    BOOST_TEST(clean("organization", "Acme, inc").value == "Acme Inc.");
    BOOST_TEST(clean("currency", "$").value == "USD");
    BOOST_TEST(clean("money", "$1,234").value == "1234");

    BOOST_CHECK_EXCEPTION(text::parse_semantic_type("emial"), cdp::Error, [](const cdp::Error& e) {
        return e.code() == cdp::ErrorCode::kInvalidInput &&
               e.detail().find("postal_code") != std::string::npos &&
               e.hint().find("'email'") != std::string::npos;
    });
}
