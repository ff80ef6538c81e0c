// SPDX-License-Identifier: PostgreSQL
#include "similarity/jaro_winkler.hpp"

#include "similarity/char_index.hpp"
#include "similarity/kernels.hpp"
#include "similarity/limits.hpp"

namespace cdp::similarity {
namespace {

// Both ends of the window only ever move on, so a position that was passed or taken is never wanted again:
// each character keeps a list of its positions from which the first is taken.
template <typename Char>
JaroMatches match_long(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                       std::pmr::memory_resource* memory) {
    using Index = CharIndex<Char>;
    constexpr uint32_t kEnd = Index::kNone;
    Index index(b.size(), memory);
    std::pmr::vector<uint32_t> first(index.size(), kEnd, memory);
    std::pmr::vector<uint32_t> next(b.size(), kEnd, memory);
    for (size_t j = b.size(); j-- > 0;) {
        tick();
        uint32_t& head = first[index.add(b[j])];
        next[j] = head;
        head = static_cast<uint32_t>(j);
    }
    const size_t half = std::max(a.size(), b.size()) / 2;
    const size_t window = half > 0 ? half - 1 : 0;
    std::pmr::vector<Char> matched_a(memory);  // in order
    std::pmr::vector<unsigned char> taken(b.size(), 0, memory);
    for (size_t i = 0; i < a.size(); ++i) {
        tick();
        const uint32_t number = index.find(a[i]);
        if (number == Index::kNone) continue;
        uint32_t& head = first[number];
        while (head != kEnd && head + window < i) head = next[head];
        if (head == kEnd || head > i + window) continue;
        taken[head] = 1;
        head = next[head];
        matched_a.push_back(a[i]);
    }
    JaroMatches matches;
    matches.matched = static_cast<uint32_t>(matched_a.size());
    for (size_t j = 0, k = 0; j < b.size(); ++j) {
        if (taken[j] != 0 && b[j] != matched_a[k++]) ++matches.out_of_order;
    }
    return matches;
}

// Rounding may put the true value a little above the bound that is computed.
constexpr double kSlack = 1e-9;

template <bool kWinkler, typename Char>
double measure(std::span<const Char> a, std::span<const Char> b, Tick& tick,
               std::pmr::memory_resource* memory, double cutoff) {
    if (a.empty() || b.empty()) return a.empty() && b.empty() && cutoff <= 1.0 ? 1.0 : 0.0;
    // Not even if the shorter text matched whole.
    if (cutoff > 0.0) {
        const auto shorter = static_cast<uint32_t>(std::min(a.size(), b.size()));
        const double most = jaro_score({shorter, 0}, a.size(), b.size());
        const double bound = kWinkler ? most + kLongestPrefix * kPrefixScale * (1.0 - most) : most;
        if (bound + kSlack < cutoff) return 0.0;
    }
    // In one order, so that the result is the same both ways.
    const size_t prefix = common_prefix(a, b);
    if (prefix == a.size() && prefix == b.size()) return cutoff <= 1.0 ? 1.0 : 0.0;
    if (prefix == b.size() || (prefix < a.size() && b[prefix] < a[prefix])) std::swap(a, b);
    const JaroMatches matches =
        std::max(a.size(), b.size()) <= kWord ? kernels<Char>().jaro(a, b) : match_long(a, b, tick, memory);
    const double score = jaro_score(matches, a.size(), b.size());
    return cut(kWinkler ? boosted_score(score, prefix) : score, cutoff);
}

template <bool kWinkler>
double short_measure(std::string_view a, std::string_view b) noexcept {
    if (std::max(a.size(), b.size()) > kWord || a.empty() || b.empty()) return kNotShort;
    const ShortKernels& fast = short_kernels();
    return kWinkler ? fast.jaro_winkler(bytes_of(a), bytes_of(b)) : fast.jaro(bytes_of(a), bytes_of(b));
}

template <bool kWinkler>
double measure_texts(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                     double cutoff) {
    const double found = short_measure<kWinkler>(a, b);
    if (found >= 0.0) return cut(found, cutoff);
    return with_points(a, b, memory,
                       [&](auto x, auto y) { return measure<kWinkler>(x, y, tick, memory, cutoff); });
}

}  // namespace

double short_jaro(std::string_view a, std::string_view b) noexcept {
    return short_measure<false>(a, b);
}
double short_jaro_winkler(std::string_view a, std::string_view b) noexcept {
    return short_measure<true>(a, b);
}

double jaro(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
            double cutoff) {
    return measure_texts<false>(a, b, tick, memory, cutoff);
}

double jaro_winkler(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                    double cutoff) {
    return measure_texts<true>(a, b, tick, memory, cutoff);
}

double jaro_winkler(Bytes a, Bytes b, Tick& tick, std::pmr::memory_resource* memory) {
    return measure<true>(a, b, tick, memory, 0.0);
}
double jaro_winkler(Wide a, Wide b, Tick& tick, std::pmr::memory_resource* memory) {
    return measure<true>(a, b, tick, memory, 0.0);
}

}  // namespace cdp::similarity
