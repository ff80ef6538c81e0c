// SPDX-License-Identifier: PostgreSQL
// Numbers, times and identifiers of events, against the cleaners and against numbers written by hand.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>
#include <string>

#include "ingest/instant.hpp"
#include "ingest/message.hpp"
#include "ingest/packed_number.hpp"
#include "text/code.hpp"
#include "text/date.hpp"

using namespace cdp::ingest;

namespace {

std::string packed(std::string_view text) {
    char bytes[kMaxPackedNumber];
    return std::string(bytes, pack_number(text, bytes));
}
std::string there_and_back(std::string_view text) {
    const std::string bytes = packed(text);
    return bytes.empty() ? "none" : number_text(bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_values)

BOOST_AUTO_TEST_CASE(numbers) {
    // What PostgreSQL prints for these.
    BOOST_TEST(there_and_back("0") == "0");
    BOOST_TEST(there_and_back("-0.00") == "0.00");
    BOOST_TEST(there_and_back("12.50") == "12.50");
    BOOST_TEST(there_and_back("1e5") == "100000");
    BOOST_TEST(there_and_back("1.5E-7") == "0.00000015");
    BOOST_TEST(there_and_back("-123456789012345678901234567890.123400") ==
               "-123456789012345678901234567890.123400");
    BOOST_TEST(there_and_back("0.00010000") == "0.00010000");
    BOOST_TEST(there_and_back("10000") == "10000");
    for (const char* bad :
         {"", "-", "01", "1.", ".5", "1e", "+1", "1 ", "0x1", "NaN", "1e1000", "1e-2000", "--1"})
        BOOST_TEST(there_and_back(bad) == "none");
    BOOST_TEST(there_and_back("1e999") == "1" + std::string(999, '0'));
    BOOST_TEST(there_and_back("1e99999999999999999999") == "none");
    // A header by hand: 12.50 is short (0x8000), two decimals (2 << 7), weight 0, digits 12 and 5000.
    BOOST_TEST(packed("12.50") == std::string("\x00\x81\x0c\x00\x88\x13", 6));
}

BOOST_AUTO_TEST_CASE(random_numbers) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200000; ++round) {
        std::string text = random() % 2 == 0 ? "-" : "";
        const int whole = static_cast<int>(random() % 25);
        for (int i = 0; i < whole; ++i)
            text += static_cast<char>(i == 0              ? '1' + random() % 9
                                      : random() % 3 == 0 ? '0'
                                                          : '0' + random() % 10);
        if (whole == 0) text += '0';
        const int decimals = static_cast<int>(random() % 12);
        if (decimals > 0) text += '.';
        bool zero = whole == 0;
        for (int i = 0; i < decimals; ++i) {
            text += static_cast<char>(random() % 2 == 0 ? '0' : '0' + random() % 10);
            zero = zero && text.back() == '0';
        }
        BOOST_TEST_REQUIRE(there_and_back(text) == (zero && text[0] == '-' ? text.substr(1) : text));
        // As units of 10^-4, by long division on the text.
        const size_t point = text.find('.');
        std::string units = text.substr(0, point);
        std::string rest = point == std::string::npos ? "" : text.substr(point + 1);
        rest.resize(std::max<size_t>(rest.size(), 5), '0');
        const bool fits = units.size() - (units[0] == '-') <= 14;
        const auto amount = unpack_amount(packed(text));
        if (!fits) {
            BOOST_TEST_REQUIRE(!amount.has_value());
            continue;
        }
        const bool negative = units[0] == '-';
        int64_t expected =
            std::stoll((negative ? units.substr(1) : units) + rest.substr(0, 4)) + (rest[4] >= '5');
        if (expected >= 1000000000000000000) {
            BOOST_TEST_REQUIRE(!amount.has_value());
            continue;
        }
        BOOST_TEST_REQUIRE(amount.has_value());
        BOOST_TEST_REQUIRE(*amount == (negative ? -expected : expected));
        char bytes[32];
        const size_t size = pack_decimal(*amount, 4, bytes);
        BOOST_TEST_REQUIRE(unpack_amount({bytes, size}).value() == *amount);
        const std::string shown = number_text({bytes, size});
        BOOST_TEST_REQUIRE(shown.size() - shown.find('.') == 5u);
        BOOST_TEST_REQUIRE(std::string(bytes, size) == packed(shown));
    }
    for (const int64_t edge :
         {INT64_MIN, INT64_MAX, int64_t{0}, int64_t{-1}, int64_t{10000}, int64_t{99999}}) {
        for (int scale = 0; scale <= 16; ++scale) {
            char bytes[64];
            const std::string shown = number_text({bytes, pack_decimal(edge, scale, bytes)});
            std::string digits;
            for (const char c : shown) {
                if (c != '.') digits += c;
            }
            BOOST_TEST_REQUIRE(std::stoll(digits) == edge);
        }
    }
}

