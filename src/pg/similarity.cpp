// SPDX-License-Identifier: PostgreSQL
// Similarities of two texts as SQL functions.
#include "bridge/postgres.hpp"

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/tick.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/jaro_winkler.hpp"

namespace cdp::pg {
namespace {

template <typename Result>
Result compare(FunctionCallInfo fcinfo,
               Result (*measure)(std::string_view, std::string_view, Tick&, std::pmr::memory_resource*)) {
    const std::string_view a = text_argument(fcinfo, 0);
    const std::string_view b = text_argument(fcinfo, 1);
    return guard([&] {
        Tick tick = backend_tick();
        MemoryBudget budget = backend_budget();
        return measure(a, b, tick, &budget);
    });
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(cdp_jaro_winkler);
Datum cdp_jaro_winkler(PG_FUNCTION_ARGS) {
    return Float8GetDatum(compare(fcinfo, similarity::jaro_winkler));
}

PG_FUNCTION_INFO_V1(cdp_levenshtein);
Datum cdp_levenshtein(PG_FUNCTION_ARGS) {
    return Int32GetDatum(static_cast<int32>(compare(fcinfo, similarity::levenshtein)));
}

PG_FUNCTION_INFO_V1(cdp_osa);
Datum cdp_osa(PG_FUNCTION_ARGS) {
    return Int32GetDatum(static_cast<int32>(compare(fcinfo, similarity::osa)));
}

PG_FUNCTION_INFO_V1(cdp_levenshtein_similarity);
Datum cdp_levenshtein_similarity(PG_FUNCTION_ARGS) {
    return Float8GetDatum(compare(fcinfo, similarity::levenshtein_similarity));
}

}  // extern "C"
}  // namespace cdp::pg
