// SPDX-License-Identifier: PostgreSQL
#include "event_store.hpp"

#include <algorithm>

#include "bridge/run_sql.hpp"
#include "event_table.hpp"

namespace cdp::pg {

EventStore::EventStore(StoreOptions options, MemoryBudget& budget, Tick& tick)
    : options_(std::move(options)),
      budget_(budget),
      tick_(tick),
      people_(&budget),
      hashes_(&budget),
      spare_(&budget),
      state_(&budget),
      place_(&budget),
      fresh_(&budget),
      pending_(&budget),
      confirmed_(&budget) {}

EventStore::~EventStore() = default;

void EventStore::add(std::span<StagedEvent> events, OriginalSource& originals) {
    check_events(events, originals);
    find_kinds(events);
    find_people(events);
    keep_one(events, originals);
    find_stored(events);
    update_changed(events);
    write_new(events);
}

// Why an event cannot be kept; the first reason that holds.
void EventStore::check_events(std::span<StagedEvent> events, OriginalSource& originals) {
    constexpr int64_t kYear1900 = int64_t{-36524} * 86400 * 1000000;  // from 2000-01-01
    const int64_t latest = pg_call([] { return GetCurrentTimestamp(); }) + int64_t{86400} * 1000000;
    for (StagedEvent& event : events) {
        tick_();
        if (event.problem == nullptr) {
            if (event.key.empty())
                event.problem = "the key of the event is missing";
            else if (event.person.empty())
                event.problem = "it does not say whose event it is";
            else if (event.kind.empty())
                event.problem = "it does not say what happened";
            else if (!event.has_time)
                event.problem = "the time is missing or cannot be read";
            else if (TIMESTAMP_NOT_FINITE(event.occurred_at) || event.occurred_at < kYear1900)
                event.problem = "the time is impossible";
            else if (event.occurred_at > latest)
                event.problem = "the time lies in the future";
            else if (event.amount_out_of_range)
                event.problem = "the amount is out of range";
        }
        if (event.problem != nullptr) {
            reject({std::string(event.key),
                    !event.key.empty(),
                    {},
                    {},
                    event.problem,
                    {},
                    originals.original(event.row)});
        }
    }
}

void EventStore::reject(Reject reject) {
    rejects_.push_back(std::move(reject));
    if (rejects_.size() >= 10000) flush_rejects();
}

void EventStore::flush_rejects() {
    if (rejects_.empty()) return;
    Workspace workspace("cdp rejects");
    std::vector<std::string_view> keys, attributes, values, reasons, suggestions, originals;
    for (const Reject& r : rejects_) {
        const auto or_null = [](const std::string& text) {
            return text.empty() ? std::string_view() : std::string_view(text);
        };
        keys.push_back(r.has_key ? std::string_view(r.key) : std::string_view());
        attributes.push_back(or_null(r.attribute));
        values.push_back(r.attribute.empty() ? std::string_view() : std::string_view(r.value));
        reasons.push_back(r.reason);
        suggestions.push_back(or_null(r.suggestion));
        originals.push_back(r.attribute.empty() ? std::string_view(r.original) : std::string_view());
    }
    counts_.rows_rejected += static_cast<int64_t>(run_sql(
        "INSERT INTO cdp_data.reject AS j (reject_hash, source_id, relation, source_key, attribute, value, "
        "reason, suggestion, original, last_seen_at) "
        "SELECT DISTINCT ON (1) cdp._reject_hash($1, r.key, r.attribute, coalesce(r.original, r.value)), $1, "
        "$2, r.key, r.attribute, "
        "pg_catalog.left(cdp.mask_payment_cards(r.value), 200), r.reason, r.suggestion, "
        "cdp.mask_payment_cards(r.original), pg_catalog.clock_timestamp() "
        "FROM unnest($3, $4, $5, $6, $7, $8) AS r(key, attribute, value, reason, suggestion, original) "
        "ORDER BY 1, r.reason "
        "ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = pg_catalog.clock_timestamp(), resolved_at = "
        "NULL",
        {{INT4OID, Int32GetDatum(options_.source_id)},
         {TEXTOID, pg_call([&] { return make_text(options_.relation); })},
         {TEXTARRAYOID, text_array(keys)},
         {TEXTARRAYOID, text_array(attributes)},
         {TEXTARRAYOID, text_array(values)},
         {TEXTARRAYOID, text_array(reasons)},
         {TEXTARRAYOID, text_array(suggestions)},
         {TEXTARRAYOID, text_array(originals)}}));
    rejects_.clear();
}

namespace {

// Rows of (text, bigint).
struct PairReader {
    std::vector<std::pair<std::string, int64_t>>* rows;
    std::string_view text;
    int64_t number;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        text = text_view(slot->tts_values[0]);
        number = DatumGetInt64(slot->tts_values[1]);
    }
    void add() { rows->emplace_back(text, number); }
};

struct PeopleReader {
    ingest::TextMap* people;
    int64_t found = 0;
    std::string_view text;
    int64_t number;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        text = text_view(slot->tts_values[0]);
        number = DatumGetInt64(slot->tts_values[1]);
    }
    void add() {
        people->insert(text, 0).first = number;
        ++found;
    }
};

}  // namespace

