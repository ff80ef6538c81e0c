// SPDX-License-Identifier: PostgreSQL
#include "identity/resolve.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "identity/people.hpp"
#include "reference/people_csv.hpp"

using namespace cdp::identity;
using test::by_record;
using test::Person;
using test::World;

namespace {

std::vector<Person> with_town(std::vector<Person> people, size_t background = 600) {
    const std::vector<Person> town = test::town(background, 21);
    people.insert(people.end(), town.begin(), town.end());
    return people;
}

people::Quality measure(const char* file, const char* mapping) {
    cdp::MemoryBudget budget(size_t{1} << 30);
    cdp::Tick tick;
    RecordStore store(budget, tick);
    const people::Labelled labelled =
        people::load(std::string(CDP_TEST_DATA) + "/people/" + file, mapping, store);
    return people::evaluate(resolve(store, {}, Settings{}, tick).clusters, labelled);
}

constexpr char kFakeMapping[] =
    "key=unique_id,truth=cluster,given_name=first_name,family_name=surname,birth_date=dob,city=city,email="
    "email";
constexpr char kFebrlMapping[] =
    "key=rec_id,truth=cluster,given_name=given_name,family_name=surname,street=street_number+address_1,city="
    "suburb,"
    "postal_code=postcode,birth_date=date_of_birth,national_id=soc_sec_id";

}  // namespace

BOOST_AUTO_TEST_CASE(quality_on_fake_1000) {
    const people::Quality quality = measure("fake_1000.csv", kFakeMapping);
    BOOST_TEST_MESSAGE("precision " << quality.precision << " recall " << quality.recall << " F1 "
                                    << quality.f1);
    BOOST_TEST(quality.precision >= 0.98);
    BOOST_TEST(quality.recall >= 0.90);
    BOOST_TEST(quality.f1 >= 0.94);
}

BOOST_AUTO_TEST_CASE(quality_on_febrl3) {
    const people::Quality quality = measure("febrl3.csv", kFebrlMapping);
    BOOST_TEST_MESSAGE("precision " << quality.precision << " recall " << quality.recall << " F1 "
                                    << quality.f1);
    BOOST_TEST(quality.precision >= 0.999);
    BOOST_TEST(quality.recall >= 0.998);
}

