// SPDX-License-Identifier: PostgreSQL
// Dates, numbers and places.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "base/error.hpp"
#include "similarity/date_similarity.hpp"
#include "similarity/geography.hpp"
#include "similarity/number_similarity.hpp"
#include "text/moment.hpp"

namespace sim = cdp::similarity;
using std::chrono::year_month_day;

namespace {

year_month_day day(int year, unsigned month, unsigned number) {
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(number)};
}

std::string kind(year_month_day a, year_month_day b) {
    const sim::DateComparison there = sim::compare_dates(a, b);
    const sim::DateComparison back = sim::compare_dates(b, a);
    BOOST_TEST(there.similarity == back.similarity);
    BOOST_TEST((there.kind == back.kind));
    return std::string(sim::date_kind_name(there.kind));
}

// As text: by the digits that differ.
bool is_typo(const std::string& a, const std::string& b) {
    std::string x, y;
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i] || a[i] == '-') continue;
        x += a[i];
        y += b[i];
    }
    if (x.size() == 1) return true;
    std::string digits;
    for (const char c : a) digits += c == '-' ? "" : std::string(1, c);
    for (size_t i = 0; i + 1 < digits.size(); ++i) {
        std::string swapped = digits;
        std::swap(swapped[i], swapped[i + 1]);
        std::string other;
        for (const char c : b) other += c == '-' ? "" : std::string(1, c);
        if (swapped == other) return true;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(date_kinds) {
    const year_month_day birth = day(1985, 3, 4);
    BOOST_TEST(kind(birth, birth) == "equal");
    BOOST_TEST(kind(birth, day(1985, 4, 3)) == "swapped_day_month");
    BOOST_TEST(kind(birth, day(1985, 3, 14)) == "typo");
    BOOST_TEST(kind(birth, day(1958, 3, 4)) == "typo");  // swapped digits
    BOOST_TEST(kind(birth, day(1985, 3, 5)) == "typo");  // one digit before one day
    BOOST_TEST(kind(birth, day(1986, 3, 4)) == "typo");
    BOOST_TEST(kind(day(1985, 3, 9), day(1985, 3, 10)) == "near");
    BOOST_TEST(kind(day(1985, 2, 27), day(1985, 3, 1)) == "near");
    BOOST_TEST(kind(day(1989, 3, 4), day(1990, 3, 4)) == "other_year");
    BOOST_TEST(kind(birth, day(1962, 3, 4)) == "other_year");
    BOOST_TEST(kind(birth, day(1985, 3, 27)) == "same_month");
    BOOST_TEST(kind(birth, day(1985, 11, 27)) == "different");
    BOOST_TEST(kind(birth, day(1962, 11, 27)) == "different");
    BOOST_TEST(kind(day(-43, 3, 15), day(-44, 3, 15)) == "other_year");
    BOOST_TEST(sim::compare_dates(day(1989, 3, 4), day(1990, 3, 4)).similarity == 0.85);
    BOOST_TEST(sim::compare_dates(day(1962, 3, 4), birth).similarity == 0.6);
    BOOST_TEST(sim::compare_dates(day(1985, 3, 9), day(1985, 3, 10)).similarity == 0.9);
    BOOST_TEST(sim::compare_dates(day(1985, 2, 27), day(1985, 3, 1)).similarity == 0.7);
}

BOOST_AUTO_TEST_CASE(date_typos_as_text) {
    std::mt19937 random(7);
    size_t typos = 0;
    for (int round = 0; round < 200000; ++round) {
        const year_month_day a =
            day(1900 + static_cast<int>(random() % 120), 1 + random() % 12, 1 + random() % 28);
        const year_month_day b = random() % 2 == 0
                                     ? day(static_cast<int>(a.year()), 1 + random() % 12, 1 + random() % 28)
                                     : day(1900 + static_cast<int>(random() % 120),
                                           static_cast<unsigned>(a.month()), static_cast<unsigned>(a.day()));
        if (a == b) continue;
        const std::string found = kind(a, b);
        if (found == "swapped_day_month") continue;
        const bool expected = is_typo(cdp::text::format_day(a), cdp::text::format_day(b));
        typos += expected ? 1 : 0;
        BOOST_REQUIRE_MESSAGE((found == "typo") == expected,
                              cdp::text::format_day(a) << " " << cdp::text::format_day(b) << " " << found);
    }
    BOOST_TEST(typos > 1000u);
}

BOOST_AUTO_TEST_CASE(numbers) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kLargest = std::numeric_limits<double>::max();
    BOOST_TEST(sim::relative_similarity(100, 90) == 0.9);
    BOOST_TEST(sim::relative_similarity(-100, -90) == 0.9);
    BOOST_TEST(sim::relative_similarity(0, 0) == 1.0);
    BOOST_TEST(sim::relative_similarity(0.0, -0.0) == 1.0);
    BOOST_TEST(sim::relative_similarity(0, 5) == 0.0);
    BOOST_TEST(sim::relative_similarity(-1, 1) == 0.0);
    BOOST_TEST(sim::relative_similarity(-kLargest, kLargest) == 0.0);
    BOOST_TEST(sim::relative_similarity(kInfinity, kInfinity) == 1.0);
    BOOST_TEST(sim::relative_similarity(kInfinity, 1) == 0.0);
    BOOST_TEST(sim::relative_similarity(5e-324, 1e-323) == 0.5);
    BOOST_TEST(sim::absolute_similarity(10, 12, 2) == 0.5);
    BOOST_TEST(sim::absolute_similarity(10, 6, 2) == 0.25);
    BOOST_TEST(sim::absolute_similarity(-kLargest, kLargest, 1) == 0.0);
    BOOST_TEST(sim::absolute_similarity(kInfinity, kInfinity, 1) == 1.0);
    BOOST_TEST(sim::absolute_similarity(kInfinity, -kInfinity, kInfinity) == 0.0);
    std::mt19937 random(3);
    for (int round = 0; round < 10000; ++round) {
        const double a = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 40) - 20);
        const double b = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 40) - 20);
        const double plain = 1.0 - std::abs(a - b) / std::max(a, b);
        BOOST_REQUIRE_SMALL(sim::relative_similarity(a, b) - plain, 1e-12);
        BOOST_REQUIRE_EQUAL(sim::relative_similarity(a, b), sim::relative_similarity(b, a));
    }
}

