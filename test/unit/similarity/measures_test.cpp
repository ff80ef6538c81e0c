// SPDX-License-Identifier: PostgreSQL
// Edit distances, subsequences and parts: published figures, references, properties, limits.
#include <boost/test/unit_test.hpp>

#include "base/memory_budget.hpp"
#include "reference/similarity.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/support.hpp"

namespace sim = cdp::similarity;
using cdp::Error;
using cdp::ErrorCode;
using cdp::Tick;

namespace {

Tick tick;  // counts only

const auto nearly = boost::test_tools::tolerance(0.0001);

size_t damerau(std::string_view a, std::string_view b) {
    return sim::damerau(a, b, tick);
}
size_t weighted(std::string_view a, std::string_view b, sim::EditCosts costs) {
    return sim::levenshtein_weighted(a, b, costs, tick);
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_damerau) {
    BOOST_TEST(damerau("CA", "ABC") == 2u);  // Boytsov (2011): 3 for optimal string alignment
    BOOST_TEST(damerau("a cat", "an abct") == 3u);
    BOOST_TEST(damerau("kitten", "sitting") == 3u);
    BOOST_TEST(damerau("gmial", "gmail") == 1u);
    BOOST_TEST(damerau("", "") == 0u);
    BOOST_TEST(damerau("", "ñandú") == 5u);
    BOOST_TEST(damerau("éa", "aé") == 1u);
}

BOOST_AUTO_TEST_CASE(published_ratios) {
    // https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html
    BOOST_TEST(sim::ratio("this is a test", "this is a test!", tick) == 0.9655172, nearly);
    BOOST_TEST(sim::partial_ratio("this is a test", "this is a test!", tick) == 1.0);
    BOOST_TEST(sim::ratio("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear", tick) == 0.9090909, nearly);
    BOOST_TEST(sim::indel("lewenstein", "levenshtein", tick) == 3u);
    BOOST_TEST(sim::ratio("lewenstein", "levenshtein", tick) == 0.8571428, nearly);
    // Cormen et al., Introduction to Algorithms, figure of the longest common subsequence.
    BOOST_TEST(sim::subsequence("ABCBDAB", "BDCABA", tick) == 4u);
    BOOST_TEST(sim::common_substring("ABABC", "BABCA", tick) == 4u);
    // Hamming's own: the distance of words of one length.
    BOOST_TEST(sim::hamming("karolin", "kathrin", tick) == 3u);
    BOOST_TEST(sim::hamming("karolin", "kathrinx", tick) == 4u);
    BOOST_TEST(sim::jaro("MARTHA", "MARHTA", tick) == 0.9444, nearly);
    BOOST_TEST(sim::jaro("DIXON", "DICKSONX", tick) == 0.7667, nearly);
    BOOST_TEST(sim::jaro("CRATE", "TRACE", tick) == 0.7333, nearly);
}

BOOST_AUTO_TEST_CASE(empty_texts) {
    BOOST_TEST(sim::jaro("", "", tick) == 1.0);
    BOOST_TEST(sim::jaro("", "a", tick) == 0.0);
    BOOST_TEST(sim::ratio("", "", tick) == 1.0);
    BOOST_TEST(sim::ratio("", "a", tick) == 0.0);
    BOOST_TEST(sim::partial_ratio("", "", tick) == 1.0);
    BOOST_TEST(sim::partial_ratio("", "a", tick) == 0.0);
    BOOST_TEST(sim::damerau_similarity("", "", tick) == 1.0);
    BOOST_TEST(sim::hamming_similarity("", "", tick) == 1.0);
    BOOST_TEST(sim::subsequence_similarity("", "", tick) == 1.0);
    BOOST_TEST(sim::common_substring("", "a", tick) == 0u);
    BOOST_TEST(sim::common_prefix("", "", tick) == 0u);
    BOOST_TEST(weighted("", "abc", {2, 3, 4}) == 6u);
    BOOST_TEST(weighted("abc", "", {2, 3, 4}) == 9u);
}

BOOST_AUTO_TEST_CASE(all_equal_their_references) {
    support::for_all_kinds_of_pairs([](const std::u32string& a, const std::u32string& b) {
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "'") {
            BOOST_REQUIRE_EQUAL(sim::levenshtein(x, y, tick), reference::levenshtein(a, b));
            BOOST_REQUIRE_EQUAL(sim::osa(x, y, tick), reference::osa(a, b));
            BOOST_REQUIRE_EQUAL(damerau(x, y), reference::damerau(a, b));
            BOOST_REQUIRE_EQUAL(sim::subsequence(x, y, tick), reference::subsequence(a, b));
            BOOST_REQUIRE_EQUAL(sim::indel(x, y, tick), reference::indel(a, b));
            BOOST_REQUIRE_EQUAL(sim::ratio(x, y, tick), reference::ratio(a, b));
            BOOST_REQUIRE_EQUAL(sim::common_prefix(x, y, tick), reference::common_prefix(a, b));
            BOOST_REQUIRE_EQUAL(sim::hamming(x, y, tick), reference::hamming(a, b));
            BOOST_REQUIRE_EQUAL(sim::jaro(x, y, tick), a < b ? reference::jaro(a, b) : reference::jaro(b, a));
            BOOST_REQUIRE_EQUAL(sim::jaro_winkler(x, y, tick), reference::jaro_winkler(a, b));
            BOOST_REQUIRE_EQUAL(weighted(x, y, {1, 1, 1}), reference::levenshtein(a, b));
            BOOST_REQUIRE_EQUAL(weighted(x, y, {1, 1, 2}), reference::indel(a, b));
            BOOST_REQUIRE_EQUAL(weighted(x, y, {2, 3, 4}), reference::weighted(a, b, 2, 3, 4));
            BOOST_REQUIRE_EQUAL(weighted(x, y, {0, 7, 1}), reference::weighted(a, b, 0, 7, 1));
        }
    });
}

