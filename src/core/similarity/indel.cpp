// SPDX-License-Identifier: PostgreSQL
#include "similarity/indel.hpp"

#include <bit>
#include <utility>

#include "similarity/kernels.hpp"
#include "similarity/limits.hpp"
#include "similarity/positions.hpp"

namespace cdp::similarity {
namespace {

// Hyyrö's (2004) bit-parallel subsequence for patterns of any length: a bit of the row is 0 where the common
// subsequence of the pattern and what was added gets longer.
template <typename Char>
class LongPattern {
  public:
    LongPattern(std::span<const Char> pattern, std::span<const Char> text, std::pmr::memory_resource* memory)
        : positions_(memory), row_(memory) {
        positions_.reserve((pattern.size() + kWord - 1) / kWord);
        for (size_t at = 0; at < pattern.size(); at += kWord) {
            positions_.emplace_back(pattern.subspan(at, std::min(kWord, pattern.size() - at)), text);
        }
        row_.assign(positions_.size(), ~uint64_t{0});
    }
    void clear() { std::fill(row_.begin(), row_.end(), ~uint64_t{0}); }
    void add(Char c, Tick& tick) {
        uint64_t carry = 0;
        for (size_t i = 0; i < row_.size(); ++i) {
            tick();
            const uint64_t both = row_[i] & positions_[i][c];
            const uint64_t part = row_[i] + both;
            const uint64_t sum = part + carry;
            carry = static_cast<uint64_t>(part < both) | static_cast<uint64_t>(sum < part);
            row_[i] = sum | (row_[i] - both);
        }
    }
    size_t length() const {
        size_t zeros = 0;
        for (const uint64_t word : row_) zeros += static_cast<size_t>(std::popcount(~word));
        return zeros;  // the bits beyond the pattern match nothing and stay 1
    }
    size_t length_with(std::span<const Char> text, Tick& tick) {
        clear();
        for (const Char c : text) add(c, tick);
        return length();
    }

  private:
    std::pmr::vector<PositionMask<Char>> positions_;
    std::pmr::vector<uint64_t> row_;
};

template <typename Char>
size_t subsequence_points(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                          std::pmr::memory_resource* memory) {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.empty()) return 0;
    // The loop runs over the other text: the longer one as the pattern where it fits.
    if (b.size() <= kWord) return kernels<Char>().subsequence(b, a);
    const size_t same = trim_common(a, b);
    if (a.empty()) return same;
    if (a.size() <= kWord) return same + kernels<Char>().subsequence(a, b);
    return same + LongPattern<Char>(a, b, memory).length_with(b, tick);
}

template <typename Char>
size_t indel_points(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                    std::pmr::memory_resource* memory, size_t limit) {
    const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > limit) return limit + 1;
    return bounded(a.size() + b.size() - 2 * subsequence_points(a, b, tick, memory), limit);
}

// Lengths of common subsequences with the beginnings of a text (up to as many characters as the pattern has),
// as ratios: the best of them.
template <typename Char>
double best_beginning(std::span<const Char> pattern, std::span<const Char> text, Tick& tick,
                      std::pmr::memory_resource* memory) {
    const std::span<const Char> head = text.first(std::min(pattern.size() - 1, text.size()));
    double best = 0.0;
    const auto consider = [&](size_t size, size_t common) {
        const size_t both = pattern.size() + size;
        best = std::max(best, similarity_of(both - 2 * common, both));
    };
    if (pattern.size() <= kWord) {
        std::array<uint8_t, kWord> lengths;  // NOLINT: filled as far as it is read
        kernels<Char>().subsequences(pattern, head, lengths.data());
        for (size_t i = 0; i < head.size(); ++i) consider(i + 1, lengths[i]);
        return best;
    }
    LongPattern<Char> row(pattern, head, memory);
    for (size_t i = 0; i < head.size(); ++i) {
        row.add(head[i], tick);
        consider(i + 1, row.length());
    }
    return best;
}

template <typename Char>
size_t best_part(std::span<const Char> pattern, std::span<const Char> text, Tick& tick,
                 std::pmr::memory_resource* memory) {
    LongPattern<Char> row(pattern, text, memory);
    size_t best = 0;
    // Moving on by one changes the length by one at most.
    for (size_t at = 0; at + pattern.size() <= text.size() && best < pattern.size();) {
        const size_t here = row.length_with(text.subspan(at, pattern.size()), tick);
        best = std::max(best, here);
        at += best - here + 1;
    }
    return best;
}

// Parts of as many kernel calls as there are places: in slices, so that a long text can be cancelled.
template <typename Char>
size_t best_part_sliced(std::span<const Char> pattern, std::span<const Char> text, Tick& tick) {
    constexpr size_t kSlice = 64;
    size_t best = 0;
    const size_t places = text.size() - pattern.size() + 1;
    for (size_t at = 0; at < places; at += kSlice) {
        tick();
        const size_t count = std::min(kSlice, places - at);
        best = std::max<size_t>(
            best, kernels<Char>().best_part(pattern, text.subspan(at, count + pattern.size() - 1)));
    }
    return best;
}

