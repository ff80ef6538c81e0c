// SPDX-License-Identifier: PostgreSQL
// Evidence by rule: verified national ids, values that are blocked, blocking rules that are off.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "identity/people.hpp"

using namespace cdp::identity;
using test::by_record;
using test::Person;
using test::World;

namespace {

// People whose ids the model learns to trust, and in front of them the cases.
std::vector<Person> with_ids(std::vector<Person> people) {
    std::vector<Person> town = test::town(400, 11);
    for (size_t i = 0; i < town.size(); ++i) {
        // The second record of a person has the first one's phone.
        const bool again = i > 0 && town[i].phone == town[i - 1].phone;
        town[i].national_id = again ? town[i - 1].national_id : "t" + std::to_string(1000 + 7 * i);
    }
    people.insert(people.end(), town.begin(), town.end());
    return people;
}

bool together(const std::vector<Person>& people, Settings settings = {}) {
    World world(people);
    const auto clusters = by_record(world.run({}, settings));
    return clusters.at(0) == clusters.at(1);
}

// Two records that agree in nothing but the id and, if `named` alike, the names.
std::vector<Person> two(const std::string& family_a, const std::string& family_b, bool verified) {
    Person a{"anna", family_a, "1950-01-01", "one@mail.example", "+491111111111", "1 weg",
             "alt",  "10001",  "x99999"};
    Person b{"anna", family_b, "1999-12-31", "two@other.example", "+492222222222", "9 steg",
             "neu",  "20002",  "x99999"};
    if (verified) {
        a.identifiers = {"national_id:x99999"};
        b.identifiers = {"national_id:x99999"};
    }
    return with_ids({a, b});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_verified_id_joins_whose_names_may_be_one) {
    BOOST_TEST(!together(two("bergmann", "bergman", false)));
    BOOST_TEST(together(two("bergmann", "bergman", true)));
    BOOST_TEST(!together(two("bergmann", "torkes", true)));
    // A name that is missing contradicts nothing.
    BOOST_TEST(together(two("bergmann", "", true)));
    BOOST_TEST(!together(two("bergmann", "", false)));
    // Nor does it bring together what contradicts itself.
    for (const bool nameless_first : {false, true}) {
        std::vector<Person> people = two("bergmann", "torkes", true);
        people[0].given = "oscar";
        Person nameless;
        nameless.national_id = people[0].national_id;
        nameless.identifiers = people[0].identifiers;
        people.insert(people.begin() + (nameless_first ? 0 : 2), nameless);
        World world(people);
        const auto clusters = by_record(world.run());
        const int64_t first = nameless_first ? 1 : 0;
        BOOST_TEST(clusters.at(first) != clusters.at(first + 1));
        const int64_t between = nameless_first ? 0 : 2;
        BOOST_TEST(
            (clusters.at(between) == clusters.at(first) || clusters.at(between) == clusters.at(first + 1)));
    }
}

BOOST_AUTO_TEST_CASE(a_verified_id_of_many_people_joins_nobody) {
    std::vector<Person> people = two("bergmann", "bergman", true);
    // Twenty others with the same number; every one alike in name to the first two would make no new person.
    const std::vector<Person> others = test::town(60, 77);
    for (size_t i = 0; i < 40; ++i) {
        people.push_back(others[i]);
        people.back().national_id = "x99999";
        people.back().identifiers = {"national_id:x99999"};
    }
    BOOST_TEST(!together(people));
}

BOOST_AUTO_TEST_CASE(ids_that_are_often_wrong_join_nobody) {
    std::vector<Person> people = two("bergmann", "bergman", true);
    BOOST_TEST(together(people));
    // Every second record of a person has another number.
    for (size_t i = 3; i < people.size(); ++i) {
        if (people[i].phone == people[i - 1].phone) people[i].national_id = "w" + std::to_string(31 * i);
    }
    World world(people);
    const Resolution run = world.run();
    BOOST_TEST(test::stat(run, "national_ids_trusted") == 0);
    BOOST_TEST(by_record(run).at(0) != by_record(run).at(1));
}

BOOST_AUTO_TEST_CASE(a_verified_id_of_many_records_of_one_person_is_no_work) {
    std::vector<Person> people = with_ids({});
    Person one{"anna", "bergmann", "1950-01-01"};
    one.national_id = "x99999";
    one.identifiers = {"national_id:x99999"};
    for (int i = 0; i < 2000; ++i) people.push_back(one);
    World world(people);
    const auto clusters = by_record(world.run());
    for (int64_t i = 401; i < 2400; ++i) BOOST_REQUIRE(clusters.at(i) == clusters.at(400));
}

BOOST_AUTO_TEST_CASE(blocked_values_identify_nobody_when_a_model_is_trained) {
    Person a{"anna", "bergmann", "", "", "+491111111111"};
    Person b{"anna", "bergmann", "", "", "+491111111111"};
    b.family = "";
    Person c = a;
    c.family = "torkes";
    c.phone.clear();
    c.identifiers = {"login:guest"};
    Person d{"oscar", "lund"};
    d.identifiers = {"login:guest"};
    const std::vector<Person> people = with_ids({a, b, c, d});
    World world(people);
    cdp::HashSet blocked(&world.budget);
    Settings settings;
    settings.blocked = &blocked;
    const auto before = by_record(world.run({}, settings));
    BOOST_TEST(before.at(0) == before.at(1));
    BOOST_TEST(before.at(2) == before.at(3));
    blocked.insert(value_hash("phone", cdp::hash64("+491111111111")));
    blocked.insert(value_hash("login", cdp::hash64("guest")));
    const Resolution run = world.run({}, settings);
    const auto after = by_record(run);
    BOOST_TEST(after.at(0) != after.at(1));
    BOOST_TEST(after.at(2) != after.at(3));
    // They are known already: not found.
    for (const SharedRow& row : run.shared)
        BOOST_TEST((row.value != "+491111111111" && row.value != "guest"));
}

BOOST_AUTO_TEST_CASE(rules_that_are_off_bring_up_nothing) {
    const std::vector<Person> people = with_ids({});
    World world(people);
    const Resolution all = world.run();
    BOOST_REQUIRE(all.rules.size() == kBlockingRules);
    uint64_t pairs = 0;
    uint64_t blocks = 0;
    for (const RuleRow& row : all.rules) {
        BOOST_TEST(row.is_used);
        pairs += row.pairs;
        blocks += row.blocks;
    }
    BOOST_TEST(static_cast<double>(pairs) == test::stat(all, "pairs_compared"));
    BOOST_TEST(static_cast<double>(blocks) == test::stat(all, "blocks"));

    Settings settings;
    settings.rules = 1U << 1;  // phone
    for (const unsigned workers : {1U, 3U}) {
        settings.workers = workers;
        const Resolution some = world.run({}, settings);
        uint64_t same_phone = 0;
        for (size_t i = 0; i < people.size(); ++i) {
            for (size_t j = 0; j < i; ++j) same_phone += people[i].phone == people[j].phone ? 1 : 0;
        }
        BOOST_TEST(test::stat(some, "pairs_compared") == static_cast<double>(same_phone));
        for (const RuleRow& row : some.rules) {
            BOOST_TEST(row.is_used == (row.rule == 1));
            BOOST_TEST(row.pairs == (row.rule == 1 ? same_phone : 0));
        }
        for (const Edge& edge : some.edges) {
            BOOST_TEST(people[static_cast<size_t>(edge.record_a)].phone ==
                       people[static_cast<size_t>(edge.record_b)].phone);
        }
    }
}
