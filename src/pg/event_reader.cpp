// SPDX-License-Identifier: PostgreSQL
#include "event_reader.hpp"

extern "C" {
#include "tcop/pquery.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/portal.h"
}
#undef Abs
#undef Max
#undef Min

#include "bridge/convert.hpp"

namespace cdp::pg {
namespace {

// Plain C: where a batch's values are, and how they are copied.
struct Attribute {
    int16 length;
    bool by_value;
};

constexpr size_t kPieceBytes = 1024 * 1024;
constexpr int kMostPieces = 1024;

}  // namespace

struct BatchReader::Memory {
    MemoryContext kept;
    MemoryContext large;
    char* text[kMostPieces];
    int pieces;
    int piece;
    size_t used;
};

struct BatchReader::Receiver {
    DestReceiver callbacks;  // first
    Attribute* attributes;
    int columns;
    Cell** pieces;
    uint32_t rows;
    Memory* memory;
    size_t bytes;

    char* take(size_t size) {
        size = MAXALIGN(size);
        bytes += size;
        // A value that is large for a piece goes with the batch; pieces are kept for the next.
        if (size > kPieceBytes / 4) return static_cast<char*>(MemoryContextAllocHuge(memory->large, size));
        if (memory->used + size > kPieceBytes || memory->piece < 0) {
            if (++memory->piece == memory->pieces) {
                if (memory->pieces == kMostPieces)
                    return static_cast<char*>(MemoryContextAllocHuge(memory->large, size));
                memory->text[memory->pieces++] =
                    static_cast<char*>(MemoryContextAlloc(memory->kept, kPieceBytes));
            }
            memory->used = 0;
        }
        char* result = memory->text[memory->piece] + memory->used;
        memory->used += size;
        return result;
    }
    static bool receive(TupleTableSlot* slot, DestReceiver* self) {
        auto* r = reinterpret_cast<Receiver*>(self);
        slot_getallattrs(slot);
        Cell*& piece = r->pieces[r->rows / kRowsPerPiece];
        if (piece == nullptr)
            piece = static_cast<Cell*>(
                MemoryContextAllocHuge(r->memory->kept, sizeof(Cell) * kRowsPerPiece * r->columns));
        Cell* cell = piece + static_cast<size_t>(r->rows % kRowsPerPiece) * r->columns;
        for (int i = 0; i < r->columns; ++i, ++cell) {
            cell->is_null = slot->tts_isnull[i];
            cell->value = slot->tts_values[i];
            if (cell->is_null || r->attributes[i].by_value) continue;
            char* value = DatumGetPointer(cell->value);
            size_t size;
            char* detoasted = nullptr;
            if (r->attributes[i].length == -1) {
                if (VARATT_IS_EXTENDED(value) && !VARATT_IS_SHORT(value)) {
                    detoasted = reinterpret_cast<char*>(PG_DETOAST_DATUM_PACKED(cell->value));
                    value = detoasted;
                }
                size = VARSIZE_ANY(value);
            } else {
                size = datumGetSize(cell->value, false, r->attributes[i].length);
            }
            char* copy = r->take(size);
            memcpy(copy, value, size);
            cell->value = PointerGetDatum(copy);
            if (detoasted != nullptr) pfree(detoasted);
        }
        ++r->rows;
        return true;
    }
    static void start(DestReceiver*, int, TupleDesc) {}
    static void nothing(DestReceiver*) {}
};

BatchReader::BatchReader(const char* query, int originals, size_t batch_rows, size_t batch_bytes)
    : originals_(originals), batch_rows_(static_cast<uint32_t>(batch_rows)), batch_bytes_(batch_bytes) {
    pg_call([&] {
        MemoryContext context =
            AllocSetContextCreate(CurrentMemoryContext, "cdp batch", ALLOCSET_DEFAULT_SIZES);
        SPI_connect();
        // The whole of it is read: not a plan for the first rows.
        SPIPlanPtr plan = SPI_prepare_cursor(query, 0, nullptr, CURSOR_OPT_NO_SCROLL);
        if (plan == nullptr) elog(ERROR, "the source cannot be read: %s", SPI_result_code_string(SPI_result));
        portal_ = SPI_cursor_open(nullptr, plan, nullptr, nullptr, true);
        MemoryContext caller = MemoryContextSwitchTo(context);
        description_ = CreateTupleDescCopy(portal_->tupDesc);
        original_description_ = CreateTemplateTupleDesc(originals);
        for (int i = 0; i < originals; ++i)
            TupleDescCopyEntry(original_description_, static_cast<AttrNumber>(i + 1), portal_->tupDesc,
                               static_cast<AttrNumber>(i + 1));
        BlessTupleDesc(original_description_);
        MemoryContextSwitchTo(caller);
        memory_ = static_cast<Memory*>(MemoryContextAllocZero(context, sizeof(Memory)));
        memory_->kept = context;
        memory_->large =
            AllocSetContextCreate(context, "cdp large values of a batch", ALLOCSET_DEFAULT_SIZES);
    });
    for (int i = 0; i < description_->natts; ++i)
        types_.push_back(getBaseType(TupleDescAttr(description_, i)->atttypid));
}

void BatchReader::close() {
    pg_call([&] {
        SPI_cursor_close(portal_);
        SPI_finish();
    });
}

bool BatchReader::next() {
    rows_ = 0;
    if (is_done_) return false;
    Receiver receiver{};
    receiver.callbacks.receiveSlot = Receiver::receive;
    receiver.callbacks.rStartup = Receiver::start;
    receiver.callbacks.rShutdown = Receiver::nothing;
    receiver.callbacks.rDestroy = Receiver::nothing;
    receiver.callbacks.mydest = DestNone;
    receiver.columns = description_->natts;
    receiver.memory = memory_;
    cells_.resize(batch_rows_ / kRowsPerPiece + 2, nullptr);
    receiver.pieces = cells_.data();
    pg_call([&] {
        MemoryContextReset(memory_->large);
        memory_->piece = -1;
        memory_->used = 0;
        receiver.attributes =
            static_cast<Attribute*>(MemoryContextAlloc(memory_->large, sizeof(Attribute) * receiver.columns));
        for (int i = 0; i < receiver.columns; ++i)
            receiver.attributes[i] = {TupleDescAttr(description_, i)->attlen,
                                      TupleDescAttr(description_, i)->attbyval};
        while (receiver.rows < batch_rows_ && receiver.bytes < batch_bytes_) {
            const uint32_t wanted = std::min<uint32_t>(4096, batch_rows_ - receiver.rows);
            CHECK_FOR_INTERRUPTS();
            if (PortalRunFetch(portal_, FETCH_FORWARD, wanted, &receiver.callbacks) < wanted) {
                is_done_ = true;
                break;
            }
        }
    });
    rows_ = receiver.rows;
    return rows_ > 0;
}

std::string_view BatchReader::text_view_of(Datum value) {
    return text_view(value);
}

std::string BatchReader::original(uint32_t row) {
    std::vector<Datum> values;
    std::vector<char> nulls;
    for (int i = 0; i < originals_; ++i) {
        values.push_back(value(row, i));
        nulls.push_back(is_null(row, i));
    }
    struct Text {
        char* data;
        MemoryContext context;
    };
    const Text text = pg_call([&] {
        MemoryContext context =
            AllocSetContextCreate(CurrentMemoryContext, "cdp original", ALLOCSET_SMALL_SIZES);
        MemoryContext caller = MemoryContextSwitchTo(context);
        HeapTuple tuple =
            heap_form_tuple(original_description_, values.data(), reinterpret_cast<bool*>(nulls.data()));
        char* data = OidOutputFunctionCall(F_RECORD_OUT, HeapTupleGetDatum(tuple));
        MemoryContextSwitchTo(caller);
        return Text{data, context};
    });
    std::string result(text.data);
    pg_call([&] { MemoryContextDelete(text.context); });
    return result;
}

}  // namespace cdp::pg
