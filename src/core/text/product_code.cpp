// SPDX-License-Identifier: PostgreSQL
#include "text/product_code.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text/check_digits.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kEan = 13;

bool is_isbn10(std::string_view code) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 10; ++i) {
        const bool ten = i == 9 && code[i] == 'X';
        if (!ten && !is_digit(code[i])) return false;
        sum += (10 - i) * (ten ? 10 : digit_value(code[i]));
    }
    return sum % 11 == 0;
}

// 123456789012 and the like, without the check digit; one digit over and over.
bool is_made_up(std::string_view digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() < 6) return digits.empty();
    const std::string_view payload = digits.substr(0, digits.size() - 1);
    static constexpr std::string_view kRising = "12345678901234567890";
    return is_repeated_character(payload) || kRising.starts_with(payload);
}

bool is_in_store(std::string_view ean) {
    return ean[0] == '2' || ean.starts_with("02") || ean.starts_with("04");
}

Cleaned conclude(std::string ean, std::string_view repair) {
    if (is_in_store(ean)) return suspicious(std::move(ean), "in-store number");
    return accepted(std::move(ean), repair);
}

std::string padded(std::string_view digits) {
    return std::string(kEan - digits.size(), '0') + std::string(digits);
}

}  // namespace

Cleaned clean_product_code(std::string_view raw) {
    constexpr size_t kLongestText = 40;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    strip_quotes(text);
    if (!is_ascii(text)) text = ascii_digits(text);
    if (text.size() > kLongestText) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");
    std::string_view repair;
    if (text.size() > 2 && text.ends_with(".0") &&
        all_digits(std::string_view(text).substr(0, text.size() - 2))) {
        text.resize(text.size() - 2);
        repair = "decimal dropped";
    }
    std::string_view rest = text;
    const std::string word = to_upper(rest.substr(0, 4));
    if (word == "ISBN") rest.remove_prefix(4);
    std::array<char, kLongestText> characters{};
    size_t size = 0;
    for (const char c : rest) {
        if (is_digit(c) || upper(c) == 'X') {
            characters[size++] = upper(c);
        } else if (c != ' ' && c != '-' && !(c == ':' && size == 0)) {
            return invalid("character not allowed");
        }
    }
    const std::string_view code(characters.data(), size);
    if (code.empty()) return invalid("no digits");
    if (is_made_up(code)) return missing("placeholder number");
    if (size == 10 && is_isbn10(code)) {
        std::string ean = "978" + std::string(code.substr(0, 9));
        ean.push_back(ean_check_digit(ean));
        return accepted(std::move(ean), repair);
    }
    if (!all_digits(code)) return invalid("character not allowed");
    if (size == 14) {
        if (!ean_is_right(code)) return invalid("wrong check digit");
        std::string ean(code.substr(1, 12));
        ean.push_back(ean_check_digit(ean));
        if (code[0] == '0') return conclude(std::move(ean), repair);
        return invalid("code of a case", std::move(ean));
    }
    // A number loses the zeros in front of a UPC.
    const bool shortened = size == 10 || size == 11;
    if (size != 8 && size != 12 && size != kEan && !shortened) return invalid("wrong number of digits");
    if (!ean_is_right(code)) return invalid(shortened ? "wrong number of digits" : "wrong check digit");
    return conclude(padded(code), shortened ? "leading zero restored" : repair);
}

}  // namespace cdp::text
