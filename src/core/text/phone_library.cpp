// SPDX-License-Identifier: PostgreSQL
#include "text/phone_library.hpp"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {

bool is_placeholder_number(std::string_view digits) {
    if (digits.size() >= 6 && std::equal(digits.begin() + 1, digits.end(), digits.begin())) return true;
    constexpr std::string_view kRising = "12345678901234567890";
    return digits.size() >= 6 && (kRising.starts_with(digits) || kRising.substr(9).starts_with(digits));
}

Cleaned accept_number(std::string e164, std::string_view repair) {
    constexpr size_t kTail = 8;
    const std::string_view tail = std::string_view(e164).substr(e164.size() - std::min(kTail, e164.size()));
    const bool filler = tail.size() == kTail && tail.find_first_not_of(tail[0]) == std::string_view::npos;
    if (filler) return suspicious(std::move(e164), "one digit repeated");
    return accepted(std::move(e164), repair);
}

std::string region_of(std::string_view country) {
    return country.empty() ? std::string() : clean_country(country).value;
}

namespace {

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

const PhoneNumberUtil& numbering_plans() {
    static const PhoneNumberUtil* const plans = [] {
        PhoneNumberUtil* made = PhoneNumberUtil::GetInstance();
        // Its other logger writes to the standard output, which in a server is the log.
        made->SetLogger(std::make_unique<NullLogger>().release());
        return made;
    }();
    return *plans;
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

// Letters that the library reads as digits of a keypad. It looks from the first plus sign or digit to the
// last digit or letter.
bool is_keypad(std::string_view text) {
    const size_t from = text.find_first_of("+0123456789");
    if (from == std::string_view::npos) return false;
    const auto last =
        std::find_if(text.rbegin(), text.rend(), [](char c) { return is_digit(c) || is_letter(c); });
    const auto behind = static_cast<size_t>(last - text.rbegin());
    return behind < text.size() - from &&
           numbering_plans().IsAlphaNumber(std::string(text.substr(from, text.size() - from - behind)));
}

// "987654321 (work)", which the library does not read: words behind a number, not letters of a keypad.
Cleaned without_words(std::string_view text, std::string_view country, Cleaned with_words) {
    const std::string_view cut = text.substr(0, text.find_last_of("0123456789") + 1);
    const std::string_view after = text.substr(cut.size());
    const size_t from = std::min(cut.find_first_of("+0123456789"), cut.size());
    const auto is_of_word = [](char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; };
    const bool words = !after.empty() && !is_of_word(after[0]) &&
                       std::any_of(after.begin(), after.end(), is_of_word) &&
                       std::none_of(cut.begin() + static_cast<std::ptrdiff_t>(from), cut.end(), is_letter);
    if (!words) return with_words;
    Cleaned number = clean_phone(cut.substr(from), country);
    return number.has_value() ? accept_number(std::move(number.value), "text around the number") : with_words;
}

// As in phone.cpp.
bool is_mobile_with_code(const std::string& digits, const std::string& region) {
    const int code = numbering_plans().GetCountryCodeForRegion(region);
    PhoneNumber number;
    return code != 0 && digits.starts_with(std::to_string(code)) &&
           numbering_plans().Parse("+" + digits, "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
           numbering_plans().GetNumberType(number) == PhoneNumberUtil::MOBILE;
}

PhoneType type_of(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
        case PhoneNumberUtil::FIXED_LINE:
            return PhoneType::kFixedLine;
        case PhoneNumberUtil::MOBILE:
            return PhoneType::kMobile;
        case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
            return PhoneType::kFixedLineOrMobile;
        case PhoneNumberUtil::TOLL_FREE:
            return PhoneType::kTollFree;
        case PhoneNumberUtil::PREMIUM_RATE:
            return PhoneType::kPremiumRate;
        case PhoneNumberUtil::SHARED_COST:
            return PhoneType::kSharedCost;
        case PhoneNumberUtil::VOIP:
            return PhoneType::kVoip;
        case PhoneNumberUtil::PERSONAL_NUMBER:
            return PhoneType::kPersonalNumber;
        case PhoneNumberUtil::PAGER:
            return PhoneType::kPager;
        case PhoneNumberUtil::UAN:
            return PhoneType::kUan;
        case PhoneNumberUtil::VOICEMAIL:
            return PhoneType::kVoicemail;
        default:
            return PhoneType::kUnknown;
    }
}

}  // namespace

Cleaned clean_phone_by_library(std::string_view raw, std::string_view country) {
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    // Shopify and spreadsheets keep a leading + with an apostrophe: no defect of the number.
    strip_quotes(text);
    text = ascii_digits(text);
    if (text.size() > kLongestPhone) return invalid("too long");
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
    if (is_placeholder_number(digits)) return missing("placeholder number");

    const std::string region = region_of(country);
    const std::string rest = text.substr(std::min(text.find_first_not_of(" ("), text.size()));
    if (region.empty() && rest.starts_with("00")) {
        text = "+" + rest.substr(2);
        repair = "international prefix";
    }
    const bool letters = std::any_of(text.begin(), text.end(), is_letter);
    if (letters && is_keypad(text)) {
        repair = "letters on the keypad";
    } else if (letters && !to_lower(text).starts_with("tel:")) {
        repair = "text around the number";
    }

    if (!region.empty() && !letters && text.find('+') == std::string::npos &&
        is_mobile_with_code(digits, region))
        text.insert(0, "+");

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
        return without_words(text, country, invalid(parse_problem(error)));
    }
    if (number.has_extension()) repair = "extension dropped";  // E.164 has none
    if (!numbering_plans().IsValidNumber(number)) {
        return without_words(text, country, invalid(length_problem(number)));
    }
    // A few lose a digit when they are read again in E.164: the value must stay the same from then on.
    constexpr int kMostReadings = 3;
    std::string value = e164(number);
    for (int n = 0; n < kMostReadings; ++n) {
        const auto problem = numbering_plans().Parse(value, "ZZ", &number);
        if (problem != PhoneNumberUtil::NO_PARSING_ERROR) return invalid(parse_problem(problem));
        if (!numbering_plans().IsValidNumber(number)) return invalid(length_problem(number));
        const std::string again = e164(number);
        if (again == value) break;
        value = again;
    }
    return accept_number(std::move(value), repair);
}

PhoneFacts describe_by_library(const std::string& value) {
    PhoneNumber number;
    if (numbering_plans().Parse(value, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    PhoneFacts facts;
    facts.type = type_of(numbering_plans().GetNumberType(number));
    numbering_plans().GetRegionCodeForNumber(number, &facts.region);
    if (facts.region.size() != 2 || facts.region == "ZZ") facts.region.clear();
    return facts;
}

std::string format_by_library(const std::string& value, PhoneStyle style) {
    PhoneNumber number;
    if (numbering_plans().Parse(value, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    auto format = PhoneNumberUtil::E164;
    if (style == PhoneStyle::kInternational) format = PhoneNumberUtil::INTERNATIONAL;
    if (style == PhoneStyle::kNational) format = PhoneNumberUtil::NATIONAL;
    if (style == PhoneStyle::kRfc3966) format = PhoneNumberUtil::RFC3966;
    std::string out;
    numbering_plans().Format(number, format, &out);
    return out;
}

}  // namespace cdp::text
