// SPDX-License-Identifier: PostgreSQL
#include "ingest/packed_json.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "ingest/packed_number.hpp"

namespace cdp::ingest {
namespace {

constexpr uint32_t kIsString = 0x00000000;
constexpr uint32_t kIsNumber = 0x10000000;
constexpr uint32_t kIsFalse = 0x20000000;
constexpr uint32_t kIsTrue = 0x30000000;
constexpr uint32_t kIsNull = 0x40000000;
constexpr uint32_t kIsContainer = 0x50000000;
constexpr uint32_t kHasOffset = 0x80000000;
constexpr uint32_t kObjectFlag = 0x20000000;
constexpr uint32_t kArrayFlag = 0x40000000;
constexpr size_t kStride = 32;

void put32(std::string& out, size_t at, uint32_t value) {
    std::memcpy(out.data() + at, &value, 4);
}

void align(std::string& out, size_t base) {
    while ((out.size() - base) % 4 != 0) out.push_back('\0');
}

// One entry per element: its length, every 32nd its end.
class Entries {
  public:
    Entries(std::string& out, size_t at) : out_(out), at_(at) {}
    void add(uint32_t type, size_t length) {
        total_ += length;
        const bool offset = index_ % kStride == 0;
        put32(out_, at_ + index_ * 4,
              type | static_cast<uint32_t>(offset ? total_ : length) | (offset ? kHasOffset : 0));
        ++index_;
    }

  private:
    std::string& out_;
    size_t at_;
    size_t index_ = 0;
    size_t total_ = 0;
};

size_t begin_container(std::string& out, size_t base, uint32_t header, size_t entries) {
    align(out, base);
    const size_t at = out.size();
    out.resize(at + 4 + entries * 4);
    put32(out, at, header);
    return at + 4;
}

void put_number(std::string_view packed, size_t base, std::string& out) {
    align(out, base);
    const size_t at = out.size();
    out.resize(at + 4);
    // The length word of a plain value, little- or big-endian as the server's own.
    const uint32_t size = static_cast<uint32_t>(packed.size() + 4);
    const uint16_t probe = 1;
    unsigned char first;
    std::memcpy(&first, &probe, 1);
    put32(out, at, first == 1 ? size << 2 : size);
    out.append(packed);
}

class Packer {
  public:
    Packer(std::span<const JsonNode> nodes, bool strip_nulls, size_t base, std::string& out)
        : nodes_(nodes), strip_nulls_(strip_nulls), base_(base), out_(out) {}

    bool container(uint32_t index, int depth) {
        const JsonNode& node = nodes_[index];
        if (depth > kMaxJsonDepth || out_.size() - base_ > kMaxPackedJson) return false;
        if (node.type == JsonType::kArray) {
            Entries entries(out_, begin_container(out_, base_, node.count | kArrayFlag, node.count));
            for (uint32_t child = node.first; child != 0; child = nodes_[child].next) {
                if (!value(child, depth, entries)) return false;
            }
            return true;
        }
        std::vector<uint32_t> fields;
        fields.reserve(node.count);
        for (uint32_t child = node.first; child != 0; child = nodes_[child].next) fields.push_back(child);
        std::stable_sort(fields.begin(), fields.end(), [&](uint32_t a, uint32_t b) {
            return json_name_less(nodes_[a].key, nodes_[b].key);
        });
        size_t kept = 0;
        for (size_t i = 0; i < fields.size(); ++i) {
            if (i + 1 < fields.size() && nodes_[fields[i]].key == nodes_[fields[i + 1]].key) continue;
            if (strip_nulls_ && nodes_[fields[i]].type == JsonType::kNull) continue;
            fields[kept++] = fields[i];
        }
        fields.resize(kept);
        Entries entries(out_,
                        begin_container(out_, base_, static_cast<uint32_t>(kept) | kObjectFlag, kept * 2));
        for (const uint32_t field : fields) {
            entries.add(kIsString, nodes_[field].key.size());
            out_.append(nodes_[field].key);
        }
        for (const uint32_t field : fields) {
            if (!value(field, depth, entries)) return false;
        }
        return true;
    }

