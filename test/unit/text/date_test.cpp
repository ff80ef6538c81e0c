// SPDX-License-Identifier: PostgreSQL
#include "text/date.hpp"

#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>

#include <array>
#include <ctime>

#include "base/error.hpp"
#include "support.hpp"
#include "text/prepare.hpp"

using namespace support;
using cdp::text::clean_date;
using cdp::text::clean_timestamp;
using cdp::text::DateOrder;

namespace {
Cleaner in(DateOrder order) {
    return [order](std::string_view raw) { return clean_date(raw, order); };
}
Cleaned stamp(std::string_view raw) {
    return clean_timestamp(raw, DateOrder::kDmy);
}
}  // namespace

BOOST_AUTO_TEST_CASE(date_cases) {
    check_cases(in(DateOrder::kDmy),
                {
                    {"2021-05-01", Status::kOk, "2021-05-01"},
                    {"2021/5/1", Status::kOk, "2021-05-01"},
                    {"20210501", Status::kOk, "2021-05-01"},
                    {"1/5/2021", Status::kOk, "2021-05-01"},
                    {"01.05.2021", Status::kOk, "2021-05-01"},
                    {"01-05-2021", Status::kOk, "2021-05-01"},
                    {"5/13/2021", Status::kCorrected, "2021-05-13", "day and month in the other order"},
                    {"01051990", Status::kCorrected, "1990-05-01"},
                    {"1/5/29", Status::kCorrected, "2029-05-01", "two-digit year"},
                    {"1/5/30", Status::kCorrected, "1930-05-01", "two-digit year"},
                    {"5 de mayo de 2021", Status::kOk, "2021-05-05"},
                    {"lunes 5 de abril de 2021", Status::kOk, "2021-04-05"},
                    {"Miércoles, 3 de Septiembre 2025", Status::kOk, "2025-09-03"},
                    {"May 5th, 2021", Status::kOk, "2021-05-05"},
                    {"1º de enero de 2020", Status::kOk, "2020-01-01"},
                    {"5-Ene-21", Status::kCorrected, "2021-01-05"},
                    {"2021 Sept 9", Status::kOk, "2021-09-09"},
                    {"29 Feb 2020", Status::kOk, "2020-02-29"},
                    {"2021-05-01T00:00:00Z", Status::kOk, "2021-05-01"},
                    {"2021-05-01 10:00", Status::kCorrected, "2021-05-01", "time of day dropped"},
                    {"'2021-05-01", Status::kCorrected, "2021-05-01", "quotes"},
                    {"1900-01-01", Status::kMissing, "", "default date"},
                    {"1970-01-01", Status::kMissing, "", "default date"},
                    {"0001-01-01", Status::kMissing, "", "default date"},
                    {"31/12/9999", Status::kMissing, "", "default date"},
                    {"1899-12-30", Status::kMissing, "", "default date"},
                    {"00/00/0000", Status::kMissing, "", "default date"},
                    {"0199-05-01", Status::kSuspicious, "0199-05-01", "unlikely year"},
                    {"2021-02-29", Status::kInvalid, "", "no such day"},
                    {"31/4/2021", Status::kInvalid, "", "no such day"},
                    {"2021-13-45", Status::kInvalid, "", "no such day"},
                    {"30 feb 2021", Status::kInvalid, "", "no such day"},
                    {"March 5th, 2021", Status::kOk, "2021-03-05"},
                    {"05-Mar-21", Status::kCorrected, "2021-03-05", "two-digit year"},
                    {"2021.03.05", Status::kOk, "2021-03-05"},
                    {"5/3/85", Status::kCorrected, "1985-03-05", "two-digit year"},
                    {"5. März 2021", Status::kOk, "2021-03-05"},
                    {"Mittwoch, den 3. Dez. 2025", Status::kOk, "2025-12-03"},
                    {"1er août 2021", Status::kOk, "2021-08-01"},
                    {"le 5 févr. 2021", Status::kOk, "2021-02-05"},
                    {"1º de março de 2021", Status::kOk, "2021-03-01"},
                    {"terça-feira, 2 de março de 2021", Status::kOk, "2021-03-02"},
                    {"5 gennaio 2021", Status::kOk, "2021-01-05"},
                    {"5 mei 2021", Status::kOk, "2021-05-05"},
                    {"5 jui 2021", Status::kInvalid, "", "no date"},
                    {"2021年3月5日", Status::kOk, "2021-03-05"},
                    {"2021년 3월 5일", Status::kOk, "2021-03-05"},
                    {"2021-W09-5", Status::kInvalid, "", "week date", "2021-03-05"},
                    {"2021W095", Status::kInvalid, "", "week date", "2021-03-05"},
                    {"2021-W54-1", Status::kInvalid, "", "week date"},
                    {"2021-W09", Status::kInvalid, "", "week without a day"},
                    {"2021-064", Status::kInvalid, "", "day of the year", "2021-03-05"},
                    {"2021-366", Status::kInvalid, "", "day of the year"},
                    {"2021-03", Status::kInvalid, "", "no day of the month"},
                    {"03/2021", Status::kInvalid, "", "no day of the month"},
                    {"13/2021", Status::kInvalid, "", "no date"},
                    {"44197.5", Status::kInvalid, "", "day number of a spreadsheet", "2021-01-01"},
                    {"01/01/01", Status::kMissing, "", "default date"},
                    {"1901-01-01", Status::kMissing, "", "default date"},
                    {"11/11/1111", Status::kMissing, "", "default date"},
                    {"1753-01-01", Status::kMissing, "", "default date"},
                    {"2000-01-01", Status::kOk, "2000-01-01"},
                    {"44197", Status::kInvalid, "", "day number of a spreadsheet", "2021-01-01"},
                    {"2021", Status::kInvalid, "", "no date"},
                    {"mayo 2021", Status::kInvalid, "", "no day of the month"},
                    {"1//5/2021", Status::kInvalid, "", "no date"},
                    {"-1/5/2021", Status::kInvalid, "", "no date"},
                    {"10:00", Status::kInvalid, "", "no date"},
                    {"tomorrow", Status::kInvalid, "", "no date"},
                    {"n/a", Status::kMissing, "", "placeholder word"},
                    {"", Status::kMissing, "", "blank"},
                });
    BOOST_TEST(clean_date("3/4/2021", DateOrder::kMdy).value == "2021-03-04");
    BOOST_TEST(clean_date("3/4/2021", DateOrder::kDmy).value == "2021-04-03");
    BOOST_TEST(clean_date("21/3/4", DateOrder::kYmd).value == "2021-03-04");
    BOOST_TEST(status_name(clean_date("13/4/2021", DateOrder::kMdy).status) == "corrected");
}

