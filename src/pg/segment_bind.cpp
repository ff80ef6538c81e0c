// SPDX-License-Identifier: PostgreSQL
#include "bridge/postgres.hpp"

extern "C" {
#include "pgtime.h"
#include "utils/date.h"
}

#include <algorithm>
#include <string>

#include "bridge/convert.hpp"
#include "bridge/query.hpp"
#include "segment/render_sql.hpp"
#include "segment_bind.hpp"

namespace cdp::pg {
namespace {

namespace seg = cdp::segment;
constexpr int kDaysTo2000 = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;

// Rows of up to kMax columns of 64 bits: timestamptz, date, boolean or integer, each as what it is.
struct NumbersReader {
    static constexpr int kMax = 1600;
    int count;
    int64_t row[kMax];
    bool known[kMax];
    std::vector<std::vector<std::pair<bool, int64_t>>>* rows;
    Oid types[kMax];

    void start(TupleDesc description) {
        count = description->natts;
        for (int i = 0; i < count; ++i) types[i] = TupleDescAttr(description, i)->atttypid;
    }
    void read(TupleTableSlot* slot) {
        for (int i = 0; i < count; ++i) {
            known[i] = !slot->tts_isnull[i];
            if (!known[i]) continue;
            const Datum value = slot->tts_values[i];
            switch (types[i]) {
                case TIMESTAMPTZOID: {
                    const TimestampTz at = DatumGetTimestampTz(value);
                    row[i] = TIMESTAMP_IS_NOBEGIN(at) ? INT64_MIN
                             : TIMESTAMP_IS_NOEND(at) ? INT64_MAX
                                                      : at + kUnixEpochMicroseconds;
                    break;
                }
                case DATEOID:
                    row[i] = int64_t{DatumGetDateADT(value)} + kDaysTo2000;
                    break;
                case BOOLOID:
                    row[i] = DatumGetBool(value) ? 1 : 0;
                    break;
                case INT4OID:
                    row[i] = DatumGetInt32(value);
                    break;
                case INT8OID:
                    row[i] = DatumGetInt64(value);
                    break;
                default:
                    elog(ERROR, "a program asks for a value of type %u", types[i]);
            }
        }
    }
    void add() {
        auto& to = rows->emplace_back();
        for (int i = 0; i < count; ++i) to.emplace_back(known[i], row[i]);
    }
};

using Rows = std::vector<std::vector<std::pair<bool, int64_t>>>;

Rows numbers(const std::string& query) {
    Rows rows;
    auto* reader = static_cast<NumbersReader*>(pg_call([] { return palloc0(sizeof(NumbersReader)); }));
    reader->rows = &rows;
    read_query(query.c_str(), *reader);
    pg_call([&] { pfree(reader); });
    return rows;
}

// Offsets of a zone from 1900 to 2200, by the server's own tables.
std::vector<seg::Bindings::Offset> offsets_of(std::string_view time_zone) {
    const std::string name(time_zone);
    pg_tz* zone = pg_call([&] { return pg_tzset(name.c_str()); });
    std::vector<seg::Bindings::Offset> offsets;
    if (zone == nullptr) return offsets;
    constexpr pg_time_t kFirst = -2208988800, kLast = 7258118400;
    pg_time_t at = kFirst;
    for (;;) {
        long before, after;
        int before_dst, after_dst;
        pg_time_t boundary;
        const int found =
            pg_next_dst_boundary(&at, &before, &before_dst, &boundary, &after, &after_dst, zone);
        if (found < 0) return {};
        if (offsets.empty()) offsets.push_back({INT64_MIN, static_cast<int32_t>(before)});
        if (found == 0 || boundary > kLast) return offsets;
        offsets.push_back({boundary * 1000000, static_cast<int32_t>(after)});
        at = boundary;
    }
}

}  // namespace

seg::Bindings bind_program(const seg::Program& program, int64_t as_of, std::string_view time_zone) {
    seg::Bindings bindings;
    bindings.instant = as_of;
    std::string query = "SELECT (pg_catalog.to_timestamp(" + std::to_string(as_of) +
                        "::numeric / 1000000) AT TIME ZONE " + seg::sql_literal(time_zone) + ")::date";
    for (const auto& window : program.windows) {
        for (const std::string& side : {window.start, window.end})
            query += side.empty() ? ", NULL::bigint" : ", " + side;
    }
    for (const std::string& coverage : program.coverages) query += ", " + coverage;
    const Rows row = numbers(query);
    size_t at = 0;
    const auto next = [&] { return row.at(0).at(at++); };
    bindings.local_day = static_cast<int32_t>(next().second);
    for (const auto& window : program.windows) {
        const auto start = next(), end = next();
        bindings.windows.push_back({start.first ? start.second : INT64_MIN,
                                    end.first ? end.second : INT64_MAX, window.start_included || !start.first,
                                    window.end_included || !end.first});
    }
    for (size_t i = 0; i < program.coverages.size(); ++i) {
        const auto covered = next();
        bindings.coverages.push_back(covered.first && covered.second != 0);
    }
    for (const auto& set : program.symbol_sets) {
        auto& bits = bindings.symbol_sets.emplace_back();
        for (const auto& symbol :
             numbers("SELECT s.symbol FROM cdp_data.symbol AS s WHERE s.dictionary_id = " +
                     std::to_string(set.dictionary) + " AND " + set.condition)) {
            const auto number = static_cast<size_t>(symbol[0].second);
            if (number / 64 >= bits.size()) bits.resize(number / 64 + 1);
            bits[number / 64] |= uint64_t{1} << (number % 64);
        }
    }
    for (const int dictionary : program.classes) {
        auto& classes = bindings.classes.emplace_back();
        for (const auto& symbol :
             numbers("SELECT s.symbol, pg_catalog.min(s.symbol) OVER (PARTITION BY cdp.fold(s.value)) "
                     "FROM cdp_data.symbol AS s WHERE s.dictionary_id = " +
                     std::to_string(dictionary))) {
            const auto number = static_cast<size_t>(symbol[0].second);
            if (number >= classes.size()) classes.resize(number + 1);
            classes[number] = static_cast<uint32_t>(symbol[1].second);
        }
    }
    for (const std::string& bounds : program.period_bounds) {
        auto& instants = bindings.period_bounds.emplace_back();
        for (const auto& instant : numbers("SELECT pg_catalog.unnest(" + bounds + ")"))
            instants.push_back(instant[0].second);
    }
    bindings.offsets = offsets_of(time_zone);
    // The server knows abbreviations besides zones, and prefers them: EET has no summer.
    std::string asked;
    for (size_t i = bindings.offsets.size() > 40 ? bindings.offsets.size() - 40 : 1;
         i < bindings.offsets.size(); ++i) {
        asked += (asked.empty() ? "(" : ", (") + std::to_string(bindings.offsets[i].from / 1000000) + ", " +
                 std::to_string(bindings.offsets[i].seconds) + ")";
    }
    if (bindings.offsets.size() == 1) asked = "(0, " + std::to_string(bindings.offsets[0].seconds) + ")";
    if (!asked.empty()) {
        const Rows differ = numbers("SELECT pg_catalog.count(*) FROM (VALUES " + asked +
                                    ") AS o(at, seconds) WHERE pg_catalog.date_part('epoch', "
                                    "(pg_catalog.to_timestamp(o.at) AT TIME ZONE " +
                                    seg::sql_literal(time_zone) +
                                    ") - (pg_catalog.to_timestamp(o.at) AT TIME ZONE 'UTC')) <> o.seconds");
        if (differ[0][0].second != 0) bindings.offsets.clear();
    }
    return bindings;
}

namespace {
struct SetReader {
    std::pmr::vector<std::pair<int64_t, seg::Truth>>* members;
    int64_t profile;
    seg::Truth is;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        profile = DatumGetInt64(slot->tts_values[0]);
        is = slot->tts_isnull[1]                 ? seg::Truth::kUnknown
             : DatumGetBool(slot->tts_values[1]) ? seg::Truth::kTrue
                                                 : seg::Truth::kFalse;
    }
    void add() {
        if (is != seg::Truth::kFalse) members->emplace_back(profile, is);
    }
};
}  // namespace

SetPlaces::SetPlaces(const std::string& query, std::pmr::memory_resource* resource) : sorted_(resource) {
    SetReader reader{&sorted_, 0, seg::Truth::kFalse};
    read_query(query.c_str(), reader);
    std::sort(sorted_.begin(), sorted_.end());
}

seg::Truth SetPlaces::find(int64_t profile) const {
    const auto from = last_ < sorted_.size() && sorted_[last_].first <= profile
                          ? sorted_.begin() + static_cast<std::ptrdiff_t>(last_)
                          : sorted_.begin();
    // People come in order, mostly: look close by first.
    auto at = from;
    for (int i = 0; i < 4 && at != sorted_.end() && at->first < profile; ++i) ++at;
    if (at != sorted_.end() && at->first < profile)
        at = std::lower_bound(at, sorted_.end(), std::pair(profile, seg::Truth::kFalse));
    last_ = static_cast<size_t>(at - sorted_.begin());
    return at != sorted_.end() && at->first == profile ? at->second : seg::Truth::kFalse;
}

}  // namespace cdp::pg
