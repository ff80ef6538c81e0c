// SPDX-License-Identifier: PostgreSQL
#include "identity/scoring.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::identity {

TermFrequencies::TermFrequencies(const RecordStore& store, Tick& tick)
    : given_(store.pool().size(), 0, &store.budget()), family_(store.pool().size(), 0, &store.budget()) {
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        const StringCode given = store.code(kGivenName, i);
        const StringCode family = store.code(kFamilyName, i);
        if (given != kMissing) {
            ++given_[given];
            ++given_total_;
        }
        if (family != kMissing) {
            ++family_[family];
            ++family_total_;
        }
    }
}

uint32_t TermFrequencies::count(Field field, StringCode code) const {
    return field == kGivenName ? given_[code] : family_[code];
}

double TermFrequencies::share(Field field, StringCode code) const {
    const double total = field == kGivenName ? given_total_ : family_total_;
    return total > 0 ? count(field, code) / total : 0;
}

double TermFrequencies::bits(Field field, StringCode code) const {
    return std::log2(std::max(share(field, code), 1e-9));
}

PairBits Scorer::bits(uint32_t a, uint32_t b, Pattern pattern) const {
    PairBits result{};
    for (int c = 0; c < kComparisons; ++c) {
        const int l = level_of(pattern, c);
        for (int k = 0; k < kClasses; ++k) {
            result.bits[static_cast<size_t>(k)][static_cast<size_t>(c)] = likelihood_.level(k, c, l);
        }
    }
    // Two random people agree on this name as often as it occurs. In a household the family name is one, so that
    // its frequency says nothing; the given name is inherited now and then, else as random.
    if (level_of(pattern, kGivenNameComparison) == 1) {
        double& random = result.bits[kRandom][kGivenNameComparison];
        double& household = result.bits[kHousehold][kGivenNameComparison];
        const double value = terms_.bits(kGivenName, store_.code(kGivenName, a));
        result.term_weight += random - value;
        random = value;
        household = std::max(household, value);
    }
    if (level_of(pattern, kFamilyNameComparison) == 1) {
        double& random = result.bits[kRandom][kFamilyNameComparison];
        const double value = terms_.bits(kFamilyName, store_.code(kFamilyName, b));
        result.term_weight += random - value;
        random = value;
    }
    return result;
}

PairScore Scorer::from_sums(const std::array<double, kClasses>& sums, double term_weight) const {
    std::array<double, kClasses> joint = sums;
    for (int k = 0; k < kClasses; ++k) joint[static_cast<size_t>(k)] += likelihood_.prior(k);
    const double top = std::max(joint[kHousehold], joint[kRandom]);
    const double other = top + std::log2(std::exp2(joint[kHousehold] - top) + std::exp2(joint[kRandom] - top));
    PairScore score;
    score.weight = sums[kMatch] - sums[kRandom];
    score.term_weight = term_weight;
    score.log_odds = joint[kMatch] - other;
    score.probability = 1.0 / (1.0 + std::exp2(-std::clamp(score.log_odds, -500.0, 500.0)));
    return score;
}

PairScore Scorer::score(uint32_t a, uint32_t b, Pattern pattern) const {
    const PairBits pair = bits(a, b, pattern);
    std::array<double, kClasses> sums{};
    for (size_t k = 0; k < kClasses; ++k) {
        for (const double value : pair.bits[k]) sums[k] += value;
    }
    return from_sums(sums, pair.term_weight);
}

}  // namespace cdp::identity
