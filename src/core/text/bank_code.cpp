// SPDX-License-Identifier: PostgreSQL
#include "text/bank_code.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text/check_digits.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {


// Behind country and check digits: counts of n digits, a letters, c either.
struct Account {
    std::string_view country, structure;
};
constexpr auto kAccounts = std::to_array<Account>({
    {"AD", "8n12c"},    {"AE", "19n"},      {"AL", "8n16c"},    {"AT", "16n"},     {"AZ", "4a20c"},
    {"BA", "16n"},      {"BE", "12n"},      {"BG", "4a6n8c"},   {"BH", "4a14c"},   {"BI", "23n"},
    {"BR", "23n1a1c"},  {"BY", "4c4n16c"},  {"CH", "5n12c"},    {"CR", "18n"},     {"CY", "8n16c"},
    {"CZ", "20n"},      {"DE", "18n"},      {"DJ", "23n"},      {"DK", "14n"},     {"DO", "4c20n"},
    {"EE", "16n"},      {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},     {"FK", "2a12n"},
    {"FO", "14n"},      {"FR", "10n11c2n"}, {"GB", "4a14n"},    {"GE", "2a16n"},   {"GI", "4a15c"},
    {"GL", "14n"},      {"GR", "7n16c"},    {"GT", "24c"},      {"HN", "4a20n"},   {"HR", "17n"},
    {"HU", "24n"},      {"IE", "4a14n"},    {"IL", "19n"},      {"IQ", "4a15n"},   {"IS", "22n"},
    {"IT", "1a10n12c"}, {"JO", "4a4n18c"},  {"KW", "4a22c"},    {"KZ", "3n13c"},   {"LB", "4n20c"},
    {"LC", "4a24c"},    {"LI", "5n12c"},    {"LT", "16n"},      {"LU", "3n13c"},   {"LV", "4a13c"},
    {"LY", "21n"},      {"MC", "10n11c2n"}, {"MD", "20c"},      {"ME", "18n"},     {"MK", "3n10c2n"},
    {"MN", "16n"},      {"MR", "23n"},      {"MT", "4a5n18c"},  {"MU", "4a19n3a"}, {"NI", "4a20n"},
    {"NL", "4a10n"},    {"NO", "11n"},      {"OM", "3n16c"},    {"PK", "4a16c"},   {"PL", "24n"},
    {"PS", "4a21c"},    {"PT", "21n"},      {"QA", "4a21c"},    {"RO", "4a16c"},   {"RS", "18n"},
    {"RU", "14n15c"},   {"SA", "2n18c"},    {"SC", "4a20n3a"},  {"SD", "14n"},     {"SE", "20n"},
    {"SI", "15n"},      {"SK", "20n"},      {"SM", "1a10n12c"}, {"SO", "19n"},     {"ST", "21n"},
    {"SV", "4a20n"},    {"TL", "19n"},      {"TN", "20n"},      {"TR", "6n16c"},   {"UA", "6n19c"},
    {"VA", "18n"},      {"VG", "4a16n"},    {"XK", "16n"},      {"YE", "4a4n18c"},
});
static_assert(std::is_sorted(kAccounts.begin(), kAccounts.end(),
                             [](const Account& a, const Account& b) { return a.country < b.country; }));

// Calls visit(kind) for each character of the structure.
template <typename Visit>
void each_place(std::string_view structure, Visit visit) {
    size_t count = 0;
    for (const char c : structure) {
        if (is_digit(c)) {
            count = count * 10 + digit_value(c);
            continue;
        }
        for (; count > 0; --count) visit(c);
    }
}

bool fits(char kind, char c) {
    return (kind != 'a' && is_digit(c)) || (kind != 'n' && is_upper(c));
}

bool has_structure(const Account& account, std::string_view iban) {
    size_t at = 4;
    bool same = is_digit(iban[2]) && is_digit(iban[3]);
    each_place(account.structure, [&](char kind) { same = same && fits(kind, iban[at++]); });
    return same;
}

bool is_right(std::string_view iban) {
    // 00, 01 and 99 are never computed.
    const unsigned check = digit_value(iban[2]) * 10 + digit_value(iban[3]);
    unsigned rest = mod97(iban.substr(4));
    for (const char c : iban.substr(0, 4)) {
        const unsigned value = alnum_value(c);
        rest = (rest * (value >= 10 ? 100 : 10) + value) % 97;
    }
    return rest == 1 && check >= 2 && check <= 98;
}

// Letters where digits belong, read as the digits they look like; else the one swap of neighbours that is
// right.
std::string repair_of(const Account& account, std::string_view iban) {
    std::string changed(iban);
    if (!has_structure(account, iban)) {
        size_t at = 4;
        each_place(account.structure, [&](char kind) {
            char& c = changed[at++];
            if (fits(kind, c)) return;
            static constexpr std::string_view kLetters = "OISB";
            static constexpr std::string_view kDigits = "0158";
            const size_t twin = (kind == 'n' ? kLetters : kDigits).find(c);
            if (twin != std::string_view::npos) c = (kind == 'n' ? kDigits : kLetters)[twin];
        });
        return has_structure(account, changed) && is_right(changed) ? changed : std::string();
    }
    std::string found;
    for (size_t i = 2; i + 1 < changed.size(); ++i) {
        if (changed[i] == changed[i + 1]) continue;
        std::swap(changed[i], changed[i + 1]);
        if (has_structure(account, changed) && is_right(changed)) {
            if (!found.empty()) return {};
            found = changed;
        }
        std::swap(changed[i], changed[i + 1]);
    }
    return found;
}

}  // namespace

Cleaned clean_iban(std::string_view raw) {
    constexpr size_t kLongestText = 80;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    strip_quotes(text);
    if (!is_ascii(text)) text = ascii_digits(text);
    if (text.size() > kLongestText) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    std::array<char, kLongestText> characters{};
    size_t size = 0;
    for (const char c : text) {
        if (is_digit(c) || is_letter(c)) {
            characters[size++] = upper(c);
        } else if (c != ' ' && c != '-' && c != '.' && c != ':') {
            return invalid("character not allowed");
        }
    }
    std::string_view iban(characters.data(), size);
    if (iban.starts_with("IBAN")) iban.remove_prefix(4);
    if (is_repeated_character(iban)) return missing("one character repeated");
    if (iban.size() < 4 || !is_upper(iban[0]) || !is_upper(iban[1])) return invalid("no country in front");
    const std::string_view country = iban.substr(0, 2);
    const auto* account =
        std::lower_bound(kAccounts.begin(), kAccounts.end(), country,
                         [](const Account& a, std::string_view b) { return a.country < b; });
    if (account == kAccounts.end() || account->country != country) return invalid("unknown country");
    size_t length = 4;
    each_place(account->structure, [&](char) { ++length; });
    if (iban.size() != length) return invalid("wrong length");
    if (iban.substr(4).find_first_not_of('0') == std::string_view::npos) return missing("placeholder number");
    if (!has_structure(*account, iban)) return invalid("character not allowed", repair_of(*account, iban));
    if (!is_right(iban)) return invalid("wrong check digits", repair_of(*account, iban));
    return accepted(std::string(iban));
}

}  // namespace cdp::text
