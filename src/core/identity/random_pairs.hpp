// SPDX-License-Identifier: PostgreSQL
// How often two records agree when nothing is known about them. Small inputs: all pairs are compared. Larger
// ones: pairs drawn by a hash of their number, and the strictest levels from the counts of values, which a
// sample would hardly ever hit. The figures include the pairs that are the same person; EM takes them out.
#pragma once

#include <cstdint>

#include "identity/comparisons.hpp"
#include "identity/model.hpp"

namespace cdp::identity {

struct RandomPairs {
    double pairs = 0;       // of the whole input
    bool complete = false;  // every pair was compared
    Levels share{};         // [comparison][level] among the pairs where it is known; sums to 1 from level 1
    std::array<double, kComparisons> known{};  // share of the pairs where the comparison is not missing
};

// The figures do not depend on the number of threads.
RandomPairs sample_random_pairs(const RecordStore& store, const SharedValues& shared, Comparer& comparer,
                                uint64_t sample, Tick& tick, unsigned workers = 1);

}  // namespace cdp::identity
