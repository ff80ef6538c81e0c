// SPDX-License-Identifier: PostgreSQL
#include "text/money.hpp"

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

BOOST_AUTO_TEST_CASE(money_cases) {
    struct Amount {
        std::string_view input, country, currency;
        Status status;
        std::string_view value, code, reason, suggestion;
    };
    const std::vector<Amount> cases{
        {"$1.234,50", "", "", Status::kOk, "1234.50", "", "", ""},
        {"$1.234,50", "AR", "", Status::kOk, "1234.50", "ARS", "", ""},
        {"USD 1,234.50", "", "", Status::kOk, "1234.50", "USD", "", ""},
        {"1 234,50 €", "", "", Status::kOk, "1234.50", "EUR", "", ""},
        {"R$ 10", "", "", Status::kOk, "10", "BRL", "", ""},
        {"R$10,50", "", "", Status::kOk, "10.50", "BRL", "", ""},
        {"(12.00)", "US", "", Status::kOk, "-12.00", "USD", "", ""},
        {"12.-", "CH", "", Status::kOk, "12", "CHF", "", ""},
        {"12,-- €", "", "", Status::kOk, "12", "EUR", "", ""},
        {"1.234", "", "CLP", Status::kOk, "1234", "CLP", "", ""},
        {"1.234", "CL", "", Status::kOk, "1234", "CLP", "", ""},
        {"CLP$12.990", "", "", Status::kOk, "12990", "CLP", "", ""},
        {"$12.990", "CL", "", Status::kOk, "12990", "CLP", "", ""},
        {"$ 12.990 CLP", "", "", Status::kOk, "12990", "CLP", "", ""},
        {"$ 5 USD", "CL", "", Status::kOk, "5", "USD", "", ""},
        {"US$ 1,234", "", "", Status::kOk, "1234", "USD", "", ""},
        {"US$ 1.234", "", "", Status::kSuspicious, "1.234", "USD", "thousands or decimals", "1234"},
        {"US$ 1.234", "CL", "", Status::kOk, "1234", "USD", "", ""},
        {"1.234 €", "DE", "", Status::kOk, "1234", "EUR", "", ""},
        {"1.234 €", "", "", Status::kSuspicious, "1.234", "EUR", "thousands or decimals", "1234"},
        {"KWD 1.234", "", "", Status::kSuspicious, "1.234", "KWD", "thousands or decimals", "1234"},
        {"CLP 12,50", "", "", Status::kSuspicious, "12.50", "CLP", "more decimals than the currency has", ""},
        {"XAU 12.3456", "", "", Status::kOk, "12.3456", "XAU", "", ""},
        {"CLP 12.00", "", "", Status::kOk, "12.00", "CLP", "", ""},
        {"USD 12.3456", "", "", Status::kSuspicious, "12.3456", "USD", "more decimals than the currency has",
         ""},
        {"12k", "US", "", Status::kSuspicious, "12000", "USD", "abbreviated amount", ""},
        {"1,5 mil pesos", "CL", "", Status::kSuspicious, "1500", "CLP", "abbreviated amount", ""},
        {"$2 millones de pesos", "MX", "", Status::kSuspicious, "2000000", "MXN", "abbreviated amount", ""},
        {"€ 5 USD", "", "", Status::kSuspicious, "5", "USD", "two currencies", ""},
        {"-$5", "US", "", Status::kOk, "-5", "USD", "", ""},
        {"$-5", "US", "", Status::kOk, "-5", "USD", "", ""},
        {"5 €-", "", "", Status::kOk, "-5", "EUR", "", ""},
        {"−5 €", "", "", Status::kOk, "-5", "EUR", "", ""},
        {"S/.10", "", "", Status::kOk, "10", "PEN", "", ""},
        {"Bs. 10,50", "BO", "", Status::kOk, "10.50", "BOB", "", ""},
        {"$.50", "US", "", Status::kCorrected, "0.50", "USD", "zero restored", ""},
        {"5 pesos chilenos", "", "", Status::kOk, "5", "CLP", "", ""},
        {"₡ 1.500", "", "", Status::kOk, "1500", "CRC", "", ""},
        {"1'234.50 CHF", "", "", Status::kOk, "1234.50", "CHF", "", ""},
        {"kr 100", "SE", "", Status::kOk, "100", "SEK", "", ""},
        {"kr 100", "", "", Status::kOk, "100", "", "", ""},
        {"100", "", "", Status::kOk, "100", "", "", ""},
        {"'100'", "", "", Status::kCorrected, "100", "", "quotes", ""},
        {"1E+06", "", "", Status::kCorrected, "1000000", "", "exponent written out", ""},
        {"12%", "", "", Status::kInvalid, "", "", "percentage", ""},
        {"12 apples", "", "", Status::kInvalid, "", "", "no number", ""},
        {"((12)", "", "", Status::kInvalid, "", "", "no number", ""},
        {"--12", "", "", Status::kInvalid, "", "", "no number", ""},
        {"free", "", "", Status::kInvalid, "", "", "no number", ""},
        {"n/a", "", "", Status::kMissing, "", "", "placeholder word", ""},
        {"", "", "", Status::kMissing, "", "", "blank", ""},
    };
    for (const Amount& expected : cases) {
        const text::Money money = text::clean_money(expected.input, expected.country, expected.currency);
        BOOST_TEST_CONTEXT(expected.input << " " << expected.country << " " << expected.currency) {
            BOOST_CHECK_EQUAL(status_name(money.amount.status), status_name(expected.status));
            BOOST_CHECK_EQUAL(money.amount.value, expected.value);
            BOOST_CHECK_EQUAL(money.currency, expected.code);
            BOOST_CHECK_EQUAL(money.amount.reason, expected.reason);
            BOOST_CHECK_EQUAL(money.amount.suggestion, expected.suggestion);
        }
    }
}

