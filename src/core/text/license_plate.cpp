// SPDX-License-Identifier: PostgreSQL
#include "text/license_plate.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kShortest = 2;
constexpr size_t kLongest = 9;

// 9 a digit, A a letter, B a consonant of the country (see kLetters), 1 a digit from one; anything else
// itself.
struct Form {
    std::string_view country, mask;
};
constexpr auto kForms = std::to_array<Form>({
    {"AR", "AA999AA"},                      // Mercosur
    {"AR", "AAA999"},   {"AR", "A999AAA"},  // motorcycles
    {"AR", "999AAA"},   {"BR", "AAA9A99"},  // Mercosur
    {"BR", "AAA9999"},  {"CL", "BBBB99"},   {"CL", "AA9999"},
    {"CL", "BBB99"},  // motorcycles
    {"CL", "BBB099"},   {"CL", "AA999"},    {"CL", "AA0999"},
    {"CO", "AAA999"},   {"CO", "AAA99A"},                      // motorcycles
    {"CO", "AAA99"},    {"CO", "999AAA"},   {"CO", "AA9999"},  // diplomats
    {"CO", "A99999"},                                          // trailers
    {"ES", "9999BBB"},  {"ES", "A9999AA"},                     // by province, until 2000
    {"ES", "AA9999AA"}, {"ES", "A9999A"},   {"ES", "AA9999A"},
    {"ES", "A999999"},  {"ES", "AA999999"}, {"ES", "A99999"},
    {"ES", "AA99999"},  {"ES", "A9999BBB"},  // tractors, mopeds, historic
    {"FR", "AA999AA"},  {"FR", "A9A"},      {"GB", "AA99AAA"},
    {"GB", "A999AAA"},  {"GB", "A99AAA"},   {"GB", "A9AAA"},
    {"GB", "AAA999A"},  {"GB", "AAA99A"},   {"GB", "AAA9A"},
    {"GB", "AAA9999"},  // Northern Ireland
    {"GB", "AAA999"},   {"GB", "AAA99"},    {"GB", "AAA9"},
    {"GB", "AA9999"},   {"GB", "AA999"},    {"GB", "AA99"},
    {"GB", "AA9"},      {"GB", "A9999"},    {"GB", "A999"},
    {"GB", "A99"},      {"GB", "A9"},       {"GB", "9999AA"},
    {"GB", "999AAA"},   {"GB", "999AA"},    {"GB", "99AAA"},
    {"GB", "99AA"},     {"GB", "9999A"},    {"GB", "999A"},
    {"GB", "9AAA"},     {"GB", "9AA"},      {"GB", "99A"},
    {"GB", "9A"},       {"IT", "BB999BB"},  {"IT", "BB99999"},  // motorcycles
    {"IT", "AA999999"},                                         // by province, until 1994
    {"IT", "AAA99999"}, {"MX", "AAA999A"},  {"MX", "AAA9999"},
    {"MX", "A99AAA"},   {"MX", "999AAA"},   {"MX", "AA99999"},
    {"MX", "AA9999A"},  {"MX", "A999AAA"},  {"MX", "99A9AA"},
    {"MX", "AAA99"},    {"MX", "A99AA"},    {"MX", "9999AA"},
    {"MX", "99AA9A"},   {"MX", "999AA9"},   {"PE", "AAA999"},
    {"PE", "A9A999"},   {"PE", "AA9999"},   {"PE", "AAA99A"},
    {"PE", "9999AA"},  // motorcycles
    {"PE", "9999A9"},   {"PE", "99999A"},   {"PT", "AA99AA"},
    {"PT", "99AA99"},   {"PT", "9999AA"},   {"PT", "AA9999"},
    {"UY", "AAA9999"},  {"UY", "AAA999"},
});

// Which letters a B may be.
constexpr std::string_view letters_of(std::string_view country) {
    if (country == "CL") return "BCDFGHJKLPRSTVWXYZ";
    if (country == "ES") return "BCDFGHJKLMNPRSTVWXYZ";
    return "ABCDEFGHJKLMNPRSTVWXYZ";  // Italy: not I, O, Q, U
}

bool matches(const Form& form, std::string_view plate) {
    if (form.mask.size() != plate.size()) return false;
    for (size_t i = 0; i < plate.size(); ++i) {
        const char m = form.mask[i];
        const char c = plate[i];
        const bool fits = m == '9'   ? is_digit(c)
                          : m == 'A' ? is_upper(c)
                          : m == 'B' ? letters_of(form.country).find(c) != std::string_view::npos
                                     : m == c;
        if (!fits) return false;
    }
    return true;
}

// A run of one kind of character at the front, at least `fewest` and at most `most`; false when there is
// none.
bool take(std::string_view& rest, bool (*is)(char), size_t fewest, size_t most) {
    size_t n = 0;
    while (n < rest.size() && n < most && is(rest[n])) ++n;
    rest.remove_prefix(n);
    return n >= fewest;
}

// One to three letters of the district, one or two more, one to four digits not beginning with 0; E or H
// behind. The place of the hyphen is lost, so two to five letters.
bool is_german(std::string_view plate) {
    if (plate.size() > 9) return false;
    if (!take(plate, is_letter, 2, 5) || plate.empty() || plate.front() == '0') return false;
    return take(plate, is_digit, 1, 4) && (plate.empty() || plate == "E" || plate == "H");
}

