// SPDX-License-Identifier: PostgreSQL
// The postal code among the tokens behind the street.
#include <algorithm>

#include "text/address_parse.hpp"
#include "text/code.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// The letters and digits of `code` (in small letters) have the form of the country's postal codes.
bool fits_mask(std::string_view code, std::string_view alpha2) {
    const std::string_view masks = postal_mask(alpha2);
    for (size_t from = 0; from < masks.size();) {
        const size_t end = std::min(masks.find('|', from), masks.size());
        size_t at = 0;
        bool fits = true;
        for (const char m : masks.substr(from, end - from)) {
            if (m == ' ' || m == '-') continue;
            if (at == code.size()) {
                fits = false;
                break;
            }
            const char c = code[at++];
            const bool right = m == 'N'   ? is_digit(c)
                               : m == 'A' ? is_lower(c)
                               : m == 'X' ? is_lower(c) || is_digit(c)
                                          : c == m;
            if (!right) {
                fits = false;
                break;
            }
        }
        if (fits && at == code.size()) return true;
        from = end + 1;
    }
    return false;
}

// Tokens i to i + words - 1 together.
bool is_postal(const Address& a, std::string_view alpha2, size_t i, size_t words) {
    const Token* tokens = a.tokens.data();
    const auto comma = [&](size_t n) { return tokens[n].before == ','; };
    std::string_view parts[2];
    std::array<char, 16> code{};
    size_t size = 0;
    for (size_t n = 0; n < words; ++n) {
        const Token& t = tokens[i + n];
        if (t.role != Role::kRest || (n > 0 && (comma(i + n) || t.before != ' '))) return false;
        parts[n] = a.fold(t);
        for (const char c : parts[n]) {
            if (c == '-') continue;
            if (size == code.size() || !(is_digit(c) || is_lower(c))) return false;
            code[size++] = c;
        }
    }
    const std::string_view whole(code.data(), size);
    if (size < 3 || whole.find_first_of("0123456789") == std::string_view::npos) return false;
    const bool digits = all_digits(whole);
    const std::string_view hyphenated = parts[0];
    if (words == 1 && digits && alpha2.empty()) {
        if (size == 5 || size == 7 || size == 8 || size == 9) return true;
        // "1010 Wien", "8001 Zürich"
        return (size == 4 || size == 6) && comma(i) && i + 1 < a.count && !comma(i + 1);
    }
    if (words == 1 && alpha2 == "US" && digits) return size == 5 || (size == 9 && hyphenated.size() == 10);
    const bool british = alpha2 == "GB" || alpha2.empty();
    if (british && size >= 5 && size <= 7 && is_lower(whole[0])) {
        const std::string_view inward = whole.substr(size - 3);
        if (is_digit(inward[0]) && is_lower(inward[1]) && is_lower(inward[2]) &&
            (words == 1 || parts[1] == inward)) {
            return true;
        }
    }
    if (alpha2.empty()) {
        // Canada's and the Netherlands'.
        if (words == 2 && size == 6 && is_lower(whole[0]) && is_digit(whole[1]) && is_lower(whole[2]) &&
            is_digit(whole[3]) && is_lower(whole[4]) && is_digit(whole[5])) {
            return true;
        }
        return words == 2 && all_digits(parts[0]) && parts[0].size() == 4 && parts[1].size() == 2 &&
               is_lower(parts[1][0]) && comma(i);
    }
    return fits_mask(whole, alpha2);
}

}  // namespace

void find_postal_code(Address& a, std::string_view alpha2) {
    Token* tokens = a.tokens.data();
    const auto fold = [&](size_t n) { return a.fold(tokens[n]); };
    for (size_t i = 0; i + 1 < a.count; ++i) {
        const Token& t = tokens[i];
        if (t.role != Role::kRest) continue;
        size_t value = i + 1;
        if (fold(i) == "c" && fold(value) == "p" && i + 2 < a.count) {
            ++value;
        } else if (fold(i) == "codigo" && fold(value) == "postal" && i + 2 < a.count) {
            ++value;
        } else if (a.as(tokens[i], WordKind::kPostMark) == nullptr) {
            continue;
        }
        if (tokens[value].role != Role::kRest || !tokens[value].any_digit || fold(value).size() < 3) continue;
        for (size_t n = i; n < value; ++n) tokens[n].role = Role::kPostMark;
        tokens[value].role = Role::kPostal;
        return;
    }
    for (size_t i = a.count; i-- > 1;) {
        if (tokens[i].role != Role::kRest || !(tokens[i].any_digit || i >= 2)) continue;
        if (i >= 2 && is_postal(a, alpha2, i - 1, 2)) {
            tokens[i - 1].role = tokens[i].role = Role::kPostal;
            return;
        }
        if (tokens[i].any_digit && is_postal(a, alpha2, i, 1)) {
            tokens[i].role = Role::kPostal;
            return;
        }
    }
}

}  // namespace cdp::text
