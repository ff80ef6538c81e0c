// SPDX-License-Identifier: PostgreSQL
#include "similarity/geography.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "base/error.hpp"

namespace cdp::similarity {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRadian = kPi / 180.0;
constexpr double kMeanRadius = 6371008.7714;
// WGS 84
constexpr double kEquator = 6378137.0;
constexpr double kFlattening = 1.0 / 298.257223563;
constexpr double kPole = kEquator * (1.0 - kFlattening);
constexpr double kSecondEccentricity = (kEquator * kEquator - kPole * kPole) / (kPole * kPole);  // squared

double square(double x) {
    return x * x;
}

// The difference of longitudes in radians, 0 to pi.
double longitudes_apart(const Place& a, const Place& b) {
    const double degrees = std::abs(a.longitude - b.longitude);
    return std::min(degrees, 360.0 - degrees) * kRadian;
}

// The latitude on the auxiliary sphere.
double reduced_latitude(double degrees) {
    // tan(90°) is large, not infinite, and gives the pole.
    return std::atan((1.0 - kFlattening) * std::tan(degrees * kRadian));
}

// False when the iteration does not settle.
bool vincenty(double lower, double upper, double longitude, double& distance) {
    constexpr int kRounds = 50;
    constexpr double kSettled = 1e-13;
    const double sin1 = std::sin(lower);
    const double cos1 = std::cos(lower);
    const double sin2 = std::sin(upper);
    const double cos2 = std::cos(upper);
    double lambda = longitude;
    for (int round = 0; round < kRounds; ++round) {
        const double sin_lambda = std::sin(lambda);
        const double cos_lambda = std::cos(lambda);
        const double sin_sigma =
            std::sqrt(square(cos2 * sin_lambda) + square(cos1 * sin2 - sin1 * cos2 * cos_lambda));
        if (sin_sigma == 0.0) {
            distance = 0.0;
            return lambda < 1.0;  // one place, not two opposite ones
        }
        const double cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_lambda;
        const double sigma = std::atan2(sin_sigma, cos_sigma);
        const double sin_alpha = cos1 * cos2 * sin_lambda / sin_sigma;
        const double cos2_alpha = 1.0 - square(sin_alpha);
        // Along the equator there is no middle; every factor of it is 0 there.
        const double cos_middle = cos2_alpha > 1e-15 ? cos_sigma - 2.0 * sin1 * sin2 / cos2_alpha : 0.0;
        const double c = kFlattening / 16.0 * cos2_alpha * (4.0 + kFlattening * (4.0 - 3.0 * cos2_alpha));
        const double series = cos_middle + c * cos_sigma * (2.0 * square(cos_middle) - 1.0);
        const double next =
            longitude + (1.0 - c) * kFlattening * sin_alpha * (sigma + c * sin_sigma * series);
        if (std::abs(next) > kPi) return false;
        const double change = std::abs(next - lambda);
        lambda = next;
        if (change > kSettled) continue;
        const double u2 = cos2_alpha * kSecondEccentricity;
        const double a = 1.0 + u2 / 16384.0 * (4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)));
        const double b = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)));
        const double inner =
            cos_sigma * (2.0 * square(cos_middle) - 1.0) -
            b / 6.0 * cos_middle * (4.0 * square(sin_sigma) - 3.0) * (4.0 * square(cos_middle) - 3.0);
        const double correction = b * sin_sigma * (cos_middle + b / 4.0 * inner);
        distance = kPole * a * (sigma - correction);
        return true;
    }
    return false;
}

// The integral of f from 0 to x.
template <typename F>
double integral(double x, F f) {
    // Gauss-Legendre with 10 points (Abramowitz and Stegun, table 25.4); the integrands are all but linear.
    constexpr std::array<double, 5> kNodes = {0.1488743389816312, 0.4333953941292472, 0.6794095682990244,
                                              0.8650633666889845, 0.9739065285171717};
    constexpr std::array<double, 5> kWeights = {0.2955242247147529, 0.2692667193099963, 0.2190863625159821,
                                                0.1494513491505806, 0.0666713443086881};
    const double half = x / 2.0;
    double sum = 0.0;
    for (size_t i = 0; i < kNodes.size(); ++i) {
        sum += kWeights[i] * (f(half + half * kNodes[i]) + f(half - half * kNodes[i]));
    }
    return sum * half;
}

// The geodesic that leaves the first latitude with azimuth alpha, as far as the second latitude.
struct Geodesic {
    double longitude;
    double distance;