template <typename Char>
double partial(std::span<const Char> a, std::span<const Char> b, Tick& tick,
               std::pmr::memory_resource* memory) {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.empty()) return b.empty() ? 1.0 : 0.0;
    const size_t whole = a.size() <= kWord ? best_part_sliced(a, b, tick) : best_part(a, b, tick, memory);
    if (whole == a.size()) return 1.0;
    double best = similarity_of(2 * (a.size() - whole), 2 * a.size());
    // The ends are the beginnings of the reversed texts.
    const auto reversed = [&](std::span<const Char> text) {
        return std::pmr::vector<Char>(text.rbegin(), text.rend(), memory);
    };
    std::array<Char, 2 * kWord> stack;  // NOLINT: filled as far as it is read
    std::span<const Char> back_a;
    std::span<const Char> back_b;
    std::pmr::vector<Char> heap_a(memory);
    std::pmr::vector<Char> heap_b(memory);
    const std::span<const Char> tail = b.last(a.size());
    if (a.size() <= kWord) {
        std::reverse_copy(a.begin(), a.end(), stack.begin());
        std::reverse_copy(tail.begin(), tail.end(), stack.begin() + kWord);
        back_a = {stack.data(), a.size()};
        back_b = {stack.data() + kWord, tail.size()};
    } else {
        heap_a = reversed(a);
        heap_b = reversed(tail);
        back_a = heap_a;
        back_b = heap_b;
    }
    best = std::max(best, best_beginning(a, b, tick, memory));
    best = std::max(best, best_beginning(back_a, back_b, tick, memory));
    if (a.size() == b.size()) {  // neither is the shorter one
        best = std::max(best, best_beginning(b, a, tick, memory));
        best = std::max(best, best_beginning(back_b, back_a, tick, memory));
    }
    return best;
}

template <typename Char>
size_t substring(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                 std::pmr::memory_resource* memory) {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.empty()) return 0;
    if (b.size() <= kWord) return kernels<Char>().substring(b, a);
    // The common endings of b's and a's beginnings: a row of the table, from right to left over itself.
    std::array<uint32_t, kWord + 1> stack{};
    std::pmr::vector<uint32_t> heap(memory);
    if (a.size() > kWord) heap.assign(a.size() + 1, 0);
    uint32_t* row = heap.empty() ? stack.data() : heap.data();
    uint32_t best = 0;
    for (const Char c : b) {
        for (size_t i = a.size(); i > 0; --i) {
            if (i % kWord == 0) tick();
            row[i] = a[i - 1] == c ? row[i - 1] + 1 : 0;
            best = std::max(best, row[i]);
        }
    }
    return best;
}

template <typename Char>
size_t differing(std::span<const Char> a, std::span<const Char> b, Tick& tick) {
    if (a.size() > b.size()) std::swap(a, b);
    size_t found = b.size() - a.size();
    for (size_t i = 0; i < a.size(); ++i) {
        if (i % kWord == kWord - 1) tick();
        found += a[i] != b[i] ? 1 : 0;
    }
    return found;
}

}  // namespace

int32_t short_subsequence(std::string_view a, std::string_view b) noexcept {
    if (std::max(a.size(), b.size()) > kWord) return kNotShort;
    return short_kernels().subsequence(bytes_of(a), bytes_of(b));
}

size_t subsequence(Bytes a, Bytes b, Tick& tick, std::pmr::memory_resource* memory) {
    return subsequence_points(a, b, tick, memory);
}
size_t subsequence(Wide a, Wide b, Tick& tick, std::pmr::memory_resource* memory) {
    return subsequence_points(a, b, tick, memory);
}

size_t subsequence(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory) {
    if (const int32_t found = short_subsequence(a, b); found != kNotShort) return static_cast<size_t>(found);
    return with_points(a, b, memory, [&](auto x, auto y) { return subsequence(x, y, tick, memory); });
}

double subsequence_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory, double cutoff) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        const size_t longer = std::max(x.size(), y.size());
        return cut(similarity_of(longer - subsequence(x, y, tick, memory), longer), cutoff);
    });
}

size_t indel(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
             size_t limit) {
    return with_points(a, b, memory, [&](auto x, auto y) { return indel_points(x, y, tick, memory, limit); });
}

double ratio(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
             double cutoff) {
    if (const int32_t found = short_subsequence(a, b); found != kNotShort) {
        const size_t both = a.size() + b.size();
        return cut(similarity_of(both - 2 * static_cast<size_t>(found), both), cutoff);
    }
    return with_points(a, b, memory, [&](auto x, auto y) {
        const size_t both = x.size() + y.size();
        const size_t limit = limit_of(cutoff, both);
        const size_t found = indel_points(x, y, tick, memory, limit);
        return found > limit ? 0.0 : cut(similarity_of(found, both), cutoff);
    });
}

double partial_ratio(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                     double cutoff) {
    return with_points(a, b, memory,
                       [&](auto x, auto y) { return cut(partial(x, y, tick, memory), cutoff); });
}

size_t common_substring(std::string_view a, std::string_view b, Tick& tick,
                        std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) { return substring(x, y, tick, memory); });
}

size_t common_prefix(std::string_view a, std::string_view b, Tick&, std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) { return common_prefix(x, y); });
}

size_t hamming(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
               size_t limit) {
    return with_points(a, b, memory, [&](auto x, auto y) { return bounded(differing(x, y, tick), limit); });
}

double hamming_similarity(std::string_view a, std::string_view b, Tick& tick,
                          std::pmr::memory_resource* memory, double cutoff) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        return cut(similarity_of(differing(x, y, tick), std::max(x.size(), y.size())), cutoff);
    });
}

}  // namespace cdp::similarity
