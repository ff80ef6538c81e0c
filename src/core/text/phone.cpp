// SPDX-License-Identifier: PostgreSQL
#include "text/phone.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "text/phone_library.hpp"
#include "text/phone_read.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// The plan of a country's code in capitals, which needs no look into the names of countries.
const PhonePlan* plan_of_code(const PhonePlans& plans, std::string_view country) {
    // Those that clean_country leaves as they are.
    static const auto* const known = new std::vector<bool>([&plans] {
        std::vector<bool> as_is;
        for (const PhonePlan& plan : plans.all()) {
            as_is.push_back(plan.region().size() == 2 && region_of(plan.region()) == plan.region());
        }
        return as_is;
    }());
    const PhonePlan* plan = plans.of_region(country);
    return plan != nullptr && (*known)[static_cast<size_t>(plan - plans.all().data())] ? plan : nullptr;
}

// A number of nothing but digits and usual separators, perhaps after a plus sign; the text refers to it.
struct Ordinary {
    std::string_view text;  // without spaces at its ends
    std::array<char, kLongestPhone + 1> digits{};
    size_t size = 0;
    bool plus = false;
    bool decimal = false;  // ".0" at its end is gone
    std::string_view view() const { return {digits.data(), size}; }
};

bool read_ordinary(std::string_view text, Ordinary& out) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.empty() || text.size() > kLongestPhone) return false;
    if (text[0] == '\'' && is_digit(text.back())) text.remove_prefix(1);
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.size() > 2 && text.ends_with(".0") && all_digits(text.substr(1, text.size() - 3))) {
        text.remove_suffix(2);
        out.decimal = true;
    }
    for (const char c : text) {
        if (is_digit(c)) {
            out.digits[out.size++] = c;
        } else if (c == '+' && out.size == 0 && !out.plus) {
            out.plus = true;
        } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/') {
            return false;
        }
    }
    out.text = text;
    return out.size >= 3;
}

std::string e164(const PhoneReading& number) {
    std::string out;
    out.reserve(1 + number.country_digits.size() + number.national_size);
    out += '+';
    out += number.country_digits;
    out += number.national();
    return out;
}

std::string_view length_problem(PhoneLength length) {
    switch (length) {
        case PhoneLength::kTooShort:
            return "too short";
        case PhoneLength::kTooLong:
            return "too long";
        case PhoneLength::kWrong:
            return "wrong number of digits";
        case PhoneLength::kLocalOnly:
            return "area code missing";
        case PhoneLength::kPossible:
            break;
    }
    return "not in the numbering plan of its country";
}

// What the number is when it is read again in E.164, where a few lose a digit that the first reading left:
// the value must stay the same from then on.
void settle(const PhonePlans& plans, PhoneReading& reading) {
    constexpr int kMostReadings = 3;
    for (int n = 0; n < kMostReadings && reading.outcome == PhoneReading::Outcome::kValid; ++n) {
        const std::string_view national = reading.national();
        DigitPrefix::Match match;
        const PhonePlan& main = plans.of_country_code(reading.plan->country_code()).main();
        const auto answer = main.national_prefix().match(national, match);
        // Nothing to lose.
        if (answer == DigitPrefix::Answer::kNo || (answer == DigitPrefix::Answer::kYes && match.size == 0))
            return;
        const std::string value = e164(reading);
        reading = read_phone(plans, std::string_view(value).substr(1), true, nullptr);
        if (reading.outcome == PhoneReading::Outcome::kValid && value == e164(reading)) return;
    }
}

// "49 151 12345678" in Germany: the plan has room for such a number behind the country's code as well, but it
// is a mobile one with its country's code.
bool is_mobile_with_code(const PhonePlans& plans, std::string_view digits, const PhonePlan& home) {
    if (!digits.starts_with(home.country_digits())) return false;
    const PhoneReading reading = read_phone(plans, digits, true, nullptr);
    return reading.outcome == PhoneReading::Outcome::kValid && reading.type == PhoneType::kMobile;
}

}  // namespace

