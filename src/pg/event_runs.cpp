// SPDX-License-Identifier: PostgreSQL
// What is stored already, and writing what is not: the half of EventStore that knows cdp_data.event and its
// runs.
#include <algorithm>
#include <bit>

#include "bridge/run_sql.hpp"
#include "event_store.hpp"
#include "event_table.hpp"
#include "ingest/packed_json.hpp"

extern "C" {
#include "utils/jsonb.h"
}
#undef Abs
#undef Max
#undef Min

namespace cdp::pg {

using ingest::HashedRow;
using ingest::KeyBlock;
using ingest::KeyEntry;

namespace {

// Runs shorter than this are merged into the next ones.
constexpr int64_t kLongRun = 1000000;

struct Run {
    int64_t run_id;
    int64_t entries;
};

struct RunReader {
    std::vector<Run>* runs;
    Run run;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        run = {DatumGetInt64(slot->tts_values[0]), DatumGetInt64(slot->tts_values[1])};
    }
    void add() { runs->push_back(run); }
};

template <typename Take>
struct BlockReader {
    Take take;
    std::string_view bytes;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        bytes = text_view(slot->tts_values[0]);
    }  // a bytea is laid out as a text
    void add() { take(KeyBlock(bytes)); }
};
template <typename Take>
BlockReader(Take, std::string_view) -> BlockReader<Take>;

struct PlaceReader {
    const std::pmr::unordered_multimap<std::string_view, uint32_t>* wanted = nullptr;
    std::pmr::vector<KeyEntry>* entries =
        nullptr;  // with the number of the event for a hash, where keys are wanted
    std::string_view key;
    uint64_t place;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        const ItemPointer tid = reinterpret_cast<ItemPointer>(DatumGetPointer(slot->tts_values[0]));
        place = static_cast<uint64_t>(ItemPointerGetBlockNumber(tid)) << 16 | ItemPointerGetOffsetNumber(tid);
        key = text_view(slot->tts_values[1]);
    }
    void add() {
        if (wanted == nullptr) {
            entries->push_back({ingest::event_key_hash(key), place});
            return;
        }
        const auto [from, to] = wanted->equal_range(key);
        for (auto at = from; at != to; ++at) entries->push_back({at->second, place});
    }
};

}  // namespace

void EventStore::prepare_runs() {
    if (runs_ready_) return;
    runs_ready_ = true;
    Workspace workspace("cdp runs of event keys");
    std::vector<Run> runs;
    RunReader reader{&runs, {}};
    const Parameter source{INT4OID, Int32GetDatum(options_.source_id)};
    read_sql("SELECT r.run_id, r.entries FROM cdp_data.event_key_run r WHERE r.source_id = $1", {source},
             reader);
    if (runs.empty()) {
        rebuild_runs();
        return;
    }
    for (const Run& run : runs) {
        entries_ += run.entries;
        runs_ += run.entries > 0;
    }
}

// From the table: for events that were there before, or were written by others.
void EventStore::rebuild_runs() {
    const Parameter source{INT4OID, Int32GetDatum(options_.source_id)};
    // That there is one says that the runs are complete.
    run_sql("INSERT INTO cdp_data.event_key_run (source_id, entries) VALUES ($1, 0)", {source});
    std::pmr::vector<KeyEntry> entries(&budget_);
    struct Reader : PlaceReader {
        EventStore* store;
        std::pmr::vector<KeyEntry>* all;
        void add() {
            PlaceReader::add();
            if (all->size() >= static_cast<size_t>(kLongRun)) {
                std::sort(all->begin(), all->end());
                store->write_run(*all);
            }
        }
    } reader;
    reader.entries = &entries;
    reader.store = this;
    reader.all = &entries;
    read_sql("SELECT e.ctid, e.event_key FROM cdp_data.event e WHERE e.source_id = $1", {source}, reader);
    std::sort(entries.begin(), entries.end());
    write_run(entries);
}

