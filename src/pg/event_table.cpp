// SPDX-License-Identifier: PostgreSQL
#include "event_table.hpp"

extern "C" {
#include "access/brin.h"
#include "access/genam.h"
#include "access/hio.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_trigger.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
}
#undef Abs
#undef Max
#undef Min

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "event_store.hpp"
#include "ingest/packed_number.hpp"

namespace cdp::pg {
namespace {

constexpr const char* kNames[EventTable::kColumns] = {
    "event_id",  "record_id", "kind_id",     "occurred_at", "amount",    "currency", "properties",
    "source_id", "event_key", "received_at", "latitude",    "longitude", "batch_id"};

Oid identity_sequence() {
    SPI_connect();
    if (SPI_execute("SELECT pg_catalog.pg_get_serial_sequence('cdp_data.event', "
                    "'event_id')::pg_catalog.regclass::pg_catalog.oid",
                    true, 1) != SPI_OK_SELECT ||
        SPI_processed != 1)
        elog(ERROR, "cdp_data.event has no sequence of its numbers");
    bool is_null;
    const Oid sequence =
        DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
    SPI_finish();
    if (is_null) elog(ERROR, "cdp_data.event has no sequence of its numbers");
    return sequence;
}

// A varlena of the bytes, its header short where that is possible; at `*at`, which moves behind it.
Datum put_bytes(char*& at, const char* data, size_t size) {
    char* value = at;
    if (size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX) {
        SET_VARSIZE_SHORT(value, size + VARHDRSZ_SHORT);
        memcpy(value + VARHDRSZ_SHORT, data, size);
        at += MAXALIGN(size + VARHDRSZ_SHORT);
    } else {
        SET_VARSIZE(value, size + VARHDRSZ);
        memcpy(value + VARHDRSZ, data, size);
        at += MAXALIGN(size + VARHDRSZ);
    }
    return PointerGetDatum(value);
}

size_t pack_amount(int64_t units, char* out) {
    return ingest::pack_decimal(units, 4, out);
}

void forbid(const char* what) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("events cannot be appended to cdp_data.event: %s", what),
                    errdetail("They are written in bulk, past the executor."),
                    errhint("Take it off the table, or read what it needs from cdp_data.event_batch.")));
}

void set_row(EventTable& table, const StagedEvent& event, int32_t kind_id, char*& scratch) {
    Datum* values = table.values;
    bool* nulls = table.nulls;
    const int* a = table.attribute;
    values[a[EventTable::kRecordId]] = Int64GetDatum(event.record_id);
    values[a[EventTable::kKindId]] = Int32GetDatum(kind_id);
    values[a[EventTable::kOccurredAt]] = Int64GetDatum(event.occurred_at);
    nulls[a[EventTable::kAmount]] = nulls[a[EventTable::kCurrency]] = !event.has_amount;
    if (event.has_amount) {
        char packed[16];
        const size_t size = pack_amount(event.amount, packed);
        values[a[EventTable::kAmount]] = put_bytes(scratch, packed, size);
        const bool own = !event.currency.empty();
        values[a[EventTable::kCurrency]] =
            put_bytes(scratch, own ? event.currency.data() : table.default_currency,
                      own ? event.currency.size() : table.default_currency_size);
    }
    values[a[EventTable::kProperties]] = PointerGetDatum(event.properties);
    values[a[EventTable::kSourceId]] = Int32GetDatum(table.source_id);
    values[a[EventTable::kEventKey]] = put_bytes(scratch, event.key.data(), event.key.size());
    values[a[EventTable::kReceivedAt]] = Int64GetDatum(table.received_at);
    nulls[a[EventTable::kLatitude]] = nulls[a[EventTable::kLongitude]] = !event.has_place;
    values[a[EventTable::kLatitude]] = Float8GetDatum(event.latitude);
    values[a[EventTable::kLongitude]] = Float8GetDatum(event.longitude);
    values[a[EventTable::kBatchId]] = Int64GetDatum(table.batch_id);
}

size_t scratch_size(const EventTable& table, const StagedEvent& event) {
    return 128 + event.key.size() + event.currency.size() + table.default_currency_size;
}

