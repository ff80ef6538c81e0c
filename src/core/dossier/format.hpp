// SPDX-License-Identifier: PostgreSQL
// The bytes of a dossier: one person's attributes and events, packed. Little-endian, no padding, no pointers;
// docs/dossier.md describes it for readers in other languages. What is stored once is never stored per event:
// events are grouped by their kind, each kind has columns of its own, each column the width that its values
// need.
//
//   header        8 bytes   u8 version, u8 flags, u16 attributes, u16 kinds, u16 zero
//   attributes    12 each   u16 id, u8 type, u8 zero, i64 value                       in order of id
//   kinds         12 each   u16 kind, u8 columns, u8 zero, u32 events, u32 end        in order of kind
//   block of each kind      columns, 8 bytes each: u16 id, u8 encoding, u8 width, u32 end of its data
//                           then the data of each column, in the same order
//
// `end` counts from the first byte after the directory it stands in, so that a block or a column begins where
// the one before it ends. Within a kind, events are in order of time; the rest of the order is below.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace cdp::dossier {

static_assert(std::endian::native == std::endian::little, "dossiers are read as they are stored");

inline constexpr uint8_t kVersion = 1;
inline constexpr size_t kHeaderSize = 8, kAttributeSize = 12, kKindSize = 12, kColumnSize = 8;

// A value that is not there, in every column and attribute of integers.
inline constexpr int64_t kNull = std::numeric_limits<int64_t>::min();

// What the 64 bits of a value are.
enum class Type : uint8_t {
    kNumber = 1,     // in units of 1/10,000
    kSymbol = 2,     // a text, by its number in the dictionary
    kBoolean = 3,    // 0 or 1
    kDate = 4,       // days since 1970-01-01
    kTimestamp = 5,  // microseconds since 1970-01-01 00:00 UTC
};

// Columns that every kind may have; those of properties begin at kFirstProperty.
enum ColumnId : uint16_t {
    kTime = 0,  // microseconds since 1970-01-01 00:00 UTC; always there
    kPosition =
        1,  // rank among all events of the person; only where equal times make the order of kinds unclear
    kAmount = 2,    // in units of 1/10,000 of the currency
    kCurrency = 3,  // symbol
    kLatitude = 4,  // in units of 1/10,000,000 degree
    kLongitude = 5,
    kSource = 6,
    kFirstProperty = 16,
    kLastProperty = 0x7FFF,
};

enum class Encoding : uint8_t {
    kPlain = 0,          // i64 base, then per event an unsigned number of `width` bytes to add to it
    kPlainNullable = 1,  // the same; all bits set is no value
    kSeconds = 2,        // kTime only: the same in steps of 1,000,000
    kMilliseconds = 3,   // kTime only: in steps of 1,000
};

inline constexpr uint8_t kHasPositions = 1;  // flag: blocks have the column kPosition

// Bounds that no person reaches; what is beyond them is refused when it is packed, and damaged when it is
// read.
inline constexpr uint32_t kMaxEvents = 1u << 20;
inline constexpr size_t kMaxSize = size_t{1} << 28;

template <typename T>
T load(const uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

}  // namespace cdp::dossier
