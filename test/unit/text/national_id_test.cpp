// SPDX-License-Identifier: PostgreSQL
// The numbers are published examples: the issuing authorities' (CNPJ with letters of the Receita Federal,
// IdNr of the Bundeszentralamt für Steuern, CURP of RENAPO), Wikipedia's, and those in the documentation of
// python-stdnum (facts, not code).
#include "text/national_id.hpp"

#include "support.hpp"
#include "text/moment.hpp"

using namespace support;
namespace text = cdp::text;

namespace {

struct Example {
    std::string_view country, input;
    Status status;
    std::string_view value = {};
    std::string_view type = {};
    std::string_view reason = {};
    std::string_view suggestion = {};
};

void check_examples(const std::vector<Example>& examples) {
    for (const Example& expected : examples) {
        const Cleaned cleaned = text::clean_national_id(expected.input, expected.country);
        BOOST_TEST_CONTEXT("input '" << expected.input << "' of '" << expected.country << "', reason '"
                                     << cleaned.reason << "'") {
            BOOST_CHECK_EQUAL(status_name(cleaned.status), status_name(expected.status));
            BOOST_CHECK_EQUAL(cleaned.value, expected.value);
            if (!expected.reason.empty()) BOOST_CHECK_EQUAL(cleaned.reason, expected.reason);
            BOOST_CHECK_EQUAL(cleaned.suggestion, expected.suggestion);
            const auto decoded = text::decode_national_id(expected.input, expected.country);
            BOOST_CHECK_EQUAL(decoded ? decoded->type : "", expected.type);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_numbers) {
    check_examples({
        {"CL", "30.686.957-4", Status::kOk, "30686957-4", "CL RUT"},
        {"Chile", "76086428-5", Status::kOk, "76086428-5", "CL RUT"},
        {"BR", "390.533.447-05", Status::kOk, "39053344705", "BR CPF"},
        {"BR", "111.444.777-35", Status::kOk, "11144477735", "BR CPF"},
        {"BR", "16.727.230/0001-97", Status::kOk, "16727230000197", "BR CNPJ"},
        {"BR", "12.ABC.345/01DE-35", Status::kOk, "12ABC34501DE35", "BR CNPJ"},
        {"BR", "12abc34501de35", Status::kOk, "12ABC34501DE35", "BR CNPJ"},
        // Letters with few digits; made by cpf-cnpj-validator 2.1 (npm).
        {"BR", "TTPSOAHSH0YL26", Status::kOk, "TTPSOAHSH0YL26", "BR CNPJ"},
        {"BR", "WBKRTFRYQVB003", Status::kOk, "WBKRTFRYQVB003", "BR CNPJ"},
        {"BR", "00.000.000/0001-91", Status::kOk, "00000000000191", "BR CNPJ"},
        {"AR", "20-05536168-2", Status::kOk, "20055361682", "AR CUIT"},
        {"AR", "20267565393", Status::kOk, "20267565393", "AR CUIT"},
        {"AR", "20.123.456", Status::kOk, "20123456", "AR DNI"},
        {"MX", "BOXW310820HNERXN09", Status::kOk, "BOXW310820HNERXN09", "MX CURP"},
        {"MX", "GODE 561231 GR8", Status::kOk, "GODE561231GR8", "MX RFC"},
        {"MX", "GODE-561231-GR9", Status::kSuspicious, "GODE561231GR9", "MX RFC",
         "check digit not as computed"},
        {"CO", "213.123.432-1", Status::kOk, "213123432-1", "CO NIT"},
        {"ES", "54362315-K", Status::kOk, "54362315K", "ES DNI"},
        {"ES", "x-2482300w", Status::kOk, "X2482300W", "ES NIE"},
        {"ES", "J99216582", Status::kOk, "J99216582", "ES CIF"},
        {"ES", "A13 585 625", Status::kOk, "A13585625", "ES CIF"},
        {"US", "536-90-4399", Status::kOk, "536904399", "US SSN"},
        {"US", "912-90-3456", Status::kOk, "912903456", "US ITIN"},
        {"US", "91-1144442", Status::kOk, "91-1144442", "US EIN"},
        {"PE", "20512333797", Status::kOk, "20512333797", "PE RUC"},
        {"EC", "171430710-3", Status::kOk, "1714307103", "EC CI"},
        {"EC", "1792060346-001", Status::kOk, "1792060346001", "EC RUC"},
        {"UY", "1.234.561-7", Status::kInvalid, "", "", "wrong check digit", ""},
        {"UY", "21-100342-001-7", Status::kOk, "211003420017", "UY RUT"},
        {"PY", "80028061-0", Status::kOk, "80028061-0", "PY RUC"},
        {"PY", "999160-3", Status::kOk, "999160-3", "PY RUC"},
        {"PY", "2660-3", Status::kOk, "2660-3", "PY RUC"},
        {"VE", "V-11470283-4", Status::kOk, "V114702834", "VE RIF"},
        {"PT", "501 964 843", Status::kOk, "501964843", "PT NIF"},
        {"IT", "RCCMNL83S18D969H", Status::kOk, "RCCMNL83S18D969H", "IT CF"},
        {"IT", "00743110157", Status::kOk, "00743110157", "IT P.IVA"},
        {"FR", "2 95 10 99 126 111 93", Status::kOk, "295109912611193", "FR NIR"},
        {"FR", "253072B07300470", Status::kOk, "253072B07300470", "FR NIR"},
        {"FR", "552 008 443", Status::kOk, "552008443", "FR SIREN"},
        {"FR", "73282932000074", Status::kOk, "73282932000074", "FR SIRET"},
        {"DE", "36 574 261 809", Status::kOk, "36574261809", "DE IdNr"},
        {"DE", "86095742719", Status::kOk, "86095742719", "DE IdNr"},
        {"DE", "DE 136695976", Status::kOk, "DE136695976", "DE USt-IdNr"},
        {"NL", "1112.22.333", Status::kOk, "111222333", "NL BSN"},
        {"BE", "85.07.30-033.28", Status::kOk, "85073003328", "BE NN"},
        {"BE", "17073003384", Status::kOk, "17073003384", "BE NN"},
        {"BE", "0403.019.261", Status::kOk, "0403019261", "BE KBO"},
        {"PL", "44051401359", Status::kOk, "44051401359", "PL PESEL"},
        {"PL", "856-734-62-15", Status::kOk, "8567346215", "PL NIP"},
        {"GB", "943-476-5870", Status::kOk, "9434765870", "GB NHS"},
        {"CA", "130 692 544", Status::kOk, "130692544", "CA SIN"},
        {"IN", "2341 2341 2346", Status::kOk, "234123412346", "IN Aadhaar"},
        {"CH", "756.9217.0769.85", Status::kOk, "7569217076985", "CH AHV"},
        {"CN", "360426199101010071", Status::kOk, "360426199101010071", "CN RIC"},
        {"CN", "11010519491231002x", Status::kOk, "11010519491231002X", "CN RIC"},
        {"DK", "211062-5629", Status::kOk, "2110625629", "DK CPR"},
        {"DO", "001-1391820-5", Status::kOk, "00113918205", "DO CI"},
        {"DO", "1-01-85004-3", Status::kOk, "101850043", "DO RNC"},
        {"GT", "576937-K", Status::kOk, "576937-K", "GT NIT"},
        {"GT", "39525503", Status::kOk, "3952550-3", "GT NIT"},
        {"NO", "151086 95088", Status::kOk, "15108695088", "NO FNR"},
        {"TR", "17291716060", Status::kOk, "17291716060", "TR TCKN"},
        {"ZA", "7503305044089", Status::kOk, "7503305044089", "ZA ID"},
        {"CH", "756.9217.0769.84", Status::kInvalid, "", "", "wrong check digit"},
        {"CN", "360426199101010072", Status::kInvalid, "", "", "wrong check digit"},
        {"DK", "310262-5629", Status::kInvalid, "", "", "not a date", ""},
        {"DO", "1-01-85004-4", Status::kInvalid, "", "", "wrong check digit"},
        {"NO", "15108695077", Status::kInvalid, "", "", "wrong check digit"},
        {"TR", "17291716092", Status::kInvalid, "", "", "wrong check digit"},
        {"ZA", "9125568", Status::kInvalid, "", "", "wrong number of digits"},
        {"IN", "ACUPA7085R", Status::kOk, "ACUPA7085R", "IN PAN"},
    });
}

// The public numbers of authorities and companies.
BOOST_AUTO_TEST_CASE(public_numbers) {
    check_examples({
        {"CL", "60.803.000-K", Status::kOk, "60803000-K", "CL RUT"},
        {"CL", "97.004.000-5", Status::kOk, "97004000-5", "CL RUT"},
        {"CL", "97.036.000–k", Status::kOk, "97036000-K", "CL RUT"},
        {"AR", "33-69345023-9", Status::kOk, "33693450239", "AR CUIT"},
        {"AR", "30-50001091-2", Status::kOk, "30500010912", "AR CUIT"},
        {"BR", "33.000.167/0001-01", Status::kOk, "33000167000101", "BR CNPJ"},
        {"CO", "800.197.268-4", Status::kOk, "800197268-4", "CO NIT"},
        {"CO", "8909039388", Status::kOk, "890903938-8", "CO NIT"},
        {"CO", "899.999.068", Status::kInvalid, "", "", "check digit missing", "899999068-1"},
        {"PE", "20131312955", Status::kOk, "20131312955", "PE RUC"},
        {"PE", "20100070970", Status::kOk, "20100070970", "PE RUC"},
        {"EC", "1760013210001", Status::kOk, "1760013210001", "EC RUC"},
        {"EC", "1790010937001", Status::kOk, "1790010937001", "EC RUC"},
        {"EC", "1714307103001", Status::kOk, "1714307103001", "EC RUC"},
        {"VE", "G-20000303-0", Status::kOk, "G200003030", "VE RIF"},
        {"VE", "J-07013380-5", Status::kOk, "J070133805", "VE RIF"},
        {"MX", "SAT970701NN3", Status::kOk, "SAT970701NN3", "MX RFC"},
        {"MX", "PME380607P35", Status::kOk, "PME380607P35", "MX RFC"},
        {"MX", "CFE370814QI0", Status::kOk, "CFE370814QI0", "MX RFC"},
        {"MX", "HEGG560427MVZRRL04", Status::kOk, "HEGG560427MVZRRL04", "MX CURP"},
        {"MX", "VACE-460910", Status::kInvalid, "", "", "homoclave missing"},
        {"ES", "A28015865", Status::kOk, "A28015865", "ES CIF"},
        {"ES", "A-39.000.013", Status::kOk, "A39000013", "ES CIF"},
        {"ES", "Q2826000H", Status::kOk, "Q2826000H", "ES CIF"},
        {"PT", "500697256", Status::kOk, "500697256", "PT NIF"},
        {"IT", "00905811006", Status::kOk, "00905811006", "IT P.IVA"},
        {"IT", "905811006", Status::kCorrected, "00905811006", "IT P.IVA", "leading zero restored"},
        {"IT", "RSSMRA85T10A562S", Status::kOk, "RSSMRA85T10A562S", "IT CF"},
        {"FR", "356 000 000", Status::kOk, "356000000", "FR SIREN"},
        {"FR", "35600000000048", Status::kOk, "35600000000048", "FR SIRET"},
        {"BE", "0202.239.951", Status::kOk, "0202239951", "BE KBO"},
        {"PL", "5213017228", Status::kOk, "5213017228", "PL NIP"},
        {"GB", "401 023 2137", Status::kOk, "4010232137", "GB NHS"},
        {"GB", "AB 01 23 56 C", Status::kOk, "AB012356C", "GB NINO"},
    });
}

BOOST_AUTO_TEST_CASE(without_a_country) {
    check_examples({
        {"", "30.686.957-4", Status::kOk, "30686957-4", "CL RUT"},
        {"", "30686957-4", Status::kOk, "30686957-4", "CL RUT"},
        {"", "390.533.447-05", Status::kOk, "39053344705", "BR CPF"},
        {"", "12.ABC.345/01DE-35", Status::kOk, "12ABC34501DE35", "BR CNPJ"},
        {"", "BOXW310820HNERXN09", Status::kOk, "BOXW310820HNERXN09", "MX CURP"},
        {"", "X-2482300-W", Status::kOk, "X2482300W", "ES NIE"},
        {"", "RCCMNL83S18D969H", Status::kOk, "RCCMNL83S18D969H", "IT CF"},
        {"", "CPF 39053344705", Status::kCorrected, "39053344705", "BR CPF", "label dropped"},
        {"", "RUN: 30.686.957-4", Status::kCorrected, "30686957-4", "CL RUT", "label dropped"},
        {"", "PT501964843", Status::kCorrected, "501964843", "PT NIF", "country code dropped"},
        {"", "39053344705", Status::kInvalid, "", "", "country needed"},
        {"", "306869574", Status::kInvalid, "", "", "country needed"},
        {"", "DNI 30123456", Status::kInvalid, "", "", "country needed"},
        {"", "A-1", Status::kInvalid, "", "", "country needed"},
        {"", "BOXW310820HNERXN08", Status::kInvalid, "", "", "wrong check digit"},
        {"", "078-05-1120", Status::kMissing, "", "", "placeholder number"},
        {"Atlantis", "39053344705", Status::kInvalid, "", "", "country needed"},
    });
}

BOOST_AUTO_TEST_CASE(made_up_numbers) {
    for (const auto& [country, input] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"CL", "11.111.111-1"},
                                                                    {"CL", "12345678-5"},
                                                                    {"CL", "12.345.678-5"},
                                                                    {"CL", "12.345.678-K"},
                                                                    {"CL", "0"},
                                                                    {"", "12.345.678-5"},
                                                                    {"", "11.111.111-1"},
                                                                    {"BR", "00000000000"},
                                                                    {"BR", "11111111111"},
                                                                    {"BR", "123.456.789-09"},
                                                                    {"US", "078-05-1120"},
                                                                    {"US", "123-45-6789"},
                                                                    {"US", "000-00-0000"},
                                                                    {"US", "999999999"},
                                                                    {"AR", "12345678"},
                                                                    {"AR", "20-12345678-6"},
                                                                    {"MX", "XAXX010101000"},
                                                                    {"ES", "12345678Z"},
                                                                    {"ES", "00000000T"},
                                                                    {"PE", "99999999"},
                                                                    {"JP", "11111111"},
                                                                    {"CL", "n/a"},
                                                                    {"CL", "-"},
                                                                    {"", ""}}) {
        const Cleaned cleaned = text::clean_national_id(input, country);
        BOOST_TEST_CONTEXT(country << " " << input << ": " << cleaned.reason) {
            BOOST_CHECK_EQUAL(status_name(cleaned.status), "missing");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong) {
    check_examples({
        // Right check digits, but: a digit three times side by side; born in 2279; no vowel in second place,
        // a vowel
        // among the consonants.
        {"DE", "91634752225", Status::kInvalid, "", "", "number not issued"},
        {"PL", "79662915177", Status::kInvalid, "", "", "number not issued"},
        {"MX", "XLUJ730406HPLXPS00", Status::kInvalid, "", "", "number not issued"},
        {"MX", "GARX310621HDGIZM01", Status::kInvalid, "", "", "number not issued"},
        {"CL", "30.686.957-K", Status::kInvalid, "", "", "wrong check digit"},
        {"CL", "30.686.597-4", Status::kInvalid, "", "", "wrong check digit", "30686957-4"},
        {"CL", "30.686.957", Status::kInvalid, "", "", "check digit missing", "30686957-4"},
        {"CL", "30686957", Status::kInvalid, "", "", "check digit missing", "30686957-4"},
        {"CL", "1234", Status::kInvalid, "", "", "wrong number of digits"},
        {"CL", "76O86428-5", Status::kInvalid, "", "", "character not allowed", "76086428-5"},
        {"CL", "7608642$-5", Status::kInvalid, "", "", "character not allowed"},
        {"CL", "12-03-1985", Status::kInvalid, "", "", "a date"},
        {"CL", "076086428-5", Status::kOk, "76086428-5", "CL RUT"},
        {"CL", "6.265.837-1", Status::kOk, "6265837-1", "CL RUT"},
        {"CL", "8.78E+12", Status::kInvalid, "", "", "digits lost in a spreadsheet"},
        {"BR", "390.533.447-06", Status::kInvalid, "", "", "wrong check digit"},
        {"BR", "191", Status::kInvalid, "", "", "wrong number of digits"},
        {"BR", "6727230000197", Status::kInvalid, "", "", "wrong check digit"},
        {"BR", "39053344705.0", Status::kCorrected, "39053344705", "BR CPF", "decimal dropped"},
        {"MX", "BOXW310820HNERXN08", Status::kInvalid, "", "", "wrong check digit"},
        {"MX", "BOXW310230HNERXN09", Status::kInvalid, "", "", "not a date"},
        {"MX", "GODE561331GR8", Status::kInvalid, "", "", "not a date"},
        {"ES", "54362315", Status::kInvalid, "", "", "check digit missing", "54362315K"},
        {"ES", "54362315Z", Status::kInvalid, "", "", "wrong check digit"},
        {"ES", "NIF: A13585625", Status::kCorrected, "A13585625", "ES CIF", "label dropped"},
        {"ES", "ESA13585625", Status::kCorrected, "A13585625", "ES CIF", "country code dropped"},
        {"CL", "RUT 30.686.957-K", Status::kInvalid, "", "", "wrong check digit"},
        {"CL", "30,686,957-4", Status::kOk, "30686957-4", "CL RUT"},
        {"PE", "20131312955,00", Status::kCorrected, "20131312955", "PE RUC", "decimal dropped"},
        {"US", "666-12-3456", Status::kInvalid, "", "", "number not issued"},
        {"US", "536-00-4399", Status::kInvalid, "", "", "number not issued"},
        {"US", "1234", Status::kInvalid, "", "", "wrong number of digits"},
        {"US", "01234568", Status::kCorrected, "001234568", "US SSN", "leading zero restored"},
        {"CO", "213.123.432-5", Status::kInvalid, "", "", "wrong check digit"},
        {"CO", "52.123.456", Status::kOk, "52123456", "CO CC"},
        {"CO", "1020304050", Status::kOk, "1020304050", "CO CC"},
        {"PT", "501964842", Status::kInvalid, "", "", "wrong check digit", "510964842"},
        {"DE", "36554266806", Status::kInvalid, "", "", "number not issued"},
        {"NL", "1112.52.333", Status::kInvalid, "", "", "wrong check digit"},
        {"GB", "QQ123456C", Status::kMissing, "", "", "placeholder number"},
        {"JP", "AB 1234567", Status::kSuspicious, "AB1234567", "", "no rules for this country"},
    });
}

BOOST_AUTO_TEST_CASE(decoded_numbers) {
    struct Decoded {
        std::string_view country, input, holder, birth_date, gender;
    };
    for (const Decoded& expected : std::vector<Decoded>{
             {"MX", "BOXW310820HNERXN09", "person", "1931-08-20", "male"},
             {"MX", "GODE561231GR8", "person", "1956-12-31", ""},
             {"IT", "RCCMNL83S18D969H", "person", "1983-11-18", "male"},
             {"IT", "CNTCHR83T41D969D", "person", "1983-12-01", "female"},
             {"PL", "44051401359", "person", "1944-05-14", "male"},
             {"PL", "02070803628", "person", "1902-07-08", "female"},
             {"BE", "85073003328", "person", "1985-07-30", "male"},
             {"BE", "17073003384", "person", "2017-07-30", "male"},
             {"FR", "295109912611193", "person", "", "female"},
             {"CL", "76086428-5", "organisation", "", ""},
             {"CL", "6.265.837-1", "person", "", ""},
             {"AR", "20267565393", "person", "", "male"},
             {"PE", "20512333797", "organisation", "", ""},
             {"ES", "J99216582", "organisation", "", ""},
             {"IN", "ACUPA7085R", "person", "", ""},
             {"CN", "360426199101010071", "person", "1991-01-01", "male"},
             {"DK", "2110625629", "person", "1862-10-21", "male"},
             {"NO", "15108695088", "person", "1986-10-15", "female"},
             {"ZA", "7503305044089", "person", "1975-03-30", "male"},
         }) {
        const auto decoded = text::decode_national_id(expected.input, expected.country);
        BOOST_TEST_CONTEXT(expected.country << " " << expected.input) {
            BOOST_REQUIRE(decoded.has_value());
            BOOST_CHECK_EQUAL(decoded->country, expected.country);
            const bool person = decoded->holder == text::IdHolder::kPerson;
            BOOST_CHECK_EQUAL(person ? "person" : "organisation", expected.holder);
            BOOST_CHECK_EQUAL(decoded->birth_date ? text::format_day(*decoded->birth_date) : "",
                              expected.birth_date);
            BOOST_CHECK_EQUAL(decoded->gender, expected.gender);
        }
    }
    BOOST_TEST(!text::decode_national_id("30.686.957-5", "CL").has_value());
    BOOST_TEST(!text::decode_national_id("AB1234567", "JP").has_value());
}
