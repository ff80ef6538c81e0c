// SPDX-License-Identifier: PostgreSQL
// From texts to numbers, for millions of texts: open addressing, the texts one behind the other. Cost: some
// 50 ns where it is in cache.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace cdp::ingest {

class TextMap {
  public:
    explicit TextMap(std::pmr::memory_resource* resource) : slots_(64, resource), bytes_(resource) {}

    size_t size() const { return size_; }
    size_t memory() const { return slots_.size() * sizeof(Slot) + bytes_.size(); }
    void clear() {
        std::fill(slots_.begin(), slots_.end(), Slot{});
        bytes_.clear();
        size_ = 0;
    }

    // The number of the text, which is `value` when it was not there; second: whether it was new. The
    // reference lives until the next call.
    std::pair<int64_t&, bool> insert(std::string_view text, int64_t value) {
        return insert(hash_of(text), text, value);
    }

    // The same in two steps, so that the memory of many texts can be asked for at once.
    static uint64_t hash_of(std::string_view text) {
        const uint64_t hash = quick_hash64(text);
        return hash == 0 ? 1 : hash;
    }
    void expect(uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
    void expect_text(uint64_t hash) const {
        const Slot& slot = slots_[hash & (slots_.size() - 1)];
        if (slot.hash == hash) __builtin_prefetch(bytes_.data() + slot.offset);
    }
    std::pair<int64_t&, bool> insert(uint64_t hash, std::string_view text, int64_t value) {
        if ((size_ + 1) * 2 > slots_.size()) grow();
        size_t at = hash & (slots_.size() - 1);
        for (; slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
            if (slots_[at].hash == hash && text_of(slots_[at]) == text) return {slots_[at].value, false};
        }
        slots_[at] = {hash, value, bytes_.size(), text.size()};
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        ++size_;
        return {slots_[at].value, true};
    }

  private:
    struct Slot {
        uint64_t hash = 0;  // 0: free
        int64_t value = 0;
        uint64_t offset = 0;
        uint64_t length = 0;
    };
    std::string_view text_of(const Slot& slot) const { return {bytes_.data() + slot.offset, slot.length}; }
    void grow() {
        std::pmr::vector<Slot> larger(slots_.size() * 2, slots_.get_allocator());
        for (const Slot& slot : slots_) {
            if (slot.hash == 0) continue;
            size_t at = slot.hash & (larger.size() - 1);
            while (larger[at].hash != 0) at = (at + 1) & (larger.size() - 1);
            larger[at] = slot;
        }
        slots_ = std::move(larger);
    }

    std::pmr::vector<Slot> slots_;
    std::pmr::vector<char> bytes_;
    size_t size_ = 0;
};

}  // namespace cdp::ingest
