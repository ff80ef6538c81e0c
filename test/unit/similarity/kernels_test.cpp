// SPDX-License-Identifier: PostgreSQL
// Every level of the kernels that this machine runs, against the references.
#include "similarity/kernels.hpp"

#include <boost/test/unit_test.hpp>

#include "reference/similarity.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/support.hpp"

namespace sim = cdp::similarity;
using sim::Level;

namespace {

template <typename Char>
std::vector<Char> chars(const std::u32string& text) {
    return {text.begin(), text.end()};
}

// Texts end where their memory ends, so that the sanitizers see any look beyond.
template <typename Char>
void compare(const sim::Kernels<Char>& kernels, const std::u32string& a, const std::u32string& b) {
    const std::vector<Char> x = chars<Char>(a);
    const std::vector<Char> y = chars<Char>(b);
    if (x.empty() || y.empty()) return;
    if (x.size() <= sim::kWord) {
        BOOST_REQUIRE_EQUAL(kernels.levenshtein(x, y), reference::levenshtein(a, b));
        BOOST_REQUIRE_EQUAL(kernels.osa(x, y), reference::osa(a, b));
        BOOST_REQUIRE_EQUAL(kernels.subsequence(x, y), reference::subsequence(a, b));
    }
    if (x.size() > sim::kWord || y.size() > sim::kWord) return;
    std::array<uint8_t, sim::kWord> lengths{};
    kernels.subsequences(x, y, lengths.data());
    for (size_t i = 0; i < y.size(); ++i) {
        BOOST_REQUIRE_EQUAL(lengths[i], reference::subsequence(a, b.substr(0, i + 1)));
    }
    if (x.size() <= y.size()) {
        size_t best = 0;
        for (size_t at = 0; at + a.size() <= b.size(); ++at) {
            best = std::max(best, reference::subsequence(a, b.substr(at, a.size())));
        }
        BOOST_REQUIRE_EQUAL(kernels.best_part(x, y), best);
    }
    BOOST_REQUIRE_EQUAL(kernels.substring(x, y), reference::common_substring(a, b));
    const sim::JaroMatches matches = kernels.jaro(x, y);
    const double m = matches.matched;
    const double t = matches.out_of_order / 2;
    const double jaro =
        matches.matched == 0
            ? 0.0
            : (m / static_cast<double>(x.size()) + m / static_cast<double>(y.size()) + (m - t) / m) / 3.0;
    BOOST_REQUIRE_EQUAL(jaro, reference::jaro(a, b));
    for (const size_t q : {1, 2, 3, 5}) {
        if (x.size() < q || y.size() < q) continue;
        const sim::GramCounts counts = kernels.grams(x, y, q);
        const reference::Grams expected = reference::grams(a, b, q, false);
        BOOST_REQUIRE_EQUAL(counts.in_a, expected.in_a);
        BOOST_REQUIRE_EQUAL(counts.in_b, expected.in_b);
        BOOST_REQUIRE_EQUAL(counts.common, expected.common);
    }
}

template <typename Char>
void compare_level(Level level, std::u32string_view letters) {
    const sim::Kernels<Char>* kernels = sim::kernels_of<Char>(level);
    if (kernels == nullptr) {
        BOOST_TEST_MESSAGE("this machine cannot run that level: not tested");
        return;
    }
    const auto one = [&](const std::u32string& a, const std::u32string& b) { compare(*kernels, a, b); };
    support::for_random_pairs(letters, 8, 4000, 201, one);
    support::for_random_pairs(letters, 34, 2000, 202, one);
    support::for_random_pairs(letters, 66, 1000, 203, one);
    support::for_random_pairs(letters, 150, 100, 204, one);
}

}  // namespace

// NUL and the upper half of the bytes are in: registers are filled up with zeros, and are compared signed.
BOOST_AUTO_TEST_CASE(portable_bytes) {
    compare_level<unsigned char>(Level::kPortable, U"abcd");
    compare_level<unsigned char>(Level::kPortable, std::u32string_view(U"\0a\x80\xFF", 4));
}
BOOST_AUTO_TEST_CASE(avx2_bytes) {
    compare_level<unsigned char>(Level::kAvx2, U"abcd");
    compare_level<unsigned char>(Level::kAvx2, std::u32string_view(U"\0a\x80\xFF", 4));
}
BOOST_AUTO_TEST_CASE(avx512_bytes) {
    compare_level<unsigned char>(Level::kAvx512, U"abcd");
    compare_level<unsigned char>(Level::kAvx512, std::u32string_view(U"\0a\x80\xFF", 4));
}
BOOST_AUTO_TEST_CASE(wide_of_all_levels) {
    for (const Level level : sim::kLevels) {
        compare_level<char32_t>(level, std::u32string_view(U"\0añ漢😀", 5));
    }
}

