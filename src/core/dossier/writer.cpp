// SPDX-License-Identifier: PostgreSQL
#include "dossier/writer.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"

namespace cdp::dossier {

Writer::Writer(std::pmr::memory_resource* resource)
    : attributes_(resource),
      events_(resource),
      cells_(resource),
      rows_(resource),
      values_(resource),
      out_(resource) {}

void Writer::add_attribute(uint16_t id, Type type, int64_t value) {
    if (value != kNull) attributes_.push_back({id, type, value});
}

void Writer::add_event(uint16_t kind, int64_t time, uint64_t tie) {
    if (events_.size() >= kMaxEvents) {
        throw Error(ErrorCode::kLimitExceeded, "a person has more events than a dossier holds",
                    "The bound is " + std::to_string(kMaxEvents) + " events.",
                    "Such a person is a machine or a shared account: see the setting dossier_max_events.");
    }
    events_.push_back({time, tie, static_cast<uint32_t>(events_.size()), kind, 0});
}

void Writer::set(uint16_t column, int64_t value) {
    if (value == kNull) return;
    const Event& event = events_.back();
    cells_.push_back({event.number, event.kind, column, value});
}

// In the order of the person's life; then by kind, and each cell told its row.
void Writer::sort_events() {
    const auto order = [](const Event& e) { return std::tuple(e.time, e.tie, e.kind, e.number); };
    std::sort(events_.begin(), events_.end(),
              [&](const Event& a, const Event& b) { return order(a) < order(b); });
    has_positions_ = false;
    for (size_t i = 0; i < events_.size(); ++i) {
        events_[i].position = static_cast<uint32_t>(i);
        if (i > 0 && events_[i].time == events_[i - 1].time && events_[i].kind != events_[i - 1].kind)
            has_positions_ = true;
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.kind < b.kind; });
    rows_.resize(events_.size());
    uint32_t row = 0;
    for (size_t i = 0; i < events_.size(); ++i) {
        row = i > 0 && events_[i].kind == events_[i - 1].kind ? row + 1 : 0;
        rows_[events_[i].number] = row;
    }
    for (Cell& cell : cells_) cell.event = rows_[cell.event];
    const auto place = [](const Cell& c) { return std::tuple(c.kind, c.column, c.event); };
    std::sort(cells_.begin(), cells_.end(),
              [&](const Cell& a, const Cell& b) { return place(a) < place(b); });
    for (size_t i = 1; i < cells_.size(); ++i)
        check(place(cells_[i - 1]) != place(cells_[i]), "an event has one value per column");
}

