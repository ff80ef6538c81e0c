// SPDX-License-Identifier: PostgreSQL
// PostgreSQL's numeric as bytes, without its length word, so that millions of numbers need no server call: a
// header (sign, weight, scale), then digits of base 10000, most significant first, as 16-bit numbers of this
// machine. Format: src/backend/utils/adt/numeric.c, the same from 9.1 on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdp::ingest {

// Holds any 64-bit number and any of `pack_number`'s.
constexpr size_t kMaxDecimalDigits = 1000;
constexpr size_t kMaxPackedNumber = 4 + 2 * (kMaxDecimalDigits / 4 + 3);

// value / 10^scale, with `scale` (at most 16) decimals: (1250, 2) is 12.50. Returns the bytes written to
// `out`, at most 16.
size_t pack_decimal(int64_t value, int scale, char* out);

// A number as JSON spells it, its decimals kept: "12.50", "-1e5". 0 when it is none, or has more digits,
// written out, than kMaxDecimalDigits.
size_t pack_number(std::string_view text, char* out);

// As PostgreSQL prints it; "NaN" and "Infinity" too.
std::string number_text(std::string_view packed);

enum class PackedClass : unsigned char { kNumber, kNotANumber, kInfinite };
PackedClass packed_class(std::string_view packed);

// In units of 10^-4, rounded half away from zero; nothing when it is not finite or from 10^14 on.
std::optional<int64_t> unpack_amount(std::string_view packed);

}  // namespace cdp::ingest
