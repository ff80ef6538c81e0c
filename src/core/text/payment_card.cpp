// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <array>
#include <string>

#include "text/bank_code.hpp"
#include "text/check_digits.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kFewest = 13;
constexpr size_t kMost = 19;
constexpr size_t kShown = 4;

// First digits, from and to, and how many digits a number has.
struct Network {
    unsigned from, to;  // four digits
    uint8_t fewest, most;
};
constexpr auto kNetworks = std::to_array<Network>({
    {2131, 2131, 15, 15},                        // JCB
    {1800, 1800, 15, 15}, {1946, 1946, 16, 16},  // GPN
    {2200, 2204, 16, 19},                        // Mir
    {2221, 2720, 16, 16},                        // Mastercard
    {3000, 3059, 14, 19},                        // Diners
    {3095, 3095, 14, 19}, {3400, 3499, 15, 15},  // American Express
    {3528, 3589, 16, 19},                        // JCB
    {3600, 3699, 14, 19},                        // Diners
    {3700, 3799, 15, 15},                        // American Express
    {3800, 3999, 14, 19},                        // Diners, Hipercard
    {4000, 4999, 13, 13},                        // Visa
    {4000, 4999, 16, 19}, {5000, 5099, 16, 19},  // Maestro, Elo, Verve
    {5100, 5599, 16, 16},                        // Mastercard
    {5600, 5899, 16, 19},                        // Maestro
    {6000, 6999, 16, 19},                        // Discover, UnionPay, Maestro, RuPay
    {8100, 8299, 16, 19},                        // UnionPay, RuPay
    {9792, 9792, 16, 16},                        // Troy
});

bool has_network(std::string_view digits) {
    unsigned front = 0;
    for (const char c : digits.substr(0, 4)) front = front * 10 + digit_value(c);
    return std::any_of(kNetworks.begin(), kNetworks.end(), [&](const Network& network) {
        return front >= network.from && front <= network.to && digits.size() >= network.fewest &&
               digits.size() <= network.most;
    });
}

std::string masked(size_t digits, std::string_view last) {
    return std::string(digits - kShown, '*') + std::string(last);
}

bool is_made_up(std::string_view digits) {
    static constexpr std::string_view kRising = "1234567890123456789";
    return is_repeated_character(digits) || kRising.starts_with(digits);
}

// The digits of the card number that begins at `start`, and where it ends; 0 when none does. The longest.
struct Found {
    size_t end = 0;
    size_t digits = 0;
};

Found card_at(std::string_view text, size_t start) {
    std::array<char, kMost> digits{};
    size_t count = 0;
    Found found;
    size_t i = start;
    while (i < text.size()) {
        if (!is_digit(text[i])) {
            const bool joined =
                (text[i] == ' ' || text[i] == '-') && i + 1 < text.size() && is_digit(text[i + 1]);
            if (!joined) break;
            ++i;
        }
        if (count == kMost) break;
        digits[count++] = text[i++];
        const bool whole = i == text.size() || !is_digit(text[i]);
        if (!whole || count < kFewest) continue;
        const std::string_view number(digits.data(), count);
        if (has_network(number) && luhn_is_right(number)) found = {i, count};
    }
    return found;
}

}  // namespace

Cleaned clean_payment_card(std::string_view raw) {
    constexpr size_t kLongestText = 60;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    strip_quotes(text);
    if (!is_ascii(text)) text = ascii_digits(text);
    if (text.size() > kLongestText) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");
    if (text.ends_with(".0") && all_digits(std::string_view(text).substr(0, text.size() - 2))) {
        text.resize(text.size() - 2);
    }
    // Stars and the like are kept as stars.
    std::array<char, kLongestText> characters{};
    size_t size = 0;
    size_t stars = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = std::string_view(text).substr(i);
        if (is_digit(text[i])) {
            characters[size++] = text[i];
        } else if (text[i] == '*' || text[i] == '#' || upper(text[i]) == 'X' || rest.starts_with("•")) {
            characters[size++] = '*';
            ++stars;
            if (text[i] == '\xE2') i += 2;
        } else if (text[i] != ' ' && text[i] != '-') {
            return invalid("character not allowed");
        }
    }
    const std::string_view number(characters.data(), size);
    if (stars > 0) {
        if (size < kShown + 1 || !all_digits(number.substr(size - kShown)))
            return invalid("last digits hidden");
        const bool whole = size >= kFewest && size <= kMost;
        return accepted(masked(whole ? size : 16, number.substr(size - kShown)));
    }
    if (size >= kShown && is_made_up(number)) return missing("placeholder number");
    if (size < kFewest || size > kMost) return invalid("wrong number of digits");
    if (!luhn_is_right(number)) return invalid("wrong check digit");
    std::string value = masked(size, number.substr(size - kShown));
    if (!has_network(number)) return suspicious(std::move(value), "no known card network");
    return accepted(std::move(value));
}

size_t mask_payment_cards(std::span<char> text, Tick& tick) {
    const std::string_view source(text.data(), text.size());
    size_t out = 0;
    size_t i = 0;
    // What is read lies always behind what is written: a masked number is no longer than the number.
    while (i < source.size()) {
        if (!is_digit(source[i])) {
            text[out++] = source[i++];
            continue;
        }
        tick();
        const bool fraction = i > 1 && out > 1 && text[out - 1] == '.' && is_digit(text[out - 2]);
        // The last four of a masked number begin no other.
        const bool shown = out > 0 && text[out - 1] == '*';
        const Found found = fraction || shown ? Found{} : card_at(source, i);
        if (found.end > 0) {
            std::fill_n(text.begin() + static_cast<ptrdiff_t>(out), found.digits - kShown, '*');
            out += found.digits - kShown;
            // The last four may have separators among them.
            std::array<char, kShown> last{};
            size_t at = found.end;
            for (size_t n = kShown; n > 0; --at) {
                if (is_digit(source[at - 1])) last[--n] = source[at - 1];
            }
            std::copy(last.begin(), last.end(), text.begin() + static_cast<ptrdiff_t>(out));
            out += kShown;
            i = found.end;
            continue;
        }
        while (i < source.size() && is_digit(source[i])) text[out++] = source[i++];
    }
    return out;
}

}  // namespace cdp::text
