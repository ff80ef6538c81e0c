// SPDX-License-Identifier: PostgreSQL
#include "text/phone.hpp"

#include "base/error.hpp"
#include "support.hpp"

using namespace support;
using cdp::text::clean_phone;

namespace {
Cleaner in(std::string_view country) {
    return [country](std::string_view raw) { return clean_phone(raw, country); };
}
}  // namespace

BOOST_AUTO_TEST_CASE(phone_international) {
    check_cases(in(""),
                {
                    {"+12125550123", Status::kOk, "+12125550123"},
                    {"'+12125550123", Status::kOk, "+12125550123"},
                    {"+1 (212) 555-0123", Status::kOk, "+12125550123"},
                    {"tel:+1-650-253-0000", Status::kOk, "+16502530000"},
                    {"+56 9 8765 4321", Status::kOk, "+56987654321"},
                    {"+٥٦٩٨٧٦٥٤٣٢١", Status::kOk, "+56987654321"},
                    {"＋５６９８７６５４３２１", Status::kOk, "+56987654321"},
                    {"0056 9 8765 4321", Status::kCorrected, "+56987654321", "international prefix"},
                    {"+1 650 253 0000 ext. 12", Status::kCorrected, "+16502530000", "extension dropped"},
                    {"(212) 555-0123", Status::kInvalid, "", "no country"},
                    {"56987654321", Status::kInvalid, "", "no country", "+56987654321"},
                    {"+999 1234567", Status::kInvalid, "", "unknown country code"},
                    {"+1 555 123", Status::kInvalid, "", "too short"},
                    {"5.69123E+10", Status::kInvalid, "", "digits lost in a spreadsheet"},
                    {"abc", Status::kInvalid, "", "no digits"},
                    {"0000000000", Status::kMissing, "", "placeholder number"},
                    {"1111111111", Status::kMissing, "", "placeholder number"},
                    {"1234567890", Status::kMissing, "", "placeholder number"},
                    {"n/a", Status::kMissing, "", "placeholder word"},
                    {"", Status::kMissing, "", "blank"},
                });
}

BOOST_AUTO_TEST_CASE(phone_national) {
    check_cases(in("US"),
                {
                    {"(212) 555-0123", Status::kOk, "+12125550123"},
                    {"2125550123", Status::kOk, "+12125550123"},
                    {"1-212-555-0123", Status::kOk, "+12125550123"},
                    {"+56987654321", Status::kOk, "+56987654321"},
                    {"011 56 9 8765 4321", Status::kOk, "+56987654321"},
                    {"6502530000.0", Status::kCorrected, "+16502530000", "decimal dropped"},
                    {"1-800-FLOWERS", Status::kCorrected, "+18003569377", "letters on the keypad"},
                    {"tel:1-800-FLOWERS", Status::kCorrected, "+18003569377", "letters on the keypad"},
                    {"call 1-800-FLOWERS!", Status::kCorrected, "+18003569377", "letters on the keypad"},
                    {"650 253 0000 (work)", Status::kCorrected, "+16502530000", "text around the number"},
                    {"650 253 0000 Ana María", Status::kCorrected, "+16502530000", "text around the number"},
                    {"Ana: 650 253 0000", Status::kCorrected, "+16502530000", "text around the number"},
                    {"650 253 0000 or 650 253 0001", Status::kInvalid, "", "too long"},
                    {"650 2530 (work)", Status::kInvalid, ""},
                    {"253-0000", Status::kInvalid, "", "area code missing"},
                    {"65025300000000", Status::kInvalid, "", "too long"},
                });
    for (const char* country : {"CL", "Chile", "CHL"}) {
        BOOST_TEST(clean_phone("9 8765 4321", country).value == "+56987654321");
        BOOST_TEST(clean_phone("56987654321", country).value == "+56987654321");
    }
    BOOST_TEST(clean_phone("020 7946 0958", "UK").value == "+442079460958");
    for (const char* filler : {"(11) 99999-9999", "(11) 99999-9999 (casa)", "+5511999999999"}) {
        const Cleaned number = clean_phone(filler, "BR");
        BOOST_TEST((number.status == Status::kSuspicious && number.reason == "one digit repeated"));
        BOOST_TEST(number.value == "+5511999999999");
    }
    BOOST_TEST(clean_phone("(11) 98999-9999", "BR").value == "+5511989999999");
    // The plan would take the code for an area's.
    BOOST_TEST(clean_phone("4915112345678", "DE").value == "+4915112345678");
    BOOST_TEST(clean_phone("49 171 1234567", "DE").value == "+491711234567");
    BOOST_TEST(clean_phone("0491 5112345", "DE").value == "+494915112345");
    BOOST_TEST(clean_phone("4921 123456", "DE").value == "+494921123456");
    BOOST_TEST(clean_phone("2125550123", "Atlantis").reason == "no country");
}

