// SPDX-License-Identifier: PostgreSQL
// Numbers for characters, from 0 on, so that what is kept for each can live in an array.
#pragma once

#include <bit>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "similarity/points.hpp"

namespace cdp::similarity {

template <typename Char>
class CharIndex;

template <>
class CharIndex<unsigned char> {
  public:
    static constexpr uint32_t kNone = ~uint32_t{0};
    CharIndex(size_t, std::pmr::memory_resource*) {}
    static size_t size() { return 256; }
    static uint32_t add(unsigned char c) { return c; }
    static uint32_t find(unsigned char c) { return c; }
};

// A hash table with open addressing, at most half full.
template <>
class CharIndex<char32_t> {
  public:
    static constexpr uint32_t kNone = ~uint32_t{0};

    CharIndex(size_t at_most, std::pmr::memory_resource* memory)
        : at_most_(at_most), mask_(std::bit_ceil(at_most * 2 + 2) - 1), places_(mask_ + 1, memory) {}
    size_t size() const { return at_most_; }
    uint32_t add(char32_t c) {
        Place& place = places_[locate(c)];
        if (place.number == kNone) place = {c, used_++};
        return place.number;
    }
    uint32_t find(char32_t c) const { return places_[locate(c)].number; }

  private:
    struct Place {
        char32_t key = 0;
        uint32_t number = kNone;
    };
    size_t locate(char32_t c) const {
        size_t at = (c * 0x9E3779B1u >> 8) & mask_;
        while (places_[at].number != kNone && places_[at].key != c) at = (at + 1) & mask_;
        return at;
    }
    size_t at_most_;
    size_t mask_;
    std::pmr::vector<Place> places_;
    uint32_t used_ = 0;
};

}  // namespace cdp::similarity
