// SPDX-License-Identifier: PostgreSQL
// cdp._load_messages: Segment-spec messages into the event store, and what they say of people into temporary
// tables.
#include "bridge/postgres.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/run_sql.hpp"
#include "bridge/tick.hpp"
#include "event_reader.hpp"
#include "event_store.hpp"
#include "event_table.hpp"
#include "event_values.hpp"
#include "ingest/json_parser.hpp"
#include "ingest/message.hpp"
#include "ingest/packed_json.hpp"
#include "ingest/packed_number.hpp"
#include "text/code.hpp"
#include "text/number.hpp"

extern "C" {
#include "utils/jsonb.h"
}
#undef Abs
#undef Max
#undef Min

namespace cdp::pg {
namespace {

using ingest::JsonNode;
using ingest::JsonType;
using ingest::MessageFields;

constexpr int64_t kSecond = 1000000;

class Messages final : public OriginalSource {
  public:
    Messages(BatchReader& reader, std::string time_zone, MemoryBudget& budget)
        : reader_(reader), people_(&budget), times_(std::move(time_zone), "dmy") {}

    // Everything of a batch of rows; the number of messages.
    int64_t stage(Tick& tick) {
        events_.clear();
        texts_.clear();
        message_count_ = 0;
        latest_ = pg_call([] { return GetCurrentTimestamp(); }) + 86400 * kSecond;
        for (uint32_t row = 0; row < reader_.rows(); ++row) {
            tick();
            if (reader_.is_null(row, 0)) continue;
            const std::string_view text = reader_.text(row, 0);
            if (trim_spaces(text).empty()) continue;
            stage_row(row, text);
        }
        return message_count_;
    }
    std::span<StagedEvent> events() { return events_; }
    std::string original(uint32_t row) override { return std::string(reader_.text(row, 0)); }

    void flush() {
        Workspace workspace("cdp people of messages");
        if (!said_.empty()) {
            std::vector<std::string_view> people, originals, names, values;
            std::vector<int64_t> times;
            for (const Said& said : said_) {
                people.push_back(said.person);
                times.push_back(said.at);
                originals.push_back(said.original);
                names.push_back(said.name);
                values.push_back(said.value);
            }
            run_sql(
                "INSERT INTO pg_temp.cdp_message_trait (person_key, occurred_at, original, key, value) "
                "SELECT * FROM unnest($1, $2, $3, $4, $5)",
                {{TEXTARRAYOID, text_array(people)},
                 {TIMESTAMPTZARRAYOID, bigint_array(times, TIMESTAMPTZOID)},
                 {TEXTARRAYOID, text_array(originals)},
                 {TEXTARRAYOID, text_array(names)},
                 {TEXTARRAYOID, text_array(values)}});
            said_.clear();
        }
        if (!seen_.empty()) {
            std::vector<std::string_view> people, users, kinds, values;
            std::vector<int64_t> first, last;
            for (const auto& [key, seen] : seen_) {
                people.push_back(seen.person);
                users.push_back(seen.user.empty() ? std::string_view() : std::string_view(seen.user));
                kinds.push_back(seen.kind.empty() ? std::string_view() : seen.kind);
                values.push_back(seen.value.empty() ? std::string_view() : std::string_view(seen.value));
                first.push_back(seen.first);
                last.push_back(seen.last);
            }
            run_sql(
                "INSERT INTO pg_temp.cdp_message_seen (person_key, user_id, kind, value, first_at, last_at) "
                "SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
                {{TEXTARRAYOID, text_array(people)},
                 {TEXTARRAYOID, text_array(users)},
                 {TEXTARRAYOID, text_array(kinds)},
                 {TEXTARRAYOID, text_array(values)},
                 {TIMESTAMPTZARRAYOID, bigint_array(first, TIMESTAMPTZOID)},
                 {TIMESTAMPTZARRAYOID, bigint_array(last, TIMESTAMPTZOID)}});
            seen_.clear();
        }
    }

  private:
    struct Said {
        std::string person;
        int64_t at;
        std::string original;
        std::string name;
        std::string value;
    };
    struct Seen {
        std::string person;
        std::string user;
        std::string_view kind;  // device_id, or previous for an alias
        std::string value;
        int64_t first, last;
    };

    void stage_row(uint32_t row, std::string_view text) {
        if (!parser_.parse_object(text, nodes_)) {
            refuse(row, "not a JSON object", {});
            return;
        }
        const MessageFields outer = ingest::message_fields(nodes_, 0);
        if (outer.batch == 0 || outer.type != 0) {
            stage_message(row, 0, outer, 0);
            return;
        }
        if (nodes_[outer.batch].type != JsonType::kArray) {
            refuse(row, "the batch is no array of messages", {});
            return;
        }
        uint32_t number = 0;
        for (uint32_t child = nodes_[outer.batch].first; child != 0; child = nodes_[child].next) {
            ++number;
            if (nodes_[child].type != JsonType::kObject)
                refuse(row, "a message of the batch is not a JSON object", {});
            else
                stage_message(row, child, ingest::message_fields(nodes_, child, &outer), number);
        }
    }