BOOST_AUTO_TEST_CASE(birth_dates) {
    using namespace std::chrono;
    const auto without = [](std::string_view raw) {
        return cdp::text::clean_birth_date(raw, DateOrder::kDmy);
    };
    check_cases(without, {
                             {"5/3/1985", Status::kOk, "1985-03-05"},
                             {"5/3/85", Status::kCorrected, "1985-03-05", "two-digit year"},
                             {"5/3/28", Status::kCorrected, "2028-03-05", "two-digit year"},
                             {"2050-03-05", Status::kOk, "2050-03-05"},
                             {"2101-03-05", Status::kInvalid, "", "year out of range"},
                             {"1899-03-05", Status::kSuspicious, "1899-03-05", "before 1900"},
                             {"0085-03-05", Status::kSuspicious, "0085-03-05", "before 1900"},
                             {"1/1/2000", Status::kSuspicious, "2000-01-01", "perhaps a default date"},
                             {"1/1/1901", Status::kMissing, "", "default date"},
                             {"30/2/1985", Status::kInvalid, "", "no such day"},
                             {"", Status::kMissing, "", "blank"},
                         });
    const auto in_2026 = [](std::string_view raw) {
        return cdp::text::clean_birth_date(raw, DateOrder::kDmy, year(2026) / 6 / 15);
    };
    check_cases(in_2026, {
                             {"5/3/25", Status::kCorrected, "2025-03-05", "two-digit year"},
                             {"5/3/28", Status::kCorrected, "1928-03-05", "two-digit year"},
                             {"16/6/26", Status::kCorrected, "1926-06-16", "two-digit year"},
                             {"15/6/26", Status::kCorrected, "2026-06-15", "two-digit year"},
                             {"29/2/28", Status::kCorrected, "1928-02-29", "two-digit year"},
                             {"5/3/2028", Status::kInvalid, "", "in the future"},
                             {"14/6/1906", Status::kSuspicious, "1906-06-14", "more than 120 years ago"},
                             {"15/6/1906", Status::kOk, "1906-06-15"},
                         });
    check_random(without, {"1", "5", "13", "31", "2021", "1890", "/", "/", "-", "-", "may", "2101", "00"},
                 5000, 11);
    check_random(in_2026, {"1", "5", "13", "31", "2021", "1890", "/", "/", "-", "-", "may", "2101", "28"},
                 5000, 12);
}

