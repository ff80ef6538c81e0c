// SPDX-License-Identifier: PostgreSQL
// Binding of the dossiers: people, records and events are read by queries, packed in the core, and returned
// as rows.
#include "bridge/postgres.hpp"

extern "C" {
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
}

#include <algorithm>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "bridge/convert.hpp"
#include "bridge/query.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "dossier/builder.hpp"
#include "dossier/view.hpp"
#include "numeric_units.hpp"

namespace cdp::pg {
namespace {

namespace ds = cdp::dossier;

constexpr int64_t kEpoch = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
constexpr int kEpochDays = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
// Numbers of properties and attributes; amounts are numeric(18, 4) and fit.
constexpr int64_t kMostUnits = 9000000000000000000;

// Of a numeric datum that may be toasted. Plain C.
bool units_of(Datum datum, int64_t most, int64_t& units) {
    const auto* packed = reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM_PACKED(datum));
    return numeric_units(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), most, units);
}

enum class ValueType : uint8_t { kText, kNumber, kBoolean, kDate, kTimestamp };

ValueType value_type(std::string_view name) {
    if (name == "number") return ValueType::kNumber;
    if (name == "boolean") return ValueType::kBoolean;
    if (name == "date") return ValueType::kDate;
    if (name == "timestamp") return ValueType::kTimestamp;
    return ValueType::kText;
}

ds::Type stored_type(ValueType type) {
    switch (type) {
        case ValueType::kNumber:
            return ds::Type::kNumber;
        case ValueType::kBoolean:
            return ds::Type::kBoolean;
        case ValueType::kDate:
            return ds::Type::kDate;
        case ValueType::kTimestamp:
            return ds::Type::kTimestamp;
        case ValueType::kText:
            return ds::Type::kSymbol;
    }
    return ds::Type::kSymbol;
}

struct Attribute {
    uint16_t id;
    ValueType type;
    uint16_t dictionary;
};

// Plain data of one value; a text is a view into the row.
struct Value {
    bool known;
    int64_t bits;
    std::string_view text;
};

// profile_id bigint, then the attributes in order, each of its type (number: numeric).
struct PeopleReader {
    ds::Builder* builder;
    const std::vector<Attribute>* attributes;
    std::pmr::vector<std::pair<int64_t, uint32_t>>* places;  // profile, place
    Value* values;                                           // room for the attributes
    int64_t profile_id;

    void start(TupleDesc description) {
        if (description->natts != static_cast<int>(attributes->size()) + 1)
            elog(ERROR, "the query of people returns %d columns", description->natts);
    }
    void read(TupleTableSlot* slot) {
        profile_id = DatumGetInt64(slot->tts_values[0]);
        for (size_t i = 0; i < attributes->size(); ++i) {
            Value& value = values[i];
            value.known = !slot->tts_isnull[i + 1];
            if (!value.known) continue;
            const Datum datum = slot->tts_values[i + 1];
            switch ((*attributes)[i].type) {
                case ValueType::kText:
                    value.text = text_view(datum);
                    break;
                case ValueType::kNumber:
                    value.known = units_of(datum, kMostUnits, value.bits);
                    break;
                case ValueType::kBoolean:
                    value.bits = DatumGetBool(datum) ? 1 : 0;
                    break;
                case ValueType::kDate:
                    value.known = !DATE_NOT_FINITE(DatumGetDateADT(datum));
                    value.bits = int64_t{DatumGetDateADT(datum)} + kEpochDays;
                    break;
                case ValueType::kTimestamp:
                    value.known = !TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(datum));
                    value.bits = value.known ? DatumGetTimestampTz(datum) + kEpoch : 0;
                    break;
            }
        }
    }
    void add() {
        places->emplace_back(profile_id, builder->add_person(profile_id));
        for (size_t i = 0; i < attributes->size(); ++i) {
            if (!values[i].known) continue;
            const Attribute& attribute = (*attributes)[i];
            builder->add_attribute(attribute.id, stored_type(attribute.type),
                                   attribute.type == ValueType::kText
                                       ? builder->dictionaries().symbol(attribute.dictionary, values[i].text)
                                       : values[i].bits);
        }
    }
};

