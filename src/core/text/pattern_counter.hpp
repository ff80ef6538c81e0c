// SPDX-License-Identifier: PostgreSQL
// Counts the shapes of values (see value_pattern.hpp), with one example of each: the value with the smallest
// hash, so that the order of values does not matter until the limit is reached. What comes after that with a
// new shape is counted as one, `others`.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.hpp"
#include "base/tick.hpp"

namespace cdp::text {

struct PatternShare {
    std::string pattern;
    uint64_t rows = 0;
    std::string example;
};

class PatternCounter {
  public:
    PatternCounter(size_t limit, std::pmr::memory_resource* memory)
        : limit_(limit), memory_(memory), counts_(memory) {}

    void add(std::string_view value, uint64_t hash, uint64_t rows);
    // What another one counted.
    void add_all(const PatternCounter& other, Tick& tick);

    // By rows, the most first, ties in the order of their bytes.
    std::vector<PatternShare> top(size_t count, Tick& tick) const;

  private:
    struct Count {
        uint64_t rows;
        uint64_t hash;
        std::pmr::string example;
    };
    struct Hash {
        using is_transparent = void;
        size_t operator()(std::string_view text) const { return hash64(text); }
    };
    void add_pattern(std::string_view pattern, std::string_view example, uint64_t hash, uint64_t rows);

    size_t limit_;
    std::pmr::memory_resource* memory_;
    std::pmr::unordered_map<std::pmr::string, Count, Hash, std::equal_to<>> counts_;
    uint64_t others_ = 0;
    std::string buffer_;
};

}  // namespace cdp::text