// The path for plain digits says what the general one says.
BOOST_AUTO_TEST_CASE(plain_days_as_the_others) {
    const std::vector<std::string> pieces{"1", "5",    "01",   "12", "13", "31",   "30",       "29",
                                          "2", "2021", "1990", "85", "00", "0000", "20210501", "01051990",
                                          "/", "/",    "-",    "-",  ".",  " "};
    std::mt19937 random(13);
    int plain = 0;
    int days = 0;
    for (int round = 0; round < 300000; ++round) {
        std::string raw;
        for (unsigned n = 1 + random() % 6; n > 0; --n) raw += pieces[random() % pieces.size()];
        const auto order = static_cast<DateOrder>(random() % 3);
        cdp::text::MomentResult quick;
        if (!cdp::text::parse_plain_day(raw, order, quick)) continue;
        ++plain;
        const cdp::text::MomentResult full = cdp::text::parse_moment(cdp::text::prepare(raw), order);
        BOOST_TEST_CONTEXT(raw) {
            BOOST_REQUIRE_EQUAL(quick.moment.has_value(), full.moment.has_value());
            BOOST_REQUIRE_EQUAL(quick.problem, full.problem);
            BOOST_REQUIRE_EQUAL(quick.suggestion, full.suggestion);
            if (!full.moment) continue;
            ++days;
            BOOST_REQUIRE(quick.moment->day == full.moment->day && full.moment->time.count() == 0);
            BOOST_REQUIRE_EQUAL(quick.moment->repair, full.moment->repair);
            BOOST_REQUIRE_EQUAL(quick.moment->two_digit_year, full.moment->two_digit_year);
        }
    }
    BOOST_TEST(plain > 10000);
    BOOST_TEST(days > 5000);
}

// Weeks and days of the year as the C library counts them.
BOOST_AUTO_TEST_CASE(week_dates_are_suggested) {
    using namespace std::chrono;
    for (sys_days day = sys_days{year(1996) / 1 / 2}; day < sys_days{year(2030) / 1 / 1}; day += days(1)) {
        const year_month_day date{day};
        std::tm parts{};
        const time_t seconds = system_clock::to_time_t(day);
        gmtime_r(&seconds, &parts);
        std::array<char, 40> week{};
        std::array<char, 40> ordinal{};
        std::strftime(week.data(), week.size(), "%G-W%V-%u", &parts);
        std::strftime(ordinal.data(), ordinal.size(), "%Y-%j", &parts);
        const std::string iso = cdp::text::format_day(date);
        BOOST_REQUIRE_EQUAL(clean_date(week.data(), DateOrder::kDmy).suggestion, iso);
        BOOST_REQUIRE_EQUAL(clean_date(ordinal.data(), DateOrder::kDmy).suggestion, iso);
    }
}

// Months as ICU spells them.
BOOST_AUTO_TEST_CASE(month_names_of_all_languages) {
    for (const char* language : {"en", "es", "pt", "fr", "de", "it", "nl"}) {
        UErrorCode error = U_ZERO_ERROR;
        const icu::DateFormatSymbols symbols(icu::Locale(language), error);
        BOOST_REQUIRE(U_SUCCESS(error));
        for (const auto width : {icu::DateFormatSymbols::WIDE, icu::DateFormatSymbols::ABBREVIATED}) {
            for (const auto context : {icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::STANDALONE}) {
                int32_t count = 0;
                const icu::UnicodeString* months = symbols.getMonths(count, context, width);
                BOOST_REQUIRE_EQUAL(count, 12);
                for (int32_t i = 0; i < count; ++i) {
                    std::string name;
                    months[i].toUTF8String(name);
                    const std::string raw = "5 " + name + " 2021";
                    BOOST_TEST(clean_date(raw, DateOrder::kDmy).value ==
                                   "2021-" + cdp::text::pad(static_cast<unsigned>(i + 1), 2) + "-05",
                               language << ": " << raw);
                }
            }
        }
        int32_t count = 0;
        const icu::UnicodeString* names =
            symbols.getWeekdays(count, icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::WIDE);
        for (int32_t i = 1; i < count; ++i) {
            std::string name;
            names[i].toUTF8String(name);
            BOOST_TEST(clean_date(name + ", 5.4.2021", DateOrder::kDmy).value == "", name);
            BOOST_TEST(clean_date(name + ", 5 April 2021", DateOrder::kDmy).value == "2021-04-05", name);
        }
    }
}

