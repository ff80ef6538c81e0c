// SPDX-License-Identifier: PostgreSQL
// What a backend gives the core: cancellation, a memory bound, a number of threads.
#pragma once

#include "base/memory_budget.hpp"
#include "base/tick.hpp"
#include "bridge/guard.hpp"

namespace cdp::pg {

// A Tick that honours Ctrl-C, statement_timeout and shutdown. Use inside a guard.
inline Tick backend_tick() {
    return Tick([] {
        if (InterruptPending) pg_call([] { CHECK_FOR_INTERRUPTS(); });
    });
}

// The value of cdp.memory_limit in bytes.
size_t memory_limit();

// The value of cdp.workers: threads for a core call that takes a number of them.
unsigned workers();

inline MemoryBudget backend_budget() {
    return MemoryBudget(memory_limit());
}

}  // namespace cdp::pg
