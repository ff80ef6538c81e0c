// SPDX-License-Identifier: PostgreSQL
#include "text/organization.hpp"

#include <map>

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

namespace {

const std::vector<std::string> kPieces{
    "ACME", "Acme ", " S.A.", " Ltda", "GmbH & Co. KG", "the ", " & ", " y ", "de ",  "IBM", "i.b.m.", "O'",
    "«",    "»",     "\"",    ",",     " Inc",          ".",    "é",   "Cía", " S A", "(",   "1",      "-"};

void check_organization(std::string_view input) {
    check_promises(text::clean_organization, input);
    const Cleaned cleaned = text::clean_organization(input);
    const std::string key = text::organization_key(input);
    BOOST_REQUIRE(is_valid_utf8(key) && !has_controls(key));
    BOOST_REQUIRE_MESSAGE(key.empty() == cleaned.value.empty(),
                          "'" << input << "' has the key '" << key << "'");
    if (cleaned.has_value()) {
        BOOST_REQUIRE_EQUAL(text::organization_key(cleaned.value), key);
        BOOST_REQUIRE_EQUAL(text::legal_form(cleaned.value), text::legal_form(input));
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(organization_cases) {
    check_cases(
        text::clean_organization,
        {
            {"ACME CHILE S.A.", Status::kCorrected, "Acme Chile S.A.", "letter case"},
            {"Acme Chile Sociedad Anónima", Status::kOk, "Acme Chile S.A."},
            {"Acme Chile S A", Status::kOk, "Acme Chile S.A."},
            {"acme spa", Status::kCorrected, "Acme SpA", "letter case"},
            {"Acme, Inc.", Status::kOk, "Acme Inc."},
            {"Ejemplo s. en c.", Status::kOk, "Ejemplo S. en C."},
            {"Przykład spółka z ograniczoną odpowiedzialnością", Status::kOk, "Przykład Sp. z o.o."},
            {"Pavyzdys UAB", Status::kOk, "Pavyzdys UAB"},
            {"Grupo Ejemplo SA DE CV", Status::kOk, "Grupo Ejemplo S.A. de C.V."},
            {"MÜLLER GMBH & CO KG", Status::kCorrected, "Müller GmbH & Co. KG", "letter case"},
            {"IBM", Status::kOk, "IBM"},
            {"IBM CHILE LTDA", Status::kCorrected, "IBM Chile Ltda.", "letter case"},
            {"EMPRESAS CMPC S.A.", Status::kCorrected, "Empresas CMPC S.A.", "letter case"},
            {"COMPAÑIA DE TEJIDOS Y LANAS", Status::kCorrected, "Compañia de Tejidos y Lanas", "letter case"},
            {"DeShawn & Sons", Status::kOk, "DeShawn & Sons"},
            {"«Acme»", Status::kCorrected, "Acme", "quotes"},
            {"\"ACME\" ", Status::kCorrected, "ACME", "quotes"},
            {"S.A.", Status::kOk, "S.A."},
            {"Compa?ia Minera", Status::kSuspicious, "Compa?ia Minera", "unreadable characters"},
            {"Toys? Yes!", Status::kOk, "Toys? Yes!"},
            {"info@acme.example", Status::kSuspicious, "info@acme.example", "e-mail or web address"},
            {"AT & T", Status::kOk, "AT & T"},
            {"SOC. COMERCIAL LOS ANDES LTDA", Status::kCorrected, "Soc. Comercial los Andes Ltda.",
             "letter case"},
            {"I.B.M. CHILE", Status::kCorrected, "I.B.M. Chile", "letter case"},
            {"n/a", Status::kMissing, "", "placeholder word"},
            {"...", Status::kMissing},
            {"¡!", Status::kInvalid, "", "no letters"},
            {"", Status::kMissing, "", "blank"},
        });
    check_promises(text::clean_organization, "A A SOCIEDAD ANONIMA");  // "A a S.A." would be read as ASA
    BOOST_CHECK_EQUAL(text::organization_key("H & M"), text::organization_key("H&M"));
    const std::vector<std::pair<std::string_view, std::string_view>> forms{{"Acme Inc", "Inc."},
                                                                           {"Acme S.L.", "S.L."},
                                                                           {"Acme, S. L.", "S.L."},
                                                                           {"Acme LLC", "LLC"},
                                                                           {"Acme Limited", "Ltd"},
                                                                           {"Acme E.I.R.L.", "EIRL"},
                                                                           {"PADARIA LTDA ME", "Ltda. ME"},
                                                                           {"PADARIA LTDA. EPP", "Ltda. EPP"},
                                                                           {"Acme Lda.", "Lda"},
                                                                           {"Acme Sàrl", "SARL"},
                                                                           {"Acme B.V.", "B.V."},
                                                                           {"Acme Pty. Ltd.", "Pty Ltd"},
                                                                           {"Acme S.p.A.", "SpA"},
                                                                           {"Acme", ""},
                                                                           {"Limited", ""},
                                                                           {"Ltda Acme", ""}};
    for (const auto& [name, form] : forms) BOOST_TEST(text::legal_form(name) == form, name);
}

BOOST_AUTO_TEST_CASE(organization_keys) {
    const std::vector<std::vector<std::string_view>> groups{
        {"Smith & Sons, Inc.", "SMITH AND SONS INC", "The Smith & Sons Company", "Smith and Sons",
         "smith sons co."},
        {"Smith & Daughters, Inc."},
        {"Pérez y Hijos Ltda.", "PEREZ E HIJOS LIMITADA", "Perez & Hijos"},
        {"Müller und Söhne GmbH", "Muller & Sohne", "Müller & Söhne Gesellschaft mit beschränkter Haftung"},
        {"Coca-Cola S.A.", "COCA COLA", "The Coca Cola Company"},
        {"I.B.M. Corp.", "IBM", "I B M", "ibm corporation"},
        {"Macy's", "MACYS, INC."},
        {"S.A.", "SA"},
        {"The Company", "the co."},
        {"Banco de Chile", "BANCO DE CHILE S.A."},
        {"Banco de Crédito"},
    };
    std::map<std::string, std::string_view> seen;
    for (const auto& group : groups) {
        const std::string key = text::organization_key(group[0]);
        const bool fresh = seen.emplace(key, group[0]).second;
        BOOST_TEST(fresh, group[0] << " " << key);
        for (const std::string_view name : group) {
            BOOST_TEST(text::organization_key(name) == key,
                       name << ": " << text::organization_key(name) << ", not " << key);
            check_organization(name);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_organizations) {
    std::mt19937 random(41);
    for (int round = 0; round < 30000; ++round) check_organization(random_input(random, kPieces));
    check_random(text::clean_organization, kPieces, 1000, 42);
}
