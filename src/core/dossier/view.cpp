// SPDX-License-Identifier: PostgreSQL
#include "dossier/view.hpp"

#include <string>

namespace cdp::dossier {

void damaged(const char* what) {
    throw Error(ErrorCode::kDataCorrupted, std::string("a dossier is damaged: ") + what,
                "It is derived data; nothing is lost.", "Build it again: SELECT cdp.rebuild_dossiers();");
}

template <typename T>
void Integers::decode_as(int64_t* to) const {
    const uint8_t* at = data_;
    if (nullable_) {
        for (uint32_t i = 0; i < count_; ++i) to[i] = value<T>(i);
        return;
    }
    for (uint32_t i = 0; i < count_; ++i, at += sizeof(T))
        to[i] =
            static_cast<int64_t>(static_cast<uint64_t>(base_) + static_cast<uint64_t>(load<T>(at)) * step_);
}

void Integers::decode(int64_t* to) const {
    switch (width_) {
        case 0:
            for (uint32_t i = 0; i < count_; ++i) to[i] = base_;
            return;
        case 1:
            return decode_as<uint8_t>(to);
        case 2:
            return decode_as<uint16_t>(to);
        case 4:
            return decode_as<uint32_t>(to);
        default:
            return decode_as<uint64_t>(to);
    }
}

Block::Block(const uint8_t* data, uint32_t size, uint8_t columns, uint32_t count)
    : data_(data), size_(size), count_(count), columns_(columns) {
    if (columns == 0 || columns * kColumnSize > size) damaged("a kind of event has no columns");
    if (load<uint16_t>(data_) != kTime) damaged("events without a time");
    times_ = integers_at(0);
}

int Block::find(uint16_t column) const {
    for (uint32_t i = 0; i < columns_; ++i) {
        const auto id = load<uint16_t>(data_ + i * kColumnSize);
        if (id == column) return static_cast<int>(i);
        if (id > column) break;
    }
    return -1;
}

std::span<const uint8_t> Block::data_of(uint32_t i) const {
    const uint32_t room = size_ - columns_ * kColumnSize;
    const uint32_t begin = i == 0 ? 0 : load<uint32_t>(data_ + i * kColumnSize - 4);
    const uint32_t end = load<uint32_t>(data_ + i * kColumnSize + 4);
    if (begin > end || end > room) damaged("a column ends beyond its kind");
    return {data_ + columns_ * kColumnSize + begin, end - begin};
}

Integers Block::integers_at(uint32_t i) const {
    const auto data = data_of(i);
    const uint8_t width = data_[i * kColumnSize + 3];
    if (encoding(i) > Encoding::kMilliseconds) damaged("a column is of a kind that is not known");
    if (width > 8 || (width & (width - 1)) != 0) damaged("a column has a width that no column has");
    if (data.size() != 8 + uint64_t{width} * count_)
        damaged("a column has another length than its events need");
    return {data.data(), width, encoding(i), count_};
}

Integers Block::integers(uint16_t column) const {
    const int i = find(column);
    if (i < 0) return {};
    return integers_at(static_cast<uint32_t>(i));
}

View::View(std::span<const uint8_t> bytes) : bytes_(bytes) {
    if (bytes.size() < kHeaderSize) damaged("it is too short");
    if (bytes.size() > kMaxSize) damaged("it is too long");
    if (bytes[0] != kVersion) {
        throw Error(ErrorCode::kDataCorrupted,
                    "a dossier has version " + std::to_string(bytes[0]) + ", this program reads version " +
                        std::to_string(kVersion),
                    "It was written by another version of the extension, or is damaged.",
                    "Build it again: SELECT cdp.rebuild_dossiers();");
    }
    has_positions_ = (bytes[1] & kHasPositions) != 0;
    attributes_ = load<uint16_t>(bytes.data() + 2);
    kinds_ = load<uint16_t>(bytes.data() + 4);
    kinds_at_ = kHeaderSize + attributes_ * kAttributeSize;
    blocks_at_ = kinds_at_ + kinds_ * kKindSize;
    if (blocks_at_ > bytes.size()) damaged("it is too short");
}

int64_t View::attribute(uint16_t id) const {
    uint32_t low = 0, high = attributes_;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (load<uint16_t>(bytes_.data() + kHeaderSize + middle * kAttributeSize) < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == attributes_) return kNull;
    const uint8_t* at = bytes_.data() + kHeaderSize + low * kAttributeSize;
    return load<uint16_t>(at) == id ? load<int64_t>(at + 4) : kNull;
}

Block View::block_at(uint32_t i) const {
    const uint8_t* at = kind_at(i);
    const uint32_t begin = i == 0 ? 0 : load<uint32_t>(at - 4), end = load<uint32_t>(at + 8);
    const uint32_t count = load<uint32_t>(at + 4);
    if (begin > end || end > bytes_.size() - blocks_at_) damaged("a kind of event ends beyond it");
    if (count == 0 || count > kMaxEvents) damaged("a kind of event has an impossible number of events");
    return {bytes_.data() + blocks_at_ + begin, end - begin, at[2], count};
}

Block View::block(uint16_t kind) const {
    uint32_t low = 0, high = kinds_;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (load<uint16_t>(kind_at(middle)) < kind)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == kinds_ || load<uint16_t>(kind_at(low)) != kind) return {};
    return block_at(low);
}

uint64_t View::event_count() const {
    uint64_t count = 0;
    for (uint32_t i = 0; i < kinds_; ++i) count += load<uint32_t>(kind_at(i) + 4);
    return count;
}

void View::verify() const {
    int previous_attribute = -1, previous_kind = -1;
    each_attribute([&](uint16_t id, Type type, int64_t value) {
        if (id <= previous_attribute) damaged("its attributes are out of order");
        if (type < Type::kNumber || type > Type::kTimestamp) damaged("an attribute has an unknown type");
        if (value == kNull) damaged("an attribute without a value");
        previous_attribute = id;
    });
    if (event_count() > kMaxEvents) damaged("it has more events than a dossier may have");
    for (uint32_t i = 0; i < kinds_; ++i) {
        const int kind = load<uint16_t>(kind_at(i));
        if (kind <= previous_kind) damaged("its kinds of events are out of order");
        previous_kind = kind;
        const Block block = block_at(i);
        int previous_column = -1;
        block.each_column([&](uint16_t column, Encoding encoding) {
            if (column <= previous_column) damaged("the columns of a kind are out of order");
            previous_column = column;
            if (encoding >= Encoding::kSeconds && column != kTime) damaged("a column is of an unknown kind");
            block.integers(column);
        });
        const Integers positions = block.integers(kPosition);
        if (positions.exists() != has_positions_) damaged("the order of its events is not complete");
        for (uint32_t row = 1; row < block.count(); ++row) {
            if (block.times()[row] < block.times()[row - 1]) damaged("its events are out of order");
            if (has_positions_ && positions[row] <= positions[row - 1])
                damaged("its events are out of order");
        }
    }
    const uint32_t end = kinds_ == 0 ? 0 : load<uint32_t>(kind_at(kinds_ - 1u) + 8);
    if (end != bytes_.size() - blocks_at_) damaged("it is longer than its events");
}

}  // namespace cdp::dossier