uint64_t place_of(const ItemPointerData& tid) {
    return static_cast<uint64_t>(ItemPointerGetBlockNumberNoCheck(&tid)) << 16 |
           ItemPointerGetOffsetNumberNoCheck(&tid);
}

void insert_into_index(EventTable& table, EventTable::Index& index, TupleTableSlot* slot) {
    Datum values[INDEX_MAX_KEYS];
    bool nulls[INDEX_MAX_KEYS];
    ExprContext* context = GetPerTupleExprContext(table.executor);
    context->ecxt_scantuple = slot;
    if (index.info->ii_Predicate != nullptr) {
        if (index.info->ii_PredicateState == nullptr) {
            MemoryContext caller = MemoryContextSwitchTo(table.executor->es_query_cxt);
            index.info->ii_PredicateState = ExecPrepareQual(index.info->ii_Predicate, table.executor);
            MemoryContextSwitchTo(caller);
        }
        if (!ExecQual(index.info->ii_PredicateState, context)) return;
    }
    FormIndexDatum(index.info, slot, table.executor, values, nulls);
    index_insert(index.relation, values, nulls, &slot->tts_tid, table.relation,
                 index.info->ii_Unique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO, false, index.info);
}

}  // namespace

EventTable* EventTable::open(int32_t source_id, int64_t batch_id) {
    MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp event table", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(context);
    auto* table = static_cast<EventTable*>(palloc0(sizeof(EventTable)));
    table->context = context;
    table->row_context =
        AllocSetContextCreate(context, "cdp rows of events", 0, 1024 * 1024, 8 * 1024 * 1024);
    table->source_id = source_id;
    table->batch_id = batch_id;
    table->received_at = GetCurrentTimestamp();
    table->sequence = identity_sequence();
    const Oid schema = get_namespace_oid("cdp_data", false);
    const Oid oid = get_relname_relid("event", schema);
    table->relation = table_open(oid, RowExclusiveLock);
    Relation relation = table->relation;
    const AclResult allowed = pg_class_aclcheck(oid, GetUserId(), ACL_INSERT | ACL_UPDATE | ACL_SELECT);
    if (pg_class_aclmask(oid, GetUserId(), ACL_INSERT | ACL_UPDATE | ACL_SELECT, ACLMASK_ALL) !=
        (ACL_INSERT | ACL_UPDATE | ACL_SELECT))
        aclcheck_error(allowed == ACLCHECK_OK ? ACLCHECK_NO_PRIV : allowed, OBJECT_TABLE, "event");
    if (relation->rd_rel->relkind != RELKIND_RELATION || relation->rd_rel->relam != HEAP_TABLE_AM_OID)
        forbid("it is no plain table");
    if (check_enable_rls(oid, InvalidOid, true) == RLS_ENABLED) forbid("it has row security for this role");
    // Those of the foreign keys are stood in for by the locks of ingestion, see cdp._wait_for_readers().
    for (int i = 0; relation->trigdesc != nullptr && i < relation->trigdesc->numtriggers; ++i) {
        const Trigger& trigger = relation->trigdesc->triggers[i];
        if (TRIGGER_FOR_ROW(trigger.tgtype) && TRIGGER_FOR_INSERT(trigger.tgtype) && !trigger.tgisinternal &&
            trigger.tgenabled != TRIGGER_DISABLED)
            forbid("it has a trigger on every row that is inserted");
    }
    TupleDesc description = RelationGetDescr(relation);
    if (description->constr != nullptr && description->constr->num_check > 0)
        forbid("it has a check of every row");
    for (int c = 0; c < kColumns; ++c) {
        const AttrNumber number = get_attnum(oid, kNames[c]);
        if (number == InvalidAttrNumber) elog(ERROR, "cdp_data.event has no column %s", kNames[c]);
        table->attribute[c] = number - 1;
    }
    for (int i = 0; i < description->natts; ++i) {
        const FormData_pg_attribute* column = TupleDescAttr(description, i);
        bool is_ours = column->attisdropped;
        for (const int ours : table->attribute) is_ours = is_ours || ours == i;
        if (!is_ours && (column->attnotnull || column->atthasdef || column->attidentity != '\0'))
            forbid("it has another column that is not left empty");
    }
    table->values = static_cast<Datum*>(palloc0(sizeof(Datum) * description->natts));
    table->nulls = static_cast<bool*>(palloc0(sizeof(bool) * description->natts));
    for (int i = 0; i < description->natts; ++i) table->nulls[i] = true;
    for (int c = 0; c < kColumns; ++c) table->nulls[table->attribute[c]] = false;
    for (TupleTableSlot*& slot : table->slots) slot = MakeSingleTupleTableSlot(description, &TTSOpsHeapTuple);
    table->bulk = GetBulkInsertState();
    // Not through the small ring of COPY: what was appended is read next, and a backend that goes round in a
    // ring has to write, and flush the log, itself.
    FreeAccessStrategy(table->bulk->strategy);
    table->bulk->strategy = nullptr;
    table->executor = CreateExecutorState();
    List* list = RelationGetIndexList(relation);
    table->indexes = static_cast<Index*>(palloc0(sizeof(Index) * (list_length(list) + 1)));
    for (int i = 0; i < list_length(list); ++i) {
        Index& index = table->indexes[table->index_count++];
        index.relation = index_open(list_nth_oid(list, i), RowExclusiveLock);
        index.info = BuildIndexInfo(index.relation);
        if (index.relation->rd_rel->relam == BRIN_AM_OID && index.info->ii_NumIndexAttrs == 1 &&
            index.info->ii_Predicate == nullptr) {
            // Our own two; of other operator classes every row counts.
            const char* name = RelationGetRelationName(index.relation);
            index.range_column = strcmp(name, "event_record_id_range") == 0     ? kRecordId
                                 : strcmp(name, "event_occurred_at_range") == 0 ? kOccurredAt
                                                                                : kColumns;
            if (index.range_column != kColumns &&
                index.info->ii_IndexAttrNumbers[0] == table->attribute[index.range_column] + 1)
                index.range_pages = static_cast<int>(BrinGetPagesPerRange(index.relation));
        }
    }
    MemoryContextSwitchTo(caller);
    return table;
}

