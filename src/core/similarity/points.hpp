// SPDX-License-Identifier: PostgreSQL
// Two texts as sequences of characters (code points) for an algorithm written once: plain bytes when that is
// possible, code points otherwise; nothing is allocated up to 128 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
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

// The sets of positions of the bit-parallel algorithms: one word for up to 64 characters.
constexpr size_t kWord = 64;

using Bytes = std::span<const unsigned char>;
using Wide = std::span<const char32_t>;

inline void check_length(size_t points) {
    if (points <= kMaxPoints) return;
    throw Error(ErrorCode::kLimitExceeded, "text too long to compare",
                "Texts of up to " + std::to_string(kMaxPoints) + " characters are compared.",
                "Compare their beginnings: left(value, " + std::to_string(kMaxPoints) + ").");
}

inline uint64_t load64(const void* from) {
    uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}
inline uint32_t load32(const void* from) {
    uint32_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

// Four words cover 8 to 32 bytes, overlapping as need be: one way for most names and streets, so that their
// lengths mislead no branch prediction.
inline bool is_ascii(std::string_view text) {
    constexpr uint64_t kHigh = 0x8080808080808080ULL;
    const char* at = text.data();
    const size_t size = text.size();
    if (size >= 8) {
        const size_t second = std::min<size_t>(8, size - 8);
        uint64_t all =
            load64(at) | load64(at + second) | load64(at + size - 8 - second) | load64(at + size - 8);
        for (size_t i = 16; i + 16 < size; i += 8) all |= load64(at + i);
        return (all & kHigh) == 0;
    }
    if (size >= 4) return ((load32(at) | load32(at + size - 4)) & 0x80808080U) == 0;
    unsigned all = 0;
    for (size_t i = 0; i < size; ++i) all |= static_cast<unsigned char>(at[i]);
    return (all & 0x80) == 0;
}

// White space of Unicode, with the separators 1C to 1F: what divides words.
inline bool is_space(char32_t c) {
    if (c < 0x80) return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
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
    Wide span() const { return {heap_.empty() ? inline_.data() : heap_.data(), size_}; }

  private:
    static constexpr size_t kInline = 128;
    std::array<char32_t, kInline> inline_;  // NOLINT: filling it first would cost more than a comparison
    std::pmr::vector<char32_t> heap_;
    size_t size_ = 0;
};

// Two short texts as bytes when all their characters beyond ASCII lie in one row of 128 code points, as in
// most texts of one language (é ñ ü, or Cyrillic). Keeps the order of the code points. Texts with a white
// space beyond ASCII are left to Points, so that a byte is white space if and only if it is so in ASCII.
class OneRow {
  public:
    static constexpr size_t kLongest = 128;

    bool add(std::string_view text) {
        std::array<unsigned char, kLongest>& to = bytes_[texts_];
        size_t size = 0;
        for (size_t i = 0; i < text.size();) {
            const char32_t point = decode_utf8(text, i);
            if (point < 0x80) {
                to[size++] = static_cast<unsigned char>(point);
                continue;
            }
            if (row_ == 0) row_ = point >> 7;
            if (point >> 7 != row_ || is_space(point)) return false;
            to[size++] = static_cast<unsigned char>(0x80 | (point & 0x7F));
        }
        sizes_[texts_++] = size;
        return true;
    }
    Bytes operator[](size_t i) const { return {bytes_[i].data(), sizes_[i]}; }

  private:
    std::array<std::array<unsigned char, kLongest>, 2> bytes_;  // NOLINT: filled as far as it is read
    std::array<size_t, 2> sizes_{};
    size_t texts_ = 0;
    char32_t row_ = 0;
};

// Calls f(a, b) with Bytes or Wide.
template <typename F>
auto with_points(std::string_view a, std::string_view b, std::pmr::memory_resource* memory, F&& f) {
    if (is_ascii(a) && is_ascii(b)) {
        check_length(std::max(a.size(), b.size()));
        const auto bytes = [](std::string_view text) {
            return Bytes(reinterpret_cast<const unsigned char*>(text.data()), text.size());
        };
        return f(bytes(a), bytes(b));
    }
    if (std::max(a.size(), b.size()) <= OneRow::kLongest) {
        OneRow texts;
        if (texts.add(a) && texts.add(b)) return f(texts[0], texts[1]);
    }
    const Points points_a(a, memory);
    const Points points_b(b, memory);
    check_length(std::max(points_a.span().size(), points_b.span().size()));
    return f(points_a.span(), points_b.span());
}

// The leading characters that are the same.
template <typename Char>
size_t common_prefix(std::span<const Char> a, std::span<const Char> b) {
    const size_t shorter = std::min(a.size(), b.size());
    size_t same = 0;
    if constexpr (sizeof(Char) == 1 && std::endian::native == std::endian::little) {
        for (; same + 8 <= shorter; same += 8) {
            const uint64_t differs = load64(&a[same]) ^ load64(&b[same]);
            if (differs != 0) return same + static_cast<size_t>(std::countr_zero(differs)) / 8;
        }
    }
    while (same < shorter && a[same] == b[same]) ++same;
    return same;
}

// Equal ends never take part in an edit. Returns how many characters went.
template <typename Char>
size_t trim_common(std::span<const Char>& a, std::span<const Char>& b) {
    const size_t head = common_prefix(a, b);
    a = a.subspan(head);
    b = b.subspan(head);
    const size_t shorter = std::min(a.size(), b.size());
    size_t tail = 0;
    if constexpr (sizeof(Char) == 1 && std::endian::native == std::endian::little) {
        for (; tail + 8 <= shorter; tail += 8) {
            const uint64_t differs =
                load64(a.data() + a.size() - tail - 8) ^ load64(b.data() + b.size() - tail - 8);
            if (differs == 0) continue;
            tail += static_cast<size_t>(std::countl_zero(differs)) / 8;
            break;
        }
    }
    while (tail < shorter && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    a = a.first(a.size() - tail);
    b = b.first(b.size() - tail);
    return head + tail;
}

}  // namespace cdp::similarity
