// SPDX-License-Identifier: PostgreSQL
#include "ingest/key_run.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace cdp::ingest {

void sort_hashes(std::pmr::vector<HashedRow>& rows, std::pmr::vector<HashedRow>& spare) {
    const auto less = [](const HashedRow& a, const HashedRow& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.row < b.row;
    };
    if (rows.size() < 4096) {
        std::sort(rows.begin(), rows.end(), less);
        return;
    }
    // By the upper 33 bits in three passes from the lowest; what is left is nearly in order.
    constexpr int kBits = 11;
    spare.resize(rows.size());
    for (int pass = 0; pass < 3; ++pass) {
        const int shift = 63 - 33 + pass * kBits;
        std::vector<size_t> starts(size_t{1} << kBits, 0);
        const auto bucket = [&](const HashedRow& row) { return (row.hash >> shift) & ((1u << kBits) - 1); };
        for (const HashedRow& row : rows) ++starts[bucket(row)];
        size_t sum = 0;
        for (size_t& start : starts) {
            const size_t count = start;
            start = sum;
            sum += count;
        }
        for (const HashedRow& row : rows) spare[starts[bucket(row)]++] = row;
        rows.swap(spare);
    }
    for (size_t from = 0; from < rows.size();) {
        size_t to = from + 1;
        while (to < rows.size() && rows[to].hash >> 30 == rows[from].hash >> 30) ++to;
        if (to - from > 1)
            std::sort(rows.begin() + static_cast<ptrdiff_t>(from), rows.begin() + static_cast<ptrdiff_t>(to),
                      less);
        from = to;
    }
}

KeyBlock::KeyBlock(std::string_view bytes) : bytes_(bytes), count_(bytes.size() / kEntryBytes) {
    if (bytes.size() % kEntryBytes != 0) {
        throw Error(
            ErrorCode::kDataCorrupted, "a block of event keys is damaged",
            "It has " + std::to_string(bytes.size()) + " bytes.",
            "Delete what is known of the keys; the next ingestion makes it anew from the events: DELETE "
            "FROM cdp_data.event_key_run;");
    }
}

size_t KeyBlock::lower_bound(uint64_t wanted) const {
    size_t low = 0;
    size_t high = count_;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (hash(middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}  // namespace cdp::ingest
