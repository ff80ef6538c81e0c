// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <array>

#include "text/code.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// N a digit, A a letter, X either, the rest as it stands; alternatives are separated by '|', the usual one
// first. (Universal Postal Union, "Postal addressing systems", and the pages of the postal services.)
struct Form {
    std::string_view country, mask;
};
constexpr auto kForms = std::to_array<Form>({
    {"AD", "AANNN"},
    {"AF", "NNNN"},
    {"AI", "AA-NNNN"},
    {"AL", "NNNN"},
    {"AM", "NNNN"},
    {"AR", "NNNN|ANNNNAAA"},
    {"AS", "NNNNN"},
    {"AT", "NNNN"},
    {"AU", "NNNN"},
    {"AX", "NNNNN"},
    {"AZ", "AA NNNN|NNNN"},
    {"BA", "NNNNN"},
    {"BB", "AANNNNN"},
    {"BD", "NNNN"},
    {"BE", "NNNN"},
    {"BG", "NNNN"},
    {"BH", "NNN|NNNN"},
    {"BL", "NNNNN"},
    {"BM", "AA NN|AA AA"},
    {"BN", "AANNNN"},
    {"BR", "NNNNN-NNN"},
    {"BT", "NNNNN"},
    {"BY", "NNNNNN"},
    {"CA", "ANA NAN"},
    {"CC", "NNNN"},
    {"CH", "NNNN"},
    {"CL", "NNNNNNN"},
    {"CN", "NNNNNN"},
    {"CO", "NNNNNN"},
    {"CR", "NNNNN"},
    {"CU", "NNNNN"},
    {"CV", "NNNN"},
    {"CX", "NNNN"},
    {"CY", "NNNN"},
    {"CZ", "NNN NN"},
    {"DE", "NNNNN"},
    {"DK", "NNNN"},
    {"DO", "NNNNN"},
    {"DZ", "NNNNN"},
    {"EC", "NNNNNN"},
    {"EE", "NNNNN"},
    {"EG", "NNNNN|NNNNNNN"},
    {"EH", "NNNNN"},
    {"ES", "NNNNN"},
    {"ET", "NNNN"},
    {"FI", "NNNNN"},
    {"FK", "AAAA NAA"},
    {"FM", "NNNNN"},
    {"FO", "NNN"},
    {"FR", "NNNNN"},
    {"GB", ""},
    {"GE", "NNNN"},
    {"GF", "NNNNN"},
    {"GG", "AAN NAA|AANN NAA"},
    {"GI", "AANN NAA"},
    {"GL", "NNNN"},
    {"GN", "NNN"},
    {"GP", "NNNNN"},
    {"GR", "NNN NN"},
    {"GS", "AAAA NAA"},
    {"GT", "NNNNN"},
    {"GU", "NNNNN"},
    {"GW", "NNNN"},
    {"HN", "NNNNN|AANNNN"},
    {"HR", "NNNNN"},
    {"HT", "NNNN|AANNNN"},
    {"HU", "NNNN"},
    {"ID", "NNNNN"},
    {"IE", "ANX XXXX"},
    {"IL", "NNNNNNN|NNNNN"},
    {"IM", "AAN NAA|AANN NAA"},
    {"IN", "NNNNNN"},
    {"IO", "AAAA NAA"},
    {"IQ", "NNNNN"},
    {"IR", "NNNNN-NNNNN"},
    {"IS", "NNN"},
    {"IT", "NNNNN"},
    {"JE", "AAN NAA|AANN NAA"},
    {"JO", "NNNNN"},
    {"JP", "NNN-NNNN"},
    {"KE", "NNNNN"},
    {"KG", "NNNNNN"},
    {"KH", "NNNNNN|NNNNN"},
    {"KR", "NNNNN"},
    {"KW", "NNNNN"},
    {"KY", "AAN-NNNN"},
    {"KZ", "NNNNNN|ANNANAN"},
    {"LA", "NNNNN"},
    {"LB", "NNNN NNNN|NNNN"},
    {"LC", "AANN NNN"},
    {"LI", "NNNN"},
    {"LK", "NNNNN"},
    {"LR", "NNNN"},
    {"LS", "NNN"},
    {"LT", "NNNNN"},
    {"LU", "NNNN"},
    {"LV", "LV-NNNN"},
    {"LY", "NNNNN"},
    {"MA", "NNNNN"},
    {"MC", "NNNNN"},
    {"MD", "MD-NNNN"},
    {"ME", "NNNNN"},
    {"MF", "NNNNN"},
    {"MG", "NNN"},
    {"MH", "NNNNN"},
    {"MK", "NNNN"},
    {"MM", "NNNNN|NNNNNNN"},
    {"MN", "NNNNN|NNNNNN"},
    {"MP", "NNNNN"},
    {"MQ", "NNNNN"},
    {"MS", "MSR NNNN"},
    {"MT", "AAA NNNN"},
    {"MU", "NNNNN|ANNNN"},
    {"MV", "NNNNN"},
    {"MX", "NNNNN"},
    {"MY", "NNNNN"},
    {"MZ", "NNNN|NNNN-NN"},
    {"NA", "NNNNN"},
    {"NC", "NNNNN"},
    {"NE", "NNNN"},
    {"NF", "NNNN"},
    {"NG", "NNNNNN"},
    {"NI", "NNNNN"},
    {"NL", "NNNN AA"},
    {"NO", "NNNN"},
    {"NP", "NNNNN"},
    {"NZ", "NNNN"},
    {"OM", "NNN"},
    {"PA", "NNNN"},
    {"PE", "NNNNN"},
    {"PF", "NNNNN"},
    {"PG", "NNN"},
    {"PH", "NNNN"},
    {"PK", "NNNNN"},
    {"PL", "NN-NNN"},
    {"PM", "NNNNN"},
    {"PN", "AAAA NAA"},
    {"PR", "NNNNN"},
    {"PS", "NNN|ANNNNNNN"},
    {"PT", "NNNN-NNN"},
    {"PW", "NNNNN"},
    {"PY", "NNNNNN|NNNN"},
    {"RE", "NNNNN"},
    {"RO", "NNNNNN"},
    {"RS", "NNNNN|NNNNNN"},
    {"RU", "NNNNNN"},
    {"SA", "NNNNN|NNNNN-NNNN"},
    {"SD", "NNNNN"},
    {"SE", "NNN NN"},
    {"SG", "NNNNNN"},
    {"SH", "AAAA NAA"},
    {"SI", "NNNN"},
    {"SJ", "NNNN"},
    {"SK", "NNN NN"},
    {"SM", "NNNNN"},
    {"SN", "NNNNN"},
    {"SO", "AA NNNNN"},
    {"SV", "NNNN"},
    {"SZ", "ANNN"},
    {"TC", "AAAA NAA"},
    {"TH", "NNNNN"},
    {"TJ", "NNNNNN"},
    {"TM", "NNNNNN"},
    {"TN", "NNNN"},
    {"TR", "NNNNN"},
    {"TT", "NNNNNN"},
    {"TW", "NNN|NNNNN|NNNNNN"},
    {"TZ", "NNNNN"},
    {"UA", "NNNNN"},
    {"US", "NNNNN"},
    {"UY", "NNNNN"},
    {"UZ", "NNNNNN"},
    {"VA", "NNNNN"},
    {"VC", "AANNNN"},
    {"VE", "NNNN|NNNN-A"},
    {"VG", "AANNNN"},
    {"VI", "NNNNN"},
    {"VN", "NNNNN|NNNNNN"},
    {"WF", "NNNNN"},
    {"WS", "AANNNN"},
    {"XK", "NNNNN"},
    {"YT", "NNNNN"},
    {"ZA", "NNNN"},
    {"ZM", "NNNNN"},
});
static_assert(std::is_sorted(kForms.begin(), kForms.end(),
                             [](const Form& a, const Form& b) { return a.country < b.country; }));

