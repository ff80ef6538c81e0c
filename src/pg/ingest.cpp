// SPDX-License-Identifier: PostgreSQL
// cdp.parse_csv and cdp._guess_attribute: the readers of the ingest topic.
#include "bridge/postgres.hpp"

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "ingest/column_names.hpp"
#include "ingest/csv.hpp"

namespace cdp::pg {
namespace {

// What a row of the result is made of; plain data.
struct CsvLine {
    int64 row_number;
    int64 line_number;
    const std::string_view* fields;
    size_t field_count;
    std::string_view problem;
    std::string_view original;
};

// Plain C but for views: called inside pg_call. Everything palloc'd goes with `context`.
void put_line(const ResultSet& rows, MemoryContext context, const CsvLine& line) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    Datum values[5] = {Int64GetDatum(line.row_number), Int64GetDatum(line.line_number), Datum{0}, Datum{0},
                       Datum{0}};
    bool nulls[5] = {false, false, false, true, true};
    if (line.problem.empty()) {
        auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * line.field_count));
        for (size_t i = 0; i < line.field_count; ++i) elements[i] = make_text(line.fields[i]);
        values[2] = PointerGetDatum(
            construct_array(elements, static_cast<int>(line.field_count), TEXTOID, -1, false, TYPALIGN_INT));
    } else {
        nulls[2] = true;
        values[3] = make_text(line.problem);
        values[4] = make_text(line.original);
        nulls[3] = nulls[4] = false;
    }
    tuplestore_putvalues(rows.store, rows.description, values, nulls);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(context);
}

void read_csv(const ResultSet& rows, MemoryContext context, std::string_view content,
              std::string_view delimiter, bool has_header) {
    ingest::CsvOptions options;
    options.has_header = has_header;
    if (!delimiter.empty()) options.delimiter = ingest::parse_delimiter(delimiter);
    MemoryBudget budget = backend_budget();
    Tick tick = backend_tick();
    ingest::CsvReader reader(content, options, &budget);
    ingest::CsvRow row;
    int64 number = has_header ? 0 : 1;
    while (reader.next(row, tick)) {
        if (row.kind == ingest::CsvRowKind::kBlank) continue;
        std::string_view original = row.text;
        while (!original.empty() && (original.back() == '\n' || original.back() == '\r'))
            original.remove_suffix(1);
        const CsvLine line{number, row.line, row.fields.data(), row.fields.size(), row.problem, original};
        pg_call([&] { put_line(rows, context, line); });
        ++number;
    }
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_parse_csv);
Datum cdp_parse_csv(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const ResultSet rows = ResultSet::open(fcinfo);
    if (PG_ARGISNULL(0)) return ResultSet::finish(fcinfo);
    const std::string_view content = text_argument(fcinfo, 0);
    const std::string_view delimiter = text_argument_or_empty(fcinfo, 1);
    const bool has_header = PG_ARGISNULL(2) || PG_GETARG_BOOL(2);
    MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp.parse_csv row", ALLOCSET_DEFAULT_SIZES);
    guard([&] { read_csv(rows, context, content, delimiter, has_header); });
    MemoryContextDelete(context);
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_guess_attribute);
Datum cdp_guess_attribute(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    TupleDesc description;
    if (get_call_result_type(fcinfo, nullptr, &description) != TYPEFUNC_COMPOSITE) {
        elog(ERROR, "return type must be a row type");
    }
    const std::string_view name = text_argument(fcinfo, 0);
    const auto guess = guard([&] { return cdp::ingest::guess_attribute(name); });
    Datum values[2] = {Datum{0}, Float8GetDatum(guess.confidence)};
    bool nulls[2] = {guess.attribute.empty(), false};
    if (!nulls[0]) values[0] = make_text(guess.attribute);
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), values, nulls));
}

}  // extern "C"