BOOST_AUTO_TEST_CASE(distances_published) {
    const auto degrees = [](double whole, double minutes, double seconds) {
        return (std::abs(whole) + minutes / 60 + seconds / 3600) * (whole < 0 ? -1 : 1);
    };
    // Geocentric Datum of Australia, technical manual: Flinders Peak to Buninyong, 54972.271 m.
    const sim::Place flinders{degrees(-37, 57, 3.72030), degrees(144, 25, 29.52440)};
    const sim::Place buninyong{degrees(-37, 39, 10.15610), degrees(143, 55, 35.38390)};
    BOOST_CHECK_SMALL(sim::ellipsoid_distance(flinders, buninyong) - 54972.271, 0.001);
    // GeographicLib, examples of GeodSolve: New York JFK to London LHR; Wellington to Salamanca.
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({40.6, -73.8}, {51.6, -0.5}) - 5551759.400, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({-41.32, 174.81}, {40.96, -5.50}) - 19959679.267, 0.001);
    // Karney (2013), table 4: nearly opposite places, where Vincenty's formula fails; and along the equator.
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({-30, 0}, {29.9, 179.8}) - 19989832.827610, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({0, 0}, {0.5, 179.5}) - 19936288.579, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({0, 0}, {0, 1}) - 6378137.0 * std::acos(-1.0) / 180, 0.001);
    // Half a meridian, from pole to pole and to the opposite of the equator: 2 * 10001965.729 m.
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({90, 0}, {-90, 0}) - 20003931.4586, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({0, 0}, {0, 180}) - 20003931.4586, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({0, -90}, {0, 90}) - 20003931.4586, 0.001);
    BOOST_CHECK_SMALL(sim::ellipsoid_distance({45, 10}, {-45, -170}) - 20003931.4586, 0.001);
    // The sphere: a quarter and a half of a great circle.
    BOOST_CHECK_SMALL(sim::sphere_distance({0, 0}, {90, 0}) - 6371008.7714 * std::acos(-1.0) / 2, 0.001);
    BOOST_CHECK_SMALL(sim::sphere_distance({10, 20}, {-10, -160}) - 6371008.7714 * std::acos(-1.0), 0.5);
    BOOST_TEST(sim::sphere_distance({1, 2}, {1, 2}) == 0.0);
    BOOST_TEST(sim::ellipsoid_distance({1, 2}, {1, 2}) == 0.0);
    BOOST_TEST(sim::ellipsoid_distance({90, 2}, {90, 77}) < 1e-6);
    BOOST_TEST(sim::ellipsoid_distance({0, -180}, {0, 180}) == 0.0);
}

BOOST_AUTO_TEST_CASE(distances_two_ways) {
    std::mt19937_64 random(4);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    for (int round = 0; round < 20000; ++round) {
        sim::Place a{unit(random) * 90, unit(random) * 180};
        sim::Place b{unit(random) * 90, unit(random) * 180};
        if (round % 4 == 0)
            b = {-a.latitude + unit(random),
                 a.longitude + (a.longitude > 0 ? -180 : 180) + unit(random) * 0.1};
        if (round % 4 == 1) b = {a.latitude + unit(random) * 0.001, a.longitude + unit(random) * 0.001};
        if (round % 20 == 2) a.latitude = b.latitude = 0;
        b.latitude = std::max(-90.0, std::min(90.0, b.latitude));
        b.longitude = std::max(-180.0, std::min(180.0, b.longitude));
        BOOST_TEST_CONTEXT(a.latitude << " " << a.longitude << " to " << b.latitude << " " << b.longitude) {
            const double distance = sim::ellipsoid_distance(a, b);
            BOOST_REQUIRE_SMALL(distance - sim::ellipsoid_distance_by_quadrature(a, b), 0.002);
            BOOST_REQUIRE_EQUAL(distance, sim::ellipsoid_distance(b, a));
            const double sphere = sim::sphere_distance(a, b);
            BOOST_REQUIRE_EQUAL(sphere, sim::sphere_distance(b, a));
            BOOST_REQUIRE(std::abs(distance - sphere) <= 0.0057 * distance + 1e-6);
        }
    }
}

BOOST_AUTO_TEST_CASE(places_in_range) {
    BOOST_CHECK_NO_THROW(sim::check_place({-90, 180}));
    for (const sim::Place place : {sim::Place{90.0001, 0}, {0, -180.5}, {std::nan(""), 0}, {0, INFINITY}}) {
        BOOST_CHECK_EXCEPTION(sim::check_place(place), cdp::Error, [](const cdp::Error& error) {
            return error.code() == cdp::ErrorCode::kInvalidInput && !error.hint().empty();
        });
    }
}