    // first <= 0, |second| <= -first, both reduced; 0 <= alpha <= pi.
    Geodesic(double first, double second, double alpha) {
        const double sin_alpha = std::sin(alpha);
        const double cos_alpha = std::cos(alpha);
        const double cos1 = std::cos(first);
        const double cos2 = std::cos(second);
        const double sin_equator = sin_alpha * cos1;  // of the azimuth there (Clairaut)
        const double cos_equator = std::hypot(cos_alpha, sin_alpha * std::sin(first));
        const double cos_end =
            std::sqrt(std::max(0.0, square(cos_alpha * cos1) + square(cos2) - square(cos1)));
        // On the auxiliary sphere, counted from the equator.
        const double sigma1 = std::atan2(std::sin(first), cos_alpha * cos1);
        const double sigma2 = std::atan2(std::sin(second), cos_end);
        const double omega1 = std::atan2(sin_equator * std::sin(sigma1), std::cos(sigma1));
        const double omega2 = std::atan2(sin_equator * std::sin(sigma2), std::cos(sigma2));
        const double k2 = kSecondEccentricity * square(cos_equator);
        const auto height = [=](double sigma) { return std::sqrt(1.0 + k2 * square(std::sin(sigma))); };
        const auto lag = [=](double sigma) {
            return (2.0 - kFlattening) / (1.0 + (1.0 - kFlattening) * height(sigma));
        };
        longitude =
            omega2 - omega1 - kFlattening * sin_equator * (integral(sigma2, lag) - integral(sigma1, lag));
        distance = kPole * (integral(sigma2, height) - integral(sigma1, height));
    }
};

// -pi/2 <= first <= 0, |second| <= -first, 0 <= longitude <= pi
double by_quadrature(double first, double second, double longitude) {
    // Along the equator the shortest way stays on it only so far.
    if (first == 0.0 && longitude <= kPi * (1.0 - kFlattening)) return kEquator * longitude;
    // So that a way along the equator has a beginning below it.
    const double start = std::min(first, -1e-300);
    // The longitude reached grows with the azimuth.
    double low = 0.0;
    double high = kPi;
    constexpr int kHalvings = 60;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2.0;
        (Geodesic(start, second, middle).longitude < longitude ? low : high) = middle;
    }
    return Geodesic(start, second, (low + high) / 2.0).distance;
}

struct Reduced {
    double lower, upper, longitude;

    // The first is the one further from the equator, and south of it.
    Reduced(const Place& a, const Place& b)
        : lower(reduced_latitude(a.latitude)),
          upper(reduced_latitude(b.latitude)),
          longitude(longitudes_apart(a, b)) {
        if (std::abs(lower) < std::abs(upper)) std::swap(lower, upper);
        if (lower > 0.0) {
            lower = -lower;
            upper = -upper;
        }
    }
};

std::string in_degrees(double value) {
    std::string text = std::to_string(value);
    while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
        const bool point = text.back() == '.';
        text.pop_back();
        if (point) break;
    }
    return text;
}

void check_degrees(const char* what, double value, double bound) {
    if (value >= -bound && value <= bound) return;
    throw Error(ErrorCode::kInvalidInput, std::string(what) + " out of range: " + in_degrees(value),
                "A latitude is -90 to 90 degrees, a longitude -180 to 180.",
                "Give latitude before longitude, in decimal degrees, south and west negative.");
}

}  // namespace

void check_place(const Place& place) {
    check_degrees("latitude", place.latitude, 90.0);
    check_degrees("longitude", place.longitude, 180.0);
}

double sphere_distance(const Place& a, const Place& b) {
    const double first = a.latitude * kRadian;
    const double second = b.latitude * kRadian;
    const double haversine =
        square(std::sin((second - first) / 2.0)) +
        std::cos(first) * std::cos(second) * square(std::sin(longitudes_apart(a, b) / 2.0));
    return 2.0 * kMeanRadius * std::asin(std::min(1.0, std::sqrt(haversine)));
}

double ellipsoid_distance(const Place& a, const Place& b) {
    const Reduced places(a, b);
    double distance = 0.0;
    if (vincenty(places.lower, places.upper, places.longitude, distance)) return distance;
    return by_quadrature(places.lower, places.upper, places.longitude);
}

double ellipsoid_distance_by_quadrature(const Place& a, const Place& b) {
    const Reduced places(a, b);
    return by_quadrature(places.lower, places.upper, places.longitude);
}

}  // namespace cdp::similarity
