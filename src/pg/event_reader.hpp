// SPDX-License-Identifier: PostgreSQL
// Reads a query in batches of bounded size, by a cursor whose rows are taken apart without being
// materialised, and keeps every value of a batch as it came. Between two batches no executor is running.
#pragma once

#include "bridge/postgres.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/guard.hpp"
#include "event_store.hpp"

namespace cdp::pg {

class BatchReader final : public OriginalSource {
  public:
    // The first `originals` columns make the original of a row: ROW(…)::text of them.
    BatchReader(const char* query, int originals, size_t batch_rows, size_t batch_bytes);

    // The next batch; false when there is none.
    bool next();
    void close();

    uint32_t rows() const { return rows_; }
    int columns() const { return static_cast<int>(types_.size()); }
    Oid type(int column) const { return types_[static_cast<size_t>(column)]; }
    bool is_null(uint32_t row, int column) const { return cell(row, column).is_null; }
    Datum value(uint32_t row, int column) const { return cell(row, column).value; }
    // Of a text type: itself, without detoasting.
    std::string_view text(uint32_t row, int column) const { return text_view_of(value(row, column)); }
    std::string original(uint32_t row) override;

  private:
    struct Cell {
        Datum value;
        bool is_null;
    };
    struct Receiver;
    struct Memory;
    static std::string_view text_view_of(Datum value);
    const Cell& cell(uint32_t row, int column) const {
        return cells_[row / kRowsPerPiece]
                     [(row % kRowsPerPiece) * types_.size() + static_cast<size_t>(column)];
    }

    static constexpr uint32_t kRowsPerPiece = 8192;
    int originals_;
    uint32_t batch_rows_;
    size_t batch_bytes_;
    Portal portal_ = nullptr;
    Memory* memory_ = nullptr;
    TupleDesc description_ = nullptr;
    TupleDesc original_description_ = nullptr;
    std::vector<Oid> types_;
    std::vector<Cell*> cells_;
    uint32_t rows_ = 0;
    bool is_done_ = false;
};

}  // namespace cdp::pg
