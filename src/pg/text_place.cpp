// SPDX-License-Identifier: PostgreSQL
// Addresses, organisations, countries, currencies and money as SQL functions.
#include "bridge/postgres.hpp"

#include "text/address.hpp"
#include "text/country.hpp"
#include "text/currency.hpp"
#include "text/money.hpp"
#include "text/organization.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

struct MoneyAnswer {
    Answer amount;
    PallocText currency;
};

// (value, country, currency)
MoneyAnswer read_money(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) return {blank(), {"", 0}};
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view country = text_argument_or_empty(fcinfo, 1);
    const std::string_view currency = text_argument_or_empty(fcinfo, 2);
    return guard([&] {
        const text::Money money = text::clean_money(value, country, currency);
        return MoneyAnswer{Answer{money.amount.status, money.amount.reason, palloc_copy(money.amount.value),
                                  palloc_copy(money.amount.suggestion)},
                           palloc_copy(money.currency)};
    });
}

Datum make_numeric(const PallocText& value) {
    return DirectFunctionCall3(numeric_in, CStringGetDatum(value.data), ObjectIdGetDatum(InvalidOid),
                               Int32GetDatum(-1));
}

Datum text_or_null(FunctionCallInfo fcinfo, const PallocText& made) {
    return made.size == 0 ? null_result(fcinfo) : make_text(made.view());
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_normalize_address) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_address));
}
CDP_FUNCTION(cdp_clean_address) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_address));
}
CDP_FUNCTION(cdp_address_key) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view country = text_argument_or_empty(fcinfo, 1);
    const PallocText key = guard([&] { return palloc_copy(text::address_key(value, country)); });
    return text_or_null(fcinfo, key);
}
// (street, street_type, house_number, unit, po_box, postal_code, rest)
CDP_FUNCTION(cdp_split_address) {
    constexpr int kParts = 7;
    struct Parts {
        PallocText part[kParts];
    };
    Parts parts{};
    if (!PG_ARGISNULL(0)) {
        const std::string_view value = text_argument(fcinfo, 0);
        const std::string_view country = text_argument_or_empty(fcinfo, 1);
        parts = guard([&] {
            const text::SplitAddress split = text::split_address(value, country);
            return Parts{{palloc_copy(split.street), palloc_copy(split.street_type),
                          palloc_copy(split.house_number), palloc_copy(split.unit), palloc_copy(split.po_box),
                          palloc_copy(split.postal_code), palloc_copy(split.rest)}};
        });
    }
    Datum values[kParts] = {};
    bool nulls[kParts] = {};
    for (int i = 0; i < kParts; ++i) {
        nulls[i] = parts.part[i].size == 0;
        if (!nulls[i]) values[i] = make_text(parts.part[i].view());
    }
    return build_row(fcinfo, values, nulls);
}

CDP_FUNCTION(cdp_normalize_organization) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_organization));
}
CDP_FUNCTION(cdp_clean_organization) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_organization));
}
CDP_FUNCTION(cdp_organization_key) {
    const std::string_view value = text_argument(fcinfo, 0);
    return text_or_null(fcinfo, guard([&] { return palloc_copy(text::organization_key(value)); }));
}
CDP_FUNCTION(cdp_legal_form) {
    const std::string_view value = text_argument(fcinfo, 0);
    return text_or_null(fcinfo, guard([&] { return palloc_copy(text::legal_form(value)); }));
}

CDP_FUNCTION(cdp_country_name) {
    const std::string_view code = text_argument(fcinfo, 0);
    const std::string_view language = text_argument(fcinfo, 1);
    return text_or_null(fcinfo, guard([&] { return palloc_copy(text::country_name(code, language)); }));
}

CDP_FUNCTION(cdp_normalize_currency) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_currency));
}
CDP_FUNCTION(cdp_clean_currency) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_currency));
}

CDP_FUNCTION(cdp_normalize_money) {
    const MoneyAnswer money = read_money(fcinfo);
    return money.amount.has_value() ? make_numeric(money.amount.value) : null_result(fcinfo);
}
// (amount, currency, status, reason, suggestion)
CDP_FUNCTION(cdp_clean_money) {
    const MoneyAnswer money = read_money(fcinfo);
    const Answer& answer = money.amount;
    Datum values[5] = {};
    bool nulls[5] = {!answer.has_value(), money.currency.size == 0, false, answer.reason.empty(),
                     answer.suggestion.size == 0};
    if (!nulls[0]) values[0] = make_numeric(answer.value);
    if (!nulls[1]) values[1] = make_text(money.currency.view());
    values[2] = make_text(text::status_name(answer.status));
    if (!nulls[3]) values[3] = make_text(answer.reason);
    if (!nulls[4]) values[4] = make_text(answer.suggestion.view());
    return build_row(fcinfo, values, nulls);
}

}  // extern "C"
}  // namespace cdp::pg
