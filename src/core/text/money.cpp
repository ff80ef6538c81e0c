// SPDX-License-Identifier: PostgreSQL
#include "text/money.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "text/country.hpp"
#include "text/currency.hpp"
#include "text/number.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kLongest = 300;

// Typographic signs in their ASCII forms.
std::string ascii_signs(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (size_t i = 0; i < raw.size();) {
        const char32_t point = decode_utf8(raw, i);
        if (point == U'−' || point == U'–' || point == U'—') {
            out.push_back('-');
        } else if (point == U'’' || point == U'´') {
            out.push_back('\'');
        } else {
            append_utf8(out, point);
        }
    }
    return out;
}

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// Around the digits: what is in front, the number, what is behind.
struct Pieces {
    std::string_view head, number, tail;
    bool negative = false;
};

// False when there is no digit.
bool split_pieces(std::string_view text, Pieces& out) {
    const size_t first = text.find_first_of("0123456789");
    if (first == std::string_view::npos) return false;
    const size_t last = text.find_last_of("0123456789");
    size_t begin = first;
    // ".50", but the full stop of "Bs.50" and "S/.50" ends an abbreviation.
    if (begin > 0 && (text[begin - 1] == '.' || text[begin - 1] == ',')) {
        const char before = begin > 1 ? text[begin - 2] : ' ';
        if (!is_letter(before) && before != '/') --begin;
    }
    out.head = trim(text.substr(0, begin));
    out.number = text.substr(begin, last + 1 - begin);
    out.tail = trim(text.substr(last + 1));
    // "12.-", "12,--"
    if (out.tail.size() >= 2 && (out.tail[0] == '.' || out.tail[0] == ',') && out.tail[1] == '-') {
        out.tail.remove_prefix(2);
        if (out.tail.starts_with('-')) out.tail.remove_prefix(1);
    } else if (out.tail.starts_with('.') || out.tail.starts_with(',')) {
        out.tail.remove_prefix(1);
    }
    out.tail = trim(out.tail);
    // Signs, at either end of head and tail: "-$5", "$-5", "(5 €)", "5- €", "5 €-".
    size_t open = 0;
    size_t close = 0;
    size_t minus = 0;
    const auto strip = [&](std::string_view& piece) {
        for (bool changed = true; changed && !piece.empty();) {
            changed = false;
            for (const bool front : {true, false}) {
                if (piece.empty()) break;
                const char c = front ? piece.front() : piece.back();
                if (c != '-' && c != '+' && c != '(' && c != ')' && c != ' ') continue;
                minus += c == '-' ? 1U : 0U;
                open += c == '(' ? 1U : 0U;
                close += c == ')' ? 1U : 0U;
                if (front) {
                    piece.remove_prefix(1);
                } else {
                    piece.remove_suffix(1);
                }
                changed = true;
            }
        }
    };
    strip(out.head);
    strip(out.tail);
    if (open != close || open + minus > 1) return false;
    out.negative = open + minus > 0;
    return true;
}

// 'k', 'mil', 'MM', …: how many places it moves the decimal sign; 0 when it is none.
size_t magnitude(std::string_view word) {
    static constexpr auto kThousand = std::to_array<std::string_view>({"k", "mil", "tsd"});
    static constexpr auto kMillion = std::to_array<std::string_view>(
        {"m", "mm", "mio", "mill", "millon", "millones", "million", "millions", "mn", "milhao", "milhoes"});
    const std::string small = to_lower(word);
    std::string_view key = small;
    if (key.ends_with('.')) key.remove_suffix(1);
    if (std::find(kThousand.begin(), kThousand.end(), key) != kThousand.end()) return 3;
    return std::find(kMillion.begin(), kMillion.end(), key) != kMillion.end() ? 6 : 0;
}

// Takes a magnitude off the front of the tail: "k", "k USD", "mil pesos", "millones de pesos".
size_t take_magnitude(std::string_view& tail) {
    size_t end = 0;
    while (end < tail.size() && is_letter(tail[end])) ++end;
    const size_t places = magnitude(tail.substr(0, end));
    if (places == 0) return 0;
    tail.remove_prefix(end);
    if (tail.starts_with('.')) tail.remove_prefix(1);
    tail = trim(tail);
    if (tail.starts_with("de ")) tail.remove_prefix(3);
    return places;
}

// Moves the decimal sign of a canonical number.
std::string shifted(std::string_view number, size_t places) {
    const size_t sign = std::min(number.find('.'), number.size());
    std::string whole(number.substr(0, sign));
    std::string decimals(sign < number.size() ? number.substr(sign + 1) : "");
    const size_t moved = std::min(places, decimals.size());
    whole.append(decimals, 0, moved);
    whole.append(places - moved, '0');
    decimals.erase(0, moved);
    const bool minus = whole.starts_with('-');
    if (minus) whole.erase(0, 1);
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
    if (minus) whole.insert(0, 1, '-');
    if (!decimals.empty()) whole.append(1, '.').append(decimals);
    return whole;
}

size_t decimals_of(std::string_view number) {
    const size_t sign = number.find('.');
    if (sign == std::string_view::npos) return 0;
    // "12990.00" has none to speak of.
    return number.find_first_not_of('0', sign + 1) == std::string_view::npos ? 0 : number.size() - sign - 1;
}