constexpr bool is_mask_mark(char m) {
    return m == 'N' || m == 'A' || m == 'X';
}

bool fits(std::string_view compact, std::string_view mask, std::string& out) {
    // Letters that stand for themselves: LV-1010 is also written 1010.
    const size_t fixed = mask.starts_with("LV") || mask.starts_with("MD") ? 2
                         : mask.starts_with("MSR")                        ? 3
                                                                          : 0;
    if (fixed > 0 && compact.starts_with(mask.substr(0, fixed))) compact.remove_prefix(fixed);
    out = mask.substr(0, fixed);
    size_t at = 0;
    for (const char m : mask.substr(fixed)) {
        if (!is_mask_mark(m)) {
            out.push_back(m);
            continue;
        }
        if (at == compact.size()) return false;
        const char c = compact[at++];
        if ((m == 'N' && !is_digit(c)) || (m == 'A' && !is_upper(c))) return false;
        out.push_back(c);
    }
    return at == compact.size();
}

// Letters that a country leaves out where they would be misread or mislead, and Spain's provinces.
bool has_allowed_letters(std::string_view country, std::string_view code) {
    const auto none_of = [&](std::string_view letters, size_t from) {
        return code.find_first_of(letters, from) == std::string_view::npos;
    };
    // Canada Post: no D, F, I, O, Q, U; none begins with W or Z.
    if (country == "CA") return none_of("DFIOQU", 0) && code[0] != 'W' && code[0] != 'Z';
    // PostNL: not beginning with 0, and none of the letters of the occupiers.
    if (country == "NL")
        return code[0] != '0' && !code.ends_with("SA") && !code.ends_with("SD") && !code.ends_with("SS");
    // Eircode: a routing key (A65, or D6W) and four characters; letters that look like digits are left out.
    if (country == "IE") return none_of("BGIJLMOQSUZ", 0) && (is_digit(code[2]) || code.starts_with("D6W"));
    // Correos: the first two digits are the province, 01 to 52.
    if (country == "ES") return code >= "01" && code < "53";
    // ISO 3166-2:AR: the provinces A to Z without I, O.
    if (country == "AR" && is_upper(code[0])) return code[0] != 'I' && code[0] != 'O';
    return true;
}

