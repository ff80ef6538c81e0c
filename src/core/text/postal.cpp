// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <array>

#include "text/code.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// N a digit, A a letter, the rest as it stands. (Universal Postal Union, "Postal addressing systems".)
struct Form {
    std::string_view country, mask;
};
constexpr auto kForms = std::to_array<Form>({
    {"AR", "NNNN"},    {"AT", "NNNN"},     {"AU", "NNNN"},     {"BE", "NNNN"},   {"BR", "NNNNN-NNN"},
    {"CA", "ANA NAN"}, {"CH", "NNNN"},     {"CL", "NNNNNNN"},  {"CN", "NNNNNN"}, {"CO", "NNNNNN"},
    {"CR", "NNNNN"},   {"CZ", "NNN NN"},   {"DE", "NNNNN"},    {"DK", "NNNN"},   {"EC", "NNNNNN"},
    {"ES", "NNNNN"},   {"FI", "NNNNN"},    {"FR", "NNNNN"},    {"GR", "NNN NN"}, {"IL", "NNNNNNN"},
    {"IN", "NNNNNN"},  {"IT", "NNNNN"},    {"JP", "NNN-NNNN"}, {"KR", "NNNNN"},  {"MX", "NNNNN"},
    {"NL", "NNNN AA"}, {"NO", "NNNN"},     {"NZ", "NNNN"},     {"PE", "NNNNN"},  {"PL", "NN-NNN"},
    {"PR", "NNNNN"},   {"PT", "NNNN-NNN"}, {"SE", "NNN NN"},   {"SG", "NNNNNN"}, {"SK", "NNN NN"},
    {"TR", "NNNNN"},   {"US", "NNNNN"},    {"UY", "NNNNN"},    {"ZA", "NNNN"},
});

bool fits(std::string_view compact, std::string_view mask, std::string& out) {
    size_t at = 0;
    for (const char m : mask) {
        if (m != 'N' && m != 'A') {
            out.push_back(m);
            continue;
        }
        if (at == compact.size() || (m == 'N' ? !is_digit(compact[at]) : !is_upper(compact[at])))
            return false;
        out.push_back(compact[at++]);
    }
    return at == compact.size();
}

// Outward code of two to four, inward code of a digit and two letters.
bool fits_british(std::string_view compact, std::string& out) {
    if (compact.size() < 5 || compact.size() > 7) return false;
    const std::string_view outward = compact.substr(0, compact.size() - 3);
    const std::string_view inward = compact.substr(compact.size() - 3);
    if (!is_digit(inward[0]) || !is_upper(inward[1]) || !is_upper(inward[2]) || !is_upper(outward[0]))
        return false;
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

}  // namespace

Cleaned clean_postal_code(std::string_view raw, std::string_view country) {
    constexpr size_t kShortest = 2;
    constexpr size_t kLongest = 12;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    std::string_view repair;
    strip_quotes(text);  // "'01234" keeps its zero: no defect
    text = to_upper(ascii_digits(text));
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
    const std::string iso = country.empty() ? std::string() : clean_country(country).value;
    std::string out;
    if (iso == "GB") {
        return fits_british(compact, out) ? accepted(std::move(out), repair)
                                          : invalid("not the form of its country");
    }
    const auto* form =
        std::find_if(kForms.begin(), kForms.end(), [&](const Form& f) { return f.country == iso; });
    if (is_zip_plus_four(text) && (iso.empty() || iso == "US" || iso == "PR")) {
        return accepted(text.substr(0, 5), "zip+4 shortened");
    }
    if (form == kForms.end()) {
        const bool has_digit = std::any_of(text.begin(), text.end(), is_digit);
        if (compact.size() < kShortest || text.size() > kLongest || !has_digit)
            return invalid("no postal code");
        return accepted(std::move(text), repair);
    }
    if ((iso == "US" || iso == "PR") && compact.size() == 9 && all_digits(compact)) {
        compact.resize(5);
        repair = "zip+4 shortened";
    }
    // A number lost its zeros in front: one, or two (Puerto Rico's 00601).
    const auto digits = static_cast<size_t>(std::count(form->mask.begin(), form->mask.end(), 'N'));
    const bool numeric = form->mask.find('A') == std::string_view::npos;
    const bool two_lost = digits == 5 && (iso == "US" || iso == "PR") && compact.size() == 3;
    if (numeric && all_digits(compact) && ((compact.size() + 1 == digits && digits >= 5) || two_lost)) {
        compact.insert(0, digits - compact.size(), '0');
        repair = "leading zero restored";
    }
    if (is_filler(compact)) return missing("one character repeated");  // "000" in the US
    if (!fits(compact, form->mask, out)) return invalid("not the form of its country");
    return accepted(std::move(out), repair);
}

}  // namespace cdp::text
