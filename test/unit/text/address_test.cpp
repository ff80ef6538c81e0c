// SPDX-License-Identifier: PostgreSQL
#include "text/address.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "address_spellings.hpp"
#include "support.hpp"
#include "text/address_words.hpp"
#include "text/fold.hpp"

using namespace support;
namespace text = cdp::text;

namespace {

// The letters and digits of a text, folded and in order of the alphabet.
std::string sorted_letters(std::string_view value) {
    std::string out;
    for (const char c : text::fold(value)) {
        const bool counts =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (counts) out.push_back(c);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string joined(const text::SplitAddress& parts) {
    return parts.street + " " + parts.house_number + " " + parts.unit + " " + parts.po_box + " " +
           parts.postal_code + " " + parts.rest;
}

// What every address promises: the reading form is its own reading form, it has the key of what it was made
// from, and the parts hold its letters and digits.
void check_address(std::string_view input, std::string_view country) {
    const Cleaned cleaned = text::clean_address(input, country);
    const std::string key = text::address_key(input, country);
    BOOST_TEST_CONTEXT("input '" << input << "', country '" << country << "', value '" << cleaned.value
                                 << "'") {
        BOOST_REQUIRE(is_valid_utf8(key) && !has_controls(key));
        const text::SplitAddress parts = text::split_address(input, country);
        BOOST_REQUIRE(is_valid_utf8(joined(parts)) && !has_controls(joined(parts)));
        if (!cleaned.has_value() || cleaned.status == Status::kSuspicious) return;
        BOOST_REQUIRE_EQUAL(text::address_key(cleaned.value, country), key);
        BOOST_REQUIRE_EQUAL(sorted_letters(joined(parts)), sorted_letters(cleaned.value));
    }
}

const std::vector<std::string>& pieces() {
    static const auto* const all = new std::vector<std::string>{"Av. ",
                                                                "avenida ",
                                                                "St ",
                                                                "street ",
                                                                "St. ",
                                                                "rua ",
                                                                "R. ",
                                                                "C/",
                                                                "calle ",
                                                                "Hauptstr. ",
                                                                "STRASSE ",
                                                                "Str. ",
                                                                "-Str.",
                                                                "rue ",
                                                                "bd ",
                                                                "Main ",
                                                                "PROVIDENCIA ",
                                                                "Los ",
                                                                "de la ",
                                                                "l'",
                                                                "d'",
                                                                "O'Higgins ",
                                                                "o higgins ",
                                                                "12 ",
                                                                "1234 ",
                                                                "5",
                                                                "7B ",
                                                                "12-14 ",
                                                                " - ",
                                                                "-",
                                                                "/",
                                                                "1/2 ",
                                                                "Nº ",
                                                                "N ",
                                                                "No. ",
                                                                "# ",
                                                                "#",
                                                                "º ",
                                                                "ª ",
                                                                "3º ",
                                                                "B ",
                                                                "izq ",
                                                                "piso ",
                                                                "Apt ",
                                                                "depto. ",
                                                                "of ",
                                                                "Torre A ",
                                                                "km ",
                                                                "PO Box ",
                                                                "casilla ",
                                                                "s/n ",
                                                                ", ",
                                                                ",",
                                                                ".",
                                                                " ",
                                                                "Norte ",
                                                                "North ",
                                                                "NW ",
                                                                "Pte ",
                                                                "10115 ",
                                                                "SW1A 1AA ",
                                                                "CP ",
                                                                "01310-100 ",
                                                                "Santiago ",
                                                                "2. ",
                                                                "OG ",
                                                                "floor ",
                                                                "2nd ",
                                                                "Fifth ",
                                                                "saint ",
                                                                "Dr ",
                                                                "Ct ",
                                                                "\n",
                                                                "é",
                                                                "ß",
                                                                "中",
                                                                "&",
                                                                "(",
                                                                ")",
                                                                "bis ",
                                                                "Nr.",
                                                                "Apt4",
                                                                "1.234 "};
    return *all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(address_spellings_have_one_key) {
    size_t lines = 0;
    for (const AddressSet& set : address_spellings()) {
        std::map<std::string, std::string_view> seen;  // key -> first line of its group
        for (const auto& group : set.groups) {
            const std::string key = text::address_key(group[0], set.country);
            BOOST_TEST(!key.empty(), group[0]);
            const bool fresh = seen.emplace(key, group[0]).second;
            BOOST_TEST(fresh, group[0] << " has the key of " << seen[key] << ": " << key);
            for (const std::string_view line : group) {
                ++lines;
                BOOST_TEST(text::address_key(line, set.country) == key,
                           line << " has '" << text::address_key(line, set.country) << "', " << group[0]
                                << " has '" << key << "'");
                check_address(line, set.country);
                check_promises([&](std::string_view raw) { return text::clean_address(raw, set.country); },
                               line);
            }
        }
    }
    BOOST_TEST(lines >= 150u);
}

BOOST_AUTO_TEST_CASE(addresses_in_reading_form) {
    const Cleaner clean = [](std::string_view raw) { return text::clean_address(raw, ""); };
    check_cases(
        clean, {
                   {"Av. Providencia 1234, Depto. 56", Status::kOk, "Av. Providencia 1234, Depto. 56"},
                   {"AVDA PROVIDENCIA N° 1234 DPTO 56", Status::kCorrected, "Av. Providencia 1234, Depto. 56",
                    "letter case"},
                   {"S/N", Status::kMissing, "", "placeholder word"},
                   {"Camino a Melipilla 12", Status::kOk, "Camino a Melipilla 12"},
                   {"c/ Mayor, 5, 3º izda.", Status::kOk, "Calle Mayor 5, 3º izq."},
                   {"Hauptstr. 5", Status::kOk, "Hauptstraße 5"},
                   {"123 N. Main St. #4b", Status::kOk, "123 N Main Street, #4B"},
                   {"123 MAIN ST, NEW YORK, NY 10001", Status::kCorrected,
                    "123 Main Street, New York, NY 10001", "letter case"},
                   {"12, bd st-germain", Status::kCorrected, "12 Boulevard St-Germain", "letter case"},
                   {"Cra 7 No. 71 - 21", Status::kOk, "Carrera 7 # 71-21"},
                   {"Rua Augusta, 1500 - Apto 12 - Consolação", Status::kOk,
                    "Rua Augusta 1500, Apto. 12, Consolação"},
                   {"AV. LAS CONDES 100", Status::kCorrected, "Av. Las Condes 100", "letter case"},
                   {"calle de la cruz 5", Status::kCorrected, "Calle de la Cruz 5", "letter case"},
                   {"Main Street\nSpringfield", Status::kOk, "Main Street, Springfield"},
                   {"Main ☎ Street 5", Status::kCorrected, "Main Street 5", "symbols dropped"},
                   {"'Main Street 5'", Status::kCorrected, "Main Street 5", "quotes"},
                   {"ana@example.com", Status::kSuspicious, "ana@example.com", "e-mail or web address"},
                   {"AV. PE?ALOLEN 12", Status::kSuspicious, "Av. Pe?alolen 12", "unreadable characters"},
                   {"12345", Status::kInvalid, "", "no letters"},
                   {"n/a", Status::kMissing, "", "placeholder word"},
                   {"xxxx", Status::kMissing},
                   {"", Status::kMissing, "", "blank"},
               });
    struct Form {
        std::string_view raw, country, value;
    };
    for (const Form& form : std::to_array<Form>({
             {"CTRA. N-340 KM 5", "ES", "Carretera N-340, Km 5"},
             {"ROD. BR-101 KM 205", "BR", "Rodovia BR-101, Km 205"},
             {"Pº CASTELLANA 200, 5º", "ES", "Paseo Castellana 200, 5º"},
             {"C/ Sta. Mª de la Cabeza 10", "ES", "Calle Santa Mª de la Cabeza 10"},
             {"Ronda Sant Pere 12, ESC. A, 2º 1ª", "ES", "Ronda Sant Pere 12, ESC. A, 2º, 1ª"},
             {"PÇA DA SÉ, 100", "BR", "Praça da Sé 100"},
             {"12 E 42ND ST STE 1200", "US", "12 E 42nd Street, Suite 1200"},
             {"12 E 42ND ST", "", "12 E 42nd Street"},
             {"123 main street, springfield, il 62704", "US", "123 Main Street, Springfield, IL 62704"},
             {"4801 US HIGHWAY 1 S", "US", "4801 US Highway 1 S"},
             {"P.O. Box 123", "US", "PO Box 123"},
             {"Rua 7 de Setembro e Travessa 5", "BR", "Rua 7 de Setembro e Travessa 5"},
         })) {
        BOOST_TEST_CONTEXT(form.raw) {
            BOOST_TEST(text::clean_address(form.raw, form.country).value == form.value);
            BOOST_TEST(text::clean_address(form.value, form.country).value == form.value);
            check_address(form.raw, form.country);
        }
    }
    const std::string swiss = text::clean_address("Bahnhofstr. 1", "CH").value;
    BOOST_TEST(swiss == "Bahnhofstrasse 1");
    BOOST_TEST(text::clean_address("3 pl. Vendôme", "FR").value == "3 Place Vendôme");
    BOOST_TEST(text::clean_address(std::string(501, 'a') + "b", "").reason == "too long");
    std::string doctors;
    for (int i = 0; i < 34; ++i) doctors += "Dr ";
    doctors += "8A - 55";
    const Cleaned unclear = text::clean_address(doctors, "");
    BOOST_TEST(unclear.reason == "unclear words");
    BOOST_TEST(text::clean_address(unclear.value, "").value == unclear.value);
    BOOST_TEST(text::address_key(unclear.value, "") == text::address_key(doctors, ""));
}

BOOST_AUTO_TEST_CASE(addresses_in_parts) {
    struct Parts {
        std::string_view input, country, street, type, number, unit, box, postal, rest;
    };
    const std::vector<Parts> cases{
        {"Av. Providencia 1234, Depto. 56, Santiago", "CL", "Av. Providencia", "Av.", "1234", "Depto. 56", "",
         "", "Santiago"},
        {"123 Main St Apt 4B, Springfield, IL 62701", "US", "Main Street", "Street", "123", "Apt 4B", "",
         "62701", "Springfield, IL"},
        {"Hauptstr. 12-14, 10115 Berlin", "DE", "Hauptstraße", "Straße", "12-14", "", "", "10115", "Berlin"},
        {"12 bis, rue de la Paix 75002 Paris", "FR", "Rue de la Paix", "Rue", "12 bis", "", "", "75002",
         "Paris"},
        {"Rua Augusta, 1500 - ap 12 - São Paulo - 01310-100", "BR", "Rua Augusta", "Rua", "1500", "Apto. 12",
         "", "01310-100", "São Paulo"},
        {"C/ Mayor 5, 3º B, 28013 Madrid", "ES", "Calle Mayor", "Calle", "5", "3º B", "", "28013", "Madrid"},
        {"221b Baker Street, London NW1 6XE", "GB", "Baker Street", "Street", "221B", "", "", "NW1 6XE",
         "London"},
        {"Casilla 123, Santiago", "CL", "", "", "", "", "Casilla 123", "", "Santiago"},
        {"PO Box 9, Austin TX 78701", "US", "", "", "", "", "PO Box 9", "78701", "Austin TX"},
        {"Camino Real s/n, Peñalolén", "CL", "Camino Real", "Camino", "s/n", "", "", "", "Peñalolén"},
        {"Cra 7 # 71-21 Of 301", "CO", "Carrera 7", "Carrera", "71-21", "Of. 301", "", "", ""},
        {"Postfach 10 20, 8001 Zürich", "CH", "", "", "", "", "Postfach 10 20", "8001", "Zürich"},
    };
    for (const Parts& expected : cases) {
        const text::SplitAddress parts = text::split_address(expected.input, expected.country);
        BOOST_TEST_CONTEXT(expected.input) {
            BOOST_CHECK_EQUAL(parts.street, expected.street);
            BOOST_CHECK_EQUAL(parts.street_type, expected.type);
            BOOST_CHECK_EQUAL(parts.house_number, expected.number);
            BOOST_CHECK_EQUAL(parts.unit, expected.unit);
            BOOST_CHECK_EQUAL(parts.po_box, expected.box);
            BOOST_CHECK_EQUAL(parts.postal_code, expected.postal);
            BOOST_CHECK_EQUAL(parts.rest, expected.rest);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_addresses_keep_the_promises) {
    std::mt19937 random(31);
    for (int round = 0; round < 60000; ++round) {
        static const std::vector<std::string> countries{"",   "",   "CL", "US", "GB", "DE",
                                                        "FR", "BR", "CO", "CH", "CA"};
        const std::string country = countries[random() % countries.size()];
        const std::string input = random_input(random, pieces());
        check_address(input, country);
        check_promises([&](std::string_view raw) { return text::clean_address(raw, country); }, input);
    }
    for (const std::string country : {"", "ES", "US", "DE"}) {
        check_random([&](std::string_view raw) { return text::clean_address(raw, country); }, pieces(), 1000,
                     32);
    }
}
