// SPDX-License-Identifier: PostgreSQL
#pragma once

#include "text_answer.hpp"

namespace cdp::pg {

// The server's date of an answer whose value is a day as YYYY-MM-DD.
Datum date_of(const Answer& answer);

}  // namespace cdp::pg
