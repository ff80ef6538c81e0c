// SPDX-License-Identifier: PostgreSQL
// Words and q-grams.
#include <boost/test/unit_test.hpp>

#include "base/memory_budget.hpp"
#include "reference/similarity.hpp"
#include "similarity/qgram.hpp"
#include "similarity/support.hpp"
#include "similarity/tokens.hpp"

namespace sim = cdp::similarity;
using cdp::Error;
using cdp::ErrorCode;
using cdp::Tick;
using sim::GramMeasure;

namespace {

Tick tick;  // counts only

const auto nearly = boost::test_tools::tolerance(0.0001);

double by_sort(std::string_view a, std::string_view b) {
    return sim::token_sort(a, b, tick);
}
double by_set(std::string_view a, std::string_view b) {
    return sim::token_set(a, b, tick);
}
double elkan(std::string_view a, std::string_view b, bool symmetric) {
    return sim::monge_elkan(a, b, symmetric, tick);
}
double jaccard(std::string_view a, std::string_view b, int q, bool padded = false) {
    return sim::qgram(a, b, GramMeasure::kJaccard, q, padded, tick);
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_words) {
    // https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html
    BOOST_TEST(by_sort("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear") == 1.0);
    BOOST_TEST(by_sort("fuzzy was a bear", "fuzzy fuzzy was a bear") == 0.8421052, nearly);
    BOOST_TEST(by_set("fuzzy was a bear", "fuzzy fuzzy was a bear") == 1.0);
    BOOST_TEST(by_set("fuzzy was a bear but not a dog", "fuzzy was a bear") == 1.0);
    BOOST_TEST(by_set("fuzzy was a bear but not a dog", "fuzzy was a bear but not a cat") == 0.9230769,
               nearly);
    // https://anhaidgroup.github.io/py_stringmatching: MongeElkan().get_raw_score with Jaro-Winkler.
    BOOST_TEST(elkan("Niall", "Neal", false) == 0.805, nearly);
    BOOST_TEST(elkan("Niall", "Nigel", false) == 0.7866666, nearly);
}

BOOST_AUTO_TEST_CASE(published_grams) {
    BOOST_TEST(jaccard("night", "nacht", 2) == 1.0 / 7.0);  // ht of ni ig gh ht na ac ch
    BOOST_TEST(sim::qgram("night", "nacht", GramMeasure::kDice, 2, false, tick) == 0.25);
    BOOST_TEST(sim::qgram("night", "nacht", GramMeasure::kCosine, 2, false, tick) == 0.25);
    BOOST_TEST(sim::qgram("night", "nightly", GramMeasure::kOverlap, 2, false, tick) == 1.0);
    BOOST_TEST(jaccard("night", "nacht", 2, true) == 3.0 / 9.0);  // and the two ends
    BOOST_TEST(jaccard("aaaa", "aa", 2) == 1.0);                  // sets
}

BOOST_AUTO_TEST_CASE(nothing_to_compare) {
    for (const std::string_view blank : {"", " ", "\t \n", "\u00A0\u3000"}) {
        BOOST_TEST(by_set(blank, "") == 1.0);
        BOOST_TEST(by_set(blank, "a") == 0.0);
        BOOST_TEST(by_sort(blank, " ") == 1.0);
        BOOST_TEST(by_sort("a", blank) == 0.0);
        BOOST_TEST(elkan(blank, "", true) == 1.0);
        BOOST_TEST(elkan("a", blank, false) == 0.0);
    }
    BOOST_TEST(jaccard("", "", 3) == 1.0);
    BOOST_TEST(jaccard("", "", 3, true) == 1.0);
    BOOST_TEST(jaccard("", "abc", 3, true) == 0.0);
    BOOST_TEST(jaccard("ab", "ab", 3) == 1.0);
    BOOST_TEST(jaccard("ab", "abc", 3) == 0.0);
    BOOST_TEST(jaccard("ab", "ba", 3) == 0.0);
}

BOOST_AUTO_TEST_CASE(words_equal_their_references) {
    const auto compare = [](const std::u32string& a, const std::u32string& b) {
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "'") {
            BOOST_REQUIRE_EQUAL(by_sort(x, y), reference::token_sort(a, b));
            BOOST_REQUIRE_EQUAL(by_set(x, y), reference::token_set(a, b));
            BOOST_REQUIRE_EQUAL(elkan(x, y, false), reference::monge_elkan(a, b, false));
            BOOST_REQUIRE_EQUAL(elkan(x, y, true), reference::monge_elkan(a, b, true));
            BOOST_REQUIRE_EQUAL(elkan(x, y, true), elkan(y, x, true));
            BOOST_REQUIRE_EQUAL(by_set(x, y), by_set(y, x));
            BOOST_REQUIRE_EQUAL(by_sort(x, y), by_sort(y, x));
            const double exact = by_set(x, y);
            BOOST_REQUIRE(exact >= 0.0 && exact <= 1.0);
            for (const double cutoff : {0.5, 0.8, 1.0}) {
                BOOST_REQUIRE_EQUAL(sim::token_set(x, y, tick, std::pmr::new_delete_resource(), cutoff),
                                    exact >= cutoff ? exact : 0.0);
            }
        }
    };
    support::for_all_kinds_of_pairs(compare);
    support::for_random_pairs(U"ab  ", 20, 5000, 401, compare);         // many words, often the same
    support::for_random_pairs(U"abcdefghij ", 60, 1000, 402, compare);  // words over 8 characters
    support::for_random_pairs(U"ab   ", 300, 200, 403, compare);        // over 16 and over 32 words
    support::for_random_pairs(std::u32string_view(U"ab\0 ", 4), 14, 2000, 404,
                              compare);  // NUL as a character
}