// What a sign, code or name beside the number means. True when it is understood, `code` may stay empty.
bool read_currency(std::string_view word, std::string_view home, std::string_view country,
                   std::string& code) {
    if (word.empty()) return true;
    bool ambiguous = false;
    code = currency_of_sign(word, home, ambiguous);
    if (!code.empty() || ambiguous) return true;
    const Cleaned cleaned = clean_currency(word, country);
    code = cleaned.value;
    return cleaned.has_value() || cleaned.reason == "several currencies";
}

// The decimal sign where the amount was written, or that of the currency's home; '\0' when neither is known.
char decimal_sign(const Country* place, std::string_view currency) {
    if (place != nullptr) return place->decimal_sign;
    if (currency.size() != 3) return '\0';
    const Country* home = find_country(currency.substr(0, 2));
    return home != nullptr && home->currency == currency ? home->decimal_sign : '\0';
}

// "1.234": readable in two ways.
bool is_ambiguous(std::string_view number) {
    const size_t sign = number.find_first_of(".,");
    if (sign == std::string_view::npos || number.size() - sign != 4) return false;
    const std::string_view whole =
        number.substr(number.starts_with('-') ? 1 : 0, sign - (number.starts_with('-') ? 1 : 0));
    return !whole.empty() && whole.size() <= 3 && whole.find_first_not_of('0') != std::string_view::npos;
}

// Settles what clean_number leaves open, and looks at the decimals.
Cleaned settle(Cleaned number, std::string_view written, const Country* place, std::string_view currency) {
    const Currency* known = find_currency(currency);
    const char decimal = decimal_sign(place, currency);
    if (number.status == Status::kSuspicious && number.reason == "thousands or decimals") {
        const bool point = written.find('.') != std::string_view::npos;
        const bool groups = (known != nullptr && known->minor_units == 0) ||
                            (decimal != '\0' && decimal != (point ? '.' : ','));
        if (groups) number = accepted(point ? std::move(number.suggestion) : std::move(number.value));
    }
    if (!number.has_value() || number.status == Status::kSuspicious || known == nullptr) return number;
    if (known->minor_units >= 0 && decimals_of(number.value) > static_cast<size_t>(known->minor_units)) {
        return suspicious(std::move(number.value), "more decimals than the currency has");
    }
    return number;
}

}  // namespace

Money clean_money(std::string_view raw, std::string_view country, std::string_view currency) {
    Money out{invalid("no number"), {}};
    std::string text;
    if (auto stop = open_value(raw, text)) return {*stop, {}};
    if (text.size() > kLongest) return {invalid("too long"), {}};
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    if (is_missing_word(text)) return {missing("placeholder word"), {}};
    if (!is_ascii(text)) text = prepare(ascii_digits(ascii_signs(text)));

    const Country* place = country.empty() ? nullptr : find_country(country_option(country));
    const std::string given = currency.empty() ? std::string() : clean_currency(currency, country).value;
    const std::string_view home = !given.empty()     ? given
                                  : place != nullptr ? place->currency
                                                     : std::string_view();

    Pieces pieces;
    if (!split_pieces(text, pieces)) return out;
    if (pieces.tail.ends_with('%')) {
        out.amount = invalid("percentage");
        return out;
    }
    std::string in_front;
    std::string behind;
    const bool head_read = read_currency(pieces.head, home, country, in_front);
    size_t places = 0;
    bool tail_read = read_currency(pieces.tail, home, country, behind);
    // "2 MM" is no currency, but "5 mn" is Mexico's.
    if (!pieces.tail.empty() && (!tail_read || behind.empty())) {
        std::string_view rest = pieces.tail;
        places = take_magnitude(rest);
        if (places > 0) {
            behind.clear();
            tail_read = read_currency(rest, home, country, behind);
        }
    }
    if (!head_read || !tail_read) return out;
    const bool two = !in_front.empty() && !behind.empty() && in_front != behind && pieces.head != "$";
    const bool signless = pieces.head.empty() && (pieces.tail.empty() || (places > 0 && behind.empty()));
    out.currency = !behind.empty()     ? behind
                   : !in_front.empty() ? in_front
                   : signless          ? std::string(home)
                                       : std::string();

    std::string written(pieces.number);
    if (pieces.negative) written.insert(0, 1, '-');
    out.amount = settle(clean_number(written), pieces.number, place, out.currency);
    if (!out.amount.has_value()) {
        out.currency.clear();
        return out;
    }
    if (places > 0) out.amount = suspicious(shifted(out.amount.value, places), "abbreviated amount");
    if (two) out.amount = suspicious(std::move(out.amount.value), "two currencies");
    // The value must say the same when it is read again.
    if (is_ambiguous(out.amount.value)) {
        const Cleaned again = settle(clean_number(out.amount.value), out.amount.value, place,
                                     out.currency.empty() ? home : std::string_view(out.currency));
        if (again.value != out.amount.value) out.amount.value.push_back('0');
        if (out.amount.status != Status::kSuspicious) {
            out.amount = suspicious(std::move(out.amount.value), "thousands or decimals");
        }
    }
    if (out.amount.status == Status::kOk && !repair.empty())
        out.amount = accepted(std::move(out.amount.value), repair);
    return out;
}

}  // namespace cdp::text