    void refuse(uint32_t row, const char* problem, std::string_view key) {
        ++message_count_;
        StagedEvent event;
        event.row = row;
        event.key = key.empty() ? texts_.keep(EventTable::md5(reader_.text(row, 0))) : key;
        event.problem = problem;
        events_.push_back(event);
    }

    std::string_view identifier(uint32_t node) {
        if (node == 0) return {};
        if (nodes_[node].type == JsonType::kString && ingest::is_plain_identifier(nodes_[node].text))
            return texts_.keep(nodes_[node].text);
        if (!ingest::scalar_text(nodes_, node, text_)) return {};
        const text::Cleaned cleaned = text::clean_identifier(text_);
        return cleaned.has_value() ? texts_.keep(cleaned.value) : std::string_view();
    }
    // A person's: a text or a number.
    std::string_view person_identifier(uint32_t node) {
        const JsonType type = nodes_[node].type;
        return node != 0 && (type == JsonType::kString || type == JsonType::kNumber) ? identifier(node)
                                                                                     : std::string_view();
    }
    std::optional<int64_t> time_of(uint32_t node) {
        int64_t instant = 0;
        if (node == 0) return std::nullopt;
        if (nodes_[node].type == JsonType::kString)
            return times_.read(nodes_[node].text, instant) ? std::optional<int64_t>(instant) : std::nullopt;
        if (!ingest::scalar_text(nodes_, node, text_) || !times_.read(text_, instant)) return std::nullopt;
        return instant;
    }
    // Where the clock of the client was off: receivedAt - (sentAt - originalTimestamp), unless these are two
    // months apart.
    std::optional<int64_t> true_time(const MessageFields& fields) {
        const std::optional<int64_t> received = time_of(fields.received_at);
        if (fields.sent_at != 0 && fields.original_timestamp != 0 && received) {
            const std::optional<int64_t> sent = time_of(fields.sent_at);
            const std::optional<int64_t> noted = time_of(fields.original_timestamp);
            if (sent && noted) {
                const int64_t skew = *sent - *noted;
                if (skew > -60 * 86400 * kSecond && skew < 60 * 86400 * kSecond) return *received - skew;
            }
        }
        const std::optional<int64_t> stated = time_of(fields.timestamp);
        return stated ? stated : received;
    }