// profile_id, content: the dossiers that new events are added to.
struct OldReader {
    ds::Builder* builder;
    std::pmr::vector<std::pair<int64_t, uint32_t>>* places;  // sorted
    int64_t profile_id;
    std::string_view content;

    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        profile_id = DatumGetInt64(slot->tts_values[0]);
        content = text_view(slot->tts_values[1]);
    }
    void add() {
        const auto found =
            std::lower_bound(places->begin(), places->end(), std::pair(profile_id, uint32_t{0}));
        if (found == places->end() || found->first != profile_id) return;
        builder->add_old_events(found->second,
                                ds::View({reinterpret_cast<const uint8_t*>(content.data()), content.size()}));
    }
};

// record_id bigint, profile_id bigint: whose events those of a record are. Record ids are dense, mostly.
struct RecordReader {
    std::pmr::vector<std::pair<int64_t, uint32_t>>* places;   // of profiles, sorted
    std::pmr::vector<std::pair<int64_t, uint32_t>>* records;  // record, place
    int64_t record_id, profile_id;

    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        record_id = DatumGetInt64(slot->tts_values[0]);
        profile_id = DatumGetInt64(slot->tts_values[1]);
    }
    void add() {
        const auto found =
            std::lower_bound(places->begin(), places->end(), std::pair(profile_id, uint32_t{0}));
        if (found != places->end() && found->first == profile_id)
            records->emplace_back(record_id, found->second);
    }
};

// The place of a record's person: by number where ids are dense, else by search.
class RecordPlaces {
  public:
    static constexpr uint32_t kNobody = UINT32_MAX;
    RecordPlaces(std::pmr::vector<std::pair<int64_t, uint32_t>>&& records,
                 std::pmr::memory_resource* resource)
        : sorted_(std::move(records)), dense_(resource) {
        std::sort(sorted_.begin(), sorted_.end());
        if (sorted_.empty()) return;
        first_ = sorted_.front().first;
        const int64_t span = sorted_.back().first - first_ + 1;
        if (span / 8 > static_cast<int64_t>(sorted_.size()) + 1000) return;
        dense_.assign(static_cast<size_t>(span), kNobody);
        for (const auto& [record, place] : sorted_) dense_[static_cast<size_t>(record - first_)] = place;
    }
    uint32_t find(int64_t record) const {
        if (!dense_.empty()) {
            const auto at = static_cast<uint64_t>(record - first_);
            return at < dense_.size() ? dense_[at] : kNobody;
        }
        const auto found = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(record, uint32_t{0}));
        return found != sorted_.end() && found->first == record ? found->second : kNobody;
    }

  private:
    std::pmr::vector<std::pair<int64_t, uint32_t>> sorted_;
    std::pmr::vector<uint32_t> dense_;
    int64_t first_ = 0;
};

struct Property {
    std::string name;
    ValueType type;
    uint16_t column;
    uint16_t dictionary;
};
struct Kind {
    std::vector<Property> properties;  // in the order of the keys of a jsonb object: by length, then bytes
};

// record_id, kind_id, occurred_at, amount, currency, latitude, longitude, source_id, event_key, properties.
struct EventReader {
    ds::Builder* builder;
    const RecordPlaces* records;
    const std::vector<Kind>* kinds;
    uint16_t currencies;
    Tick* tick;

    uint32_t place;
    int kind;
    int64_t time, amount;
    bool has_amount, has_currency;
    std::string_view currency, event_key;
    int64_t latitude, longitude;
    int source;
    int found;  // of the properties
    struct Found {
        const Property* property;
        Value value;
    };
    static constexpr int kMaxProperties = 250;
    Found properties[kMaxProperties];

