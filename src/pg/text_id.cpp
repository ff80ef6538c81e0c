// SPDX-License-Identifier: PostgreSQL
// Identity numbers, bank and product codes, license plates as SQL functions.
#include "bridge/postgres.hpp"

#include "bridge/tick.hpp"
#include "text/bank_code.hpp"
#include "text/license_plate.hpp"
#include "text/national_id.hpp"
#include "text/product_code.hpp"
#include "text_answer.hpp"

// Last: its macros would break C++ headers.
extern "C" {
#include "utils/date.h"
}

namespace cdp::pg {
namespace {

// A DecodedId as plain data.
struct Decoded {
    bool found;
    PallocText type, country;
    text::IdHolder holder;
    bool has_birth_date;
    DateADT birth_date;
    std::string_view gender;  // a literal
};

Decoded decode(std::string_view value, std::string_view country) {
    return guard([&] {
        const auto decoded = text::decode_national_id(value, country);
        if (!decoded) return Decoded{};
        Decoded plain{true,
                      palloc_copy(decoded->type),
                      palloc_copy(decoded->country),
                      decoded->holder,
                      decoded->birth_date.has_value(),
                      0,
                      decoded->gender};
        if (decoded->birth_date) {
            const auto since_1970 = std::chrono::sys_days(*decoded->birth_date).time_since_epoch().count();
            plain.birth_date = static_cast<DateADT>(since_1970 - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE));
        }
        return plain;
    });
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_normalize_national_id) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_national_id));
}
CDP_FUNCTION(cdp_clean_national_id) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_national_id));
}
CDP_FUNCTION(cdp_national_id_type) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const Decoded decoded = decode(text_argument(fcinfo, 0), text_argument_or_empty(fcinfo, 1));
    return decoded.found ? make_text(decoded.type.view()) : null_result(fcinfo);
}

// (type, country, kind, birth_date, gender), all NULL for what is no number.
CDP_FUNCTION(cdp_decode_national_id) {
    Decoded decoded{};
    if (!PG_ARGISNULL(0)) decoded = decode(text_argument(fcinfo, 0), text_argument_or_empty(fcinfo, 1));
    Datum values[5] = {};
    bool nulls[5] = {!decoded.found, !decoded.found, decoded.holder == text::IdHolder::kUnknown,
                     !decoded.has_birth_date, decoded.gender.empty()};
    if (!nulls[0]) values[0] = make_text(decoded.type.view());
    if (!nulls[1]) values[1] = make_text(decoded.country.view());
    if (!nulls[2]) {
        values[2] = make_text(decoded.holder == text::IdHolder::kPerson ? "person" : "organisation");
    }
    if (!nulls[3]) values[3] = DateADTGetDatum(decoded.birth_date);
    if (!nulls[4]) values[4] = make_text(decoded.gender);
    return build_row(fcinfo, values, nulls);
}

CDP_FUNCTION(cdp_normalize_iban) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_iban));
}
CDP_FUNCTION(cdp_clean_iban) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_iban));
}
CDP_FUNCTION(cdp_clean_payment_card) {
    const Answer answer = clean_one(fcinfo, text::clean_payment_card);
    Datum values[3] = {};
    bool nulls[3] = {!answer.has_value(), false, answer.reason.empty()};
    if (!nulls[0]) values[0] = make_text(answer.value.view());
    values[1] = make_text(text::status_name(answer.status));
    if (!nulls[2]) values[2] = make_text(answer.reason);
    return build_row(fcinfo, values, nulls);
}
CDP_FUNCTION(cdp_mask_payment_cards) {
    const std::string_view value = text_argument(fcinfo, 0);
    // Masked in the result itself: a text may be large.
    auto* result = static_cast<::text*>(palloc(VARHDRSZ + value.size()));
    memcpy(VARDATA(result), value.data(), value.size());
    const size_t size = guard([&] {
        Tick tick = backend_tick();
        return text::mask_payment_cards({VARDATA(result), value.size()}, tick);
    });
    SET_VARSIZE(result, VARHDRSZ + size);
    return PointerGetDatum(result);
}

CDP_FUNCTION(cdp_normalize_product_code) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_product_code));
}
CDP_FUNCTION(cdp_clean_product_code) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_product_code));
}
CDP_FUNCTION(cdp_normalize_license_plate) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_license_plate));
}
CDP_FUNCTION(cdp_clean_license_plate) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_license_plate));
}

}  // extern "C"
}  // namespace cdp::pg