    void stage_message(uint32_t row, uint32_t message, const MessageFields& fields, uint32_t number) {
        const std::string_view id = identifier(fields.message_id);
        const std::string_view user = person_identifier(fields.user_id);
        const std::string_view device = person_identifier(fields.anonymous_id);
        std::string type;
        const bool has_type = ingest::scalar_text(nodes_, fields.type, type);
        if (has_type) {
            type = std::string(trim_spaces(type));
            for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        const bool is_track = type == "track", is_page = type == "page", is_screen = type == "screen";
        const bool is_identify = type == "identify", is_group = type == "group", is_alias = type == "alias";
        std::string_view kind;
        if (is_track && ingest::scalar_text(nodes_, fields.event, text_)) {
            const auto [place, is_new] = kinds_.try_emplace(text_);
            if (is_new) {
                // Names that are never the same would fill the memory.
                if (kinds_.size() > 10000) {
                    kinds_.clear();
                    place_kind(text_);
                } else {
                    place->second = ingest::event_name(text_);
                }
            }
            kind = texts_.keep(kinds_.at(text_));
        } else if (is_page || is_screen) {
            kind = is_page ? "page_viewed" : "screen_viewed";
        }
        const std::optional<int64_t> at = true_time(fields);
        const char* problem = nullptr;
        if (!has_type) {
            problem = "the message has no type";
        } else if (!is_track && !is_page && !is_screen && !is_identify && !is_group && !is_alias) {
            const PallocText quoted = pg_call([&] {
                const std::string_view clipped =
                    text_view(DirectFunctionCall2(text_left, make_text(type), Int32GetDatum(40)));
                const std::string_view literal =
                    text_view(DirectFunctionCall1(quote_literal, make_text(clipped)));
                return PallocText{literal.data(), literal.size()};
            });
            problem = texts_.keep(std::string("unknown type of message ") + std::string(quoted.view()) + '\0')
                          .data();
        } else if (user.empty() && device.empty()) {
            problem = "neither userId nor anonymousId is given";
        } else if (!at) {
            problem = "the time is missing or cannot be read";
        } else if (*at > latest_) {
            problem = "the time lies in the future";  // its traits would win for ever
        } else if (is_track && kind.empty()) {
            problem = "a track message without the name of the event";
        }
        if (problem != nullptr) {
            refuse(row, problem, id);
            return;
        }
        ++message_count_;
        const std::string_view person =
            user.empty() ? texts_.keep("device:", device) : texts_.keep("user:", user);
        // Who does something gets a record from it, and has a login from the start.
        if (!device.empty() || is_identify || is_group || is_alias)
            note_seen(person, user, device.empty() ? std::string_view() : "device_id", device, *at);
        if (is_identify || is_group) {
            traits_.clear();
            if (is_identify)
                ingest::identify_traits(nodes_, fields.traits, traits_);
            else {
                ingest::group_traits(nodes_, fields.traits, traits_);
                const std::string_view group = identifier(fields.group_id);
                if (!group.empty()) traits_.push_back({"company.id", std::string(group)});
            }
            for (ingest::Trait& trait : traits_)
                said_.push_back({std::string(person), *at, std::string(reader_.text(row, 0)),
                                 std::move(trait.name), std::move(trait.value)});
        } else if (is_alias) {
            const std::string_view previous = person_identifier(fields.previous_id);
            if (!previous.empty()) note_seen(person, user, "previous", previous, *at);
        } else {
            stage_event(row, message, fields, number, id, person, kind, *at, is_page || is_screen);
        }
        if (said_.size() + seen_.size() > 200000) flush();
    }
    void place_kind(const std::string& name) { kinds_.emplace(name, ingest::event_name(name)); }

    void note_seen(std::string_view person, std::string_view user, std::string_view kind,
                   std::string_view value, int64_t at) {
        // Most have been seen before, and without a device that is all there is to know.
        if (kind.empty()) {
            if (people_.size() > 4000000) people_.clear();
            if (!people_.insert(person, 0).second) return;
        }
        key_.assign(person);
        key_ += '\0';
        key_ += kind;
        key_ += '\0';
        key_ += value;
        const auto [place, is_new] = seen_.try_emplace(key_);
        Seen& seen = place->second;
        if (is_new) seen = {std::string(person), std::string(user), kind, std::string(value), at, at};
        seen.first = std::min(seen.first, at);
        seen.last = std::max(seen.last, at);
    }

    void stage_event(uint32_t row, uint32_t message, const MessageFields& fields, uint32_t number,
                     std::string_view id, std::string_view person, std::string_view kind, int64_t at,
                     bool is_view) {
        StagedEvent event;
        event.row = row;
        if (!id.empty())
            event.key = id;
        else if (number == 0)
            event.key = texts_.keep(EventTable::md5(reader_.text(row, 0)));
        else
            event.key = texts_.keep(
                EventTable::md5(std::string(reader_.text(row, 0)) + "#" + std::to_string(number)));
        event.person = person;
        event.kind = kind;
        event.occurred_at = at;
        event.has_time = true;
        // The name of a page is a property of its view.
        uint32_t root = fields.properties;
        const bool has_properties = root != 0 && nodes_[root].type == JsonType::kObject;
        const size_t nodes_before = nodes_.size();
        if (!has_properties || (is_view && fields.name != 0)) {
            JsonNode copy;
            if (has_properties) copy = nodes_[root];
            copy.type = JsonType::kObject;
            if (is_view && fields.name != 0) {
                JsonNode name = nodes_[fields.name];
                name.key = "name";
                if (name.type != JsonType::kNull) {
                    // As text; it stands before the others, which have no such name, or it would count last.
                    if (name.type != JsonType::kString && ingest::scalar_text(nodes_, fields.name, text_)) {
                        name.type = JsonType::kString;
                        name.text = texts_.keep(text_);
                    }
                    name.next = 0;
                    const uint32_t at_end = static_cast<uint32_t>(nodes_.size());
                    nodes_.push_back(name);
                    // Behind the last one.
                    uint32_t last = 0;
                    for (uint32_t child = copy.first; child != 0; child = nodes_[child].next) last = child;
                    if (last == 0)
                        copy.first = at_end;
                    else
                        nodes_[last].next = at_end;
                    ++copy.count;
                }
            }
            root = static_cast<uint32_t>(nodes_.size());
            nodes_.push_back(copy);
        }
        bool fits = true;
        event.properties = texts_.put_jsonb(
            [&](std::string& out, size_t base) { fits = ingest::pack_json(nodes_, root, true, base, out); });
        if (!fits) {
            nodes_.resize(nodes_before);
            refuse(row, "the properties are too large", id);
            --message_count_;
            return;
        }
        if (has_properties) stage_amount(event, fields.properties);
        (void)message;
        // An event that is refused brings nobody.
        if (event.amount_out_of_range)
            note_seen(person, person.substr(0, 5) == "user:" ? person.substr(5) : std::string_view(), {}, {},
                      at);
        events_.push_back(event);
    }

    void stage_amount(StagedEvent& event, uint32_t properties) {
        uint32_t amount = 0, currency = 0, latitude = 0, longitude = 0;
        uint32_t choice[3] = {0, 0, 0};
        for (uint32_t child = nodes_[properties].first; child != 0; child = nodes_[child].next) {
            const std::string_view key = nodes_[child].key;
            if (key == "revenue")
                choice[0] = child;
            else if (key == "total")
                choice[1] = child;
            else if (key == "value")
                choice[2] = child;
            else if (key == "currency")
                currency = child;
            else if (key == "latitude")
                latitude = child;
            else if (key == "longitude")
                longitude = child;
        }
        for (const uint32_t node : choice) {
            if (node == 0 || nodes_[node].type == JsonType::kNull) continue;
            amount = node;
            break;
        }
        if (amount != 0) {
            char packed[ingest::kMaxPackedNumber];
            const size_t size = packed_of(amount, packed);
            if (size != 0) {
                const std::optional<int64_t> units = ingest::unpack_amount({packed, size});
                event.has_amount = true;
                event.amount_out_of_range = !units;
                event.amount = units.value_or(0);
                if (currency != 0 && ingest::scalar_text(nodes_, currency, text_))
                    event.currency = texts_.upper(texts_.keep(text_));
            }
        }
        if (latitude != 0 && longitude != 0) {
            const std::optional<double> north = degrees_of(latitude), east = degrees_of(longitude);
            if (!north || !east) return;
            event.latitude = *north == 0 ? 0 : *north;
            event.longitude = *east == 0 ? 0 : *east;
            event.has_place = event.latitude >= -90 && event.latitude <= 90 && event.longitude >= -180 &&
                              event.longitude <= 180;
        }
    }

    // A number as JSON spells it needs no cleaning.
    size_t packed_of(uint32_t node, char* packed) {
        if (nodes_[node].type == JsonType::kNumber && nodes_[node].text.size() < 100)
            return ingest::pack_number(nodes_[node].text, packed);
        if (!ingest::scalar_text(nodes_, node, text_)) return 0;
        const text::Cleaned cleaned = text::clean_number(text_);
        return cleaned.has_value() ? ingest::pack_number(cleaned.value, packed) : 0;
    }
    std::optional<double> degrees_of(uint32_t node) {
        if (nodes_[node].type == JsonType::kNumber) return number_of(nodes_[node].text);
        if (!ingest::scalar_text(nodes_, node, text_)) return std::nullopt;
        const text::Cleaned cleaned = text::clean_number(text_);
        return cleaned.has_value() ? std::optional<double>(number_of(cleaned.value)) : std::nullopt;
    }

    BatchReader& reader_;
    ingest::TextMap people_;
    TimeReader times_;
    ingest::JsonParser parser_;
    std::vector<JsonNode> nodes_;
    std::vector<StagedEvent> events_;
    std::vector<ingest::Trait> traits_;
    std::vector<Said> said_;
    std::unordered_map<std::string, Seen> seen_;
    std::unordered_map<std::string, std::string> kinds_;
    BatchTexts texts_;
    std::string text_;
    std::string key_;
    int64_t message_count_ = 0;
    int64_t latest_ = 0;
};

}  // namespace
}  // namespace cdp::pg

extern "C" {

// (source_id, batch_id, query, time_zone, currency, relation)
PG_FUNCTION_INFO_V1(cdp_load_messages);
Datum cdp_load_messages(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    TupleDesc description;
    if (get_call_result_type(fcinfo, nullptr, &description) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(2));
    struct Result {
        int64_t rows_read;
        StoreCounts counts;
    };
    const Result result = guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick = backend_tick();
        EventStore store({PG_GETARG_INT32(0), PG_GETARG_INT32(0), PG_GETARG_INT64(1),
                          std::string(text_argument(fcinfo, 4)), std::string(text_argument(fcinfo, 5)), true},
                         budget, tick);
        const BatchSize size = batch_size(budget);
        BatchReader reader(query, 1, size.rows, size.bytes);
        Messages messages(reader, std::string(text_argument_or_empty(fcinfo, 3)), budget);
        Result counted{0, {}};
        while (reader.next()) {
            counted.rows_read += messages.stage(tick);
            store.add(messages.events(), messages);
        }
        messages.flush();
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
