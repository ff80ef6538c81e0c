// SPDX-License-Identifier: PostgreSQL
// Binding of the column profiler: cdp._profile_columns reads a query straight from the executor, one profile
// a column, and gives back one row a column.
#include "bridge/postgres.hpp"

extern "C" {
#include "tcop/dest.h"
}

#include <algorithm>
#include <deque>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/query.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "ingest/column_names.hpp"
#include "text/column_summary.hpp"
#include "text/value_pattern.hpp"
#include "text/value_profile.hpp"

namespace cdp::pg {
namespace {

using text::ColumnKind;

// How a column's values become text. The texts are what a cast to text gives.
enum class Form { kVarlena, kPadded, kBoolean, kBinary, kOutput };
struct Reader {
    Form form;
    ColumnKind kind;
    FmgrInfo output;
};

constexpr int kBinaryShown = 64;  // bytes of binary content that are shown

ColumnKind kind_of(Oid type) {
    switch (type) {
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case FLOAT4OID:
        case FLOAT8OID:
        case NUMERICOID:
        case CASHOID:
            return ColumnKind::kNumber;
        case DATEOID:
            return ColumnKind::kDate;
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
            return ColumnKind::kTimestamp;
        case BOOLOID:
            return ColumnKind::kBoolean;
        case UUIDOID:
            return ColumnKind::kUuid;
        default:
            break;
    }
    char category;
    bool preferred;
    get_type_category_preferred(type, &category, &preferred);
    return category == TYPCATEGORY_STRING || category == TYPCATEGORY_ENUM ? ColumnKind::kText
                                                                          : ColumnKind::kOther;
}

std::string_view hex(std::string_view bytes) {
    if (bytes.empty()) return bytes;
    static const char digits[] = "0123456789abcdef";
    const size_t count = bytes.size() < kBinaryShown ? bytes.size() : kBinaryShown;
    auto* out = static_cast<char*>(palloc(2 * count + 2));
    out[0] = '\\';
    out[1] = 'x';
    for (size_t i = 0; i < count; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        out[2 + 2 * i] = digits[byte >> 4];
        out[3 + 2 * i] = digits[byte & 15];
    }
    return {out, 2 * count + 2};
}

// Feeds the profiles. Its arrays have a place for each column.
struct ProfileReader {
    std::deque<text::ValueProfile>* profiles;
    int columns;
    Reader* readers;
    std::string_view* contents;  // of one row; data() is null for NULL
    std::string_view* shown;

    void start(TupleDesc description) {
        if (description->natts != columns) {
            ereport(ERROR,
                    (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("the query returns the wrong columns"),
                     errdetail("It returns %d columns, %d names were given.", description->natts, columns),
                     errhint("Use cdp.profile_table(), which names them.")));
        }
        for (int i = 0; i < columns; ++i) {
            const Oid type = TupleDescAttr(description, i)->atttypid;
            const Oid base = getBaseType(type);
            Reader& reader = readers[i];
            reader.kind = kind_of(base);
            reader.form = base == TEXTOID || base == VARCHAROID ? Form::kVarlena
                          : base == BPCHAROID                   ? Form::kPadded
                          : base == BOOLOID                     ? Form::kBoolean
                          : base == BYTEAOID                    ? Form::kBinary
                                                                : Form::kOutput;
            Oid function;
            bool is_varlena;
            getTypeOutputInfo(type, &function, &is_varlena);
            fmgr_info(function, &reader.output);
        }
    }

    void read(TupleTableSlot* slot) {
        for (int i = 0; i < columns; ++i) {
            std::string_view content;
            const Datum value = slot->tts_values[i];
            if (slot->tts_isnull[i]) {
                contents[i] = content;
                continue;
            }
            Reader& reader = readers[i];
            switch (reader.form) {
                case Form::kVarlena:
                    content = text_view(value);
                    break;
                case Form::kPadded:
                    content = text_view(value);
                    while (content.ends_with(' ')) content.remove_suffix(1);
                    break;
                case Form::kBoolean:
                    content = DatumGetBool(value) ? "true" : "false";
                    break;
                case Form::kBinary:
                    content = text_view(value);
                    break;
                case Form::kOutput:
                    content = OutputFunctionCall(&reader.output, value);
                    break;
            }
            contents[i] = content;
            shown[i] = reader.form == Form::kBinary ? hex(content) : content;
        }
    }

