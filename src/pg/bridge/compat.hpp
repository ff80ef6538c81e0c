// SPDX-License-Identifier: PostgreSQL
// Every difference between PostgreSQL 14 and 18 that this module meets. No other file tests PG_VERSION_NUM.
#pragma once

#if PG_VERSION_NUM < 140000 || PG_VERSION_NUM >= 190000
#error "pgcdp supports PostgreSQL 14 to 18"
#endif

extern "C" {
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
}

namespace cdp::pg {

// 15 added a helper (under another name in its first minor releases); the longhand works everywhere.
inline void mark_guc_prefix_reserved(const char* prefix) {
#if PG_VERSION_NUM >= 150000
    MarkGUCPrefixReserved(prefix);
#else
    EmitWarningsOnPlaceholders(prefix);
#endif
}

}  // namespace cdp::pg

// 18 lets a module name itself and its version.
#if PG_VERSION_NUM >= 180000
#define CDP_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "cdp", .version = CDP_VERSION)
#else
#define CDP_MODULE_MAGIC PG_MODULE_MAGIC
#endif
