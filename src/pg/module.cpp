// SPDX-License-Identifier: PostgreSQL
// What the server loads: the magic block, the settings and the functions that say what this build is.
#include "bridge/postgres.hpp"

#include <unicode/uchar.h>
#include <unicode/uvernum.h>
#include <unicode/uversion.h>

#include "bridge/convert.hpp"
#include "bridge/tick.hpp"

namespace cdp::pg {
namespace {
int memory_limit_kb = 1024 * 1024;
int worker_count = 1;
}  // namespace
size_t memory_limit() {
    return static_cast<size_t>(memory_limit_kb) * 1024;
}
unsigned workers() {
    return static_cast<unsigned>(worker_count);
}
}  // namespace cdp::pg

extern "C" {

CDP_MODULE_MAGIC;

void _PG_init(void) {
    DefineCustomIntVariable("cdp.memory_limit", "Memory that one cdp operation may use.",
                            "An operation that needs more stops with an error that says how to go on.",
                            &cdp::pg::memory_limit_kb, 1024 * 1024, 16 * 1024, INT_MAX, PGC_USERSET,
                            GUC_UNIT_KB, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("cdp.workers", "Threads that one cdp operation may use.",
                            "Identity resolution uses them; its answer does not depend on their number.",
                            &cdp::pg::worker_count, 1, 1, 64, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    cdp::pg::mark_guc_prefix_reserved("cdp");
}

PG_FUNCTION_INFO_V1(cdp_library_version);
Datum cdp_library_version(PG_FUNCTION_ARGS) {
    return cdp::pg::make_text(CDP_VERSION);
}

PG_FUNCTION_INFO_V1(cdp_unicode_version);
Datum cdp_unicode_version(PG_FUNCTION_ARGS) {
    return cdp::pg::make_text(U_UNICODE_VERSION);
}

PG_FUNCTION_INFO_V1(cdp_icu_version);
Datum cdp_icu_version(PG_FUNCTION_ARGS) {
    UVersionInfo version;
    char buffer[U_MAX_VERSION_STRING_LENGTH];
    u_getVersion(version);
    u_versionToString(version, buffer);
    return cdp::pg::make_text(buffer);
}

}  // extern "C"
