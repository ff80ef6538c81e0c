// SPDX-License-Identifier: PostgreSQL
// cdp._load_events: a query of events, column by column, into the event store.
#include "bridge/postgres.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/tick.hpp"
#include "event_reader.hpp"
#include "event_store.hpp"
#include "event_table.hpp"
#include "event_values.hpp"
#include "ingest/packed_json.hpp"
#include "ingest/packed_number.hpp"
#include "text/number.hpp"

extern "C" {
#include "utils/numeric.h"
}
#undef Abs
#undef Max
#undef Min

namespace cdp::pg {
namespace {

using ingest::FlatField;
using ingest::JsonType;

struct LoadOptions {
    std::string key_prefix;  // of people
    std::string event_kind;  // of all rows, where no column says it
    std::string time_zone;
    std::string date_order;
    char decimal_mark;  // of amounts; any other character than . and , for each value by itself
};

class EventColumns {
  public:
    EventColumns(BatchReader& reader, const TextArray& roles, LoadOptions options, EventStore& store)
        : reader_(reader),
          options_(std::move(options)),
          store_(store),
          times_(options_.time_zone, options_.date_order) {
        check(roles.size == reader.columns(), "every column has a role");
        for (int i = 0; i < roles.size; ++i) {
            const std::string_view role = roles[i];
            if (role.empty()) continue;
            if (role.substr(0, 1) == "=")
                properties_.push_back({std::string(role.substr(1)), i});
            else if (role == "event_key")
                key_ = i;
            else if (role == "person_key")
                person_ = i;
            else if (role == "occurred_at")
                time_ = i;
            else if (role == "event_kind")
                kind_ = i;
            else if (role == "amount")
                amount_ = i;
            else if (role == "currency")
                currency_ = i;
            else if (role == "latitude")
                latitude_ = i;
            else if (role == "longitude")
                longitude_ = i;
            else
                check(false, "the role of every column is known");
        }
        std::sort(properties_.begin(), properties_.end(), [](const Property& a, const Property& b) {
            return ingest::json_name_less(a.name, b.name);
        });
    }

    void stage(Tick& tick) {
        events_.clear();
        events_.resize(reader_.rows());
        texts_.clear();
        for (uint32_t row = 0; row < reader_.rows(); ++row) {
            tick();
            stage_row(row);
        }
    }
    std::span<StagedEvent> events() { return events_; }

  private:
    struct Property {
        std::string name;
        int column;
    };

    // Any text as the server's btrim(x, characters) leaves it.
    std::string_view trimmed(uint32_t row, int column, bool of_person) {
        return of_person ? trim_key(text_of(row, column)) : trim_spaces(text_of(row, column));
    }
    std::string_view text_of(uint32_t row, int column) {
        if (column < 0 || reader_.is_null(row, column)) return {};
        switch (reader_.type(column)) {
            case INT2OID:
                return texts_.keep_number(DatumGetInt16(reader_.value(row, column)));
            case INT4OID:
                return texts_.keep_number(DatumGetInt32(reader_.value(row, column)));
            case INT8OID:
                return texts_.keep_number(DatumGetInt64(reader_.value(row, column)));
            default:
                return reader_.text(row, column);
        }
    }

    void stage_row(uint32_t row) {
        StagedEvent& event = events_[row];
        event.row = row;
        event.key =
            key_ >= 0 ? trimmed(row, key_, false) : texts_.keep(EventTable::md5(reader_.original(row)));
        event.person = trimmed(row, person_, true);
        if (!event.person.empty() && !options_.key_prefix.empty())
            event.person = texts_.keep(options_.key_prefix, event.person);
        event.kind = kind_ >= 0 ? trimmed(row, kind_, false) : std::string_view(options_.event_kind);
        if (!reader_.is_null(row, time_)) {
            if (reader_.type(time_) == TIMESTAMPTZOID) {
                event.occurred_at = DatumGetTimestampTz(reader_.value(row, time_));
                event.has_time = true;
            } else {
                event.has_time = times_.read(reader_.text(row, time_), event.occurred_at);
            }
        }
        if (amount_ >= 0 && !reader_.is_null(row, amount_)) stage_amount(row, event);
        if (currency_ >= 0 && event.has_amount) event.currency = texts_.upper(trimmed(row, currency_, false));
        if (latitude_ >= 0 && longitude_ >= 0) stage_place(row, event);
        stage_properties(row, event);
    }

