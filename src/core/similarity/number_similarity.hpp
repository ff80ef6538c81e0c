// SPDX-License-Identifier: PostgreSQL
// How alike two numbers are. Finite numbers and infinities; an infinity is alike only itself. Symmetric, 0 to
// 1, 1 only for equal numbers but for what rounding hides.
#pragma once

namespace cdp::similarity {

// 1 - |a - b| / max(|a|, |b|): by proportion; 0 for numbers of opposite signs, or when one is 0.
double relative_similarity(double a, double b);

// Half for each `half` of the difference: 1 at 0, 0.5 at half, 0.25 at two of it. Expects half > 0.
double decay(double difference, double half);

// decay(|a - b|, half).
double absolute_similarity(double a, double b, double half);

}  // namespace cdp::similarity
