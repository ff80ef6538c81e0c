// SPDX-License-Identifier: PostgreSQL
// Naive versions of what src/core/identity does cleverly.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "identity/blocking.hpp"

namespace reference {

// Optimal string alignment: insert, delete, substitute, swap neighbours.
inline size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) {
        for (size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min(
                {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

using Pair = std::pair<uint32_t, uint32_t>;

// Every pair that shares an unsplit key in a block of at most `limit` records, and every pair that shares a
// key.
struct Pairs {
    std::set<Pair> certain;
    std::set<Pair> possible;
};
inline Pairs pairs_by_key(const cdp::identity::RecordStore& store, const cdp::identity::SharedValues& shared,
                          size_t limit) {
    Pairs pairs;
    for (uint32_t rule = 0; rule < cdp::identity::kBlockingRules; ++rule) {
        std::map<uint64_t, std::vector<uint32_t>> blocks;
        for (uint32_t i = 0; i < store.size(); ++i) {
            const uint64_t key = cdp::identity::blocking_key(store, shared, i, rule);
            if (key != 0) blocks[key].push_back(i);
        }
        for (const auto& [key, members] : blocks) {
            for (size_t i = 0; i < members.size(); ++i) {
                for (size_t j = i + 1; j < members.size(); ++j) {
                    pairs.possible.insert({members[i], members[j]});
                    if (members.size() <= limit) pairs.certain.insert({members[i], members[j]});
                }
            }
        }
    }
    return pairs;
}

// Labels of connected components, by repeated relabelling.
inline std::vector<uint32_t> components(uint32_t size, const std::vector<Pair>& edges) {
    std::vector<uint32_t> label(size);
    for (uint32_t i = 0; i < size; ++i) label[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& [a, b] : edges) {
            const uint32_t least = std::min(label[a], label[b]);
            changed = changed || label[a] != label[b];
            label[a] = label[b] = least;
        }
    }
    return label;
}

}  // namespace reference
