// SPDX-License-Identifier: PostgreSQL
#include "identity_progress.hpp"

extern "C" {
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/timestamp.h"
}

#include <algorithm>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"

namespace cdp::pg {
namespace {

// Plain C.
void say(std::string_view phase, int percent) {
    const char* statement = debug_query_string != nullptr ? debug_query_string : "";
    StringInfoData text;
    initStringInfo(&text);
    if (!phase.empty()) {
        appendStringInfo(&text, "/* cdp: %.*s", static_cast<int>(phase.size()), phase.data());
        if (percent > 0) appendStringInfo(&text, ", %d %%", percent);
        appendStringInfoString(&text, " */ ");
    }
    appendStringInfoString(&text, statement);
    pgstat_report_activity(STATE_RUNNING, text.data);
    pfree(text.data);
}

}  // namespace

void report_progress(std::string_view phase, double share) {
    static TimestampTz last = 0;
    const int percent = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
    const TimestampTz now = GetCurrentTimestamp();
    if (percent > 0 && now - last < 100 * 1000) return;
    last = now;
    pg_call([&] { say(phase, percent); });
}

}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_report_progress);
Datum cdp_report_progress(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const std::string_view phase = text_view(PG_GETARG_DATUM(0));
    guard([&] { report_progress(phase, 0); });
    PG_RETURN_VOID();
}

}  // extern "C"