void EventStore::find_stored(std::span<StagedEvent> events) {
    kind_ids_.clear();
    for (const Kind& kind : kinds_) kind_ids_.push_back(kind.kind_id);
    fresh_.clear();
    if (hashes_.empty()) return;
    if (table_ == nullptr)
        table_ = pg_call([&] { return EventTable::open(options_.source_id, options_.batch_id); });
    table_->default_currency = options_.currency.data();
    table_->default_currency_size = options_.currency.size();
    prepare_runs();
    if (entries_ == 0 && pending_.empty()) return;
    std::pmr::vector<Stored> hits(&budget_);
    const auto match = [&](const KeyBlock& block) {
        tick_();
        ingest::match_block(hashes_, block, [&](size_t i, const KeyEntry& entry) {
            hits.push_back({static_cast<uint32_t>(hashes_[i].row), entry.place});
        });
    };
    for (const auto& run : pending_) {
        size_t k = 0;
        for (const HashedRow& row : hashes_) {
            while (k < run.size() && run[k].hash < row.hash) ++k;
            for (size_t j = k; j < run.size() && run[j].hash == row.hash; ++j)
                hits.push_back({static_cast<uint32_t>(row.row), run[j].place});
        }
    }
    Workspace workspace("cdp keys of events");
    BlockReader reader{match, {}};
    const Parameter source{INT4OID, Int32GetDatum(options_.source_id)};
    const int64_t blocks = entries_ / static_cast<int64_t>(ingest::kBlockEntries) + runs_;
    if (entries_ == 0) {
        // Nothing is stored but by this ingestion.
    } else if (static_cast<int64_t>(hashes_.size()) * runs_ * 4 < blocks) {
        std::vector<int64_t> wanted;
        for (const HashedRow& row : hashes_) wanted.push_back(static_cast<int64_t>(row.hash));
        read_sql(
            "SELECT b.entries FROM (SELECT DISTINCT r.run_id, f.first_hash FROM cdp_data.event_key_run r, "
            "unnest($2) AS u(hash), "
            "LATERAL (SELECT k.first_hash FROM cdp_data.event_key_block k WHERE k.source_id = $1 AND "
            "k.run_id = r.run_id AND k.first_hash <= u.hash "
            "ORDER BY k.first_hash DESC LIMIT 1) AS f WHERE r.source_id = $1) AS d "
            "JOIN cdp_data.event_key_block b ON b.source_id = $1 AND b.run_id = d.run_id AND b.first_hash = "
            "d.first_hash",
            {source, {INT8ARRAYOID, bigint_array(wanted)}}, reader);
    } else {
        read_sql("SELECT b.entries FROM cdp_data.event_key_block b WHERE b.source_id = $1", {source}, reader);
    }
    compare(events, hits);
    std::pmr::vector<uint32_t> lost(&budget_);
    for (const Stored& hit : hits) {
        if (state_[hit.event] == EventTable::kNew) lost.push_back(hit.event);
    }
    std::sort(lost.begin(), lost.end());
    lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
    if (!lost.empty()) search_table(events, lost);
}

void EventStore::compare(std::span<StagedEvent> events, std::pmr::vector<Stored>& hits) {
    // In the order of the table.
    std::sort(hits.begin(), hits.end(), [](const Stored& a, const Stored& b) {
        return a.place != b.place ? a.place < b.place : a.event < b.event;
    });
    std::pmr::vector<uint8_t> verdicts(hits.size(), 0, &budget_);
    pg_call([&] { table_->begin_reading(); });
    for (size_t from = 0; from < hits.size(); from += EventTable::kChunk) {
        const size_t to = std::min(hits.size(), from + EventTable::kChunk);
        pg_call([&] {
            CHECK_FOR_INTERRUPTS();
            for (size_t i = from; i < to; ++i) {
                const StagedEvent& event = events[hits[i].event];
                const std::string_view currency =
                    event.currency.empty() ? std::string_view(options_.currency) : event.currency;
                table_->found = hits[i].place;
                verdicts[i] = table_->compare(
                    hits[i].place, event, kind_ids_[static_cast<size_t>(event.kind_index)], currency.data(),
                    currency.size(), confirmed_.contains(ingest::event_key_hash(event.key)));
                hits[i].place = table_->found;
            }
        });
    }
    pg_call([&] { table_->end_reading(); });
    for (size_t i = 0; i < hits.size(); ++i) {
        if (verdicts[i] == EventTable::kElsewhere) continue;
        state_[hits[i].event] = verdicts[i];
        // What a later batch says of it is compared with this reading.
        if (verdicts[i] == EventTable::kSame)
            confirmed_.insert(ingest::event_key_hash(events[hits[i].event].key));
        place_[hits[i].event] = hits[i].place;
    }
}

// Rows that are no longer where they were (the table was rewritten, or restored), or no longer there.
void EventStore::search_table(std::span<StagedEvent> events, std::pmr::vector<uint32_t>& lost) {
    std::pmr::unordered_multimap<std::string_view, uint32_t> wanted(&budget_);
    std::vector<std::string_view> keys;
    for (const uint32_t event : lost) {
        wanted.emplace(events[event].key, event);
        keys.push_back(events[event].key);
    }
    std::pmr::vector<KeyEntry> found(&budget_);
    PlaceReader reader;
    reader.wanted = &wanted;
    reader.entries = &found;
    read_sql(
        "SELECT e.ctid, e.event_key FROM cdp_data.event e WHERE e.source_id = $1 AND e.event_key = ANY ($2)",
        {{INT4OID, Int32GetDatum(options_.source_id)}, {TEXTARRAYOID, text_array(keys)}}, reader);
    std::pmr::vector<Stored> hits(&budget_);
    for (const KeyEntry& entry : found) {
        hits.push_back({static_cast<uint32_t>(entry.hash), entry.place});
        fresh_.push_back({ingest::event_key_hash(events[entry.hash].key), entry.place});
    }
    compare(events, hits);
}

