// SPDX-License-Identifier: PostgreSQL
#include "text/moment.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/date_words.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using std::chrono::year_month_day;

constexpr std::string_view kNoDate = "no date";
constexpr std::string_view kNoSuchDay = "no such day";
constexpr std::string_view kTwoDigitYear = "two-digit year";
constexpr std::string_view kNoDay = "no day of the month";
constexpr std::string_view kDayNumber = "day number of a spreadsheet";
constexpr std::string_view kOtherOrder = "day and month in the other order";

unsigned to_number(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

std::optional<year_month_day> make_day(unsigned year, unsigned month, unsigned day) {
    const year_month_day made{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                              std::chrono::day(day)};
    if (year < 1 || year > 9999 || !made.ok()) return std::nullopt;
    return made;
}

struct DayResult {
    std::optional<year_month_day> day;
    std::string_view repair;
    std::string_view problem;
    std::string suggestion;
    bool two_digit_year = false;
};
DayResult refused(std::string_view problem, std::string suggestion = {}) {
    return {std::nullopt, {}, problem, std::move(suggestion)};
}
DayResult refused(std::string_view problem, const std::optional<year_month_day>& suggestion) {
    return refused(problem, suggestion ? format_day(*suggestion) : std::string());
}

// `first` and `second` in the order preferred, else swapped.
DayResult day_or_swapped(unsigned year, unsigned month, unsigned day, std::string_view repair) {
    if (const auto made = make_day(year, month, day)) return {made, repair, {}, {}};
    if (const auto made = make_day(year, day, month)) return {made, kOtherOrder, {}, {}};
    return refused(year == 0 && month == 0 && day == 0 ? "default date" : kNoSuchDay);
}

// A year as written: four digits, or two with the pivot. False when it is neither.
bool read_year(std::string_view digits, unsigned& year, std::string_view& repair) {
    if (digits.size() != 4 && digits.size() != 2) return false;
    year = to_number(digits);
    if (digits.size() == 2) {
        year += year < kTwoDigitPivot ? 2000 : 1900;
        repair = kTwoDigitYear;
    }
    return true;
}

// Days since 1899-12-30 (Excel).
year_month_day spreadsheet_day(std::string_view digits) {
    const std::chrono::sys_days epoch{
        year_month_day{std::chrono::year(1899), std::chrono::month(12), std::chrono::day(30)}};
    return year_month_day(epoch + std::chrono::days(to_number(digits)));
}

// Day 1 to 366 of a year.
std::optional<year_month_day> ordinal_day(unsigned year, unsigned day) {
    const auto first = make_day(year, 1, 1);
    if (!first || day == 0) return std::nullopt;
    const year_month_day made(std::chrono::sys_days(*first) + std::chrono::days(day - 1));
    return made.year() == first->year() ? std::optional(made) : std::nullopt;
}

// Week 1 to 53 and day 1 (Monday) to 7 of ISO 8601: week 1 has the year's first Thursday.
std::optional<year_month_day> week_day(unsigned year, unsigned week, unsigned day) {
    const auto fourth = make_day(year, 1, 4);
    if (!fourth || week == 0 || week > 53 || day == 0 || day > 7) return std::nullopt;
    const std::chrono::sys_days in_week_1(*fourth);
    const auto monday = in_week_1 - (std::chrono::weekday(in_week_1) - std::chrono::Monday) +
                        std::chrono::days((week - 1) * 7);
    const year_month_day thursday(monday + std::chrono::days(3));
    const year_month_day made(monday + std::chrono::days(day - 1));
    const bool fits = thursday.year() == fourth->year() && made.year() <= std::chrono::year(9999);
    return fits ? std::optional(made) : std::nullopt;
}

DayResult read_unseparated(std::string_view digits, DateOrder order) {
    if (digits.size() == 8) {
        const unsigned year = to_number(digits.substr(0, 4));
        const auto iso = make_day(year, to_number(digits.substr(4, 2)), to_number(digits.substr(6)));
        if (iso && is_likely_year(*iso)) return {iso, {}, {}, {}};
        if (digits == "00000000") return refused("default date");
        const unsigned a = to_number(digits.substr(0, 2));
        const unsigned b = to_number(digits.substr(2, 2));
        const unsigned late = to_number(digits.substr(4));
        const auto day = order == DateOrder::kMdy ? make_day(late, a, b) : make_day(late, b, a);
        if (day && is_likely_year(*day)) return {day, "digits without separators", {}, {}};
        if (iso) return {iso, {}, {}, {}};
        return refused(kNoSuchDay);
    }
    if (digits.size() == 5) return refused(kDayNumber, spreadsheet_day(digits));
    return refused(kNoDate);
}

// Two numbers are no day, but some say what they are.
DayResult refuse_pair(std::string_view a, std::string_view b, char separator) {
    if (separator == '.' && a.size() == 5) return refused(kDayNumber, spreadsheet_day(a));
    if (a.size() == 4 && b.size() == 3)
        return refused("day of the year", ordinal_day(to_number(a), to_number(b)));
    const bool year_first = a.size() == 4 && b.size() <= 2;
    if (!year_first && !(b.size() == 4 && a.size() <= 2)) return refused(kNoDate);
    const unsigned month = to_number(year_first ? b : a);
    return refused(month >= 1 && month <= 12 ? kNoDay : kNoDate);
}

DayResult read_numbers(std::span<const std::string_view> parts, DateOrder order) {
    if (parts.size() == 1) return read_unseparated(parts[0], order);
    if (parts.size() != 3) return refused(kNoDate);
    unsigned year = 0;
    std::string_view repair;
    const bool year_first = parts[0].size() == 4 || (order == DateOrder::kYmd && parts[2].size() != 4);
    const std::string_view year_part = year_first ? parts[0] : parts[2];
    const std::string_view a = year_first ? parts[1] : parts[0];
    const std::string_view b = year_first ? parts[2] : parts[1];
    if (a.size() > 2 || b.size() > 2 || !read_year(year_part, year, repair)) return refused(kNoDate);
    const bool month_first = year_first || order == DateOrder::kMdy;
    const unsigned month = to_number(month_first ? a : b);
    const unsigned day = to_number(month_first ? b : a);
    // 01/01/01 stands for nothing more often than for a day of 2001.
    if (!repair.empty() && year == 2001 && month == 1 && day == 1) return refused("default date");
    DayResult result = day_or_swapped(year, month, day, repair);
    result.two_digit_year = !repair.empty();
    return result;
}

// "2021-W12-3" and what is like it: clear, but nobody's birthday is written so; the day is the suggestion.
DayResult refuse_week(std::span<const std::string_view> tokens) {
    std::string_view week = tokens[2];
    std::string_view day = tokens.size() == 4 ? tokens[3] : std::string_view();
    if (tokens.size() == 3 && week.size() == 3) {
        day = week.substr(2);
        week = week.substr(0, 2);
    }
    if (week.size() != 2 || day.size() > 1) return refused(kNoDate);
    if (day.empty()) return refused("week without a day");
    return refused("week date", week_day(to_number(tokens[0]), to_number(week), to_number(day)));
}

DayResult read_words(const std::vector<std::string_view>& tokens) {
    std::vector<std::string_view> numbers;
    unsigned month = 0;
    size_t month_at = 0;
    for (const std::string_view token : tokens) {
        if (is_digit(token[0])) {
            numbers.push_back(token);
        } else if (const unsigned named = month_of(token); named != 0 && month == 0) {
            month = named;
            month_at = numbers.size();
        } else if (!is_date_filler(token)) {
            return refused(kNoDate);
        }
    }
    if (month == 0) return refused(kNoDate);
    if (numbers.size() == 1) return refused(kNoDay);
    if (numbers.size() != 2 || month_at > 1) return refused(kNoDate);
    const bool year_first = month_at == 1 && numbers[0].size() == 4;
    const std::string_view day = numbers[year_first ? 1 : 0];
    unsigned year = 0;
    std::string_view repair;
    if (day.size() > 2 || !read_year(numbers[year_first ? 0 : 1], year, repair)) return refused(kNoDate);
    const auto made = make_day(year, month, to_number(day));
    if (!made) return refused(kNoSuchDay);
    return {made, repair, {}, {}, !repair.empty()};
}

// Runs of digits and runs of letters of folded text; anything but the usual separators between them spoils
// it.
bool tokenize(std::string_view text, std::vector<std::string_view>& tokens, bool& words) {
    for (size_t i = 0; i < text.size();) {
        const char c = text[i];
        size_t end = i + 1;
        if (is_digit(c) || is_lower(c)) {
            while (end < text.size() && (is_digit(c) ? is_digit(text[end]) : is_lower(text[end]))) ++end;
            if (end - i > 14 || tokens.size() >= 12) return false;
            tokens.push_back(text.substr(i, end - i));
            words = words || is_lower(c);
        } else if (std::string_view(" -/.,'").find(c) == std::string_view::npos) {
            return false;
        }
        i = end;
    }
    return !tokens.empty();
}

// "2021年3月5日", folded.
bool is_east_asian(std::span<const std::string_view> tokens) {
    return tokens.size() == 6 && is_digit(tokens[0][0]) && east_asian_unit(tokens[1]) == 1 &&
           is_digit(tokens[2][0]) && east_asian_unit(tokens[3]) == 2 && is_digit(tokens[4][0]) &&
           east_asian_unit(tokens[5]) == 3;
}

DayResult read_day(std::string_view text, DateOrder order) {
    const std::string folded = fold(text);
    std::vector<std::string_view> tokens;
    bool words = false;
    if (!tokenize(folded, tokens, words)) return refused(kNoDate);
    if (words) {
        const bool week =
            tokens.size() >= 3 && tokens.size() <= 4 && tokens[0].size() == 4 && tokens[1] == "w";
        if (week && is_digit(tokens[0][0]) && is_digit(tokens.back()[0])) return refuse_week(tokens);
        if (is_east_asian(tokens)) {
            return read_numbers(std::array{tokens[0], tokens[2], tokens[4]}, DateOrder::kYmd);
        }
        return read_words(tokens);
    }
    // Separators matter when there are only numbers: "-1/2/2021" and "1//2/2021" are no dates.
    const bool tidy =
        is_digit(folded.front()) && is_digit(folded.back()) &&
        folded.size() ==
            tokens.size() - 1 + static_cast<size_t>(std::count_if(folded.begin(), folded.end(), is_digit));
    if (!tidy || folded.find_first_of(",'") != std::string::npos) return refused(kNoDate);
    if (tokens.size() == 2) return refuse_pair(tokens[0], tokens[1], folded[tokens[0].size()]);
    return read_numbers(tokens, order);
}

// The plain forms "2021-05-01", "1/5/2021" and "20210501" without the work that words need. False when it is
// anything else; the result is that of read_day.
bool read_plain_day(std::string_view text, DateOrder order, DayResult& result) {
    constexpr size_t kLongest = 32;
    if (text.size() < 5 || text.size() > kLongest) return false;
    std::array<std::string_view, 3> parts;
    size_t count = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const size_t from = i;
        while (i < text.size() && is_digit(text[i])) ++i;
        if (i == from || count == parts.size()) return false;
        parts[count++] = text.substr(from, i - from);
        if (i == text.size()) break;
        if (text[i] != '-' && text[i] != '/' && text[i] != '.' && text[i] != ' ') return false;
        if (i + 1 == text.size()) return false;
    }
    if (count != 3 && !(count == 1 && text.size() == 8)) return false;
    if (std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.size() > 8; }))
        return false;
    result = read_numbers(std::span(parts.data(), count), order);
    return true;
}

