// SPDX-License-Identifier: PostgreSQL
#include "identity/model.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::identity {
namespace {

// Level 0 is "missing" and carries no evidence.
constexpr Levels kDefaultMatch = {{{1, .80, .08, .05, .03, .04},
                                   {1, .85, .07, .02, .01, .05},
                                   {1, .90, .06, .02, .01, .01},
                                   {1, .68, .05, .07, .20},
                                   {1, .66, .06, .28},
                                   {1, .54, .12, .06, .04, .08, .02, .04, .10},
                                   {1, .93, .05, .02},
                                   {1, .98, .02}}};
constexpr Levels kDefaultHousehold = {{{1, 0, 0, 0, 0, 1},
                                       {1, .78, .05, .01, .002, .158},
                                       {1, 0, 0, 0, 0, 1},
                                       {1, .10, .01, .02, .87},
                                       {1, .30, .02, .68},
                                       {1, .54, .12, .06, .04, .08, .02, .04, .10},
                                       {1, 0, 0, 1},
                                       {1, .5, .5}}};

// Father and son with one name, twins: rare, but far more frequent than among strangers.
constexpr double kHouseholdSameGivenName = 0.02;
constexpr double kHouseholdSameBirthDate = 0.01;

}  // namespace

bool personal(int comparison) {
    return comparison == kGivenNameComparison || comparison == kBirthDateComparison ||
           comparison == kNationalIdComparison || comparison == kGenderComparison;
}

Model default_model(const Levels& random, uint32_t records) {
    Model model;
    model.probability[kMatch] = kDefaultMatch;
    model.probability[kHousehold] = kDefaultHousehold;
    model.probability[kRandom] = random;
    for (int c = 0; c < kComparisons; ++c) {
        if (!personal(c)) continue;
        auto& levels = model.probability[kHousehold][static_cast<size_t>(c)];
        levels = random[static_cast<size_t>(c)];
        const double floor = c == kGivenNameComparison   ? kHouseholdSameGivenName
                             : c == kBirthDateComparison ? kHouseholdSameBirthDate
                                                         : 0.0;
        if (levels[1] < floor) {
            const double shrink = (1.0 - floor) / (1.0 - levels[1]);
            for (int l = 2; l < level_count(c); ++l) levels[static_cast<size_t>(l)] *= shrink;
            levels[1] = floor;
        }
    }
    // One duplicate for every other record, half as many pairs within households.
    records = std::max(records, 2U);
    const double pairs = std::max(1.0, 0.5 * records * (records - 1.0));
    model.prior[kMatch] = std::min(0.3, 0.5 * records / pairs);
    model.prior[kHousehold] = model.prior[kMatch] / 2;
    model.prior[kRandom] = 1.0 - model.prior[kMatch] - model.prior[kHousehold];
    return model;
}

Likelihood::Likelihood(const Model& model) : knows_households_(model.prior[kHousehold] > 2 * kNoHouseholds) {
    for (size_t k = 0; k < kClasses; ++k) {
        prior_[k] = std::log2(std::max(model.prior[k], 1e-30));
        for (size_t c = 0; c < kComparisons; ++c) {
            bits_[k][c].fill(0.0);
            for (int l = 1; l < level_count(static_cast<int>(c)); ++l) {
                const auto level = static_cast<size_t>(l);
                bits_[k][c][level] = std::log2(std::max(model.probability[k][c][level], 1e-12));
            }
        }
    }
}

std::array<double, kClasses> Likelihood::pattern(Pattern pattern) const {
    std::array<double, kClasses> sum{};
    for (int c = 0; c < kComparisons; ++c) {
        if (implied(pattern, c)) continue;
        const int l = level_of(pattern, c);
        for (int k = 0; k < kClasses; ++k) sum[static_cast<size_t>(k)] += level(k, c, l);
    }
    return sum;
}

std::array<double, kClasses> posterior(const std::array<double, kClasses>& joint_bits) {
    const double top = *std::max_element(joint_bits.begin(), joint_bits.end());
    std::array<double, kClasses> share{};
    double sum = 0.0;
    for (size_t k = 0; k < kClasses; ++k) {
        share[k] = std::exp2(joint_bits[k] - top);
        sum += share[k];
    }
    for (double& s : share) s /= sum;
    return share;
}

std::pmr::vector<ModelRow> model_rows(const Model& model, MemoryBudget& budget) {
    std::pmr::vector<ModelRow> rows(&budget);
    const Likelihood bits(model);
    for (int c = 0; c < kComparisons; ++c) {
        for (int l = 0; l < level_count(c); ++l) {
            const auto p = [&](Class k) {
                return model.probability[k][static_cast<size_t>(c)][static_cast<size_t>(l)];
            };
            rows.push_back({comparison_name(c), l, level_label(c, l), p(kMatch), p(kHousehold), p(kRandom),
                            bits.level(kMatch, c, l) - bits.level(kRandom, c, l)});
        }
    }
    return rows;
}

}  // namespace cdp::identity