void EventStore::update_changed(std::span<StagedEvent> events) {
    for (const HashedRow& row : hashes_) {
        if (state_[row.row] != EventTable::kChanged && state_[row.row] != EventTable::kReplaced) continue;
        tick_();
        const StagedEvent& event = events[row.row];
        const uint64_t place = place_[row.row];
        const uint64_t now = pg_call(
            [&] { return table_->update(place, event, kind_ids_[static_cast<size_t>(event.kind_index)]); });
        fresh_.push_back({row.hash, now});
        note(event);
        note_properties(event);
        counts_.rows_changed += state_[row.row] == EventTable::kChanged;
    }
}

void EventStore::write_new(std::span<StagedEvent> events) {
    // In the order of records, then of time: one person's events lie together.
    std::pmr::vector<HashedRow> order(&budget_);
    order.reserve(hashes_.size());
    uint64_t greatest = 1;
    bool in_time = true;
    int64_t before = PG_INT64_MIN;
    for (size_t i = 0; i < events.size(); ++i) {
        if (state_[i] != EventTable::kNew) continue;
        order.push_back({static_cast<uint64_t>(events[i].record_id), i});
        greatest = std::max(greatest, static_cast<uint64_t>(events[i].record_id));
        in_time = in_time && events[i].occurred_at >= before;
        before = events[i].occurred_at;
    }
    if (!order.empty()) {
        std::pmr::vector<uint32_t> by_time(&budget_);
        if (!in_time) {
            std::sort(order.begin(), order.end(), [&](const HashedRow& a, const HashedRow& b) {
                const int64_t one = events[a.row].occurred_at, two = events[b.row].occurred_at;
                return one != two ? one < two : a.row < b.row;
            });
            by_time.reserve(order.size());
            for (HashedRow& row : order) {
                by_time.push_back(static_cast<uint32_t>(row.row));
                row.row = by_time.size() - 1;
            }
        }
        // The sort looks at the upper bits first.
        const int shift = 63 - static_cast<int>(std::bit_width(greatest));
        for (HashedRow& row : order) row.hash <<= shift;
        ingest::sort_hashes(order, spare_);
        std::pmr::vector<uint32_t> rows(&budget_);
        rows.reserve(order.size());
        for (const HashedRow& row : order)
            rows.push_back(in_time ? static_cast<uint32_t>(row.row) : by_time[row.row]);
        for (size_t from = 0; from < rows.size(); from += EventTable::kChunk) {
            const int count = static_cast<int>(std::min<size_t>(EventTable::kChunk, rows.size() - from));
            pg_call([&] {
                CHECK_FOR_INTERRUPTS();
                table_->insert(events.data(), kind_ids_.data(), rows.data() + from, count, place_.data());
            });
        }
        for (size_t i = 0; i < events.size(); ++i) {
            if (state_[i] != EventTable::kNew) continue;
            note(events[i]);
            note_properties(events[i]);
        }
        counts_.rows_new += static_cast<int64_t>(rows.size());
        fresh_.reserve(fresh_.size() + rows.size());
        for (const HashedRow& row : hashes_) {
            if (state_[row.row] == EventTable::kNew) fresh_.push_back({row.hash, place_[row.row]});
        }
    }
    if (!std::is_sorted(fresh_.begin(), fresh_.end())) std::sort(fresh_.begin(), fresh_.end());
    keep_pending();
}

void EventStore::keep_pending() {
    if (fresh_.empty()) return;
    pending_entries_ += fresh_.size();
    pending_.emplace_back(std::move(fresh_));
    fresh_.clear();
    if (pending_entries_ >= static_cast<size_t>(kLongRun)) write_pending();
}

void EventStore::write_pending() {
    std::pmr::vector<KeyEntry> all(&budget_);
    all.reserve(pending_entries_);
    for (const auto& run : pending_) all.insert(all.end(), run.begin(), run.end());
    if (pending_.size() > 1) std::sort(all.begin(), all.end());
    pending_.clear();
    pending_entries_ = 0;
    write_run(all);
}

