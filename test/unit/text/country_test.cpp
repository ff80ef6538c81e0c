// SPDX-License-Identifier: PostgreSQL
// Countries in five languages, their codes, and the forms of postal codes.
#include "text/country.hpp"

#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/error.hpp"
#include "support.hpp"
#include "text/code.hpp"
#include "text/currency.hpp"

using namespace support;
namespace text = cdp::text;

// Against ICU itself, which the table was made from: every name of every country in every language.
BOOST_AUTO_TEST_CASE(every_name_leads_to_its_country) {
    size_t names = 0;
    size_t renamed = 0;
    for (const text::Country& country : text::countries()) {
        const std::string alpha2(country.alpha2);
        BOOST_TEST(text::find_country(alpha2) == &country);
        for (size_t i = 0; i < text::kNameLanguages.size(); ++i) {
            std::array<UChar, 200> buffer{};
            UErrorCode error = U_ZERO_ERROR;
            const std::string language(text::kNameLanguages[i]);
            const int32_t length = uloc_getDisplayCountry(("und_" + alpha2).c_str(), language.c_str(),
                                                          buffer.data(), 200, &error);
            std::string name;
            icu::UnicodeString(buffer.data(), length).toUTF8String(name);
            if (text::country_name(alpha2, language) != name) ++renamed;
            BOOST_TEST(text::clean_country(name).value == alpha2, name << " " << alpha2);
            ++names;
        }
        if (alpha2 != "NA") BOOST_TEST(text::clean_country(alpha2).value == alpha2);
        BOOST_TEST(text::clean_country(country.alpha3).value == alpha2, country.alpha3);
        if (country.numeric > 0) {
            std::string digits = std::to_string(country.numeric);
            digits.insert(0, 3 - digits.size(), '0');
            BOOST_TEST(text::clean_country(digits).value == alpha2, digits);
        }
        if (!country.currency.empty()) BOOST_TEST(text::find_currency(country.currency) != nullptr, alpha2);
    }
    BOOST_TEST(names > 1200u);
    // Another ICU than that of the table calls a few countries otherwise (Türkiye).
    BOOST_TEST(renamed < 20u);
    const auto index = text::country_names();
    BOOST_TEST(std::is_sorted(index.begin(), index.end(), [](auto& a, auto& b) { return a.key < b.key; }));
    for (const auto& [key, code] : text::country_aliases()) {
        if (key.size() > 2) BOOST_TEST(text::clean_country(key).value == code, key);
        BOOST_TEST(text::country_key(key) == key);
    }
}

BOOST_AUTO_TEST_CASE(country_names_and_codes) {
    check_cases(text::clean_country, {
                                         {"152", Status::kOk, "CL"},
                                         {"76", Status::kInvalid, "", "unknown country", "BR"},
                                         {"Deutschland", Status::kOk, "DE"},
                                         {"Allemagne", Status::kOk, "DE"},
                                         {"Republic of Chile", Status::kOk, "CL"},
                                         {"Kingdom of the Netherlands", Status::kOk, "NL"},
                                         {"República de la India", Status::kOk, "IN"},
                                         {"Republic of the Congo", Status::kOk, "CG"},
                                         {"Democratic Republic of the Congo", Status::kOk, "CD"},
                                         {"Democratic People's Republic of Korea", Status::kOk, "KP"},
                                         {"Republic of Korea", Status::kOk, "KR"},
                                         {"Republic of China", Status::kOk, "TW"},
                                         {"State of Georgia", Status::kInvalid, "", "unknown country"},
                                         {"Irão", Status::kOk, "IR"},
                                         {"Vietname", Status::kOk, "VN"},
                                         {"Kap Verde", Status::kOk, "CV"},
                                         {"Saint-Martin (partie française)", Status::kOk, "MF"},
                                         {"États-Unis", Status::kOk, "US"},
                                         {"Estados Unidos da América", Status::kOk, "US"},
                                         {"EUA", Status::kOk, "US"},
                                         {"Great Britain", Status::kOk, "GB"},
                                         {"England", Status::kOk, "GB"},
                                         {"Korea", Status::kOk, "KR"},
                                         {"Côte d’Ivoire", Status::kOk, "CI"},
                                         {"Österreich", Status::kOk, "AT"},
                                         {"AND", Status::kOk, "AD"},
                                         {"et", Status::kOk, "ET"},
                                         {"Bosnien und Herzegowina", Status::kOk, "BA"},
                                         {"'CL'", Status::kCorrected, "CL", "quotes"},
                                         {"999", Status::kInvalid, "", "unknown country"},
                                     });
    BOOST_TEST(text::country_name("CL", "fr") == "Chili");
    BOOST_TEST(text::country_name("chile", "de-CH") == "Chile");
    BOOST_TEST(text::country_name("ZZ", "en").empty());
    BOOST_CHECK_THROW(text::country_name("CL", "it"), cdp::Error);
    BOOST_CHECK_THROW(text::country_name("CL", "english"), cdp::Error);
    BOOST_CHECK_THROW(text::country_name("CL", ""), cdp::Error);
}