std::span<const uint8_t> Writer::finish() {
    std::sort(attributes_.begin(), attributes_.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    for (size_t i = 1; i < attributes_.size(); ++i)
        check(attributes_[i - 1].id != attributes_[i].id, "a person has one value per attribute");
    sort_events();

    out_.clear();
    uint16_t kinds = 0;
    for (size_t i = 0; i < events_.size(); ++i) kinds += i == 0 || events_[i].kind != events_[i - 1].kind;
    put(kVersion);
    put(static_cast<uint8_t>(has_positions_ ? kHasPositions : 0));
    put(static_cast<uint16_t>(attributes_.size()));
    put(kinds);
    put(uint16_t{0});
    for (const AttributeEntry& attribute : attributes_) {
        put(attribute.id);
        put(static_cast<uint8_t>(attribute.type));
        put(uint8_t{0});
        put(attribute.value);
    }
    size_t entry = out_.size();
    out_.resize(entry + kinds * kKindSize);
    const size_t blocks = out_.size();
    size_t cell = 0;
    for (size_t begin = 0, end; begin < events_.size(); begin = end) {
        const uint16_t kind = events_[begin].kind;
        for (end = begin; end < events_.size() && events_[end].kind == kind;) ++end;
        const size_t first_cell = cell;
        while (cell < cells_.size() && cells_[cell].kind == kind) ++cell;
        write_block(std::span(events_).subspan(begin, end - begin),
                    std::span(cells_).subspan(first_cell, cell - first_cell));
        put_at(entry, kind);
        put_at(entry + 2, static_cast<uint8_t>((entry_ - directory_) / kColumnSize));
        put_at(entry + 3, uint8_t{0});
        put_at(entry + 4, static_cast<uint32_t>(end - begin));
        put_at(entry + 8, static_cast<uint32_t>(out_.size() - blocks));
        entry += kKindSize;
    }
    if (out_.size() > kMaxSize) {
        throw Error(ErrorCode::kLimitExceeded, "what is known of a person is larger than a dossier may be",
                    "The bound is " + std::to_string(kMaxSize >> 20) + " MB.",
                    "Such a person is a machine or a shared account: see the setting dossier_max_events.");
    }
    attributes_.clear();
    events_.clear();
    cells_.clear();
    return out_;
}

void Writer::write_block(std::span<const Event> events, std::span<const Cell> cells) {
    size_t columns = has_positions_ ? 2 : 1;
    for (size_t i = 0; i < cells.size(); ++i) columns += i == 0 || cells[i].column != cells[i - 1].column;
    if (columns > 255) {
        throw Error(ErrorCode::kLimitExceeded, "a kind of event has more than 253 properties for one person",
                    "", "Map fewer properties.");
    }
    directory_ = entry_ = out_.size();
    data_ = directory_ + columns * kColumnSize;
    out_.resize(data_);

    values_.clear();
    for (const Event& event : events) values_.push_back(event.time);
    write_integers(kTime, values_);
    if (has_positions_) {
        values_.clear();
        for (const Event& event : events) values_.push_back(event.position);
        write_integers(kPosition, values_);
    }
    for (size_t begin = 0, end; begin < cells.size(); begin = end) {
        for (end = begin; end < cells.size() && cells[end].column == cells[begin].column;) ++end;
        const auto column = cells.subspan(begin, end - begin);
        values_.assign(events.size(), kNull);
        for (const Cell& cell : column) values_[cell.event] = cell.value;
        write_integers(column.front().column, values_);
    }
}

void Writer::write_integers(uint16_t column, std::span<const int64_t> values) {
    int64_t low = std::numeric_limits<int64_t>::max(), high = kNull;
    bool nulls = false;
    uint64_t step = column == kTime ? 1000000 : 1;
    for (const int64_t value : values) {
        if (value == kNull) {
            nulls = true;
            continue;
        }
        low = std::min(low, value);
        high = std::max(high, value);
        while (value % static_cast<int64_t>(step) != 0) step /= 1000;
    }
    const uint64_t range = (static_cast<uint64_t>(high) - static_cast<uint64_t>(low)) / step;
    const auto fits = [&](int bits) {
        const uint64_t most = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
        return range < most || (range == most && !nulls);
    };
    const uint8_t width = range == 0 && !nulls ? 0 : fits(8) ? 1 : fits(16) ? 2 : fits(32) ? 4 : 8;
    put(low);
    for (const int64_t value : values) {
        const uint64_t offset = value == kNull
                                    ? ~uint64_t{0}
                                    : (static_cast<uint64_t>(value) - static_cast<uint64_t>(low)) / step;
        const auto* bytes = reinterpret_cast<const uint8_t*>(&offset);
        out_.insert(out_.end(), bytes, bytes + width);
    }
    put_at(entry_, column);
    put_at(entry_ + 2, static_cast<uint8_t>(step == 1000000 ? Encoding::kSeconds
                                            : step == 1000  ? Encoding::kMilliseconds
                                            : nulls         ? Encoding::kPlainNullable
                                                            : Encoding::kPlain));
    put_at(entry_ + 3, width);
    put_at(entry_ + 4, static_cast<uint32_t>(out_.size() - data_));
    entry_ += kColumnSize;
}

}  // namespace cdp::dossier