    void add() {
        for (int i = 0; i < columns; ++i) {
            text::ValueProfile& profile = (*profiles)[static_cast<size_t>(i)];
            if (contents[i].data() == nullptr) {
                profile.add_null();
            } else {
                profile.add(contents[i], shown[i]);
            }
        }
    }
};

// Returns the kinds of the columns, in the caller's memory context.
ColumnKind* load(const char* query, std::deque<text::ValueProfile>& profiles) {
    const size_t columns = profiles.size();
    ProfileReader reader = pg_call([&] {
        return ProfileReader{&profiles, static_cast<int>(columns),
                             static_cast<Reader*>(palloc0(columns * sizeof(Reader))),
                             static_cast<std::string_view*>(palloc0(columns * sizeof(std::string_view))),
                             static_cast<std::string_view*>(palloc0(columns * sizeof(std::string_view)))};
    });
    read_query(query, reader);
    auto* kinds = pg_call([&] { return static_cast<ColumnKind*>(palloc0(columns * sizeof(ColumnKind))); });
    for (size_t i = 0; i < columns; ++i) kinds[i] = reader.readers[i].kind;
    return kinds;
}

enum Output : int {
    kPosition,
    kColumnName,
    kRows,
    kFilled,
    kDistinct,
    kIsExact,
    kSemanticType,
    kValidity,
    kSuspicious,
    kJunk,
    kMinLength,
    kMaxLength,
    kTotalLength,
    kMinValue,
    kMaxValue,
    kP05,
    kMedian,
    kP95,
    kPatterns,
    kPatternRows,
    kPatternExamples,
    kTopValues,
    kTopRows,
    kOutliers,
    kExamples,
    kDateOrder,
    kIsOrderNeeded,
    kDecimalSeparator,
    kAttribute,
    kConfidence,
    kReason,
    kOutputs
};

using Strings = std::vector<std::string>;

Datum text_array(const Strings& strings) {
    auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (strings.size() + 1)));
    for (size_t i = 0; i < strings.size(); ++i) elements[i] = make_text(strings[i]);
    return PointerGetDatum(
        construct_array(elements, static_cast<int>(strings.size()), TEXTOID, -1, false, TYPALIGN_INT));
}

