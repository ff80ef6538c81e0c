// SPDX-License-Identifier: PostgreSQL
// The table cdp_data.event, written without the executor: rows go to its pages in bulk, and to its indexes.
// What the executor would have checked is checked here: privileges, row security, triggers. Foreign keys hold
// by construction. Plain C inside pg_call; the struct is plain data.
#pragma once

#include "bridge/postgres.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/tableam.h"
#include "nodes/execnodes.h"
}
#undef Abs
#undef Max
#undef Min

#include <cstdint>
#include <string>
#include <string_view>

namespace cdp::pg {

struct StagedEvent;

struct EventTable {
    enum State : uint8_t { kDropped, kNew, kSame, kChanged, kReplaced, kElsewhere };
    enum Column {
        kEventId,
        kRecordId,
        kKindId,
        kOccurredAt,
        kAmount,
        kCurrency,
        kProperties,
        kSourceId,
        kEventKey,
        kReceivedAt,
        kLatitude,
        kLongitude,
        kBatchId,
        kColumns
    };
    static constexpr int kChunk = 1000;  // rows per call of the table's access method

    // All of these may ereport: call them inside pg_call. What they hold is freed with the transaction, or by
    // close().
    static EventTable* open(int32_t source_id, int64_t batch_id);
    void close();
    // Writes events[order[i]]; places[order[i]] says where. At most kChunk.
    void insert(const StagedEvent* events, const int32_t* kind_ids, const uint32_t* order, int count,
                uint64_t* places);
    // Whether the row at the place is this event (kSame, kChanged) or another or none (kElsewhere). A row
    // that this ingestion has read before, in another batch, stays (kSame) or gives way (kReplaced where it
    // is new). Between begin_reading and end_reading.
    void begin_reading();
    State compare(uint64_t place, const StagedEvent& event, int32_t kind_id, const char* currency,
                  size_t currency_size, bool is_read_before);
    void end_reading();
    // Gives the row at the place the event's content; the new place.
    uint64_t update(uint64_t place, const StagedEvent& event, int32_t kind_id);

    static std::string md5(std::string_view text);  // C++: inside a guard

    Relation relation;
    int32_t source_id;
    int64_t batch_id;
    int64_t received_at;
    Oid sequence;
    int attribute[kColumns];  // numbers from 0
    const char* default_currency;
    size_t default_currency_size;
    BulkInsertState bulk;
    MemoryContext context;      // of the struct
    MemoryContext row_context;  // of the rows of a chunk
    TupleTableSlot* slots[kChunk];
    Datum* values;
    bool* nulls;
    struct Index {
        Relation relation;
        IndexInfo* info;
        int range_pages;  // of a BRIN minmax index over one of our columns: only the extremes of a range
                          // count
        int range_column;
    };
    Index* indexes;
    int index_count;
    EState* executor;
    struct IndexFetchTableData* fetch;
    Snapshot snapshot;
    TupleTableSlot* fetched;
    BlockNumber blocks;
    uint64_t found;  // where compare() found the row: an updated one may have moved within its page
};

}  // namespace cdp::pg
