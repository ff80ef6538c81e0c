// SPDX-License-Identifier: PostgreSQL
#include "similarity/date_similarity.hpp"

#include <array>
#include <cstdlib>

namespace cdp::similarity {
namespace {

using std::chrono::year_month_day;

struct Digits {
    std::array<unsigned char, 8> digit;

    explicit Digits(year_month_day day) {
        const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
        unsigned value =
            year * 10000 + static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day());
        for (size_t i = digit.size(); i-- > 0; value /= 10) digit[i] = static_cast<unsigned char>(value % 10);
    }
};

bool has_digits(year_month_day day) {
    const int year = static_cast<int>(day.year());
    return year >= 1 && year <= 9999;
}

bool is_typo(year_month_day a, year_month_day b) {
    if (!has_digits(a) || !has_digits(b)) return false;
    const Digits x(a);
    const Digits y(b);
    size_t first = 0;
    while (x.digit[first] == y.digit[first]) ++first;  // the days are not equal
    size_t last = x.digit.size() - 1;
    while (x.digit[last] == y.digit[last]) --last;
    if (first == last) return true;
    return last == first + 1 && x.digit[first] == y.digit[last] && x.digit[last] == y.digit[first];
}

}  // namespace

std::string_view date_kind_name(DateKind kind) {
    switch (kind) {
        case DateKind::kEqual:
            return "equal";
        case DateKind::kSwappedDayMonth:
            return "swapped_day_month";
        case DateKind::kTypo:
            return "typo";
        case DateKind::kNear:
            return "near";
        case DateKind::kOtherYear:
            return "other_year";
        case DateKind::kSameMonth:
            return "same_month";
        case DateKind::kDifferent:
            break;
    }
    return "different";
}

DateComparison compare_dates(year_month_day a, year_month_day b) {
    if (a == b) return {DateKind::kEqual, 1.0};
    const bool same_year = a.year() == b.year();
    if (same_year && static_cast<unsigned>(a.month()) == static_cast<unsigned>(b.day()) &&
        static_cast<unsigned>(a.day()) == static_cast<unsigned>(b.month())) {
        return {DateKind::kSwappedDayMonth, 0.95};
    }
    if (is_typo(a, b)) return {DateKind::kTypo, 0.9};
    const auto apart = std::chrono::abs(std::chrono::sys_days(a) - std::chrono::sys_days(b)).count();
    if (apart <= 7) return {DateKind::kNear, apart == 1 ? 0.9 : 0.7};
    if (a.month() == b.month() && a.day() == b.day()) {
        const int years = std::abs(static_cast<int>(a.year()) - static_cast<int>(b.year()));
        return {DateKind::kOtherYear, years == 1 || years == 10 || years == 100 ? 0.85 : 0.6};
    }
    if (same_year && a.month() == b.month()) return {DateKind::kSameMonth, 0.6};
    return {DateKind::kDifferent, same_year ? 0.2 : 0.0};
}

}  // namespace cdp::similarity
