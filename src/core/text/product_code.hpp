// SPDX-License-Identifier: PostgreSQL
// Codes of articles of trade. Cost: some 100 ns. Source: GS1 General Specifications (GTIN), ISO 2108 (ISBN).
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// The 13 digits of the EAN (GTIN-13), from EAN-13, EAN-8, UPC-A (12), ISBN-13 and ISBN-10. Zeros lost in
// front of a UPC are restored (corrected). In-store numbers (02, 04, 20 to 29) are suspicious: each shop
// gives its own. The code of a case (GTIN-14) is invalid, with that of the article in it as the suggestion.
Cleaned clean_product_code(std::string_view raw);

}  // namespace cdp::text