// Up to `most` digits at `at`; advances. False when there is none.
bool take_number(std::string_view text, size_t& at, size_t most, unsigned& value) {
    const size_t from = at;
    while (at < text.size() && at - from < most && is_digit(text[at])) ++at;
    value = to_number(text.substr(from, at - from));
    return at > from;
}

// "Z", "UTC", "GMT", "+02", "-0400", "+05:30", or nothing.
bool read_offset(std::string_view text, std::optional<std::chrono::seconds>& offset) {
    if (text.empty()) return true;
    if (text == "z" || text == "utc" || text == "gmt") {
        offset = std::chrono::seconds(0);
        return true;
    }
    if (text.starts_with("utc") || text.starts_with("gmt")) text.remove_prefix(3);
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
    size_t at = 1;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!take_number(text, at, 2, hours)) return false;
    if (at < text.size() && text[at] == ':') ++at;
    if (at < text.size() && !take_number(text, at, 2, minutes)) return false;
    if (at != text.size() || hours > 15 || minutes > 59) return false;
    const auto size = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    offset = text[0] == '-' ? -size : size;
    return true;
}

// "10:00", "10:00:00.123 PM -0400", or without colons "100000".
bool read_time(std::string_view written, Moment& moment) {
    const std::string text = to_lower(written);
    const bool compact = text.find(':') == std::string::npos || text.find(':') > 2;
    size_t at = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    std::chrono::microseconds fraction{0};
    const auto colon = [&] {
        if (compact) return at < text.size() && is_digit(text[at]);
        if (at >= text.size() || text[at] != ':') return false;
        ++at;
        return true;
    };
    if (!take_number(text, at, 2, hour) || !colon() || !take_number(text, at, 2, minute)) return false;
    if (colon()) {
        if (!take_number(text, at, 2, second)) return false;
        if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
            unsigned digits = 0;
            const size_t from = ++at;
            if (!take_number(text, at, 6, digits)) return false;
            for (size_t n = at - from; n < 6; ++n) digits *= 10;
            while (at < text.size() && is_digit(text[at])) ++at;
            fraction = std::chrono::microseconds(digits);
        }
    }
    std::string rest = prepare(std::string_view(text).substr(at));
    std::erase(rest, ' ');
    for (const std::string_view half : {"a.m.", "p.m.", "am", "pm"}) {
        if (!rest.starts_with(half)) continue;
        if (hour < 1 || hour > 12) return false;
        hour = hour % 12 + (half[0] == 'p' ? 12 : 0);
        rest.erase(0, half.size());
        break;
    }
    if (hour > 23 || minute > 59 || second > 59 || !read_offset(rest, moment.offset)) return false;
    moment.has_time = true;
    moment.time =
        std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction;
    return true;
}

