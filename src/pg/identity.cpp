// SPDX-License-Identifier: PostgreSQL
// Binding of the identity engine: cdp._resolve_records reads a query straight from the executor into the
// record store (no tuple is kept), resolves, and gives everything back as rows; cdp._compare_records gives
// the levels of one pair.
#include "bridge/postgres.hpp"

extern "C" {
#include "tcop/dest.h"
}

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/query.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "identity/resolve.hpp"
#include "identity_arguments.hpp"
#include "identity_model.hpp"
#include "identity_output.hpp"
#include "identity_progress.hpp"
#include "identity_rows.hpp"

namespace cdp::pg {
namespace {

namespace id = cdp::identity;

// Feeds the store.
struct RecordReader {
    id::RecordStore* store;
    RecordRow row;

    void start(TupleDesc description) { check_record_columns(description, {}); }
    void read(TupleTableSlot* slot) { read_record_row(slot, row); }
    void add() { store->add(row.record()); }
};

void load(const char* query, id::RecordStore& store) {
    RecordReader reader{&store, {}};
    read_query(query, reader);
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_resolve_records);
Datum cdp_resolve_records(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const double threshold = threshold_argument(fcinfo, 1);
    const Decisions decisions = Decisions::arguments(fcinfo, 2);
    const int32 model = PG_GETARG_INT32(6);
    const TextArray kinds = text_array_argument(fcinfo, 7);
    const BigintArray limits = bigint_array_argument(fcinfo, 8, "identifier_limits");
    if (kinds.size != limits.size) {
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("identifier_kinds and identifier_limits differ in length"),
                        errdetail("One has %d elements, the other %d.", kinds.size, limits.size),
                        errhint("Give a limit for every kind.")));
    }
    const TextArray blocked_kinds = text_array_argument(fcinfo, 9);
    const TextArray blocked_values = text_array_argument(fcinfo, 10);
    if (blocked_kinds.size != blocked_values.size) {
        ereport(ERROR,
                (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                 errmsg("blocked_kinds and blocked_values differ in length"),
                 errdetail("One has %d elements, the other %d.", blocked_kinds.size, blocked_values.size),
                 errhint("Give a kind for every value.")));
    }
    const BigintArray unused_rules = bigint_array_argument(fcinfo, 11, "unused_rules");
    const bool households = PG_GETARG_BOOL(12);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of resolution", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick;  // silent while the executor runs: it looks for interrupts itself
        const cdp::identity::KnownModel* known = model != 0 ? &known_model(model) : nullptr;
        cdp::identity::RecordStore store(budget, tick);
        report_progress("reading", 0);
        load(query, store);
        tick = backend_tick();
        store.finish(workers());
        cdp::HashSet blocked(&budget);
        for (int i = 0; i < blocked_kinds.size; ++i) {
            blocked.insert(cdp::identity::value_hash(blocked_kinds[i], cdp::hash64(blocked_values[i])));
        }
        cdp::identity::Settings settings;
        settings.threshold = threshold;
        settings.workers = workers();
        settings.households = households;
        settings.blocked = &blocked;
        settings.rules = ~rule_bits(
            {reinterpret_cast<const int64_t*>(unused_rules.values), static_cast<size_t>(unused_rules.size)});
        settings.progress.report = report_progress;
        for (int i = 0; i < kinds.size; ++i) {
            settings.identifier_limits.push_back(
                {std::string(kinds[i]),
                 static_cast<uint32_t>(std::clamp<int64_t>(limits.values[i], 0, UINT32_MAX))});
        }
        const auto cannot_link = pairs(decisions.cannot_a, decisions.cannot_b, budget);
        const auto must_link = pairs(decisions.must_a, decisions.must_b, budget);
        const cdp::identity::Resolution resolution =
            cdp::identity::resolve(store, cannot_link, settings, tick, must_link, known);
        report_progress("handing over", 0);
        ResolutionWriter writer(rows, row_context);
        write_resolution(writer, resolution, tick);
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_compare_records);
Datum cdp_compare_records(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    constexpr int kFields = 10;
    std::string_view fields[2][kFields];
    for (int side = 0; side < 2; ++side) {
        const TextArray array = text_array_argument(fcinfo, side);
        if (array.size != kFields) {
            ereport(ERROR,
                    (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a record to compare has 10 fields"),
                     errdetail("%d were given.", array.size),
                     errhint("Give ARRAY[given_name, family_name, birth_date (YYYY-MM-DD), email_key, "
                             "phone_key, street, city, postal_code, national_id, gender], NULL where "
                             "nothing is known.")));
        }
        for (int i = 0; i < kFields; ++i) fields[side][i] = array[i];
    }
    const auto pattern = guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick = backend_tick();
        cdp::identity::RecordStore store(budget, tick);
        for (int side = 0; side < 2; ++side) {
            const auto& f = fields[side];
            cdp::identity::RecordInput record;
            record.record_id = side;
            record.order_key = side;
            record.text = {f[0], f[1], f[3], f[4], f[5], f[6], f[7], f[8], f[9]};
            if (!f[2].empty()) record.birth_date = cdp::identity::days_from_iso(f[2]);
            store.add(record);
        }
        store.finish();
        const cdp::identity::SharedValues none(budget);
        return cdp::identity::Comparer(store, none).compare(0, 1);
    });
    return levels_array(pattern);
}

}  // extern "C"
