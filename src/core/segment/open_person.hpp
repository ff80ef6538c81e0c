// SPDX-License-Identifier: PostgreSQL
// One person's dossier while programs run on it: each kind of event is looked up, and its times decoded, once
// for all of them. Keeps its memory from person to person.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

#include "dossier/view.hpp"

namespace cdp::segment {

class OpenPerson {
  public:
    struct Kind {
        dossier::Block block;
        std::pmr::vector<int64_t> times;  // of its events, oldest first
        uint64_t person = 0;
    };

    explicit OpenPerson(std::pmr::memory_resource* resource) : kinds_(resource) {}

    // The view must outlive what is asked of it.
    void open(const dossier::View& view) {
        view_ = &view;
        ++person_;
    }
    const dossier::View& view() const { return *view_; }
    const Kind& kind(uint16_t id) {
        while (kinds_.size() <= id)
            kinds_.push_back({{}, std::pmr::vector<int64_t>(kinds_.get_allocator()), 0});
        Kind& kind = kinds_[id];
        if (kind.person != person_) {
            kind.person = person_;
            kind.block = view_->block(id);
            kind.times.resize(kind.block.count());
            if (!kind.times.empty()) kind.block.times().decode(kind.times.data());
        }
        return kind;
    }

  private:
    const dossier::View* view_ = nullptr;
    uint64_t person_ = 0;
    std::pmr::vector<Kind> kinds_;  // by number
};

}  // namespace cdp::segment