void EventStore::find_kinds(std::span<StagedEvent> events) {
    std::vector<std::string_view> unknown;
    std::string_view last;
    int32_t last_index = -1;
    for (StagedEvent& event : events) {
        if (event.problem != nullptr) continue;
        if (last_index < 0 || event.kind != last) {
            const auto [place, is_new] =
                kind_of_.try_emplace(std::string(event.kind), static_cast<int32_t>(kinds_.size()));
            if (is_new) kinds_.push_back({std::string(event.kind), 0, 0, 0, false, {}});
            last = event.kind;
            last_index = place->second;
        }
        event.kind_index = last_index;
    }
    for (const Kind& kind : kinds_) {
        if (kind.kind_id == 0) unknown.push_back(kind.name);
    }
    if (unknown.empty()) return;
    Workspace workspace("cdp event kinds");
    const Datum names = text_array(unknown);
    run_sql(
        "INSERT INTO cdp_data.event_kind (name) SELECT u FROM pg_catalog.unnest($1) u EXCEPT SELECT k.name "
        "FROM cdp_data.event_kind k "
        "ORDER BY 1 ON CONFLICT DO NOTHING",
        {{TEXTARRAYOID, names}});
    std::vector<std::pair<std::string, int64_t>> rows;
    PairReader reader{&rows, {}, 0};
    read_sql("SELECT k.name, k.kind_id::pg_catalog.int8 FROM cdp_data.event_kind k WHERE k.name = ANY ($1)",
             {{TEXTARRAYOID, names}}, reader);
    for (const auto& [name, id] : rows)
        kinds_[static_cast<size_t>(kind_of_.at(name))].kind_id = static_cast<int32_t>(id);
    for (const Kind& kind : kinds_) check(kind.kind_id != 0, "every kind has a number");
}

// Before a large batch: as many of the source's people as there is room for, in one reading.
void EventStore::know_people() {
    people_known_ = true;
    constexpr size_t kBytesEach = 128;
    PeopleReader reader{&people_, 0, {}, 0};
    // Who has no login yet is looked up one by one, to get it.
    const char* with_login =
        "SELECT r.source_key, r.record_id FROM cdp_data.record r WHERE r.source_id = $1 AND (r.source_key "
        "NOT LIKE "
        "'user:%' OR r.content_hash IS NOT NULL OR EXISTS (SELECT FROM cdp_data.record_identifier d WHERE "
        "d.record_id = "
        "r.record_id AND d.kind = 'user_id')) LIMIT $2";
    const char* all =
        "SELECT r.source_key, r.record_id FROM cdp_data.record r WHERE r.source_id = $1 LIMIT $2";
    Workspace workspace("cdp people of a source");
    read_sql(options_.of_messages ? with_login : all,
             {{INT4OID, Int32GetDatum(options_.person_source_id)},
              {INT8OID, Int64GetDatum(static_cast<int64_t>(budget_.limit() / 8 / kBytesEach))}},
             reader);
}

