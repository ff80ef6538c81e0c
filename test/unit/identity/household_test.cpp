// SPDX-License-Identifier: PostgreSQL
// Who lives together: pairs of records from the engine, and groups of people from links.
#include "identity/household.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "identity/people.hpp"
#include "reference/household_quality.hpp"

using namespace cdp::identity;
using test::Person;
using test::World;

namespace {

std::vector<uint32_t> group(uint32_t people, const std::vector<HouseholdLink>& links, uint32_t most = 10) {
    cdp::MemoryBudget budget(size_t{1} << 28);
    cdp::Tick tick;
    const auto groups = group_households(people, links, most, budget, tick);
    return {groups.begin(), groups.end()};
}

// The definition, on sets.
std::vector<uint32_t> naive(uint32_t people, std::vector<HouseholdLink> links, size_t most) {
    std::map<std::pair<uint32_t, uint32_t>, double> best;
    for (const HouseholdLink& link : links) {
        if (link.a == link.b || link.a >= people || link.b >= people) continue;
        const auto pair = std::minmax(link.a, link.b);
        const auto found = best.try_emplace({pair.first, pair.second}, link.log_odds).first;
        found->second = std::max(found->second, link.log_odds);
    }
    std::vector<std::pair<double, std::pair<uint32_t, uint32_t>>> order;
    for (const auto& [pair, bits] : best) order.push_back({-std::round(bits * 1024), pair});
    std::sort(order.begin(), order.end());
    std::vector<std::set<uint32_t>> groups(people);
    for (uint32_t p = 0; p < people; ++p) groups[p] = {p};
    const auto of = [&](uint32_t p) {
        return std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.contains(p); });
    };
    for (bool joined = true; joined;) {
        joined = false;
        for (const auto& [bits, pair] : order) {
            const auto x = of(pair.first);
            const auto y = of(pair.second);
            if (x == y || x->size() + y->size() > most) continue;
            size_t linked = 0;
            for (const uint32_t a : *x) {
                for (const uint32_t b : *y) linked += best.contains(std::minmax(a, b)) ? 1 : 0;
            }
            if (2 * linked <= x->size() * y->size()) continue;
            x->insert(y->begin(), y->end());
            y->clear();
            joined = true;
        }
    }
    std::vector<uint32_t> first(people);
    for (uint32_t p = 0; p < people; ++p) first[p] = *of(p)->begin();
    return first;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_chain_is_no_household) {
    // Of a chain of five the surest pair lives together; 2-3 is surer than 0-1 and 1-2 only just.
    const std::vector<HouseholdLink> chain = {{0, 1, 5}, {1, 2, 4}, {2, 3, 6}, {3, 4, 2}};
    BOOST_TEST(group(5, chain) == (std::vector<uint32_t>{0, 0, 2, 2, 4}), boost::test_tools::per_element());
    // A family of four: all linked but one pair.
    const std::vector<HouseholdLink> family = {{0, 1, 9}, {0, 2, 8}, {1, 2, 7}, {1, 3, 6}, {2, 3, 5}};
    BOOST_TEST(group(4, family) == (std::vector<uint32_t>{0, 0, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(group(4, family, 3) == (std::vector<uint32_t>{0, 0, 0, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(links_that_make_no_sense_are_passed_over) {
    BOOST_TEST(group(2, {{0, 0, 9}, {1, 7, 9}}) == (std::vector<uint32_t>{0, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(group(2, {{1, 0, std::nan("")}}) == (std::vector<uint32_t>{0, 0}),
               boost::test_tools::per_element());
    BOOST_TEST(group(0, {{0, 1, 1}}).empty());
    BOOST_TEST(group(3, {{0, 1, 1}, {1, 2, INFINITY}}, 0) == (std::vector<uint32_t>{0, 1, 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(groups_are_those_of_the_definition_in_any_order) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        const uint32_t people = 2 + random() % 14;
        const uint32_t most = 1 + random() % 7;
        std::vector<HouseholdLink> links;
        for (unsigned i = random() % 40; i > 0; --i)
            links.push_back({static_cast<uint32_t>(random() % people),
                             static_cast<uint32_t>(random() % people), static_cast<double>(random() % 6)});
        const auto expected = naive(people, links, most);
        std::shuffle(links.begin(), links.end(), random);
        BOOST_TEST(group(people, links, most) == expected, boost::test_tools::per_element());
    }
}

namespace {

std::map<std::pair<int64_t, int64_t>, double> homes(const Resolution& run) {
    std::map<std::pair<int64_t, int64_t>, double> pairs;
    for (const HouseholdPair& pair : run.households) {
        BOOST_TEST(shares_home(pair.levels));
        pairs[std::minmax(pair.record_a, pair.record_b)] = static_cast<double>(pair.probability);
    }
    BOOST_TEST(pairs.size() == run.households.size());
    return pairs;
}

// Every tenth person gets a partner at home.
std::vector<Person> town_of_families(size_t n, unsigned seed) {
    std::vector<Person> people = test::town(n, seed);
    for (size_t i = 0; i + 10 < n; i += 10) {
        people[i].family += "burg";
        people[i].street = std::to_string(i) + " ahornallee";
        people[i + 5] = {"leonore",
                         people[i].family,
                         "1990-01-" + std::to_string(10 + i % 15),
                         {},
                         {},
                         people[i].street,
                         people[i].city,
                         people[i].postal,
                         {},
                         {},
                         {}};
    }
    return people;
}

}  // namespace

BOOST_AUTO_TEST_CASE(partners_are_found_and_stay_two_people) {
    const std::vector<Person> people = town_of_families(600, 3);
    World world(people);
    Settings settings;
    const Resolution without = world.run();
    BOOST_TEST(without.households.empty());
    settings.households = true;
    const Resolution run = world.run({}, settings);
    // Nobody is merged, or kept apart, because of it.
    BOOST_TEST((test::by_record(run) == test::by_record(without)));
    BOOST_TEST(run.edges.size() == without.edges.size());
    const auto found = homes(run);
    size_t partners = 0;
    for (int64_t i = 0; i + 10 < 600; i += 10) {
        partners += found.contains({i, i + 5}) ? 1 : 0;
        BOOST_TEST(test::by_record(run)[i] != test::by_record(run)[i + 5]);
    }
    BOOST_TEST(partners >= 55u);
    for (const auto& [pair, probability] : found) BOOST_TEST((probability >= 0.5 && probability <= 1));
    // The same in another order.
    std::vector<size_t> order(people.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
    World turned(people, order);
    BOOST_TEST((homes(turned.run({}, settings)) == found));
}

BOOST_AUTO_TEST_CASE(nobody_lives_together_where_nothing_tells_people_apart) {
    std::vector<Person> people = town_of_families(400, 4);
    for (Person& p : people) {
        p.given.clear();
        p.born.clear();
    }
    World world(people);
    Settings settings;
    settings.households = true;
    const Resolution run = world.run({}, settings);
    BOOST_TEST(run.households.empty());
    for (const Edge& edge : run.edges) BOOST_TEST(edge.household == 0);
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_was_no_household) {
    // The run that trains remembers the plausible pairs only; under the same model nothing is forgotten.
    for (const unsigned seed : {1U, 2U, 3U}) {
        const std::vector<Person> people = town_of_families(900, seed);
        World world(people);
        Settings settings;
        settings.households = true;
        const Resolution trained = world.run({}, settings);
        KnownModel known = test::model_of(trained, world.budget);
        const Resolution again = resolve(world.store, {}, settings, world.tick, {}, &known);
        const auto before = homes(trained);
        const auto after = homes(again);
        BOOST_TEST(before.size() == after.size());
        for (const auto& [pair, probability] : after) {
            const auto found = before.find(pair);
            BOOST_TEST((found != before.end() && std::abs(found->second - probability) < 1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(labelled_households_are_found) {
    const std::string file = std::string(CDP_TEST_DATA) + "/people/households_2500.csv";
    const std::string mapping =
        "key=rec_id,given_name=first_name,family_name=last_name,birth_date=dob,street=address,city=city,"
        "postal_code=postcode,email=email,phone=phone";
    cdp::MemoryBudget budget(size_t{1} << 30);
    cdp::Tick tick;
    RecordStore store(budget, tick);
    const people::Labelled people = people::load(file, mapping + ",truth=entity_id", store);
    RecordStore again(budget, tick);
    const people::Labelled homes = people::load(file, mapping + ",truth=household_id", again);
    Settings settings;
    settings.households = true;
    const Resolution run = resolve(store, {}, settings, tick);
    const people::Households found = people::evaluate_households(store, run, homes.truth, 10, 0.5);
    BOOST_TEST_MESSAGE("P " << found.groups.precision << " R " << found.groups.recall);
    BOOST_TEST(found.groups.precision >= 0.95);
    // Most of the others have no record that tells where they live, or another family name.
    BOOST_TEST(found.groups.recall >= 0.35);
    // What the people are does not depend on it.
    settings.households = false;
    BOOST_TEST((test::by_record(resolve(store, {}, settings, tick)) == test::by_record(run)));
    BOOST_TEST(people::evaluate(run.clusters, people).f1 >= 0.96);
}
