// SPDX-License-Identifier: PostgreSQL
// Resolving what has changed (core: identity/increment.hpp). What the engine compares of each record is kept
// in cdp_data.match_record, with its keys. The queries are fixed, so that they are planned
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
PreparedQuery& changed_query() {
    static PreparedQuery query{"SELECT " RECORD_COLUMNS
                               ", r.keys FROM cdp_data.match_record r WHERE r.record_id = ANY ($1)",
                               INT8ARRAYOID};
    return query;
}
// A record comes once for every changed one that it shares a key with.
PreparedQuery& neighbours_query() {
    static PreparedQuery query{
        "SELECT " RECORD_COLUMNS
        ", r.keys FROM cdp_data.match_record d JOIN cdp_data.match_record r ON r.keys && "
        "d.keys WHERE d.record_id = ANY ($1)",
        INT8ARRAYOID};
    return query;
}
#undef RECORD_COLUMNS

// The query of the caller, who always gives the same.
PreparedQuery& match_query(const char* text) {
    static PreparedQuery query{nullptr, INT8ARRAYOID};
    query.prepare_for(text);
    return query;
}

constexpr RecordColumn kKeysColumn[] = {{"keys", RecordColumnKind::kBigintArray}};

// Gives the rows it reads back, with their keys: some thousand at a time.
class KeyWriter {
  public:
    KeyWriter(const id::KnownModel& known, MemoryBudget& budget, const ResultSet& rows, MemoryContext context)
        : known_(known), budget_(budget), rows_(rows), context_(context), keys_(&budget), index_(&budget) {}

    void start(TupleDesc description) { check_record_columns(description, {}); }
    void read(TupleTableSlot* slot) {
        read_record_row(slot, row_);
        if (kept_ == nullptr) prepare(slot->tts_tupleDescriptor);
        MemoryContext caller = MemoryContextSwitchTo(kept_context_);
        kept_[count_] = ExecCopySlotMinimalTuple(slot);
        MemoryContextSwitchTo(caller);
    }
    void add() {
        if (!store_) store_.emplace(budget_, tick_);
        id::RecordInput record = row_.record();
        record.record_id = count_++;
        store_->add(record);
        if (count_ == kAtOnce) flush();
    }
    void flush() {
        if (!store_) return;
        store_->finish();
        const id::SharedValues shared(*store_, UINT32_MAX, tick_, &known_.shared);
        index_.resize(count_);
        for (uint32_t i = 0; i < store_->size(); ++i) index_[static_cast<size_t>(store_->record_id(i))] = i;
        for (uint32_t i = 0; i < count_; ++i) {
            id::match_keys(*store_, shared, known_, index_[i], keys_);
            pg_call([&] { put(kept_[i]); });
        }
        store_.reset();
        pg_call([&] { MemoryContextReset(kept_context_); });
        count_ = 0;
    }

  private:
    static constexpr uint32_t kAtOnce = 20'000;

    // Plain C.
    void prepare(TupleDesc description) {
        MemoryContext caller = MemoryContextSwitchTo(context_);
        kept_context_ = AllocSetContextCreate(context_, "cdp rows to write", ALLOCSET_DEFAULT_SIZES);
        kept_ = static_cast<MinimalTuple*>(palloc(sizeof(MinimalTuple) * kAtOnce));
        slot_ = MakeSingleTupleTableSlot(CreateTupleDescCopy(description), &TTSOpsMinimalTuple);
        MemoryContextSwitchTo(caller);
    }
    // Plain C.
    void put(MinimalTuple tuple) {
        ExecStoreMinimalTuple(tuple, slot_, false);
        slot_getallattrs(slot_);
        MemoryContext caller = MemoryContextSwitchTo(kept_context_);
        Datum values[kRecordColumns + 1];
        bool nulls[kRecordColumns + 1];
        for (int c = 0; c < kRecordColumns; ++c) {
            values[c] = slot_->tts_values[c];
            nulls[c] = slot_->tts_isnull[c];
        }
        static_assert(sizeof(Datum) == sizeof(int64_t));
        auto* elements = reinterpret_cast<Datum*>(keys_.data());
        values[kRecordColumns] = PointerGetDatum(construct_array(
            elements, static_cast<int>(keys_.size()), INT8OID, sizeof(int64), true, TYPALIGN_DOUBLE));
        nulls[kRecordColumns] = false;
        tuplestore_putvalues(rows_.store, rows_.description, values, nulls);
        pfree(DatumGetPointer(values[kRecordColumns]));
        MemoryContextSwitchTo(caller);
        ExecClearTuple(slot_);
    }

    const id::KnownModel& known_;
    MemoryBudget& budget_;
    const ResultSet& rows_;
    MemoryContext context_;
    MemoryContext kept_context_ = nullptr;
    MinimalTuple* kept_ = nullptr;
    TupleTableSlot* slot_ = nullptr;
    Tick tick_;  // silent: the executor looks for interrupts
    RecordRow row_{};
    uint32_t count_ = 0;
    std::optional<id::RecordStore> store_;
    std::pmr::vector<int64_t> keys_;
    std::pmr::vector<uint32_t> index_;
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

PG_FUNCTION_INFO_V1(cdp_match_rows);
Datum cdp_match_rows(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const bool all = PG_ARGISNULL(1);
    const Datum ids = fcinfo->args[1].value;
    const int32 model = PG_GETARG_INT32(2);
    ResultSet rows = ResultSet::open(fcinfo);
    // The rows may be many: not in a context of the caller's.
    MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp match rows", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        KeyWriter writer(known_model(model), budget, rows, context);
        if (all) {
            read_query(query, writer);
        } else {
            read_prepared(match_query(query), ids, writer);
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