void EventStore::find_people(std::span<StagedEvent> events) {
    if (people_.memory() > budget_.limit() / 8) people_.clear();
    constexpr size_t kMany = 10000;
    if (events.size() >= kMany && !people_known_) know_people();
    std::vector<std::string_view> unknown;
    constexpr size_t kAhead = 32;
    uint64_t hashes[kAhead];
    for (size_t from = 0; from < events.size(); from += kAhead) {
        const size_t to = std::min(events.size(), from + kAhead);
        for (size_t i = from; i < to; ++i) {
            hashes[i - from] = ingest::TextMap::hash_of(events[i].person);
            people_.expect(hashes[i - from]);
        }
        for (size_t i = from; i < to; ++i) people_.expect_text(hashes[i - from]);
        for (size_t i = from; i < to; ++i) {
            StagedEvent& event = events[i];
            if (event.problem != nullptr) continue;
            tick_();
            const auto [record, is_new] = people_.insert(hashes[i - from], event.person, 0);
            if (is_new) unknown.push_back(event.person);
            event.record_id = record;
        }
    }
    if (unknown.empty()) return;
    Workspace workspace("cdp people of events");
    const Parameter source{INT4OID, Int32GetDatum(options_.person_source_id)};
    const Parameter keys{TEXTARRAYOID, text_array(unknown)};
    const char* look_up =
        "SELECT r.source_key, r.record_id FROM pg_catalog.unnest($2) u JOIN cdp_data.record r ON r.source_id "
        "= $1 AND r.source_key = u";
    PeopleReader reader{&people_, 0, {}, 0};
    read_sql(look_up, {source, keys}, reader);
    if (static_cast<size_t>(reader.found) < unknown.size()) {
        // Someone who is known by events alone, until a source of people tells more.
        const std::string insert =
            "WITH made AS (INSERT INTO cdp_data.record (source_id, source_key) SELECT $1, u FROM "
            "pg_catalog.unnest($2) u "
            "WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.source_id = $1 AND r.source_key = u) "
            "ORDER BY 2 ON CONFLICT DO NOTHING RETURNING record_id, source_key)" +
            std::string(options_.of_messages
                            ? " INSERT INTO pg_temp.cdp_people_created SELECT made.source_key FROM made"
                            : " SELECT made.record_id FROM made");
        const int64_t created = static_cast<int64_t>(run_sql(insert.c_str(), {source, keys}));
        counts_.people_new += created;
        read_sql(look_up, {source, keys}, reader);
    }
    if (options_.of_messages) {
        // Those that events of other sources brought have none yet.
        run_sql(
            "INSERT INTO cdp_data.record_identifier (record_id, kind, value) "
            "SELECT r.record_id, 'user_id', substr(u, 6) FROM pg_catalog.unnest($2) u JOIN cdp_data.record r "
            "ON r.source_id = $1 AND r.source_key = u "
            "WHERE u LIKE 'user:%' AND r.content_hash IS NULL AND NOT EXISTS (SELECT FROM "
            "cdp_data.record_identifier d "
            "WHERE d.record_id = r.record_id AND d.kind = 'user_id' AND d.value = substr(u, 6)) ON CONFLICT "
            "DO NOTHING",
            {source, keys});
    }
    for (StagedEvent& event : events) {
        if (event.problem != nullptr || event.record_id != 0) continue;
        event.record_id = people_.insert(event.person, 0).first;
        check(event.record_id != 0, "every person of an event has a record");
    }
}

