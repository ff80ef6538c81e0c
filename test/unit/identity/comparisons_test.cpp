// SPDX-License-Identifier: PostgreSQL
#include "identity/comparisons.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "identity/people.hpp"
#include "identity/string_compare.hpp"
#include "reference/identity.hpp"
#include "similarity/jaro_winkler.hpp"

using namespace cdp::identity;
using test::Person;

BOOST_AUTO_TEST_CASE(string_kernels_on_random_input) {
    std::mt19937 random(11);
    for (int round = 0; round < 50000; ++round) {
        std::string a(random() % 9, '\0');
        std::string b(random() % 9, '\0');
        for (char& c : a) c = static_cast<char>('a' + random() % 3);
        for (char& c : b) c = static_cast<char>('a' + random() % 3);
        if (round % 100 == 0) a = std::string(100 + random() % 100, static_cast<char>(random()));
        BOOST_REQUIRE_EQUAL(within_one_edit(a, b), reference::edit_distance(a, b) <= 1);
    }
}

BOOST_AUTO_TEST_CASE(soundex_published_codes) {
    const auto code = [](char letter, uint32_t x, uint32_t y, uint32_t z) {
        return ((static_cast<uint32_t>(letter - 'a' + 1) * 8 + x) * 8 + y) * 8 + z;
    };
    BOOST_TEST(soundex("robert") == code('r', 1, 6, 3));
    BOOST_TEST(soundex("rupert") == code('r', 1, 6, 3));
    BOOST_TEST(soundex("ashcraft") == code('a', 2, 6, 1));
    BOOST_TEST(soundex("tymczak") == code('t', 5, 2, 2));
    BOOST_TEST(soundex("pfister") == code('p', 2, 3, 6));
    BOOST_TEST(soundex("lee") == code('l', 0, 0, 0));
    BOOST_TEST(soundex("") == 0u);
    BOOST_TEST(soundex("иванов") == soundex("иванова"));
}

namespace {

int level(int comparison, const Person& a, const Person& b) {
    test::World world({a, b});
    const SharedValues none(world.budget);
    Comparer comparer(world.store, none);
    const Pattern pattern = comparer.compare(0, 1);
    BOOST_REQUIRE_EQUAL(pattern, comparer.compare(1, 0));
    return level_of(pattern, comparison);
}

}  // namespace

BOOST_AUTO_TEST_CASE(levels_of_names) {
    const auto given = [](const char* a, const char* b) {
        return level(kGivenNameComparison, {.given = a}, {.given = b});
    };
    BOOST_TEST(given("", "anna") == 0);
    BOOST_TEST(given("anna", "anna") == 1);
    BOOST_TEST(given("katharina", "katherina") == 2);
    BOOST_TEST(given("r", "robert") == 3);
    BOOST_TEST(given("rob", "robert") == 3);
    BOOST_TEST(given("anna maria", "anna") == 3);
    BOOST_TEST(given("karl", "mark") == 5);
    BOOST_TEST(given("dwayne", "duane") == 4);
    BOOST_TEST(given("anna", "peter") == 5);
    const auto family = [](const char* a, const char* b) {
        return level(kFamilyNameComparison, {.family = a}, {.family = b});
    };
    BOOST_TEST(family("garcia lopez", "lopez") == 3);
    BOOST_TEST(family("smith-jones", "jones") == 3);
    BOOST_TEST(family("smith", "jones") == 5);
    BOOST_TEST(level(kFamilyNameComparison, {.given = "jones", .family = "mary"},
                     {.given = "mary", .family = "jones"}) == 4);
    BOOST_TEST(level(kGivenNameComparison, {.given = "jones", .family = "mary"},
                     {.given = "mary", .family = "jones"}) == 0);
}

BOOST_AUTO_TEST_CASE(levels_of_dates) {
    const auto born = [](const char* a, const char* b) {
        return level(kBirthDateComparison, {.born = a}, {.born = b});
    };
    BOOST_TEST(born("1980-02-03", "") == 0);
    BOOST_TEST(born("1980-02-03", "1980-02-03") == 1);
    BOOST_TEST(born("1980-02-03", "1980-03-02") == 2);
    BOOST_TEST(born("1980-02-03", "1930-02-03") == 2);
    BOOST_TEST(born("1980-02-03", "1980-11-27") == 3);
    BOOST_TEST(born("1980-02-03", "1981-02-04") == 4);
    BOOST_TEST(born("1980-02-03", "1957-11-27") == 5);
    BOOST_CHECK_THROW(days_from_iso("1980-02-30"), cdp::Error);
    BOOST_CHECK_THROW(days_from_iso("yesterday"), cdp::Error);
    BOOST_CHECK_THROW(days_from_iso("1980--02"), cdp::Error);
    BOOST_TEST(days_from_iso("1970-01-02") == 1);
    BOOST_TEST(days_from_iso("infinity") == kNoDate);
    BOOST_TEST(days_from_iso("12345-01-01") == kNoDate);
}

