// SPDX-License-Identifier: PostgreSQL
// For each character of a pattern of up to 64 characters, the set of its positions as a word. These work on
// every machine; the kernels for AVX2 compare registers instead.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "similarity/points.hpp"

namespace cdp::similarity {

// `differing`: how many of the characters that one word picks from a text are not the same as those that
// another, with as many bits, picks from another text.

template <typename Char>
uint32_t differing_chars(std::span<const Char> a, uint64_t in_a, std::span<const Char> b, uint64_t in_b) {
    uint32_t count = 0;
    for (; in_a != 0; in_a &= in_a - 1, in_b &= in_b - 1) {
        const Char x = a[static_cast<size_t>(std::countr_zero(in_a))];
        count += x != b[static_cast<size_t>(std::countr_zero(in_b))] ? 1 : 0;
    }
    return count;
}

template <typename Char>
class PositionMask;

// A table by byte. Only the entries that will be read are cleared when that is less than all.
template <>
class PositionMask<unsigned char> {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    PositionMask(Bytes pattern, Bytes text) {
        if (text.size() > bits_.size()) {
            bits_.fill(0);
        } else {
            for (const unsigned char c : text) bits_[c] = 0;
            for (const unsigned char c : pattern) bits_[c] = 0;
        }
        for (size_t i = 0; i < pattern.size(); ++i) bits_[pattern[i]] |= uint64_t{1} << i;
    }
    uint64_t operator[](unsigned char c) const { return bits_[c]; }
    static uint32_t differing(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
        return differing_chars(a, in_a, b, in_b);
    }

  private:
    std::array<uint64_t, 256> bits_;  // NOLINT
};

// A hash table of 128 places, at most half full.
template <>
class PositionMask<char32_t> {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): a key counts where its mask is set
    PositionMask(Wide pattern, Wide) {
        for (size_t i = 0; i < pattern.size(); ++i) {
            const size_t at = find(pattern[i]);
            keys_[at] = pattern[i];
            bits_[at] |= uint64_t{1} << i;
        }
    }
    uint64_t operator[](char32_t c) const { return bits_[find(c)]; }
    static uint32_t differing(Wide a, uint64_t in_a, Wide b, uint64_t in_b) {
        return differing_chars(a, in_a, b, in_b);
    }

  private:
    static constexpr size_t kPlaces = 128;
    size_t find(char32_t c) const {
        size_t at = (c * 0x9E3779B1u >> 16) % kPlaces;
        while (bits_[at] != 0 && keys_[at] != c) at = (at + 1) % kPlaces;
        return at;
    }
    std::array<char32_t, kPlaces> keys_;  // read only where bits_ is not 0
    std::array<uint64_t, kPlaces> bits_{};
};

}  // namespace cdp::similarity
