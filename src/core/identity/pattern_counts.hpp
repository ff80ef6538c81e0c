// SPDX-License-Identifier: PostgreSQL
// How many pairs show each pattern: a small open-addressing table.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "base/hash.hpp"
#include "base/memory_budget.hpp"
#include "identity/em.hpp"

namespace cdp::identity {

class PatternCounts {
  public:
    explicit PatternCounts(MemoryBudget& budget)
        : slots_(4096, PatternCount{0, 0}, &budget), budget_(budget) {}

    void add(Pattern pattern, uint64_t pairs = 1) {
        PatternCount& slot = slots_[find(pattern)];
        if (slot.pairs == 0) {
            slot.pattern = pattern;
            ++used_;
        }
        slot.pairs += pairs;
        if (used_ * 2 > slots_.size()) grow();
    }
    void add(const PatternCounts& other) {
        for (const PatternCount& slot : other.slots_) {
            if (slot.pairs != 0) add(slot.pattern, slot.pairs);
        }
    }

    std::pmr::vector<PatternCount> sorted() const {
        std::pmr::vector<PatternCount> counts(&budget_);
        for (const PatternCount& slot : slots_) {
            if (slot.pairs != 0) counts.push_back(slot);
        }
        std::sort(counts.begin(), counts.end(),
                  [](const PatternCount& a, const PatternCount& b) { return a.pattern < b.pattern; });
        return counts;
    }

  private:
    size_t find(Pattern pattern) const {
        const size_t mask = slots_.size() - 1;
        size_t slot = mix64(pattern) & mask;
        while (slots_[slot].pairs != 0 && slots_[slot].pattern != pattern) slot = (slot + 1) & mask;
        return slot;
    }
    void grow() {
        std::pmr::vector<PatternCount> old(slots_.size() * 2, PatternCount{0, 0}, &budget_);
        old.swap(slots_);
        for (const PatternCount& slot : old) {
            if (slot.pairs != 0) slots_[find(slot.pattern)] = slot;
        }
    }

    std::pmr::vector<PatternCount> slots_;
    MemoryBudget& budget_;
    size_t used_ = 0;
};

}  // namespace cdp::identity
