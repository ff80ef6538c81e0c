// SPDX-License-Identifier: PostgreSQL
// Examples of GS1, of Wikipedia ("International Article Number", "Universal Product Code", "ISBN").
#include "text/product_code.hpp"

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

BOOST_AUTO_TEST_CASE(product_code_cases) {
    check_cases(text::clean_product_code,
                {
                    {"4006381333931", Status::kOk, "4006381333931"},
                    {"73513537", Status::kOk, "0000073513537"},
                    {"036000291452", Status::kOk, "0036000291452"},
                    {"36000291452", Status::kCorrected, "0036000291452", "leading zero restored"},
                    {"0 36000 29145 2", Status::kOk, "0036000291452"},
                    {"978-3-16-148410-0", Status::kOk, "9783161484100"},
                    {"ISBN 0-306-40615-2", Status::kOk, "9780306406157"},
                    {"080442957X", Status::kOk, "9780804429573"},
                    {"04006381333931", Status::kOk, "4006381333931"},
                    {"14006381333938", Status::kInvalid, "", "code of a case", "4006381333931"},
                    {"4006381333932", Status::kInvalid, "", "wrong check digit"},
                    {"400638133393", Status::kInvalid, "", "wrong check digit"},
                    {"123", Status::kInvalid, "", "wrong number of digits"},
                    {"40063813339X1", Status::kInvalid, "", "character not allowed"},
                    {"4.00638E+12", Status::kInvalid, "", "digits lost in a spreadsheet"},
                    {"4006381333931.0", Status::kCorrected, "4006381333931", "decimal dropped"},
                    {"2012345678903", Status::kSuspicious, "2012345678903", "in-store number"},
                    {"123456789012", Status::kMissing, "", "placeholder number"},
                    {"0000000000000", Status::kMissing, "", "placeholder number"},
                    {"", Status::kMissing, "", "blank"},
                });
    check_random(text::clean_product_code,
                 {"4006381333931", "73513537", "036000291452", "0", "9", "X", "-", " ", ".0", "ISBN", "é"},
                 10000, 45);
}
