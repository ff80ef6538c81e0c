// SPDX-License-Identifier: PostgreSQL
// Reads the rows of a table of customers as they are and cleans them on the way into the record store: many
// at a time, by cdp.workers threads, one of which puts the rows that were cleaned before into the store. The
// threads run between two rows of the query and touch nothing of the server.
#pragma once

#include <deque>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/memory_budget.hpp"
#include "base/parallel.hpp"
#include "base/tick.hpp"
#include "identity/record_store.hpp"
#include "identity/row_cleaner.hpp"

namespace cdp::identity {

class RowGatherer {
  public:
    RowGatherer(const RowLayout& layout, unsigned workers, RecordStore& store, MemoryBudget& budget);

    void add(std::span<const std::string_view> values, int64_t order_key) {
        raw_.add(values, order_key);
        if (raw_.size() >= kRows || raw_.bytes() >= kBytes) clean();
    }
    // After the last row.
    void finish();

  private:
    // Few enough that a request to cancel, which is heard between them, need not wait.
    static constexpr size_t kRows = 1U << 13;
    static constexpr size_t kBytes = 1U << 20;
    static constexpr size_t kPiece = 256;

    void clean();

    unsigned workers_;
    RecordStore& store_;
    RawRows raw_;
    std::pmr::vector<RowCleaner> cleaners_;   // by thread
    std::deque<CleanRows> cleaned_, stored_;  // by piece: these rows, and those before
    size_t waiting_ = 0;                      // pieces of stored_ that are not in the store yet
};

}  // namespace cdp::identity
