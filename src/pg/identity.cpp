// SPDX-License-Identifier: PostgreSQL
// Binding of the identity engine: cdp._resolve_records reads a query straight from the executor into the
// record store (no tuple is kept), resolves, and gives everything back as rows; cdp._compare_records gives
// the levels of one pair.
#include "bridge/postgres.hpp"

extern "C" {
#include "tcop/dest.h"
}

#include <exception>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/query.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "identity/resolve.hpp"
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

enum Output : int {
    kRowKind,
    kRecordA,
    kRecordB,
    kWeight,
    kProbability,
    kTermWeight,
    kLevels,
    kReason,
    kComparison,
    kLevel,
    kLabel,
    kM,
    kHousehold,
    kU,
    kValue,
    kAmount,
    kOutputs
};

Datum levels_array(id::Pattern pattern) {
    Datum levels[id::kComparisons];
    for (int c = 0; c < id::kComparisons; ++c) {
        levels[c] = Int16GetDatum(static_cast<int16>(id::level_of(pattern, c)));
    }
    return PointerGetDatum(construct_array(levels, id::kComparisons, INT2OID, 2, true, TYPALIGN_SHORT));
}

// One output row; the texts are built in a context that is reset for each.
class Writer {
  public:
    Writer(const ResultSet& rows, MemoryContext context) : rows_(rows), context_(context) {}

    template <typename F>
    void row(std::string_view kind, F&& fill) {
        pg_call([&] {
            MemoryContext caller = MemoryContextSwitchTo(context_);
            Datum values[kOutputs];
            bool nulls[kOutputs];
            for (bool& null : nulls) null = true;
            const auto set = [&](Output column, Datum value) {
                values[column] = value;
                nulls[column] = false;
            };
            set(kRowKind, make_text(kind));
            fill(set);
            tuplestore_putvalues(rows_.store, rows_.description, values, nulls);
            MemoryContextSwitchTo(caller);
            MemoryContextReset(context_);
        });
    }

  private:
    const ResultSet& rows_;
    MemoryContext context_;
};

void write_edges(Writer& writer, std::string_view kind, const std::pmr::vector<id::Edge>& edges, Tick& tick) {
    for (const id::Edge& edge : edges) {
        tick();
        const std::string_view reason = id::reason_name(edge.reason);
        writer.row(kind, [&](const auto& set) {
            set(kRecordA, Int64GetDatum(edge.record_a));
            set(kRecordB, Int64GetDatum(edge.record_b));
            set(kWeight, Float8GetDatum(edge.weight));
            set(kProbability, Float8GetDatum(edge.probability));
            set(kTermWeight, Float8GetDatum(edge.term_weight));
            set(kLevels, levels_array(edge.levels));
            set(kReason, make_text(reason));
        });
    }
}

void write(Writer& writer, const id::Resolution& resolution, Tick& tick) {
    for (const id::ClusterRow& row : resolution.clusters) {
        tick();
        writer.row("cluster", [&](const auto& set) {
            set(kRecordA, Int64GetDatum(row.record));
            set(kRecordB, Int64GetDatum(row.representative));
        });
    }
    write_edges(writer, "edge", resolution.edges, tick);
    write_edges(writer, "review", resolution.review, tick);
    for (const id::ModelRow& row : resolution.levels) {
        writer.row("level", [&](const auto& set) {
            set(kWeight, Float8GetDatum(row.weight));
            set(kComparison, make_text(row.comparison));
            set(kLevel, Int32GetDatum(row.level));
            set(kLabel, make_text(row.label));
            set(kM, Float8GetDatum(row.m_match));
            set(kHousehold, Float8GetDatum(row.m_household));
            set(kU, Float8GetDatum(row.u));
        });
    }
    for (const id::TermRow& row : resolution.terms) {
        tick();
        writer.row("term", [&](const auto& set) {
            set(kComparison, make_text(row.comparison));
            set(kValue, make_text(row.value));
            set(kAmount, Float8GetDatum(row.share));
        });
    }
    for (const id::Stat& stat : resolution.stats) {
        writer.row("stat", [&](const auto& set) {
            set(kValue, make_text(stat.name));
            set(kAmount, Float8GetDatum(stat.value));
        });
    }
}

struct BigintArray {
    int size;
    const int64* values;
};

// Plain C.
BigintArray bigint_array_argument(FunctionCallInfo fcinfo, int n, const char* name) {
    ArrayType* array = DatumGetArrayTypeP(fcinfo->args[n].value);
    if (array_contains_nulls(array)) {
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s contains a null", name),
                        errhint("Give two record ids for every pair.")));
    }
    return {ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)),
            reinterpret_cast<const int64*>(ARR_DATA_PTR(array))};
}

// Plain C.
void check_same_size(const char* name, BigintArray left, BigintArray right) {
    if (left.size == right.size) return;
    ereport(ERROR,
            (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("%s_a and %s_b differ in length", name, name),
             errdetail("One has %d elements, the other %d.", left.size, right.size),
             errhint("Give two record ids for every pair.")));
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_resolve_records);
Datum cdp_resolve_records(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const double threshold = PG_GETARG_FLOAT8(1);
    const BigintArray left = bigint_array_argument(fcinfo, 2, "cannot_link_a");
    const BigintArray right = bigint_array_argument(fcinfo, 3, "cannot_link_b");
    const BigintArray must_left = bigint_array_argument(fcinfo, 4, "must_link_a");
    const BigintArray must_right = bigint_array_argument(fcinfo, 5, "must_link_b");
    if (!(threshold > 0 && threshold < 1)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("threshold must be a probability between 0 and 1, both excluded"),
                        errhint("0.5 merges what is likelier the same person than not; 0.75 is cautious.")));
    }
    check_same_size("cannot_link", left, right);
    check_same_size("must_link", must_left, must_right);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of resolution", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick;  // silent while the executor runs: it looks for interrupts itself
        cdp::identity::RecordStore store(budget, tick);
        load(query, store);
        tick = backend_tick();
        store.finish(workers());
        std::pmr::vector<std::pair<int64_t, int64_t>> cannot_link(&budget);
        std::pmr::vector<std::pair<int64_t, int64_t>> must_link(&budget);
        for (int i = 0; i < left.size; ++i) cannot_link.push_back({left.values[i], right.values[i]});
        for (int i = 0; i < must_left.size; ++i)
            must_link.push_back({must_left.values[i], must_right.values[i]});
        cdp::identity::Settings settings;
        settings.threshold = threshold;
        settings.workers = workers();
        const cdp::identity::Resolution resolution =
            cdp::identity::resolve(store, cannot_link, settings, tick, must_link);
        Writer writer(rows, row_context);
        write(writer, resolution, tick);
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