BOOST_AUTO_TEST_CASE(postal_codes_of_many_countries) {
    struct Postal {
        std::string_view code, country, value, reason;
    };
    const std::vector<Postal> cases{
        // Royal Mail's examples of every form of outward code.
        {"M11AE", "GB", "M1 1AE", ""},
        {"B33 8TH", "GB", "B33 8TH", ""},
        {"cr2 6xh", "GB", "CR2 6XH", ""},
        {"DN55 1PT", "GB", "DN55 1PT", ""},
        {"W1A 0AX", "GB", "W1A 0AX", ""},
        {"EC1A 1BB", "GB", "EC1A 1BB", ""},
        {"GIR 0AA", "GB", "GIR 0AA", ""},
        {"QA1 1AA", "GB", "", "not the form of its country"},
        {"AI1 1AA", "GB", "", "not the form of its country"},
        {"M1 1CE", "GB", "", "not the form of its country"},
        {"ECIA 1BB", "GB", "", "not the form of its country"},
        {"K1A 0B1", "CA", "K1A 0B1", ""},
        {"D1A 0B1", "CA", "", "not the form of its country"},
        {"W1A 0B1", "CA", "", "not the form of its country"},
        {"k1a 0o1", "CA", "", "not the form of its country"},
        {"1012 jk", "NL", "1012 JK", ""},
        {"1012 SS", "NL", "", "not the form of its country"},
        {"0012 AB", "NL", "", "not the form of its country"},
        {"d02x285", "IE", "D02 X285", ""},
        {"D6W XY00", "IE", "D6W XY00", ""},
        {"A65 F4E2", "IE", "A65 F4E2", ""},
        {"A65 F4O2", "IE", "", "not the form of its country"},
        {"B65 F4E2", "IE", "", "not the form of its country"},
        {"C1425CLA", "AR", "C1425CLA", ""},
        {"1425", "AR", "1425", ""},
        {"I1425CLA", "AR", "", "not the form of its country"},
        {"06700", "MX", "06700", ""},
        {"6700", "MX", "06700", "leading zero restored"},
        {"1000205", "PT", "1000-205", ""},
        {"1010", "LV", "LV-1010", ""},
        {"LV-1010", "LV", "LV-1010", ""},
        {"ky1-1100", "KY", "KY1-1100", ""},
        {"D-10115", "DE", "10115", "country dropped"},
        {"DE 10115", "DE", "10115", "country dropped"},
        {"F-75001", "FR", "75001", "country dropped"},
        {"CH-8001", "CH", "8001", "country dropped"},
        {"X-8001", "CH", "", "not the form of its country"},
        {"AD500", "AD", "AD500", ""},
        {"12345-6789", "SA", "12345-6789", ""},
        {"1234567890", "IR", "12345-67890", ""},
        {"96910-1234", "GU", "96910", "zip+4 shortened"},
        {"999077", "HK", "999077", ""},
        // Fixed letters and digits, as Google's address data, postcode-validator and postal-codes-js have
        // them.
        {"100", "AD", "AD100", ""},
        {"VV770", "AD", "", "not the form of its country"},
        {"2640", "AI", "AI-2640", ""},
        {"AZ1000", "AZ", "AZ 1000", ""},
        {"1000", "AZ", "AZ 1000", ""},
        {"KX 2593", "AZ", "", "not the form of its country"},
        {"BIQQ1ZZ", "AQ", "BIQQ 1ZZ", ""},
        {"FIQQ 1ZZ", "FK", "FIQQ 1ZZ", ""},
        {"NPOO 8WS", "FK", "", "not the form of its country"},
        {"ASCN1ZZ", "SH", "ASCN 1ZZ", ""},
        {"GY1 1AA", "GG", "GY1 1AA", ""},
        {"ZE6 2XF", "GG", "", "not the form of its country"},
        {"gx111aa", "GI", "GX11 1AA", ""},
        {"98000", "MC", "98000", ""},
        {"75001", "MC", "", "not the form of its country"},
        {"97300", "GF", "97300", ""},
        {"97133", "BL", "97133", ""},
        {"94103", "GU", "", "not the form of its country"},
        {"801", "VI", "00801", "leading zero restored"},
        {"120", "VA", "00120", "leading zero restored"},
        {"9490", "LI", "9490", ""},
        {"8001", "LI", "", "not the form of its country"},
        {"H100", "SZ", "H100", ""},
        {"W100", "SZ", "", "not the form of its country"},
        {"1216", "BH", "1216", ""},
        {"1316", "BH", "", "not the form of its country"},
        {"B1980", "AR", "B1980", ""},
        {"375010", "AM", "375010", ""},
        {"MSD 11", "MT", "MSD 11", ""},
        {"R5133", "MU", "R5133", ""},
        {"742CU001", "MU", "742CU001", ""},
        {"MSR1110", "MS", "MSR 1110", ""},
        {"PC 133", "OM", "133", "country dropped"},
        {"CP 1101", "SV", "1101", "label dropped"},
        {"CP 1101", "NI", "", "not the form of its country"},
        // A zero that no code of the country begins with was not lost.
        {"1234", "SE", "", "not the form of its country"},
        {"5196", "MV", "", "not the form of its country"},
        {"1000", "CR", "1000", ""},
        {"1067", "DE", "01067", "leading zero restored"},
        {"1001", "UA", "01001", "leading zero restored"},
    };
    for (const Postal& expected : cases) {
        const Cleaned cleaned = text::clean_postal_code(expected.code, expected.country);
        BOOST_TEST_CONTEXT(expected.code << " " << expected.country) {
            BOOST_CHECK_EQUAL(cleaned.value, expected.value);
            BOOST_CHECK_EQUAL(cleaned.reason, expected.reason);
        }
    }
    size_t known = 0;
    for (const text::Country& country : text::countries()) {
        const std::string alpha2(country.alpha2);
        known += text::postal_mask(alpha2).empty() ? 0 : 1;
        const Cleaner clean = [&](std::string_view raw) { return text::clean_postal_code(raw, alpha2); };
        check_random(clean, {"1", "0213", "-", " ", "AB", alpha2, "7", "LV", "SW1A1AA", "D-"}, 60, 18);
    }
    BOOST_TEST(known >= 170u);
}
