// SPDX-License-Identifier: PostgreSQL
// JSON as PostgreSQL's jsonb stores it, without its length word. Format: src/include/utils/jsonb.h, the same
// from 9.4 on.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace cdp::ingest {

enum class JsonType : unsigned char {
    kNull,
    kFalse,
    kTrue,
    kNumber,
    kPackedNumber,
    kString,
    kObject,
    kArray
};

// A tree of values, its nodes in one array. `text`: of a string, itself; of a number, as it was spelt; of a
// packed number, see packed_number.hpp.
struct JsonNode {
    JsonType type = JsonType::kNull;
    uint32_t count = 0;  // children
    uint32_t first = 0;  // index of the first child, 0 when there is none
    uint32_t next = 0;   // of the next sibling
    std::string_view key;
    std::string_view text;
};

// Deeper values are refused on reading.
constexpr int kMaxJsonDepth = 128;
// A value of more bytes is not packed: its lengths would not fit.
constexpr size_t kMaxPackedJson = (size_t{1} << 28) - (1 << 16);

// Appends nodes[root], an object or array. Of fields of one name the last counts. With `strip_nulls` fields
// whose value is null are left out, at any depth, as jsonb_strip_nulls does. `base` bytes of `out` come
// before the value (the alignment counts from there). False when it is too large.
bool pack_json(std::span<const JsonNode> nodes, uint32_t root, bool strip_nulls, size_t base,
               std::string& out);

// An object under names that are sorted by (length, bytes) already and differ.
struct FlatField {
    std::string_view name;
    JsonType type;           // kNull is left out
    std::string_view value;  // of a string or a packed number; of an object or array, itself packed
};
void pack_flat_object(std::span<const FlatField> fields, size_t base, std::string& out);

// What a packed value of any kind holds: for a bare scalar, itself; for an object or array, all of its bytes.
// False when it is no packed JSON.
bool unpack_scalar(std::string_view packed, JsonType& type, std::string_view& value);

// The fields of a packed object, their types in three classes: visit(name, type). Nothing for another value;
// bytes that are no packed JSON end the visit.
enum class FieldType : unsigned char { kNumber, kBoolean, kText, kOther };
template <typename Visit>
void each_field(std::string_view packed, Visit&& visit) {
    const auto word = [&](size_t at) {
        uint32_t value = 0;
        if (at + 4 <= packed.size()) std::memcpy(&value, packed.data() + at, 4);
        return value;
    };
    const uint32_t header = word(0);
    if ((header & 0x20000000) == 0) return;
    const size_t count = header & 0x0FFFFFFF;
    if (count > packed.size() / 8) return;
    const size_t names = 4 + count * 8;
    size_t end = 0;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t entry = word(4 + i * 4);
        const size_t start = end;
        end = (entry & 0x80000000) != 0 ? entry & 0x0FFFFFFF : end + (entry & 0x0FFFFFFF);
        if (end < start || names + end > packed.size()) return;
        const uint32_t type = word(4 + (count + i) * 4) & 0x70000000;
        visit(packed.substr(names + start, end - start), type == 0x10000000 ? FieldType::kNumber
                                                         : type == 0x20000000 || type == 0x30000000
                                                             ? FieldType::kBoolean
                                                         : type == 0 ? FieldType::kText
                                                                     : FieldType::kOther);
    }
}

// The order of names in an object.
inline bool json_name_less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace cdp::ingest
