// SPDX-License-Identifier: PostgreSQL
// cdp._resolve_keys and cdp._resolve_rows: the identity engine for whom only the people matter. One row per
// record, in the order of the keys, with its cluster numbered already, so that nothing is left to join,
// number or sort in SQL.
#include "bridge/postgres.hpp"

extern "C" {
#include "common/hashfn.h"
#include "utils/date.h"
}

#include <algorithm>
#include <chrono>
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
#include "identity/row_gatherer.hpp"
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

[[noreturn]] void raise_null_key() {
    ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the key of a record is null"),
                    errhint("Give every record a key.")));
}

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
        if (nulls[0]) raise_null_key();
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

// Feeds the gatherer and the keys from rows that nobody has cleaned: record_key, sort_number, then a text for
// each column of the layout.
struct TableReader {
    id::RowGatherer* gatherer;
    Keys* keys;
    std::pmr::vector<int64_t>* order_keys;
    int columns;
    std::string_view* values;
    std::string_view key;
    bool has_number;
    int64_t number;
    int64_t order_key;

    static constexpr int kFirstValue = 2;

    void start(TupleDesc description) {
        bool fits = description->natts == columns + kFirstValue;
        for (int i = 0; fits && i < description->natts; ++i) {
            const Oid type = getBaseType(TupleDescAttr(description, i)->atttypid);
            fits = i == 1 ? type == INT8OID : type == TEXTOID || type == VARCHAROID;
        }
        if (fits) return;
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("the query returns the wrong columns"),
                        errhint("The query must return record_key text, sort_number bigint and a text for "
                                "each of the %d fields.",
                                columns)));
    }
    void read(TupleTableSlot* slot) {
        if (slot->tts_isnull[0]) raise_null_key();
        key = text_view(slot->tts_values[0]);
        has_number = !slot->tts_isnull[1];
        number = has_number ? DatumGetInt64(slot->tts_values[1]) : 0;
        // As hashtextextended(key, 0), which the order of records is made of everywhere.
        order_key = static_cast<int64_t>(DatumGetUInt64(hash_any_extended(
            reinterpret_cast<const unsigned char*>(key.data()), static_cast<int>(key.size()), 0)));
        for (int i = 0; i < columns; ++i) {
            const bool is_null = slot->tts_isnull[kFirstValue + i];
            values[i] = is_null ? std::string_view() : text_view(slot->tts_values[kFirstValue + i]);
        }
    }
    void add() {
        gatherer->add(std::span(values, static_cast<size_t>(columns)), order_key);
        order_keys->push_back(order_key);
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

// read(store, order_keys) runs the query.
template <typename Read>
void resolve_keys(Read&& read, double threshold, MemoryBudget& budget, Tick& tick, Keys& keys,
                  Placed& placed) {
    id::RecordStore store(budget, tick);
    {
        std::pmr::vector<int64_t> order_keys(&budget);
        read(store, order_keys);
        tick = backend_tick();
        store.finish(workers());
        check_unique(store, order_keys, keys);
    }
    placed = Placed(keys.size(), budget);
    id::Settings settings;
    settings.threshold = threshold;
    settings.workers = workers();
    settings.only_people = true;
    const id::Resolution resolution = id::resolve(store, {}, settings, tick);
    for (size_t i = 0; i < resolution.clusters.size(); ++i) {
        tick();
        const id::ClusterRow& row = resolution.clusters[i];
        placed.head[static_cast<size_t>(row.record)] = static_cast<uint32_t>(row.representative);
        placed.strongest[static_cast<size_t>(row.record)] = resolution.strongest[i];
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

double threshold_of(double threshold) {
    if (!(threshold > 0 && threshold < 1)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("threshold must be a probability between 0 and 1, both excluded"),
                        errhint("0.5 merges what is likelier the same person than not; 0.75 is cautious.")));
    }
    return threshold;
}

// The people of the records that `read(keys, budget, store, order_keys)` reads.
template <typename Read>
void answer(const ResultSet& rows, double threshold, Read&& read) {
    MemoryBudget budget = backend_budget();
    Tick tick;  // silent while the executor runs: it looks for interrupts itself
    Keys keys(budget);
    Placed placed(0, budget);
    // What the engine took is given back before the answer is written.
    resolve_keys([&](id::RecordStore& store,
                     std::pmr::vector<int64_t>& order_keys) { read(keys, budget, store, order_keys); },
                 threshold, budget, tick, keys, placed);
    keys.sort(tick);
    write(rows, keys, placed, budget, tick);
}

std::chrono::year_month_day day_of(DateADT date) {
    // Other years make no difference to a birth date.
    constexpr int64_t kFirst = -719162;  // 0001-01-01
    constexpr int64_t kLast = 2932896;   // 9999-12-31
    const int64_t since_1970 = int64_t{date} + POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
    return std::chrono::sys_days(std::chrono::days(std::clamp(since_1970, kFirst, kLast)));
}

void check_orders(const TextArray& fields, const TextArray& date_orders) {
    if (fields.size == date_orders.size) return;
    ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("fields and date_orders differ in length"),
                    errdetail("One has %d elements, the other %d.", fields.size, date_orders.size),
                    errhint("Give an order for every field.")));
}

