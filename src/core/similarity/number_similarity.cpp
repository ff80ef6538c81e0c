// SPDX-License-Identifier: PostgreSQL
#include "similarity/number_similarity.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::similarity {

double relative_similarity(double a, double b) {
    if (a == b) return 1.0;
    const double smaller = std::min(std::abs(a), std::abs(b));
    const double larger = std::max(std::abs(a), std::abs(b));
    // The same as the formula for equal signs, and no difference can overflow.
    if (std::isinf(larger) || std::signbit(a) != std::signbit(b)) return 0.0;
    return smaller / larger;
}

double decay(double difference, double half) {
    return std::exp2(-difference / half);
}

double absolute_similarity(double a, double b, double half) {
    if (a == b) return 1.0;
    if (std::isinf(a) || std::isinf(b)) return 0.0;
    const double difference = std::abs(a - b);
    // An infinite half of an infinite difference is no number.
    return std::isinf(half) ? 1.0 : decay(difference, half);
}

}  // namespace cdp::similarity
