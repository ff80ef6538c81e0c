// SPDX-License-Identifier: PostgreSQL
// Free text.
#pragma once

#include "text/cleaned.hpp"

namespace cdp::text {

// Repaired and prepared text; over 10,000 bytes it is cut at a character and suspicious.
Cleaned clean_text(std::string_view raw);

}  // namespace cdp::text
