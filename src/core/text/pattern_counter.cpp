// SPDX-License-Identifier: PostgreSQL
#include "text/pattern_counter.hpp"

#include <algorithm>
#include <tuple>

#include "base/utf8.hpp"
#include "text/value_pattern.hpp"

namespace cdp::text {
namespace {

constexpr size_t kExample = 80;  // bytes

}  // namespace

void PatternCounter::add(std::string_view value, uint64_t hash, uint64_t rows) {
    value_pattern(value, buffer_);
    add_pattern(buffer_, value, hash, rows);
}

void PatternCounter::add_pattern(std::string_view pattern, std::string_view example, uint64_t hash,
                                 uint64_t rows) {
    const auto found = counts_.find(pattern);
    if (found != counts_.end()) {
        found->second.rows += rows;
        if (hash < found->second.hash) {
            found->second.hash = hash;
            found->second.example = clip_utf8(example, kExample);
        }
    } else if (counts_.size() < limit_) {
        counts_.emplace(std::pmr::string(pattern, memory_),
                        Count{rows, hash, std::pmr::string(clip_utf8(example, kExample), memory_)});
    } else {
        others_ += rows;
    }
}

void PatternCounter::add_all(const PatternCounter& other, Tick& tick) {
    for (const auto& [pattern, count] : other.counts_) {
        tick();
        add_pattern(pattern, count.example, count.hash, count.rows);
    }
    others_ += other.others_;
}

std::vector<PatternShare> PatternCounter::top(size_t count, Tick& tick) const {
    using Item = decltype(counts_)::const_pointer;
    std::pmr::vector<Item> items(memory_);
    items.reserve(counts_.size());
    for (const auto& item : counts_) {
        tick();
        items.push_back(&item);
    }
    count = std::min(count, items.size());
    std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count), items.end(),
                      [](Item a, Item b) {
                          return std::tie(b->second.rows, a->first) < std::tie(a->second.rows, b->first);
                      });
    std::vector<PatternShare> result;
    for (size_t i = 0; i < count; ++i) {
        result.push_back({std::string(items[i]->first), items[i]->second.rows,
                          display(items[i]->second.example, kExample)});
    }
    return result;
}

}  // namespace cdp::text