BOOST_AUTO_TEST_CASE(levels_of_contacts_and_addresses) {
    const auto email = [](const char* a, const char* b) {
        return level(kEmailComparison, {.given = "mary", .email = a}, {.given = "mary", .email = b});
    };
    BOOST_TEST(email("mary.k@x.org", "mary.k@x.org") == 1);
    BOOST_TEST(email("mary.k@x.org", "mary.k@y.org") == 2);
    BOOST_TEST(email("mary.kent@x.org", "mary.kemt@y.org") == 3);
    BOOST_TEST(email("mary@one.org", "mary@two.org") == 4);  // the name once more
    BOOST_TEST(email("mary.kent71@x.org", "mary.kent711@x.org") == 3);
    BOOST_TEST(email("mary.kent1971@x.org", "mary.kent2340@x.org") == 4);  // a namesake
    BOOST_TEST(email("mary.k@x.org", "bob@x.org") == 4);
    BOOST_TEST(level(kPhoneComparison, {.phone = "+441904555001"}, {.phone = "+441904555010"}) == 2);
    BOOST_TEST(level(kPhoneComparison, {.phone = "+441904555001"}, {.phone = "+441904555111"}) == 3);
    const Person home{.street = "12 mill lane", .city = "york", .postal = "yo1 7hh"};
    const auto address = [&](const char* street, const char* city, const char* postal) {
        return level(kAddressComparison, home, {.street = street, .city = city, .postal = postal});
    };
    BOOST_TEST(address("12 mill lane", "york", "yo1 7hh") == 1);
    BOOST_TEST(address("12 mill lane", "york", "") == 1);
    BOOST_TEST(address("12 mil lane", "york", "yo1 7hh") == 2);
    BOOST_TEST(address("14 mill lane", "york", "yo1 7hh") == 2);  // one digit wrong, or the next house
    BOOST_TEST(address("", "", "yo1 7hh") == 3);
    BOOST_TEST(address("99 station road", "york", "yo1 7hh") == 4);
    BOOST_TEST(address("", "york", "") == 5);
    BOOST_TEST(address("12 mill lane", "leeds", "ls2 9jt") == 6);
    BOOST_TEST(address("99 station road", "york", "ls2 9jt") == 7);
    BOOST_TEST(address("99 station road", "leeds", "ls2 9jt") == 8);
    BOOST_TEST(address("", "", "") == 0);
    BOOST_TEST(level(kNationalIdComparison, {.national_id = "123456"}, {.national_id = "123465"}) == 2);
    BOOST_TEST(level(kNationalIdComparison, {.national_id = "123456"}, {.national_id = "999999"}) == 3);
    BOOST_TEST(level(kGenderComparison, {.gender = "f"}, {.gender = "m"}) == 2);
}

// The bound that spares most similarities must not change one level.
BOOST_AUTO_TEST_CASE(levels_match_their_definition_on_random_names) {
    std::mt19937 random(5);
    std::vector<Person> people;
    for (int i = 0; i < 1500; ++i) {
        std::string name(1 + random() % 10, '\0');
        for (char& c : name) c = "aabcdeé-7"[random() % 9];
        people.push_back({.given = name});
    }
    test::World world(people);
    const SharedValues none(world.budget);
    Comparer comparer(world.store, none);
    for (int round = 0; round < 200000; ++round) {
        const uint32_t a = random() % world.store.size();
        const uint32_t b = random() % world.store.size();
        const std::string_view x = world.store.text(kGivenName, a);
        const std::string_view y = world.store.text(kGivenName, b);
        cdp::Tick tick;
        const double alike = cdp::similarity::jaro_winkler(x, y, tick);
        if (std::abs(alike - 0.92) < 1e-5 || std::abs(alike - 0.8) < 1e-5) continue;
        const int got = level_of(comparer.compare(a, b), kGivenNameComparison);
        if (x == y) {
            BOOST_REQUIRE_EQUAL(got, 1);
        } else if (alike >= 0.92) {
            BOOST_REQUIRE_EQUAL(got, 2);
        } else if (got != 3) {
            BOOST_REQUIRE_EQUAL(got, alike >= 0.8 ? 4 : 5);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_level_has_a_label) {
    for (int c = 0; c < kComparisons; ++c) {
        BOOST_TEST(level_count(c) <= kMaxLevels);
        BOOST_TEST(level_label(c, 0) == "missing");
        for (int l = 0; l < level_count(c); ++l) BOOST_TEST(!level_label(c, l).empty());
    }
}
