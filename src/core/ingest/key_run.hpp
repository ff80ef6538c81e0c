// SPDX-License-Identifier: PostgreSQL
// Where the events of a source are: sorted runs of (hash of the key, place in the table). A hash that is in
// no run is the key of no event; one that is leads to a row, whose key is then compared. So a key is looked
// up, and added, without an index: appending to a run costs 14 bytes, a B-tree some 40 and a descent. Runs
// are stored in blocks of a few hundred entries, each sorted, all entries of one hash in one block.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/tick.hpp"

namespace cdp::ingest {

struct KeyEntry {
    uint64_t hash;
    uint64_t place;  // block of the table << 16 | line in it
    friend bool operator==(const KeyEntry&, const KeyEntry&) = default;
    friend bool operator<(const KeyEntry& a, const KeyEntry& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.place < b.place;
    }
};

// 63 bits, so that it is a bigint that sorts alike. It is stored: it must not change.
inline uint64_t event_key_hash(std::string_view key) {
    constexpr uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
    uint64_t hash = key.size() * kFactor;
    const char* at = key.data();
    size_t left = key.size();
    const auto byte = [](char c) { return static_cast<uint64_t>(static_cast<unsigned char>(c)); };
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t bytes = 0;
        for (int i = 0; i < 8; ++i) bytes |= byte(at[i]) << (8 * i);
        hash = (hash ^ bytes) * kFactor;
        hash ^= hash >> 29;
    }
    uint64_t bytes = 0;
    for (size_t i = 0; i < left; ++i) bytes |= byte(at[i]) << (8 * i);
    return mix64(hash ^ bytes) >> 1;
}

// Sorts by hash, then by the second number. Radix sort: some 20 ns each.
struct HashedRow {
    uint64_t hash;
    uint64_t row;
};
void sort_hashes(std::pmr::vector<HashedRow>& rows, std::pmr::vector<HashedRow>& spare);

constexpr size_t kEntryBytes = 14;
constexpr size_t kBlockEntries = 500;

// Of one hash no more are kept, so that a block fits into a page: whoever finds one of them at another key
// looks for the key in the table.
constexpr size_t kMostOfOneHash = 32;

// Cuts sorted entries into blocks: put(first hash, bytes) for each.
template <typename Put>
void write_blocks(std::span<const KeyEntry> given, Put&& put) {
    std::vector<char> bytes;
    std::vector<KeyEntry> fewer;
    std::span<const KeyEntry> entries = given;
    for (size_t i = kMostOfOneHash; i < given.size(); ++i) {
        if (given[i].hash != given[i - kMostOfOneHash].hash) continue;
        for (const KeyEntry& entry : given) {
            if (fewer.size() >= kMostOfOneHash && fewer[fewer.size() - kMostOfOneHash].hash == entry.hash)
                fewer.erase(fewer.end() - kMostOfOneHash);
            fewer.push_back(entry);
        }
        entries = fewer;
        break;
    }
    for (size_t from = 0; from < entries.size();) {
        size_t to = from + 1;
        while (to < entries.size() && (to - from < kBlockEntries || entries[to].hash == entries[to - 1].hash))
            ++to;
        bytes.resize((to - from) * kEntryBytes);
        char* hashes = bytes.data();
        char* places = hashes + (to - from) * 8;
        for (size_t i = from; i < to; ++i) {
            for (int k = 0; k < 8; ++k) *hashes++ = static_cast<char>(entries[i].hash >> (8 * k));
            for (int k = 0; k < 6; ++k) *places++ = static_cast<char>(entries[i].place >> (8 * k));
        }
        put(entries[from].hash, std::string_view(bytes.data(), bytes.size()));
        from = to;
    }
}

// A block as it was stored; one of another length is an Error(kDataCorrupted).
class KeyBlock {
  public:
    explicit KeyBlock(std::string_view bytes);
    size_t size() const { return count_; }
    uint64_t hash(size_t i) const { return number(bytes_.data() + i * 8, 8); }
    KeyEntry operator[](size_t i) const { return {hash(i), number(bytes_.data() + count_ * 8 + i * 6, 6)}; }
    size_t lower_bound(uint64_t hash) const;

  private:
    static uint64_t number(const char* at, int size) {
        uint64_t value = 0;
        for (int k = 0; k < size; ++k)
            value |= static_cast<uint64_t>(static_cast<unsigned char>(at[k])) << (8 * k);
        return value;
    }
    std::string_view bytes_;
    size_t count_;
};

// Calls found(i, entry) for every entry of the block with the hash of sorted rows[i].
template <typename Found>
void match_block(std::span<const HashedRow> rows, const KeyBlock& block, Found&& found) {
    if (rows.empty() || block.size() == 0) return;
    size_t i = 0;
    size_t high = rows.size();
    const uint64_t first = block.hash(0);
    while (i < high) {
        const size_t middle = i + (high - i) / 2;
        if (rows[middle].hash < first)
            i = middle + 1;
        else
            high = middle;
    }
    size_t k = 0;
    const bool sparse = rows.size() < block.size();
    for (; i < rows.size() && k < block.size(); ++i) {
        if (sparse)
            k = block.lower_bound(rows[i].hash);
        else
            while (k < block.size() && block.hash(k) < rows[i].hash) ++k;
        for (size_t j = k; j < block.size() && block.hash(j) == rows[i].hash; ++j) found(i, block[j]);
    }
}

}  // namespace cdp::ingest
