// SPDX-License-Identifier: PostgreSQL
#include "ingest/instant.hpp"

namespace cdp::ingest {

bool parse_plain_instant(std::string_view text, bool local_is_utc, int64_t& micros) {
    if (text.size() < 19 || text.size() > 32) return false;
    bool good = true;
    const auto two = [&](size_t at) {
        const unsigned a = static_cast<unsigned char>(text[at]) - '0';
        const unsigned b = static_cast<unsigned char>(text[at + 1]) - '0';
        good = good && a < 10 && b < 10;
        return static_cast<int>(a * 10 + b);
    };
    const int year = two(0) * 100 + two(2);
    const int month = two(5);
    const int day = two(8);
    const int hour = two(11);
    const int minute = two(14);
    const int second = two(17);
    if (!good || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') ||
        text[13] != ':' || text[16] != ':')
        return false;
    if (year < 1971 || year > 2099 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
        return false;
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    // No century year lies between but 2000, a leap year.
    if (day < 1 || day > kDays[month - 1] + (month == 2 && year % 4 == 0 ? 1 : 0)) return false;
    size_t at = 19;
    int64_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        int64_t unit = 100000;
        const size_t start = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            if (at - start == 6) return false;
            fraction += (text[at] - '0') * unit;
            unit /= 10;
        }
        if (at == start) return false;
    }
    int offset = 0;
    if (at == text.size()) {
        if (!local_is_utc) return false;
    } else if (text[at] == 'Z') {
        if (at + 1 != text.size()) return false;
    } else if (text[at] == '+' || text[at] == '-') {
        const bool west = text[at] == '-';
        std::string_view rest = text.substr(at + 1);
        const bool colon = rest.size() == 5 && rest[2] == ':';
        if (rest.size() != 2 && rest.size() != 4 && !colon) return false;
        at += 1;
        const int hours = two(at);
        const int minutes = rest.size() == 2 ? 0 : two(at + (colon ? 3 : 2));
        if (!good || hours > 14 || minutes > 59) return false;
        offset = hours * 60 + minutes;
        if (west) offset = -offset;
    } else {
        return false;
    }
    // Days since 1 March of the year 0 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    const int y = month <= 2 ? year - 1 : year;
    const int era_year = y % 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t days =
        int64_t{y / 400} * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + day_of_year - 730425;
    micros = ((days * 24 + hour) * 60 + minute - offset) * int64_t{60000000} + second * int64_t{1000000} +
             fraction;
    return true;
}

}  // namespace cdp::ingest