// Of several events of one key the latest; of several latest ones the one whose original has the least hash:
// the choice must not depend on the order of rows.
void EventStore::keep_one(std::span<StagedEvent> events, OriginalSource& originals) {
    state_.assign(events.size(), EventTable::kDropped);
    place_.assign(events.size(), 0);
    hashes_.clear();
    for (size_t i = 0; i < events.size(); ++i) {
        if (events[i].problem == nullptr) hashes_.push_back({ingest::event_key_hash(events[i].key), i});
    }
    ingest::sort_hashes(hashes_, spare_);
    size_t kept = 0;
    for (size_t from = 0; from < hashes_.size();) {
        tick_();
        size_t to = from + 1;
        while (to < hashes_.size() && hashes_[to].hash == hashes_[from].hash) ++to;
        for (size_t i = from; i < to; ++i) {
            StagedEvent& event = events[hashes_[i].row];
            // Among the kept ones of this hash.
            size_t k = kept;
            bool replaces = false, loses = false;
            while (k > 0 && hashes_[k - 1].hash == hashes_[i].hash && !loses && !replaces) {
                --k;
                StagedEvent& other = events[hashes_[k].row];
                if (other.key != event.key) continue;
                if (event.occurred_at != other.occurred_at)
                    replaces = event.occurred_at > other.occurred_at;
                else
                    replaces = EventTable::md5(originals.original(event.row)) <
                               EventTable::md5(originals.original(other.row));
                loses = !replaces;
            }
            if (replaces)
                hashes_[k].row = hashes_[i].row;
            else if (!loses)
                hashes_[kept++] = hashes_[i];
        }
        from = to;
    }
    hashes_.resize(kept);
    for (const ingest::HashedRow& row : hashes_) state_[row.row] = EventTable::kNew;
}

void EventStore::note(const StagedEvent& event) {
    Kind& kind = kinds_[static_cast<size_t>(event.kind_index)];
    if (!kind.is_used) {
        kind.first = kind.last = event.occurred_at;
        kind.is_used = true;
    }
    kind.first = std::min(kind.first, event.occurred_at);
    kind.last = std::max(kind.last, event.occurred_at);
}

StoreCounts EventStore::finish() {
    flush_rejects();
    write_pending();
    Workspace workspace("cdp coverage of events");
    std::vector<int64_t> ids, firsts, lasts, property_kinds;
    std::vector<std::string_view> properties, types;
    for (const Kind& kind : kinds_) {
        for (const auto& [name, seen] : kind.properties) {
            property_kinds.push_back(kind.kind_id);
            properties.push_back(name);
            types.push_back(seen == 1 ? "number" : seen == 2 ? "boolean" : "text");
        }
        if (!kind.is_used) continue;
        ids.push_back(kind.kind_id);
        firsts.push_back(kind.first);
        lasts.push_back(kind.last);
        if (ids.size() == 1) {
            counts_.first_occurred_at = kind.first;
            counts_.last_occurred_at = kind.last;
        }
        counts_.first_occurred_at = std::min(counts_.first_occurred_at, kind.first);
        counts_.last_occurred_at = std::max(counts_.last_occurred_at, kind.last);
    }
    if (!properties.empty()) {
        run_sql(
            "INSERT INTO cdp_data.event_property AS p (kind_id, property, value_type) "
            "SELECT t.kind_id, t.property, t.value_type FROM unnest($1, $2, $3) AS t(kind_id, property, "
            "value_type) ORDER BY 1, 2 "
            "ON CONFLICT (kind_id, property) DO UPDATE SET value_type = 'text' WHERE p.value_type <> "
            "EXCLUDED.value_type AND p.value_type <> 'text'",
            {{INT8ARRAYOID, bigint_array(property_kinds)},
             {TEXTARRAYOID, text_array(properties)},
             {TEXTARRAYOID, text_array(types)}});
    }
    if (!ids.empty()) {
        run_sql(
            "INSERT INTO cdp_data.coverage AS c (source_id, kind_id, loaded_from, fresh_through) "
            "SELECT $1, t.kind_id, t.first, t.last FROM unnest($2, $3, $4) AS t(kind_id, first, last) "
            "ON CONFLICT (source_id, kind_id) DO UPDATE SET loaded_from = least(c.loaded_from, "
            "EXCLUDED.loaded_from), "
            "fresh_through = greatest(c.fresh_through, EXCLUDED.fresh_through)",
            {{INT4OID, Int32GetDatum(options_.source_id)},
             {INT8ARRAYOID, bigint_array(ids)},
             {TIMESTAMPTZARRAYOID, bigint_array(firsts, TIMESTAMPTZOID)},
             {TIMESTAMPTZARRAYOID, bigint_array(lasts, TIMESTAMPTZOID)}});
    }
    if (table_ != nullptr) pg_call([&] { table_->close(); });
    table_ = nullptr;
    return counts_;
}

}  // namespace cdp::pg