MomentResult to_moment(DayResult day) {
    if (!day.day) return {std::nullopt, day.problem, std::move(day.suggestion)};
    Moment moment;
    moment.day = *day.day;
    moment.repair = day.repair;
    moment.two_digit_year = day.two_digit_year;
    return {moment, {}, {}};
}

// Where the time of day begins; npos when there is none. `day_end` is where the day ends.
size_t find_time(std::string_view text, size_t& day_end) {
    day_end = text.size();
    size_t start = std::string_view::npos;
    if (text.size() == 14 && all_digits(text)) {
        start = day_end = 8;
    } else if (text.size() > 9 && all_digits(text.substr(0, 8)) && lower(text[8]) == 't') {
        day_end = 8;
        start = 9;
    } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
        start = colon;
        while (start > 0 && is_digit(text[start - 1])) --start;
        day_end = start;
        while (day_end > 0 &&
               (text[day_end - 1] == ' ' || text[day_end - 1] == ',' ||
                (lower(text[day_end - 1]) == 't' && day_end > 1 && is_digit(text[day_end - 2])))) {
            --day_end;
        }
        if (day_end == start) day_end = 0;  // "2021-05-0110:00"
    }
    return start;
}

}  // namespace

DateOrder parse_date_order(std::string_view name) {
    const std::string order = to_lower(name);
    if (order == "dmy") return DateOrder::kDmy;
    if (order == "mdy") return DateOrder::kMdy;
    if (order == "ymd") return DateOrder::kYmd;
    throw Error(ErrorCode::kInvalidInput, "unknown date order \"" + prepare(clip_utf8(name, 100)) + "\"",
                "A date order is one of: dmy, mdy, ymd.",
                "Say how 03/04/2021 is meant, for example: date_order => 'mdy' (March 4th).");
}

