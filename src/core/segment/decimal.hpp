// SPDX-License-Identifier: PostgreSQL
// Exact decimals of the evaluator: what the server's numeric says, the evaluator says too. A stored number
// has four decimals, a sum keeps them, a product adds them up, a quotient, an average and a median are
// rounded to ten (half away from zero), as the SQL rendering does. Beyond 128 bits a value is unknown.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdp::segment {

__extension__ using Int128 = __int128;

struct Decimal {
    static constexpr int kStoredScale = 4, kQuotientScale = 10, kMaxScale = 36;

    Int128 units = 0;
    int8_t scale = 0;  // units of 10^-scale
    bool known = false;

    static Decimal unknown() { return {}; }
    static Decimal whole(int64_t value) { return {value, 0, true}; }
    static Decimal stored(int64_t units) { return {units, kStoredScale, true}; }
    // A literal: digits with at most one point. Unknown where it has too many.
    static Decimal parse(std::string_view digits);

    Decimal operator-() const { return {-units, scale, known}; }
    Decimal plus(const Decimal& other) const;
    Decimal minus(const Decimal& other) const { return plus(-other); }
    Decimal times(const Decimal& other) const;
    // Unknown by zero.
    Decimal divided_by(const Decimal& other) const;
    // -1, 0 or 1; both are known. Exact, however different the scales.
    int compare(const Decimal& other) const;

  private:
    bool rescale(int to);
};

}  // namespace cdp::segment
