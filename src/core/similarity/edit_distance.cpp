// SPDX-License-Identifier: PostgreSQL
#include "similarity/edit_distance.hpp"

#include <utility>

#include "similarity/kernels.hpp"
#include "similarity/limits.hpp"
#include "similarity/positions.hpp"

namespace cdp::similarity {
namespace {

// One column of the table as differences between neighbours: bit i says that row i+1 is one more (plus) or
// one less (minus) than row i.
struct Column {
    uint64_t plus = ~uint64_t{0};
    uint64_t minus = 0;
    uint64_t zero = 0;   // of the column before, for swaps
    uint64_t match = 0;  // the same
};

// The kernel's loop for patterns over 64 characters: what leaves a word enters the next.
template <bool kSwaps, typename Char>
size_t distance_blocks(std::span<const Char> pattern, std::span<const Char> text, Tick& tick,
                       std::pmr::memory_resource* memory, size_t limit) {
    const size_t blocks = (pattern.size() + kWord - 1) / kWord;
    std::pmr::vector<PositionMask<Char>> positions(memory);
    positions.reserve(blocks);
    for (size_t at = 0; at < pattern.size(); at += kWord) {
        positions.emplace_back(pattern.subspan(at, std::min(kWord, pattern.size() - at)), text);
    }
    std::pmr::vector<Column> columns(blocks, memory);
    const uint64_t last = uint64_t{1} << ((pattern.size() - 1) % kWord);
    size_t distance = pattern.size();
    for (size_t j = 0; j < text.size(); ++j) {
        // Each character to come takes away one at most.
        if (distance > text.size() - j && distance - (text.size() - j) > limit) return limit + 1;
        uint64_t plus_in = 1;  // what crosses the lower edge of a block
        uint64_t minus_in = 0;
        uint64_t swap_in = 0;
        for (size_t i = 0; i < blocks; ++i) {
            tick();
            Column& column = columns[i];
            const uint64_t match = positions[i][text[j]];
            uint64_t known = match | minus_in;
            if constexpr (kSwaps) {
                const uint64_t crossed = ~column.zero & match;
                known |= ((crossed << 1) | swap_in) & column.match;
                swap_in = crossed >> (kWord - 1);
            }
            // What comes in at the lower edge counts as a match, a swap does not.
            const uint64_t entered = match | minus_in;
            const uint64_t zero =
                (((entered & column.plus) + column.plus) ^ column.plus) | known | column.minus;
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
            column.zero = zero;
            column.match = match;
        }
    }
    return distance;
}

template <bool kSwaps, typename Char>
size_t distance(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                std::pmr::memory_resource* memory, size_t limit) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;
    trim_common(a, b);
    if (a.empty()) return b.size();
    const Kernels<Char>& fast = kernels<Char>();
    const auto kernel = kSwaps ? fast.osa : fast.levenshtein;
    // The loop runs over the other text: the longer one as the pattern where it fits.
    if (b.size() <= kWord) return bounded(kernel(b, a), limit);
    if (a.size() <= kWord) return bounded(kernel(a, b), limit);
    return bounded(distance_blocks<kSwaps>(a, b, tick, memory, limit), limit);
}

// Of short texts, or kNotShort.
template <bool kSwaps>
int32_t short_distance(std::string_view a, std::string_view b) noexcept {
    if (std::max(a.size(), b.size()) > kWord) return kNotShort;
    const ShortKernels& fast = short_kernels();
    return kSwaps ? fast.osa(bytes_of(a), bytes_of(b)) : fast.levenshtein(bytes_of(a), bytes_of(b));
}

template <bool kSwaps>
size_t distance_of_texts(std::string_view a, std::string_view b, Tick& tick,
                         std::pmr::memory_resource* memory, size_t limit) {
    if (const int32_t found = short_distance<kSwaps>(a, b); found != kNotShort) {
        return bounded(static_cast<size_t>(found), limit);
    }
    return with_points(a, b, memory,
                       [&](auto x, auto y) { return distance<kSwaps>(x, y, tick, memory, limit); });
}

template <bool kSwaps>
double similarity(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                  double cutoff) {
    if (const int32_t found = short_distance<kSwaps>(a, b); found != kNotShort) {
        return cut(similarity_of(static_cast<size_t>(found), std::max(a.size(), b.size())), cutoff);
    }
    return with_points(a, b, memory, [&](auto x, auto y) {
        const size_t longer = std::max(x.size(), y.size());
        const size_t limit = limit_of(cutoff, longer);
        const size_t found = distance<kSwaps>(x, y, tick, memory, limit);
        return found > limit ? 0.0 : cut(similarity_of(found, longer), cutoff);
    });
}

template <typename Char>
size_t weighted(std::span<const Char> a, std::span<const Char> b, const EditCosts& costs, Tick& tick,
                std::pmr::memory_resource* memory) {
    const auto insertion = static_cast<size_t>(costs.insertion);
    const auto deletion = static_cast<size_t>(costs.deletion);
    const auto substitution = static_cast<size_t>(costs.substitution);
    trim_common(a, b);
    std::pmr::vector<size_t> row(b.size() + 1, memory);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j * insertion;
    for (size_t i = 0; i < a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] += deletion;
        for (size_t j = 1; j <= b.size(); ++j) {
            if (j % kWord == 0) tick();
            const size_t replaced = diagonal + (a[i] == b[j - 1] ? 0 : substitution);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + deletion, row[j - 1] + insertion});
        }
        tick();
    }
    return row[b.size()];
}

}  // namespace

int32_t short_levenshtein(std::string_view a, std::string_view b) noexcept {
    return short_distance<false>(a, b);
}
int32_t short_osa(std::string_view a, std::string_view b) noexcept {
    return short_distance<true>(a, b);
}

size_t levenshtein(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                   size_t limit) {
    return distance_of_texts<false>(a, b, tick, memory, limit);
}

size_t osa(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
           size_t limit) {
    return distance_of_texts<true>(a, b, tick, memory, limit);
}

double levenshtein_similarity(std::string_view a, std::string_view b, Tick& tick,
                              std::pmr::memory_resource* memory, double cutoff) {
    return similarity<false>(a, b, tick, memory, cutoff);
}

double osa_similarity(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                      double cutoff) {
    return similarity<true>(a, b, tick, memory, cutoff);
}

size_t levenshtein_weighted(std::string_view a, std::string_view b, const EditCosts& costs, Tick& tick,
                            std::pmr::memory_resource* memory) {
    for (const int64_t cost : {costs.insertion, costs.deletion, costs.substitution}) {
        if (cost >= 0 && cost <= EditCosts::kMaxCost) continue;
        throw Error(ErrorCode::kInvalidInput, "the cost of an edit is out of range",
                    "The costs of insertion, deletion and substitution are 0 to " +
                        std::to_string(EditCosts::kMaxCost) + ", not " + std::to_string(cost) + ".",
                    "Give costs in small whole numbers: 2 and 3 for twice and three times as dear.");
    }
    return with_points(a, b, memory, [&](auto x, auto y) { return weighted(x, y, costs, tick, memory); });
}

}  // namespace cdp::similarity
