// SPDX-License-Identifier: PostgreSQL
// One entrance to all cleaners, for ingestion, where a mapping names the meaning of each column.
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

enum class SemanticType {
    kText,
    kName,
    kEmail,
    kPhone,
    kDate,
    kBirthDate,
    kTimestamp,
    kBoolean,
    kNumber,
    kGender,
    kPostalCode,
    kCountry,
    kIdentifier,
    kNationalId,
    kIban,
    kPaymentCard,
    kProductCode,
    kLicensePlate,
    kAddress,
    kOrganization,
    kCurrency,
    kMoney,  // the value is the amount alone
};

// By name, as in 'postal_code'; an unknown one throws Error(kInvalidInput) that lists them.
SemanticType parse_semantic_type(std::string_view name);

struct ValueOptions {
    std::string_view country;             // of phones, addresses, postal codes, money, national ids, plates
    std::string_view date_order = "dmy";  // of dates and timestamps; read only for those
};

// A timestamp without an offset is local: see clean_timestamp.
Cleaned clean_value(SemanticType type, std::string_view raw, const ValueOptions& options);

}  // namespace cdp::text