    void start(TupleDesc description) {
        if (description->natts != 10)
            elog(ERROR, "the query of events returns %d columns", description->natts);
    }
    void read(TupleTableSlot* slot) {
        const Datum* values = slot->tts_values;
        const bool* nulls = slot->tts_isnull;
        place = records->find(DatumGetInt64(values[0]));
        if (place == RecordPlaces::kNobody) return;
        kind = DatumGetInt32(values[1]);
        const TimestampTz at = DatumGetTimestampTz(values[2]);
        if (TIMESTAMP_NOT_FINITE(at) || kind <= 0 || kind > UINT16_MAX) {
            place = RecordPlaces::kNobody;
            return;
        }
        time = at + kEpoch;
        amount = ds::kNull;
        if (!nulls[3] && !units_of(values[3], INT64_MAX, amount)) amount = ds::kNull;
        has_currency = !nulls[4];
        if (has_currency) currency = text_view(values[4]);
        const auto degrees = [&](int i) {
            const double value = nulls[i] ? 1000 : DatumGetFloat8(values[i]);
            return value >= -180 && value <= 180 ? static_cast<int64_t>(rint(value * 10000000)) : ds::kNull;
        };
        latitude = degrees(5);
        longitude = degrees(6);
        source = DatumGetInt32(values[7]);
        event_key = text_view(values[8]);
        found = 0;
        if (!nulls[9] && static_cast<size_t>(kind) < kinds->size()) read_properties(values[9]);
    }
    // Both lists are in the same order: one walk.
    void read_properties(Datum datum) {
        const auto& wanted = (*kinds)[static_cast<size_t>(kind)].properties;
        if (wanted.empty()) return;
        Jsonb* json = DatumGetJsonbP(datum);
        JsonbContainer* object = &json->root;
        if (!JsonContainerIsObject(object)) return;
        const int count = static_cast<int>(JsonContainerSize(object));
        const char* base = reinterpret_cast<const char*>(&object->children[count * 2]);
        size_t next = 0;
        uint32 offset = 0;
        for (int i = 0; i < count && next < wanted.size(); ++i) {
            const uint32 length = getJsonbLength(object, i);
            const std::string_view key(base + offset, length);
            offset += length;
            const auto before = [](std::string_view a, std::string_view b) {
                return a.size() != b.size() ? a.size() < b.size() : a < b;
            };
            while (next < wanted.size() && before(wanted[next].name, key)) ++next;
            if (next == wanted.size() || wanted[next].name != key) continue;
            Found& item = properties[found];
            item.property = &wanted[next];
            if (found < kMaxProperties && read_value(object, base, i + count, item)) ++found;
        }
    }
    static bool read_value(JsonbContainer* object, const char* base, int at, Found& item) {
        const JEntry entry = object->children[at];
        const char* bytes = base + getJsonbOffset(object, at);
        const uint32 length = getJsonbLength(object, at);
        item.value.known = true;
        switch (item.property->type) {
            case ValueType::kNumber: {
                if (!JBE_ISNUMERIC(entry)) return false;
                return units_of(PointerGetDatum(bytes + INTALIGN(getJsonbOffset(object, at)) -
                                                getJsonbOffset(object, at)),
                                kMostUnits, item.value.bits);
            }
            case ValueType::kBoolean:
                if (!JBE_ISBOOL(entry)) return false;
                item.value.bits = JBE_ISBOOL_TRUE(entry) ? 1 : 0;
                return true;
            default:
                break;
        }
        // As ->> gives it.
        if (JBE_ISNULL(entry)) return false;
        if (JBE_ISSTRING(entry)) {
            item.value.text = {bytes, length};
        } else if (JBE_ISBOOL(entry)) {
            item.value.text = JBE_ISBOOL_TRUE(entry) ? "true" : "false";
        } else if (JBE_ISNUMERIC(entry)) {
            const char* aligned = bytes + INTALIGN(getJsonbOffset(object, at)) - getJsonbOffset(object, at);
            item.value.text = DatumGetCString(DirectFunctionCall1(numeric_out, PointerGetDatum(aligned)));
        } else {
            const uint32 skip = INTALIGN(getJsonbOffset(object, at)) - getJsonbOffset(object, at);
            char* text =
                JsonbToCString(nullptr, reinterpret_cast<JsonbContainer*>(const_cast<char*>(bytes + skip)),
                               static_cast<int>(length - skip));
            item.value.text = text;
        }
        return true;
    }
    void add() {
        (*tick)();
        if (place == RecordPlaces::kNobody) return;
        builder->add_event(place, static_cast<uint16_t>(kind), time,
                           hash64(event_key, static_cast<uint64_t>(source)));
        builder->set(ds::kAmount, amount);
        if (has_currency)
            builder->set_symbol(ds::kCurrency, builder->dictionaries().symbol(currencies, currency));
        builder->set(ds::kLatitude, latitude);
        builder->set(ds::kLongitude, longitude);
        builder->set(ds::kSource, source);
        for (int i = 0; i < found; ++i) {
            const Property& property = *properties[i].property;
            if (property.type == ValueType::kText) {
                builder->set_symbol(property.column, builder->dictionaries().symbol(
                                                         property.dictionary, properties[i].value.text));
            } else {
                builder->set(property.column, properties[i].value.bits);
            }
        }
    }
};

