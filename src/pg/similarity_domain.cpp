// SPDX-License-Identifier: PostgreSQL
// Comparisons of names, dates, numbers and places as SQL functions.
#include "bridge/postgres.hpp"

#include <chrono>
#include <cmath>

#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "similarity/date_similarity.hpp"
#include "similarity/geography.hpp"
#include "similarity/name_similarity.hpp"
#include "similarity/number_similarity.hpp"
#include "text/moment.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

namespace sim = cdp::similarity;
using std::chrono::year_month_day;

// A date of the server counts days from 2000-01-01.
constexpr int32 kFromUnixEpoch = 10957;

struct DateAnswer {
    bool missing;
    sim::DateComparison comparison;
};

// The calendar of the core ends in the year 32767; beyond, days are equal or different.
bool in_calendar(int32 date) {
    constexpr std::chrono::sys_days kLast = std::chrono::year(30000) / 1 / 1;
    return std::abs(static_cast<int64_t>(date)) < kLast.time_since_epoch().count() - kFromUnixEpoch;
}

year_month_day calendar_day(int32 date) {
    return std::chrono::sys_days(std::chrono::days(date + kFromUnixEpoch));
}

bool is_missing(int32 date) {
    const bool infinite = date == PG_INT32_MIN || date == PG_INT32_MAX;
    return infinite || (in_calendar(date) && text::is_default_day(calendar_day(date)));
}

DateAnswer compare_dates(FunctionCallInfo fcinfo) {
    const int32 a = PG_GETARG_INT32(0);
    const int32 b = PG_GETARG_INT32(1);
    if (is_missing(a) || is_missing(b)) return {true, {sim::DateKind::kDifferent, 0.0}};
    if (in_calendar(a) && in_calendar(b))
        return {false, sim::compare_dates(calendar_day(a), calendar_day(b))};
    if (a == b) return {false, {sim::DateKind::kEqual, 1.0}};
    return {false, {sim::DateKind::kDifferent, 0.0}};
}

// Half at this; the server's NaN and infinity are no scale.
double positive_argument(FunctionCallInfo fcinfo, int n, const char* name) {
    const double value = PG_GETARG_FLOAT8(n);
    if (!(value > 0.0) || std::isinf(value)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("%s must be a positive number, not %g", name, value),
                        errhint("It is the difference at which the similarity is 0.5.")));
    }
    return value;
}

double distance_argument(FunctionCallInfo fcinfo, double (*measure)(const sim::Place&, const sim::Place&)) {
    const sim::Place a{PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1)};
    const sim::Place b{PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3)};
    return guard([&] {
        sim::check_place(a);
        sim::check_place(b);
        return measure(a, b);
    });
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_name_similarity) {
    const std::string_view a = text_argument(fcinfo, 0);
    const std::string_view b = text_argument(fcinfo, 1);
    return Float8GetDatum(guard([&] {
        Tick tick = backend_tick();
        return sim::name_similarity(a, b, tick);
    }));
}

CDP_FUNCTION(cdp_explain_name_similarity) {
    const std::string_view a = text_argument(fcinfo, 0);
    const std::string_view b = text_argument(fcinfo, 1);
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        Tick tick = backend_tick();
        for (const sim::NamePair& pair : sim::explain_name_similarity(a, b, tick)) {
            const auto text = [](std::string_view value) {
                return pg_call([&] { return make_text(value); });
            };
            const Datum values[4] = {text(pair.part_a), text(pair.part_b), text(pair.relation),
                                     Float8GetDatum(pair.score)};
            const bool nulls[4] = {pair.part_a.empty(), pair.part_b.empty(), false, false};
            rows.put(values, nulls);
        }
    });
    return ResultSet::finish(fcinfo);
}

CDP_FUNCTION(cdp_date_similarity) {
    const DateAnswer answer = compare_dates(fcinfo);
    return answer.missing ? null_result(fcinfo) : Float8GetDatum(answer.comparison.similarity);
}

CDP_FUNCTION(cdp_date_difference_kind) {
    const DateAnswer answer = compare_dates(fcinfo);
    return answer.missing ? null_result(fcinfo) : make_text(sim::date_kind_name(answer.comparison.kind));
}

CDP_FUNCTION(cdp_number_similarity) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return null_result(fcinfo);
    const double a = PG_GETARG_FLOAT8(0);
    const double b = PG_GETARG_FLOAT8(1);
    const bool relative = PG_ARGISNULL(2);
    const double tolerance = relative ? 1.0 : positive_argument(fcinfo, 2, "tolerance");
    if (std::isnan(a) || std::isnan(b)) return null_result(fcinfo);
    return Float8GetDatum(relative ? sim::relative_similarity(a, b)
                                   : sim::absolute_similarity(a, b, tolerance));
}

CDP_FUNCTION(cdp_geo_distance) {
    return Float8GetDatum(distance_argument(fcinfo, sim::sphere_distance));
}

CDP_FUNCTION(cdp_geo_distance_ellipsoid) {
    return Float8GetDatum(distance_argument(fcinfo, sim::ellipsoid_distance));
}

CDP_FUNCTION(cdp_geo_similarity) {
    const double scale = positive_argument(fcinfo, 4, "scale_metres");
    return Float8GetDatum(sim::decay(distance_argument(fcinfo, sim::sphere_distance), scale));
}

}  // extern "C"
}  // namespace cdp::pg
