// SPDX-License-Identifier: PostgreSQL
// IBANs: examples of the SWIFT registry. Cards: the networks' published test numbers.
#include "text/bank_code.hpp"

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

namespace {

std::string mask(std::string value) {
    cdp::Tick tick;
    value.resize(text::mask_payment_cards(value, tick));
    return value;
}

}  // namespace

BOOST_AUTO_TEST_CASE(iban_cases) {
    for (const std::string_view iban : {"AD1200012030200359100100",
                                        "AE070331234567890123456",
                                        "AT611904300234573201",
                                        "AZ21NABZ00000000137010001944",
                                        "BA391290079401028494",
                                        "BE68539007547034",
                                        "BG80BNBG96611020345678",
                                        "BH67BMAG00001299123456",
                                        "BR1800360305000010009795493C1",
                                        "CH9300762011623852957",
                                        "CR05015202001026284066",
                                        "CY17002001280000001200527600",
                                        "CZ6508000000192000145399",
                                        "DE89370400440532013000",
                                        "DK5000400440116243",
                                        "DO28BAGR00000001212453611324",
                                        "EE382200221020145685",
                                        "EG380019000500000000263180002",
                                        "ES9121000418450200051332",
                                        "FI2112345600000785",
                                        "FO6264600001631634",
                                        "FR1420041010050500013M02606",
                                        "GB29NWBK60161331926819",
                                        "GE29NB0000000101904917",
                                        "GI75NWBK000000007099453",
                                        "GL8964710001000206",
                                        "GR1601101250000000012300695",
                                        "GT82TRAJ01020000001210029690",
                                        "HR1210010051863000160",
                                        "HU42117730161111101800000000",
                                        "IE29AIBK93115212345678",
                                        "IL620108000000099999999",
                                        "IS140159260076545510730339",
                                        "IT60X0542811101000000123456",
                                        "JO94CBJO0010000000000131000302",
                                        "KW81CBKU0000000000001234560101",
                                        "KZ86125KZT5004100100",
                                        "LB62099900000001001901229114",
                                        "LI21088100002324013AA",
                                        "LT121000011101001000",
                                        "LU280019400644750000",
                                        "LV80BANK0000435195001",
                                        "MC5811222000010123456789030",
                                        "MD24AG000225100013104168",
                                        "ME25505000012345678951",
                                        "MK07250120000058984",
                                        "MR1300020001010000123456753",
                                        "MT84MALT011000012345MTLCAST001S",
                                        "MU17BOMM0101101030300200000MUR",
                                        "NL91ABNA0417164300",
                                        "NO9386011117947",
                                        "PK36SCBL0000001123456702",
                                        "PL61109010140000071219812874",
                                        "PT50000201231234567890154",
                                        "QA58DOHB00001234567890ABCDEFG",
                                        "RO49AAAA1B31007593840000",
                                        "RS35260005601001611379",
                                        "SA0380000000608010167519",
                                        "SE4550000000058398257466",
                                        "SI56263300012039086",
                                        "SK3112000000198742637541",
                                        "SM86U0322509800000000270100",
                                        "TN5910006035183598478831",
                                        "TR330006100519786457841326",
                                        "UA213223130000026007233566001",
                                        "VA59001123000012345678",
                                        "VG96VPVG0000012345678901",
                                        "XK051212012345678906"}) {
        const Cleaned cleaned = text::clean_iban(iban);
        BOOST_TEST_CONTEXT(iban << ": " << cleaned.reason) {
            BOOST_CHECK_EQUAL(cleaned.value, iban);
            BOOST_CHECK_EQUAL(status_name(cleaned.status), "ok");
        }
    }
    check_cases(text::clean_iban,
                {
                    {"IBAN: gb29 nwbk 6016 1331 9268 19", Status::kOk, "GB29NWBK60161331926819"},
                    {"GB29 NWBK 6016 1331 9268 18", Status::kInvalid, "", "wrong check digits"},
                    {"GB29 NWBK 6016 1331 9286 19", Status::kInvalid, "", "wrong check digits",
                     "GB29NWBK60161331926819"},
                    {"GB29NWBK6O161331926819", Status::kInvalid, "", "character not allowed",
                     "GB29NWBK60161331926819"},
                    {"GB29NWBK6016133192681", Status::kInvalid, "", "wrong length"},
                    {"ZZ29NWBK60161331926819", Status::kInvalid, "", "unknown country"},
                    {"ES00", Status::kInvalid, "", "wrong length"},
                    {"21000418450200051332", Status::kInvalid, "", "no country in front"},
                    {"ES00 0000 0000 0000 0000 0000", Status::kMissing, "", "placeholder number"},
                    {"n/a", Status::kMissing},
                    {"", Status::kMissing, "", "blank"},
                });
    check_random(
        text::clean_iban,
        {"GB29NWBK60161331926819", "DE89370400440532013000", "ES", "1", "O", " ", "-", "IBAN", "é", "*"},
        5000, 41);
}

