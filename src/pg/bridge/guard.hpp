// SPDX-License-Identifier: PostgreSQL
// The two doors between C++ and PostgreSQL, and the only place with PG_TRY. The contract (CONTRIBUTING.md,
// "Errors"):
//
//   guard(f)    C++ -> PostgreSQL. Runs f; a C++ exception becomes an ereport, raised only after every C++
//   object of
//               the call is gone. Every SQL-callable function that runs core code does so inside one guard.
//   pg_call(f)  PostgreSQL -> C++. Runs f, which calls server functions that may ereport and is otherwise
//   plain C; an
//               error becomes a PendingError exception, the error itself stays untouched on the server's
//               error stack (SQLSTATE, DETAIL, CONTEXT kept) and the surrounding guard re-raises it.
//
// Between the two, destructors run as usual. They must not call server functions that can fail.
#pragma once

#include <type_traits>

#include "base/error.hpp"
#include "bridge/postgres.hpp"

namespace cdp::pg {

// A server error is waiting on the error stack. Not a std::exception, so that no handler of the core can
// swallow it.
struct PendingError {};

// What is left of an exception once it has been handled: plain data, so that ereport may jump over it.
struct Failure {
    enum Kind : int { kNone, kPending, kReport };
    Kind kind;
    int sqlstate;
    char message[512];
    char detail[2048];
    char hint[1024];
};

// Fills `failure` from the exception being handled. Called inside a catch clause; allocates nothing, calls no
// server code.
void describe_current_exception(Failure& failure) noexcept;

// Raises a described failure. Called when no C++ object with a destructor is alive in the frame.
[[noreturn]] void raise_failure(const Failure& failure);

template <typename F>
std::invoke_result_t<F> guard(F&& f) {
    using Result = std::invoke_result_t<F>;
    static_assert(std::is_void_v<Result> || std::is_trivially_destructible_v<Result>,
                  "a guarded call returns plain data: what it returns must survive a longjmp");
    Failure failure;
    failure.kind = Failure::kNone;
    if constexpr (std::is_void_v<Result>) {
        try {
            f();
        } catch (...) {
            describe_current_exception(failure);
        }
        if (failure.kind != Failure::kNone) raise_failure(failure);
    } else {
        Result result{};
        try {
            result = f();
        } catch (...) {
            describe_current_exception(failure);
        }
        if (failure.kind != Failure::kNone) raise_failure(failure);
        return result;
    }
}

template <typename F>
std::invoke_result_t<F> pg_call(F&& f) {
    using Result = std::invoke_result_t<F>;
    static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>,
                  "a server call returns plain data");
    // noexcept: an exception that left PG_TRY would leave PG_exception_stack pointing into a dead frame.
    const auto call = [&f]() noexcept -> Result { return f(); };
    MemoryContext context = CurrentMemoryContext;
    volatile bool failed = false;
    if constexpr (std::is_void_v<Result>) {
        PG_TRY();
        { call(); }
        PG_CATCH();
        { failed = true; }
        PG_END_TRY();
        if (failed) {
            MemoryContextSwitchTo(context);
            throw PendingError{};
        }
    } else {
        Result result{};
        PG_TRY();
        { result = call(); }
        PG_CATCH();
        { failed = true; }
        PG_END_TRY();
        if (failed) {
            MemoryContextSwitchTo(context);
            throw PendingError{};
        }
        return result;
    }
}

}  // namespace cdp::pg