// Small runs are merged with it, so that there are few: each entry is written some log2(n) times until it is
// in a long one.
void EventStore::write_run(std::pmr::vector<KeyEntry>& entries) {
    if (entries.empty()) return;
    Workspace workspace("cdp run of event keys");
    const Parameter source{INT4OID, Int32GetDatum(options_.source_id)};
    if (static_cast<int64_t>(entries.size()) < kLongRun && entries_ > 0) {
        std::vector<Run> runs;
        RunReader reader{&runs, {}};
        read_sql(
            "SELECT r.run_id, r.entries FROM cdp_data.event_key_run r WHERE r.source_id = $1 AND r.entries > "
            "0 ORDER BY r.entries, r.run_id",
            {source}, reader);
        std::vector<int64_t> merged;
        int64_t size = static_cast<int64_t>(entries.size());
        const int64_t own = size;
        for (const Run& run : runs) {
            if (run.entries > size * 2 || run.entries + size > kLongRun) break;
            merged.push_back(run.run_id);
            size += run.entries;
        }
        if (!merged.empty()) {
            entries.reserve(static_cast<size_t>(size));
            const auto take = [&](const KeyBlock& block) {
                for (size_t i = 0; i < block.size(); ++i) entries.push_back(block[i]);
            };
            BlockReader blocks{take, {}};
            const Parameter ids{INT8ARRAYOID, bigint_array(merged)};
            read_sql(
                "SELECT b.entries FROM cdp_data.event_key_block b WHERE b.source_id = $1 AND b.run_id = ANY "
                "($2)",
                {source, ids}, blocks);
            run_sql("DELETE FROM cdp_data.event_key_block b WHERE b.source_id = $1 AND b.run_id = ANY ($2)",
                    {source, ids});
            run_sql("DELETE FROM cdp_data.event_key_run r WHERE r.source_id = $1 AND r.run_id = ANY ($2)",
                    {source, ids});
            std::sort(entries.begin(), entries.end());
            entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
            entries_ -= size - own;
            runs_ -= static_cast<int64_t>(merged.size());
        }
    }
    // Blocks in one statement for some thousand of them.
    std::vector<int64_t> firsts;
    std::vector<std::string> blocks;
    int64_t run_id = 0;
    {
        std::vector<Run> made;
        RunReader reader{&made, {}};
        read_sql(
            "INSERT INTO cdp_data.event_key_run (source_id, entries) VALUES ($1, $2) RETURNING run_id, "
            "entries",
            {source, {INT8OID, Int64GetDatum(static_cast<int64_t>(entries.size()))}}, reader);
        check(made.size() == 1, "a run of keys has a number");
        run_id = made[0].run_id;
    }
    const auto flush = [&] {
        if (firsts.empty()) return;
        Workspace piece("cdp blocks of event keys");
        const std::string* data = blocks.data();
        const int count = static_cast<int>(blocks.size());
        const Datum bytes = pg_call([&] {
            auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * count));
            for (int i = 0; i < count; ++i) elements[i] = make_text({data[i].data(), data[i].size()});
            return PointerGetDatum(construct_array(elements, count, BYTEAOID, -1, false, TYPALIGN_INT));
        });
        run_sql(
            "INSERT INTO cdp_data.event_key_block (source_id, run_id, first_hash, entries) SELECT $1, $2, "
            "u.first_hash, u.entries FROM unnest($3, $4) AS u(first_hash, entries)",
            {source,
             {INT8OID, Int64GetDatum(run_id)},
             {INT8ARRAYOID, bigint_array(firsts)},
             {BYTEAARRAYOID, bytes}});
        firsts.clear();
        blocks.clear();
    };
    ingest::write_blocks(entries, [&](uint64_t first, std::string_view bytes) {
        tick_();
        firsts.push_back(static_cast<int64_t>(first));
        blocks.emplace_back(bytes);
        if (blocks.size() >= 2000) flush();
    });
    flush();
    entries_ += static_cast<int64_t>(entries.size());
    ++runs_;
    entries.clear();
}

// The properties of a new or changed event, from its jsonb.
void EventStore::note_properties(const StagedEvent& event) {
    auto& seen = kinds_[static_cast<size_t>(event.kind_index)].properties;
    const std::string_view bytes(VARDATA(event.properties), VARSIZE(event.properties) - VARHDRSZ);
    auto& last = kinds_[static_cast<size_t>(event.kind_index)].last_fields;
    size_t position = 0;
    ingest::each_field(bytes, [&](std::string_view name, ingest::FieldType type) {
        if (type == ingest::FieldType::kOther) return;
        const unsigned bit = type == ingest::FieldType::kNumber    ? 1
                             : type == ingest::FieldType::kBoolean ? 2
                                                                   : 4;
        if (position >= last.size() && position < 64) last.resize(position + 1);
        const size_t here = position++;
        if (here < last.size()) {
            if (last[here].second == bit && last[here].first == name) return;
            last[here] = {std::string(name), bit};
        }
        const auto place = seen.find(name);
        if (place == seen.end())
            seen.emplace(std::string(name), bit);
        else
            place->second |= bit;
    });
}

}  // namespace cdp::pg
