// SPDX-License-Identifier: PostgreSQL
#include "identity/clustering.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "identity/people.hpp"
#include "reference/identity.hpp"

using namespace cdp::identity;

BOOST_AUTO_TEST_CASE(union_find_matches_components) {
    test::World world(test::town(400, 9));
    const SharedValues none(world.budget);
    const Comparer comparer(world.store, none);
    std::mt19937 random(3);
    for (int round = 0; round < 20; ++round) {
        Clustering clustering(world.store, {}, {}, world.tick);
        std::vector<reference::Pair> edges;
        for (int i = 0; i < 30 * round; ++i) edges.push_back({random() % 400, random() % 400});
        for (const auto& [a, b] : edges) BOOST_REQUIRE(clustering.join(a, b, comparer));
        const std::vector<uint32_t> label = reference::components(400, edges);
        std::map<uint32_t, uint32_t> sizes;
        for (const uint32_t l : label) ++sizes[l];
        for (uint32_t a = 0; a < 400; ++a) {
            BOOST_REQUIRE_EQUAL(clustering.size_of(a), sizes[label[a]]);
            for (uint32_t b = 0; b < 400; b += 7) {
                BOOST_REQUIRE_EQUAL(clustering.together(a, b), label[a] == label[b]);
            }
        }
    }
}

// Greedy joining with cannot-links and contradicting ids against a version that checks every member.
BOOST_AUTO_TEST_CASE(guards_match_a_naive_version) {
    std::mt19937 random(17);
    for (int round = 0; round < 30; ++round) {
        std::vector<test::Person> people(60);
        for (auto& p : people) {
            const char* ids[] = {"", "", "", "11111", "11112", "99999", "55555"};
            p.national_id = ids[random() % 7];
        }
        test::World world(people);
        const SharedValues none(world.budget);
        const Comparer comparer(world.store, none);
        std::vector<reference::Pair> apart;
        for (int i = 0; i < 20; ++i) {
            const reference::Pair pair{random() % 60, random() % 60};
            if (pair.first != pair.second) apart.push_back(pair);
        }
        Clustering clustering(world.store, apart, {}, world.tick);
        std::vector<uint32_t> label(60);
        for (uint32_t i = 0; i < 60; ++i) label[i] = i;
        for (int i = 0; i < 150; ++i) {
            const uint32_t a = random() % 60;
            const uint32_t b = random() % 60;
            bool allowed = true;
            for (uint32_t x = 0; x < 60 && label[a] != label[b]; ++x) {
                for (uint32_t y = 0; y < 60; ++y) {
                    if (label[x] != label[a] || label[y] != label[b]) continue;
                    const std::string_view id_x = world.store.text(kNationalId, x);
                    const std::string_view id_y = world.store.text(kNationalId, y);
                    if (!id_x.empty() && !id_y.empty() && reference::edit_distance(id_x, id_y) > 1)
                        allowed = false;
                    for (const auto& [p, q] : apart) {
                        if ((p == x && q == y) || (p == y && q == x)) allowed = false;
                    }
                }
            }
            BOOST_REQUIRE_EQUAL(clustering.join(a, b, comparer), allowed);
            if (allowed) {
                const uint32_t from = label[b];
                const uint32_t to = label[a];
                for (uint32_t& l : label) {
                    if (l == from) l = to;
                }
            }
            for (uint32_t x = 0; x < 60; ++x)
                BOOST_REQUIRE_EQUAL(clustering.together(x, a), label[x] == label[a]);
        }
    }
}
