// SPDX-License-Identifier: PostgreSQL
#include "text/value_profile.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory_resource>
#include <set>
#include <string>

#include "base/memory_budget.hpp"
#include "support.hpp"
#include "text/value_pattern.hpp"

using namespace cdp::text;

namespace {

std::string pattern(std::string_view value) {
    std::string out;
    value_pattern(value, out);
    return out;
}

std::vector<std::string> random_values(std::mt19937& random, size_t count, unsigned different) {
    std::vector<std::string> values;
    for (size_t i = 0; i < count; ++i) {
        // Some come often, most seldom.
        const unsigned n = random() % 4 == 0 ? random() % 7 : random() % different;
        switch (n % 5) {
            case 0:
                values.push_back("Name" + std::to_string(n));
                break;
            case 1:
                values.push_back(std::to_string(n));
                break;
            case 2:
                values.push_back("ñandú " + std::to_string(n) + std::string(n % 300, 'x'));
                break;
            case 3:
                values.push_back("user" + std::to_string(n) + "@example.com");
                break;
            default:
                values.push_back(n % 3 == 0 ? "" : n % 3 == 1 ? " \t" : "\u00A0" + std::to_string(n));
        }
    }
    return values;
}

// The same by a map of whole strings.
struct Naive {
    std::map<std::string, uint64_t> counts;
    uint64_t rows = 0, filled = 0, total = 0, shortest = UINT64_MAX, longest = 0;
    explicit Naive(const std::vector<std::string>& values) {
        for (const std::string& value : values) {
            ++rows;
            std::u32string points = cdp::to_code_points(value);
            const bool blank = std::all_of(points.begin(), points.end(),
                                           [](char32_t c) { return c <= 0x20 || c == 0x7F || c == 0xA0; });
            if (blank) continue;
            ++filled;
            ++counts[value];
            total += points.size();
            shortest = std::min<uint64_t>(shortest, points.size());
            longest = std::max<uint64_t>(longest, points.size());
        }
    }
    std::vector<std::pair<std::string, uint64_t>> top(size_t n) const {
        std::vector<std::pair<std::string, uint64_t>> list(counts.begin(), counts.end());
        std::stable_sort(list.begin(), list.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
        list.resize(std::min(n, list.size()));
        return list;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(profile_patterns) {
    BOOST_CHECK_EQUAL(pattern("Ana Rojas"), "Aa Aa");
    BOOST_CHECK_EQUAL(pattern("123-45-6789"), "999-99-9999");
    BOOST_CHECK_EQUAL(pattern("ana.rojas@example.com"), "a.a@a.a");
    BOOST_CHECK_EQUAL(pattern("O'Neill"), "A'Aa");
    BOOST_CHECK_EQUAL(pattern("MÜLLER-lüdenscheidt"), "A-a");
    BOOST_CHECK_EQUAL(pattern("Москва 7"), "Aa 9");
    BOOST_CHECK_EQUAL(pattern("٣٤"), "99");
    BOOST_CHECK_EQUAL(pattern("東京"), "a");
    BOOST_CHECK_EQUAL(pattern("a\tb\nc"), "a a a");
    BOOST_CHECK_EQUAL(pattern("e\u0301a"), "a");
    BOOST_CHECK_EQUAL(pattern(""), "");
    BOOST_CHECK_EQUAL(pattern("\xff"
                              "a"),
                      "\uFFFD"
                      "a");
    BOOST_CHECK_EQUAL(pattern(std::string(50, '1')), std::string(40, '9') + "…");
    BOOST_CHECK_EQUAL(pattern(std::string(500, 'a')), "a…");
    BOOST_CHECK_EQUAL(display("a\nb\u200B  c", 10), "a b c");
    BOOST_CHECK_EQUAL(display("abcdef", 4), "abc…");
    BOOST_CHECK_EQUAL(display("ñññññ", 5), "ñññññ");
    BOOST_CHECK(is_blank(" \t\u00A0\u3000\u200B\uFEFF") && is_blank(""));
    BOOST_CHECK(!is_blank(" \u0301") && !is_blank("ñ") && !is_blank("-"));
}

BOOST_AUTO_TEST_CASE(profile_exact_equals_a_map) {
    std::mt19937 random(1);
    for (const size_t count : {0u, 1u, 7u, 100u, 5000u, 60000u}) {
        std::vector<std::string> values = random_values(random, count, 30000);
        const Naive naive(values);
        cdp::Tick tick;
        for (int order = 0; order < 2; ++order) {
            ValueProfile profile({}, std::pmr::get_default_resource());
            for (const std::string& value : values) profile.add(value);
            profile.add_null();
            BOOST_REQUIRE(profile.is_exact());
            BOOST_CHECK_EQUAL(profile.rows(), naive.rows + 1);
            BOOST_CHECK_EQUAL(profile.filled(), naive.filled);
            BOOST_CHECK_EQUAL(profile.distinct(), naive.counts.size());
            BOOST_CHECK_EQUAL(profile.total_length(), naive.total);
            BOOST_CHECK_EQUAL(profile.min_length(), naive.filled == 0 ? 0 : naive.shortest);
            BOOST_CHECK_EQUAL(profile.max_length(), naive.longest);
            const auto top = profile.top_values(50, tick);
            const auto expected = naive.top(50);
            BOOST_REQUIRE_EQUAL(top.size(), expected.size());
            for (size_t i = 0; i < top.size(); ++i) {
                BOOST_CHECK_EQUAL(top[i].rows, expected[i].second);
                BOOST_CHECK_EQUAL(top[i].text, cdp::clip_utf8(expected[i].first, kKeptBytes));
            }
            std::map<std::string, uint64_t> patterns;
            for (const auto& [value, rows] : naive.counts)
                patterns[pattern(cdp::clip_utf8(value, kKeptBytes))] += rows;
            uint64_t sum = 0;
            for (const PatternShare& share : profile.top_patterns(1000000, tick)) {
                BOOST_CHECK_EQUAL(share.rows, patterns[share.pattern]);
                sum += share.rows;
            }
            BOOST_CHECK_EQUAL(sum, naive.filled);
            double weight = 0;
            const auto sample = profile.sample(tick);
            for (const ProfiledValue& value : sample) weight += value.weight;
            BOOST_CHECK_SMALL(weight - static_cast<double>(naive.filled),
                              1e-6 * static_cast<double>(naive.filled) + 1e-9);
            BOOST_CHECK_LE(sample.size(), 2000u);
            BOOST_CHECK_EQUAL(sample.size() < 2000, naive.counts.size() < 2000);
            if (naive.filled > 0) {
                const auto [low, high] = profile.text_range(tick);
                BOOST_CHECK_EQUAL(low, cdp::clip_utf8(naive.counts.begin()->first, kKeptBytes));
                BOOST_CHECK_EQUAL(high, cdp::clip_utf8(naive.counts.rbegin()->first, kKeptBytes));
            }
            std::shuffle(values.begin(), values.end(), random);
        }
    }
}

BOOST_AUTO_TEST_CASE(profile_beyond_its_room) {
    std::mt19937 random(2);
    ProfileLimits limits;
    limits.values = 2000;
    limits.text_bytes = 300000;
    limits.sample = 400;
    limits.patterns = 100;
    cdp::Tick tick;
    ValueProfile profile(limits, std::pmr::get_default_resource());
    std::map<std::string, uint64_t> counts;
    constexpr int kRows = 300000;
    for (int i = 0; i < kRows; ++i) {
        // A tenth of the rows each for three values, the rest nearly all different.
        const unsigned kind = random() % 10;
        const std::string value =
            kind < 3 ? "common" + std::to_string(kind) : std::to_string(random() % 1000000 + 1) + ".5";
        profile.add(value);
        ++counts[value];
    }
    BOOST_CHECK(!profile.is_exact());
    BOOST_CHECK_EQUAL(profile.filled(), static_cast<uint64_t>(kRows));
    const auto distinct = static_cast<double>(counts.size());
    BOOST_CHECK_SMALL(static_cast<double>(profile.distinct()) / distinct - 1, 0.03);
    const auto top = profile.top_values(3, tick);
    for (const ProfiledValue& value : top) {
        BOOST_CHECK(value.text.starts_with("common"));
        BOOST_CHECK_EQUAL(value.rows, counts[std::string(value.text)]);
    }
    // A lower bound for every one.
    for (const ProfiledValue& value : profile.top_values(2000, tick)) {
        BOOST_REQUIRE_LE(value.rows, counts[std::string(value.text)]);
    }
    // The sample: those that are not frequent have their exact counts, weights add up, all different values
    // have the same chance.
    const auto sample = profile.sample(tick);
    double weight = 0;
    double small = 0;
    for (const ProfiledValue& value : sample) {
        weight += value.weight;
        if (value.text.starts_with("common")) continue;
        BOOST_REQUIRE_EQUAL(value.rows, counts[std::string(value.text)]);
        if (std::stod(std::string(value.text)) < 500000) small += 1;
    }
    BOOST_CHECK_CLOSE(weight, static_cast<double>(kRows), 1e-6);
    BOOST_CHECK_GT(sample.size(), 150u);
    BOOST_CHECK_SMALL(small / static_cast<double>(sample.size()) - 0.5, 0.12);
    uint64_t rows = 0;
    for (const PatternShare& share : profile.top_patterns(100, tick)) rows += share.rows;
    BOOST_CHECK_EQUAL(rows, static_cast<uint64_t>(kRows));
    double low = 1e9;
    double high = 0;
    for (const auto& [value, n] : counts) {
        if (value[0] == 'c') continue;
        low = std::min(low, std::stod(value));
        high = std::max(high, std::stod(value));
    }
    const auto [found_low, found_high] = profile.number_range(tick);
    BOOST_CHECK_EQUAL(*plain_number(found_low), low);
    BOOST_CHECK_EQUAL(*plain_number(found_high), high);
}

BOOST_AUTO_TEST_CASE(profile_estimate_of_distinct_values) {
    // Three standard errors of 0.8 %, at every size.
    for (const uint64_t n : {1u, 10u, 1000u, 20000u, 100000u, 2000000u}) {
        DistinctSketch sketch(14, std::pmr::get_default_resource());
        for (uint64_t i = 0; i < n; ++i) {
            const uint64_t hash = cdp::mix64(i * 0x9e3779b97f4a7c15ULL + 1);
            sketch.add(hash);
            sketch.add(hash);
        }
        BOOST_CHECK_SMALL(sketch.estimate() / static_cast<double>(n) - 1, 0.025);
    }
    BOOST_CHECK_SMALL(DistinctSketch(10, std::pmr::get_default_resource()).estimate(), 1e-9);
}

BOOST_AUTO_TEST_CASE(profile_stays_within_its_budget) {
    std::mt19937 random(3);
    for (const size_t columns : {1u, 10u, 100u, 1600u}) {
        const size_t bytes = 16u << 20;
        const ProfileLimits limits = ProfileLimits::for_budget(bytes, columns);
        BOOST_TEST_CHECKPOINT(columns << " columns");
        cdp::MemoryBudget budget(bytes / columns);
        ValueProfile profile(limits, &budget);
        cdp::Tick tick;
        const size_t rows = columns == 1 ? 200000 : 20000;
        for (size_t i = 0; i < rows; ++i)
            profile.add("value " + std::to_string(random()) + std::string(i % 200, 'v'));
        BOOST_CHECK_LE(budget.peak(), bytes / columns);
        BOOST_CHECK_SMALL(static_cast<double>(profile.distinct()) / static_cast<double>(rows) - 1, 0.12);
        BOOST_CHECK_EQUAL(profile.filled(), rows);
    }
}

BOOST_AUTO_TEST_CASE(profile_long_and_broken_values) {
    ValueProfile profile({}, std::pmr::get_default_resource());
    cdp::Tick tick;
    const std::string long_value(1000000, 'x');
    profile.add(long_value);
    profile.add(long_value);
    profile.add(long_value + "y");  // another one, though the beginning is the same
    profile.add(std::string("\0\0", 2));
    profile.add("\xff\xfe\xfd");
    profile.add(std::string("\x01\x02", 2), "\\x0102");
    BOOST_CHECK_EQUAL(profile.rows(), 6u);
    BOOST_CHECK_EQUAL(profile.filled(), 5u);
    BOOST_CHECK_EQUAL(profile.distinct(), 4u);
    BOOST_CHECK_EQUAL(profile.max_length(), 1000001u);
    const auto top = profile.top_values(1, tick);
    BOOST_CHECK_EQUAL(top[0].rows, 2u);
    BOOST_CHECK_EQUAL(top[0].text.size(), kKeptBytes);
    BOOST_CHECK(top[0].is_cut);
}