// Until 2009: one to four digits, one to three letters, the department (two digits, 2A, 2B, three overseas).
bool is_old_french(std::string_view plate) {
    if (!take(plate, is_digit, 1, 4) || !take(plate, is_upper, 1, 3)) return false;
    return plate == "2A" || plate == "2B" ||
           ((plate.size() == 2 || plate.starts_with("97")) && plate.size() <= 3 && all_digits(plate));
}

bool is_known(std::string_view country) {
    return country == "DE" || std::any_of(kForms.begin(), kForms.end(),
                                          [&](const Form& form) { return form.country == country; });
}

bool is_given_out(std::string_view country, std::string_view plate) {
    if (country == "DE") return is_german(plate);
    if (country == "FR" && is_old_french(plate)) return true;
    return std::any_of(kForms.begin(), kForms.end(),
                       [&](const Form& form) { return form.country == country && matches(form, plate); });
}

// The plates that differ in letters and digits that look alike: the only one, or empty.
std::string look_alike(std::string_view country, std::string_view plate) {
    static constexpr std::string_view kLetters = "OISBQ";
    static constexpr std::string_view kDigits = "01580";
    std::string found;
    for (size_t i = 0; i < plate.size(); ++i) {
        std::string changed(plate);
        const size_t letter = kLetters.find(plate[i]);
        const size_t digit = kDigits.find(plate[i]);
        if (letter != std::string_view::npos) {
            changed[i] = kDigits[letter];
        } else if (digit != std::string_view::npos) {
            changed[i] = kLetters[digit];
        } else {
            continue;
        }
        if (!is_given_out(country, changed)) continue;
        if (!found.empty()) return {};
        found = std::move(changed);
    }
    return found;
}

// ABC123, ABCD12, AB123CD: what forms and tests are filled with.
bool is_example(std::string_view plate) {
    size_t letters = 0;
    size_t digits = 0;
    for (const char c : plate) {
        if (is_upper(c) && c != static_cast<char>('A' + letters++)) return false;
        if (is_digit(c) && c != static_cast<char>('1' + digits++)) return false;
    }
    return letters >= 3 && digits >= 2;
}

// AAA000, XXX999, 000000.
bool is_filler(std::string_view plate) {
    char letter = '\0';
    char digit = '\0';
    for (const char c : plate) {
        char& first = is_digit(c) ? digit : letter;
        if (first != '\0' && first != c) return false;
        first = c;
    }
    return plate.size() >= 4 && (letter == '\0' || ((letter == 'A' || letter == 'X') && digit == '0'));
}

char umlaut_at(std::string_view rest) {
    if (rest.starts_with("Ä") || rest.starts_with("ä")) return 'a';
    if (rest.starts_with("Ö") || rest.starts_with("ö")) return 'o';
    if (rest.starts_with("Ü") || rest.starts_with("ü")) return 'u';
    return '\0';
}

std::string spell_out(std::string plate) {
    if (std::none_of(plate.begin(), plate.end(), is_lower)) return plate;
    std::string out;
    for (const char c : plate) {
        if (is_lower(c)) {
            out += c == 'a' ? "Ä" : c == 'o' ? "Ö" : "Ü";
        } else {
            out.push_back(c);
        }
    }
    return out;
}

// Capitals and digits; inside, the umlauts of German districts are small a, o and u.
bool read_plate(std::string_view text, std::string& plate) {
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = upper(text[i]);
        const std::string_view rest = text.substr(i);
        if (is_digit(c) || is_upper(c)) {
            plate.push_back(c);
        } else if (const char umlaut = umlaut_at(rest); umlaut != '\0') {
            plate.push_back(umlaut);
            i += 1;
        } else if (rest.starts_with("·") || rest.starts_with("°")) {
            i += 1;
        } else if (rest.starts_with("•") || rest.starts_with("–") || rest.starts_with("—") ||
                   rest.starts_with("‑")) {
            i += 2;
        } else if (c != ' ' && c != '-' && c != '.' && c != '/' && c != ':' && c != '*') {
            return false;
        }
    }
    return true;
}

}  // namespace

Cleaned clean_license_plate(std::string_view raw, std::string_view country) {
    constexpr size_t kLongestText = 40;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    strip_quotes(text);
    if (!is_ascii(text)) text = ascii_digits(text);
    if (text.size() > kLongestText) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");
    std::string plate;
    if (!read_plate(text, plate)) return invalid("character not allowed");
    if (plate.empty() || is_filler(plate) || is_missing_word(plate)) return missing("placeholder plate");
    if (plate.size() < kShortest || plate.size() > kLongest) return invalid("wrong length");
    std::string iso;
    if (!country.empty()) iso = is_known(country) ? std::string(country) : clean_country(country).value;
    if (is_known(iso)) {
        if (!is_given_out(iso, plate))
            return invalid("not the form of its country", spell_out(look_alike(iso, plate)));
    } else if (iso != "US" && std::none_of(plate.begin(), plate.end(), is_digit)) {
        return invalid("no digits");
    }
    if (is_example(plate)) return suspicious(spell_out(std::move(plate)), "looks like an example");
    return accepted(spell_out(std::move(plate)));
}

}  // namespace cdp::text
