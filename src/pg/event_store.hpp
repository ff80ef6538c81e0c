// SPDX-License-Identifier: PostgreSQL
// Appends events to cdp_data.event, batch by batch: finds the record of each person, registers kinds and
// properties, keeps one of several events with one key, compares what is stored already and writes the rest
// straight into the table. For use inside a guard; its caller holds the lock of the source.
#pragma once

#include "bridge/postgres.hpp"

#include <map>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash_set.hpp"
#include "base/memory_budget.hpp"
#include "base/tick.hpp"
#include "bridge/guard.hpp"
#include "ingest/key_run.hpp"
#include "ingest/text_map.hpp"

namespace cdp::pg {

struct EventTable;

// An event as it was read, cleaned; plain data, what it refers to lives as long as its batch.
struct StagedEvent {
    std::string_view key;  // empty: missing
    std::string_view person;
    std::string_view kind;
    std::string_view currency;  // in capitals; empty: none
    int64_t occurred_at = 0;    // timestamptz
    int64_t amount = 0;         // in units of 10^-4
    double latitude = 0;
    double longitude = 0;
    const char* properties = nullptr;  // a jsonb, aligned
    const char* problem = nullptr;     // why it cannot be kept
    uint32_t row = 0;                  // of the batch, for its original
    bool has_time = false;
    bool has_amount = false;
    bool amount_out_of_range = false;
    bool has_place = false;
    // What this module found.
    int32_t kind_index = -1;
    int64_t record_id = 0;
};

// What was read for a row, as text: for rejects and ties.
class OriginalSource {
  public:
    virtual ~OriginalSource() = default;
    virtual std::string original(uint32_t row) = 0;
};

struct StoreOptions {
    int32_t source_id;
    int32_t person_source_id;
    int64_t batch_id;
    std::string currency;  // of amounts without one
    std::string relation;  // named in rejects
    // Of messages: new people go to pg_temp.cdp_people_created as well, and whoever is called user:x has the
    // login x.
    bool of_messages = false;
};

struct StoreCounts {
    int64_t rows_new = 0;
    int64_t rows_changed = 0;
    int64_t rows_rejected = 0;
    int64_t people_new = 0;
    int64_t first_occurred_at = 0;
    int64_t last_occurred_at = 0;
};

class EventStore {
  public:
    EventStore(StoreOptions options, MemoryBudget& budget, Tick& tick);
    ~EventStore();
    EventStore(const EventStore&) = delete;
    EventStore& operator=(const EventStore&) = delete;

    void add(std::span<StagedEvent> events, OriginalSource& originals);
    // Properties, coverage; the counts.
    StoreCounts finish();

    // A row, or a value of it (attribute), that was refused.
    struct Reject {
        std::string key;
        bool has_key;
        std::string attribute;  // empty: the whole row
        std::string value;
        std::string reason;
        std::string suggestion;
        std::string original;
    };
    void reject(Reject reject);

  private:
    struct Kind {
        std::string name;
        int32_t kind_id;
        int64_t first, last;  // of new or changed events
        bool is_used;
        std::map<std::string, unsigned, std::less<>> properties;  // a bit per type seen
        std::vector<std::pair<std::string, unsigned>>
            last_fields;  // the same, by position: nearly all rows are alike
    };
    struct Stored {  // an event that is in the table already
        uint32_t event;
        uint64_t place;
    };

    void check_events(std::span<StagedEvent> events, OriginalSource& originals);
    void find_kinds(std::span<StagedEvent> events);
    void know_people();
    void find_people(std::span<StagedEvent> events);
    void keep_one(std::span<StagedEvent> events, OriginalSource& originals);
    void find_stored(std::span<StagedEvent> events);
    void prepare_runs();
    void rebuild_runs();
    void compare(std::span<StagedEvent> events, std::pmr::vector<Stored>& hits);
    void search_table(std::span<StagedEvent> events, std::pmr::vector<uint32_t>& lost);
    void update_changed(std::span<StagedEvent> events);
    void write_new(std::span<StagedEvent> events);
    void keep_pending();
    void write_pending();
    void write_run(std::pmr::vector<ingest::KeyEntry>& entries);
    void note(const StagedEvent& event);
    void note_properties(const StagedEvent& event);
    void flush_rejects();

    StoreOptions options_;
    MemoryBudget& budget_;
    Tick& tick_;
    StoreCounts counts_;
    ingest::TextMap people_;
    std::vector<Kind> kinds_;
    std::unordered_map<std::string, int32_t> kind_of_;
    std::vector<Reject> rejects_;
    std::pmr::vector<ingest::HashedRow> hashes_;
    std::pmr::vector<ingest::HashedRow> spare_;
    std::pmr::vector<uint8_t> state_;   // of each event of the batch
    std::pmr::vector<uint64_t> place_;  // of those that are stored already
    std::pmr::vector<ingest::KeyEntry> fresh_;
    // Runs that are not written yet, one per batch, each sorted.
    std::pmr::vector<std::pmr::vector<ingest::KeyEntry>> pending_;
    size_t pending_entries_ = 0;
    HashSet confirmed_;  // keys of stored events that this ingestion has read and found unchanged
    bool people_known_ = false;
    bool runs_ready_ = false;
    int64_t entries_ = 0;  // of all runs
    int64_t runs_ = 0;
    std::vector<int32_t> kind_ids_;
    EventTable* table_ = nullptr;
};

}  // namespace cdp::pg
