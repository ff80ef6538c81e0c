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

// Runs call(data) under PG_TRY; false when it raised an error, which then waits on the error stack. In a
// frame of its own, so that no variable of a caller lives across the setjmp.
bool run_protected(void (*call)(void* data), void* data);

template <typename F>
std::invoke_result_t<F> pg_call(F&& f) {
    using Result = std::invoke_result_t<F>;
    static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>,
                  "a server call returns plain data");
    using Function = std::remove_reference_t<F>;
    // noexcept: an exception that left PG_TRY would leave PG_exception_stack pointing into a dead frame.
    if constexpr (std::is_void_v<Result>) {
        const auto call = [](void* data) noexcept { (*static_cast<Function*>(data))(); };
        if (!run_protected(call, const_cast<void*>(static_cast<const void*>(&f)))) throw PendingError{};
    } else {
        struct Call {
            Function* function;
            Result result;
        } state{&f, Result{}};
        const auto call = [](void* data) noexcept {
            auto* here = static_cast<Call*>(data);
            here->result = (*here->function)();
        };
        if (!run_protected(call, &state)) throw PendingError{};
        return state.result;
    }
}

}  // namespace cdp::pg
