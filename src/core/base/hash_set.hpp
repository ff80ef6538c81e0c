// SPDX-License-Identifier: PostgreSQL
// A set of 64-bit hashes: open addressing, half full at most. 0 is no hash and is never in it.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace cdp {

class HashSet {
  public:
    explicit HashSet(std::pmr::memory_resource* resource) : slots_(16, 0, resource) {}

    size_t size() const { return size_; }
    bool contains(uint64_t hash) const { return hash != 0 && slots_[slot_of(slots_, hash)] == hash; }
    // Whether it was new.
    bool insert(uint64_t hash) {
        if (hash == 0) return false;
        size_t slot = slot_of(slots_, hash);
        if (slots_[slot] == hash) return false;
        if (++size_ * 2 > slots_.size()) {
            std::pmr::vector<uint64_t> larger(slots_.size() * 2, 0, slots_.get_allocator());
            for (const uint64_t held : slots_) {
                if (held != 0) larger[slot_of(larger, held)] = held;
            }
            slots_ = std::move(larger);
            slot = slot_of(slots_, hash);
        }
        slots_[slot] = hash;
        return true;
    }

  private:
    static size_t slot_of(const std::pmr::vector<uint64_t>& slots, uint64_t hash) {
        size_t slot = hash & (slots.size() - 1);
        while (slots[slot] != 0 && slots[slot] != hash) slot = (slot + 1) & (slots.size() - 1);
        return slot;
    }

    std::pmr::vector<uint64_t> slots_;
    size_t size_ = 0;
};

}  // namespace cdp
