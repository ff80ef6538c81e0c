// SPDX-License-Identifier: PostgreSQL
// A numeric in units of 1/10,000, rounded half away from zero as round(value, 4) does, read from its stored
// form (src/backend/utils/adt/numeric.c: groups of four decimal digits; unchanged since 9.1). A hundred times
// cheaper than the server's own functions, which build a new value at each step.
#pragma once

#include "bridge/postgres.hpp"

#include <cstring>

namespace cdp::pg {

// False for NaN, infinities, and what lies beyond `most` units. `bytes`: after the varlena header; needs no
// alignment.
inline bool numeric_units(const char* bytes, size_t size, int64_t most, int64_t& units) {
    const auto word = [&](size_t i) {
        uint16_t value;
        std::memcpy(&value, bytes + i * 2, 2);
        return value;
    };
    if (size < 2) return false;
    const uint16_t header = word(0);
    if ((header & 0xC000) == 0xC000) return false;
    const bool is_short = (header & 0x8000) != 0;
    const bool negative = is_short ? (header & 0x2000) != 0 : (header & 0x4000) != 0;
    if (!is_short && size < 4) return false;
    const int weight =
        is_short ? ((header & 0x40) != 0 ? ~0x3F : 0) | (header & 0x3F) : static_cast<int16_t>(word(1));
    const size_t first = is_short ? 1 : 2;
    const auto digits = static_cast<int>(size / 2 - first);
    // Group i stands for 10,000^(weight - i); one power more in our units.
    const int kept = weight + 2;
    int64_t sum = 0;
    for (int i = 0; i < kept; ++i) {
        if (__builtin_mul_overflow(sum, 10000, &sum) ||
            __builtin_add_overflow(sum, i < digits ? word(first + static_cast<size_t>(i)) : 0, &sum))
            return false;
    }
    if (kept >= 0 && kept < digits && word(first + static_cast<size_t>(kept)) >= 5000) ++sum;
    if (sum > most) return false;
    units = negative ? -sum : sum;
    return true;
}

}  // namespace cdp::pg
