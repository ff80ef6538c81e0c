// SPDX-License-Identifier: PostgreSQL
// Reads a dossier where it lies (format.hpp); nothing is copied, the bytes need no alignment. Every length is
// checked before it is used: damaged bytes give Error(kDataCorrupted), never a read beyond the end. Opening
// costs a look at the directories; a column is checked when it is opened.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.hpp"
#include "dossier/format.hpp"

namespace cdp::dossier {

[[noreturn]] void damaged(const char* what);

// A column of integers. Absent columns read as kNull throughout.
class Integers {
  public:
    Integers() = default;
    Integers(const uint8_t* data, uint8_t width, Encoding encoding, uint32_t count)
        : data_(data + 8),
          base_(load<int64_t>(data)),
          step_(encoding == Encoding::kSeconds        ? 1000000
                : encoding == Encoding::kMilliseconds ? 1000
                                                      : 1),
          count_(count),
          width_(width),
          nullable_(encoding == Encoding::kPlainNullable) {}

    bool exists() const { return data_ != nullptr; }
    int64_t operator[](uint32_t row) const {
        switch (width_) {
            case 0:
                return base_;
            case 1:
                return value<uint8_t>(row);
            case 2:
                return value<uint16_t>(row);
            case 4:
                return value<uint32_t>(row);
            default:
                return value<uint64_t>(row);
        }
    }
    // All of them, into room for count() numbers: one test of the width for the whole column.
    void decode(int64_t* to) const;
    uint32_t count() const { return count_; }

  private:
    template <typename T>
    int64_t value(uint32_t row) const {
        const T offset = load<T>(data_ + row * sizeof(T));
        if (nullable_ && offset == static_cast<T>(~T{0})) return kNull;
        return static_cast<int64_t>(static_cast<uint64_t>(base_) + static_cast<uint64_t>(offset) * step_);
    }
    template <typename T>
    void decode_as(int64_t* to) const;

    const uint8_t* data_ = nullptr;
    int64_t base_ = kNull;
    uint64_t step_ = 1;
    uint32_t count_ = 0;
    uint8_t width_ = 0;
    bool nullable_ = false;
};

// The events of one kind, oldest first.
class Block {
  public:
    Block() = default;
    Block(const uint8_t* data, uint32_t size, uint8_t columns, uint32_t count);

    uint32_t count() const { return count_; }
    const Integers& times() const { return times_; }  // microseconds since 1970
    Integers integers(uint16_t column) const;

    template <typename Visit>  // void(uint16_t column, Encoding)
    void each_column(Visit visit) const {
        for (uint32_t i = 0; i < columns_; ++i) visit(load<uint16_t>(data_ + i * kColumnSize), encoding(i));
    }

  private:
    int find(uint16_t column) const;
    Encoding encoding(uint32_t i) const { return static_cast<Encoding>(data_[i * kColumnSize + 2]); }
    std::span<const uint8_t> data_of(uint32_t i) const;
    Integers integers_at(uint32_t i) const;

    const uint8_t* data_ = nullptr;
    uint32_t size_ = 0, count_ = 0;
    uint8_t columns_ = 0;
    Integers times_;
};

class View {
  public:
    // Throws Error(kDataCorrupted), also for a version that this program does not know.
    explicit View(std::span<const uint8_t> bytes);

    // The value of an attribute, kNull where the person has none.
    int64_t attribute(uint16_t id) const;
    // The events of a kind; an empty block where there are none.
    Block block(uint16_t kind) const;
    bool has_positions() const { return has_positions_; }
    uint64_t event_count() const;
    uint16_t kind_count() const { return kinds_; }

    template <typename Visit>  // void(uint16_t id, Type, int64_t value)
    void each_attribute(Visit visit) const {
        for (uint32_t i = 0; i < attributes_; ++i) {
            const uint8_t* at = bytes_.data() + kHeaderSize + i * kAttributeSize;
            visit(load<uint16_t>(at), static_cast<Type>(at[2]), load<int64_t>(at + 4));
        }
    }
    template <typename Visit>  // void(uint16_t kind, const Block&)
    void each_block(Visit visit) const {
        for (uint32_t i = 0; i < kinds_; ++i) visit(load<uint16_t>(kind_at(i)), block_at(i));
    }

    // Looks at everything: the order of attributes, kinds, columns and events, every column.
    // Throws Error(kDataCorrupted). O(size).
    void verify() const;

  private:
    const uint8_t* kind_at(uint32_t i) const { return bytes_.data() + kinds_at_ + i * kKindSize; }
    Block block_at(uint32_t i) const;

    std::span<const uint8_t> bytes_;
    size_t kinds_at_ = 0, blocks_at_ = 0;
    uint16_t attributes_ = 0, kinds_ = 0;
    bool has_positions_ = false;
};

}  // namespace cdp::dossier
