// SPDX-License-Identifier: PostgreSQL
// Packs many people at once, from attributes and events that come in any order. Events wait in memory, 30 to
// 60 bytes each, until finish() groups them by person (a counting sort) and hands over one dossier after the
// other, in the order in which the people were added. O(n log n) per person, O(n) over all.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "base/tick.hpp"
#include "dossier/dictionary.hpp"
#include "dossier/view.hpp"
#include "dossier/writer.hpp"

namespace cdp::dossier {

class Builder {
  public:
    Builder(std::pmr::memory_resource* resource, Tick& tick);

    Dictionaries& dictionaries() { return dictionaries_; }

    // A person; returns the place that events of the person name. Attributes follow at once.
    uint32_t add_person(int64_t profile_id);
    void add_attribute(uint16_t id, Type type, int64_t value);
    // An event of a person, as Writer::add_event(); its values follow at once.
    void add_event(uint32_t person, uint16_t kind, int64_t time, uint64_t tie);
    void set(uint16_t column, int64_t value);
    void set_symbol(uint16_t column, int64_t symbol);  // which may be provisional
    // The events of the dossier that a person had, to which new ones are added. Throws Error(kDataCorrupted).
    void add_old_events(uint32_t person, const View& old);
    size_t event_count() const { return events_.size(); }

    // For each person: visit(profile_id, bytes, events). Who has more than max_events gets no bytes (an empty
    // span); nor does, with kUnclear events, who has an old and a new event of the same instant: which of them
    // comes first only the keys of the events tell. New texts must have been numbered. The builder is empty again;
    // dictionaries stay.
    static constexpr uint32_t kUnclear = UINT32_MAX;
    template <typename Visit>
    void finish(uint32_t max_events, Visit visit) {
        group();
        for (uint32_t person = 0; person < people_.size(); ++person) {
            tick_();
            const uint32_t begin = starts_[person], end = starts_[person + 1];
            if (people_[person].has_old && is_unclear(begin, end)) {
                visit(people_[person].profile_id, std::span<const uint8_t>(), kUnclear);
                continue;
            }
            const bool too_many = end - begin > max_events;
            visit(people_[person].profile_id,
                  too_many ? std::span<const uint8_t>() : pack(person, begin, end), end - begin);
        }
        clear();
    }

  private:
    static constexpr uint16_t kIsSymbol = 0x8000;  // in cell_columns_

    struct Person {
        int64_t profile_id;
        uint32_t first_attribute;
        bool has_old;
    };
    struct Attribute {
        int64_t value;
        uint16_t id;
        Type type;
    };
    struct Event {
        int64_t time;
        uint64_t tie;
        uint32_t person;
        uint32_t first_cell;
        uint16_t kind;
        bool is_old;
    };

    void group();
    bool is_unclear(uint32_t begin, uint32_t end);
    std::span<const uint8_t> pack(uint32_t person, uint32_t begin, uint32_t end);
    void clear();

    Tick& tick_;
    Dictionaries dictionaries_;
    Writer writer_;
    std::pmr::vector<Person> people_;
    std::pmr::vector<Attribute> attributes_;
    std::pmr::vector<Event> events_;
    // Columns apart: ten bytes a cell instead of sixteen.
    std::pmr::vector<int64_t> cell_values_;
    std::pmr::vector<uint16_t> cell_columns_;
    std::pmr::vector<uint32_t> starts_, order_;
    std::pmr::vector<int64_t> old_times_;
};

}  // namespace cdp::dossier
