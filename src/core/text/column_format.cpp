// SPDX-License-Identifier: PostgreSQL
#include "text/column_format.hpp"

#include <algorithm>
#include <array>

#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// One side says it clearly when it has this many times the rows of the other.
constexpr double kClear = 9;

struct Numbers {
    std::array<unsigned, 3> value{};
    std::array<size_t, 3> digits{};
};

// Three numbers with the same separator between them, at the beginning.
std::optional<Numbers> read_numbers(std::string_view text) {
    Numbers numbers;
    size_t at = 0;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\'' || text[at] == '"')) ++at;
    char separator = 0;
    for (size_t n = 0; n < 3; ++n) {
        const size_t from = at;
        while (at < text.size() && is_digit(text[at])) {
            if (at - from >= 4) return std::nullopt;
            numbers.value[n] = numbers.value[n] * 10 + static_cast<unsigned>(text[at++] - '0');
        }
        numbers.digits[n] = at - from;
        if (at == from) return std::nullopt;
        if (n == 2) break;
        if (at >= text.size() || std::string_view("/-. ").find(text[at]) == std::string_view::npos)
            return std::nullopt;
        if (n == 1 && text[at] != separator) return std::nullopt;
        separator = text[at++];
    }
    return numbers;
}

}  // namespace

DateFormat date_format(std::span<const ProfiledValue> values) {
    DateFormat format;
    double short_year_first = 0;  // 85/03/25
    double long_year_last = 0;    // 25/03/1985
    for (const ProfiledValue& value : values) {
        const auto numbers = read_numbers(value.text);
        if (!numbers) continue;
        const auto [a, b, c] = numbers->value;
        if (numbers->digits[2] == 4) long_year_last += value.weight;
        if (numbers->digits[0] == 4) {
            format.year_first += value.weight;
        } else if (a > 31 && numbers->digits[2] <= 2) {
            format.year_first += value.weight;
            short_year_first += value.weight;
        } else if (a == 0 || b == 0 || a > 31 || b > 31) {
            continue;
        } else if (a > 12 && b <= 12) {
            format.day_first += value.weight;
        } else if (b > 12 && a <= 12) {
            format.month_first += value.weight;
        } else if (a <= 12) {
            format.either += value.weight;
        }
    }
    const double others = format.day_first + format.month_first + format.either;
    if (short_year_first > 0 && long_year_last == 0) {
        format.order = DateOrder::kYmd;
    } else if (format.day_first > 0 && format.day_first >= kClear * format.month_first) {
        format.order = DateOrder::kDmy;
    } else if (format.month_first > 0 && format.month_first >= kClear * format.day_first) {
        format.order = DateOrder::kMdy;
    } else if (format.year_first > kClear * others) {
        // A date that begins with a year is read alike in every order: only the rest needs one.
        format.order = DateOrder::kYmd;
    }
    return format;
}

std::string_view order_name(DateOrder order) {
    switch (order) {
        case DateOrder::kDmy:
            return "dmy";
        case DateOrder::kMdy:
            return "mdy";
        case DateOrder::kYmd:
            return "ymd";
    }
    return "dmy";
}

char decimal_separator(std::span<const ProfiledValue> values) {
    double points = 0;
    double commas = 0;
    for (const ProfiledValue& value : values) {
        const std::string_view text = value.text;
        const size_t last = text.find_last_of(".,");
        if (last == std::string_view::npos) continue;
        const char mark = text[last];
        const char other = mark == '.' ? ',' : '.';
        const std::string_view before = text.substr(0, last);
        size_t decimals = 0;
        while (last + 1 + decimals < text.size() && is_digit(text[last + 1 + decimals])) ++decimals;
        const bool mixed = before.find(other) != std::string_view::npos;
        const bool repeated = before.find(mark) != std::string_view::npos;
        const auto digits = std::count_if(before.begin(), before.end(), is_digit);
        // "1.234" may group; "1234.567" and "0.123" cannot.
        const bool ambiguous = decimals == 3 && digits <= 3 && digits > 0 && !before.ends_with('0');
        if (decimals == 0 || repeated || (ambiguous && !mixed)) {
            // Repeated marks group: the decimals, if any, come after the other one.
            if (repeated && !mixed) (mark == '.' ? commas : points) += value.weight;
            continue;
        }
        (mark == '.' ? points : commas) += value.weight;
    }
    if (points == 0 && commas == 0) return '\0';
    return points >= commas ? '.' : ',';
}

}  // namespace cdp::text
