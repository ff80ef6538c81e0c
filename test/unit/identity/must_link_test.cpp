// SPDX-License-Identifier: PostgreSQL
// Decisions of a steward in the engine: must-links beat guards, cannot-links beat the model.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "identity/people.hpp"
#include "reference/identity.hpp"

using namespace cdp::identity;
using test::by_record;
using test::Person;
using test::World;

namespace {

using Pairs = std::vector<std::pair<int64_t, int64_t>>;

// Two people with nothing in common, of two records each.
std::vector<Person> two_people() {
    std::vector<Person> people = {{.given = "wilma",
                                   .family = "oppenheim",
                                   .born = "1951-02-03",
                                   .email = "wilma.o@x.example",
                                   .national_id = "111111111"},
                                  {.given = "wilma",
                                   .family = "oppenheim",
                                   .born = "1951-02-03",
                                   .email = "wilma.o@x.example",
                                   .national_id = "111111111"},
                                  {.given = "tadeusz",
                                   .family = "quirke",
                                   .born = "1989-12-30",
                                   .phone = "+4989777",
                                   .national_id = "999999999"},
                                  {.given = "tadeusz",
                                   .family = "quirke",
                                   .born = "1989-12-30",
                                   .phone = "+4989777",
                                   .national_id = "999999999"}};
    const std::vector<Person> town = test::town(600, 21);
    people.insert(people.end(), town.begin(), town.end());
    return people;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_must_link_beats_guards_and_tears_nobody_apart) {
    World world(two_people());
    auto clusters = by_record(world.run());
    BOOST_REQUIRE(clusters[0] == clusters[1]);
    BOOST_REQUIRE(clusters[2] == clusters[3]);
    BOOST_REQUIRE(clusters[0] != clusters[2]);
    const Resolution joined = world.run({}, {}, {{0, 3}, {3, 0}, {5, 5}, {0, 987654321}});
    clusters = by_record(joined);
    for (const int64_t record : {1, 2, 3}) BOOST_TEST(clusters[record] == clusters[0]);
    BOOST_TEST(test::stat(joined, "must_links") == 1);
    const auto decided = std::count_if(joined.edges.begin(), joined.edges.end(),
                                       [](const Edge& e) { return e.reason == Reason::kDecision; });
    BOOST_TEST(decided == 1);
}

// Whoever is not in a decision is where they were.
BOOST_AUTO_TEST_CASE(must_links_join_what_evidence_has_joined) {
    World world(two_people());
    const Resolution before = world.run();
    std::vector<reference::Pair> edges;
    for (const ClusterRow& row : before.clusters) {
        edges.push_back({static_cast<uint32_t>(row.record), static_cast<uint32_t>(row.representative)});
    }
    std::mt19937 random(6);
    for (int round = 0; round < 8; ++round) {
        Pairs must;
        std::vector<reference::Pair> all = edges;
        for (int i = 0; i < 1 << round; ++i) {
            must.push_back({random() % 604, random() % 604});
            all.push_back(
                {static_cast<uint32_t>(must.back().first), static_cast<uint32_t>(must.back().second)});
        }
        auto clusters = by_record(world.run({}, {}, must));
        const std::vector<uint32_t> label = reference::components(604, all);
        for (int64_t a = 0; a < 604; ++a) {
            for (int64_t b = 0; b < 604; b += 5) {
                BOOST_REQUIRE_EQUAL(clusters[a] == clusters[b],
                                    label[static_cast<size_t>(a)] == label[static_cast<size_t>(b)]);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_cannot_link_beats_the_model_and_identifiers_among_must_links) {
    std::vector<Person> people = two_people();
    people[1].identifiers = {"loyalty_id:1"};
    people[2].identifiers = {"loyalty_id:1"};
    World world(people);
    // 0 and 3 are one person; 1 is like 0 but stated to be another than 3.
    auto clusters = by_record(world.run({{3, 1}}, {}, {{0, 3}}));
    BOOST_TEST(clusters[0] == clusters[3]);
    BOOST_TEST(clusters[1] != clusters[0]);
    BOOST_TEST(clusters[1] != clusters[3]);
    clusters = by_record(world.run({{0, 1}, {2, 3}}, {}, {}));
    BOOST_TEST(clusters[0] != clusters[1]);
    BOOST_TEST(clusters[2] != clusters[3]);
}

BOOST_AUTO_TEST_CASE(contradicting_decisions_are_an_error) {
    World world(two_people());
    BOOST_CHECK_THROW(world.run({{0, 3}}, {}, {{3, 0}}), cdp::Error);
    try {
        world.run({{4, 0}}, {}, {{0, 2}, {2, 4}});
        BOOST_ERROR("no error");
    } catch (const cdp::Error& e) {
        BOOST_TEST((e.code() == cdp::ErrorCode::kInvalidInput));
        BOOST_TEST(e.message().find('4') != std::string::npos);
        BOOST_TEST(!e.hint().empty());
    }
}

// Random decisions without a contradiction: they hold, and order and threads change nothing.
BOOST_AUTO_TEST_CASE(decisions_hold_in_any_order) {
    const std::vector<Person> people = two_people();
    std::mt19937 random(44);
    Pairs must;
    std::vector<reference::Pair> joined;
    for (int i = 0; i < 60; ++i) {
        must.push_back({random() % 604, random() % 604});
        joined.push_back(
            {static_cast<uint32_t>(must.back().first), static_cast<uint32_t>(must.back().second)});
    }
    const std::vector<uint32_t> label = reference::components(604, joined);
    Pairs cannot;
    World plain(people);
    for (const Edge& edge : plain.run().edges) {  // what the model would join
        if (label[static_cast<size_t>(edge.record_a)] != label[static_cast<size_t>(edge.record_b)] &&
            random() % 2 == 0)
            cannot.push_back({edge.record_a, edge.record_b});
    }
    BOOST_TEST(cannot.size() > 20u);
    std::map<int64_t, int64_t> first;
    std::vector<double> figures;
    for (const unsigned shuffle : {0U, 1U, 2U}) {
        std::vector<size_t> order(people.size());
        std::iota(order.begin(), order.end(), size_t{0});
        if (shuffle != 0) {
            std::shuffle(order.begin(), order.end(), random);
            std::shuffle(must.begin(), must.end(), random);
            std::shuffle(cannot.begin(), cannot.end(), random);
            for (auto& [a, b] : must) std::swap(a, b);
        }
        World world(people, order);
        Settings settings;
        settings.workers = 1 + shuffle;
        const Resolution resolution = world.run(cannot, settings, must);
        auto clusters = by_record(resolution);
        for (const auto& [a, b] : must) BOOST_REQUIRE(clusters[a] == clusters[b]);
        for (const auto& [a, b] : cannot) BOOST_REQUIRE(clusters[a] != clusters[b]);
        std::vector<double> found;
        for (const Edge& edge : resolution.edges) found.push_back(edge.weight);
        if (shuffle == 0) {
            first = clusters;
            figures = found;
        }
        BOOST_TEST((clusters == first));
        BOOST_TEST((found == figures));
    }
}