BOOST_AUTO_TEST_CASE(parts_equal_their_references) {
    const auto compare = [](const std::u32string& a, const std::u32string& b) {
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "'") {
            BOOST_REQUIRE_EQUAL(sim::common_substring(x, y, tick), reference::common_substring(a, b));
            BOOST_REQUIRE_EQUAL(sim::partial_ratio(x, y, tick), reference::partial_ratio(a, b));
        }
    };
    support::for_random_pairs(U"abc", 12, 5000, 301, compare);
    support::for_random_pairs(U"abcdefgh", 40, 500, 302, compare);
    support::for_random_pairs(U"abcdéñ", 40, 300, 303, compare);
    support::for_random_pairs(U"añ漢😀", 20, 1000, 304, compare);
    support::for_random_pairs(U"abcd", 150, 60, 305, compare);
    support::for_random_pairs(U"ab漢😀", 150, 30, 306, compare);
}

BOOST_AUTO_TEST_CASE(long_texts_equal_their_references) {
    std::mt19937 random(310);
    for (int round = 0; round < 4; ++round) {
        const std::u32string letters = round % 2 == 0 ? U"abcdef" : U"abñ漢😀";
        const std::u32string a = support::random_text(random, 1000 + random() % 300, letters);
        const std::u32string b =
            round < 2 ? support::edited(random, a, letters) : support::random_text(random, 1100, letters);
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        BOOST_TEST(sim::levenshtein(x, y, tick) == reference::levenshtein(a, b));
        BOOST_TEST(sim::osa(x, y, tick) == reference::osa(a, b));
        BOOST_TEST(damerau(x, y) == reference::damerau(a, b));
        BOOST_TEST(sim::subsequence(x, y, tick) == reference::subsequence(a, b));
        BOOST_TEST(sim::jaro_winkler(x, y, tick) == reference::jaro_winkler(a, b));
    }
}

