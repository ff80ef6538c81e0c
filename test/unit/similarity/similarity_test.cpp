// SPDX-License-Identifier: PostgreSQL
#include <boost/test/unit_test.hpp>
#include <random>

#include "base/memory_budget.hpp"
#include "base/utf8.hpp"
#include "reference/edit_distance.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/support.hpp"

namespace sim = cdp::similarity;
using cdp::Error;
using cdp::ErrorCode;
using cdp::Tick;

namespace {

double jaro_winkler(std::string_view a, std::string_view b) {
    Tick tick;
    return sim::jaro_winkler(a, b, tick);
}
size_t levenshtein(std::string_view a, std::string_view b) {
    Tick tick;
    return sim::levenshtein(a, b, tick);
}
size_t osa(std::string_view a, std::string_view b) {
    Tick tick;
    return sim::osa(a, b, tick);
}

void compare_with_reference(std::u32string_view letters, size_t longest, int rounds, unsigned seed) {
    support::for_random_pairs(letters, longest, rounds, seed,
                              [](const std::u32string& a, const std::u32string& b) {
                                  const std::string x = cdp::to_utf8(a);
                                  const std::string y = cdp::to_utf8(b);
                                  BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "'") {
                                      BOOST_REQUIRE_EQUAL(levenshtein(x, y), reference::levenshtein(a, b));
                                      BOOST_REQUIRE_EQUAL(osa(x, y), reference::osa(a, b));
                                      BOOST_REQUIRE_EQUAL(jaro_winkler(x, y), reference::jaro_winkler(a, b));
                                      BOOST_REQUIRE_EQUAL(levenshtein(x, y), levenshtein(y, x));
                                      BOOST_REQUIRE_EQUAL(osa(x, y), osa(y, x));
                                      BOOST_REQUIRE_EQUAL(jaro_winkler(x, y), jaro_winkler(y, x));
                                      BOOST_REQUIRE_LE(osa(x, y), levenshtein(x, y));
                                      BOOST_REQUIRE(jaro_winkler(x, y) >= 0.0 && jaro_winkler(x, y) <= 1.0);
                                      BOOST_REQUIRE_EQUAL(jaro_winkler(x, x), 1.0);
                                  }
                              });
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_jaro_winkler) {
    // Winkler (1990) and the tables of the Census Bureau's strcmp95.
    BOOST_TEST(jaro_winkler("MARTHA", "MARHTA") == 0.9611, boost::test_tools::tolerance(0.0001));
    BOOST_TEST(jaro_winkler("DWAYNE", "DUANE") == 0.84, boost::test_tools::tolerance(0.0001));
    BOOST_TEST(jaro_winkler("DIXON", "DICKSONX") == 0.8133, boost::test_tools::tolerance(0.0001));
    BOOST_TEST(jaro_winkler("JONES", "JOHNSON") == 0.8323, boost::test_tools::tolerance(0.0001));
    BOOST_TEST(jaro_winkler("ABROMS", "ABRAMS") == 0.9222, boost::test_tools::tolerance(0.0001));
}

BOOST_AUTO_TEST_CASE(published_edit_distances) {
    BOOST_TEST(levenshtein("kitten", "sitting") == 3u);
    BOOST_TEST(levenshtein("Saturday", "Sunday") == 3u);
    BOOST_TEST(levenshtein("intention", "execution") == 5u);
    BOOST_TEST(osa("CA", "ABC") == 3u);  // 2 for the unrestricted distance
    BOOST_TEST(osa("gmial", "gmail") == 1u);
    BOOST_TEST(levenshtein("gmial", "gmail") == 2u);
}

BOOST_AUTO_TEST_CASE(empty_and_multi_byte) {
    BOOST_TEST(levenshtein("", "") == 0u);
    BOOST_TEST(levenshtein("", "ñandú") == 5u);
    BOOST_TEST(levenshtein("ñ", "n") == 1u);
    BOOST_TEST(levenshtein("漢字", "漢") == 1u);
    BOOST_TEST(osa("éa", "aé") == 1u);
    BOOST_TEST(jaro_winkler("", "") == 1.0);
    BOOST_TEST(jaro_winkler("", "a") == 0.0);
    BOOST_TEST(jaro_winkler("a", "a") == 1.0);
    BOOST_TEST(jaro_winkler("a", "b") == 0.0);
    Tick tick;
    BOOST_TEST(sim::levenshtein_similarity("", "", tick) == 1.0);
    BOOST_TEST(sim::levenshtein_similarity("kitten", "sitting", tick) == 1.0 - 3.0 / 7.0);
    BOOST_TEST(sim::levenshtein_similarity("ñ", "n", tick) == 0.0);
}

