// SPDX-License-Identifier: PostgreSQL
// Set-returning functions in materialise mode: no C++ state survives between calls. Works on 14 to 18.
//
//     ResultSet rows = ResultSet::open(fcinfo);        // plain C
//     guard([&] { … rows.put(values, nulls); … });     // put wraps the server call
//     return rows.finish(fcinfo);
#pragma once

#include "bridge/guard.hpp"
#include "bridge/postgres.hpp"

namespace cdp::pg {

struct ResultSet {
    Tuplestorestate* store;
    TupleDesc description;

    // Errors (0A000) when the caller cannot take a set.
    static ResultSet open(FunctionCallInfo fcinfo);

    // Values are copied. Text values must be palloc'd or outlive the call.
    void put(const Datum* values, const bool* nulls) const {
        pg_call([&] {
            tuplestore_putvalues(store, description, const_cast<Datum*>(values), const_cast<bool*>(nulls));
        });
    }

    static Datum finish(FunctionCallInfo fcinfo) {
        fcinfo->isnull = true;
        return Datum{0};
    }
};

}  // namespace cdp::pg
