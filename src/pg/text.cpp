// SPDX-License-Identifier: PostgreSQL
// The cleaners as SQL functions. Each is a reader of arguments, one guarded call and a writer of the result.
#include "bridge/postgres.hpp"

#include <string>

#include "text/code.hpp"
#include "text/country.hpp"
#include "text/date.hpp"
#include "text/email.hpp"
#include "text/fold.hpp"
#include "text/name.hpp"
#include "text/number.hpp"
#include "text/phone.hpp"
#include "text/plain.hpp"
#include "text/value.hpp"
#include "text_answer.hpp"
#include "text_date.hpp"

// Last: its macros (DAY, MONTH, …) would break C++ headers.
extern "C" {
#include "utils/datetime.h"
}

namespace cdp::pg {
namespace {

Cleaned clean_date(std::string_view value, std::string_view order) {
    return text::clean_date(value, text::parse_date_order(order.empty() ? "dmy" : order));
}

// (input, time_zone, date_order)
Answer clean_timestamp(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) return blank();
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view order = text_argument_or_empty(fcinfo, 2);
    return run(
        [=] { return text::clean_timestamp(value, text::parse_date_order(order.empty() ? "dmy" : order)); });
}

// The instant of a clean timestamp; a local one is read in `zone`, by the server's own rules.
TimestampTz instant_of(const Answer& answer, Datum zone) {
    const bool utc = answer.value.data[answer.value.size - 1] == 'Z';
    char* local = pnstrdup(answer.value.data, answer.value.size - (utc ? 1 : 0));
    const Datum stamp = DirectFunctionCall3(timestamp_in, CStringGetDatum(local),
                                            ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
    pfree(local);
    // A timestamp in UTC and the timestamptz of the same instant are the same number.
    return utc ? DatumGetTimestamp(stamp)
               : DatumGetTimestampTz(DirectFunctionCall2(timestamp_zone, zone, stamp));
}

// NULL and the empty string are UTC.
Datum zone_argument(FunctionCallInfo fcinfo, int n) {
    return text_argument_or_empty(fcinfo, n).empty() ? make_text("UTC") : PG_GETARG_DATUM(n);
}

// Replaces a local value by the same instant in UTC, as "2021-05-01T14:00:00Z".
void settle_zone(Answer& answer, Datum zone) {
    if (!answer.has_value() || answer.value.data[answer.value.size - 1] == 'Z') return;
    struct pg_tm parts;
    fsec_t fraction;
    if (timestamp2tm(instant_of(answer, zone), nullptr, &parts, &fraction, nullptr, nullptr) != 0) {
        ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
    }
    if (parts.tm_year < 1 || parts.tm_year > 9999) {
        answer = {Status::kInvalid, "out of range", {"", 0}, {"", 0}};
        return;
    }
    char* utc = static_cast<char*>(palloc(MAXDATELEN + 2));
    EncodeDateTime(&parts, fraction, false, 0, nullptr, USE_XSD_DATES, utc);
    strcat(utc, "Z");
    answer.value = {utc, strlen(utc)};
}

// A key: NULL when empty.
Datum key_result(FunctionCallInfo fcinfo, std::string (*key)(std::string_view)) {
    const std::string_view value = text_argument(fcinfo, 0);
    const PallocText made = guard([&] { return palloc_copy(key(value)); });
    return made.size == 0 ? null_result(fcinfo) : make_text(made.view());
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_fold) {
    const std::string_view value = text_argument(fcinfo, 0);
    const PallocText folded = guard([&] { return palloc_copy(text::fold(value)); });
    return make_text(folded.view());
}

CDP_FUNCTION(cdp_normalize_text) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_text));
}
CDP_FUNCTION(cdp_normalize_name) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_name));
}
CDP_FUNCTION(cdp_normalize_email) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_email));
}
CDP_FUNCTION(cdp_normalize_phone) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_phone));
}
CDP_FUNCTION(cdp_normalize_date) {
    const Answer answer = clean_two(fcinfo, clean_date);
    return answer.has_value() ? date_of(answer) : null_result(fcinfo);
}
CDP_FUNCTION(cdp_normalize_timestamp) {
    const Answer answer = clean_timestamp(fcinfo);
    if (!answer.has_value()) return null_result(fcinfo);
    return TimestampTzGetDatum(instant_of(answer, zone_argument(fcinfo, 1)));
}
CDP_FUNCTION(cdp_normalize_boolean) {
    const Answer answer = clean_one(fcinfo, text::clean_boolean);
    return answer.has_value() ? BoolGetDatum(answer.value.data[0] == 't') : null_result(fcinfo);
}
CDP_FUNCTION(cdp_normalize_number) {
    const Answer answer = clean_one(fcinfo, text::clean_number);
    if (!answer.has_value()) return null_result(fcinfo);
    return DirectFunctionCall3(numeric_in, CStringGetDatum(answer.value.data), ObjectIdGetDatum(InvalidOid),
                               Int32GetDatum(-1));
}
CDP_FUNCTION(cdp_normalize_gender) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_gender));
}
CDP_FUNCTION(cdp_normalize_postal_code) {
    return text_result(fcinfo, clean_two(fcinfo, text::clean_postal_code));
}
CDP_FUNCTION(cdp_normalize_country) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_country));
}
CDP_FUNCTION(cdp_normalize_identifier) {
    return text_result(fcinfo, clean_one(fcinfo, text::clean_identifier));
}

