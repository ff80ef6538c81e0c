// SPDX-License-Identifier: PostgreSQL
#include "text/number.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf8.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kMostDigits = 100;

bool is_currency_code(std::string_view word) {
    static constexpr auto kCodes = std::to_array<std::string_view>(
        {"usd", "eur", "gbp", "clp", "mxn", "ars", "cop", "pen", "brl", "uyu",  "bob",   "pyg", "ves", "crc",
         "dop", "gtq", "cad", "aud", "nzd", "jpy", "cny", "rmb", "inr", "chf",  "sek",   "nok", "dkk", "pln",
         "us",  "r",   "s/",  "kr",  "mx",  "cl",  "au",  "ca",  "a",   "euro", "euros", "s/."});
    return std::find(kCodes.begin(), kCodes.end(), word) != kCodes.end();
}

// ASCII signs for typographic ones, no currency symbols; "" when something is left that is no part of a
// number.
struct Stripped {
    std::string text;
    bool currency = false;
    bool percent = false;
};
Stripped strip_symbols(std::string_view raw) {
    Stripped out;
    for (size_t i = 0; i < raw.size();) {
        const char32_t point = decode_utf8(raw, i);
        const auto c = static_cast<UChar32>(point);
        if (point == U'−' || point == U'–') {
            out.text.push_back('-');
        } else if (point == U'’' || point == U'´' || point == U'٬') {
            out.text.push_back('\'');
        } else if (point == U'٫') {
            out.text.push_back('.');
        } else if (u_charType(c) == U_CURRENCY_SYMBOL) {
            out.currency = true;
            out.text.push_back(' ');
        } else if (point == U'%' || point == U'‰') {
            out.percent = true;
        } else {
            append_utf8(out.text, point);
        }
    }
    out.text = prepare(out.text);
    return out;
}

// Takes a currency code off either end.
bool strip_codes(std::string& text) {
    bool found = false;
    size_t end = 0;
    const auto is_code_char = [](char c) { return is_letter(c) || c == '/'; };
    while (end < text.size() && is_code_char(text[end])) ++end;
    if (end < text.size() && text[end] == '.' && end > 0 && text[end - 1] == '/') ++end;
    if (end > 0 && is_currency_code(to_lower(text.substr(0, end)))) {
        text.erase(0, end);
        found = true;
    }
    size_t begin = text.size();
    while (begin > 0 && is_letter(text[begin - 1])) --begin;
    if (begin < text.size() && is_currency_code(to_lower(text.substr(begin)))) {
        text.resize(begin);
        found = true;
    }
    if (found) text = prepare(text);
    return found;
}

// Signs and parentheses off the ends.
bool strip_sign(std::string& text, bool& negative) {
    bool changed = false;
    if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
        text = text.substr(1, text.size() - 2);
        negative = changed = true;
    } else if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.erase(0, 1);
        changed = true;
    } else if (!text.empty() && text.back() == '-') {
        text.pop_back();
        negative = changed = true;
    }
    if (changed) text = prepare(text);
    return changed;
}

// Digits in groups: one to three first, then threes (or Indian twos) and three at the end.
bool is_grouped(std::string_view text, char separator) {
    size_t group = 0;
    size_t groups = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && is_digit(text[i])) {
            ++group;
            continue;
        }
        if (i < text.size() && text[i] != separator) return false;
        const bool last = i == text.size();
        if (group == 0 || group > 3) return false;
        if (groups > 0 && (last ? group != 3 : group < 2)) return false;
        ++groups;
        group = 0;
    }
    return true;
}

std::string canonical(bool negative, std::string_view whole, std::string_view decimals) {
    std::string digits;
    std::copy_if(whole.begin(), whole.end(), std::back_inserter(digits), is_digit);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty()) digits = "0";
    if (digits == "0" && decimals.find_first_not_of('0') == std::string_view::npos) negative = false;
    std::string out = negative ? "-" : "";
    out += digits;
    if (!decimals.empty()) out.append(".").append(decimals);
    return out;
}

// Moves the decimal sign by the exponent.
bool expand_exponent(std::string_view mantissa, std::string_view exponent, std::string& whole,
                     std::string& decimals) {
    bool negative = false;
    if (!exponent.empty() && (exponent[0] == '+' || exponent[0] == '-')) {
        negative = exponent[0] == '-';
        exponent.remove_prefix(1);
    }
    if (!all_digits(exponent) || exponent.size() > 2) return false;
    size_t shift = 0;
    for (const char c : exponent) shift = shift * 10 + static_cast<size_t>(c - '0');
    const size_t sign = std::min(mantissa.find_first_of(".,"), mantissa.size());
    whole = mantissa.substr(0, sign);
    decimals = sign < mantissa.size() ? mantissa.substr(sign + 1) : "";
    if (!all_digits(whole) || (!decimals.empty() && !all_digits(decimals))) return false;
    if (negative) {
        whole.insert(0, shift, '0');
        decimals.insert(0, whole.substr(whole.size() - shift));
        whole.resize(whole.size() - shift);
    } else {
        const size_t moved = std::min(shift, decimals.size());
        whole += decimals.substr(0, moved) + std::string(shift - moved, '0');
        decimals.erase(0, moved);
    }
    return true;
}