// The same measure with a limit or a cutoff, and both ways.
template <typename Distance>
void check_limits(Distance distance, const std::string& x, const std::string& y) {
    const size_t exact = distance(x, y, tick, std::pmr::new_delete_resource(), sim::kNoLimit);
    for (size_t limit = exact > 2 ? exact - 2 : 0; limit < exact + 3; ++limit) {
        BOOST_REQUIRE_EQUAL(distance(x, y, tick, std::pmr::new_delete_resource(), limit),
                            std::min(exact, limit + 1));
    }
    BOOST_REQUIRE_EQUAL(distance(x, y, tick, std::pmr::new_delete_resource(), 0), exact == 0 ? 0u : 1u);
    BOOST_REQUIRE_EQUAL(distance(y, x, tick, std::pmr::new_delete_resource(), sim::kNoLimit), exact);
}
template <typename Similarity>
void check_cutoffs(Similarity similarity, const std::string& x, const std::string& y) {
    std::pmr::memory_resource* memory = std::pmr::new_delete_resource();
    const double exact = similarity(x, y, tick, memory, 0.0);
    BOOST_REQUIRE(exact >= 0.0 && exact <= 1.0);
    BOOST_REQUIRE_EQUAL(similarity(y, x, tick, memory, 0.0), exact);
    BOOST_REQUIRE_EQUAL(similarity(x, x, tick, memory, 1.0), 1.0);
    BOOST_REQUIRE_EQUAL(similarity(x, y, tick, memory, exact), exact);
    BOOST_REQUIRE_EQUAL(similarity(x, y, tick, memory, std::nextafter(exact, 2.0)), 0.0);
    for (const double cutoff : {0.2, 0.5, 0.8, 0.95, 1.0, 1.5}) {
        BOOST_REQUIRE_EQUAL(similarity(x, y, tick, memory, cutoff), exact >= cutoff ? exact : 0.0);
    }
}

