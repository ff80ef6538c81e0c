// SPDX-License-Identifier: PostgreSQL
#include "identity/em.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "identity/people.hpp"

using namespace cdp::identity;

namespace {

constexpr int kUsed[] = {kGivenNameComparison, kFamilyNameComparison, kBirthDateComparison, kPhoneComparison,
                         kAddressComparison};

Model known_model() {
    Levels u{};
    for (size_t c = 0; c < kComparisons; ++c) {
        const auto levels = static_cast<size_t>(level_count(static_cast<int>(c)));
        double sum = 0;
        for (size_t l = 1; l < levels; ++l) sum += u[c][l] = std::pow(4.0, static_cast<double>(l) * 2) * 1e-4;
        for (size_t l = 1; l < levels; ++l) u[c][l] /= sum;
        u[c][0] = 1;
    }
    Model model = default_model(u, 1000);
    model.probability[kMatch][kGivenNameComparison] = {1, .6, .1, .1, .1, .1};
    model.probability[kMatch][kFamilyNameComparison] = {1, .7, .1, .1, .02, .08};
    model.probability[kMatch][kBirthDateComparison] = {1, .75, .1, .05, .02, .08};
    model.probability[kMatch][kPhoneComparison] = {1, .5, .1, .4};
    model.prior = {2e-4, 1e-4, 1 - 3e-4};
    return model;
}

// The expected counts of all patterns over the used comparisons.
std::vector<PatternCount> expected_counts(const Model& model, double pairs) {
    std::map<Pattern, double> patterns{{0, 1.0}};
    for (const int c : kUsed) {
        std::map<Pattern, double> longer;
        for (const auto& [pattern, one] : patterns) {
            for (int l = 1; l < level_count(c); ++l) longer[with_level(pattern, c, l)] = one;
        }
        patterns = longer;
    }
    std::vector<PatternCount> counts;
    for (const auto& [pattern, one] : patterns) {
        double p = 0;
        for (size_t k = 0; k < kClasses; ++k) {
            double joint = model.prior[k];
            for (const int c : kUsed) {
                joint *=
                    model.probability[k][static_cast<size_t>(c)][static_cast<size_t>(level_of(pattern, c))];
            }
            p += joint;
        }
        const auto n = static_cast<uint64_t>(std::llround(p * pairs));
        if (n > 0) counts.push_back({pattern, n});
    }
    return counts;
}

}  // namespace

BOOST_AUTO_TEST_CASE(em_recovers_the_model_that_made_the_counts) {
    const Model truth = known_model();
    const double pairs = 1e10;
    RandomPairs random;
    random.pairs = pairs;
    random.share = truth.probability[kRandom];
    random.known.fill(1);
    EmSettings settings;
    settings.estimate_random = false;
    settings.max_rounds = 500;
    cdp::MemoryBudget budget(64 << 20);
    cdp::Tick tick;
    const EmResult result =
        estimate_model(expected_counts(truth, pairs), random, 141000, settings, budget, tick);
    BOOST_TEST(std::abs(result.model.prior[kMatch] / truth.prior[kMatch] - 1) < 0.02);
    BOOST_TEST(std::abs(result.model.prior[kHousehold] / truth.prior[kHousehold] - 1) < 0.05);
    for (const int c : kUsed) {
        for (int l = 1; l < level_count(c); ++l) {
            const auto at = [&](const Model& m) {
                return m.probability[kMatch][static_cast<size_t>(c)][static_cast<size_t>(l)];
            };
            BOOST_TEST(std::abs(at(result.model) - at(truth)) < 0.01);
        }
    }
    for (size_t i = 1; i < result.objective.size(); ++i) {
        BOOST_REQUIRE_GE(result.objective[i],
                         result.objective[i - 1] - 1e-9 * std::abs(result.objective[i - 1]));
    }
    BOOST_TEST(result.objective.size() > 3u);
}

BOOST_AUTO_TEST_CASE(em_survives_nothing_and_nonsense) {
    cdp::MemoryBudget budget(64 << 20);
    cdp::Tick tick;
    const auto sane = [](const Model& model) {
        for (const auto& levels : model.probability) {
            for (size_t c = 0; c < kComparisons; ++c) {
                double sum = 0;
                for (int l = 1; l < level_count(static_cast<int>(c)); ++l) {
                    const double p = levels[c][static_cast<size_t>(l)];
                    BOOST_REQUIRE(p >= 0 && p <= 1);
                    sum += p;
                }
                BOOST_REQUIRE_SMALL(sum - 1, 1e-9);
            }
        }
        BOOST_REQUIRE_SMALL(model.prior[0] + model.prior[1] + model.prior[2] - 1, 1e-9);
        for (const double p : model.prior) BOOST_REQUIRE(p > 0 && p < 1);
    };
    RandomPairs random;
    for (size_t c = 0; c < kComparisons; ++c) {
        const int levels = level_count(static_cast<int>(c));
        for (int l = 1; l < levels; ++l) random.share[c][static_cast<size_t>(l)] = 1.0 / (levels - 1);
    }
    sane(estimate_model({}, random, 0, {}, budget, tick).model);
    random.pairs = 1;
    random.known.fill(1);
    sane(estimate_model({}, random, 2, {}, budget, tick).model);
    for (const Pattern pattern : {Pattern{0}, Pattern{0x11111111}, Pattern{0x23834555}}) {
        const std::vector<PatternCount> one{{pattern, 1}};
        sane(estimate_model(one, random, 2, {}, budget, tick).model);
        const std::vector<PatternCount> many{{pattern, uint64_t{1} << 40}};
        random.pairs = std::pow(2.0, 41);
        sane(estimate_model(many, random, 2000000, {}, budget, tick).model);
    }
}

BOOST_AUTO_TEST_CASE(common_values_count_for_themselves) {
    std::vector<test::Person> people;
    for (int i = 0; i < 300; ++i) people.push_back({.given = "anna"});
    for (int i = 0; i < 100; ++i) people.push_back({.given = "rare" + std::to_string(i)});
    test::World world(people);
    Levels u{};
    for (auto& levels : u) levels.fill(0.5);
    u[kGivenNameComparison][1] = 0.5625 + 0.001;  // (300 / 400)^2, and a little
    const TermFrequencies terms(world.store, default_model(u, 400), world.tick);
    const auto code = [&](int64_t id) { return world.store.code(kGivenName, world.index(id)); };
    BOOST_TEST(terms.share(kGivenNameTerm, code(0)) == 0.75);
    BOOST_TEST(terms.share(kGivenNameTerm, code(350)) == 0);
    BOOST_TEST(std::abs(terms.bits(kGivenNameTerm, code(0)) - std::log2(0.75)) < 1e-9);
    BOOST_TEST(std::abs(terms.bits(kGivenNameTerm, code(350)) - std::log2(0.001 / 0.25)) < 1e-6);
    BOOST_TEST(terms.bits(kGivenNameTerm, code(350)) == terms.bits(kGivenNameTerm, code(399)));
}

BOOST_AUTO_TEST_CASE(posterior_is_a_distribution) {
    for (const double far : {0.0, 1.0, 50.0, 5000.0, 1e300}) {
        const auto p = posterior({far, -far, 0});
        BOOST_TEST(std::abs(p[0] + p[1] + p[2] - 1) < 1e-12);
    }
}