BOOST_AUTO_TEST_CASE(date_order_names) {
    BOOST_CHECK(cdp::text::parse_date_order("MDY") == DateOrder::kMdy);
    BOOST_CHECK_THROW(cdp::text::parse_date_order("myd"), cdp::Error);
    BOOST_CHECK_THROW(cdp::text::parse_date_order(""), cdp::Error);
}

// Every day of two centuries in many spellings.
BOOST_AUTO_TEST_CASE(every_day_is_read) {
    using namespace std::chrono;
    for (sys_days day = sys_days{year(1900) / 1 / 2}; day < sys_days{year(2100) / 1 / 1}; day += days(3)) {
        const year_month_day date{day};
        const std::string iso = cdp::text::format_day(date);
        if (iso == "1970-01-01") continue;
        const std::string y = iso.substr(0, 4), m = iso.substr(5, 2), d = iso.substr(8, 2);
        for (const std::string& text : {iso, y + m + d, d + "/" + m + "/" + y, d + "." + m + "." + y}) {
            BOOST_REQUIRE_EQUAL(clean_date(text, DateOrder::kDmy).value, iso);
        }
        BOOST_REQUIRE_EQUAL(clean_date(m + "/" + d + "/" + y, DateOrder::kMdy).value, iso);
        BOOST_REQUIRE_EQUAL(stamp(iso + " 12:00:00+00").value, iso + "T12:00:00Z");
    }
}

BOOST_AUTO_TEST_CASE(timestamp_cases) {
    check_cases(stamp, {
                           {"2021-05-01 10:00:00 -0400", Status::kOk, "2021-05-01T14:00:00Z"},
                           {"2021-05-01T10:00:00Z", Status::kOk, "2021-05-01T10:00:00Z"},
                           {"2021-05-01T10:00:00.120+05:30", Status::kOk, "2021-05-01T04:30:00.12Z"},
                           {"2021-05-01T10:00:00.123456789Z", Status::kOk, "2021-05-01T10:00:00.123456Z"},
                           {"2021-01-01 00:30:00+01", Status::kOk, "2020-12-31T23:30:00Z"},
                           {"2021-05-01 10:00", Status::kOk, "2021-05-01T10:00:00"},
                           {"2021-05-01", Status::kOk, "2021-05-01T00:00:00"},
                           {"20210501T100000Z", Status::kOk, "2021-05-01T10:00:00Z"},
                           {"20210501100000", Status::kOk, "2021-05-01T10:00:00"},
                           {"1/5/2021 12:04 AM", Status::kOk, "2021-05-01T00:04:00"},
                           {"1/5/2021 3:04 p.m.", Status::kOk, "2021-05-01T15:04:00"},
                           {"Mon, 05 Apr 2021 10:00:00 GMT", Status::kOk, "2021-04-05T10:00:00Z"},
                           {"1619877600", Status::kOk, "2021-05-01T14:00:00Z"},
                           {"1619877600.5", Status::kOk, "2021-05-01T14:00:00.5Z"},
                           {"1619877600123", Status::kOk, "2021-05-01T14:00:00.123Z"},
                           {"1970-01-01 00:00:00", Status::kMissing, "", "default date"},
                           {"2021-05-01 25:00", Status::kInvalid, "", "no time of day"},
                           {"2021-05-01 10:61", Status::kInvalid, "", "no time of day"},
                           {"2021-05-01 13:00 PM", Status::kInvalid, "", "no time of day"},
                           {"2021-05-01 10:00 +99", Status::kInvalid, "", "no time of day"},
                           {"2021-05-01 10:00 CEST", Status::kInvalid, "", "no time of day"},
                           {"0001-01-01 00:00:01+02", Status::kInvalid, "", "out of range"},
                           {"", Status::kMissing, "", "blank"},
                       });
}

BOOST_AUTO_TEST_CASE(date_promises) {
    const std::vector<std::string> pieces{"1",   "5",   "13", "31",  "2021", "1990", "/", "/",        "-",
                                          "-",   ".",   " ",  "may", "de",   "T",    ":", "10",       "Z",
                                          "+02", "ene", "st", "'",   "٣",    "pm",   ",", "20210501", "漢"};
    check_random(in(DateOrder::kDmy), pieces, 30000, 8);
    check_random(in(DateOrder::kMdy), pieces, 10000, 9);
    check_random(stamp, pieces, 30000, 10);
}
