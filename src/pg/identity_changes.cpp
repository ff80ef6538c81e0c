// SPDX-License-Identifier: PostgreSQL
// Resolving what has changed (core: identity/increment.hpp). What the engine compares of each record is kept
// in cdp_data.match_record, its keys in cdp_data.match_key. The queries are fixed, so that they are planned
// once per session: a record that arrives alone is resolved in a few milliseconds.
//
// The names in the queries without a schema are found through the search_path of the SQL function that calls,
// which is pg_catalog.
#include "bridge/postgres.hpp"

#include <optional>
#include <span>
#include <string_view>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/prepared.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "identity/increment.hpp"
#include "identity_arguments.hpp"
#include "identity_model.hpp"
#include "identity_output.hpp"
#include "identity_rows.hpp"

namespace cdp::pg {
namespace {

namespace id = cdp::identity;

#define RECORD_COLUMNS                                                                                \
    "r.record_id, r.order_key, r.given_name, r.family_name, r.birth_date, r.email_key, r.phone_key, " \
    "r.street, r.city, r.postal_code, r.national_id, r.gender, r.identifiers"

PreparedQuery& records_query() {
    static PreparedQuery query{
        "SELECT " RECORD_COLUMNS " FROM cdp_data.match_record r WHERE r.record_id = ANY ($1)", INT8ARRAYOID};
    return query;
}
constexpr char kAllRecords[] = "SELECT " RECORD_COLUMNS " FROM cdp_data.match_record r";
PreparedQuery& changed_query() {
    static PreparedQuery query{"SELECT " RECORD_COLUMNS
                               ", k.keys FROM cdp_data.match_record r JOIN cdp_data.match_key k USING "
                               "(record_id) WHERE r.record_id = ANY ($1)",
                               INT8ARRAYOID};
    return query;
}
PreparedQuery& neighbours_query() {
    static PreparedQuery query{
        "SELECT " RECORD_COLUMNS
        ", k.keys FROM (SELECT DISTINCT o.record_id FROM cdp_data.match_key d JOIN cdp_data.match_key o "
        "ON o.keys && d.keys WHERE d.record_id = ANY ($1)) n JOIN cdp_data.match_record r USING (record_id) "
        "JOIN cdp_data.match_key k USING (record_id)",
        INT8ARRAYOID};
    return query;
}
#undef RECORD_COLUMNS

constexpr RecordColumn kKeysColumn[] = {{"keys", RecordColumnKind::kBigintArray}};

// Writes the keys of the records it reads, some thousand at a time.
class KeyWriter {
  public:
    KeyWriter(const id::KnownModel& known, MemoryBudget& budget, const ResultSet& rows, MemoryContext context)
        : known_(known), budget_(budget), rows_(rows), context_(context), keys_(&budget) {}

    void start(TupleDesc description) { check_record_columns(description, {}); }
    void read(TupleTableSlot* slot) { read_record_row(slot, row_); }
    void add() {
        if (!store_) store_.emplace(budget_, tick_);
        store_->add(row_.record());
        if (store_->size() == kAtOnce) flush();
    }
    void flush() {
        if (!store_) return;
        store_->finish();
        const id::SharedValues shared(*store_, UINT32_MAX, tick_, &known_.shared);
        for (uint32_t i = 0; i < store_->size(); ++i) {
            id::match_keys(*store_, shared, known_, i, keys_);
            put(store_->record_id(i));
        }
        store_.reset();
    }

  private:
    static constexpr uint32_t kAtOnce = 20'000;

    void put(int64 record_id) {
        pg_call([&] {
            MemoryContext caller = MemoryContextSwitchTo(context_);
            auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (keys_.size() + 1)));
            for (size_t k = 0; k < keys_.size(); ++k) elements[k] = Int64GetDatum(keys_[k]);
            ArrayType* array = construct_array(elements, static_cast<int>(keys_.size()), INT8OID,
                                               sizeof(int64), true, TYPALIGN_DOUBLE);
            Datum values[2] = {Int64GetDatum(record_id), PointerGetDatum(array)};
            bool nulls[2] = {false, false};
            tuplestore_putvalues(rows_.store, rows_.description, values, nulls);
            MemoryContextSwitchTo(caller);
            MemoryContextReset(context_);
        });
    }