// Royal Mail, "Programmers' guide to PAF": outward code of two to four characters (A9, A99, A9A, AA9, AA99,
// AA9A), inward code of a digit and two letters.
bool fits_british(std::string_view compact, std::string& out) {
    if (compact == "GIR0AA") {
        out = "GIR 0AA";
        return true;
    }
    if (compact.size() < 5 || compact.size() > 7) return false;
    const std::string_view outward = compact.substr(0, compact.size() - 3);
    const std::string_view inward = compact.substr(compact.size() - 3);
    const auto among = [](char c, std::string_view letters) {
        return letters.find(c) != std::string_view::npos;
    };
    constexpr std::string_view kInward = "ABDEFGHJLNPQRSTUWXYZ";
    if (!is_digit(inward[0]) || !among(inward[1], kInward) || !among(inward[2], kInward)) return false;
    if (!among(outward[0], "ABCDEFGHIJKLMNOPRSTUWYZ")) return false;
    const std::string_view rest = outward.substr(1);
    const size_t letters = is_upper(rest[0]) ? 1 : 0;
    if (letters == 1 && !among(rest[0], "ABCDEFGHKLMNOPQRSTUVWXY")) return false;
    const std::string_view district = rest.substr(letters);
    if (district.empty() || district.size() > 2 || !is_digit(district[0])) return false;
    if (district.size() == 2 && !is_digit(district[1])) {
        if (!among(district[1], letters == 0 ? "ABCDEFGHJKPSTUW" : "ABEHMNPRVWXY")) return false;
    }
    out = std::string(outward) + " " + std::string(inward);
    return true;
}

// Real codes repeat other digits: 22222 is in Virginia.
bool is_filler(std::string_view compact) {
    return is_repeated_character(compact) && (compact[0] == '0' || compact[0] == '9' || is_upper(compact[0]));
}

bool is_zip_plus_four(std::string_view text) {
    return text.size() == 10 && text[5] == '-' && all_digits(text.substr(0, 5)) && all_digits(text.substr(6));
}

