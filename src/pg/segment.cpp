// SPDX-License-Identifier: PostgreSQL
// Binding of the segment language: pure functions of a definition and of the names it may use.
#include "bridge/postgres.hpp"

extern "C" {
#include "utils/datetime.h"
}

#include <string>

#include "bridge/convert.hpp"
#include "bridge/result_set.hpp"
#include "segment/ast.hpp"
#include "segment/diagnostic.hpp"
#include "segment/render_sql.hpp"

namespace {

using namespace cdp::pg;
namespace seg = cdp::segment;

struct Arguments {
    std::string_view definition, time_zone;
    char as_of[MAXDATELEN + 1];
    TextArray attribute_names, attribute_types, attribute_places, kind_names, property_kinds, property_names,
        property_types, segment_names, purposes;
    IntArray kind_ids, segment_ids;
};

// Plain C: may ereport.
void read_arguments(FunctionCallInfo fcinfo, Arguments* a) {
    a->definition = text_argument(fcinfo, 0);
    const TimestampTz as_of = DatumGetTimestampTz(fcinfo->args[1].value);
    struct pg_tm tm;
    fsec_t fraction;
    if (TIMESTAMP_NOT_FINITE(as_of) || timestamp2tm(as_of, nullptr, &tm, &fraction, nullptr, nullptr) != 0) {
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the instant of evaluation must be finite"),
                 errhint("Leave as_of out for now.")));
    }
    // ISO 8601 in UTC, whatever DateStyle and TimeZone are.
    pg_snprintf(a->as_of, sizeof(a->as_of), "%04d-%02d-%02d %02d:%02d:%02d.%06d+00%s",
                tm.tm_year > 0 ? tm.tm_year : 1 - tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min,
                tm.tm_sec, static_cast<int>(fraction), tm.tm_year > 0 ? "" : " BC");
    a->time_zone = text_argument(fcinfo, 2);
    a->attribute_names = text_array_argument(fcinfo, 3);
    a->attribute_types = text_array_argument(fcinfo, 4);
    a->attribute_places = text_array_argument(fcinfo, 5);
    a->kind_names = text_array_argument(fcinfo, 6);
    a->kind_ids = int_array_argument(fcinfo, 7);
    a->property_kinds = text_array_argument(fcinfo, 8);
    a->property_names = text_array_argument(fcinfo, 9);
    a->property_types = text_array_argument(fcinfo, 10);
    a->segment_names = text_array_argument(fcinfo, 11);
    a->segment_ids = int_array_argument(fcinfo, 12);
    a->purposes = text_array_argument(fcinfo, 13);
    if (a->attribute_types.size != a->attribute_names.size ||
        a->attribute_places.size != a->attribute_names.size || a->kind_ids.size != a->kind_names.size ||
        a->property_names.size != a->property_kinds.size ||
        a->property_types.size != a->property_kinds.size || a->segment_ids.size != a->segment_names.size) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("the arrays of names have different lengths")));
    }
}

seg::Type type_of(std::string_view name) {
    if (name == "number") return seg::Type::kNumber;
    if (name == "boolean") return seg::Type::kBoolean;
    if (name == "date") return seg::Type::kDate;
    if (name == "timestamp") return seg::Type::kTimestamp;
    return seg::Type::kText;
}

// Inside a guard.
seg::Catalogue catalogue_of(const Arguments& a) {
    seg::Catalogue catalogue;
    for (int i = 0; i < a.attribute_names.size; ++i) {
        catalogue.attributes.push_back({std::string(a.attribute_names[i]), type_of(a.attribute_types[i]),
                                        a.attribute_places[i] == "details"});
    }
    for (int i = 0; i < a.kind_names.size; ++i) {
        catalogue.events.push_back({std::string(a.kind_names[i]), DatumGetInt32(a.kind_ids.values[i]), {}});
    }
    for (int i = 0; i < a.property_kinds.size; ++i) {
        for (seg::EventKind& kind : catalogue.events) {
            if (kind.name == a.property_kinds[i]) {
                kind.properties.push_back({std::string(a.property_names[i]), type_of(a.property_types[i])});
            }
        }
    }
    for (int i = 0; i < a.segment_names.size; ++i) {
        catalogue.segments.push_back(
            {std::string(a.segment_names[i]), DatumGetInt32(a.segment_ids.values[i])});
    }
    for (int i = 0; i < a.purposes.size; ++i) catalogue.purposes.emplace_back(a.purposes[i]);
    return catalogue;
}

Datum render(FunctionCallInfo fcinfo, bool waterfall) {
    Arguments arguments;
    read_arguments(fcinfo, &arguments);
    const PallocText sql = guard([&] {
        const seg::ConditionPtr condition = seg::parse(arguments.definition);
        seg::RenderOptions options;
        options.as_of = arguments.as_of;
        options.time_zone = arguments.time_zone;
        options.waterfall = waterfall;
        return palloc_copy(
            seg::render_sql(arguments.definition, *condition, catalogue_of(arguments), options));
    });
    return make_text(sql.view());
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(cdp_segment_sql);
Datum cdp_segment_sql(PG_FUNCTION_ARGS) {
    return render(fcinfo, false);
}

PG_FUNCTION_INFO_V1(cdp_segment_waterfall_sql);
Datum cdp_segment_waterfall_sql(PG_FUNCTION_ARGS) {
    return render(fcinfo, true);
}

PG_FUNCTION_INFO_V1(cdp_segment_conditions);
Datum cdp_segment_conditions(PG_FUNCTION_ARGS) {
    const std::string_view definition = text_argument(fcinfo, 0);
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        const seg::ConditionPtr root = seg::parse(definition);
        int position = 0;
        for (const seg::Condition* part : seg::top_conditions(*root)) {
            const std::string source =
                seg::one_line(definition.substr(part->span.begin, part->span.end - part->span.begin), 200);
            const Datum text = pg_call([&] { return make_text(source); });
            const Datum values[2] = {Int32GetDatum(++position), text};
            const bool nulls[2] = {false, false};
            rows.put(values, nulls);
        }
    });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_segment_references);
Datum cdp_segment_references(PG_FUNCTION_ARGS) {
    const std::string_view definition = text_argument(fcinfo, 0);
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        for (const seg::Reference& reference : seg::references(*seg::parse(definition))) {
            const Datum kind = pg_call([&] { return make_text(reference.kind); });
            const Datum name = pg_call([&] { return make_text(reference.name); });
            const Datum values[2] = {kind, name};
            const bool nulls[2] = {false, false};
            rows.put(values, nulls);
        }
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
