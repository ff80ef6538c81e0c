// SPDX-License-Identifier: PostgreSQL
#include "similarity/jaro_winkler.hpp"

#include <bit>

#include "similarity/points.hpp"

namespace cdp::similarity {
namespace {

constexpr size_t kWord = 64;

struct Matches {
    size_t matched = 0;
    size_t out_of_order = 0;
};

// How far from its own position a character may match.
size_t window_of(size_t a, size_t b) {
    const size_t half = std::max(a, b) / 2;
    return half > 0 ? half - 1 : 0;
}

// Bits from .. to-1.
uint64_t bits_between(size_t from, size_t to) {
    if (from >= to) return 0;
    const uint64_t below = to >= kWord ? ~uint64_t{0} : (uint64_t{1} << to) - 1;
    return below & ~((uint64_t{1} << from) - 1);
}

// Both of up to 64 characters: sets as words.
template <typename Char>
Matches match_words(std::span<const Char> a, std::span<const Char> b) {
    const PositionMask<Char> positions(b);
    const size_t window = window_of(a.size(), b.size());
    uint64_t in_a = 0;
    uint64_t in_b = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        const uint64_t near = bits_between(i > window ? i - window : 0, std::min(b.size(), i + window + 1));
        const uint64_t free = positions[a[i]] & near & ~in_b;
        if (free == 0) continue;
        in_b |= free & (~free + 1);  // the first
        in_a |= uint64_t{1} << i;
    }
    Matches matches;
    matches.matched = static_cast<size_t>(std::popcount(in_a));
    for (; in_a != 0; in_a &= in_a - 1, in_b &= in_b - 1) {
        if (a[static_cast<size_t>(std::countr_zero(in_a))] !=
            b[static_cast<size_t>(std::countr_zero(in_b))]) {
            ++matches.out_of_order;
        }
    }
    return matches;
}

template <typename Char>
Matches match_long(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                   std::pmr::memory_resource* memory) {
    const size_t window = window_of(a.size(), b.size());
    std::pmr::vector<Char> matched_a(memory);  // in order
    std::pmr::vector<unsigned char> taken(b.size(), 0, memory);
    for (size_t i = 0; i < a.size(); ++i) {
        const size_t end = std::min(b.size(), i + window + 1);
        for (size_t j = i > window ? i - window : 0; j < end; ++j) {
            if (j % kWord == 0) tick();
            if (taken[j] != 0 || a[i] != b[j]) continue;
            taken[j] = 1;
            matched_a.push_back(a[i]);
            break;
        }
    }
    Matches matches;
    matches.matched = matched_a.size();
    for (size_t j = 0, k = 0; j < b.size(); ++j) {
        if (taken[j] != 0 && b[j] != matched_a[k++]) ++matches.out_of_order;
    }
    return matches;
}

template <typename Char>
double jaro_winkler_points(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                           std::pmr::memory_resource* memory) {
    if (a.empty() && b.empty()) return 1.0;
    // In one order, so that the result is the same both ways.
    if (std::lexicographical_compare(b.begin(), b.end(), a.begin(), a.end())) std::swap(a, b);
    const Matches matches =
        std::max(a.size(), b.size()) <= kWord ? match_words(a, b) : match_long(a, b, tick, memory);
    if (matches.matched == 0) return 0.0;
    const auto matched = static_cast<double>(matches.matched);
    const size_t swapped = matches.out_of_order / 2;  // whole pairs, as Winkler counts them
    const auto swaps = static_cast<double>(swapped);
    const double jaro = (matched / static_cast<double>(a.size()) + matched / static_cast<double>(b.size()) +
                         (matched - swaps) / matched) /
                        3.0;
    if (jaro <= kBoostThreshold) return jaro;
    size_t prefix = 0;
    while (prefix < std::min({kLongestPrefix, a.size(), b.size()}) && a[prefix] == b[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * kPrefixScale * (1.0 - jaro);
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory) {
    return with_points(a, b, memory, [&](auto x, auto y) { return jaro_winkler_points(x, y, tick, memory); });
}

}  // namespace cdp::similarity