  private:
    bool value(uint32_t index, int depth, Entries& entries) {
        const JsonNode& node = nodes_[index];
        const size_t before = out_.size();
        switch (node.type) {
            case JsonType::kNull:
                entries.add(kIsNull, 0);
                break;
            case JsonType::kFalse:
                entries.add(kIsFalse, 0);
                break;
            case JsonType::kTrue:
                entries.add(kIsTrue, 0);
                break;
            case JsonType::kString:
                out_.append(node.text);
                entries.add(kIsString, node.text.size());
                break;
            case JsonType::kNumber: {
                char packed[kMaxPackedNumber];
                const size_t size = pack_number(node.text, packed);
                if (size == 0) return false;
                put_number({packed, size}, base_, out_);
                entries.add(kIsNumber, out_.size() - before);
                break;
            }
            case JsonType::kPackedNumber:
                put_number(node.text, base_, out_);
                entries.add(kIsNumber, out_.size() - before);
                break;
            case JsonType::kObject:
            case JsonType::kArray:
                if (!container(index, depth + 1)) return false;
                entries.add(kIsContainer, out_.size() - before);
                break;
        }
        return out_.size() - base_ <= kMaxPackedJson;
    }

    std::span<const JsonNode> nodes_;
    bool strip_nulls_;
    size_t base_;
    std::string& out_;
};

}  // namespace

bool pack_json(std::span<const JsonNode> nodes, uint32_t root, bool strip_nulls, size_t base,
               std::string& out) {
    return Packer(nodes, strip_nulls, base, out).container(root, 0);
}

bool unpack_scalar(std::string_view packed, JsonType& type, std::string_view& value) {
    constexpr uint32_t kScalarFlag = 0x10000000;
    if (packed.size() < 4) return false;
    uint32_t header;
    std::memcpy(&header, packed.data(), 4);
    if ((header & kScalarFlag) == 0) {
        type = (header & kObjectFlag) != 0 ? JsonType::kObject : JsonType::kArray;
        value = packed;
        return true;
    }
    if (packed.size() < 8) return false;
    uint32_t entry;
    std::memcpy(&entry, packed.data() + 4, 4);
    const std::string_view rest = packed.substr(8, entry & 0x0FFFFFFF);
    switch (entry & 0x70000000) {
        case kIsString:
            type = JsonType::kString;
            value = rest;
            return true;
        case kIsNumber:
            type = JsonType::kPackedNumber;
            value = rest.size() < 4 ? std::string_view() : rest.substr(4);
            return !value.empty();
        case kIsTrue:
            type = JsonType::kTrue;
            return true;
        case kIsFalse:
            type = JsonType::kFalse;
            return true;
        default:
            type = JsonType::kNull;
            return true;
    }
}

void pack_flat_object(std::span<const FlatField> fields, size_t base, std::string& out) {
    size_t count = 0;
    for (const FlatField& field : fields) count += field.type != JsonType::kNull;
    Entries entries(out, begin_container(out, base, static_cast<uint32_t>(count) | kObjectFlag, count * 2));
    for (const FlatField& field : fields) {
        if (field.type == JsonType::kNull) continue;
        out.append(field.name);
        entries.add(kIsString, field.name.size());
    }
    for (const FlatField& field : fields) {
        const size_t before = out.size();
        switch (field.type) {
            case JsonType::kTrue:
                entries.add(kIsTrue, 0);
                break;
            case JsonType::kFalse:
                entries.add(kIsFalse, 0);
                break;
            case JsonType::kPackedNumber:
                put_number(field.value, base, out);
                entries.add(kIsNumber, out.size() - before);
                break;
            case JsonType::kString:
                out.append(field.value);
                entries.add(kIsString, field.value.size());
                break;
            case JsonType::kObject:
            case JsonType::kArray:
                align(out, base);
                out.append(field.value);
                entries.add(kIsContainer, out.size() - before);
                break;
            default:
                break;
        }
    }
}

}  // namespace cdp::ingest
