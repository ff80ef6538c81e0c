// SPDX-License-Identifier: PostgreSQL
#include "text/value.hpp"

#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/nearest_name.hpp"
#include "base/utf8.hpp"
#include "text/address.hpp"
#include "text/bank_code.hpp"
#include "text/code.hpp"
#include "text/country.hpp"
#include "text/currency.hpp"
#include "text/date.hpp"
#include "text/email.hpp"
#include "text/license_plate.hpp"
#include "text/money.hpp"
#include "text/name.hpp"
#include "text/national_id.hpp"
#include "text/number.hpp"
#include "text/organization.hpp"
#include "text/phone.hpp"
#include "text/plain.hpp"
#include "text/prepare.hpp"
#include "text/product_code.hpp"

namespace cdp::text {
namespace {

struct TypeName {
    std::string_view name;
    SemanticType type;
};
constexpr auto kTypes = std::to_array<TypeName>({
    {"text", SemanticType::kText},
    {"name", SemanticType::kName},
    {"email", SemanticType::kEmail},
    {"phone", SemanticType::kPhone},
    {"date", SemanticType::kDate},
    {"birth_date", SemanticType::kBirthDate},
    {"timestamp", SemanticType::kTimestamp},
    {"boolean", SemanticType::kBoolean},
    {"number", SemanticType::kNumber},
    {"gender", SemanticType::kGender},
    {"postal_code", SemanticType::kPostalCode},
    {"country", SemanticType::kCountry},
    {"identifier", SemanticType::kIdentifier},
    {"national_id", SemanticType::kNationalId},
    {"iban", SemanticType::kIban},
    {"payment_card", SemanticType::kPaymentCard},
    {"product_code", SemanticType::kProductCode},
    {"license_plate", SemanticType::kLicensePlate},
    {"address", SemanticType::kAddress},
    {"organization", SemanticType::kOrganization},
    {"currency", SemanticType::kCurrency},
    {"money", SemanticType::kMoney},
});

[[noreturn]] void unknown_type(std::string_view name) {
    std::string list;
    std::vector<std::string> names;
    for (const TypeName& type : kTypes) {
        if (!list.empty()) list += ", ";
        list += type.name;
        names.emplace_back(type.name);
    }
    const auto near = nearest_name(name, names);
    throw Error(ErrorCode::kInvalidInput, "unknown semantic type \"" + prepare(clip_utf8(name, 100)) + "\"",
                "The semantic types are: " + list + ".",
                near ? "Did you mean '" + *near + "'?"
                     : "Use 'text' for a value that none of them describes: cdp.clean_value('text', …).");
}

}  // namespace

SemanticType parse_semantic_type(std::string_view name) {
    for (const TypeName& type : kTypes) {
        if (type.name == name) return type.type;
    }
    unknown_type(name);
}

Cleaned clean_value(SemanticType type, std::string_view raw, const ValueOptions& options) {
    switch (type) {
        case SemanticType::kText:
            return clean_text(raw);
        case SemanticType::kName:
            return clean_name(raw);
        case SemanticType::kEmail:
            return clean_email(raw);
        case SemanticType::kPhone:
            return clean_phone(raw, options.country);
        case SemanticType::kDate:
            return clean_date(raw, parse_date_order(options.date_order));
        case SemanticType::kBirthDate:
            return clean_birth_date(raw, parse_date_order(options.date_order));
        case SemanticType::kTimestamp:
            return clean_timestamp(raw, parse_date_order(options.date_order));
        case SemanticType::kBoolean:
            return clean_boolean(raw);
        case SemanticType::kNumber:
            return clean_number(raw);
        case SemanticType::kGender:
            return clean_gender(raw);
        case SemanticType::kPostalCode:
            return clean_postal_code(raw, options.country);
        case SemanticType::kCountry:
            return clean_country(raw);
        case SemanticType::kIdentifier:
            return clean_identifier(raw);
        case SemanticType::kNationalId:
            return clean_national_id(raw, options.country);
        case SemanticType::kIban:
            return clean_iban(raw);
        case SemanticType::kPaymentCard:
            return clean_payment_card(raw);
        case SemanticType::kProductCode:
            return clean_product_code(raw);
        case SemanticType::kLicensePlate:
            return clean_license_plate(raw, options.country);
        case SemanticType::kAddress:
            return clean_address(raw, options.country);
        case SemanticType::kOrganization:
            return clean_organization(raw);
        case SemanticType::kCurrency:
            return clean_currency(raw, options.country);
        case SemanticType::kMoney:
            return clean_money(raw, options.country, {}).amount;
    }
    throw Error(ErrorCode::kInternal, "unknown semantic type");
}

}  // namespace cdp::text
