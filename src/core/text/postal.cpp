// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <array>

#include "text/code.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// N a digit, A a letter, X either; small letters are capitals that stand for themselves, like digits and
// separators; alternatives are separated by '|', the usual one first. Compared in 2026-11 with Google's
// address data (of 2024-09), postcode-validator, postal-codes-js, i18n-zipcodes and validator (npm) on random
// codes of their forms and ours. Most of them do not know, and so nothing confirms, the longer forms of EG,
// KZ, MM, MN, MZ, PS, PY, SA and VE.
struct Form {
    std::string_view country, mask;
};
constexpr auto kForms = std::to_array<Form>({
    {"AD", "adNNN"},
    {"AF", "NNNN"},
    {"AI", "ai-2640"},
    {"AL", "NNNN"},
    {"AM", "NNNN|37NNNN"},
    {"AQ", "biqq 1zz"},
    {"AR", "NNNN|ANNNNAAA|ANNNN"},
    {"AS", "96799"},
    {"AT", "NNNN"},
    {"AU", "NNNN"},
    {"AX", "22NNN"},
    {"AZ", "az NNNN"},
    {"BA", "NNNNN"},
    {"BB", "bbNNNNN"},
    {"BD", "NNNN"},
    {"BE", "NNNN"},
    {"BG", "NNNN"},
    {"BH", "NNN|1NNN"},
    {"BL", "971NN|970NN"},
    {"BM", "AA NN|AA AA"},
    {"BN", "AANNNN"},
    {"BR", "NNNNN-NNN"},
    {"BT", "NNNNN"},
    {"BY", "NNNNNN"},
    {"CA", "ANA NAN"},
    {"CC", "6799"},
    {"CH", "NNNN"},
    {"CL", "NNNNNNN"},
    {"CN", "NNNNNN"},
    {"CO", "NNNNNN"},
    {"CR", "NNNNN|NNNN"},
    {"CU", "NNNNN"},
    {"CV", "NNNN"},
    {"CX", "6798"},
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
    {"FK", "fiqq 1zz"},
    {"FM", "9694N"},
    {"FO", "NNN"},
    {"FR", "NNNNN"},
    {"GB", ""},
    {"GE", "NNNN"},
    {"GF", "973NN"},
    {"GG", "gyN NAA|gyNN NAA"},
    {"GI", "gx11 1aa"},
    {"GL", "39NN"},
    {"GN", "NNN"},
    {"GP", "971NN|970NN"},
    {"GR", "NNN NN"},
    {"GS", "siqq 1zz"},
    {"GT", "NNNNN"},
    {"GU", "9691N|9692N|9693N"},
    {"GW", "NNNN"},
    {"HN", "NNNNN"},
    {"HR", "NNNNN"},
    {"HT", "NNNN|htNNNN"},
    {"HU", "NNNN"},
    {"ID", "NNNNN"},
    {"IE", "ANX XXXX"},
    {"IL", "NNNNNNN|NNNNN"},
    {"IM", "imN NAA|imNN NAA"},
    {"IN", "NNNNNN"},
    {"IO", "bbnd 1zz"},
    {"IQ", "NNNNN"},
    {"IR", "NNNNN-NNNNN"},
    {"IS", "NNN"},
    {"IT", "NNNNN"},
    {"JE", "jeN NAA|jeNN NAA"},
    {"JO", "NNNNN"},
    {"JP", "NNN-NNNN"},
    {"KE", "NNNNN"},
    {"KG", "NNNNNN"},
    {"KH", "NNNNNN|NNNNN"},
    {"KR", "NNNNN"},
    {"KW", "NNNNN"},
    {"KY", "kyN-NNNN"},
    {"KZ", "NNNNNN|ANNANAN"},
    {"LA", "NNNNN"},
    {"LB", "NNNN NNNN|NNNN"},
    {"LC", "lcNN NNN"},
    {"LI", "94NN"},
    {"LK", "NNNNN"},
    {"LR", "NNNN"},
    {"LS", "NNN"},
    {"LT", "NNNNN"},
    {"LU", "NNNN"},
    {"LV", "lv-NNNN"},
    {"LY", "NNNNN"},
    {"MA", "NNNNN"},
    {"MC", "980NN"},
    {"MD", "md-NNNN"},
    {"ME", "8NNNN"},
    {"MF", "971NN|970NN"},
    {"MG", "NNN"},
    {"MH", "9696N|9697N"},
    {"MK", "NNNN"},
    {"MM", "NNNNN|NNNNNNN"},
    {"MN", "NNNNN|NNNNNN"},
    {"MP", "9695N"},
    {"MQ", "972NN"},
    {"MS", "msr NNNN"},
    {"MT", "AAA NNNN|AAA NNN|AAA NN"},
    {"MU", "NNNNN|rNNNN|aNNNN|NNNAANNN"},
    {"MV", "NNNNN"},
    {"MX", "NNNNN"},
    {"MY", "NNNNN"},
    {"MZ", "NNNN|NNNN-NN"},
    {"NA", "NNNNN"},
    {"NC", "988NN"},
    {"NE", "NNNN"},
    {"NF", "2899"},
    {"NG", "NNNNNN"},
    {"NI", "NNNNN"},
    {"NL", "NNNN AA"},
    {"NO", "NNNN"},
    {"NP", "NNNNN"},
    {"NZ", "NNNN"},
    {"OM", "NNN"},
    {"PA", "NNNN"},
    {"PE", "NNNNN"},
    {"PF", "987NN"},
    {"PG", "NNN"},
    {"PH", "NNNN"},
    {"PK", "NNNNN"},
    {"PL", "NN-NNN"},
    {"PM", "975NN"},
    {"PN", "pcrn 1zz"},
    {"PR", "006NN|007NN|009NN"},
    {"PS", "NNN|ANNNNNNN"},
    {"PT", "NNNN-NNN"},
    {"PW", "96940|96939"},
    {"PY", "NNNNNN|NNNN"},
    {"RE", "974NN"},
    {"RO", "NNNNNN"},
    {"RS", "NNNNN|NNNNNN"},
    {"RU", "NNNNNN"},
    {"SA", "NNNNN|NNNNN-NNNN"},
    {"SD", "NNNNN"},
    {"SE", "NNN NN"},
    {"SG", "NNNNNN"},
    {"SH", "sthl 1zz|ascn 1zz|tdcu 1zz"},
    {"SI", "NNNN"},
    {"SJ", "NNNN"},
    {"SK", "NNN NN"},
    {"SM", "4789N"},
    {"SN", "NNNNN"},
    {"SO", "AA NNNNN"},
    {"SV", "NNNN"},
    {"SZ", "hNNN|lNNN|mNNN|sNNN"},
    {"TC", "tkca 1zz"},
    {"TH", "NNNNN"},
    {"TJ", "NNNNNN"},
    {"TM", "NNNNNN"},
    {"TN", "NNNN"},
    {"TR", "NNNNN"},
    {"TT", "NNNNNN"},
    {"TW", "NNN|NNNNN|NNNNNN"},
    {"TZ", "NNNNN|NNNN"},
    {"UA", "NNNNN"},
    {"US", "NNNNN"},
    {"UY", "NNNNN"},
    {"UZ", "NNNNNN"},
    {"VA", "00120"},
    {"VC", "vcNNNN"},
    {"VE", "NNNN|NNNN-A"},
    {"VG", "vgNNNN"},
    {"VI", "008NN"},
    {"VN", "NNNNN|NNNNNN"},
    {"WF", "986NN"},
    {"WS", "wsNNNN"},
    {"XK", "NNNNN"},
    {"YT", "976NN"},
    {"ZA", "NNNN"},
    {"ZM", "NNNNN"},
});
static_assert(std::is_sorted(kForms.begin(), kForms.end(),
                             [](const Form& a, const Form& b) { return a.country < b.country; }));

