// SPDX-License-Identifier: PostgreSQL
// How far a resolution is, for other sessions. Nothing that it writes is visible before it commits; what a
// backend says of itself in pg_stat_activity is. There the statement gets a comment in front:
// "/* cdp: comparing, 40 % */ CALL cdp.resolve()". The next statement of the session takes its place.
#pragma once

#include "bridge/postgres.hpp"

#include <string_view>

namespace cdp::pg {

// For use inside a guard. An empty phase: there is none any more. A share of 0 is not said; at most ten times
// a second within one phase.
void report_progress(std::string_view phase, double share);

}  // namespace cdp::pg
