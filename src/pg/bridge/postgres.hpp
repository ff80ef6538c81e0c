// SPDX-License-Identifier: PostgreSQL
// The server's headers, in the only order that works: postgres.h before any system or C++ header, then the
// macros removed that would break C++ code parsed later. Include this first in every file below src/pg.
#pragma once

extern "C" {
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
}

#undef Abs
#undef Max
#undef Min
#undef Trap
#undef foreach
#undef _
#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef vsnprintf
#undef strerror

#include "bridge/compat.hpp"
