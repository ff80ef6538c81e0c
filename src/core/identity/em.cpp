// SPDX-License-Identifier: PostgreSQL
#include "identity/em.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::identity {
namespace {

struct Expected {
    std::array<Levels, kClasses> levels{};  // expected pairs per class, comparison, level
    std::array<double, kClasses> pairs{};   // expected pairs per class
    double likelihood = 0;                  // bits
};

Expected expect(std::span<const PatternCount> counts, const Model& model, Tick& tick) {
    Expected expected;
    const Likelihood bits(model);
    for (const PatternCount& count : counts) {
        tick();
        std::array<double, kClasses> joint = bits.pattern(count.pattern);
        for (size_t k = 0; k < kClasses; ++k) joint[k] += bits.prior(static_cast<int>(k));
        const double top = *std::max_element(joint.begin(), joint.end());
        double sum = 0;
        for (const double j : joint) sum += std::exp2(j - top);
        const auto pairs = static_cast<double>(count.pairs);
        expected.likelihood += pairs * (top + std::log2(sum));
        for (size_t k = 0; k < kClasses; ++k) {
            const double share = pairs * std::exp2(joint[k] - top) / sum;
            expected.pairs[k] += share;
            for (int c = 0; c < kComparisons; ++c) {
                if (implied(count.pattern, c)) continue;
                expected.levels[k][static_cast<size_t>(c)][static_cast<size_t>(level_of(count.pattern, c))] +=
                    share;
            }
        }
    }
    return expected;
}

// What is left of the population's agreements when matches and households are taken out. A level keeps a
// twentieth of what was counted, lest a field that only matches agree on become infinitely strong.
Levels remaining_random(const RandomPairs& random, const Expected& expected) {
    Levels u{};
    for (size_t c = 0; c < kComparisons; ++c) {
        const auto levels = static_cast<size_t>(level_count(static_cast<int>(c)));
        const double known = random.pairs * random.known[c];
        double sum = 0;
        for (size_t l = 1; l < levels; ++l) {
            const double counted = random.share[c][l] * known;
            const double explained = expected.levels[kMatch][c][l] + expected.levels[kHousehold][c][l];
            u[c][l] = std::max({counted - explained, 0.05 * counted, 0.25});
            sum += u[c][l];
        }
        for (size_t l = 1; l < levels; ++l) u[c][l] /= sum;
        u[c][0] = 1;
    }
    return u;
}

// Two records of a household bear the same or an old address as often as two records of one person. Estimated
// apart, the household class would come to mean "same address", and a landline that both have with an old
// address a person.
void share_address(Model& next, const Expected& expected, const Model& start, double strength) {
    constexpr auto kC = static_cast<size_t>(kAddressComparison);
    const auto levels = static_cast<size_t>(level_count(kAddressComparison));
    auto& address = next.probability[kMatch][kC];
    double sum = 0;
    for (size_t l = 1; l < levels; ++l) {
        address[l] = expected.levels[kMatch][kC][l] + expected.levels[kHousehold][kC][l] +
                     2 * strength * start.probability[kMatch][kC][l];
        sum += address[l];
    }
    for (size_t l = 1; l < levels; ++l) address[l] /= sum;
    next.probability[kHousehold][kC] = address;
}

double change(const Model& a, const Model& b) {
    double largest = 0;
    for (size_t k = 0; k < kClasses; ++k) {
        largest = std::max(largest, std::abs(a.prior[k] - b.prior[k]) / std::max(b.prior[k], 1e-30));
        for (size_t c = 0; c < kComparisons; ++c) {
            for (size_t l = 0; l < kMaxLevels; ++l) {
                largest = std::max(largest, std::abs(a.probability[k][c][l] - b.probability[k][c][l]));
            }
        }
    }
    return largest;
}

// A class keeps its name only while it keeps its meaning: if the records of one person had different names or
// birth dates more often than this, EM would have found something else (a correlation among strangers).
constexpr double kMaxDifferent = 0.35;
void keep_meaning(int comparison, std::array<double, kMaxLevels>& m) {
    if (comparison > kBirthDateComparison) return;
    const auto different = static_cast<size_t>(level_count(comparison) - 1);
    if (m[different] <= kMaxDifferent) return;
    double others = 0;  // not 1 - m[different], which may be all rounding error
    for (size_t l = 1; l < different; ++l) others += m[l];
    for (size_t l = 1; l < different; ++l) m[l] *= (1 - kMaxDifferent) / others;
    m[different] = kMaxDifferent;
}

// Without given names, birth dates and the like nothing tells a household from one person: then there are no
// households, and a common e-mail is a match.
constexpr double kMinPersonalShare = 0.1;
bool knows_persons(std::span<const PatternCount> counts) {
    double pairs = 0;
    double personal_pairs = 0;
    for (const PatternCount& count : counts) {
        bool known = false;
        for (int c = 0; c < kComparisons; ++c)
            known = known || (personal(c) && level_of(count.pattern, c) != 0);
        pairs += static_cast<double>(count.pairs);
        if (known) personal_pairs += static_cast<double>(count.pairs);
    }
    return personal_pairs >= kMinPersonalShare * pairs;
}

}  // namespace

