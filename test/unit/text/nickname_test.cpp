// SPDX-License-Identifier: PostgreSQL
#include "text/nickname.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "support.hpp"
#include "text/fold.hpp"

using cdp::text::are_nicknames;
using cdp::text::fold;

BOOST_AUTO_TEST_CASE(nickname_cases) {
    const std::vector<std::pair<std::string, std::string>> same{
        {"bill", "william"},        {"bob", "robert"},
        {"bob", "bobby"},           {"peggy", "margaret"},
        {"liz", "elizabeth"},       {"jack", "john"},
        {"paco", "francisco"},      {"pancho", "francisco"},
        {"kiko", "francisco"},      {"curro", "francisco"},
        {"pepe", "jose"},           {"nacho", "ignacio"},
        {"lupe", "guadalupe"},      {"maribel", "maria isabel"},
        {"marisa", "maria isabel"}, {"chema", "jose maria"},
        {"juanma", "juan manuel"},  {"mamen", "maria del carmen"},
        {"chuy", "jesus"},          {"kike", "enrique"},
        {"lola", "dolores"},        {"paco", "pancho"},
    };
    for (const auto& [a, b] : same) {
        BOOST_TEST(are_nicknames(a, b), a << " " << b);
        BOOST_TEST(are_nicknames(b, a), b << " " << a);
        BOOST_TEST(!are_nicknames(a, a), a);
    }
    const std::vector<std::pair<std::string, std::string>> different{
        {"john", "mary"},
        {"bill", "robert"},
        {"paco", "pepe"},
        {"j", "john"},
        {"", ""},
        {"", "bill"},
        {"Bill", "William"},
        {"ana", "juana"},
        {"maria", "mario"},
        {"zzz", "bill"},
        {std::string(1000, 'a'), "bill"},
    };
    for (const auto& [a, b] : different) BOOST_TEST(!are_nicknames(a, b), a << " " << b);
}

BOOST_AUTO_TEST_CASE(same_given_names) {
    using cdp::text::is_same_given_name;
    BOOST_TEST(is_same_given_name("José", "PEPE"));
    BOOST_TEST(is_same_given_name("José", "jose"));
    BOOST_TEST(is_same_given_name("Zoltán", "ZOLTAN"));  // in no list
    BOOST_TEST(is_same_given_name("Bill", "Will"));
    BOOST_TEST(!is_same_given_name("J", "John"));
    BOOST_TEST(!is_same_given_name("", ""));
    BOOST_TEST(!is_same_given_name(" ", "-"));
}

// The lists read again and compared pair by pair, with sets instead of the table.
BOOST_AUTO_TEST_CASE(nickname_table_equals_the_lists) {
    const std::string folder = std::string(CDP_TEST_DATA) + "/../../data/";
    const auto read = [&](const std::string& file) {
        std::vector<std::pair<std::string, std::string>> pairs;
        std::ifstream lines(folder + file);
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            pairs.emplace_back(fold(line.substr(0, line.find(','))), fold(line.substr(line.rfind(',') + 1)));
        }
        BOOST_REQUIRE_GT(pairs.size(), 2u);
        return pairs;
    };
    std::set<std::pair<std::string, std::string>> excluded;
    for (const auto& [a, b] : read("nicknames_excluded.csv")) excluded.insert({{a, b}, {b, a}});
    std::map<std::string, std::set<std::string>> formals;
    std::set<std::string> names;
    for (const char* file : {"nicknames_english.csv", "nicknames_spanish.csv"}) {
        for (const auto& [formal, nickname] : read(file)) {
            if (formal == nickname || excluded.contains({formal, nickname})) continue;
            formals[nickname].insert(formal);
            names.insert(formal);
            names.insert(nickname);
        }
    }
    const auto related = [&](const std::string& a, const std::string& b) {
        if (a == b) return false;
        const auto& of_a = formals[a];
        const auto& of_b = formals[b];
        return of_a.contains(b) || of_b.contains(a) ||
               std::any_of(of_a.begin(), of_a.end(), [&](const auto& f) { return of_b.contains(f); });
    };
    std::mt19937 random(7);
    const std::vector<std::string> all(names.begin(), names.end());
    for (int round = 0; round < 200; ++round) {
        const std::string& name = all[random() % all.size()];
        std::vector<std::string> expected;
        for (const std::string& other : all) {
            if (related(name, other)) expected.push_back(other);
        }
        std::vector<std::string> found;
        for (const auto& other : cdp::text::nicknames_of(name)) {
            found.push_back(other.name);
            if (other.relation == "formal name") BOOST_TEST(formals[name].contains(other.name));
            if (other.relation == "nickname") BOOST_TEST(formals[other.name].contains(name));
        }
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(found == expected, boost::test_tools::per_element());
            for (const std::string& other : expected) BOOST_TEST(are_nicknames(other, name));
        }
    }
    BOOST_TEST(cdp::text::nicknames_of("zzz").empty());
}
