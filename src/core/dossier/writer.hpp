// SPDX-License-Identifier: PostgreSQL
// Packs what is known of one person into a dossier (format.hpp). The bytes depend on what was added, not on
// the order in which it was: attributes and columns are sorted, events too, by time, then by `tie`. O(n log
// n) in the events; reuse one Writer for many people, its memory is kept.
//
//     Writer writer(&budget);
//     writer.add_attribute(7, Type::kSymbol, 12);
//     writer.add_event(purchase, 1767225600000000, tie);
//     writer.set(kAmount, 199000);
//     writer.set(kFirstProperty + 3, 41);
//     write(writer.finish());
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "dossier/format.hpp"

namespace cdp::dossier {

class Writer {
  public:
    explicit Writer(std::pmr::memory_resource* resource);

    // One value per id; a second one is an error. kNull is left out.
    void add_attribute(uint16_t id, Type type, int64_t value);
    // An event at `time` (microseconds since 1970); set() then speaks of it. `tie` orders
    // events of the same instant and must not depend on when or in which order they arrived: the hash of
    // source and event key. Throws Error(kLimitExceeded) beyond kMaxEvents.
    void add_event(uint16_t kind, int64_t time, uint64_t tie);
    // A value of that event; kNull sets nothing.
    void set(uint16_t column, int64_t value);
    size_t event_count() const { return events_.size(); }

    // The dossier, valid until the next call; the writer is empty again.
    std::span<const uint8_t> finish();

  private:
    struct AttributeEntry {
        uint16_t id;
        Type type;
        int64_t value;
    };
    struct Event {
        int64_t time;
        uint64_t tie;
        uint32_t first_cell, cells;
        uint16_t kind;
        uint32_t position;
    };
    struct Cell {
        int64_t value;
        uint16_t column;
    };

    void sort_events();
    void write_block(std::span<const uint64_t> rows);
    template <typename T>
    void pack_as(std::span<const int64_t> values, int64_t low, uint64_t step, size_t at);
    void write_integers(uint16_t column, std::span<const int64_t> values);
    template <typename T>
    void put(T value) {
        const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
        out_.insert(out_.end(), bytes, bytes + sizeof value);
    }
    template <typename T>
    void put_at(size_t at, T value) {
        std::memcpy(out_.data() + at, &value, sizeof value);
    }

    std::pmr::vector<AttributeEntry> attributes_;
    std::pmr::vector<Event> events_;
    std::pmr::vector<Cell> cells_;
    std::pmr::vector<uint64_t> by_kind_;  // kind << 32 | place in events_, sorted
    std::pmr::vector<uint16_t> columns_;  // of the block being written, sorted
    std::pmr::vector<int64_t> values_;    // its values, column after column
    std::pmr::vector<uint8_t> out_;
    size_t directory_ = 0, entry_ = 0,
           data_ = 0;  // of the block being written: its columns, the next, their data
    bool has_positions_ = false;
};

}  // namespace cdp::dossier