    const id::KnownModel& known_;
    MemoryBudget& budget_;
    const ResultSet& rows_;
    MemoryContext context_;
    Tick tick_;  // silent: the executor looks for interrupts
    RecordRow row_{};
    std::optional<id::RecordStore> store_;
    std::pmr::vector<int64_t> keys_;
};

struct RecordReader {
    id::RecordStore* store;
    RecordRow row;

    void start(TupleDesc description) { check_record_columns(description, {}); }
    void read(TupleTableSlot* slot) { read_record_row(slot, row); }
    void add() { store->add(row.record()); }
};

struct KeyedReader {
    id::NeighbourSearch* search;
    bool are_changed;
    RecordRow row;
    const int64* keys;
    size_t key_count;

    void start(TupleDesc description) { check_record_columns(description, kKeysColumn); }
    void read(TupleTableSlot* slot) {
        read_record_row(slot, row);
        keys = nullptr;
        key_count = 0;
        if (slot->tts_isnull[kRecordColumns]) return;
        ArrayType* array = DatumGetArrayTypeP(slot->tts_values[kRecordColumns]);
        if (array_contains_nulls(array)) return;
        keys = reinterpret_cast<const int64*>(ARR_DATA_PTR(array));
        key_count = static_cast<size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
    }
    void add() {
        static_assert(sizeof(int64) == sizeof(int64_t));
        const std::span<const int64_t> all(reinterpret_cast<const int64_t*>(keys), key_count);
        if (are_changed) {
            search->add_changed(row.record(), all);
        } else {
            search->add_other(row.record(), all);
        }
    }
};

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_match_keys);
Datum cdp_match_keys(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const bool all = PG_ARGISNULL(0);
    const Datum ids = fcinfo->args[0].value;
    const int32 model = PG_GETARG_INT32(1);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of match keys", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        const auto& known = known_model(model);
        KeyWriter writer(known, budget, rows, row_context);
        if (all) {
            read_query(kAllRecords, writer);
        } else {
            read_prepared(records_query(), ids, writer);
        }
        writer.flush();
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_find_neighbours);
Datum cdp_find_neighbours(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const Datum ids = fcinfo->args[0].value;
    const int32 model = PG_GETARG_INT32(1);
    const double threshold = threshold_argument(fcinfo, 2);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of neighbours", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick;
        const auto& known = known_model(model);
        cdp::identity::Settings settings;
        settings.threshold = threshold;
        settings.households = true;
        cdp::identity::RecordStore store(budget, tick);
        cdp::identity::NeighbourSearch search(store, known, settings, tick);
        KeyedReader reader{&search, true, {}, nullptr, 0};
        read_prepared(changed_query(), ids, reader);
        reader.are_changed = false;
        read_prepared(neighbours_query(), ids, reader);
        tick = backend_tick();
        const cdp::identity::Neighbours neighbours = search.run();
        ResolutionWriter writer(rows, row_context);
        write_neighbours(writer, neighbours, tick);
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_resolve_links);
Datum cdp_resolve_links(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const Datum ids = fcinfo->args[0].value;
    const BigintArray left = bigint_array_argument(fcinfo, 1, "link_a");
    const BigintArray right = bigint_array_argument(fcinfo, 2, "link_b");
    check_same_size("link", left, right);
    const int32 model = PG_GETARG_INT32(3);
    const double threshold = threshold_argument(fcinfo, 4);
    const Decisions decisions = Decisions::arguments(fcinfo, 5);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of resolution", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick;
        const auto& known = known_model(model);
        cdp::identity::Settings settings;
        settings.threshold = threshold;
        settings.households = true;
        // Identifiers of too many records are known by the model: what is here is a part of the records.
        settings.max_identifier_records = UINT32_MAX;
        cdp::identity::RecordStore store(budget, tick);
        RecordReader reader{&store, {}};
        read_prepared(records_query(), ids, reader);
        tick = backend_tick();
        store.finish();
        const auto links = pairs(left, right, budget);
        const auto cannot_link = pairs(decisions.cannot_a, decisions.cannot_b, budget);
        const auto must_link = pairs(decisions.must_a, decisions.must_b, budget);
        const cdp::identity::Resolution resolution =
            cdp::identity::resolve_links(store, links, cannot_link, must_link, settings, known, tick);
        ResolutionWriter writer(rows, row_context);
        write_resolution(writer, resolution, tick);
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
