// SPDX-License-Identifier: PostgreSQL
// The rows of a query, handed over one by one while it runs: nothing is materialised, and any query will do
// (views, foreign tables, row security). For use inside a guard.
//
// A reader has
//     void start(TupleDesc)            the columns; plain C: may ereport
//     void read(TupleTableSlot*)       takes a row apart into plain data; plain C: may ereport, may palloc
//     void add()                       hands it to the core; C++: may throw
// What read() allocates lives until the end of add().
#pragma once

#include <exception>

#include "bridge/guard.hpp"
#include "bridge/postgres.hpp"

namespace cdp::pg {

// The executor calls its functions; a C++ exception must not pass through it, so it is kept and the query is
// told to stop.
template <typename Reader>
struct QueryReceiver {
    DestReceiver callbacks;  // first: the executor sees only this
    Reader* reader;
    std::exception_ptr* error;
    MemoryContext row_context;

    bool add() noexcept {
        try {
            reader->add();
            return true;
        } catch (...) {
            *error = std::current_exception();
            return false;
        }
    }
    static void start(DestReceiver* self, int, TupleDesc description) {
        reinterpret_cast<QueryReceiver*>(self)->reader->start(description);
    }
    static bool receive(TupleTableSlot* slot, DestReceiver* self) {
        auto* receiver = reinterpret_cast<QueryReceiver*>(self);
        MemoryContext caller = MemoryContextSwitchTo(receiver->row_context);
        slot_getallattrs(slot);
        receiver->reader->read(slot);
        const bool more = receiver->add();
        MemoryContextSwitchTo(caller);
        MemoryContextReset(receiver->row_context);
        return more;
    }
    static void nothing(DestReceiver*) {}
};

// Runs `execute(destination)`, plain C that returns a code of SPI, with the reader as destination, in an SPI
// connection of its own.
template <typename Reader, typename Execute>
void read_with(Reader& reader, Execute&& execute) {
    using Receiver = QueryReceiver<Reader>;
    std::exception_ptr error;
    Receiver receiver{};
    receiver.callbacks.receiveSlot = Receiver::receive;
    receiver.callbacks.rStartup = Receiver::start;
    receiver.callbacks.rShutdown = Receiver::nothing;
    receiver.callbacks.rDestroy = Receiver::nothing;
    receiver.callbacks.mydest = DestNone;
    receiver.reader = &reader;
    receiver.error = &error;
    pg_call([&] {
        SPI_connect();
        receiver.row_context =
            AllocSetContextCreate(CurrentMemoryContext, "cdp row of a query", ALLOCSET_DEFAULT_SIZES);
        const int code = execute(&receiver.callbacks);
        if (code < 0) elog(ERROR, "the query cannot be run: %s", SPI_result_code_string(code));
        SPI_finish();
    });
    if (error != nullptr) std::rethrow_exception(error);
}

// Runs the query read-only.
template <typename Reader>
void read_query(const char* query, Reader& reader) {
    read_with(reader, [query](DestReceiver* destination) {
        SPIExecuteOptions options{};
        options.read_only = true;
        options.must_return_tuples = true;
        options.dest = destination;
        return SPI_execute_extended(query, &options);
    });
}

}  // namespace cdp::pg
