// SPDX-License-Identifier: PostgreSQL
#include "identity/row_gatherer.hpp"

#include <algorithm>

namespace cdp::identity {

RowGatherer::RowGatherer(const RowLayout& layout, unsigned workers, RecordStore& store, MemoryBudget& budget)
    : workers_(std::max(workers, 1U)),
      store_(store),
      raw_(layout.columns.size(), budget),
      cleaners_(&budget) {
    cleaners_.reserve(workers_);
    for (unsigned i = 0; i < workers_; ++i) cleaners_.emplace_back(layout, budget);
    constexpr size_t kPieces = kRows / kPiece;
    for (size_t i = 0; i < kPieces; ++i) {
        cleaned_.emplace_back(budget);
        stored_.emplace_back(budget);
    }
}

void RowGatherer::clean() {
    const size_t pieces = (raw_.size() + kPiece - 1) / kPiece;
    Tick silent;  // the host is busy with its query, and this is short
    Pieces(pieces + 1).run(workers_, silent, [&](size_t piece, unsigned worker, Tick&) {
        if (piece == 0) {
            for (size_t i = 0; i < waiting_; ++i) store_.add(stored_[i].records());
            return;
        }
        const size_t from = (piece - 1) * kPiece;
        cleaners_[worker].clean(raw_, from, std::min(from + kPiece, raw_.size()), cleaned_[piece - 1]);
    });
    raw_.clear();
    cleaned_.swap(stored_);
    waiting_ = pieces;
}

void RowGatherer::finish() {
    if (raw_.size() != 0) clean();
    for (size_t i = 0; i < waiting_; ++i) store_.add(stored_[i].records());
    waiting_ = 0;
}

}  // namespace cdp::identity