    void stage_amount(uint32_t row, StagedEvent& event) {
        std::optional<int64_t> units;
        if (reader_.type(amount_) == NUMERICOID) {
            units = ingest::unpack_amount(reader_.text(row, amount_));
        } else {
            const std::string_view raw = reader_.text(row, amount_);
            const text::Cleaned cleaned = text::clean_number(raw, options_.decimal_mark);
            if (cleaned.status == text::Status::kInvalid) {
                store_.reject({std::string(event.key),
                               !event.key.empty(),
                               "amount",
                               std::string(raw),
                               std::string(cleaned.reason),
                               cleaned.suggestion,
                               {}});
            }
            if (!cleaned.has_value()) return;
            char packed[ingest::kMaxPackedNumber];
            const size_t size = ingest::pack_number(cleaned.value, packed);
            check(size != 0, "a clean number is a number");
            units = ingest::unpack_amount({packed, size});
        }
        event.has_amount = true;
        event.amount_out_of_range = !units;
        event.amount = units.value_or(0);
    }

    // Degrees, or why they are none.
    std::optional<double> degrees(uint32_t row, int column, double most, const char* attribute,
                                  const StagedEvent& event) {
        if (reader_.is_null(row, column)) return std::nullopt;
        std::optional<double> value;
        std::string_view reason = "out of range";
        std::string raw;
        if (reader_.type(column) == FLOAT8OID) {
            value = DatumGetFloat8(reader_.value(row, column));
        } else {
            raw = reader_.text(row, column);
            const text::Cleaned cleaned = text::clean_number(raw);
            if (cleaned.status == text::Status::kMissing) return std::nullopt;
            if (cleaned.has_value())
                value = number_of(cleaned.value);
            else
                reason = cleaned.reason;
        }
        if (value && *value >= -most && *value <= most) return *value == 0 ? 0 : value;
        if (raw.empty()) raw = shortest_text(*value);
        store_.reject(
            {std::string(event.key), !event.key.empty(), attribute, raw, std::string(reason), {}, {}});
        return std::nullopt;
    }
    void stage_place(uint32_t row, StagedEvent& event) {
        const std::optional<double> latitude = degrees(row, latitude_, 90, "latitude", event);
        const std::optional<double> longitude = degrees(row, longitude_, 180, "longitude", event);
        event.has_place = latitude && longitude;
        event.latitude = latitude.value_or(0);
        event.longitude = longitude.value_or(0);
    }

