// SPDX-License-Identifier: PostgreSQL
#include "ingest/packed_number.hpp"

#include <algorithm>
#include <cstring>

namespace cdp::ingest {
namespace {

constexpr uint16_t kNegative = 0x4000;
constexpr uint16_t kShort = 0x8000;
constexpr uint16_t kSpecial = 0xC000;
constexpr uint16_t kShortNegative = 0x2000;
constexpr int kShortScaleShift = 7;
constexpr int kMostShortScale = 63;

// Digits of base 10000 without zeros at either end.
size_t write(const int16_t* digits, int count, int weight, bool negative, int scale, char* out) {
    while (count > 0 && digits[0] == 0) {
        ++digits;
        --count;
        --weight;
    }
    while (count > 0 && digits[count - 1] == 0) --count;
    if (count == 0) {
        weight = 0;
        negative = false;
    }
    size_t size;
    if (scale <= kMostShortScale && weight >= -64 && weight <= 63) {
        const uint16_t header = static_cast<uint16_t>(kShort | (negative ? kShortNegative : 0) |
                                                      (scale << kShortScaleShift) | (weight & 0x7F));
        std::memcpy(out, &header, 2);
        size = 2;
    } else {
        const uint16_t header = static_cast<uint16_t>((negative ? kNegative : 0) | scale);
        const int16_t stored = static_cast<int16_t>(weight);
        std::memcpy(out, &header, 2);
        std::memcpy(out + 2, &stored, 2);
        size = 4;
    }
    std::memcpy(out + size, digits, static_cast<size_t>(count) * 2);
    return size + static_cast<size_t>(count) * 2;
}

}  // namespace

size_t pack_decimal(int64_t value, int scale, char* out) {
    constexpr uint64_t kTens[] = {1, 10, 100, 1000};
    const bool negative = value < 0;
    uint64_t magnitude = negative ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
    // So that the decimals fill whole digits; the lowest digit apart, since the product may not fit.
    const int groups = (scale + 3) / 4;
    const int pad = groups * 4 - scale;
    int16_t digits[8];
    int count = 8;
    const uint64_t split = 10000 / kTens[pad];
    if (pad != 0) {
        digits[--count] = static_cast<int16_t>(magnitude % split * kTens[pad]);
        magnitude /= split;
    }
    while (magnitude != 0) {
        digits[--count] = static_cast<int16_t>(magnitude % 10000);
        magnitude /= 10000;
    }
    return write(digits + count, 8 - count, 8 - count - 1 - groups, negative, scale, out);
}

size_t pack_number(std::string_view text, char* out) {
    size_t at = 0;
    const auto is_digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    const bool negative = !text.empty() && text[0] == '-';
    if (negative) ++at;
    const size_t whole_start = at;
    while (is_digit(at)) ++at;
    size_t whole = at - whole_start;
    if (whole == 0 || (whole > 1 && text[whole_start] == '0')) return 0;
    size_t fraction_start = at;
    size_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        fraction_start = ++at;
        while (is_digit(at)) ++at;
        fraction = at - fraction_start;
        if (fraction == 0) return 0;
    }
    int exponent = 0;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        bool down = false;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) down = text[at++] == '-';
        if (!is_digit(at)) return 0;
        for (; is_digit(at); ++at) {
            if (exponent < 100000) exponent = exponent * 10 + (text[at] - '0');
        }
        if (down) exponent = -exponent;
    }
    if (at != text.size()) return 0;
    // The digit i places after the first, of whole + fraction; the point stands after `point` of them.
    const int digits_given = static_cast<int>(std::min<size_t>(whole + fraction, 1 << 20));
    const int point = static_cast<int>(std::min<size_t>(whole, 1 << 20)) + exponent;
    const int scale = std::max(0, static_cast<int>(std::min<size_t>(fraction, 1 << 20)) - exponent);
    if (std::max(point, 1) + scale > static_cast<int>(kMaxDecimalDigits) ||
        digits_given > static_cast<int>(kMaxDecimalDigits))
        return 0;
    const auto digit_at = [&](int i) {
        if (i < 0 || i >= digits_given) return 0;
        const size_t n = static_cast<size_t>(i);
        return (n < whole ? text[whole_start + n] : text[fraction_start + n - whole]) - '0';
    };
    // Groups of four around the point.
    const int before = point > 0 ? (point + 3) / 4 : -((-point) / 4);
    const int last = (scale + 3) / 4;  // groups behind the point
    int16_t digits[kMaxDecimalDigits / 4 + 3];
    int count = 0;
    for (int group = -before; group < last; ++group) {
        const int start = point + group * 4;
        digits[count++] = static_cast<int16_t>(digit_at(start) * 1000 + digit_at(start + 1) * 100 +
                                               digit_at(start + 2) * 10 + digit_at(start + 3));
    }
    return write(digits, count, before - 1, negative, scale, out);
}