// dictionary_id, symbol, value.
struct SymbolReader {
    ds::Dictionaries* dictionaries;
    int dictionary, symbol;
    std::string_view text;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        dictionary = DatumGetInt32(slot->tts_values[0]);
        symbol = DatumGetInt32(slot->tts_values[1]);
        text = text_view(slot->tts_values[2]);
    }
    void add() { dictionaries->load(static_cast<uint16_t>(dictionary), static_cast<uint32_t>(symbol), text); }
};

struct PackArguments {
    const char *people, *records, *events, *symbols, *old;
    IntArray attribute_ids, attribute_dictionaries, property_kinds, property_columns, property_dictionaries;
    TextArray attribute_types, property_names, property_types;
    int currencies, max_events;
};

std::vector<Kind> kinds_of(const PackArguments& a) {
    std::vector<Kind> kinds;
    for (int i = 0; i < a.property_kinds.size; ++i) {
        const auto kind = static_cast<size_t>(a.property_kinds[i]);
        if (kind > UINT16_MAX) continue;
        if (kind >= kinds.size()) kinds.resize(kind + 1);
        kinds[kind].properties.push_back({std::string(a.property_names[i]), value_type(a.property_types[i]),
                                          static_cast<uint16_t>(a.property_columns[i]),
                                          static_cast<uint16_t>(a.property_dictionaries[i])});
    }
    for (Kind& kind : kinds) {
        std::sort(kind.properties.begin(), kind.properties.end(), [](const Property& x, const Property& y) {
            return x.name.size() != y.name.size() ? x.name.size() < y.name.size() : x.name < y.name;
        });
    }
    return kinds;
}

// The columns of the answer: a dossier, a new text, or a dictionary that is incomplete.
enum Column { kProfile, kContent, kEvents, kDictionary, kSymbol, kText, kColumns };

void put_row(const ResultSet& rows, std::initializer_list<std::pair<Column, Datum>> cells) {
    Datum values[kColumns] = {};
    bool nulls[kColumns] = {true, true, true, true, true, true};
    for (const auto& [column, value] : cells) {
        values[column] = value;
        nulls[column] = false;
    }
    rows.put(values, nulls);
}

