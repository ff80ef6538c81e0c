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
      by_kind_(resource),
      columns_(resource),
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
    events_.push_back({time, tie, static_cast<uint32_t>(cells_.size()), 0, kind, 0});
}

void Writer::set(uint16_t column, int64_t value) {
    if (value == kNull) return;
    cells_.push_back({value, column});
    ++events_.back().cells;
}

// In the order of the person's life, and by kind.
void Writer::sort_events() {
    const auto before = [this](const Event& a, const Event& b) {
        if (a.time != b.time) return a.time < b.time;
        if (a.tie != b.tie) return a.tie < b.tie;
        if (a.kind != b.kind) return a.kind < b.kind;
        // Only two events that say the same could still be in either order; and they may.
        const Cell *x = cells_.data() + a.first_cell, *y = cells_.data() + b.first_cell;
        return std::lexicographical_compare(x, x + a.cells, y, y + b.cells, [](const Cell& c, const Cell& d) {
            return std::pair(c.column, c.value) < std::pair(d.column, d.value);
        });
    };
    // Events mostly come as they happened.
    if (!std::is_sorted(events_.begin(), events_.end(), before))
        std::sort(events_.begin(), events_.end(), before);
    has_positions_ = false;
    by_kind_.clear();
    for (size_t i = 0; i < events_.size(); ++i) {
        events_[i].position = static_cast<uint32_t>(i);
        by_kind_.push_back(uint64_t{events_[i].kind} << 32 | i);
        if (i > 0 && events_[i].time == events_[i - 1].time && events_[i].kind != events_[i - 1].kind)
            has_positions_ = true;
    }
    std::sort(by_kind_.begin(), by_kind_.end());
}

std::span<const uint8_t> Writer::finish() {
    std::sort(attributes_.begin(), attributes_.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    for (size_t i = 1; i < attributes_.size(); ++i)
        check(attributes_[i - 1].id != attributes_[i].id, "a person has one value per attribute");
    sort_events();

    out_.clear();
    uint16_t kinds = 0;
    for (size_t i = 0; i < by_kind_.size(); ++i)
        kinds += i == 0 || by_kind_[i] >> 32 != by_kind_[i - 1] >> 32;
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
    for (size_t begin = 0, end; begin < by_kind_.size(); begin = end) {
        const auto kind = static_cast<uint16_t>(by_kind_[begin] >> 32);
        for (end = begin; end < by_kind_.size() && by_kind_[end] >> 32 == kind;) ++end;
        write_block(std::span(by_kind_).subspan(begin, end - begin));
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

void Writer::write_block(std::span<const uint64_t> rows) {
    const auto event_of = [&](size_t row) -> const Event& {
        return events_[static_cast<uint32_t>(rows[row])];
    };
    columns_.assign({uint16_t{kTime}});
    if (has_positions_) columns_.push_back(kPosition);
    // Events of a kind mostly have the same columns in the same order.
    size_t guess = 0;
    const auto find = [&](uint16_t column) {
        if (guess < columns_.size() && columns_[guess] == column) return guess++;
        guess = static_cast<size_t>(std::lower_bound(columns_.begin(), columns_.end(), column) -
                                    columns_.begin());
        return guess++;
    };
    for (size_t row = 0; row < rows.size(); ++row) {
        const Event& event = event_of(row);
        for (uint32_t i = event.first_cell; i < event.first_cell + event.cells; ++i) {
            const size_t at = find(cells_[i].column);
            if (at == columns_.size() || columns_[at] != cells_[i].column)
                columns_.insert(columns_.begin() + static_cast<std::ptrdiff_t>(at), cells_[i].column);
        }
    }
    if (columns_.size() > 255) {
        throw Error(ErrorCode::kLimitExceeded, "a kind of event has more than 253 properties for one person",
                    "", "Map fewer properties.");
    }
    directory_ = entry_ = out_.size();
    data_ = directory_ + columns_.size() * kColumnSize;
    out_.resize(data_);

    values_.assign(columns_.size() * rows.size(), kNull);
    for (size_t row = 0; row < rows.size(); ++row) {
        const Event& event = event_of(row);
        values_[row] = event.time;
        if (has_positions_) values_[rows.size() + row] = event.position;
        for (uint32_t i = event.first_cell; i < event.first_cell + event.cells; ++i) {
            int64_t& value = values_[find(cells_[i].column) * rows.size() + row];
            check(value == kNull, "an event has one value per column");
            value = cells_[i].value;
        }
    }
    for (size_t i = 0; i < columns_.size(); ++i)
        write_integers(columns_[i], std::span(values_).subspan(i * rows.size(), rows.size()));
}

template <typename T>
void Writer::pack_as(std::span<const int64_t> values, int64_t low, uint64_t step, size_t at) {
    uint8_t* to = out_.data() + at;
    for (const int64_t value : values) {
        const uint64_t offset = static_cast<uint64_t>(value) - static_cast<uint64_t>(low);
        const T packed =
            value == kNull ? static_cast<T>(~T{0}) : static_cast<T>(step == 1 ? offset : offset / step);
        std::memcpy(to, &packed, sizeof packed);
        to += sizeof packed;
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
    const size_t at = out_.size();
    out_.resize(at + values.size() * width);
    switch (width) {
        case 0:
            break;
        case 1:
            pack_as<uint8_t>(values, low, step, at);
            break;
        case 2:
            pack_as<uint16_t>(values, low, step, at);
            break;
        case 4:
            pack_as<uint32_t>(values, low, step, at);
            break;
        default:
            pack_as<uint64_t>(values, low, step, at);
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