Datum bigint_array(const std::vector<uint64_t>& numbers) {
    auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (numbers.size() + 1)));
    for (size_t i = 0; i < numbers.size(); ++i) elements[i] = Int64GetDatum(static_cast<int64>(numbers[i]));
    return PointerGetDatum(construct_array(elements, static_cast<int>(numbers.size()), INT8OID, sizeof(int64),
                                           FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

void write(const ResultSet& rows, MemoryContext context, int position, std::string_view name,
           const text::ValueProfile& profile, const text::ColumnSummary& summary) {
    Strings patterns, pattern_examples, values;
    std::vector<uint64_t> pattern_rows, value_rows;
    for (const text::PatternShare& shape : summary.patterns) {
        patterns.push_back(shape.pattern);
        pattern_rows.push_back(shape.rows);
        pattern_examples.push_back(shape.example);
    }
    for (const text::ProfiledValue& value : summary.top_values) {
        values.push_back(text::display(value.text, text::kShown));
        value_rows.push_back(value.rows);
    }
    const uint64_t distinct = profile.distinct();
    pg_call([&] {
        MemoryContext caller = MemoryContextSwitchTo(context);
        Datum out[kOutputs];
        bool nulls[kOutputs];
        for (bool& null : nulls) null = true;
        const auto set = [&](Output column, Datum value) {
            out[column] = value;
            nulls[column] = false;
        };
        const auto set_text = [&](Output column, std::string_view value) {
            if (!value.empty()) set(column, make_text(value));
        };
        const auto set_number = [&](Output column, const std::optional<double>& value) {
            if (value) set(column, Float8GetDatum(*value));
        };
        const auto set_count = [&](Output column, uint64_t value) {
            set(column, Int64GetDatum(static_cast<int64>(value)));
        };
        set(kPosition, Int32GetDatum(position));
        set(kColumnName, make_text(name));
        set_count(kRows, profile.rows());
        set_count(kFilled, profile.filled());
        set_count(kDistinct, distinct);
        set(kIsExact, BoolGetDatum(profile.is_exact()));
        set_text(kSemanticType, summary.semantic_type);
        set(kValidity, Float8GetDatum(summary.validity));
        set(kSuspicious, Float8GetDatum(summary.suspicious));
        set(kJunk, Float8GetDatum(summary.junk));
        set_count(kMinLength, profile.min_length());
        set_count(kMaxLength, profile.max_length());
        set_count(kTotalLength, profile.total_length());
        set_text(kMinValue, summary.min_value);
        set_text(kMaxValue, summary.max_value);
        set_number(kP05, summary.p05);
        set_number(kMedian, summary.median);
        set_number(kP95, summary.p95);
        set(kPatterns, text_array(patterns));
        set(kPatternRows, bigint_array(pattern_rows));
        set(kPatternExamples, text_array(pattern_examples));
        set(kTopValues, text_array(values));
        set(kTopRows, bigint_array(value_rows));
        set(kOutliers, text_array(summary.outliers));
        set(kExamples, text_array(summary.examples));
        set_text(kDateOrder, summary.date_order);
        set(kIsOrderNeeded, BoolGetDatum(summary.is_order_needed));
        set_text(kDecimalSeparator, summary.decimal_separator);
        set_text(kAttribute, summary.attribute);
        set(kConfidence, Float8GetDatum(summary.confidence));
        set_text(kReason, summary.reason);
        tuplestore_putvalues(rows.store, rows.description, out, nulls);
        MemoryContextSwitchTo(caller);
        MemoryContextReset(context);
    });
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

// (query, column_names, country, date_order, listed)
PG_FUNCTION_INFO_V1(cdp_profile_columns);
Datum cdp_profile_columns(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const TextArray array = text_array_argument(fcinfo, 1);
    // Read now: detoasting may ereport.
    auto* names = static_cast<std::string_view*>(palloc(sizeof(std::string_view) * (array.size + 1)));
    for (int i = 0; i < array.size; ++i) names[i] = array[i];
    const std::string_view country = text_argument_or_empty(fcinfo, 2);
    const std::string_view date_order = text_argument_or_empty(fcinfo, 3);
    const int listed = PG_GETARG_INT32(4);
    ResultSet rows = ResultSet::open(fcinfo);
    MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "cdp row of a profile", ALLOCSET_DEFAULT_SIZES);
    guard([&] {
        namespace text = cdp::text;
        cdp::MemoryBudget budget = backend_budget();
        const auto columns = static_cast<size_t>(array.size);
        const text::ProfileLimits limits = text::ProfileLimits::for_budget(budget.limit(), columns);
        std::deque<text::ValueProfile> profiles;
        for (size_t i = 0; i < columns; ++i) profiles.emplace_back(limits, &budget);
        const ColumnKind* kinds = load(query, profiles);
        cdp::Tick tick = backend_tick();
        for (size_t i = 0; i < columns; ++i) {
            const auto guess = cdp::ingest::guess_attribute(names[i]);
            text::SummaryInput input;
            input.kind = kinds[i];
            input.name_attribute = guess.attribute;
            input.name_confidence = guess.confidence;
            input.country = country;
            input.date_order = date_order;
            input.listed = static_cast<size_t>(std::max(listed, 1));
            const text::ColumnSummary summary = text::summarise(profiles.front(), input, tick);
            write(rows, row_context, static_cast<int>(i) + 1, names[i], profiles.front(), summary);
            profiles.pop_front();  // what it held the next ones may use
        }
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