void EventTable::close() {
    FreeBulkInsertState(bulk);
    for (int i = 0; i < index_count; ++i) index_close(indexes[i].relation, NoLock);
    for (TupleTableSlot* slot : slots) ExecDropSingleTupleTableSlot(slot);
    FreeExecutorState(executor);
    table_close(relation, NoLock);
    MemoryContextDelete(context);
}

void EventTable::insert(const StagedEvent* events, const int32_t* kind_ids, const uint32_t* order, int count,
                        uint64_t* places) {
    MemoryContext caller = MemoryContextSwitchTo(row_context);
    size_t room = 0;
    for (int i = 0; i < count; ++i) {
        if (i + 16 < count) __builtin_prefetch(&events[order[i + 16]], 0, 1);
        const StagedEvent& event = events[order[i]];
        __builtin_prefetch(event.properties);
        __builtin_prefetch(event.key.data());
        room += scratch_size(*this, event);
    }
    char* scratch = static_cast<char*>(MemoryContextAllocHuge(row_context, room));
    for (int i = 0; i < count; ++i) {
        const StagedEvent& event = events[order[i]];
        set_row(*this, event, kind_ids[event.kind_index], scratch);
        values[attribute[kEventId]] = Int64GetDatum(nextval_internal(sequence, false));
        ExecStoreHeapTuple(heap_form_tuple(RelationGetDescr(relation), values, nulls), slots[i], false);
        slots[i]->tts_tableOid = RelationGetRelid(relation);
    }
    table_multi_insert(relation, slots, count, GetCurrentCommandId(true), 0, bulk);
    for (int i = 0; i < count; ++i) places[order[i]] = place_of(slots[i]->tts_tid);
    for (int n = 0; n < index_count; ++n) {
        Index& index = indexes[n];
        if (index.range_pages == 0) {
            for (int i = 0; i < count; ++i) {
                insert_into_index(*this, index, slots[i]);
                ResetPerTupleExprContext(executor);
            }
            continue;
        }
        const auto number = [&](int i) {
            const StagedEvent& event = events[order[i]];
            return index.range_column == kRecordId ? event.record_id : event.occurred_at;
        };
        for (int from = 0; from < count;) {
            const BlockNumber range = ItemPointerGetBlockNumber(&slots[from]->tts_tid) /
                                      static_cast<BlockNumber>(index.range_pages);
            int least = from, most = from, to = from;
            for (; to < count && ItemPointerGetBlockNumber(&slots[to]->tts_tid) /
                                         static_cast<BlockNumber>(index.range_pages) ==
                                     range;
                 ++to) {
                if (number(to) < number(least)) least = to;
                if (number(to) > number(most)) most = to;
            }
            insert_into_index(*this, index, slots[least]);
            if (most != least) insert_into_index(*this, index, slots[most]);
            from = to;
        }
        ResetPerTupleExprContext(executor);
    }
    for (int i = 0; i < count; ++i) ExecClearTuple(slots[i]);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(row_context);
}