bool is_default_day(year_month_day day) {
    struct Default {
        int year;
        unsigned month, day;
    };
    static constexpr auto kDefaults = std::to_array<Default>({{1, 1, 1},
                                                              {1111, 11, 11},
                                                              {1753, 1, 1},
                                                              {1899, 12, 30},
                                                              {1899, 12, 31},
                                                              {1900, 1, 1},
                                                              {1901, 1, 1},
                                                              {1970, 1, 1},
                                                              {9999, 12, 31}});
    return std::any_of(kDefaults.begin(), kDefaults.end(), [&](const Default& known) {
        return static_cast<int>(day.year()) == known.year &&
               static_cast<unsigned>(day.month()) == known.month &&
               static_cast<unsigned>(day.day()) == known.day;
    });
}

bool is_likely_year(year_month_day day) {
    const int year = static_cast<int>(day.year());
    return year >= 1800 && year <= 2199;
}

std::string pad(unsigned number, int width) {
    std::string digits = std::to_string(number);
    const auto wanted = static_cast<size_t>(width);
    return digits.size() < wanted ? std::string(wanted - digits.size(), '0') + digits : digits;
}

std::string format_day(year_month_day day) {
    const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
    const auto digit = [](unsigned number) { return static_cast<char>('0' + number % 10); };
    const auto month = static_cast<unsigned>(day.month());
    const auto number = static_cast<unsigned>(day.day());
    const std::array<char, 10> text{digit(year / 1000),
                                    digit(year / 100),
                                    digit(year / 10),
                                    digit(year),
                                    '-',
                                    digit(month / 10),
                                    digit(month),
                                    '-',
                                    digit(number / 10),
                                    digit(number)};
    return {text.data(), text.size()};
}

bool parse_plain_day(std::string_view raw, DateOrder order, MomentResult& result) {
    while (raw.starts_with(' ')) raw.remove_prefix(1);
    while (raw.ends_with(' ')) raw.remove_suffix(1);
    DayResult day;
    if (!read_plain_day(raw, order, day)) return false;
    result = to_moment(std::move(day));
    return true;
}

MomentResult parse_moment(std::string_view text, DateOrder order) {
    constexpr size_t kLongest = 100;
    if (text.size() > kLongest) return {std::nullopt, "too long", {}};
    size_t day_end = 0;
    const size_t time_start = find_time(text, day_end);
    MomentResult result = to_moment(read_day(text.substr(0, day_end), order));
    if (result.moment && time_start != std::string_view::npos &&
        !read_time(text.substr(time_start), *result.moment)) {
        return {std::nullopt, "no time of day", {}};
    }
    return result;
}

}  // namespace cdp::text
