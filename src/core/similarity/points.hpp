// SPDX-License-Identifier: PostgreSQL
// Two texts as sequences of code points for an algorithm written once: plain bytes when both are ASCII,
// decoded otherwise; nothing is allocated up to 128 characters.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace cdp::similarity {

// Longer texts are not compared: the cost is the product of the lengths.
constexpr size_t kMaxPoints = 65536;

inline void check_length(size_t points) {
    if (points <= kMaxPoints) return;
    throw Error(ErrorCode::kLimitExceeded, "text too long to compare",
                "Texts of up to " + std::to_string(kMaxPoints) + " characters are compared.",
                "Compare their beginnings: left(value, " + std::to_string(kMaxPoints) + ").");
}

inline bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Points {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    Points(std::string_view text, std::pmr::memory_resource* memory) : heap_(memory) {
        if (text.size() > kInline) {
            check_length(text.size() / 4);
            heap_.resize(text.size());
        }
        char32_t* to = heap_.empty() ? inline_.data() : heap_.data();
        for (size_t i = 0; i < text.size();) to[size_++] = decode_utf8(text, i);
    }
    std::span<const char32_t> span() const { return {heap_.empty() ? inline_.data() : heap_.data(), size_}; }

  private:
    static constexpr size_t kInline = 128;
    std::array<char32_t, kInline> inline_;  // NOLINT: filling it first would cost more than a comparison
    std::pmr::vector<char32_t> heap_;
    size_t size_ = 0;
};

// Calls f(a, b) with spans of unsigned char or of char32_t.
template <typename F>
auto with_points(std::string_view a, std::string_view b, std::pmr::memory_resource* memory, F&& f) {
    if (is_ascii(a) && is_ascii(b)) {
        check_length(std::max(a.size(), b.size()));
        const auto bytes = [](std::string_view text) {
            return std::span(reinterpret_cast<const unsigned char*>(text.data()), text.size());
        };
        return f(bytes(a), bytes(b));
    }
    const Points points_a(a, memory);
    const Points points_b(b, memory);
    check_length(std::max(points_a.span().size(), points_b.span().size()));
    return f(points_a.span(), points_b.span());
}

// For each character of a pattern of up to 64, the set of its positions.
template <typename Char>
class PositionMask;

template <>
class PositionMask<unsigned char> {
  public:
    explicit PositionMask(std::span<const unsigned char> pattern) {
        for (size_t i = 0; i < pattern.size(); ++i) bits_[pattern[i]] |= uint64_t{1} << i;
    }
    uint64_t operator[](unsigned char c) const { return bits_[c]; }

  private:
    std::array<uint64_t, 128> bits_{};
};

// A hash table of 128 places, at most half full.
template <>
class PositionMask<char32_t> {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): a key counts where its mask is set
    explicit PositionMask(std::span<const char32_t> pattern) {
        for (size_t i = 0; i < pattern.size(); ++i) {
            const size_t at = find(pattern[i]);
            keys_[at] = pattern[i];
            bits_[at] |= uint64_t{1} << i;
        }
    }
    uint64_t operator[](char32_t c) const { return bits_[find(c)]; }

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