BOOST_AUTO_TEST_CASE(grams_equal_their_references) {
    const auto compare = [](const std::u32string& a, const std::u32string& b) {
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        if (a.empty() || b.empty()) return;
        for (const int q : {1, 2, 3, 4, 16}) {
            for (const bool padded : {false, true}) {
                BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "', q " << q << (padded ? ", padded" : "")) {
                    const auto [in_a, in_b, common] = reference::grams(a, b, static_cast<size_t>(q), padded);
                    const auto of = [&](GramMeasure measure) {
                        return sim::qgram(x, y, measure, q, padded, tick);
                    };
                    BOOST_REQUIRE_EQUAL(of(GramMeasure::kJaccard), common / (in_a + in_b - common));
                    BOOST_REQUIRE_EQUAL(of(GramMeasure::kDice), 2.0 * common / (in_a + in_b));
                    BOOST_REQUIRE_EQUAL(of(GramMeasure::kCosine), common / std::sqrt(in_a * in_b));
                    BOOST_REQUIRE_EQUAL(of(GramMeasure::kOverlap), common / std::min(in_a, in_b));
                }
            }
        }
    };
    support::for_all_kinds_of_pairs(compare);
}

BOOST_AUTO_TEST_CASE(q_is_bounded) {
    const auto wrong = [](const Error& e) { return e.code() == ErrorCode::kInvalidInput; };
    BOOST_CHECK_EXCEPTION(jaccard("a", "b", 0), Error, wrong);
    BOOST_CHECK_EXCEPTION(jaccard("a", "b", 17), Error, wrong);
}

namespace {
struct Cancelled {};
}  // namespace

BOOST_AUTO_TEST_CASE(many_words_are_cancelled_and_bounded) {
    Tick cancel([] { throw Cancelled{}; });
    std::string many;
    for (int i = 0; i < 10000; ++i) many += std::to_string(i * 7919 % 10007) + " ";
    BOOST_CHECK_THROW(sim::token_sort(many, many, cancel), Cancelled);
    BOOST_CHECK_THROW(sim::token_set(many, many, cancel), Cancelled);
    BOOST_CHECK_THROW(sim::monge_elkan(many, many, true, cancel), Cancelled);
    BOOST_CHECK_THROW(sim::qgram(many, many, GramMeasure::kDice, 3, true, cancel), Cancelled);
    cdp::MemoryBudget small(10000);
    BOOST_CHECK_THROW(sim::token_set(many, many, tick, &small), Error);
    BOOST_CHECK_THROW(sim::qgram(many, many, GramMeasure::kDice, 3, true, tick, &small), Error);
    BOOST_TEST(small.used() == 0u);
    cdp::MemoryBudget none(0);
    BOOST_TEST(sim::token_set("Via Roma 12 Milano", "Milano, via Roma 12", tick, &none) > 0.5);
    BOOST_TEST(sim::qgram("Müller", "Mueller", GramMeasure::kDice, 2, true, tick, &none) > 0.5);
}
