// SPDX-License-Identifier: PostgreSQL
// Arguments of the identity engine's functions. All but pairs() are plain C: they may ereport.
#pragma once

#include "bridge/postgres.hpp"

#include <memory_resource>
#include <utility>
#include <vector>

#include "identity/resolve.hpp"

namespace cdp::pg {

struct BigintArray {
    int size;
    const int64* values;
};

inline BigintArray bigint_array_argument(FunctionCallInfo fcinfo, int n, const char* name) {
    ArrayType* array = DatumGetArrayTypeP(fcinfo->args[n].value);
    if (array_contains_nulls(array)) {
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s contains a null", name),
                        errhint("Give two record ids for every pair.")));
    }
    return {ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)),
            reinterpret_cast<const int64*>(ARR_DATA_PTR(array))};
}

inline void check_same_size(const char* name, BigintArray left, BigintArray right) {
    if (left.size == right.size) return;
    ereport(ERROR,
            (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("%s_a and %s_b differ in length", name, name),
             errdetail("One has %d elements, the other %d.", left.size, right.size),
             errhint("Give two record ids for every pair.")));
}

// What stewards have decided: cannot_link_a, cannot_link_b, must_link_a, must_link_b, from argument n on.
struct Decisions {
    BigintArray cannot_a, cannot_b, must_a, must_b;

    static Decisions arguments(FunctionCallInfo fcinfo, int n) {
        const Decisions decisions{bigint_array_argument(fcinfo, n, "cannot_link_a"),
                                  bigint_array_argument(fcinfo, n + 1, "cannot_link_b"),
                                  bigint_array_argument(fcinfo, n + 2, "must_link_a"),
                                  bigint_array_argument(fcinfo, n + 3, "must_link_b")};
        check_same_size("cannot_link", decisions.cannot_a, decisions.cannot_b);
        check_same_size("must_link", decisions.must_a, decisions.must_b);
        return decisions;
    }
};

using PairVector = std::pmr::vector<std::pair<int64_t, int64_t>>;
inline PairVector pairs(BigintArray a, BigintArray b, MemoryBudget& budget) {
    PairVector pairs(&budget);
    pairs.reserve(static_cast<size_t>(a.size));
    for (int i = 0; i < a.size; ++i) pairs.push_back({a.values[i], b.values[i]});
    return pairs;
}

// The rest of the settings of a run.
inline double threshold_argument(FunctionCallInfo fcinfo, int n) {
    const double threshold = PG_GETARG_FLOAT8(n);
    if (!(threshold > 0 && threshold < 1)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("threshold must be a probability between 0 and 1, both excluded"),
                        errhint("0.5 merges what is likelier the same person than not; 0.75 is cautious.")));
    }
    return threshold;
}

}  // namespace cdp::pg
