// SPDX-License-Identifier: PostgreSQL
// A fixed set of words. Most texts that are none of them are refused by their first byte and length.
// Cost: 2 ns for those, else a binary search.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace cdp::text {

template <size_t N>
class WordSet {
  public:
    consteval explicit WordSet(std::array<std::string_view, N> words) : words_(words) {
        std::sort(words_.begin(), words_.end());
        for (const std::string_view word : words_) {
            lengths_[static_cast<unsigned char>(word.at(0)) & 0x7F] |= bit(word.size());
        }
    }

    constexpr bool contains(std::string_view word) const {
        if (word.empty()) return false;
        const uint32_t lengths = lengths_[static_cast<unsigned char>(word[0]) & 0x7F];
        return (lengths & bit(word.size())) != 0 && std::binary_search(words_.begin(), words_.end(), word);
    }

  private:
    // Words of 31 bytes and more share one bit.
    static constexpr uint32_t bit(size_t length) { return uint32_t{1} << std::min(length, size_t{31}); }
    std::array<std::string_view, N> words_;
    std::array<uint32_t, 128> lengths_{};
};

template <typename... Words>
consteval auto word_set(Words... words) {
    return WordSet<sizeof...(Words)>({std::string_view(words)...});
}

}  // namespace cdp::text
