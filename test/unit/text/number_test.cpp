// SPDX-License-Identifier: PostgreSQL
#include "text/number.hpp"

#include "support.hpp"

using namespace support;
using cdp::text::clean_number;

BOOST_AUTO_TEST_CASE(number_cases) {
    check_cases([](std::string_view raw) { return clean_number(raw); },
                {
                    {"12", Status::kOk, "12"},
                    {"-12.50", Status::kOk, "-12.50"},
                    {"+7", Status::kOk, "7"},
                    {"0", Status::kOk, "0"},
                    {"-0", Status::kOk, "0"},
                    {"0012.50", Status::kOk, "12.50"},
                    {"12,5", Status::kOk, "12.5"},
                    {"1,234.50", Status::kOk, "1234.50"},
                    {"1.234,50", Status::kOk, "1234.50"},
                    {"1.234.567", Status::kOk, "1234567"},
                    {"1,234,567.8", Status::kOk, "1234567.8"},
                    {"1,23,456.78", Status::kOk, "123456.78"},
                    {"1 234,5", Status::kOk, "1234.5"},
                    {"1\u00A0234,5", Status::kOk, "1234.5"},
                    {"1'234.50", Status::kOk, "1234.50"},
                    {"1’234.50", Status::kOk, "1234.50"},
                    {"1234.567", Status::kOk, "1234.567"},
                    {"0.123", Status::kOk, "0.123"},
                    {"0,123", Status::kOk, "0.123"},
                    {"099,234", Status::kSuspicious, "99234", "thousands or decimals", "99.234"},
                    {"1.234", Status::kSuspicious, "1.234", "thousands or decimals", "1234"},
                    {"1,234", Status::kSuspicious, "1234", "thousands or decimals", "1.234"},
                    {"(12)", Status::kOk, "-12"},
                    {"12-", Status::kOk, "-12"},
                    {"−5", Status::kOk, "-5"},
                    {"$1.234,50", Status::kCorrected, "1234.50", "currency dropped"},
                    {"€ 12", Status::kCorrected, "12", "currency dropped"},
                    {"12 €", Status::kCorrected, "12", "currency dropped"},
                    {"-$12", Status::kCorrected, "-12", "currency dropped"},
                    {"$-12", Status::kCorrected, "-12", "currency dropped"},
                    {"($12.00)", Status::kCorrected, "-12.00", "currency dropped"},
                    {"USD 12", Status::kCorrected, "12", "currency dropped"},
                    {"R$ 1.234,56", Status::kCorrected, "1234.56", "currency dropped"},
                    {"S/. 12.50", Status::kCorrected, "12.50", "currency dropped"},
                    {".5", Status::kCorrected, "0.5"},
                    {"5.", Status::kOk, "5"},
                    {"1.5e3", Status::kCorrected, "1500", "exponent written out"},
                    {"5e-3", Status::kCorrected, "0.005"},
                    {"٣٫٥", Status::kOk, "3.5"},
                    {"12%", Status::kInvalid, "", "percentage", "12"},
                    {"1.2.3", Status::kInvalid, "", "no number"},
                    {"1,2,3", Status::kInvalid, "", "no number"},
                    {"12,34.5", Status::kInvalid, "", "no number"},
                    {"1 2", Status::kInvalid, "", "no number"},
                    {"1-2", Status::kInvalid, "", "no number"},
                    {"--1", Status::kInvalid, "", "no number"},
                    {"(1", Status::kInvalid, "", "no number"},
                    {"12abc", Status::kInvalid, "", "no number"},
                    {"0x10", Status::kInvalid, "", "no number"},
                    {"Infinity", Status::kInvalid, "", "no number"},
                    {"NaN", Status::kMissing, "", "placeholder word"},
                    {"", Status::kMissing, "", "blank"},
                });
    BOOST_TEST(clean_number(std::string(100, '9')).has_value());
    BOOST_TEST(clean_number(std::string(101, '9')).reason == "too long");
    BOOST_TEST(clean_number("1e999999999").reason == "no number");
}

// What a machine writes is read back as it is.
BOOST_AUTO_TEST_CASE(plain_numbers_are_kept) {
    std::mt19937 random(11);
    for (int round = 0; round < 20000; ++round) {
        std::string text = std::to_string(random() % 1000000);
        if (random() % 2 == 0) text = "-" + text;
        if (text == "-0") continue;
        if (random() % 2 == 0) text += "." + std::to_string(10 + random() % 90);
        const Cleaned cleaned = clean_number(text);
        BOOST_REQUIRE_EQUAL(cleaned.value, text == "-0" ? "0" : text);
        BOOST_REQUIRE(cleaned.status == Status::kOk);
    }
}

BOOST_AUTO_TEST_CASE(number_promises) {
    // A value such as 9.999, certain when it comes from 9999e-3, is ambiguous when read again.
    const Cleaner clean = [](std::string_view raw) {
        Cleaned cleaned = clean_number(raw);
        if (cleaned.reason == "thousands or decimals") cleaned = {cleaned.value, Status::kOk, {}, {}};
        return cleaned;
    };
    check_random(clean, {"1", "234", "0",   "99",  ".", ",", "-", "+", "(",   ")",  "$",      "€", " ",
                         "'", "e",   "E+1", "USD", "%", "٣", "−", "’", "S/.", "漢", "\u00A0", "R"},
                 60000, 12);
}