BOOST_AUTO_TEST_CASE(phone_promises) {
    const std::vector<std::string> pieces{"+", "1",    "56", "9", "8765", "4321", "212", "555", "0123",
                                          " ", "-",    "(",  ")", "'",    "ext",  "x",   ".",   "/",
                                          ";", "tel:", "00", "٣", "a",    "E+",   "#",   "漢"};
    check_random(in("US"), pieces, 5000, 6);
    check_random(in(""), pieces, 5000, 7);
}

BOOST_AUTO_TEST_CASE(phone_keys) {
    using cdp::text::phone_key;
    BOOST_TEST(phone_key("+56987654321") == "987654321");
    BOOST_TEST(phone_key("9 8765-4321") == "987654321");
    BOOST_TEST(phone_key("+1 (212) 555-0123") == "125550123");
    BOOST_TEST(phone_key("5550123") == "5550123");
    BOOST_TEST(phone_key("550123") == "");
    BOOST_TEST(phone_key("ext 5550123") == "");
    BOOST_TEST(phone_key("000000000") == "");
    BOOST_TEST(phone_key("") == "");
}

BOOST_AUTO_TEST_CASE(phone_facts) {
    using cdp::text::describe_phone;
    using cdp::text::phone_type_name;
    struct Fact {
        const char* raw;
        const char* country;
        const char* type;
        const char* region;
    };
    // Example numbers of libphonenumber's own tests and plans.
    for (const Fact& fact : std::initializer_list<Fact>{
             {"+16502530000", "", "fixed_line_or_mobile", "US"},
             {"(604) 250-1234", "US", "fixed_line_or_mobile", "CA"},
             {"+1 242 365 1234", "", "fixed_line", "BS"},
             {"1-800-FLOWERS", "US", "toll_free", "US"},
             {"+44 7400 123456", "", "mobile", "GB"},
             {"+44 7781 123456", "", "mobile", "GG"},
             {"+44 70 1234 5678", "", "personal_number", "GB"},
             {"+44 55 1234 5678", "", "uan", "GB"},
             {"+44 56 1234 5678", "", "voip", "GB"},
             {"+49 900 1 654321", "", "premium_rate", "DE"},
             {"+39 06 698 12345", "", "fixed_line", "VA"},
             {"+7 701 234 5678", "", "mobile", "KZ"},
             {"+800 1234 5678", "", "toll_free", ""},
             {"+999 1234567", "", "", ""},
             {"(212) 555-0123", "", "", ""},
             {"n/a", "US", "", ""},
         }) {
        const auto facts = describe_phone(fact.raw, fact.country);
        BOOST_TEST_CONTEXT(fact.raw) {
            BOOST_TEST(phone_type_name(facts.type) == fact.type);
            BOOST_TEST(facts.region == fact.region);
        }
    }
}

BOOST_AUTO_TEST_CASE(phone_formats) {
    using cdp::text::format_phone;
    using cdp::text::PhoneStyle;
    BOOST_TEST(format_phone("+16502530000", PhoneStyle::kInternational) == "+1 650-253-0000");
    BOOST_TEST(format_phone("+16502530000", PhoneStyle::kNational) == "(650) 253-0000");
    BOOST_TEST(format_phone("001 650 253 0000", PhoneStyle::kE164) == "+16502530000");
    BOOST_TEST(format_phone("+1 650 253 0000 ext. 5", PhoneStyle::kRfc3966) == "tel:+1-650-253-0000");
    BOOST_TEST(format_phone("650 253 0000", PhoneStyle::kNational) == "");
    BOOST_CHECK_THROW(cdp::text::parse_phone_style("local"), cdp::Error);
}
