// SPDX-License-Identifier: PostgreSQL
#include "text/semantic_rules.hpp"

#include <algorithm>
#include <array>

#include "text/address.hpp"
#include "text/bank_code.hpp"
#include "text/code.hpp"
#include "text/country.hpp"
#include "text/date.hpp"
#include "text/email.hpp"
#include "text/fold.hpp"
#include "text/money.hpp"
#include "text/name.hpp"
#include "text/national_id.hpp"
#include "text/number.hpp"
#include "text/organization.hpp"
#include "text/phone.hpp"
#include "text/plain.hpp"
#include "text/prepare.hpp"
#include "text/semantic_codes.hpp"
#include "text/semantic_words.hpp"

namespace cdp::text {
namespace {

using Options = ReadingOptions;

bool has(const Shape& shape, std::string_view characters) {
    return shape.text.find_first_of(characters) != std::string_view::npos;
}

// Whether one of the words of a value is in a list.
bool any_word(std::string_view value, bool (*is_listed)(std::string_view)) {
    const std::string folded = fold(value.substr(0, std::min<size_t>(value.size(), 160)));
    std::string_view rest = folded;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find_first_of(" ,.;:-"), rest.size());
        if (end > 0 && is_listed(rest.substr(0, end))) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

bool email_evidence(const Shape& shape, const Options&) {
    return shape.has_at && clean_email(shape.text).has_value();
}

bool iban_evidence(const Shape& shape, const Options&) {
    return shape.digits >= 8 && shape.upper + shape.lower >= 2 && clean_iban(shape.text).has_value();
}

bool uuid_evidence(const Shape& shape, const Options&) {
    return looks_like_uuid(shape.text);
}

// With a country its own rules; without one the numbers that give themselves away.
bool national_id_evidence(const Shape& shape, const Options& options) {
    if (shape.digits < 6 || shape.wide != 0) return false;
    if (looks_like_national_id(shape.text)) return true;
    if (options.country.empty()) return false;
    const Cleaned cleaned = clean_national_id(shape.text, options.country);
    return cleaned.status == Status::kOk || cleaned.status == Status::kCorrected;
}

bool timestamp_evidence(const Shape& shape, const Options& options) {
    if (shape.digits < 6 || !shape.has_colon || shape.has_at) return false;
    const Cleaned cleaned = clean_timestamp(shape.text, options.order);
    return cleaned.has_value() && cleaned.status != Status::kSuspicious;
}

bool date_evidence(const Shape& shape, const Options& options) {
    if (shape.digits < 3 || shape.digits > 8 || shape.has_colon || shape.has_at || shape.text.size() > 40)
        return false;
    const Cleaned cleaned = clean_date(shape.text, options.order);
    if (!cleaned.has_value() || cleaned.status == Status::kSuspicious) return false;
    // "12.5" is a number, "10-11-12" hardly anything else; eight digits alone must be year, month, day.
    return shape.digits < shape.text.size() || cleaned.status == Status::kOk;
}

bool gender_evidence(const Shape& shape, const Options&) {
    return shape.text.size() <= 30 && shape.digits == 0 &&
           clean_gender(shape.text).status != Status::kInvalid;
}
bool gender_column(const ColumnFacts& facts) {
    return facts.has_female && facts.has_male && facts.distinct <= 20;
}

bool boolean_evidence(const Shape& shape, const Options&) {
    return shape.text.size() <= 12 && clean_boolean(shape.text).has_value();
}
bool boolean_column(const ColumnFacts& facts) {
    // One value throughout must be a word: "true", not "1".
    return facts.distinct <= 12 &&
           ((facts.has_true && facts.has_false) || (facts.distinct == 1 && facts.has_words));
}

bool country_evidence(const Shape& shape, const Options&) {
    if (shape.digits != 0 || shape.text.size() < 2 || shape.text.size() > 60 || shape.has_at) return false;
    // Two small letters are a language.
    if (shape.text.size() == 2 && shape.lower != 0) return false;
    const Cleaned cleaned = clean_country(shape.text);
    return cleaned.has_value() && cleaned.status != Status::kSuspicious;
}
bool country_column(const ColumnFacts& facts) {
    return facts.distinct <= 400 && (facts.has_words || facts.distinct >= 2);
}

// 192.168.1.4
bool is_ip_address(const Shape& shape) {
    size_t parts = 1;
    size_t digits = 0;
    for (const char c : shape.text) {
        if (c == '.' && digits > 0) {
            ++parts;
            digits = 0;
        } else if (!is_digit(c) || ++digits > 3) {
            return false;
        }
    }
    return parts == 4 && digits > 0;
}

// "tel: 030 123456", "212 555 0123 ext 4"; other letters make a code of it.
bool only_phone_words(const Shape& shape) {
    if (shape.letters() == 0) return true;
    const std::string text = to_lower(shape.text);
    std::string_view rest = text;
    while (!rest.empty()) {
        size_t end = 0;
        while (end < rest.size() && is_lower(rest[end])) ++end;
        const std::string_view word = rest.substr(0, end);
        if (end > 0 && word != "tel" && word != "ext" && word != "x" && word != "fax" && word != "phone")
            return false;
        if (end == 0 && static_cast<unsigned char>(rest[0]) >= 0x80) return false;
        rest.remove_prefix(std::max<size_t>(end, 1));
    }
    return true;
}

bool phone_evidence(const Shape& shape, const Options& options) {
    constexpr unsigned kFewest = 7;
    constexpr unsigned kMost = 16;
    if (shape.digits < kFewest || shape.digits > kMost || shape.has_at || shape.has_colon) return false;
    if (has(shape, ",$%#=_") || is_ip_address(shape) || !only_phone_words(shape)) return false;
    const size_t first = shape.text.find_first_not_of("' \"");
    const bool plus = first != std::string_view::npos && shape.text[first] == '+';
    if (plus) return true;
    // A day, or one that does not exist: 31/02/1990.
    if (shape.digits <= 8) {
        const Cleaned date = clean_date(shape.text, options.order);
        if (date.has_value() || date.reason == "no such day" || date.reason == "default date") return false;
    }
    // A thousand's point: 1.234.567
    if (has(shape, ".") && clean_number(shape.text).has_value()) return false;
    if (has(shape, " ()-./")) return shape.digits >= 8 || !clean_number(shape.text).has_value();
    // Digits only are a number of anything, unless they are one of the country that was said.
    return !options.country.empty() && shape.digits >= 8 && shape.digits == shape.text.size() &&
           clean_phone(shape.text, options.country).has_value();
}
bool phone_column(const ColumnFacts& facts) {
    return facts.distinct >= 2 || facts.filled <= 2;
}

bool money_evidence(const Shape& shape, const Options&) {
    if (shape.digits == 0 || shape.text.size() > 40 || shape.has_at) return false;
    if (shape.letters() == 0 && !has(shape, "$")) return false;
    const Cleaned cleaned = clean_number(shape.text);
    return cleaned.has_value() && cleaned.reason == "currency dropped";
}

bool number_evidence(const Shape& shape, const Options&) {
    if (shape.digits == 0 || shape.letters() > 3 || shape.text.size() > 60 || shape.has_at) return false;
    // A zero in front is part of a code.
    if (shape.text.size() > 1 && shape.text[0] == '0' && is_digit(shape.text[1])) return false;
    return clean_number(shape.text).has_value();
}

bool postal_code_evidence(const Shape& shape, const Options& options) {
    if (shape.digits < 2 || shape.text.size() < 4 || shape.text.size() > 10) return false;
    const std::string_view text = shape.text;
    const auto fits = [&](std::string_view mask) {
        return text.size() == mask.size() &&
               std::equal(text.begin(), text.end(), mask.begin(), [](char c, char m) {
                   return m == 'N' ? is_digit(c) : m == 'A' ? is_letter(c) : c == m;
               });
    };
    for (const std::string_view mask :
         {"ANA NAN", "ANN NAA", "AN NAA", "AANN NAA", "AAN NAA", "AANA NAA", "ANA NAA", "NNNN AA", "NN-NNN",
          "NNNNN-NNN", "NNNNN-NNNN", "NNNN-NNN", "NNN-NNNN"}) {
        if (fits(mask)) return true;
    }
    if (shape.digits != text.size() || (text.size() != 4 && text.size() != 5)) return false;
    return clean_postal_code(text, options.country).status != Status::kInvalid;
}
bool postal_code_column(const ColumnFacts& facts) {
    // Four or five digits are one only when they are codes: of one length, some with a zero in front.
    return facts.leading_zero > 0.02 ? facts.same_length > 0.95 : facts.most_digits < 4 || facts.has_words;
}

bool address_evidence(const Shape& shape, const Options&) {
    if (shape.digits == 0 || shape.letters() < 4 || shape.spaces == 0 || shape.has_at) return false;
    return any_word(shape.text, is_street_word);
}

bool name_evidence(const Shape& shape, const Options&) {
    if (shape.digits != 0 || shape.letters() < 2 || shape.spaces > 5 || shape.text.size() > 60 ||
        shape.has_at)
        return false;
    return !has(shape, "/@#:;!?()[]{}&_") && clean_name(shape.text).has_value();
}
bool name_column(const ColumnFacts& facts) {
    // Colours and religions are names too, but there are few of them.
    const double enough = std::min(30.0, 0.2 * static_cast<double>(facts.filled));
    if (facts.values < 3 || static_cast<double>(facts.distinct) < enough) return false;
    return facts.given_names >= 0.25 || facts.family_names >= 0.25;
}

bool organization_evidence(const Shape& shape, const Options&) {
    return shape.letters() >= 4 && shape.spaces >= 1 && !shape.has_at && any_word(shape.text, is_legal_form);
}

bool identifier_evidence(const Shape& shape, const Options&) {
    return shape.digits >= 2 && shape.spaces == 0 && shape.wide == 0 && !shape.has_at &&
           shape.text.size() <= 64 && !has(shape, ",;!?/\\");
}
bool identifier_column(const ColumnFacts& facts) {
    if (facts.values < 3 || static_cast<double>(facts.distinct) < 0.9 * static_cast<double>(facts.filled))
        return false;
    return facts.same_pattern > 0.8 || facts.has_words || facts.leading_zero > 0.02;
}

bool never(const Shape&, const Options&) {
    return false;
}

template <Cleaned (*Clean)(std::string_view)>
Cleaned without_options(std::string_view raw, const Options&) {
    return Clean(raw);
}
Cleaned as_phone(std::string_view raw, const Options& options) {
    return clean_phone(raw, options.country);
}
Cleaned as_postal_code(std::string_view raw, const Options& options) {
    return clean_postal_code(raw, options.country);
}
Cleaned as_date(std::string_view raw, const Options& options) {
    return clean_date(raw, options.order);
}
Cleaned as_timestamp(std::string_view raw, const Options& options) {
    return clean_timestamp(raw, options.order);
}
// Until there is a cleaner of its own: the form and the check digits.
// Without a country nobody's rules are known, and any identifier will do.
Cleaned as_national_id(std::string_view raw, const Options& options) {
    return options.country.empty() ? clean_identifier(raw) : clean_national_id(raw, options.country);
}
Cleaned as_address(std::string_view raw, const Options& options) {
    return clean_address(raw, options.country);
}
Cleaned as_money(std::string_view raw, const Options& options) {
    return clean_money(raw, options.country, {}).amount;
}

constexpr auto kRules = std::to_array<TypeRule>({
    {"email", "e-mail addresses", "email", 0.80, 0.6, email_evidence, nullptr, without_options<clean_email>,
     false},
    {"iban", "IBANs", "", 0.80, 0.6, iban_evidence, nullptr, without_options<clean_iban>, false},
    {"identifier", "UUIDs", "", 0.70, 0.9, uuid_evidence, nullptr, without_options<clean_identifier>, true},
    {"national_id", "national identification numbers", "national_id", 0.70, 0.7, national_id_evidence,
     nullptr, as_national_id, true},
    {"timestamp", "points in time", "", 0.75, 0.6, timestamp_evidence, nullptr, as_timestamp, false},
    {"date", "dates", "", 0.75, 0.7, date_evidence, nullptr, as_date, false},
    {"gender", "genders", "gender", 0.65, 0.9, gender_evidence, gender_column, without_options<clean_gender>,
     false},
    {"boolean", "yes or no", "", 0.70, 0.95, boolean_evidence, boolean_column, without_options<clean_boolean>,
     false},
    {"country", "countries", "country", 0.70, 0.85, country_evidence, country_column,
     without_options<clean_country>, false},
    {"phone", "phone numbers", "phone", 0.65, 0.7, phone_evidence, phone_column, as_phone, false},
    {"money", "amounts of money", "", 0.75, 0.6, money_evidence, nullptr, as_money, false},
    {"postal_code", "postal codes", "postal_code", 0.60, 0.9, postal_code_evidence, postal_code_column,
     as_postal_code, false},
    {"number", "numbers", "", 0.70, 0.9, number_evidence, nullptr, without_options<clean_number>, false},
    {"address", "addresses", "street", 0.65, 0.5, address_evidence, nullptr, as_address, true},
    {"organization", "names of companies", "company", 0.60, 0.4, organization_evidence, nullptr,
     without_options<clean_organization>, true},
    {"name", "names", "full_name", 0.65, 0.8, name_evidence, name_column, without_options<clean_name>, true},
    {"identifier", "codes", "", 0.50, 0.9, identifier_evidence, identifier_column,
     without_options<clean_identifier>, true},
    {"text", "text", "", 0, 2, never, nullptr, without_options<clean_text>, true},
});

struct AttributeTypes {
    std::string_view attribute;
    std::array<std::string_view, 2> types;
};
constexpr auto kAttributeTypes = std::to_array<AttributeTypes>({
    {"given_name", {"name"}},
    {"family_name", {"name"}},
    {"full_name", {"name"}},
    {"email", {"email"}},
    {"phone", {"phone"}},
    {"birth_date", {"date", "timestamp"}},
    {"gender", {"gender"}},
    {"street", {"address"}},
    {"postal_code", {"postal_code"}},
    {"country", {"country"}},
    {"national_id", {"national_id"}},
    {"loyalty_id", {"identifier"}},
    {"user_id", {"identifier"}},
    {"device_id", {"identifier"}},
    {"person_key", {"identifier"}},
    {"event_key", {"identifier"}},
    {"consent_email", {"boolean"}},
    {"consent_sms", {"boolean"}},
    {"consent_phone", {"boolean"}},
    {"consent_post", {"boolean"}},
    {"refuses_email", {"boolean"}},
    {"refuses_sms", {"boolean"}},
    {"refuses_phone", {"boolean"}},
    {"updated_at", {"timestamp", "date"}},
    {"occurred_at", {"timestamp", "date"}},
    {"amount", {"number", "money"}},
    {"city", {"text"}},
    {"region", {"text"}},
    {"company", {"organization", "text"}},
    {"event_kind", {"text"}},
    {"currency", {"text"}},
});

}  // namespace

Shape shape_of(std::string_view text) {
    Shape shape;
    shape.text = text;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) {
            ++shape.wide;
        } else if (is_digit(c)) {
            ++shape.digits;
        } else if (is_upper(c)) {
            ++shape.upper;
        } else if (is_lower(c)) {
            ++shape.lower;
        } else if (c == ' ') {
            ++shape.spaces;
        } else {
            ++shape.others;
            shape.has_at = shape.has_at || c == '@';
            shape.has_colon = shape.has_colon || c == ':';
        }
    }
    return shape;
}

std::span<const TypeRule> type_rules() {
    return kRules;
}

const TypeRule* find_rule(std::string_view type) {
    // The last of several rules of a type is the plain one.
    const auto found =
        std::find_if(kRules.rbegin(), kRules.rend(), [&](const TypeRule& r) { return r.type == type; });
    return found == kRules.rend() ? nullptr : &*found;
}

std::span<const std::string_view> types_of_attribute(std::string_view attribute) {
    for (const AttributeTypes& row : kAttributeTypes) {
        if (row.attribute == attribute) return std::span(row.types).first(row.types[1].empty() ? 1 : 2);
    }
    return {};
}

}  // namespace cdp::text
