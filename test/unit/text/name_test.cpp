// SPDX-License-Identifier: PostgreSQL
#include "text/name.hpp"

#include "support.hpp"

using namespace support;
using cdp::text::clean_name;

BOOST_AUTO_TEST_CASE(name_cases) {
    check_cases(clean_name, {
                                {"Ana", Status::kOk, "Ana"},
                                {"  Ana  María ", Status::kOk, "Ana María"},
                                {"juan", Status::kCorrected, "Juan", "letter case"},
                                {"MARÍA DEL CARMEN", Status::kCorrected, "María del Carmen", "letter case"},
                                {"JUAN DE LA CRUZ", Status::kCorrected, "Juan de la Cruz"},
                                {"de la cruz", Status::kCorrected, "De la Cruz"},
                                {"de la Cruz", Status::kOk, "de la Cruz"},
                                {"ludwig van beethoven", Status::kCorrected, "Ludwig van Beethoven"},
                                {"VON DER LEYEN", Status::kCorrected, "Von der Leyen"},
                                {"joão dos santos", Status::kCorrected, "João dos Santos"},
                                {"o'brien", Status::kCorrected, "O'Brien"},
                                {"D’ANGELO", Status::kCorrected, "D'Angelo"},
                                {"MCDONALD", Status::kCorrected, "McDonald"},
                                {"MACY", Status::kCorrected, "Macy"},
                                {"jean-luc", Status::kCorrected, "Jean-Luc"},
                                {"j.r. tolkien", Status::kCorrected, "J.R. Tolkien"},
                                {"DeShawn", Status::kOk, "DeShawn"},
                                {"AJ Smith", Status::kOk, "AJ Smith"},
                                {"JD", Status::kOk, "JD"},
                                {"NG", Status::kCorrected, "Ng"},
                                {"john SMITH", Status::kCorrected, "John Smith"},
                                {"Mr. John Smith", Status::kCorrected, "John Smith", "title dropped"},
                                {"dra. ana díaz", Status::kCorrected, "Ana Díaz", "title dropped"},
                                {"Doña Inés", Status::kCorrected, "Inés", "title dropped"},
                                {"Don", Status::kOk, "Don"},
                                {"Smith, Jr.", Status::kCorrected, "Smith Jr", "punctuation"},
                                {"SMITH III", Status::kCorrected, "Smith III"},
                                {"John Smith ii", Status::kCorrected, "John Smith II"},
                                {"🎉 Ana 🎉", Status::kCorrected, "Ana", "symbols dropped"},
                                {"\"Ana\"", Status::kCorrected, "Ana", "quotes"},
                                {"'t Hooft", Status::kOk, "'t Hooft"},
                                {"李小龍", Status::kOk, "李小龍"},
                                {"محمد", Status::kOk, "محمد"},
                                {"ИВАН", Status::kCorrected, "Иван"},
                                {"Na", Status::kOk, "Na"},
                                {"Nan", Status::kOk, "Nan"},
                                {"nan", Status::kMissing, "", "placeholder word"},
                                {"Mr. test", Status::kMissing, "", "placeholder word"},
                                {"aaaa", Status::kMissing, "", "one character repeated"},
                                {"AAAA", Status::kMissing, "", "one character repeated"},
                                {"12345", Status::kInvalid, "", "no letters"},
                                {"Ana2", Status::kSuspicious, "Ana2", "digits in a name"},
                                {"ana@x.com", Status::kSuspicious, "ana@x.com", "looks like an address"},
                                {"", Status::kMissing, "", "blank"},
                            });
    BOOST_TEST(clean_name(std::string(150, 'a') + "b").reason == "unusually long");
    BOOST_TEST(clean_name(std::string(301, 'a') + "b").reason == "too long");
}

BOOST_AUTO_TEST_CASE(name_promises) {
    check_random(clean_name,
                 {"ana", "MARÍA", " ",  " ",    "de", "la", "y",  "Mr.",    "don", "jr.", "II", "o'",
                  "mc",  "-",     ".",  ",",    "'",  "\"", "Ñ",  "ß",      "İ",   "ǆ",   "漢", "🎉",
                  "_",   "JD",    "na", "test", "x",  "1",  "Sr", "\u0301", "Σ",   "ⱥ",   "‘"},
                 30000, 3);
}

BOOST_AUTO_TEST_CASE(split_name_cases) {
    struct Split {
        std::string full, given, family;
    };
    const std::vector<Split> cases{
        {"John Smith", "John", "Smith"},
        {"Mary Ann Smith", "Mary Ann", "Smith"},
        {"Juan Carlos Pérez García", "Juan Carlos", "Pérez García"},
        {"JUAN PEREZ", "Juan", "Perez"},
        {"Juan de la Cruz", "Juan", "de la Cruz"},
        {"Juan de la Cruz García", "Juan", "de la Cruz García"},
        {"María del Carmen Pérez", "María del Carmen", "Pérez"},
        {"María de los Ángeles Díaz Soto", "María de los Ángeles", "Díaz Soto"},
        {"José Ortega y Gasset", "José", "Ortega y Gasset"},
        {"Ludwig van Beethoven", "Ludwig", "van Beethoven"},
        {"Vincent Willem van Gogh", "Vincent Willem", "van Gogh"},
        {"John Smith Jr.", "John", "Smith Jr"},
        {"Smith, John", "John", "Smith"},
        {"Smith, Jr., John", "John", "Smith Jr"},
        {"Smith, John, Jr.", "John", "Smith Jr"},
        {"García Márquez, Gabriel José", "Gabriel José", "García Márquez"},
        {"de la Cruz, Juan", "Juan", "de la Cruz"},
        {"Mr. John Smith", "John", "Smith"},
        {"DE LA CRUZ", "", "De la Cruz"},
        {"Cher", "Cher", ""},
        {"n/a", "", ""},
        {"", "", ""},
        {"123", "", ""},
        {",", "", ""},
        {"Smith,", "Smith", ""},
    };
    for (const Split& expected : cases) {
        const auto split = cdp::text::split_name(expected.full);
        BOOST_TEST_CONTEXT(expected.full) {
            BOOST_TEST(split.given == expected.given);
            BOOST_TEST(split.family == expected.family);
        }
    }
    std::mt19937 random(4);
    for (int round = 0; round < 30000; ++round) {
        const auto split = cdp::text::split_name(random_input(
            random, {"ana", " ", " ", "de", "la", "y", ",", "jr", "del", "carmen", "van", "Pérez"}));
        BOOST_REQUIRE(is_valid_utf8(split.given) && is_valid_utf8(split.family));
    }
}