// The whole measures of short texts; of text that is not ASCII they must say so.
BOOST_AUTO_TEST_CASE(short_texts_of_all_levels) {
    for (const Level level : sim::kLevels) {
        const sim::ShortKernels* kernels = sim::short_kernels_of(level);
        if (kernels == nullptr || level == Level::kPortable) continue;
        const auto compare_short = [&](const std::u32string& a, const std::u32string& b) {
            // Not in a std::string, whose short form has bytes behind it: the sanitizers see any look beyond.
            const std::vector<unsigned char> x = chars<unsigned char>(a);
            const std::vector<unsigned char> y = chars<unsigned char>(b);
            if (x.size() > sim::kWord || y.size() > sim::kWord) return;
            const auto is_high = [](char32_t c) { return c >= 0x80; };
            if (std::any_of(a.begin(), a.end(), is_high) || std::any_of(b.begin(), b.end(), is_high)) {
                BOOST_REQUIRE_EQUAL(kernels->levenshtein(x, y), sim::kNotShort);
                BOOST_REQUIRE_EQUAL(kernels->osa(x, y), sim::kNotShort);
                BOOST_REQUIRE_EQUAL(kernels->subsequence(x, y), sim::kNotShort);
                BOOST_REQUIRE_EQUAL(kernels->jaro(x, y), sim::kNotShort);
                return;
            }
            BOOST_REQUIRE_EQUAL(kernels->levenshtein(x, y), reference::levenshtein(a, b));
            BOOST_REQUIRE_EQUAL(kernels->osa(x, y), reference::osa(a, b));
            BOOST_REQUIRE_EQUAL(kernels->subsequence(x, y), reference::subsequence(a, b));
            if (a.empty() || b.empty()) return;
            BOOST_REQUIRE_EQUAL(kernels->jaro(x, y), reference::jaro(std::min(a, b), std::max(a, b)));
            BOOST_REQUIRE_EQUAL(kernels->jaro_winkler(x, y), reference::jaro_winkler(a, b));
        };
        const std::u32string_view with_nul(U"ab\0", 3);
        for (const size_t longest : {3, 8, 32, 34, 64}) {
            support::for_random_pairs(U"ab", longest, 3000, 501, compare_short);
            support::for_random_pairs(U"abcdefgh", longest, 3000, 502, compare_short);
            support::for_random_pairs(with_nul, longest, 1000, 503, compare_short);
            support::for_random_pairs(U"abcdefgh\u00E9", longest, 500, 504, compare_short);
        }
        const std::vector<unsigned char> longer(65, 'a');
        BOOST_TEST(kernels->levenshtein(longer, longer) == sim::kNotShort);
        BOOST_TEST(kernels->jaro(longer, longer) == sim::kNotShort);
        const std::vector<unsigned char> full(64, 'a');
        BOOST_TEST(kernels->levenshtein(full, full) == 0);
        BOOST_TEST(kernels->jaro(full, full) == 1.0);
    }
}

// What the short ways treat apart: equal texts, one the beginning of the other, equal beginnings, no
// character in common, one character beyond ASCII; at every length around those of the registers. To the last
// bit, both ways round, and through the functions that choose a level.
BOOST_AUTO_TEST_CASE(short_texts_of_every_relation) {
    std::mt19937 random(505);
    const auto one = [](const sim::ShortKernels& kernels, const std::u32string& a, const std::u32string& b) {
        const std::vector<unsigned char> x = chars<unsigned char>(a);
        const std::vector<unsigned char> y = chars<unsigned char>(b);
        if (x.empty() || y.empty() || x.size() > sim::kWord || y.size() > sim::kWord) return;
        BOOST_REQUIRE_EQUAL(kernels.levenshtein(x, y), reference::levenshtein(a, b));
        BOOST_REQUIRE_EQUAL(kernels.osa(x, y), reference::osa(a, b));
        BOOST_REQUIRE_EQUAL(kernels.jaro(x, y), reference::jaro(std::min(a, b), std::max(a, b)));
        BOOST_REQUIRE_EQUAL(kernels.jaro_winkler(x, y), reference::jaro_winkler(a, b));
    };
    const auto chosen = [](const std::u32string& a, const std::u32string& b) {
        cdp::Tick tick;
        const std::string x = cdp::to_utf8(a);
        const std::string y = cdp::to_utf8(b);
        BOOST_REQUIRE_EQUAL(sim::jaro_winkler(x, y, tick), reference::jaro_winkler(a, b));
        BOOST_REQUIRE_EQUAL(sim::levenshtein(x, y, tick), reference::levenshtein(a, b));
    };
    const auto both_ways = [&](const std::u32string& a, const std::u32string& b) {
        for (const Level level : {Level::kAvx2, Level::kAvx512}) {
            const sim::ShortKernels* kernels = sim::short_kernels_of(level);
            if (kernels == nullptr) continue;
            one(*kernels, a, b);
            one(*kernels, b, a);
        }
        chosen(a, b);
        chosen(b, a);
    };
    for (size_t length = 0; length <= 70; ++length) {
        for (int round = 0; round < 12; ++round) {
            const std::u32string a = support::random_text(random, length, U"abcdefgh ");
            both_ways(a, a);
            both_ways(a, a.substr(0, random() % (length + 1)));
            const std::u32string same = a.substr(0, random() % (length + 1));
            both_ways(a, same + support::random_text(random, random() % 12, U"abcdefgh "));
            both_ways(a, support::random_text(random, random() % 71, U"ijklm"));
            std::u32string accented = a;
            if (!accented.empty()) accented[random() % accented.size()] = U'\u00E9';
            chosen(a, accented);
            chosen(accented, a);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_best_level_is_chosen) {
    const sim::Kernels<unsigned char>* best = nullptr;
    for (const Level level : sim::kLevels) {
        if (sim::kernels_of<unsigned char>(level) != nullptr) best = sim::kernels_of<unsigned char>(level);
    }
    BOOST_REQUIRE(best != nullptr);
    BOOST_TEST(&sim::kernels<unsigned char>() == best);
}
