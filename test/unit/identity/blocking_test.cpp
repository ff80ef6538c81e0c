// SPDX-License-Identifier: PostgreSQL
#include "identity/blocking.hpp"

#include <boost/test/unit_test.hpp>

#include "identity/people.hpp"
#include "reference/identity.hpp"

using namespace cdp::identity;

namespace {

void check_against_brute_force(const std::vector<test::Person>& people, uint32_t limit) {
    test::World world(people);
    const SharedValues shared(world.store, 12, world.tick);
    Blocking blocking(world.store, shared, limit, 1 + limit % 3, world.tick);
    std::set<reference::Pair> found;
    blocking.for_each_pair(world.tick, [&](uint32_t a, uint32_t b) {
        BOOST_REQUIRE_LT(a, b);
        BOOST_REQUIRE(found.insert({a, b}).second);  // exactly once
    });
    const reference::Pairs expected = reference::pairs_by_key(world.store, shared, limit);
    for (const auto& pair : expected.certain) BOOST_REQUIRE(found.contains(pair));
    for (const auto& pair : found) {
        BOOST_REQUIRE(expected.possible.contains(pair));
        BOOST_REQUIRE(blocking.is_candidate(pair.first, pair.second));
    }
    BOOST_TEST(expected.certain.size() > people.size() / 4);
}

}  // namespace

BOOST_AUTO_TEST_CASE(pairs_match_brute_force) {
    check_against_brute_force(test::town(800, 3), 30);
    check_against_brute_force(test::town(800, 4), 5);
    check_against_brute_force(test::town(300, 5), 1000);
}

BOOST_AUTO_TEST_CASE(oversized_blocks_are_split_then_counted) {
    std::vector<test::Person> people = test::town(50, 1);
    for (int i = 0; i < 500; ++i) people.push_back({.given = "test", .family = "tester", .city = "york"});
    test::World world(people);
    const SharedValues none(world.budget);
    Blocking blocking(world.store, none, 30, 1, world.tick);
    uint64_t pairs = 0;
    blocking.for_each_pair(world.tick, [&](uint32_t, uint32_t) { ++pairs; });
    BOOST_TEST(blocking.stats().oversized > 0u);
    BOOST_TEST(blocking.stats().oversized_records >= 500u);
    BOOST_TEST(pairs < 550u * kBlockingRules * 15);
}

BOOST_AUTO_TEST_CASE(shared_values_are_found_by_the_people_who_use_them) {
    std::vector<test::Person> people = test::town(40, 2);
    for (int i = 0; i < 20; ++i) people[static_cast<size_t>(i)].phone = "+490000000";  // a switchboard
    for (int i = 0; i < 30; ++i)
        people.push_back({.given = "anna", .family = "lund", .phone = "+491111111"});  // one person
    test::World world(people);
    const SharedValues shared(world.store, 8, world.tick);
    BOOST_TEST(shared.usable(world.store, kPhoneKey, world.index(0)) == kMissing);
    BOOST_TEST(shared.usable(world.store, kPhoneKey, world.index(45)) != kMissing);
    BOOST_TEST(shared.usable(world.store, kEmailKey, world.index(0)) != kMissing);
}