// Whatever is read at once is what the cleaner reads.
BOOST_AUTO_TEST_CASE(instants) {
    std::mt19937_64 random(11);
    int read = 0;
    for (int round = 0; round < 200000; ++round) {
        const auto number = [&](int from, int to, int width) {
            std::string text =
                std::to_string(from + static_cast<int>(random() % static_cast<unsigned>(to - from + 1)));
            return std::string(static_cast<size_t>(std::max(0, width - static_cast<int>(text.size()))), '0') +
                   text;
        };
        std::string text = number(1969, 2101, 4) + "-" + number(0, 13, 2) + "-" + number(0, 32, 2) +
                           (random() % 2 ? "T" : " ") + number(0, 24, 2) + ":" + number(0, 60, 2) + ":" +
                           number(0, 60, 2);
        if (random() % 2 == 0) text += "." + number(0, 999999, 1 + static_cast<int>(random() % 7));
        switch (random() % 6) {
            case 0:
                text += "Z";
                break;
            case 1:
                text += "+" + number(0, 15, 2);
                break;
            case 2:
                text += "-" + number(0, 15, 2) + ":" + number(0, 60, 2);
                break;
            case 3:
                text += "+" + number(0, 15, 2) + number(0, 60, 2);
                break;
            case 4:
                text += " ";
                break;
            default:
                break;
        }
        if (random() % 50 == 0) text[random() % text.size()] = static_cast<char>(' ' + random() % 95);
        int64_t micros = 0;
        if (!parse_plain_instant(text, true, micros)) continue;
        ++read;
        const cdp::text::Cleaned cleaned = cdp::text::clean_timestamp(text, cdp::text::DateOrder::kDmy);
        BOOST_TEST_REQUIRE(cleaned.has_value(), text);
        const std::string& v = cleaned.value;
        using namespace std::chrono;
        const auto part = [&](size_t at, size_t size) { return std::stoi(v.substr(at, size)); };
        int64_t expected =
            (sys_days(year(part(0, 4)) / part(5, 2) / part(8, 2)) - sys_days(year(2000) / 1 / 1)).count() *
                int64_t{86400000000} +
            (part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2)) * int64_t{1000000};
        if (v.size() > 20 && v[19] == '.') {
            std::string fraction = v.substr(20, v.find_first_not_of("0123456789", 20) - 20);
            fraction.resize(6, '0');
            expected += std::stoll(fraction);
        }
        BOOST_TEST_REQUIRE(micros == expected, text + " is " + v);
    }
    BOOST_TEST(read > 50000);
}

// What is taken as it is the cleaner leaves as it is.
BOOST_AUTO_TEST_CASE(plain_identifiers) {
    std::mt19937_64 random(13);
    constexpr std::string_view kLetters = "0123456789eEnaNulx-_.+' ABCf";
    int plain = 0;
    for (int round = 0; round < 500000; ++round) {
        std::string text;
        const size_t size = random() % 14;
        const size_t letters = random() % 3 == 0 ? 10 : random() % 2 == 0 ? 4 : kLetters.size();
        for (size_t i = 0; i < size; ++i) text += kLetters[random() % letters];
        if (!is_plain_identifier(text)) continue;
        ++plain;
        const cdp::text::Cleaned cleaned = cdp::text::clean_identifier(text);
        BOOST_TEST_REQUIRE(cleaned.has_value(), text);
        BOOST_TEST_REQUIRE(cleaned.value == text);
    }
    BOOST_TEST(plain > 10000);
}

BOOST_AUTO_TEST_SUITE_END()
