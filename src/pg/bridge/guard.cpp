// SPDX-License-Identifier: PostgreSQL
#include "bridge/guard.hpp"

#include <cstring>
#include <new>
#include <string_view>

#include "base/utf8.hpp"

namespace cdp::pg {
namespace {

int sqlstate_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::kInvalidInput:
            return ERRCODE_INVALID_PARAMETER_VALUE;
        case ErrorCode::kSyntax:
            return ERRCODE_SYNTAX_ERROR;
        case ErrorCode::kUndefinedName:
            return ERRCODE_UNDEFINED_COLUMN;
        case ErrorCode::kWrongType:
            return ERRCODE_DATATYPE_MISMATCH;
        case ErrorCode::kLimitExceeded:
            return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
        case ErrorCode::kOutOfMemory:
            return ERRCODE_OUT_OF_MEMORY;
        case ErrorCode::kDataCorrupted:
            return ERRCODE_DATA_CORRUPTED;
        case ErrorCode::kInternal:
            return ERRCODE_INTERNAL_ERROR;
    }
    return ERRCODE_INTERNAL_ERROR;
}

template <size_t N>
void copy(char (&to)[N], std::string_view from) noexcept {
    const std::string_view clipped = clip_utf8(from, N - 1);
    std::memcpy(to, clipped.data(), clipped.size());
    to[clipped.size()] = '\0';
}

}  // namespace

void describe_current_exception(Failure& failure) noexcept {
    failure.kind = Failure::kReport;
    failure.sqlstate = ERRCODE_INTERNAL_ERROR;
    failure.detail[0] = '\0';
    failure.hint[0] = '\0';
    try {
        throw;
    } catch (const PendingError&) {
        failure.kind = Failure::kPending;
    } catch (const Error& e) {
        failure.sqlstate = sqlstate_of(e.code());
        copy(failure.message, e.message());
        copy(failure.detail, e.detail());
        copy(failure.hint, e.hint());
    } catch (const std::bad_alloc&) {
        failure.sqlstate = ERRCODE_OUT_OF_MEMORY;
        copy(failure.message, "out of memory");
        copy(failure.hint, "Lower cdp.memory_limit, or give the server more memory.");
    } catch (const std::exception& e) {
        copy(failure.message, e.what());
        copy(failure.hint, "This is a defect in pgcdp; please report it with the statement that caused it.");
    } catch (...) {
        copy(failure.message, "unknown C++ exception");
        copy(failure.hint, "This is a defect in pgcdp; please report it with the statement that caused it.");
    }
}

bool run_protected(void (*call)(void* data), void* data) {
    MemoryContext context = CurrentMemoryContext;
    volatile bool failed = false;
    PG_TRY();
    { call(data); }
    PG_CATCH();
    { failed = true; }
    PG_END_TRY();
    if (failed) MemoryContextSwitchTo(context);
    return !failed;
}

void raise_failure(const Failure& failure) {
    if (failure.kind == Failure::kPending) PG_RE_THROW();
    ereport(ERROR, (errcode(failure.sqlstate), errmsg_internal("%s", failure.message),
                    failure.detail[0] != '\0' ? errdetail_internal("%s", failure.detail) : 0,
                    failure.hint[0] != '\0' ? errhint("%s", failure.hint) : 0));
    pg_unreachable();
}

}  // namespace cdp::pg