BOOST_AUTO_TEST_CASE(limits_and_cutoffs_agree_with_the_whole) {
    support::for_all_kinds_of_pairs([](const std::u32string& a, const std::u32string& b) {
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        using Similarity =
            double (*)(std::string_view, std::string_view, Tick&, std::pmr::memory_resource*, double);
        using Distance =
            size_t (*)(std::string_view, std::string_view, Tick&, std::pmr::memory_resource*, size_t);
        BOOST_TEST_CONTEXT("'" << x << "' and '" << y << "'") {
            for (const Distance distance :
                 {Distance{sim::levenshtein}, Distance{sim::osa}, Distance{sim::damerau},
                  Distance{sim::indel}, Distance{sim::hamming}}) {
                check_limits(distance, x, y);
            }
            for (const Similarity similarity :
                 {Similarity{sim::jaro}, Similarity{sim::jaro_winkler},
                  Similarity{sim::levenshtein_similarity}, Similarity{sim::osa_similarity},
                  Similarity{sim::damerau_similarity}, Similarity{sim::ratio}, Similarity{sim::partial_ratio},
                  Similarity{sim::subsequence_similarity}, Similarity{sim::hamming_similarity}}) {
                check_cutoffs(similarity, x, y);
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(distances_are_metrics) {
    std::mt19937 random(320);
    for (int round = 0; round < 5000; ++round) {
        const std::u32string letters = U"abcñ";
        const std::string a = cdp::to_utf8(support::random_text(random, random() % 9, letters));
        const std::string b = cdp::to_utf8(support::random_text(random, random() % 9, letters));
        const std::string c = cdp::to_utf8(support::random_text(random, random() % 9, letters));
        const size_t through_b = sim::levenshtein(a, b, tick) + sim::levenshtein(b, c, tick);
        BOOST_REQUIRE_LE(sim::levenshtein(a, c, tick), through_b);
        BOOST_REQUIRE_LE(damerau(a, c), damerau(a, b) + damerau(b, c));
        BOOST_REQUIRE_LE(sim::indel(a, c, tick), sim::indel(a, b, tick) + sim::indel(b, c, tick));
        BOOST_REQUIRE_EQUAL(sim::levenshtein(a, b, tick) == 0, a == b);
        BOOST_REQUIRE_EQUAL(damerau(a, b) == 0, a == b);
        BOOST_REQUIRE_LE(damerau(a, b), sim::osa(a, b, tick));
        BOOST_REQUIRE_LE(sim::osa(a, b, tick), sim::levenshtein(a, b, tick));
        BOOST_REQUIRE_LE(sim::levenshtein(a, b, tick), sim::indel(a, b, tick));
    }
}

BOOST_AUTO_TEST_CASE(costs_are_bounded) {
    const auto wrong = [](const Error& e) { return e.code() == ErrorCode::kInvalidInput; };
    BOOST_CHECK_EXCEPTION(weighted("a", "b", {-1, 1, 1}), Error, wrong);
    BOOST_CHECK_EXCEPTION(weighted("a", "b", {1, 10001, 1}), Error, wrong);
    BOOST_TEST(weighted("a", "b", {10000, 10000, 10000}) == 10000u);
}

namespace {
struct Cancelled {};
}  // namespace

BOOST_AUTO_TEST_CASE(long_texts_are_bounded_and_cancelled) {
    using Measure = size_t (*)(std::string_view, std::string_view, Tick&, std::pmr::memory_resource*, size_t);
    const auto too_long = [](const Error& e) { return e.code() == ErrorCode::kLimitExceeded; };
    const std::string text(70000, 'a');
    Tick cancel([] { throw Cancelled{}; });
    std::mt19937 random(330);
    const std::string a = cdp::to_utf8(support::random_text(random, 6000, U"abcdefgh"));
    const std::string b = cdp::to_utf8(support::random_text(random, 6000, U"abcdefgh"));
    for (const Measure measure : {Measure{sim::damerau}, Measure{sim::indel}, Measure{sim::hamming},
                                  Measure{sim::osa}, Measure{sim::levenshtein}}) {
        BOOST_CHECK_EXCEPTION(measure(text, "b", tick, std::pmr::new_delete_resource(), sim::kNoLimit), Error,
                              too_long);
        for (int i = 0; i < 3; ++i) {
            const std::string half_a(a.begin(), a.end() - i);
            if (measure == Measure{sim::hamming}) continue;  // at most 65,536 steps
            BOOST_CHECK_THROW(measure(half_a, b, cancel, std::pmr::new_delete_resource(), sim::kNoLimit),
                              Cancelled);
        }
    }
    BOOST_CHECK_THROW(sim::partial_ratio(a.substr(0, 3000), b, cancel), Cancelled);
    BOOST_CHECK_THROW(sim::common_substring(a, b, cancel), Cancelled);
    BOOST_CHECK_THROW(sim::levenshtein_weighted(a, b, {1, 1, 1}, cancel), Cancelled);
}

BOOST_AUTO_TEST_CASE(short_texts_take_no_memory) {
    cdp::MemoryBudget none(0);
    const std::string a = "Müller-Lüdenscheidt, Österreich";
    const std::string b = "Mueller-Luedenscheid, Oesterreich";
    BOOST_TEST(sim::jaro_winkler(a, b, tick, &none) > 0.75);
    BOOST_TEST(sim::levenshtein(a, b, tick, &none) == 7u);
    BOOST_TEST(sim::damerau(a, b, tick, &none) == 7u);
    BOOST_TEST(sim::partial_ratio(a, b, tick, &none) > 0.8);
    BOOST_TEST(sim::common_substring(a, b, tick, &none) == 9u);
    cdp::MemoryBudget small(5000);
    const std::string text(60000, 'x');
    BOOST_CHECK_THROW(sim::damerau(text, std::string(60000, 'y'), tick, &small), Error);
    BOOST_TEST(small.used() == 0u);
}
