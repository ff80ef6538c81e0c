// SPDX-License-Identifier: PostgreSQL
// The model of Fellegi and Sunter with a third class. A pair of records is the same person (match), two
// people of one household, or two random people; every class has a probability for every level of every
// comparison, and given its class the comparisons are taken as independent. In a household given name, birth
// date, national id and gender are distributed as for random pairs, but family name, address, phone and
// e-mail are not: without that class an address and a phone in common make one person of a couple.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "identity/comparisons.hpp"

namespace cdp::identity {

enum Class : int { kMatch, kHousehold, kRandom, kClasses };

using Levels = std::array<std::array<double, kMaxLevels>, kComparisons>;

struct Model {
    std::array<Levels, kClasses> probability{};  // [class][comparison][level]; level 0 (missing) is 1
    std::array<double, kClasses> prior{};        // shares among all pairs of records
};

// Whether a comparison says as little about two people of a household as about two random people.
bool personal(int comparison);

// The gender of two people of one given name is no news.
constexpr bool implied(Pattern pattern, int comparison) {
    return comparison == kGenderComparison && level_of(pattern, kGenderComparison) == 1 &&
           level_of(pattern, kGivenNameComparison) == 1;
}

// What is taken for likely before any data: m of a usual customer file. `random` is filled in by the caller.
Model default_model(const Levels& random, uint32_t records);

// The prior of the household class where nothing tells a household from one person (see em.cpp).
constexpr double kNoHouseholds = 1e-15;

// The logarithms (base 2) of a model, and what they say about a pattern.
class Likelihood {
  public:
    explicit Likelihood(const Model& model);

    double prior(int c) const { return prior_[static_cast<size_t>(c)]; }
    double level(int c, int comparison, int l) const {
        return bits_[static_cast<size_t>(c)][static_cast<size_t>(comparison)][static_cast<size_t>(l)];
    }
    bool knows_households() const { return knows_households_; }
    // Prior not included.
    std::array<double, kClasses> pattern(Pattern pattern) const;

  private:
    std::array<double, kClasses> prior_{};
    std::array<Levels, kClasses> bits_{};
    bool knows_households_;
};

// The posterior of the classes from log2 likelihoods with priors added. Any input gives a distribution.
std::array<double, kClasses> posterior(const std::array<double, kClasses>& joint_bits);

struct ModelRow {
    std::string_view comparison;
    int level;
    std::string_view label;
    double m_match;
    double m_household;
    double u;
    double weight;  // log2(m_match / u)
};
std::pmr::vector<ModelRow> model_rows(const Model& model, MemoryBudget& budget);

}  // namespace cdp::identity