PackedClass packed_class(std::string_view packed) {
    if (packed.size() < 2) return PackedClass::kNotANumber;
    uint16_t header;
    std::memcpy(&header, packed.data(), 2);
    if ((header & kSpecial) != kSpecial) return PackedClass::kNumber;
    return (header & 0xF000) == 0xC000 ? PackedClass::kNotANumber : PackedClass::kInfinite;
}

namespace {

struct Parts {
    bool negative;
    int weight;
    int scale;
    std::string_view digits;
};

bool take_apart(std::string_view packed, Parts& parts) {
    if (packed_class(packed) != PackedClass::kNumber) return false;
    uint16_t header;
    std::memcpy(&header, packed.data(), 2);
    if ((header & kSpecial) == kShort) {
        parts.negative = (header & kShortNegative) != 0;
        parts.weight = (header & 0x3F) - ((header & 0x40) != 0 ? 64 : 0);
        parts.scale = (header & 0x1F80) >> kShortScaleShift;
        parts.digits = packed.substr(2);
    } else {
        if (packed.size() < 4) return false;
        int16_t stored;
        std::memcpy(&stored, packed.data() + 2, 2);
        parts.weight = stored;
        parts.negative = (header & kSpecial) == kNegative;
        parts.scale = header & 0x3FFF;
        parts.digits = packed.substr(4);
    }
    return true;
}

}  // namespace

std::string number_text(std::string_view packed) {
    Parts parts;
    if (!take_apart(packed, parts)) {
        if (packed_class(packed) == PackedClass::kNotANumber) return "NaN";
        return (static_cast<unsigned char>(packed[0]) | static_cast<unsigned char>(packed[1]) << 8) == 0xF000
                   ? "-Infinity"
                   : "Infinity";
    }
    const int count = static_cast<int>(parts.digits.size() / 2);
    const auto group = [&](int i) {  // i places behind the first
        int16_t value = 0;
        if (i >= 0 && i < count) std::memcpy(&value, parts.digits.data() + static_cast<size_t>(i) * 2, 2);
        return static_cast<int>(value);
    };
    std::string result = parts.negative ? "-" : "";
    if (parts.weight < 0) {
        result += '0';
    } else {
        for (int i = 0; i <= parts.weight; ++i) {
            const std::string four = std::to_string(group(i) + 10000).substr(1);
            result += i == 0 ? std::to_string(group(0)) : four;
        }
    }
    if (parts.scale > 0) {
        result += '.';
        std::string decimals;
        for (int i = parts.weight + 1; static_cast<int>(decimals.size()) < parts.scale; ++i)
            decimals += std::to_string(group(i) + 10000).substr(1);
        result += decimals.substr(0, static_cast<size_t>(parts.scale));
    }
    return result;
}

std::optional<int64_t> unpack_amount(std::string_view packed) {
    Parts parts;
    if (!take_apart(packed, parts)) return std::nullopt;
    const bool negative = parts.negative;
    const int weight = parts.weight;
    const int count = static_cast<int>(parts.digits.size() / 2);
    if (count == 0) return 0;
    if (weight > 3) return std::nullopt;            // 10^16 and more
    const auto digit = [&](int place) -> int64_t {  // of 10000^place
        const int i = weight - place;
        if (i < 0 || i >= count) return 0;
        int16_t value;
        std::memcpy(&value, parts.digits.data() + static_cast<size_t>(i) * 2, 2);
        return value;
    };
    int64_t units = 0;
    for (int place = 3; place >= -1; --place) {
        // 10^14 in units is 10^18: place 3 alone may be 9999 * 10^16.
        if (units > 100000000000000) return std::nullopt;
        units = units * 10000 + digit(place);
    }
    if (digit(-2) >= 5000) ++units;
    if (units >= 1000000000000000000) return std::nullopt;
    return negative ? -units : units;
}

}  // namespace cdp::ingest
