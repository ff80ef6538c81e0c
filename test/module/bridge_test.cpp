// SPDX-License-Identifier: PostgreSQL
// Functions that fail in every way the bridge must carry: see sql/bridge.sql.
#include "bridge/postgres.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "counted.hpp"

namespace cdp::pg {
size_t memory_limit() {
    return size_t{16} << 20;
}
}  // namespace cdp::pg

namespace {

using cdp::Error;
using cdp::ErrorCode;
using cdp::bridge_test::Counted;

void run_sql(const char* statement) {  // plain C
    SPI_connect();
    SPI_execute(statement, false, 0);
    SPI_finish();
}

void fail(std::string_view kind) {
    struct Named {
        std::string_view name;
        ErrorCode code;
    };
    constexpr Named kCodes[] = {
        {"invalid_input", ErrorCode::kInvalidInput},   {"syntax", ErrorCode::kSyntax},
        {"undefined_name", ErrorCode::kUndefinedName}, {"wrong_type", ErrorCode::kWrongType},
        {"limit_exceeded", ErrorCode::kLimitExceeded}, {"out_of_memory", ErrorCode::kOutOfMemory},
        {"data_corrupted", ErrorCode::kDataCorrupted}, {"internal", ErrorCode::kInternal}};
    for (const Named& named : kCodes) {
        if (kind == named.name) {
            throw Error(named.code, "message of " + std::string(kind), "detail of " + std::string(kind),
                        "hint of " + std::string(kind));
        }
    }
    if (kind == "message_only") throw Error(ErrorCode::kInvalidInput, "message only");
    if (kind == "percent") throw Error(ErrorCode::kInvalidInput, "100 %s %d %n", "%s", "%s");
    if (kind == "long") {
        std::string text;
        for (int i = 0; i < 3000; ++i) text += "ñ";
        throw Error(ErrorCode::kInvalidInput, text, text, text);
    }
    if (kind == "check") cdp::check(false, "two is one");
    if (kind == "bad_alloc") throw std::bad_alloc();
    if (kind == "runtime_error") throw std::runtime_error("a library failed");
    if (kind == "length_error") std::vector<char>().resize(SIZE_MAX);
    if (kind == "int") throw 42;
    if (kind == "division_by_zero") {
        cdp::pg::pg_call([] { DirectFunctionCall2(int4div, Int32GetDatum(1), Int32GetDatum(0)); });
    }
    if (kind == "missing_relation") cdp::pg::pg_call([] { run_sql("SELECT * FROM no_such_relation"); });
    if (kind == "caught_by_catch_all") {
        // The core may catch std::exception; a pending server error must pass through.
        try {
            cdp::pg::pg_call([] { DirectFunctionCall2(int4div, Int32GetDatum(1), Int32GetDatum(0)); });
        } catch (const std::exception&) {
            return;
        }
    }
}

// The object must be gone after every kind of failure, at every depth.
void fail_below(std::string_view kind, int depth) {
    const Counted here;
    if (depth == 0) {
        fail(kind);
    } else {
        fail_below(kind, depth - 1);
    }
}

}  // namespace

extern "C" {

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(cdp_test_throw);
Datum cdp_test_throw(PG_FUNCTION_ARGS) {
    const std::string_view kind = cdp::pg::text_argument(fcinfo, 0);
    cdp::pg::guard([&] { fail_below(kind, 3); });
    PG_RETURN_VOID();
}

// guard -> pg_call -> SQL -> guard -> … : every level is a sandwich inside the one before.
PG_FUNCTION_INFO_V1(cdp_test_nested);
Datum cdp_test_nested(PG_FUNCTION_ARGS) {
    const int depth = PG_GETARG_INT32(0);
    const std::string_view kind = cdp::pg::text_argument(fcinfo, 1);
    // Plain C: the statement is made before any C++ object lives.
    char* statement =
        psprintf("SELECT cdp_test_nested(%d, '%.*s')", depth - 1, static_cast<int>(kind.size()), kind.data());
    const int64_t result = cdp::pg::guard([&] {
        const Counted here;
        if (depth == 0) {
            fail_below(kind, 2);
        } else {
            cdp::pg::pg_call([&] { run_sql(statement); });
        }
        return static_cast<int64_t>(depth);
    });
    PG_RETURN_INT64(result);
}

PG_FUNCTION_INFO_V1(cdp_test_spin);
Datum cdp_test_spin(PG_FUNCTION_ARGS) {
    cdp::pg::guard([&] {
        const Counted here;
        cdp::Tick tick = cdp::pg::backend_tick();
        while (true) tick();
    });
    PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(cdp_test_spend);
Datum cdp_test_spend(PG_FUNCTION_ARGS) {
    const int64 megabytes = PG_GETARG_INT64(0);
    const int64 peak = cdp::pg::guard([&] {
        cdp::MemoryBudget budget = cdp::pg::backend_budget();
        std::pmr::vector<std::pmr::vector<char>> blocks(&budget);
        for (int64 i = 0; i < megabytes; ++i) blocks.emplace_back(size_t{1} << 20);
        return static_cast<int64>(budget.peak() >> 20);
    });
    PG_RETURN_INT64(peak);
}

// Rows up to n, failing in the midst of them when n is over 1,000.
PG_FUNCTION_INFO_V1(cdp_test_rows);
Datum cdp_test_rows(PG_FUNCTION_ARGS) {
    const cdp::pg::ResultSet rows = cdp::pg::ResultSet::open(fcinfo);
    const int64 n = PG_GETARG_INT64(0);
    cdp::pg::guard([&] {
        const Counted here;
        for (int64 i = 1; i <= n; ++i) {
            if (i > 1000) throw Error(ErrorCode::kLimitExceeded, "more than 1000 rows");
            const Datum values[2] = {Int64GetDatum(i), Int64GetDatum(i * i)};
            const bool nulls[2] = {false, false};
            rows.put(values, nulls);
        }
    });
    return cdp::pg::ResultSet::finish(fcinfo);
}

}  // extern "C"
