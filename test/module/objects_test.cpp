// SPDX-License-Identifier: PostgreSQL
// Objects that outlive a call (Owned), and the measures of leaks.
#include "bridge/postgres.hpp"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "bridge/guard.hpp"
#include "bridge/owned.hpp"
#include "counted.hpp"

namespace {

using cdp::bridge_test::Counted;
using cdp::bridge_test::live_objects;
using cdp::pg::Owned;

struct Refusing {
    Counted part;
    explicit Refusing(bool refuse) {
        if (refuse) throw std::runtime_error("the constructor refuses");
    }
};

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(cdp_test_live_objects);
Datum cdp_test_live_objects(PG_FUNCTION_ARGS) {
    PG_RETURN_INT64(live_objects);
}

// A running sum over the calls of one query, kept in fn_extra.
PG_FUNCTION_INFO_V1(cdp_test_running_sum);
Datum cdp_test_running_sum(PG_FUNCTION_ARGS) {
    auto* slot = static_cast<Owned<Counted>*>(fcinfo->flinfo->fn_extra);
    if (slot == nullptr) {
        slot = Owned<Counted>::reserve(fcinfo->flinfo->fn_mcxt);
        fcinfo->flinfo->fn_extra = slot;
    }
    const int64 value = PG_GETARG_INT64(0);
    const int64 sum = cdp::pg::guard([&] {
        if (slot->get() == nullptr) slot->emplace();
        if (value < 0) throw std::runtime_error("negative");
        return static_cast<int64>(slot->get()->sum += value);
    });
    PG_RETURN_INT64(sum);
}

// An object whose constructor throws leaves an empty slot, and the next attempt fills it.
PG_FUNCTION_INFO_V1(cdp_test_refusing);
Datum cdp_test_refusing(PG_FUNCTION_ARGS) {
    auto* slot = Owned<Refusing>::reserve(CurrentMemoryContext);
    const bool refuse = PG_GETARG_BOOL(0);
    const bool filled = cdp::pg::guard([&] {
        slot->emplace(false);
        slot->emplace(refuse);  // replaces the first
        return slot->get() != nullptr;
    });
    PG_RETURN_BOOL(filled);
}

PG_FUNCTION_INFO_V1(cdp_test_sum_step);
Datum cdp_test_sum_step(PG_FUNCTION_ARGS) {
    MemoryContext context;
    if (AggCheckCallContext(fcinfo, &context) == 0) elog(ERROR, "called outside an aggregate");
    auto* state = PG_ARGISNULL(0) ? Owned<Counted>::reserve(context)
                                  : reinterpret_cast<Owned<Counted>*>(PG_GETARG_POINTER(0));
    const int64 value = PG_GETARG_INT64(1);
    cdp::pg::guard([&] {
        if (state->get() == nullptr) state->emplace();
        if (value < 0) throw std::runtime_error("negative");
        state->get()->sum += value;
    });
    PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(cdp_test_sum_final);
Datum cdp_test_sum_final(PG_FUNCTION_ARGS) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    PG_RETURN_INT64(reinterpret_cast<Owned<Counted>*>(PG_GETARG_POINTER(0))->get()->sum);
}

// Resident memory of this backend that no other process shares, in kB: shared buffers touched do not count.
PG_FUNCTION_INFO_V1(cdp_test_private_kb);
Datum cdp_test_private_kb(PG_FUNCTION_ARGS) {
    FILE* file = fopen("/proc/self/statm", "r");
    if (file == nullptr) elog(ERROR, "could not open /proc/self/statm");
    long total = 0;
    long resident = 0;
    long shared = 0;
    const int found = fscanf(file, "%ld %ld %ld", &total, &resident, &shared);
    fclose(file);
    if (found != 3) elog(ERROR, "could not read /proc/self/statm");
    PG_RETURN_INT64((resident - shared) * (sysconf(_SC_PAGESIZE) / 1024));
}

}  // extern "C"
