// SPDX-License-Identifier: PostgreSQL
// A query over our own tables that is planned once per session, with one parameter, and read like any other
// (see query.hpp). The plan is kept on purpose for the life of the backend; the server makes it anew when a
// table changes.
#pragma once

#include <string>

#include "bridge/query.hpp"

namespace cdp::pg {

struct PreparedQuery {
    const char* text;
    Oid parameter;  // type of $1
    SPIPlanPtr plan = nullptr;
    std::string kept = {};  // where the text is not ours

    // For a text that is known only at run time; the plan stays while the text does.
    void prepare_for(const char* new_text) {
        if (text != nullptr && kept == new_text) return;
        SPIPlanPtr old = plan;
        plan = nullptr;
        kept = new_text;
        text = kept.c_str();
        if (old != nullptr) pg_call([&] { SPI_freeplan(old); });
    }
};

// Runs the query read-only, in an SPI connection of its own.
template <typename Reader>
void read_prepared(PreparedQuery& query, Datum parameter, Reader& reader) {
    read_with(reader, [&](DestReceiver* destination) {
        if (query.plan == nullptr) {
            // Generic: a plan for these very values would cost more than it runs.
            SPIPlanPtr made = SPI_prepare_cursor(query.text, 1, &query.parameter,
                                                 CURSOR_OPT_GENERIC_PLAN | CURSOR_OPT_PARALLEL_OK);
            if (made == nullptr)
                elog(ERROR, "the query cannot be prepared: %s", SPI_result_code_string(SPI_result));
            SPI_keepplan(made);
            query.plan = made;
        }
        ParamListInfo parameters = makeParamList(1);
        parameters->params[0] = {parameter, false, PARAM_FLAG_CONST, query.parameter};
        SPIExecuteOptions options{};
        options.params = parameters;
        options.read_only = true;
        options.must_return_tuples = true;
        options.dest = destination;
        return SPI_execute_plan_extended(query.plan, &options);
    });
}

}  // namespace cdp::pg
