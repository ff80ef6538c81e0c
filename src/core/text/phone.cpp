// SPDX-License-Identifier: PostgreSQL
#include "text/phone.hpp"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr size_t kLongest = 100;  // a number, an extension and some words

const PhoneNumberUtil& numbering_plans() {
    static const PhoneNumberUtil* const plans = [] {
        PhoneNumberUtil* made = PhoneNumberUtil::GetInstance();
        // Its other logger writes to the standard output, which in a server is the log.
        made->SetLogger(std::make_unique<NullLogger>().release());
        return made;
    }();
    return *plans;
}

bool is_placeholder(std::string_view digits) {
    if (digits.size() >= 6 && std::equal(digits.begin() + 1, digits.end(), digits.begin())) return true;
    constexpr std::string_view kRising = "12345678901234567890";
    return digits.size() >= 6 && (kRising.starts_with(digits) || kRising.substr(9).starts_with(digits));
}

std::string only_digits(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
    return digits;
}

std::string_view parse_problem(PhoneNumberUtil::ErrorType error) {
    switch (error) {
        case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
        case PhoneNumberUtil::TOO_SHORT_NSN:
            return "too short";
        case PhoneNumberUtil::TOO_LONG_NSN:
            return "too long";
        case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
            return "unknown country code";
        default:
            return "no phone number";
    }
}

std::string_view length_problem(const PhoneNumber& number) {
    switch (numbering_plans().IsPossibleNumberWithReason(number)) {
        case PhoneNumberUtil::TOO_SHORT:
            return "too short";
        case PhoneNumberUtil::TOO_LONG:
            return "too long";
        case PhoneNumberUtil::INVALID_LENGTH:
            return "wrong number of digits";
        case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
            return "area code missing";
        case PhoneNumberUtil::INVALID_COUNTRY_CODE:
            return "unknown country code";
        default:
            return "not in the numbering plan of its country";
    }
}

std::string e164(const PhoneNumber& number) {
    std::string out;
    numbering_plans().Format(number, PhoneNumberUtil::E164, &out);
    return out;
}

std::string region_of(std::string_view country) {
    return country.empty() ? std::string() : clean_country(country).value;
}

}  // namespace

Cleaned clean_phone(std::string_view raw, std::string_view country) {
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    // Shopify and spreadsheets keep a leading + with an apostrophe: no defect of the number.
    strip_quotes(text);
    text = ascii_digits(text);
    if (text.size() > kLongest) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");

    std::string_view repair;
    if (text.size() > 2 && text.ends_with(".0") &&
        all_digits(std::string_view(text).substr(1, text.size() - 3))) {
        text.resize(text.size() - 2);
        repair = "decimal dropped";
    }
    const std::string digits = only_digits(text);
    if (digits.empty()) return invalid("no digits");
    if (is_placeholder(digits)) return missing("placeholder number");

    const std::string region = region_of(country);
    const std::string rest = text.substr(std::min(text.find_first_not_of(" ("), text.size()));
    if (region.empty() && rest.starts_with("00")) {
        text = "+" + rest.substr(2);
        repair = "international prefix";
    }
    const bool letters = std::any_of(text.begin(), text.end(), [](char c) { return is_letter(c); });
    if (letters && !to_lower(text).starts_with("tel:")) repair = "text around the number";

    PhoneNumber number;
    const auto error = numbering_plans().Parse(text, region.empty() ? "ZZ" : region, &number);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) {
        if (error == PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR && text.find('+') == std::string::npos) {
            PhoneNumber guess;
            const bool fits =
                numbering_plans().Parse("+" + digits, "ZZ", &guess) == PhoneNumberUtil::NO_PARSING_ERROR &&
                numbering_plans().IsValidNumber(guess);
            return invalid(region.empty() ? "no country" : "no country of the numbering plan",
                           fits ? e164(guess) : std::string());
        }
        return invalid(parse_problem(error));
    }
    if (number.has_extension()) repair = "extension dropped";  // E.164 has none
    if (!numbering_plans().IsValidNumber(number)) return invalid(length_problem(number));
    return accepted(e164(number), repair);
}

std::string phone_key(std::string_view raw) {
    constexpr size_t kFewest = 7;
    constexpr size_t kKept = 9;
    if (raw.size() > kLongest || raw.find_first_not_of("0123456789+-./() '") != std::string_view::npos)
        return {};
    const std::string digits = only_digits(raw);
    if (digits.size() < kFewest || is_placeholder(digits)) return {};
    return digits.size() > kKept ? digits.substr(digits.size() - kKept) : digits;
}

}  // namespace cdp::text