std::optional<Cleaned> clean_ordinary_phone(std::string_view raw, std::string_view country,
                                            PhoneReading& reading) {
    const PhonePlans* const plans = PhonePlans::get();
    Ordinary number;
    if (plans == nullptr || !read_ordinary(raw, number)) return std::nullopt;
    std::string_view digits = number.view();
    if (is_placeholder_number(digits)) return missing("placeholder number");
    std::string_view repair = number.decimal ? "decimal dropped" : "";
    const PhonePlan* home = nullptr;
    bool has_region = false;
    if (!country.empty()) {
        home = plan_of_code(*plans, country);
        has_region = home != nullptr;
        if (!has_region) {
            const std::string region = region_of(country);
            has_region = !region.empty();
            home = plans->of_region(region);
        }
    }
    bool plus = number.plus;
    if (!has_region) {
        const std::string_view rest =
            number.text.substr(std::min(number.text.find_first_not_of(" ("), number.text.size()));
        if (rest.starts_with("00")) {
            plus = true;
            digits.remove_prefix(2);
            repair = "international prefix";
            if (digits.size() < 3) return std::nullopt;
        }
    }
    if (!plus && home != nullptr && is_mobile_with_code(*plans, digits, *home)) plus = true;
    reading = read_phone(*plans, digits, plus, home);
    if (reading.outcome == PhoneReading::Outcome::kValid) settle(*plans, reading);
    switch (reading.outcome) {
        case PhoneReading::Outcome::kValid:
            return accept_number(e164(reading), repair);
        case PhoneReading::Outcome::kNotValid:
            return invalid(length_problem(reading.length));
        case PhoneReading::Outcome::kNoCountry: {
            const PhoneReading guess = read_phone(*plans, digits, true, nullptr);
            if (guess.outcome == PhoneReading::Outcome::kLibrary) return std::nullopt;
            return invalid(has_region ? "no country of the numbering plan" : "no country",
                           guess.outcome == PhoneReading::Outcome::kValid ? e164(guess) : std::string());
        }
        case PhoneReading::Outcome::kUnknownCode:
            return invalid("unknown country code");
        case PhoneReading::Outcome::kTooShort:
            return invalid("too short");
        case PhoneReading::Outcome::kTooLong:
            return invalid("too long");
        case PhoneReading::Outcome::kLibrary:
            break;
    }
    return std::nullopt;
}

Cleaned clean_phone(std::string_view raw, std::string_view country) {
    PhoneReading reading;
    if (auto verdict = clean_ordinary_phone(raw, country, reading)) return *std::move(verdict);
    return clean_phone_by_library(raw, country);
}

PhoneFacts describe_phone(std::string_view raw, std::string_view country) {
    PhoneReading reading;
    const auto verdict = clean_ordinary_phone(raw, country, reading);
    const Cleaned number = verdict ? *verdict : clean_phone_by_library(raw, country);
    if (!number.has_value()) return {};
    // What only the library could read is read again in its plain form.
    if (!verdict && !clean_ordinary_phone(number.value, {}, reading))
        return describe_by_library(number.value);
    if (reading.plan == nullptr) return describe_by_library(number.value);
    const std::string_view region = reading.plan->region();
    return {reading.type, region.size() == 2 ? std::string(region) : std::string()};
}

std::string_view phone_type_name(PhoneType type) {
    switch (type) {
        case PhoneType::kFixedLine:
            return "fixed_line";
        case PhoneType::kMobile:
            return "mobile";
        case PhoneType::kFixedLineOrMobile:
            return "fixed_line_or_mobile";
        case PhoneType::kTollFree:
            return "toll_free";
        case PhoneType::kPremiumRate:
            return "premium_rate";
        case PhoneType::kSharedCost:
            return "shared_cost";
        case PhoneType::kVoip:
            return "voip";
        case PhoneType::kPersonalNumber:
            return "personal_number";
        case PhoneType::kPager:
            return "pager";
        case PhoneType::kUan:
            return "uan";
        case PhoneType::kVoicemail:
            return "voicemail";
        case PhoneType::kUnknown:
            break;
    }
    return {};
}

PhoneStyle parse_phone_style(std::string_view name) {
    const std::string style = to_lower(name);
    if (style == "international") return PhoneStyle::kInternational;
    if (style == "national") return PhoneStyle::kNational;
    if (style == "e164") return PhoneStyle::kE164;
    if (style == "rfc3966") return PhoneStyle::kRfc3966;
    throw Error(ErrorCode::kInvalidInput, "unknown style \"" + std::string(name) + "\" of a telephone number",
                "The styles are: international, national, e164, rfc3966.",
                "For example: cdp.format_phone('+12125550123', style => 'national').");
}

std::string format_phone(std::string_view raw, PhoneStyle style) {
    Cleaned number = clean_phone(raw, {});
    if (!number.has_value() || style == PhoneStyle::kE164) return std::move(number.value);
    return format_by_library(number.value, style);
}

std::string phone_key(std::string_view raw) {
    constexpr size_t kFewest = 7;
    constexpr size_t kKept = 9;
    if (raw.size() > kLongestPhone) return {};
    std::array<char, kLongestPhone> buffer{};
    size_t size = 0;
    for (const char c : raw) {
        if (is_digit(c)) {
            buffer[size++] = c;
        } else if (std::string_view("+-./() '").find(c) == std::string_view::npos) {
            return {};
        }
    }
    const std::string_view digits(buffer.data(), size);
    if (size < kFewest || is_placeholder_number(digits)) return {};
    return std::string(size > kKept ? digits.substr(size - kKept) : digits);
}

}  // namespace cdp::text