BOOST_AUTO_TEST_CASE(payment_card_cases) {
    check_cases(text::clean_payment_card,
                {
                    {"4111 1111 1111 1111", Status::kOk, "************1111"},
                    {"5555-5555-5555-4444", Status::kOk, "************4444"},
                    {"378282246310005", Status::kOk, "***********0005"},
                    {"30569309025904", Status::kOk, "**********5904"},
                    {"6011111111111117", Status::kOk, "************1117"},
                    {"3530111333300000", Status::kOk, "************0000"},
                    {"4222222222222", Status::kOk, "*********2222"},
                    {"************1111", Status::kOk, "************1111"},
                    {"XXXX-XXXX-XXXX-1111", Status::kOk, "************1111"},
                    {"•••• 1111", Status::kOk, "************1111"},
                    {"411111******1111", Status::kOk, "************1111"},
                    {"1111********", Status::kInvalid, "", "last digits hidden"},
                    {"4111 1111 1111 1112", Status::kInvalid, "", "wrong check digit"},
                    {"4111 1111 1111", Status::kInvalid, "", "wrong number of digits"},
                    {"9111 1111 1111 1111 04", Status::kInvalid, "", "wrong check digit"},
                    {"9000000000000001", Status::kSuspicious, "************0001", "no known card network"},
                    {"4.11111E+15", Status::kInvalid, "", "digits lost in a spreadsheet"},
                    {"0000 0000 0000 0000", Status::kMissing, "", "placeholder number"},
                    {"card", Status::kInvalid, "", "character not allowed"},
                    {"", Status::kMissing, "", "blank"},
                });
    const std::vector<std::string> alphabet{"4111", "1111", "5555", "4444", "*", "X",
                                            "•",    " ",    "-",    "0",    "é"};
    check_random(text::clean_payment_card, alphabet, 10000, 42);
    // Whatever comes in, nothing but the last four comes out.
    std::mt19937 random(43);
    for (int round = 0; round < 20000; ++round) {
        const Cleaned cleaned = text::clean_payment_card(random_input(random, alphabet));
        BOOST_REQUIRE(cleaned.suggestion.empty());
        BOOST_REQUIRE(cleaned.value.empty() ||
                      cleaned.value.find_first_not_of('*') == cleaned.value.size() - 4);
    }
}

BOOST_AUTO_TEST_CASE(masked_texts) {
    BOOST_TEST(mask("pay 4111 1111 1111 1111 now") == "pay ************1111 now");
    BOOST_TEST(mask("4111111111111111") == "************1111");
    BOOST_TEST(mask("a=5555-5555-5555-4444;b=378282246310005.") == "a=************4444;b=***********0005.");
    BOOST_TEST(mask("order 12 4111 1111 1111 1111") == "order 12 ************1111");
    BOOST_TEST(mask("4111111111111111 5555555555554444") == "************1111 ************4444");
    BOOST_TEST(mask("4111 1111 1111 1-1-1-1") == "************1111");
    // Not in the range of a network, not right, too short, too long, doubled separators, a fraction.
    for (const std::string& same :
         {std::string("1619877600128"), std::string("4111 1111 1111 1112"), std::string("4111 1111 1111"),
          std::string("41111111111111111111111"), std::string("4111  1111  1111  1111"),
          std::string("0.4111111111111111"), std::string(), std::string("ñ\xFF no digits"),
          std::string("+56 9 8765 4321")}) {
        BOOST_TEST(mask(same) == same);
    }
    // A text without card numbers is unchanged; with one it is gone, whatever is around it.
    std::mt19937 random(44);
    for (int round = 0; round < 20000; ++round) {
        const std::string front = random_input(random, {"a", " ", "-", "12", "7", ".", "ñ"});
        const std::string back = random_input(random, {"b", " ", "-", "34", "8", ".", "ñ"});
        BOOST_REQUIRE_EQUAL(mask(front), front);
        const std::string text = front + "x4111 1111 1111 1111y" + back;
        BOOST_REQUIRE_EQUAL(mask(text), front + "x************1111y" + back);
        std::string bytes(random() % 60, '\0');
        for (char& byte : bytes) byte = "0123456789 -4"[random() % 13];
        BOOST_REQUIRE_LE(mask(bytes).size(), bytes.size());
    }
    // Linear: a megabyte of single digits.
    std::string long_run;
    while (long_run.size() < 1000000) long_run += "4 ";
    BOOST_TEST(mask(long_run).size() <= long_run.size());
}
