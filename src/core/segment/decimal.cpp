// SPDX-License-Identifier: PostgreSQL
#include "segment/decimal.hpp"

namespace cdp::segment {
namespace {

__extension__ using Unsigned128 = unsigned __int128;

bool multiply(Int128& value, Int128 factor) {
    return !__builtin_mul_overflow(value, factor, &value);
}

// value * 10^digits, false when it does not fit.
bool shift(Int128& value, int digits) {
    for (; digits >= 18; digits -= 18)
        if (!multiply(value, 1000000000000000000)) return false;
    int64_t factor = 1;
    for (; digits > 0; --digits) factor *= 10;
    return multiply(value, factor);
}

}  // namespace

bool Decimal::rescale(int to) {
    if (!shift(units, to - scale)) return false;
    scale = static_cast<int8_t>(to);
    return true;
}

Decimal Decimal::parse(std::string_view digits) {
    Decimal result{0, 0, true};
    bool after_point = false;
    for (const char c : digits) {
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9' || !multiply(result.units, 10) || result.scale == kMaxScale) return unknown();
        if (__builtin_add_overflow(result.units, static_cast<Int128>(c - '0'), &result.units))
            return unknown();
        if (after_point) ++result.scale;
    }
    return result;
}

Decimal Decimal::plus(const Decimal& other) const {
    Decimal a = *this, b = other;
    if (!a.known || !b.known) return unknown();
    if (a.scale < b.scale ? !a.rescale(b.scale) : !b.rescale(a.scale)) return unknown();
    if (__builtin_add_overflow(a.units, b.units, &a.units)) return unknown();
    return a;
}

Decimal Decimal::times(const Decimal& other) const {
    Decimal result = *this;
    if (!known || !other.known || scale + other.scale > kMaxScale || !multiply(result.units, other.units))
        return unknown();
    result.scale = static_cast<int8_t>(scale + other.scale);
    return result;
}

Decimal Decimal::divided_by(const Decimal& other) const {
    if (!known || !other.known || other.units == 0) return unknown();
    Int128 over = units, under = other.units;
    const int digits = kQuotientScale + other.scale - scale;
    if (!shift(digits >= 0 ? over : under, digits >= 0 ? digits : -digits)) return unknown();
    Int128 quotient = over / under;
    const Int128 rest = over % under;
    const auto magnitude = [](Int128 x) {
        return x < 0 ? -static_cast<Unsigned128>(x) : static_cast<Unsigned128>(x);
    };
    if (magnitude(rest) >= magnitude(under) - magnitude(rest)) quotient += (over < 0) == (under < 0) ? 1 : -1;
    return {quotient, kQuotientScale, true};
}

int Decimal::compare(const Decimal& other) const {
    Decimal a = *this, b = other;
    if (a.scale < b.scale) {
        if (!a.rescale(b.scale)) return a.units < 0 ? -1 : 1;
    } else if (!b.rescale(a.scale)) {
        return b.units < 0 ? 1 : -1;
    }
    return a.units < b.units ? -1 : a.units > b.units ? 1 : 0;
}

}  // namespace cdp::segment
