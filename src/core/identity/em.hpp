// SPDX-License-Identifier: PostgreSQL
// Estimates the model from counts of patterns, without labels: expectation maximisation (Dempster, Laird and
// Rubin 1977; Winkler 1988 for record linkage) over the three classes. The population is all pairs of
// records; the pairs that blocking did not bring up count as random. What random pairs agree on is known from
// random_pairs.hpp for the whole population, so that in every round the pairs explained by the other two
// classes are taken out of it. Dirichlet priors on m keep five records from training nonsense.
// Cost: rounds * distinct patterns, however many pairs there are.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "identity/model.hpp"
#include "identity/random_pairs.hpp"

namespace cdp::identity {

struct PatternCount {
    Pattern pattern;
    uint64_t pairs;
};

struct EmSettings {
    int max_rounds = 100;
    double tolerance = 1e-6;      // largest change of a probability or of a relative prior
    double prior_strength = 20;   // pairs that the default m is worth, per comparison
    bool estimate_random = true;  // take the explained pairs out of u
};

struct EmResult {
    Model model;
    int rounds = 0;
    bool converged = false;
    std::pmr::vector<double>
        objective;  // log-posterior in bits after each round; never decreases when u is fixed
};

// `counts` sorted by pattern.
EmResult estimate_model(std::span<const PatternCount> counts, const RandomPairs& random, uint32_t records,
                        const EmSettings& settings, MemoryBudget& budget, Tick& tick);

}  // namespace cdp::identity
