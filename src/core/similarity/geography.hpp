// SPDX-License-Identifier: PostgreSQL
// Distances on the earth between places given by latitude and longitude in degrees.
//
// - On the sphere of the mean radius R1 of the IUGG, 6371008.7714 m, by the haversine formula: off by up to
//   0.6 % of the distance (and half a metre of rounding at the other side of the earth); some 60 ns.
// - On the ellipsoid WGS 84 by the inverse formula of Vincenty (Survey Review 23, 1975), off by less than a
//   millimetre; some 300 ns. Its iteration does not end for places nearly opposite each other on the globe;
//   there the equation of the longitude (Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, eqs. 5 to
//   8) is solved by bisection, with its integrals by Gauss-Legendre quadrature, also to a millimetre; some
//   0.1 ms.
#pragma once

namespace cdp::similarity {

struct Place {
    double latitude;   // -90 to 90
    double longitude;  // -180 to 180
};

// Error(kInvalidInput) when out of range or not a number.
void check_place(const Place& place);

// Metres. Both expect places in range; any other number gives a number without meaning.
double sphere_distance(const Place& a, const Place& b);
double ellipsoid_distance(const Place& a, const Place& b);

// The second way alone, for the test that compares the two.
double ellipsoid_distance_by_quadrature(const Place& a, const Place& b);

}  // namespace cdp::similarity
