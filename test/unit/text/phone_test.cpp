// SPDX-License-Identifier: PostgreSQL
#include "text/phone.hpp"

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
    check_cases(in("US"), {
                              {"(212) 555-0123", Status::kOk, "+12125550123"},
                              {"2125550123", Status::kOk, "+12125550123"},
                              {"1-212-555-0123", Status::kOk, "+12125550123"},
                              {"+56987654321", Status::kOk, "+56987654321"},
                              {"011 56 9 8765 4321", Status::kOk, "+56987654321"},
                              {"6502530000.0", Status::kCorrected, "+16502530000", "decimal dropped"},
                              {"1-800-FLOWERS", Status::kCorrected, "+18003569377"},
                              {"253-0000", Status::kInvalid, "", "area code missing"},
                              {"65025300000000", Status::kInvalid, "", "too long"},
                          });
    for (const char* country : {"CL", "Chile", "CHL"}) {
        BOOST_TEST(clean_phone("9 8765 4321", country).value == "+56987654321");
        BOOST_TEST(clean_phone("56987654321", country).value == "+56987654321");
    }
    BOOST_TEST(clean_phone("020 7946 0958", "UK").value == "+442079460958");
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