void EventTable::begin_reading() {
    CommandCounterIncrement();
    snapshot = RegisterSnapshot(GetLatestSnapshot());
    fetch = table_index_fetch_begin(relation);
    fetched = table_slot_create(relation, nullptr);
    blocks = RelationGetNumberOfBlocks(relation);
}

void EventTable::end_reading() {
    ExecDropSingleTupleTableSlot(fetched);
    table_index_fetch_end(fetch);
    UnregisterSnapshot(snapshot);
}

EventTable::State EventTable::compare(uint64_t place, const StagedEvent& event, int32_t kind_id,
                                      const char* currency, size_t currency_size, bool is_read_before) {
    const BlockNumber block = static_cast<BlockNumber>(place >> 16);
    ItemPointerData tid;
    ItemPointerSet(&tid, block, static_cast<OffsetNumber>(place & 0xFFFF));
    bool again = false;
    if (block >= blocks || (place & 0xFFFF) == 0) return kElsewhere;
    // The version that is there, or, from the head of a chain of versions within the page, the visible one.
    ExecClearTuple(fetched);
    if (!table_tuple_fetch_row_version(relation, &tid, snapshot, fetched) &&
        !table_index_fetch_tuple(fetch, &tid, snapshot, fetched, &again, nullptr))
        return kElsewhere;
    MemoryContext caller = MemoryContextSwitchTo(row_context);
    slot_getallattrs(fetched);
    const Datum* held = fetched->tts_values;
    const bool* none = fetched->tts_isnull;
    const int* a = attribute;
    State state = kElsewhere;
    const std::string_view key = text_view(held[a[kEventKey]]);
    if (DatumGetInt32(held[a[kSourceId]]) == source_id && key == event.key) {
        bool same = DatumGetInt64(held[a[kRecordId]]) == event.record_id &&
                    DatumGetInt32(held[a[kKindId]]) == kind_id &&
                    DatumGetInt64(held[a[kOccurredAt]]) == event.occurred_at &&
                    none[a[kAmount]] == !event.has_amount && none[a[kLatitude]] == !event.has_place &&
                    none[a[kLongitude]] == !event.has_place;
        if (same && event.has_amount) {
            char packed[16];
            const size_t size = pack_amount(event.amount, packed);
            same = text_view(held[a[kAmount]]) == std::string_view(packed, size) && !none[a[kCurrency]] &&
                   text_view(held[a[kCurrency]]) == std::string_view(currency, currency_size);
        } else if (same) {
            same = none[a[kCurrency]];
        }
        if (same && event.has_place)
            same = DatumGetFloat8(held[a[kLatitude]]) == event.latitude &&
                   DatumGetFloat8(held[a[kLongitude]]) == event.longitude;
        if (same) {
            const std::string_view properties = text_view(held[a[kProperties]]);
            const std::string_view wanted(VARDATA(event.properties), VARSIZE(event.properties) - VARHDRSZ);
            // Other bytes may still be equal: 1.0 is 1.
            same =
                properties == wanted || DatumGetBool(DirectFunctionCall2(jsonb_eq, held[a[kProperties]],
                                                                         PointerGetDatum(event.properties)));
        }
        const bool is_own = !none[a[kBatchId]] && DatumGetInt64(held[a[kBatchId]]) == batch_id;
        if (!same && (is_own || is_read_before)) {
            // Read earlier in this very ingestion, in another batch: the later one stays; of two of one time
            // the one whose content is the greater, since the originals are gone.
            const int64_t stored[] = {DatumGetInt64(held[a[kOccurredAt]]), DatumGetInt64(held[a[kRecordId]]),
                                      DatumGetInt32(held[a[kKindId]])};
            const int64_t read[] = {event.occurred_at, event.record_id, kind_id};
            int order = 0;
            for (int i = 0; order == 0 && i < 3; ++i)
                order = read[i] < stored[i] ? -1 : read[i] > stored[i] ? 1 : 0;
            char packed[16];
            const std::string_view amount(packed, event.has_amount ? pack_amount(event.amount, packed) : 0);
            if (order == 0)
                order = amount.compare(none[a[kAmount]] ? std::string_view() : text_view(held[a[kAmount]]));
            if (order == 0) {
                const std::string_view wanted(VARDATA(event.properties),
                                              VARSIZE(event.properties) - VARHDRSZ);
                order = wanted.compare(text_view(held[a[kProperties]]));
            }
            same = order < 0;
        }
        state = same ? kSame : is_own ? kReplaced : kChanged;
        found = place_of(fetched->tts_tid);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(row_context);
    return state;
}

uint64_t EventTable::update(uint64_t place, const StagedEvent& event, int32_t kind_id) {
    MemoryContext caller = MemoryContextSwitchTo(row_context);
    char* scratch = static_cast<char*>(palloc(scratch_size(*this, event)));
    set_row(*this, event, kind_id, scratch);
    auto* tid = static_cast<ItemPointer>(palloc(sizeof(ItemPointerData)));
    ItemPointerSet(tid, static_cast<BlockNumber>(place >> 16), static_cast<OffsetNumber>(place & 0xFFFF));
    constexpr Column kSet[] = {kRecordId,   kKindId,     kOccurredAt, kAmount,    kCurrency,
                               kProperties, kReceivedAt, kLatitude,   kLongitude, kBatchId};
    constexpr Oid kTypes[] = {INT8OID,  INT4OID,        TIMESTAMPTZOID, NUMERICOID, TEXTOID,
                              JSONBOID, TIMESTAMPTZOID, FLOAT8OID,      FLOAT8OID,  INT8OID};
    ParamListInfo parameters = makeParamList(11);
    parameters->params[0] = {PointerGetDatum(tid), false, PARAM_FLAG_CONST, TIDOID};
    for (int i = 0; i < 10; ++i)
        parameters->params[i + 1] = {values[attribute[kSet[i]]], nulls[attribute[kSet[i]]], PARAM_FLAG_CONST,
                                     kTypes[i]};
    SPI_connect();
    SPIExecuteOptions options{};
    options.params = parameters;
    const int code = SPI_execute_extended(
        "UPDATE cdp_data.event SET record_id = $2, kind_id = $3, occurred_at = $4, amount = $5, currency = "
        "$6, properties = $7, "
        "received_at = $8, latitude = $9, longitude = $10, batch_id = $11 WHERE ctid OPERATOR(pg_catalog.=) "
        "$1 RETURNING ctid",
        &options);
    if (code != SPI_OK_UPDATE_RETURNING)
        elog(ERROR, "the event cannot be changed: %s", SPI_result_code_string(code));
    if (SPI_processed != 1)
        ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
                        errmsg("an event was changed by another session meanwhile"),
                        errhint("Read the source again.")));
    bool is_null;
    const ItemPointerData now = *reinterpret_cast<ItemPointer>(
        DatumGetPointer(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null)));
    SPI_finish();
    MemoryContextSwitchTo(caller);
    MemoryContextReset(row_context);
    return place_of(now);
}

std::string EventTable::md5(std::string_view text) {
    struct Hash {
        char digits[32];
    };
    const Hash hash = pg_call([&] {
        Datum input = make_text(text);
        Datum output = DirectFunctionCall1Coll(md5_text, DEFAULT_COLLATION_OID, input);
        Hash result;
        memcpy(result.digits, text_view(output).data(), 32);
        pfree(DatumGetPointer(input));
        pfree(DatumGetPointer(output));
        return result;
    });
    return std::string(hash.digits, 32);
}

}  // namespace cdp::pg