bool has_zip(std::string_view country) {
    for (const std::string_view zip : {"US", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"}) {
        if (country == zip) return true;
    }
    return false;
}

// "D-10115", "F 75001", "CH-8001": the country in front, where no code of it begins so. Takes it off.
bool strip_country_prefix(std::string& compact, std::string_view text, std::string_view country) {
    size_t letters = 0;
    while (letters < compact.size() && is_upper(compact[letters])) ++letters;
    if (letters == 0 || letters > 2 || letters >= text.size() ||
        (text[letters] != '-' && text[letters] != ' ')) {
        return false;
    }
    const std::string_view prefix = std::string_view(compact).substr(0, letters);
    const bool car = letters == 1 && (country == "DE" || country == "FR" || country == "AT" ||
                                      country == "BE" || country == "IT" || country == "ES" ||
                                      country == "LU" || country == "SE" || country == "NO");
    const char first = country == "AT" ? 'A' : country[0];
    if (prefix != country && !(car && prefix[0] == first)) return false;
    compact.erase(0, letters);
    return true;
}

}  // namespace

std::string_view postal_mask(std::string_view country) {
    const auto at = std::lower_bound(kForms.begin(), kForms.end(), country,
                                     [](const Form& a, std::string_view b) { return a.country < b; });
    return at != kForms.end() && at->country == country ? at->mask : std::string_view();
}

Cleaned clean_postal_code(std::string_view raw, std::string_view country) {
    constexpr size_t kShortest = 2;
    constexpr size_t kLongest = 12;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    std::string_view repair;
    strip_quotes(text);  // "'01234" keeps its zero: no defect
    text = to_upper(ascii_digits(text));
    for (const std::string_view label : {"C.P. ", "C.P.", "CP ", "CP: ", "CEP ", "CEP: ", "PLZ "}) {
        if (!text.starts_with(label) || text.size() == label.size() || !is_digit(text[label.size()]))
            continue;
        text.erase(0, label.size());
        repair = "label dropped";
        break;
    }
    if (text.size() > 2 && text.ends_with(".0") && all_digits(text.substr(0, text.size() - 2))) {
        text.resize(text.size() - 2);
        repair = "decimal dropped";
    }
    if (text.size() > 4 * kLongest) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");
    std::string compact;
    for (const char c : text) {
        if (is_digit(c) || is_upper(c)) {
            compact.push_back(c);
        } else if (c != ' ' && c != '-' && c != '.') {
            return invalid("character not allowed");
        }
    }
    if (is_filler(compact)) return missing("one character repeated");
    const std::string iso = country_option(country);
    std::string out;
    if (iso == "GB") {
        return fits_british(compact, out) ? accepted(std::move(out), repair)
                                          : invalid("not the form of its country");
    }
    if (is_zip_plus_four(text) && (iso.empty() || has_zip(iso))) {
        return accepted(text.substr(0, 5), "zip+4 shortened");
    }
    const std::string_view masks = postal_mask(iso);
    if (masks.empty()) {
        const bool has_digit = std::any_of(text.begin(), text.end(), is_digit);
        if (compact.size() < kShortest || text.size() > kLongest || !has_digit)
            return invalid("no postal code");
        return accepted(std::move(text), repair);
    }
    if (has_zip(iso) && compact.size() == 9 && all_digits(compact)) {
        compact.resize(5);
        repair = "zip+4 shortened";
    }
    const std::string_view usual = masks.substr(0, masks.find('|'));
    const bool numeric = usual.find_first_of("AXLM") == std::string_view::npos;
    if (numeric && strip_country_prefix(compact, text, iso)) repair = "country dropped";
    // A number lost its zeros in front: one, or two (Puerto Rico's 00601).
    const auto digits = static_cast<size_t>(std::count(usual.begin(), usual.end(), 'N'));
    const bool two_lost = digits == 5 && (iso == "US" || iso == "PR") && compact.size() == 3;
    const bool one_form = usual.size() == masks.size();
    if (numeric && one_form && all_digits(compact) &&
        ((compact.size() + 1 == digits && digits >= 5) || two_lost)) {
        compact.insert(0, digits - compact.size(), '0');
        repair = "leading zero restored";
    }
    if (is_filler(compact)) return missing("one character repeated");  // "000" in the US
    for (size_t from = 0; from <= masks.size();) {
        const size_t end = std::min(masks.find('|', from), masks.size());
        if (fits(compact, masks.substr(from, end - from), out) && has_allowed_letters(iso, out)) {
            return accepted(std::move(out), repair);
        }
        from = end + 1;
    }
    return invalid("not the form of its country");
}

}  // namespace cdp::text
