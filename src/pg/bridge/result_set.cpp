// SPDX-License-Identifier: PostgreSQL
#include "bridge/result_set.hpp"

namespace cdp::pg {

ResultSet ResultSet::open(FunctionCallInfo fcinfo) {
    auto* info = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (info == nullptr || !IsA(info, ReturnSetInfo) || (info->allowedModes & SFRM_Materialize) == 0) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("this function returns a set of rows and cannot be called here"),
                        errhint("Call it in FROM: SELECT * FROM function(...).")));
    }
    MemoryContext caller = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
    ResultSet set{nullptr, nullptr};
    if (get_call_result_type(fcinfo, nullptr, &set.description) != TYPEFUNC_COMPOSITE) {
        elog(ERROR, "return type must be a row type");
    }
    set.description = BlessTupleDesc(set.description);
    set.store = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
    info->returnMode = SFRM_Materialize;
    info->setResult = set.store;
    info->setDesc = set.description;
    MemoryContextSwitchTo(caller);
    return set;
}

}  // namespace cdp::pg
