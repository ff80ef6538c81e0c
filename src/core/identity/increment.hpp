// SPDX-License-Identifier: PostgreSQL
// Resolving what has changed, under a known model. A full run gives the same answer:
//   1. every record has keys (match_keys) that name its blocks, and an index over them is kept outside;
//   2. changed records meet the records that share a key with them (NeighbourSearch): new links;
//   3. all records that links, identifiers or decisions connect with a changed one, now or before, are
//      clustered again from their links (resolve_links): people that no link touches cannot change.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "identity/resolve.hpp"

namespace cdp::identity {

// The keys of a record, in no order, each once: the blocks it is in (even numbers), and its sharable values
// where no block has all records of the value (odd numbers).
void match_keys(const RecordStore& store, const SharedValues& shared, const KnownModel& known,
                uint32_t record, std::pmr::vector<int64_t>& keys);

struct Neighbours {
    explicit Neighbours(MemoryBudget& budget)
        : links(&budget), households(&budget), shared(&budget), splits(&budget), stale_keys(&budget) {}

    // Pairs of a changed record and any other that reach min(review_from, threshold).
    std::pmr::vector<Edge> links;
    // Of the other pairs, those that share a home, where the settings ask for households.
    std::pmr::vector<HouseholdPair> households;
    // What the changed records made too large or too common: to be added to the model. The records that have
    // one of `stale_keys` need new keys and count as changed: then search again, `links` is empty.
    std::pmr::vector<SharedRow> shared;
    std::pmr::vector<uint64_t> splits;
    std::pmr::vector<int64_t> stale_keys;
    uint64_t pairs_compared = 0;
};

class NeighbourSearch {
  public:
    NeighbourSearch(RecordStore& store, const KnownModel& known, const Settings& settings, Tick& tick);

    // All changed records first, then those that share a key with one of them; one that came before is passed
    // over.
    void add_changed(const RecordInput& record, std::span<const int64_t> keys);
    void add_other(const RecordInput& record, std::span<const int64_t> keys);
    // Views are into the store.
    Neighbours run();

  private:
    struct Use {
        int64_t key;
        uint32_t changed;  // in order of arrival
    };
    void index_changed();
    void meet(uint32_t record, std::span<const int64_t> keys);
    void find_too_large(const SharedValues& shared, Neighbours& found);

    RecordStore& store_;
    const KnownModel& known_;
    const Settings& settings_;
    Tick& tick_;
    MemoryBudget& budget_;
    std::pmr::vector<int64_t> record_ids_;  // in order of arrival
    uint32_t changed_ = 0;
    HashSet seen_;
    std::pmr::vector<Use> uses_;       // of block keys by changed records, sorted by key
    std::pmr::vector<uint32_t> size_;  // by use (the first of a key): records in the block
    std::pmr::vector<uint64_t> slots_;
    std::pmr::vector<std::pair<uint32_t, uint32_t>> pairs_;  // other or later record, changed record
    std::pmr::vector<uint32_t> met_;                         // of one record
};

// Clusters the records of the store by the links given, as pairs of record ids; each is scored again.
Resolution resolve_links(const RecordStore& store, RecordPairs links, RecordPairs cannot_link,
                         RecordPairs must_link, const Settings& settings, const KnownModel& known,
                         Tick& tick);

}  // namespace cdp::identity
