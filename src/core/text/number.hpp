// SPDX-License-Identifier: PostgreSQL
// Numbers and amounts of money as people and spreadsheets write them.
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// A decimal number as "-1234.50": no leading zeros, the decimals as given. Currency signs and codes are
// dropped (corrected); "(12)" and "12-" are negative; spaces and apostrophes group digits.
// - When both '.' and ',' occur, the last one is the decimal sign; one that occurs more than once groups.
// - One that occurs once is the decimal sign, but a comma before exactly three digits groups: "1,234" is
// 1234,
//   "1.234" is 1.234. Both are suspicious, with the other reading as the suggestion, unless only zeros or
//   more than three digits stand in front, which settles it.
// - Percentages are refused: 12% may be meant as 12 or as 0.12. Over 100 digits is too long.
Cleaned clean_number(std::string_view raw);

// The same for a value of a column whose decimals are known to be separated by `decimal_mark`, '.' or ',';
// the other sign groups thousands where it stands as one. A value that cannot be meant that way, and every
// value for another mark, is read by itself.
Cleaned clean_number(std::string_view raw, char decimal_mark);

}  // namespace cdp::text
