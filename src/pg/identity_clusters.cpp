// SPDX-License-Identifier: PostgreSQL
// cdp._resolve_keys: the identity engine for whom only the people matter. One row per record, in the order of
// the keys, with its cluster numbered already, so that nothing is left to join, number or sort in SQL.
#include "bridge/postgres.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/memory_budget.hpp"
#include "base/utf8.hpp"
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

constexpr RecordColumn kKeyColumns[] = {{"record_key", RecordColumnKind::kText},
                                        {"sort_number", RecordColumnKind::kBigint}};

// The keys in order of arrival, kept as values of type text, ready for the rows of the answer.
class Keys {
  public:
    explicit Keys(MemoryBudget& budget) : arena_(&budget), texts_(&budget), places_(&budget) {}

    uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }
    Datum datum(uint32_t i) const { return PointerGetDatum(texts_[i]); }
    std::string_view text(uint32_t i) const {
        return {VARDATA(texts_[i]), static_cast<size_t>(VARSIZE(texts_[i]) - VARHDRSZ)};
    }

    void add(std::string_view key, bool has_number, int64_t number) {
        const size_t bytes = VARHDRSZ + key.size();
        auto* text = static_cast<char*>(arena_.allocate(bytes, alignof(int32_t)));
        SET_VARSIZE(text, bytes);
        std::memcpy(VARDATA(text), key.data(), key.size());
        texts_.push_back(text);
        const uint64_t place =
            has_number ? static_cast<uint64_t>(number) ^ uint64_t { 1 } << 63 : first_bytes(key);
        places_.push_back({place, static_cast<uint32_t>(places_.size())});
    }

    // By number, or by bytes where there is none; once, after the last key.
    void sort(Tick& tick) {
        std::sort(places_.begin(), places_.end(), [&](const Place& a, const Place& b) {
            tick();
            if (a.place != b.place) return a.place < b.place;
            const int order = text(a.record).compare(text(b.record));
            return order != 0 ? order < 0 : a.record < b.record;
        });
    }
    uint32_t at(uint32_t position) const { return places_[position].record; }

  private:
    struct Place {
        uint64_t place;
        uint32_t record;
    };
    static uint64_t first_bytes(std::string_view key) {
        uint64_t bytes = 0;
        for (size_t i = 0; i < sizeof bytes; ++i) {
            bytes = bytes << 8 | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
        }
        return bytes;
    }

    std::pmr::monotonic_buffer_resource arena_;
    std::pmr::vector<char*> texts_;
    std::pmr::vector<Place> places_;
};

// Feeds the store and the keys. In the store a record is called by its number of arrival: the engine's answer
// then says at once which key it is about. Its order is that of order_key alone.
struct KeyedReader {
    id::RecordStore* store;
    Keys* keys;
    std::pmr::vector<int64_t>* order_keys;
    RecordRow row;
    std::string_view key;
    bool has_number;
    int64_t number;

    void start(TupleDesc description) { check_record_columns(description, kKeyColumns); }
    void read(TupleTableSlot* slot) {
        read_record_row(slot, row);
        const bool* nulls = slot->tts_isnull + kRecordColumns;
        const Datum* values = slot->tts_values + kRecordColumns;
        if (nulls[0]) {
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the key of a record is null"),
                            errhint("Give every record a key.")));
        }
        key = text_view(values[0]);
        has_number = !nulls[1];
        number = nulls[1] ? 0 : DatumGetInt64(values[1]);
    }
    void add() {
        id::RecordInput record = row.record();
        record.record_id = keys->size();
        store->add(record);
        order_keys->push_back(record.order_key);
        keys->add(key, has_number, number);
    }
};

// Equal ones would be ordered by accident, and a key that is in two rows has one person in two places.
void check_unique(const id::RecordStore& store, std::span<const int64_t> order_keys, const Keys& keys) {
    for (uint32_t i = 1; i < store.size(); ++i) {
        const auto record = static_cast<uint32_t>(store.record_id(i));
        if (order_keys[record] != order_keys[static_cast<size_t>(store.record_id(i - 1))]) continue;
        throw Error(ErrorCode::kInvalidInput, "a record appears twice",
                    "The order_key of " + std::string(clip_utf8(keys.text(record), 100)) +
                        " was returned more than once.",
                    "Make the query return each record once.");
    }
}

// By number of arrival: who is first in the record's cluster, and the strongest pair that ties it there.
struct Placed {
    explicit Placed(uint32_t records, MemoryBudget& budget)
        : head(records, 0, &budget), strongest(records, -1.0, &budget) {}

    std::pmr::vector<uint32_t> head;
    std::pmr::vector<double> strongest;  // negative: none
};

void resolve_keys(const char* query, double threshold, MemoryBudget& budget, Tick& tick, Keys& keys,
                  Placed& placed) {
    id::RecordStore store(budget, tick);
    {
        std::pmr::vector<int64_t> order_keys(&budget);
        KeyedReader reader{&store, &keys, &order_keys, {}, {}, false, 0};
        read_query(query, reader);
        tick = backend_tick();
        store.finish(workers());
        check_unique(store, order_keys, keys);
    }
    placed = Placed(keys.size(), budget);
    id::Settings settings;
    settings.threshold = threshold;
    settings.workers = workers();
    const id::Resolution resolution = id::resolve(store, {}, settings, tick);
    for (const id::ClusterRow& row : resolution.clusters) {
        tick();
        placed.head[static_cast<size_t>(row.record)] = static_cast<uint32_t>(row.representative);
    }
    for (const id::Edge& edge : resolution.edges) {
        tick();
        const double probability = edge.reason == id::Reason::kIdentifier ? 1.0 : edge.probability;
        for (const int64_t record : {edge.record_a, edge.record_b}) {
            double& strongest = placed.strongest[static_cast<size_t>(record)];
            strongest = std::max(strongest, probability);
        }
    }
}

void write(const ResultSet& rows, const Keys& keys, const Placed& placed, MemoryBudget& budget, Tick& tick) {
    constexpr uint32_t kRowsAtOnce = 256;
    std::pmr::vector<uint32_t> cluster_of(keys.size(), 0, &budget);  // by head
    uint32_t clusters = 0;
    for (uint32_t start = 0; start < keys.size(); start += kRowsAtOnce) {
        const uint32_t end = std::min(keys.size(), start + kRowsAtOnce);
        for (uint32_t i = start; i < end; ++i) {
            tick();
            uint32_t& cluster = cluster_of[placed.head[keys.at(i)]];
            if (cluster == 0) cluster = ++clusters;
        }
        pg_call([&] {
            for (uint32_t i = start; i < end; ++i) {
                const uint32_t record = keys.at(i);
                Datum values[3] = {keys.datum(record), Int64GetDatum(cluster_of[placed.head[record]]),
                                   Float8GetDatum(placed.strongest[record])};
                bool nulls[3] = {false, false, placed.strongest[record] < 0};
                tuplestore_putvalues(rows.store, rows.description, values, nulls);
            }
        });
    }
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_resolve_keys);
Datum cdp_resolve_keys(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const double threshold = PG_GETARG_FLOAT8(1);
    if (!(threshold > 0 && threshold < 1)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("threshold must be a probability between 0 and 1, both excluded"),
                        errhint("0.5 merges what is likelier the same person than not; 0.75 is cautious.")));
    }
    ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick;  // silent while the executor runs: it looks for interrupts itself
        Keys keys(budget);
        Placed placed(0, budget);
        // What the engine took is given back before the answer is written.
        resolve_keys(query, threshold, budget, tick, keys, placed);
        keys.sort(tick);
        write(rows, keys, placed, budget, tick);
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