CDP_FUNCTION(cdp_email_key) {
    return key_result(fcinfo, text::email_key);
}
CDP_FUNCTION(cdp_phone_key) {
    return key_result(fcinfo, text::phone_key);
}
CDP_FUNCTION(cdp_split_name) {
    struct Parts {
        PallocText given, family;
    };
    const std::string_view full = text_argument(fcinfo, 0);
    const Parts parts = guard([&] {
        const text::SplitName split = text::split_name(full);
        return Parts{palloc_copy(split.given), palloc_copy(split.family)};
    });
    Datum values[2] = {};
    bool nulls[2] = {parts.given.size == 0, parts.family.size == 0};
    if (!nulls[0]) values[0] = make_text(parts.given.view());
    if (!nulls[1]) values[1] = make_text(parts.family.view());
    return build_row(fcinfo, values, nulls);
}

CDP_FUNCTION(cdp_clean_text) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_text));
}
CDP_FUNCTION(cdp_clean_name) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_name));
}
CDP_FUNCTION(cdp_clean_email) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_email));
}
CDP_FUNCTION(cdp_clean_phone) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_phone));
}
CDP_FUNCTION(cdp_clean_date) {
    return row_result(fcinfo, clean_two(fcinfo, clean_date));
}
CDP_FUNCTION(cdp_clean_timestamp) {
    Answer answer = clean_timestamp(fcinfo);
    settle_zone(answer, zone_argument(fcinfo, 1));
    return row_result(fcinfo, answer);
}
CDP_FUNCTION(cdp_clean_boolean) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_boolean));
}
CDP_FUNCTION(cdp_clean_number) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_number));
}
CDP_FUNCTION(cdp_clean_gender) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_gender));
}
CDP_FUNCTION(cdp_clean_postal_code) {
    return row_result(fcinfo, clean_two(fcinfo, text::clean_postal_code));
}
CDP_FUNCTION(cdp_clean_country) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_country));
}
CDP_FUNCTION(cdp_clean_identifier) {
    return row_result(fcinfo, clean_one(fcinfo, text::clean_identifier));
}

// (semantic_type, input, country, date_order, time_zone)
CDP_FUNCTION(cdp_clean_value) {
    const std::string_view name = text_argument_or_empty(fcinfo, 0);
    const std::string_view input = text_argument_or_empty(fcinfo, 1);
    const std::string_view country = text_argument_or_empty(fcinfo, 2);
    const std::string_view order = text_argument_or_empty(fcinfo, 3);
    const bool is_timestamp = name == "timestamp";
    // The type is checked before NULL is answered: a wrong one is an error of the caller.
    Answer answer = run([=] {
        const auto type = text::parse_semantic_type(name);
        return text::clean_value(type, input, {country, order.empty() ? "dmy" : order});
    });
    if (is_timestamp) settle_zone(answer, zone_argument(fcinfo, 4));
    return row_result(fcinfo, answer);
}

}  // extern "C"
}  // namespace cdp::pg