    void stage_properties(uint32_t row, StagedEvent& event) {
        fields_.clear();
        numbers_.resize(properties_.size());
        size_t n = 0;
        for (const Property& property : properties_) {
            if (reader_.is_null(row, property.column)) continue;
            FlatField field{property.name, JsonType::kString, {}};
            const Datum value = reader_.value(row, property.column);
            const auto whole = [&](int64_t number) {
                field.type = JsonType::kPackedNumber;
                field.value = {numbers_[n].bytes, ingest::pack_decimal(number, 0, numbers_[n].bytes)};
                ++n;
            };
            switch (reader_.type(property.column)) {
                case BOOLOID:
                    field.type = DatumGetBool(value) ? JsonType::kTrue : JsonType::kFalse;
                    break;
                case INT2OID:
                    whole(DatumGetInt16(value));
                    break;
                case INT4OID:
                    whole(DatumGetInt32(value));
                    break;
                case INT8OID:
                    whole(DatumGetInt64(value));
                    break;
                case NUMERICOID:
                    field.value = reader_.text(row, property.column);
                    switch (ingest::packed_class(field.value)) {
                        case ingest::PackedClass::kNumber:
                            field.type = JsonType::kPackedNumber;
                            break;
                        // JSON has no words for these: they are texts, as jsonb_build_object makes them.
                        case ingest::PackedClass::kNotANumber:
                            field.value = "NaN";
                            break;
                        case ingest::PackedClass::kInfinite:
                            field.value = (static_cast<unsigned char>(field.value[0]) |
                                           static_cast<unsigned char>(field.value[1]) << 8) == 0xF000
                                              ? "-Infinity"
                                              : "Infinity";
                            break;
                    }
                    break;
                case JSONBOID:
                    if (!ingest::unpack_scalar(reader_.text(row, property.column), field.type, field.value))
                        continue;
                    if (field.type == JsonType::kNull) continue;
                    break;
                default:
                    field.value = reader_.text(row, property.column);
            }
            fields_.push_back(field);
        }
        event.properties = texts_.put_jsonb(
            [&](std::string& out, size_t base) { ingest::pack_flat_object(fields_, base, out); });
    }

    struct Number {
        char bytes[16];
    };
    BatchReader& reader_;
    LoadOptions options_;
    EventStore& store_;
    TimeReader times_;
    int key_ = -1, person_ = -1, time_ = -1, kind_ = -1, amount_ = -1, currency_ = -1, latitude_ = -1,
        longitude_ = -1;
    std::vector<Property> properties_;
    std::vector<StagedEvent> events_;
    std::vector<FlatField> fields_;
    std::vector<Number> numbers_;
    BatchTexts texts_;
};

}  // namespace
}  // namespace cdp::pg

extern "C" {

// (source_id, person_source_id, batch_id, query, roles, originals, key_prefix, event_kind, time_zone,
// date_order, currency, relation, decimal_mark)
PG_FUNCTION_INFO_V1(cdp_load_events);
Datum cdp_load_events(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    TupleDesc description;
    if (get_call_result_type(fcinfo, nullptr, &description) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(3));
    const TextArray roles = text_array_argument(fcinfo, 4);
    struct Result {
        int64_t rows_read;
        StoreCounts counts;
    };
    const Result result = guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick = backend_tick();
        EventStore store({PG_GETARG_INT32(0), PG_GETARG_INT32(1), PG_GETARG_INT64(2),
                          std::string(text_argument(fcinfo, 10)), std::string(text_argument(fcinfo, 11))},
                         budget, tick);
        const BatchSize size = batch_size(budget);
        BatchReader reader(query, PG_GETARG_INT32(5), size.rows, size.bytes);
        EventColumns columns(reader, roles,
                             {std::string(text_argument_or_empty(fcinfo, 6)), std::string(text_argument_or_empty(fcinfo, 7)),
                              std::string(text_argument_or_empty(fcinfo, 8)), std::string(text_argument_or_empty(fcinfo, 9)),
                              text_argument_or_empty(fcinfo, 12).empty() ? ' ' : text_argument_or_empty(fcinfo, 12).front()},
                             store);
        Result counted{0, {}};
        while (reader.next()) {
            counted.rows_read += reader.rows();
            columns.stage(tick);
            store.add(columns.events(), reader);
        }
        counted.counts = store.finish();
        reader.close();
        return counted;
    });
    Datum values[7] = {Int64GetDatum(result.rows_read),
                       Int64GetDatum(result.counts.rows_new),
                       Int64GetDatum(result.counts.rows_changed),
                       Int64GetDatum(result.counts.rows_rejected),
                       Int64GetDatum(result.counts.people_new),
                       Int64GetDatum(result.counts.first_occurred_at),
                       Int64GetDatum(result.counts.last_occurred_at)};
    bool nulls[7] = {};
    nulls[5] = nulls[6] = result.counts.rows_new + result.counts.rows_changed == 0;
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), values, nulls));
}

}  // extern "C"