// Written by the rules of a country, every amount is read back; the reference is the printer.
BOOST_AUTO_TEST_CASE(money_written_and_read) {
    struct Style {
        std::string_view country, group, decimal, before, behind;
        size_t decimals;
    };
    const std::vector<Style> styles{{"US", ",", ".", "$", "", 2},    {"CL", ".", ",", "$", "", 0},
                                    {"DE", ".", ",", "", " €", 2},   {"FR", " ", ",", "", " €", 2},
                                    {"CH", "'", ".", "CHF ", "", 2}, {"BR", ".", ",", "R$ ", "", 2},
                                    {"JP", ",", ".", "¥", "", 0},    {"MX", ",", ".", "$", " MXN", 2}};
    std::mt19937 random(51);
    for (int round = 0; round < 20000; ++round) {
        const Style& style = styles[random() % styles.size()];
        const unsigned long long whole = random() >> (random() % 32);
        const unsigned cents = random() % 100;
        std::string digits = std::to_string(whole);
        std::string canonical = digits;
        for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, style.group);
        if (style.decimals == 2) {
            const std::string two{static_cast<char>('0' + cents / 10), static_cast<char>('0' + cents % 10)};
            digits += std::string(style.decimal) + two;
            canonical += "." + two;
        }
        const bool negative = random() % 4 == 0 && (whole > 0 || (style.decimals > 0 && cents > 0));
        const std::string written =
            (negative ? "-" : "") + std::string(style.before) + digits + std::string(style.behind);
        const text::Money money = text::clean_money(written, style.country, "");
        BOOST_REQUIRE_MESSAGE(
            money.amount.status == Status::kOk && money.amount.value == (negative ? "-" : "") + canonical &&
                !money.currency.empty(),
            written << " in " << style.country << " is " << money.amount.value << " " << money.amount.reason);
    }
}

BOOST_AUTO_TEST_CASE(random_money) {
    for (const std::string country : {"", "CL", "US", "DE", "KW", "TN"}) {
        // Read again, an amount has the currency that it was found to have.
        std::string currency;
        const Cleaner clean = [&](std::string_view raw) {
            const text::Money money = text::clean_money(raw, country, currency);
            currency = currency.empty() ? money.currency : "";
            return money.amount;
        };
        check_random(clean,
                     {"1", "234", ".", ",", "$", "€", " ", "-", "(", ")", "USD", "k", "mil ", "'", "00", "R$",
                      "%", "E+"},
                     8000, 52);
    }
}
