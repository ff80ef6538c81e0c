// SPDX-License-Identifier: PostgreSQL
#include "text/date.hpp"

#include "base/error.hpp"
#include "support.hpp"

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
