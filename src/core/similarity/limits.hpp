// SPDX-License-Identifier: PostgreSQL
// Limits on distances and cutoffs of similarities, the same for all measures.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace cdp::similarity {

// 1 - distance / most; 1 where there is nothing to compare.
inline double similarity_of(size_t distance, size_t most) {
    return most == 0 ? 1.0 : 1.0 - static_cast<double>(distance) / static_cast<double>(most);
}

// A distance that is larger cannot reach the cutoff. One more than that, as division rounds; the similarity
// itself decides.
inline size_t limit_of(double cutoff, size_t most) {
    if (!(cutoff > 0.0)) return most;
    if (cutoff >= 1.0) return 1;
    return static_cast<size_t>((1.0 - cutoff) * static_cast<double>(most)) + 1;
}

// The value if x is at least `least`, else 0. Masked, not branched to: which texts reach it cannot be
// foretold.
[[gnu::always_inline]] inline double if_at_least(double value, double x, double least) {
    using Lanes [[gnu::vector_size(16)]] = double;
    using Masks [[gnu::vector_size(16)]] = long long;
    const Masks reached = Lanes{x, 0.0} >= Lanes{least, 0.0};
    return std::bit_cast<Lanes>(std::bit_cast<Masks>(Lanes{value, 0.0}) & reached)[0];
}

inline double cut(double similarity, double cutoff) {
    return if_at_least(similarity, similarity, cutoff);
}

// More than `limit` is limit + 1.
inline size_t bounded(size_t distance, size_t limit) {
    return distance <= limit ? distance : limit + 1;
}

}  // namespace cdp::similarity