EmResult estimate_model(std::span<const PatternCount> counts, const RandomPairs& random, uint32_t records,
                        const EmSettings& settings, MemoryBudget& budget, Tick& tick) {
    Levels u = random.share;
    for (auto& levels : u) levels[0] = 1;
    EmResult result{default_model(u, records), 0, false, std::pmr::vector<double>(&budget)};
    if (random.pairs < 1) return result;
    const bool households = knows_persons(counts);
    if (!households) {
        result.model.prior[kHousehold] = kNoHouseholds;
        result.model.prior[kRandom] = 1.0 - result.model.prior[kMatch] - kNoHouseholds;
    }
    const Model start = result.model;
    double candidates = 0;
    for (const PatternCount& count : counts) candidates += static_cast<double>(count.pairs);
    const double outside = std::max(0.0, random.pairs - candidates);
    const double prior_pairs = std::min(settings.prior_strength, 0.1 * records);

    for (; result.rounds < settings.max_rounds && !result.converged; ++result.rounds) {
        const Expected expected = expect(counts, result.model, tick);

        double objective = expected.likelihood + outside * std::log2(result.model.prior[kRandom]);
        for (size_t k = 0; k < kRandom; ++k) {
            objective += prior_pairs * std::log2(result.model.prior[k]);
            for (size_t c = 0; c < kComparisons; ++c) {
                if (k == kHousehold && personal(static_cast<int>(c))) continue;
                for (int l = 1; l < level_count(static_cast<int>(c)); ++l) {
                    const auto level = static_cast<size_t>(l);
                    objective += settings.prior_strength * start.probability[k][c][level] *
                                 std::log2(result.model.probability[k][c][level]);
                }
            }
        }
        result.objective.push_back(objective);

        Model next = result.model;
        if (settings.estimate_random) {
            u = remaining_random(random, expected);
            next = default_model(u, records);
        }
        share_address(next, expected, start, settings.prior_strength);
        for (size_t k = 0; k < kRandom; ++k) {
            next.prior[k] = (expected.pairs[k] + prior_pairs) / (random.pairs + 2 * prior_pairs);
            for (size_t c = 0; c < kComparisons; ++c) {
                if (c == kAddressComparison || (k == kHousehold && personal(static_cast<int>(c)))) continue;
                const auto levels = static_cast<size_t>(level_count(static_cast<int>(c)));
                double sum = 0;
                for (size_t l = 1; l < levels; ++l) {
                    next.probability[k][c][l] =
                        expected.levels[k][c][l] + settings.prior_strength * start.probability[k][c][l];
                    sum += next.probability[k][c][l];
                }
                for (size_t l = 1; l < levels; ++l) next.probability[k][c][l] /= sum;
                if (k == kMatch) keep_meaning(static_cast<int>(c), next.probability[k][c]);
            }
        }
        if (!households) next.prior[kHousehold] = kNoHouseholds;
        next.prior[kRandom] = 1.0 - next.prior[kMatch] - next.prior[kHousehold];
        result.converged = change(next, result.model) < settings.tolerance;
        result.model = next;
    }
    return result;
}

}  // namespace cdp::identity