BOOST_AUTO_TEST_CASE(neither_order_nor_threads_change_anything) {
    std::map<int64_t, int64_t> first;
    std::vector<double> weights;
    for (const unsigned shuffle : {0U, 1U, 2U}) {
        cdp::MemoryBudget budget(size_t{1} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        people::load(std::string(CDP_TEST_DATA) + "/people/fake_1000.csv", kFakeMapping, store, shuffle);
        Settings settings;
        settings.random_pairs = 100000;  // a sample, not all pairs
        settings.block_limit = 4;
        settings.workers = 1 + 2 * shuffle;
        const Resolution resolution = resolve(store, {}, settings, tick);
        std::vector<double> found;
        for (const Edge& edge : resolution.edges) found.push_back(edge.weight);
        for (const Edge& edge : resolution.review) found.push_back(edge.probability);
        for (const ModelRow& row : resolution.levels) found.push_back(row.m_match + row.u);
        if (shuffle == 0) {
            first = by_record(resolution);
            weights = found;
        } else {
            BOOST_TEST((by_record(resolution) == first));
            BOOST_TEST((found == weights));  // to the last bit
        }
    }
}

// Every phase on several threads: the store, the sample, clusters that decisions and guards keep apart.
BOOST_AUTO_TEST_CASE(threads_change_nothing_in_a_town_with_decisions) {
    const std::vector<Person> town = test::town(4000, 11);
    std::vector<Person> people = town;
    people.insert(people.end(), town.begin(), town.begin() + 2000);  // each there twice
    for (size_t i = 4000; i < people.size(); ++i) people[i].phone.clear();
    std::vector<std::pair<int64_t, int64_t>> apart;
    std::vector<std::pair<int64_t, int64_t>> decided;
    for (int64_t i = 0; i < 300; ++i) {
        if (i % 3 != 0) apart.push_back({i, i + 4000});
        if (i % 3 == 0) decided.push_back({i, i + 1000});
    }
    std::map<int64_t, int64_t> first;
    std::vector<double> figures;
    for (const unsigned workers : {1U, 2U, 5U}) {
        cdp::MemoryBudget budget(size_t{1} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        std::vector<std::string_view> identifiers;
        for (size_t i = 0; i < people.size(); ++i) {
            store.add(test::to_input(people[i], static_cast<int64_t>(i), identifiers));
        }
        store.finish(workers);
        Settings settings;
        settings.random_pairs = 50000;  // a sample, not all pairs
        settings.workers = workers;
        const Resolution resolution = resolve(store, apart, settings, tick, decided);
        std::vector<double> found;
        for (const Edge& edge : resolution.edges) found.push_back(edge.weight + edge.probability);
        for (const Edge& edge : resolution.review) found.push_back(edge.weight + edge.probability);
        for (const ModelRow& row : resolution.levels) found.push_back(row.m_match + row.u);
        for (const char* name : {"clusters", "guard_cannot_link", "guard_national_id", "guard_evidence"}) {
            found.push_back(test::stat(resolution, name));
        }
        if (workers == 1) {
            first = by_record(resolution);
            figures = found;
            BOOST_TEST(test::stat(resolution, "guard_cannot_link") > 100);
            BOOST_TEST(test::stat(resolution, "clusters") < 5000);
        } else {
            BOOST_TEST((by_record(resolution) == first));
            BOOST_TEST((found == figures));  // to the last bit
        }
    }
}

BOOST_AUTO_TEST_CASE(households_stay_apart) {
    const std::string street = "3 hohe strasse", city = "altstadt", postal = "10777", phone = "+4930555000";
    const auto home = [&](const char* given, const char* born, const char* gender, const char* email = "") {
        return Person{given, "weissenfels", born, email, phone, street, city, postal, "", gender, {}};
    };
    std::vector<Person> people =
        with_town({home("georg", "1955-06-07", "m"), home("margarete", "1957-01-30", "f"),
                   home("georg", "1984-11-12", "m"),   // named after his father
                   home("lukas", "1990-04-05", "m"),   // twins
                   home("sophie", "1990-04-05", "f"),  //
                   home("georg", "1955-06-07", "m"),   // the father again
                   home("margarete", "1957-01-30", "")});
    World world(people);
    auto clusters = by_record(world.run());
    BOOST_TEST(clusters[0] == clusters[5]);
    BOOST_TEST(clusters[1] == clusters[6]);
    std::set<int64_t> different{clusters[0], clusters[1], clusters[2], clusters[3], clusters[4]};
    BOOST_TEST(different.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_chain_is_not_one_person) {
    // The middle record knows an e-mail of one and the phone of the other, and nothing else.
    std::vector<Person> people =
        with_town({{.given = "ann", .family = "abercrombie", .born = "1950-01-09", .email = "q7@x.example"},
                   {.email = "q7@x.example", .phone = "+4989123123"},
                   {.given = "tom", .family = "zwingli", .born = "1991-12-24", .phone = "+4989123123"}});
    World world(people);
    auto clusters = by_record(world.run());
    BOOST_TEST(clusters[0] != clusters[2]);
    BOOST_TEST((clusters[1] == clusters[0] || clusters[1] == clusters[2]));
}

BOOST_AUTO_TEST_CASE(cannot_links_and_identifiers) {
    std::vector<Person> people =
        with_town({{.given = "ian", .identifiers = {"loyalty_id:1"}},
                   {.family = "mckay", .identifiers = {"loyalty_id:1", "loyalty_id:2"}},
                   {.email = "i@x.example", .identifiers = {"loyalty_id:2"}},
                   {.national_id = "11111", .identifiers = {"loyalty_id:3"}},
                   {.national_id = "99999", .identifiers = {"loyalty_id:3"}},
                   {.national_id = "99999", .identifiers = {"loyalty_id:3"}}});
    for (int i = 0; i < 21; ++i) people.push_back({.identifiers = {"device:shared"}});
    World world(people);
    auto clusters = by_record(world.run());
    BOOST_TEST(clusters[0] == clusters[1]);
    BOOST_TEST(clusters[1] == clusters[2]);
    BOOST_TEST(clusters[3] != clusters[4]);
    BOOST_TEST(clusters[4] == clusters[5]);
    BOOST_TEST(clusters[static_cast<int64_t>(people.size()) - 1] !=
               clusters[static_cast<int64_t>(people.size()) - 2]);
    const Resolution apart = world.run({{0, 2}, {123456789, 0}, {1, 1}});
    clusters = by_record(apart);
    BOOST_TEST(clusters[0] != clusters[2]);
    BOOST_TEST(test::stat(apart, "guard_cannot_link") >= 1);
    BOOST_TEST(test::stat(apart, "identifiers_shared") == 1);

    const std::vector<Person> town = test::town(300, 8);
    World plain(town);
    const Resolution before = plain.run();
    std::vector<std::pair<int64_t, int64_t>> all;
    for (const Edge& edge : before.edges) all.push_back({edge.record_b, edge.record_a});
    BOOST_TEST(all.size() > 20u);
    const Resolution after = plain.run(all);
    BOOST_TEST(after.edges.empty());
    BOOST_TEST(test::stat(after, "clusters") == 300);
    BOOST_TEST(after.review.size() >= all.size());  // kept apart, but shown
}

BOOST_AUTO_TEST_CASE(without_names_a_common_email_is_one_person) {
    std::vector<Person> people;
    for (const Person& p : test::town(500, 31)) {
        people.push_back({.email = p.email});
        people.push_back({.email = p.email, .phone = p.phone});
    }
    World world(people);
    auto clusters = by_record(world.run());
    size_t joined = 0;
    for (int64_t i = 0; i < 1000; i += 2) joined += clusters[i] == clusters[i + 1] ? 1 : 0;
    // The town forgets the e-mail of some records.
    const auto known =
        std::count_if(people.begin(), people.end(), [](const Person& p) { return !p.email.empty(); });
    BOOST_TEST(joined == static_cast<size_t>(known) / 2);
}

BOOST_AUTO_TEST_CASE(five_records_are_enough) {
    World world({{.given = "nora", .family = "quist", .born = "1971-08-09", .email = "nq@x.example"},
                 {.given = "nora", .family = "quist", .born = "1971-08-09", .phone = "+4512345678"},
                 {.given = "nora", .family = "qvist", .email = "nq@x.example", .phone = "+4512345678"},
                 {.given = "bo", .family = "lind", .born = "1980-01-02", .email = "bo@x.example"},
                 {.given = "kim", .family = "holm", .born = "1990-05-06", .phone = "+4511111111"}});
    auto clusters = by_record(world.run());
    BOOST_TEST(clusters[0] == clusters[1]);
    BOOST_TEST(clusters[0] == clusters[2]);
    BOOST_TEST(clusters[3] != clusters[0]);
    BOOST_TEST(clusters[4] != clusters[3]);
    BOOST_TEST(clusters[4] != clusters[0]);
}

BOOST_AUTO_TEST_CASE(nothing_known_merges_nobody) {
    World none({});
    BOOST_TEST(none.run().clusters.empty());
    World nulls(std::vector<Person>(1000));
    const Resolution resolution = nulls.run();
    BOOST_TEST(test::stat(resolution, "clusters") == 1000);
    BOOST_TEST(resolution.edges.empty());
    BOOST_TEST(resolution.review.empty());
}

BOOST_AUTO_TEST_CASE(a_million_identical_values_are_bounded) {
    cdp::MemoryBudget budget(size_t{1} << 30);
    cdp::Tick tick;
    RecordStore store(budget, tick);
    const Person p{"test", "test", "1900-01-01", "test@test.com", "0000000", "", "", "", "", "", {}};
    std::vector<std::string_view> identifiers;
    for (int64_t i = 0; i < 1'000'000; ++i) store.add(test::to_input(p, i, identifiers));
    store.finish();
    Settings settings;
    settings.random_pairs = 50000;
    const Resolution resolution = resolve(store, {}, settings, tick);
    BOOST_TEST(resolution.clusters.size() == 1'000'000u);
    BOOST_TEST(test::stat(resolution, "pairs_compared") < 40e6);
    BOOST_TEST(test::stat(resolution, "blocks_oversized") > 0);
    for (const Edge& edge : resolution.edges) BOOST_REQUIRE(std::isfinite(edge.weight));
}

BOOST_AUTO_TEST_CASE(over_the_budget_is_an_error_and_all_memory_comes_back) {
    const std::vector<Person> town = test::town(1000, 77);
    int refused = 0;
    bool finished = false;
    for (size_t limit = 16 << 10; !finished; limit = limit * 9 / 8) {
        cdp::MemoryBudget budget(limit);
        cdp::Tick tick;
        try {
            RecordStore store(budget, tick);
            std::vector<std::string_view> identifiers;
            for (size_t i = 0; i < town.size(); ++i) {
                store.add(test::to_input(town[i], static_cast<int64_t>(i), identifiers));
            }
            store.finish();
            Settings settings;
            settings.random_pairs = 10000;
            resolve(store, {}, settings, tick);
            finished = true;
        } catch (const cdp::Error& e) {
            BOOST_REQUIRE(e.code() == cdp::ErrorCode::kOutOfMemory);
            ++refused;
        }
        BOOST_REQUIRE_EQUAL(budget.used(), 0u);
    }
    BOOST_TEST(refused > 10);
}

BOOST_AUTO_TEST_CASE(a_record_twice_is_an_error) {
    cdp::MemoryBudget budget(size_t{4} << 20);
    cdp::Tick tick;
    RecordStore store(budget, tick);
    for (int i = 0; i < 2; ++i) {
        RecordInput record;
        record.record_id = 7;
        record.order_key = i;
        store.add(record);
    }
    BOOST_CHECK_THROW(store.finish(), cdp::Error);
}

namespace {
struct Cancelled {};
int countdown = 0;
}  // namespace

// A cancel request in any phase ends the run; nothing is swallowed and nothing leaks.
BOOST_AUTO_TEST_CASE(cancelled_anywhere) {
    const std::vector<Person> town = test::town(700, 5);
    int finished = 0;
    int cancelled = 0;
    for (int after = 1; finished == 0; after = after * 5 / 4 + 1) {  // later and later, until it gets through
        countdown = after;
        cdp::Tick tick([] {
            if (--countdown == 0) throw Cancelled{};
        });
        cdp::MemoryBudget budget(size_t{1} << 28);
        {
            RecordStore store(budget, tick);
            try {
                std::vector<std::string_view> identifiers;
                for (size_t i = 0; i < town.size(); ++i) {
                    store.add(test::to_input(town[i], static_cast<int64_t>(i), identifiers));
                }
                store.finish();
                Settings settings;
                settings.workers = after % 2 == 0 ? 1 : 3;
                resolve(store, {}, settings, tick);
                ++finished;
            } catch (const Cancelled&) {
                ++cancelled;
            }
        }
        BOOST_REQUIRE_EQUAL(budget.used(), 0u);
    }
    BOOST_TEST(cancelled > 10);
}