BOOST_AUTO_TEST_CASE(ascii_equals_reference) {
    compare_with_reference(U"abc", 12, 20000, 1);
    compare_with_reference(U"abcdefghij", 40, 3000, 2);
}
BOOST_AUTO_TEST_CASE(word_boundaries_equal_reference) {
    compare_with_reference(U"ab", 70, 1500, 3);
    compare_with_reference(U"abcdefgh", 200, 400, 4);
}
BOOST_AUTO_TEST_CASE(multi_byte_equals_reference) {
    compare_with_reference(U"añ漢😀", 12, 20000, 5);
    compare_with_reference(U"aéíóú漢字仮名😀😁", 70, 1500, 6);
    compare_with_reference(U"aéíóú漢字仮名😀😁", 300, 200, 7);
}

BOOST_AUTO_TEST_CASE(random_bytes_are_compared) {
    std::mt19937 random(8);
    for (int round = 0; round < 20000; ++round) {
        std::string a(random() % 40, '\0');
        std::string b(random() % 40, '\0');
        for (char& c : a) c = static_cast<char>(random());
        for (char& c : b) c = static_cast<char>(random());
        BOOST_REQUIRE_EQUAL(levenshtein(a, b),
                            reference::levenshtein(cdp::to_code_points(a), cdp::to_code_points(b)));
        const double similarity = jaro_winkler(a, b);
        BOOST_REQUIRE(similarity >= 0.0 && similarity <= 1.0);
    }
}

BOOST_AUTO_TEST_CASE(long_texts_are_bounded) {
    const auto too_long = [](const Error& e) { return e.code() == ErrorCode::kLimitExceeded; };
    const std::string ascii(70000, 'a');
    std::string wide;
    for (int i = 0; i < 70000; ++i) wide += "ñ";
    for (const std::string& text : {ascii, wide}) {
        BOOST_CHECK_EXCEPTION(levenshtein(text, "b"), Error, too_long);
        BOOST_CHECK_EXCEPTION(osa("b", text), Error, too_long);
        BOOST_CHECK_EXCEPTION(jaro_winkler(text, "b"), Error, too_long);
    }
    BOOST_TEST(levenshtein(std::string(65536, 'a'), "b") == 65536u);
}

namespace {
struct Cancelled {};
}  // namespace
BOOST_AUTO_TEST_CASE(long_comparisons_can_be_cancelled) {
    std::mt19937 random(9);
    const std::string a = cdp::to_utf8(support::random_text(random, 5000, U"abcdefgh"));
    const std::string b = cdp::to_utf8(support::random_text(random, 5000, U"abcdefgh"));
    const auto cancel = [] { throw Cancelled{}; };
    Tick tick(cancel);
    BOOST_CHECK_THROW(sim::levenshtein(a, b, tick), Cancelled);
    BOOST_CHECK_THROW(sim::osa(a, b, tick), Cancelled);
    BOOST_CHECK_THROW(sim::jaro_winkler(a, std::string(5000, 'z'), tick), Cancelled);
}

BOOST_AUTO_TEST_CASE(memory_is_the_callers) {
    const std::string a(5000, 'a');
    const std::string b(5000, 'b');
    Tick tick;
    cdp::MemoryBudget budget(1 << 20);
    BOOST_TEST(sim::levenshtein(a, b, tick, &budget) == 5000u);
    BOOST_TEST(budget.peak() > 0u);
    BOOST_TEST(budget.used() == 0u);
    cdp::MemoryBudget small(1000);
    BOOST_CHECK_THROW(sim::levenshtein(a, b, tick, &small), Error);
    BOOST_TEST(sim::levenshtein("kitten", "sitting", tick, &small) == 3u);
    BOOST_TEST(small.peak() == 0u);
}