constexpr bool is_mask_mark(char m) {
    return m == 'N' || m == 'A' || m == 'X';
}

bool fits(std::string_view compact, std::string_view mask, std::string& out) {
    // Letters in front of digits may be left away: LV-1010 is also written 1010.
    const size_t fixed = std::min(mask.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), mask.size());
    const bool bare = fixed > 0 && all_digits(compact);
    out.clear();
    size_t at = 0;
    for (const char m : mask) {
        const bool mark = is_mask_mark(m);
        if (!mark && !is_digit(m) && !is_lower(m)) {
            out.push_back(m);
            continue;
        }
        if (bare && is_lower(m) && at == 0) {
            out.push_back(upper(m));
            continue;
        }
        if (at == compact.size()) return false;
        const char c = compact[at++];
        if (mark ? (m == 'N' && !is_digit(c)) || (m == 'A' && !is_upper(c)) : c != upper(m)) return false;
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
    if (country == "BH" && code.size() == 4) return code[1] <= '2';  // blocks 101 to 1216
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

// Where codes of five digits and more begin with a zero, which a spreadsheet drops. Elsewhere a code that is
// one short is another mistake.
bool begins_with_zero(std::string_view country) {
    static constexpr auto kCountries = std::to_array<std::string_view>(
        {"BR", "CN", "CO", "DE", "DZ", "EC", "ES", "FI", "FR", "GT", "IT", "JP", "KE", "KR", "KW", "KZ",
         "LA", "LK", "LT", "MX", "MY", "PE", "PL", "PR", "RO", "SG", "SK", "TR", "UA", "US", "VA", "VI"});
    static_assert(std::is_sorted(kCountries.begin(), kCountries.end()));
    return std::binary_search(kCountries.begin(), kCountries.end(), country);
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
    // El Salvador's and Oman's marks of a post box.
    const bool mark = (country == "SV" && prefix == "CP") || (country == "OM" && prefix == "PC");
    const bool car = letters == 1 && (country == "DE" || country == "FR" || country == "AT" ||
                                      country == "BE" || country == "IT" || country == "ES" ||
                                      country == "LU" || country == "SE" || country == "NO");
    const char first = country == "AT" ? 'A' : country[0];
    if (prefix != country && !mark && !(car && prefix[0] == first)) return false;
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
    const bool numeric =
        std::none_of(usual.begin(), usual.end(), [](char m) { return is_lower(m) || m == 'A' || m == 'X'; });
    if (numeric && strip_country_prefix(compact, text, iso)) repair = "country dropped";
    // A number lost its zeros in front: one, or two (Puerto Rico's 00601).
    const auto digits = static_cast<size_t>(
        std::count_if(usual.begin(), usual.end(), [](char m) { return m == 'N' || is_digit(m); }));
    const bool two_lost =
        digits == 5 && (iso == "US" || iso == "PR" || iso == "VI" || iso == "VA") && compact.size() == 3;
    if (numeric && begins_with_zero(iso) && all_digits(compact) &&
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
