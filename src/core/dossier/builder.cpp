// SPDX-License-Identifier: PostgreSQL
#include "dossier/builder.hpp"

#include <algorithm>

namespace cdp::dossier {

Builder::Builder(std::pmr::memory_resource* resource, Tick& tick)
    : tick_(tick),
      dictionaries_(resource),
      writer_(resource),
      people_(resource),
      attributes_(resource),
      events_(resource),
      cell_values_(resource),
      cell_columns_(resource),
      starts_(resource),
      order_(resource),
      old_times_(resource) {}

uint32_t Builder::add_person(int64_t profile_id) {
    people_.push_back({profile_id, static_cast<uint32_t>(attributes_.size()), false});
    return static_cast<uint32_t>(people_.size()) - 1;
}

void Builder::add_attribute(uint16_t id, Type type, int64_t value) {
    if (value != kNull) attributes_.push_back({value, id, type});
}

void Builder::add_event(uint32_t person, uint16_t kind, int64_t time, uint64_t tie) {
    events_.push_back({time, tie, person, static_cast<uint32_t>(cell_values_.size()), kind, false});
}

void Builder::set(uint16_t column, int64_t value) {
    if (value == kNull) return;
    cell_values_.push_back(value);
    cell_columns_.push_back(column);
}

void Builder::set_symbol(uint16_t column, int64_t symbol) {
    set(column | kIsSymbol, symbol);
}

void Builder::add_old_events(uint32_t person, const View& old) {
    people_[person].has_old = true;
    old.each_block([&](uint16_t kind, const Block& block) {
        const Integers positions = block.integers(kPosition);
        for (uint32_t row = 0; row < block.count(); ++row) {
            // Among old events of an instant the order is known: by position, or of one kind by row.
            add_event(person, kind, block.times()[row],
                      positions.exists() ? static_cast<uint64_t>(positions[row]) : row);
            events_.back().is_old = true;
            block.each_column([&](uint16_t column, Encoding) {
                if (column != kTime && column != kPosition) set(column, block.integers(column)[row]);
            });
        }
    });
}

bool Builder::is_unclear(uint32_t begin, uint32_t end) {
    old_times_.clear();
    for (uint32_t i = begin; i < end; ++i)
        if (events_[order_[i]].is_old) old_times_.push_back(events_[order_[i]].time);
    if (old_times_.size() == end - begin) return false;
    std::sort(old_times_.begin(), old_times_.end());
    for (uint32_t i = begin; i < end; ++i) {
        const Event& event = events_[order_[i]];
        if (!event.is_old && std::binary_search(old_times_.begin(), old_times_.end(), event.time)) return true;
    }
    return false;
}

void Builder::group() {
    starts_.assign(people_.size() + 1, 0);
    for (const Event& event : events_) ++starts_[event.person + 1];
    for (size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    order_.resize(events_.size());
    std::pmr::vector<uint32_t> next(starts_, starts_.get_allocator());
    for (uint32_t i = 0; i < events_.size(); ++i) order_[next[events_[i].person]++] = i;
}

std::span<const uint8_t> Builder::pack(uint32_t person, uint32_t begin, uint32_t end) {
    const size_t last =
        person + 1 < people_.size() ? people_[person + 1].first_attribute : attributes_.size();
    for (size_t i = people_[person].first_attribute; i < last; ++i) {
        const Attribute& a = attributes_[i];
        writer_.add_attribute(a.id, a.type, a.type == Type::kSymbol ? dictionaries_.final(a.value) : a.value);
    }
    for (uint32_t i = begin; i < end; ++i) {
        // Events of a person lie far apart: the next one is on its way while this one is packed.
        if (i + 4 < end) __builtin_prefetch(&events_[order_[i + 4]]);
        const uint32_t at = order_[i];
        const Event& event = events_[at];
        const size_t cells_end = at + 1 < events_.size() ? events_[at + 1].first_cell : cell_values_.size();
        writer_.add_event(event.kind, event.time, event.tie);
        for (size_t cell = event.first_cell; cell < cells_end; ++cell) {
            const uint16_t column = cell_columns_[cell];
            const bool is_symbol = (column & kIsSymbol) != 0;
            writer_.set(column & ~kIsSymbol,
                        is_symbol ? dictionaries_.final(cell_values_[cell]) : cell_values_[cell]);
        }
    }
    return writer_.finish();
}

void Builder::clear() {
    people_.clear();
    attributes_.clear();
    events_.clear();
    cell_values_.clear();
    cell_columns_.clear();
}

}  // namespace cdp::dossier
