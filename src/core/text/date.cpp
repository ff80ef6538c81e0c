// SPDX-License-Identifier: PostgreSQL
#include "text/date.hpp"

#include <cstdint>
#include <utility>

#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using std::chrono::year_month_day;
constexpr std::chrono::year kFirstBirthYear{1900};
constexpr std::chrono::year kLastBirthYear{2100};

using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

Cleaned failure(MomentResult& result) {
    if (result.problem == "default date") return missing(result.problem);
    return invalid(result.problem, std::move(result.suggestion));
}

// Empty when the year has more than four digits or none.
std::string format_instant(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const year_month_day date{day};
    if (date.year() < std::chrono::year(1) || date.year() > std::chrono::year(9999)) return {};
    const auto micros = static_cast<uint64_t>((instant - day).count());
    const auto seconds = static_cast<unsigned>(micros / 1000000);
    std::string out = format_day(date) + "T" + pad(seconds / 3600, 2) + ":" + pad(seconds / 60 % 60, 2) +
                      ":" + pad(seconds % 60, 2);
    if (const auto fraction = static_cast<unsigned>(micros % 1000000); fraction != 0) {
        out += "." + pad(fraction, 6);
        while (out.back() == '0') out.pop_back();
    }
    return out;
}

// Seconds or milliseconds since 1970 by their number of digits.
bool read_epoch(std::string_view text, Instant& instant) {
    const std::string_view whole = text.substr(0, text.find('.'));
    const std::string_view fraction = whole.size() < text.size() ? text.substr(whole.size() + 1) : "";
    if (!all_digits(whole) || (whole.size() < text.size() && !all_digits(fraction))) return false;
    int64_t count = 0;
    for (const char c : whole) count = count * 10 + (c - '0');
    if (whole.size() == 10) {
        int64_t micros = 0;
        for (size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
        instant = Instant(std::chrono::seconds(count) + std::chrono::microseconds(micros));
        return true;
    }
    instant = Instant(std::chrono::milliseconds(whole.size() == 13 ? count : 0));
    return whole.size() == 13;
}

// The verdict on an instant that has been read; the same whether it came as digits or as words.
Cleaned judged(Instant instant, bool has_offset, std::string_view repair) {
    std::string value = format_instant(instant);
    if (value.empty()) return invalid("out of range");
    const auto midnight = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day day{midnight};
    if (is_default_day(day) && instant == midnight) return missing("default date");
    if (has_offset) value += "Z";
    if (!is_likely_year(day)) return suspicious(std::move(value), "unlikely year");
    return accepted(std::move(value), repair);
}

}  // namespace

namespace {

// The day of a value and what was repaired, or the verdict that ends it here.
std::optional<Cleaned> read_day(std::string_view raw, DateOrder order, Moment& moment) {
    MomentResult result;
    std::string_view repair;
    if (!parse_plain_day(raw, order, result)) {
        std::string text;
        if (auto stop = open_value(raw, text)) return stop;
        if (strip_quotes(text)) repair = "quotes";
        result = parse_moment(ascii_digits(text), order);
    }
    if (!result.moment) return failure(result);
    moment = *result.moment;
    if (is_default_day(moment.day)) return missing("default date");
    if (moment.time.count() != 0) repair = "time of day dropped";
    if (moment.repair.empty()) moment.repair = repair;
    return std::nullopt;
}

}  // namespace

Cleaned clean_date(std::string_view raw, DateOrder order) {
    Moment moment;
    if (auto stop = read_day(raw, order, moment)) return *std::move(stop);
    if (!is_likely_year(moment.day)) return suspicious(format_day(moment.day), "unlikely year");
    return accepted(format_day(moment.day), moment.repair);
}

Cleaned clean_birth_date(std::string_view raw, DateOrder order, std::optional<year_month_day> as_of) {
    using std::chrono::year;
    constexpr std::chrono::years kOldest{120};
    Moment moment;
    if (auto stop = read_day(raw, order, moment)) return *std::move(stop);
    year_month_day day = moment.day;
    // Nobody is born after today: '5/3/28' is then of 1928.
    if (as_of && moment.two_digit_year && day > *as_of) {
        const year_month_day before = day - std::chrono::years(100);
        if (before.ok()) day = before;
    }
    if (day.year() > kLastBirthYear) return invalid("year out of range");
    std::string value = format_day(day);
    if (as_of && day > *as_of) return invalid("in the future");
    if (day.year() < kFirstBirthYear) return suspicious(std::move(value), "before 1900");
    if (as_of && day + kOldest < *as_of) return suspicious(std::move(value), "more than 120 years ago");
    if (day == year_month_day{year(2000), std::chrono::January, std::chrono::day(1)}) {
        return suspicious(std::move(value), "perhaps a default date");
    }
    return accepted(std::move(value), moment.repair);
}

Cleaned clean_timestamp(std::string_view raw, DateOrder order) {
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    text = ascii_digits(text);
    Instant instant;
    const size_t whole = text.find('.') == std::string::npos ? text.size() : text.find('.');
    if ((whole == 10 || whole == 13) && text.size() < 40 && read_epoch(text, instant)) {
        return judged(instant, true, repair);
    }
    MomentResult result = parse_moment(text, order);
    if (!result.moment) return failure(result);
    const Moment& moment = *result.moment;
    // A default day is one in its own zone.
    if (is_default_day(moment.day) && moment.time.count() == 0) return missing("default date");
    if (!moment.repair.empty()) repair = moment.repair;
    instant = Instant(std::chrono::sys_days(moment.day)) + moment.time;
    if (moment.offset) instant -= *moment.offset;
    return judged(instant, moment.offset.has_value(), repair);
}

}  // namespace cdp::text