void pack_people(const PackArguments& a, const ResultSet& rows, Value* room, EventReader* events) {
    MemoryBudget budget = backend_budget();
    Tick tick = backend_tick();
    ds::Builder builder(&budget, tick);
    SymbolReader symbols{&builder.dictionaries(), 0, 0, {}};
    read_query(a.symbols, symbols);

    std::vector<Attribute> attributes;
    for (int i = 0; i < a.attribute_ids.size; ++i) {
        attributes.push_back({static_cast<uint16_t>(a.attribute_ids[i]), value_type(a.attribute_types[i]),
                              static_cast<uint16_t>(a.attribute_dictionaries[i])});
    }
    std::pmr::vector<std::pair<int64_t, uint32_t>> places(&budget), records(&budget);
    PeopleReader people{&builder, &attributes, &places, room, 0};
    read_query(a.people, people);
    std::sort(places.begin(), places.end());
    if (*a.old != '\0') {
        OldReader old{&builder, &places, 0, {}};
        read_query(a.old, old);
    }
    RecordReader record_reader{&places, &records, 0, 0};
    read_query(a.records, record_reader);
    const RecordPlaces record_places(std::move(records), &budget);
    const std::vector<Kind> kinds = kinds_of(a);
    events->builder = &builder;
    events->records = &record_places;
    events->kinds = &kinds;
    events->currencies = static_cast<uint16_t>(a.currencies);
    events->tick = &tick;
    read_query(a.events, *events);

    for (const auto& text : builder.dictionaries().number_new()) {
        tick();
        const Datum value = pg_call([&] { return make_text(text.text); });
        put_row(rows, {{kDictionary, Int32GetDatum(text.dictionary)},
                       {kSymbol, Int32GetDatum(static_cast<int32>(text.symbol))},
                       {kText, value}});
        pg_call([&] { pfree(DatumGetPointer(value)); });
    }
    for (const uint16_t dictionary : builder.dictionaries().incomplete())
        put_row(rows, {{kDictionary, Int32GetDatum(dictionary)}});
    builder.finish(static_cast<uint32_t>(a.max_events), [&](int64_t profile, std::span<const uint8_t> bytes,
                                                            uint32_t count) {
        const Datum number = Int64GetDatum(profile), n = Int32GetDatum(static_cast<int32>(count));
        if (count == ds::Builder::kUnclear) {
            put_row(rows, {{kProfile, number}});
            return;
        }
        if (bytes.empty()) {
            put_row(rows, {{kProfile, number}, {kEvents, n}});
            return;
        }
        const Datum content = pg_call([&] {
            auto* copy = static_cast<bytea*>(palloc(VARHDRSZ + bytes.size()));
            SET_VARSIZE(copy, VARHDRSZ + bytes.size());
            memcpy(VARDATA(copy), bytes.data(), bytes.size());
            return PointerGetDatum(copy);
        });
        put_row(rows, {{kProfile, number}, {kContent, content}, {kEvents, n}});
        pg_call([&] { pfree(DatumGetPointer(content)); });
    });
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_pack_people);
Datum cdp_pack_people(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    PackArguments a{};
    a.people = text_to_cstring(PG_GETARG_TEXT_PP(0));
    a.attribute_ids = int_array_argument(fcinfo, 1);
    a.attribute_types = text_array_argument(fcinfo, 2);
    a.attribute_dictionaries = int_array_argument(fcinfo, 3);
    a.records = text_to_cstring(PG_GETARG_TEXT_PP(4));
    a.events = text_to_cstring(PG_GETARG_TEXT_PP(5));
    a.property_kinds = int_array_argument(fcinfo, 6);
    a.property_names = text_array_argument(fcinfo, 7);
    a.property_types = text_array_argument(fcinfo, 8);
    a.property_columns = int_array_argument(fcinfo, 9);
    a.property_dictionaries = int_array_argument(fcinfo, 10);
    a.symbols = text_to_cstring(PG_GETARG_TEXT_PP(11));
    a.currencies = PG_GETARG_INT32(12);
    a.max_events = PG_GETARG_INT32(13);
    a.old = text_to_cstring(PG_GETARG_TEXT_PP(14));
    auto* room = static_cast<Value*>(palloc0(sizeof(Value) * static_cast<size_t>(a.attribute_ids.size + 1)));
    auto* events = static_cast<EventReader*>(palloc0(sizeof(EventReader)));
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] { pack_people(a, rows, room, events); });
    return ResultSet::finish(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_dossier_problem);
Datum cdp_dossier_problem(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const std::string_view content = text_argument(fcinfo, 0);
    const PallocText problem = guard([&] {
        try {
            ds::View({reinterpret_cast<const uint8_t*>(content.data()), content.size()}).verify();
        } catch (const cdp::Error& error) {
            if (error.code() != cdp::ErrorCode::kDataCorrupted) throw;
            return palloc_copy(error.message());
        }
        return PallocText{nullptr, 0};
    });
    if (problem.data == nullptr) PG_RETURN_NULL();
    return make_text(problem.view());
}

PG_FUNCTION_INFO_V1(cdp_numeric_units);
Datum cdp_numeric_units(PG_FUNCTION_ARGS) {
    int64_t units = 0;
    if (!cdp::pg::units_of(PG_GETARG_DATUM(0), INT64_MAX, units)) PG_RETURN_NULL();
    PG_RETURN_INT64(units);
}

}  // extern "C"
