// SPDX-License-Identifier: PostgreSQL
#include "text/phone_read.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using Outcome = PhoneReading::Outcome;
using Answer = DigitPrefix::Answer;

constexpr size_t kMostDialled = 60;  // digits, prefixes and all
constexpr size_t kFewestDigits = 2;

// Digits that a transform rule made.
struct Buffer {
    std::array<char, kMostDialled + 20> digits{};
    size_t size = 0;
    bool append(std::string_view more) {
        if (more.size() > digits.size() - size) return false;
        std::copy(more.begin(), more.end(), digits.data() + size);
        size += more.size();
        return true;
    }
    std::string_view view() const { return {digits.data(), size}; }
};

bool is_viable(const PhonePlan& plan, std::string_view number) {
    return (plan.match(number) >> PhonePlan::kGeneral & 1) != 0;
}

// A rule such as "9$1" with the groups in place, as ICU does it: a group's number takes as many digits as
// there are groups for.
bool expand(std::string_view rule, const DigitPrefix::Match& match, unsigned groups, Buffer& out) {
    for (size_t i = 0; i < rule.size();) {
        if (is_digit(rule[i])) {
            if (!out.append(rule.substr(i++, 1))) return false;
            continue;
        }
        if (rule[i] != '$' || ++i >= rule.size() || !is_digit(rule[i])) return false;
        auto group = static_cast<unsigned>(rule[i++] - '0');
        if (group == 0 || group > groups) return false;
        while (i < rule.size() && is_digit(rule[i])) {
            const unsigned longer = group * 10 + static_cast<unsigned>(rule[i] - '0');
            if (longer > groups) break;
            group = longer;
            ++i;
        }
        if (!out.append(match.groups[group])) return false;
    }
    return true;
}

// Without its national prefix and carrier code, or put in full; unchanged when it has none, or when that
// would make a number of the plan none. Nothing when only the library can tell.
std::optional<std::string_view> strip_national_prefix(const PhonePlan& plan, std::string_view number,
                                                      Buffer& buffer) {
    const DigitPrefix& prefix = plan.national_prefix();
    if (number.empty() || prefix.empty()) return number;
    DigitPrefix::Match match;
    const Answer answer = prefix.match(number, match);
    if (answer == Answer::kTooComplex) return std::nullopt;
    if (answer == Answer::kNo) return number;
    std::string_view stripped = number.substr(match.size);
    // The library looks at the second group if there is one, else at the first.
    const std::string_view captured = match.groups[std::min(prefix.groups(), 2U)];
    if (!plan.transform_rule().empty() && prefix.groups() > 0 && !captured.empty()) {
        if (!expand(plan.transform_rule(), match, prefix.groups(), buffer)) return std::nullopt;
        if (!buffer.append(stripped)) return std::nullopt;
        stripped = buffer.view();
    }
    if (stripped.size() == number.size() && stripped == number) return number;
    return is_viable(plan, number) && !is_viable(plan, stripped) ? number : stripped;
}

// The country code that international digits begin with, which goes from them; 0 for none.
unsigned take_country_code(const PhonePlans& plans, std::string_view& digits) {
    constexpr size_t kLongest = 3;
    if (digits.empty() || digits[0] == '0') return 0;
    unsigned code = 0;
    for (size_t i = 0; i < std::min(kLongest, digits.size()); ++i) {
        code = code * 10 + static_cast<unsigned>(digits[i] - '0');
        if (plans.of_country_code(code).empty()) continue;
        digits.remove_prefix(i + 1);
        return code;
    }
    return 0;
}

PhoneReading stop(Outcome outcome) {
    PhoneReading reading;
    reading.outcome = outcome;
    return reading;
}

// A national number as it stands, or what is wrong with it.
PhoneReading judge(const PhoneCode& code, std::string_view number) {
    if (number.size() < kFewestDigits) return stop(Outcome::kTooShort);
    if (number.size() > PhoneReading::kMostDigits) return stop(Outcome::kTooLong);
    PhoneReading reading;
    reading.country_digits = code.main().country_digits();
    reading.national_size = number.size();
    std::copy(number.begin(), number.end(), reading.national_digits.begin());
    for (uint32_t left = code.candidates(number); left != 0; left &= left - 1) {
        const PhonePlan* const plan = code.plans()[static_cast<size_t>(std::countr_zero(left))];
        if (!plan->is_usable()) return stop(Outcome::kLibrary);
        const unsigned parts = plan->match(number);
        // Of several regions that share a code, one with leading digits claims whatever begins with them.
        const bool by_digits = plan->has_leading_digits() && code.plans().size() > 1;
        if (by_digits && (parts >> PhonePlan::kLeadingDigits & 1) == 0) continue;
        const PhoneType type = plan->type_of(parts, number.size());
        if (type == PhoneType::kUnknown) {
            if (by_digits) break;
            continue;
        }
        reading.outcome = Outcome::kValid;
        reading.type = type;
        reading.plan = plan;
        return reading;
    }
    reading.outcome = Outcome::kNotValid;
    reading.length = code.main().length_of(number.size());
    return reading;
}

}  // namespace

PhoneReading read_phone(const PhonePlans& plans, std::string_view digits, bool plus, const PhonePlan* home) {
    if (digits.size() > kMostDialled || (home != nullptr && !home->is_usable()))
        return stop(Outcome::kLibrary);
    std::string_view number = digits;
    Buffer first_buffer;
    unsigned code = 0;
    if (plus) {
        code = take_country_code(plans, number);
        // At home the library tries again without the plus sign.
        if (code == 0) return stop(home != nullptr ? Outcome::kLibrary : Outcome::kUnknownCode);
    } else if (home == nullptr) {
        return stop(Outcome::kNoCountry);
    } else {
        DigitPrefix::Match match;
        const Answer answer = home->international_prefix().match(number, match);
        if (answer == Answer::kTooComplex) return stop(Outcome::kLibrary);
        // No country code begins with 0.
        if (answer == Answer::kYes && !number.substr(match.size).starts_with('0')) {
            number.remove_prefix(match.size);
            if (number.size() <= kFewestDigits) return stop(Outcome::kTooShort);
            code = take_country_code(plans, number);
            if (code == 0) return stop(Outcome::kNoCountry);
        } else if (number.starts_with(home->country_digits())) {
            // Perhaps the country code without a plus sign: if that makes it a number, or a shorter one.
            const auto inner =
                strip_national_prefix(*home, number.substr(home->country_digits().size()), first_buffer);
            if (!inner) return stop(Outcome::kLibrary);
            if ((!is_viable(*home, number) && is_viable(*home, *inner)) ||
                home->length_of(number.size()) == PhoneLength::kTooLong) {
                number = *inner;
                code = home->country_code();
            }
        }
    }
    // With a country code the rules of its main region hold; without, those of the region where it is
    // dialled.
    const PhoneCode& sharing = plans.of_country_code(code != 0 ? code : home->country_code());
    const PhonePlan* const plan = code != 0 ? &sharing.main() : home;
    if (!plan->is_usable()) return stop(Outcome::kLibrary);
    if (number.size() < kFewestDigits) return stop(Outcome::kTooShort);
    Buffer second_buffer;
    const auto stripped = strip_national_prefix(*plan, number, second_buffer);
    if (!stripped) return stop(Outcome::kLibrary);
    const PhoneLength length = plan->length_of(stripped->size());
    if (length == PhoneLength::kPossible || length == PhoneLength::kTooLong) number = *stripped;
    return judge(sharing, number);
}

}  // namespace cdp::text