// `text` holds digits, separators and spaces only.
Cleaned read_separated(std::string text, bool negative, std::string_view repair) {
    const char group_mark = text.find('\'') != std::string::npos ? '\'' : ' ';
    if (const size_t at = text.find(group_mark); at != std::string::npos) {
        const size_t sign = std::min(text.find_first_of(".,"), text.size());
        if (!is_grouped(text.substr(0, sign), group_mark) ||
            text.find(group_mark, sign) != std::string::npos) {
            return invalid("no number");
        }
        std::erase(text, group_mark);
        const size_t mark = text.find_first_of(".,");
        const std::string_view decimals =
            mark == std::string::npos ? "" : std::string_view(text).substr(mark + 1);
        if (mark != std::string::npos && !all_digits(decimals)) return invalid("no number");
        return accepted(canonical(negative, text.substr(0, mark), decimals), repair);
    }
    const size_t last = text.find_last_of(".,");
    if (last == std::string::npos) {
        if (!all_digits(text)) return invalid("no number");
        return accepted(canonical(negative, text, {}), repair);
    }
    const char mark = text[last];
    const char other = mark == '.' ? ',' : '.';
    const std::string_view before = std::string_view(text).substr(0, last);
    const std::string_view after = std::string_view(text).substr(last + 1);
    if (before.find(mark) != std::string_view::npos) {  // repeated: groups, and no decimals
        if (before.find(other) != std::string_view::npos || !is_grouped(text, mark))
            return invalid("no number");
        return accepted(canonical(negative, text, {}), repair);
    }
    if (!all_digits(after) || before.empty()) {
        if (before.empty() && all_digits(after))
            return accepted(canonical(negative, "0", after), "zero restored");
        if (after.empty() && all_digits(before)) return accepted(canonical(negative, before, {}), repair);
        return invalid("no number");
    }
    if (before.find(other) != std::string_view::npos) {
        if (!is_grouped(before, other)) return invalid("no number");
        return accepted(canonical(negative, before, after), repair);
    }
    if (!all_digits(before)) return invalid("no number");
    const bool ambiguous =
        after.size() == 3 && before.size() <= 3 && before.find_first_not_of('0') != std::string_view::npos;
    if (!ambiguous) return accepted(canonical(negative, before, after), repair);
    const std::string decimal = canonical(negative, before, after);
    const std::string grouped = canonical(negative, text, {});
    return mark == '.' ? suspicious(decimal, "thousands or decimals", grouped)
                       : suspicious(grouped, "thousands or decimals", decimal);
}

// A digit that is not zero, up to two more, groups of three after `group`, and decimals after `mark` or none.
bool is_grouped_by(std::string_view text, char group, char mark) {
    size_t i = 0;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == 0 || i > 3 || text[0] == '0') return false;
    size_t groups = 0;
    while (i < text.size() && text[i] == group) {
        if (text.size() - i < 4 || !all_digits(text.substr(i + 1, 3))) return false;
        i += 4;
        ++groups;
    }
    if (groups == 0) return false;
    if (i == text.size()) return true;
    return text[i] == mark && (i + 1 == text.size() || all_digits(text.substr(i + 1)));
}

bool is_decimal_by(std::string_view text, char mark) {
    const size_t at = text.find(mark);
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() && all_digits(text.substr(0, at)) &&
           all_digits(text.substr(at + 1));
}

}  // namespace

Cleaned clean_number(std::string_view raw, char decimal_mark) {
    constexpr std::string_view kNumeral = "0123456789.,";
    const size_t begin = raw.find_first_of(kNumeral);
    if (begin == std::string_view::npos || (decimal_mark != '.' && decimal_mark != ','))
        return clean_number(raw);
    const size_t end = raw.find_last_of(kNumeral) + 1;
    const char group = decimal_mark == ',' ? '.' : ',';
    const std::string_view core = raw.substr(begin, end - begin);
    const bool grouped = is_grouped_by(core, group, decimal_mark);
    if (!grouped && (decimal_mark == '.' || !is_decimal_by(core, ','))) return clean_number(raw);
    std::string text(raw);
    if (grouped) std::erase(text, group);
    if (decimal_mark == ',') std::replace(text.begin(), text.end(), ',', '.');
    return clean_number(text);
}

Cleaned clean_number(std::string_view raw) {
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    text = ascii_digits(text);
    if (text.size() > 3 * kMostDigits) return invalid("too long");
    Stripped stripped = strip_symbols(text);
    text = std::move(stripped.text);
    bool negative = false;
    const bool signed_outside = strip_sign(text, negative);
    if (strip_codes(text) || stripped.currency) repair = "currency dropped";
    if (!signed_outside) strip_sign(text, negative);
    if (std::count_if(text.begin(), text.end(), is_digit) > static_cast<std::ptrdiff_t>(kMostDigits)) {
        return invalid("too long");
    }
    if (text.find_first_of("0123456789") == std::string::npos) return invalid("no number");
    if (const size_t e = text.find_first_of("eE"); e != std::string::npos && !stripped.percent) {
        std::string whole;
        std::string decimals;
        if (!expand_exponent(std::string_view(text).substr(0, e), std::string_view(text).substr(e + 1), whole,
                             decimals)) {
            return invalid("no number");
        }
        if (whole.size() + decimals.size() > kMostDigits) return invalid("too long");
        return accepted(canonical(negative, whole, decimals), "exponent written out");
    }
    if (text.find_first_not_of("0123456789.,' ") != std::string::npos) return invalid("no number");
    Cleaned number = read_separated(std::move(text), negative, repair);
    if (stripped.percent && number.has_value()) return invalid("percentage", std::move(number.value));
    return number;
}

}  // namespace cdp::text
