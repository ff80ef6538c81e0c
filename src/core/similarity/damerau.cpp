// SPDX-License-Identifier: PostgreSQL
// The unrestricted Damerau-Levenshtein distance; declared in edit_distance.hpp.
#include <numeric>
#include <utility>

#include "similarity/char_index.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/kernels.hpp"
#include "similarity/limits.hpp"

namespace cdp::similarity {
namespace {

constexpr size_t kInlineColumns = 130;

// The rows of the table; on the stack for short texts.
class Rows {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled by zhao
    Rows(size_t columns, std::pmr::memory_resource* memory) : columns_(columns), heap_(memory) {
        if (columns > kInlineColumns) heap_.resize(columns * 3);
    }
    int32_t* operator[](size_t i) { return (heap_.empty() ? inline_.data() : heap_.data()) + i * columns_; }

  private:
    size_t columns_;
    std::array<int32_t, 3 * kInlineColumns> inline_;  // NOLINT
    std::pmr::vector<int32_t> heap_;
};

// Zhao and Sahinalp (2020), "An alternative for the Damerau-Levenshtein distance": of the swaps of characters
// that are apart in both texts none is better than edits, so the swap is with the row before (the characters
// are neighbours in a) or with the column before (neighbours in b), and two rows and one column of older
// cells are all that is needed. `last_row[c]`: the last row of character c; `for_column[j]`: the cell before
// the one above the left of (k, j), k the last row of the character of this row's match in column j.
template <typename Char>
size_t zhao(std::span<const Char> a, std::span<const Char> b, const CharIndex<Char>& index, int32_t* last_row,
            Tick& tick, std::pmr::memory_resource* memory) {
    const auto rows = static_cast<int32_t>(a.size());
    const auto columns = static_cast<int32_t>(b.size());
    const int32_t most = std::max(rows, columns) + 1;
    Rows table(b.size() + 2, memory);
    // One cell before the first, which no path goes through.
    int32_t* row = table[0] + 1;
    int32_t* above = table[1] + 1;
    int32_t* for_column = table[2] + 1;
    row[-1] = most;
    std::fill(above - 1, above + columns + 1, most);
    std::fill(for_column - 1, for_column + columns + 1, most);
    std::iota(row, row + columns + 1, 0);
    for (int32_t i = 1; i <= rows; ++i) {
        tick();
        std::swap(row, above);
        int32_t last_column = -1;
        int32_t above_before = above[0];  // what the older row of this place was, one column before
        int32_t for_row = most;
        const Char here = a[static_cast<size_t>(i) - 1];
        // `row` holds the row before the one above until it is written.
        int32_t two_above = row[0];
        row[0] = i;
        int32_t left = i;
        for (int32_t j = 1; j <= columns; ++j) {
            if (j % static_cast<int32_t>(kWord) == 0) tick();
            const Char there = b[static_cast<size_t>(j) - 1];
            const int32_t same = here == there ? 0 : 1;
            const int32_t here_above = above[j];
            int32_t cell = std::min(above_before + same, std::min(left, here_above) + 1);
            if (same == 0) {
                last_column = j;
                for_column[j] = above[j - 2];
                for_row = two_above;
            } else if (j - last_column == 1) {
                cell = std::min(cell, for_column[j] + i - last_row[index.find(there)]);
            } else if (i - last_row[index.find(there)] == 1) {
                cell = std::min(cell, for_row + j - last_column);
            }
            two_above = row[j];
            above_before = here_above;
            row[j] = cell;
            left = cell;
        }
        last_row[index.find(here)] = i;
    }
    return static_cast<size_t>(row[columns]);
}

template <typename Char>
size_t zhao(std::span<const Char> a, std::span<const Char> b, Tick& tick, std::pmr::memory_resource* memory) {
    if constexpr (sizeof(Char) == 1) {
        std::array<int32_t, 256> last_row;  // NOLINT: filled as far as it is read
        for (const Char c : a) last_row[c] = -1;
        for (const Char c : b) last_row[c] = -1;
        return zhao(a, b, CharIndex<Char>(0, memory), last_row.data(), tick, memory);
    } else {
        CharIndex<Char> index(a.size() + b.size(), memory);
        for (const Char c : a) index.add(c);
        for (const Char c : b) index.add(c);
        std::pmr::vector<int32_t> last_row(index.size(), -1, memory);
        return zhao(a, b, index, last_row.data(), tick, memory);
    }
}

template <typename Char>
size_t distance(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                std::pmr::memory_resource* memory, size_t limit) {
    if (a.size() < b.size()) std::swap(a, b);
    if (a.size() - b.size() > limit) return limit + 1;
    trim_common(a, b);
    if (b.empty()) return a.size();
    if (a.size() <= kWord) {
        // Alignment without edits inside a swap is never less, and every swap of characters that are apart
        // costs two or more and saves it one: up to two the distances are the same, and it is at most half as
        // much again.
        const size_t aligned = kernels<Char>().osa(a, b);
        if (aligned <= 2) return bounded(aligned, limit);
        if ((aligned * 2 + 2) / 3 > limit) return limit + 1;
    }
    return bounded(zhao(a, b, tick, memory), limit);
}

}  // namespace

size_t damerau(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
               size_t limit) {
    return with_points(a, b, memory, [&](auto x, auto y) { return distance(x, y, tick, memory, limit); });
}

double damerau_similarity(std::string_view a, std::string_view b, Tick& tick,
                          std::pmr::memory_resource* memory, double cutoff) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        const size_t longer = std::max(x.size(), y.size());
        const size_t limit = limit_of(cutoff, longer);
        const size_t found = distance(x, y, tick, memory, limit);
        return found > limit ? 0.0 : cut(similarity_of(found, longer), cutoff);
    });
}

}  // namespace cdp::similarity