id::RowLayout layout_of(const TextArray& fields, const TextArray& date_orders, DateADT as_of,
                        std::string_view country) {
    id::RowLayout layout;
    layout.country = country;
    layout.as_of = day_of(as_of);
    for (int i = 0; i < fields.size; ++i) {
        layout.columns.push_back({id::parse_row_field(pg_call([&] { return fields[i]; })),
                                  cdp::text::parse_date_order(pg_call([&] { return date_orders[i]; }))});
    }
    return layout;
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_resolve_keys);
Datum cdp_resolve_keys(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const double threshold = threshold_of(PG_GETARG_FLOAT8(1));
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        answer(rows, threshold, [&](Keys& keys, cdp::MemoryBudget&, auto& store, auto& order_keys) {
            KeyedReader reader{&store, &keys, &order_keys, {}, {}, false, 0};
            read_query(query, reader);
        });
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_resolve_rows);
Datum cdp_resolve_rows(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const TextArray fields = text_array_argument(fcinfo, 1);
    const TextArray date_orders = text_array_argument(fcinfo, 2);
    const DateADT as_of = PG_GETARG_DATEADT(3);
    const std::string_view country = text_argument(fcinfo, 4);
    const double threshold = threshold_of(PG_GETARG_FLOAT8(5));
    check_orders(fields, date_orders);
    auto* values = static_cast<std::string_view*>(palloc0(sizeof(std::string_view) * (fields.size + 1)));
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        const id::RowLayout layout = layout_of(fields, date_orders, as_of, country);
        answer(rows, threshold, [&](Keys& keys, cdp::MemoryBudget& budget, auto& store, auto& order_keys) {
            id::RowGatherer gatherer(layout, workers(), store, budget);
            TableReader reader{&gatherer, &keys, &order_keys, fields.size, values, {}, false, 0, 0};
            read_query(query, reader);
            gatherer.finish();
        });
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_clean_row);
Datum cdp_clean_row(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const TextArray raw = text_array_argument(fcinfo, 0);
    const TextArray fields = text_array_argument(fcinfo, 1);
    const TextArray date_orders = text_array_argument(fcinfo, 2);
    const DateADT as_of = PG_GETARG_DATEADT(3);
    const std::string_view country = text_argument(fcinfo, 4);
    check_orders(fields, date_orders);
    if (raw.size != fields.size) {
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("values and fields differ in length"),
                        errdetail("One has %d elements, the other %d.", raw.size, fields.size)));
    }
    auto* values = static_cast<std::string_view*>(palloc0(sizeof(std::string_view) * (raw.size + 1)));
    for (int i = 0; i < raw.size; ++i) values[i] = raw[i];
    constexpr int kFields = id::kTextFields + 1;
    auto* texts = static_cast<PallocText*>(palloc0(sizeof(PallocText) * (kFields + raw.size)));
    const int size = guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        const id::RowLayout layout = layout_of(fields, date_orders, as_of, country);
        id::RawRows rows(layout.columns.size(), budget);
        rows.add(std::span(values, layout.columns.size()), 0);
        id::CleanRows cleaned(budget);
        id::RowCleaner(layout, budget).clean(rows, 0, 1, cleaned);
        const id::RecordInput& record = cleaned.records().front();
        int n = 0;
        for (int field = 0; field < id::kTextFields; ++field) {
            // The birth date stands between the names and the e-mail.
            if (field == id::kEmailKey) {
                texts[n++] = palloc_copy(record.birth_date == id::kNoDate
                                             ? std::string_view()
                                             : id::iso_of(id::date_of(record.birth_date)).view());
            }
            texts[n++] = palloc_copy(record.text[static_cast<size_t>(field)]);
        }
        for (const std::string_view identifier : record.identifiers) texts[n++] = palloc_copy(identifier);
        return n;
    });
    auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * size));
    auto* nulls = static_cast<bool*>(palloc(sizeof(bool) * size));
    for (int i = 0; i < size; ++i) {
        nulls[i] = texts[i].size == 0;
        elements[i] = nulls[i] ? Datum{0} : make_text(texts[i].view());
    }
    const int lower = 1;
    PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, 1, const_cast<int*>(&size),
                                             const_cast<int*>(&lower), TEXTOID, -1, false, TYPALIGN_INT));
}

}  // extern "C"
