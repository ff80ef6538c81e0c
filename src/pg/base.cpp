// SPDX-License-Identifier: PostgreSQL
// Binding of small helpers that every topic uses.
#include "bridge/postgres.hpp"

extern "C" {
#include "access/xact.h"
}

#include <string>
#include <vector>

#include "base/nearest_name.hpp"
#include "bridge/convert.hpp"

extern "C" {

PG_FUNCTION_INFO_V1(cdp_nearest);
Datum cdp_nearest(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const std::string_view name = text_argument(fcinfo, 0);
    const TextArray candidates = text_array_argument(fcinfo, 1);
    const PallocText found = guard([&] {
        std::vector<std::string> names;
        for (int i = 0; i < candidates.size; ++i) {
            if (!candidates.nulls[i]) names.emplace_back(candidates[i]);
        }
        const auto nearest = cdp::nearest_name(name, names);
        return nearest ? palloc_copy(*nearest) : PallocText{nullptr, 0};
    });
    if (found.data == nullptr) PG_RETURN_NULL();
    return make_text(found.view());
}

PG_FUNCTION_INFO_V1(cdp_in_transaction_block);
Datum cdp_in_transaction_block(PG_FUNCTION_ARGS) {
    PG_RETURN_BOOL(IsTransactionBlock());
}

}  // extern "C"
