// SPDX-License-Identifier: PostgreSQL
// What the cleaners' SQL functions share: reading the arguments, the guarded call, and the result as a text
// or as the row (value, status, reason, suggestion). Readers and writers may ereport; `run` is the guarded
// part.
#pragma once

#include <string_view>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/postgres.hpp"
#include "text/cleaned.hpp"

#define CDP_FUNCTION(name)     \
    PG_FUNCTION_INFO_V1(name); \
    Datum name(PG_FUNCTION_ARGS)

namespace cdp::pg {

using text::Cleaned;
using text::Status;

// A Cleaned as plain data, in palloc'd memory.
struct Answer {
    Status status;
    std::string_view reason;
    PallocText value;
    PallocText suggestion;
    bool has_value() const { return status != Status::kInvalid && status != Status::kMissing; }
};

// What NULL is cleaned to.
inline Answer blank() {
    return {Status::kMissing, "blank", {"", 0}, {"", 0}};
}

template <typename Clean>
inline Answer run(Clean clean) {
    return guard([&] {
        const Cleaned cleaned = clean();
        return Answer{cleaned.status, cleaned.reason, palloc_copy(cleaned.value),
                      palloc_copy(cleaned.suggestion)};
    });
}

inline Answer clean_one(FunctionCallInfo fcinfo, Cleaned (*clean)(std::string_view)) {
    if (PG_ARGISNULL(0)) return blank();
    const std::string_view value = text_argument(fcinfo, 0);
    return run([=] { return clean(value); });
}

// The second argument is an option; NULL is the empty string.
inline Answer clean_two(FunctionCallInfo fcinfo, Cleaned (*clean)(std::string_view, std::string_view)) {
    if (PG_ARGISNULL(0)) return blank();
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view option = text_argument_or_empty(fcinfo, 1);
    return run([=] { return clean(value, option); });
}

inline Datum null_result(FunctionCallInfo fcinfo) {
    fcinfo->isnull = true;
    return Datum{0};
}

inline Datum text_result(FunctionCallInfo fcinfo, const Answer& answer) {
    return answer.has_value() ? make_text(answer.value.view()) : null_result(fcinfo);
}

inline Datum build_row(FunctionCallInfo fcinfo, Datum* values, bool* nulls) {
    auto* description = static_cast<TupleDesc>(fcinfo->flinfo->fn_extra);
    if (description == nullptr) {
        if (get_call_result_type(fcinfo, nullptr, &description) != TYPEFUNC_COMPOSITE) {
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("the caller cannot take a row")));
        }
        MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
        description = BlessTupleDesc(CreateTupleDescCopy(description));
        MemoryContextSwitchTo(caller);
        fcinfo->flinfo->fn_extra = description;
    }
    return HeapTupleGetDatum(heap_form_tuple(description, values, nulls));
}

// (value, status, reason, suggestion)
inline Datum row_result(FunctionCallInfo fcinfo, const Answer& answer) {
    Datum values[4] = {};
    bool nulls[4] = {!answer.has_value(), false, answer.reason.empty(), answer.suggestion.size == 0};
    if (!nulls[0]) values[0] = make_text(answer.value.view());
    values[1] = make_text(text::status_name(answer.status));
    if (!nulls[2]) values[2] = make_text(answer.reason);
    if (!nulls[3]) values[3] = make_text(answer.suggestion.view());
    return build_row(fcinfo, values, nulls);
}

}  // namespace cdp::pg
