// SPDX-License-Identifier: PostgreSQL
#include "similarity/edit_distance.hpp"

#include "similarity/points.hpp"

namespace cdp::similarity {
namespace {

constexpr size_t kWord = 64;

// Equal ends never take part in an edit.
template <typename Char>
void trim_common(std::span<const Char>& a, std::span<const Char>& b) {
    size_t same = 0;
    const size_t shorter = std::min(a.size(), b.size());
    while (same < shorter && a[same] == b[same]) ++same;
    a = a.subspan(same);
    b = b.subspan(same);
    same = 0;
    while (same < std::min(a.size(), b.size()) && a[a.size() - 1 - same] == b[b.size() - 1 - same]) ++same;
    a = a.first(a.size() - same);
    b = b.first(b.size() - same);
}

// One column of the table as differences between neighbours: bit i says that row i+1 is one more (plus) or
// one less (minus) than row i.
struct Column {
    uint64_t plus = ~uint64_t{0};
    uint64_t minus = 0;
};

template <typename Char>
size_t levenshtein_word(std::span<const Char> pattern, std::span<const Char> text, Tick& tick) {
    const PositionMask<Char> positions(pattern);
    const uint64_t last = uint64_t{1} << (pattern.size() - 1);
    Column column;
    size_t distance = pattern.size();
    for (const Char c : text) {
        tick();
        const uint64_t match = positions[c];
        const uint64_t zero = (((match & column.plus) + column.plus) ^ column.plus) | match | column.minus;
        uint64_t right_plus = column.minus | ~(zero | column.plus);
        uint64_t right_minus = zero & column.plus;
        distance += (right_plus & last) != 0 ? 1 : 0;
        distance -= (right_minus & last) != 0 ? 1 : 0;
        right_plus = (right_plus << 1) | 1;
        right_minus <<= 1;
        column.plus = right_minus | ~(zero | right_plus);
        column.minus = right_plus & zero;
    }
    return distance;
}

template <typename Char>
size_t levenshtein_blocks(std::span<const Char> pattern, std::span<const Char> text, Tick& tick,
                          std::pmr::memory_resource* memory) {
    const size_t blocks = (pattern.size() + kWord - 1) / kWord;
    std::pmr::vector<PositionMask<Char>> positions(memory);
    positions.reserve(blocks);
    for (size_t at = 0; at < pattern.size(); at += kWord) {
        positions.emplace_back(pattern.subspan(at, std::min(kWord, pattern.size() - at)));
    }
    std::pmr::vector<Column> columns(blocks, memory);
    const uint64_t last = uint64_t{1} << ((pattern.size() - 1) % kWord);
    size_t distance = pattern.size();
    for (const Char c : text) {
        tick();
        uint64_t plus_in = 1;  // what crosses the lower edge of a block
        uint64_t minus_in = 0;
        for (size_t i = 0; i < blocks; ++i) {
            Column& column = columns[i];
            const uint64_t match = positions[i][c] | minus_in;
            const uint64_t zero =
                (((match & column.plus) + column.plus) ^ column.plus) | match | column.minus;
            uint64_t right_plus = column.minus | ~(zero | column.plus);
            uint64_t right_minus = zero & column.plus;
            if (i + 1 == blocks) {
                distance += (right_plus & last) != 0 ? 1 : 0;
                distance -= (right_minus & last) != 0 ? 1 : 0;
            }
            const uint64_t plus_out = right_plus >> (kWord - 1);
            const uint64_t minus_out = right_minus >> (kWord - 1);
            right_plus = (right_plus << 1) | plus_in;
            right_minus = (right_minus << 1) | minus_in;
            plus_in = plus_out;
            minus_in = minus_out;
            column.plus = right_minus | ~(zero | right_plus);
            column.minus = right_plus & zero;
        }
    }
    return distance;
}

template <typename Char>
size_t levenshtein_points(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                          std::pmr::memory_resource* memory) {
    trim_common(a, b);
    if (a.size() > b.size()) std::swap(a, b);
    if (a.empty()) return b.size();
    return a.size() <= kWord ? levenshtein_word(a, b, tick) : levenshtein_blocks(a, b, tick, memory);
}

template <typename Char>
size_t osa_word(std::span<const Char> pattern, std::span<const Char> text, Tick& tick) {
    const PositionMask<Char> positions(pattern);
    const uint64_t last = uint64_t{1} << (pattern.size() - 1);
    Column column;
    uint64_t zero = 0;
    uint64_t match_before = 0;
    size_t distance = pattern.size();
    for (const Char c : text) {
        tick();
        const uint64_t match = positions[c];
        const uint64_t swapped = ((~zero & match) << 1) & match_before;
        zero = (((match & column.plus) + column.plus) ^ column.plus) | match | column.minus | swapped;
        uint64_t right_plus = column.minus | ~(zero | column.plus);
        uint64_t right_minus = zero & column.plus;
        distance += (right_plus & last) != 0 ? 1 : 0;
        distance -= (right_minus & last) != 0 ? 1 : 0;
        right_plus = (right_plus << 1) | 1;
        right_minus <<= 1;
        column.plus = right_minus | ~(zero | right_plus);
        column.minus = right_plus & zero;
        match_before = match;
    }
    return distance;
}

template <typename Char>
size_t osa_table(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                 std::pmr::memory_resource* memory) {
    const size_t width = b.size() + 1;
    std::pmr::vector<uint32_t> two_above(width, memory);
    std::pmr::vector<uint32_t> above(width, memory);
    std::pmr::vector<uint32_t> row(width, memory);
    for (size_t j = 0; j < width; ++j) above[j] = static_cast<uint32_t>(j);
    for (size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<uint32_t>(i);
        for (size_t j = 1; j < width; ++j) {
            if (j % kWord == 0) tick();
            const uint32_t substituted = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substituted});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], two_above[j - 2] + 1);
            }
        }
        std::swap(two_above, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

size_t levenshtein(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) { return levenshtein_points(x, y, tick, memory); });
}

size_t osa(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        trim_common(x, y);
        if (x.size() > y.size()) std::swap(x, y);
        if (x.empty()) return y.size();
        return x.size() <= kWord ? osa_word(x, y, tick) : osa_table(x, y, tick, memory);
    });
}

double levenshtein_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        const size_t longer = std::max(x.size(), y.size());
        if (longer == 0) return 1.0;
        return 1.0 -
               static_cast<double>(levenshtein_points(x, y, tick, memory)) / static_cast<double>(longer);
    });
}

}  // namespace cdp::similarity
