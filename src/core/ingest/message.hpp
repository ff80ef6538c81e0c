// SPDX-License-Identifier: PostgreSQL
// Messages of the Segment spec (https://segment.com/docs/connections/spec): what they hold, and what cannot
// be used.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/packed_json.hpp"

namespace cdp::ingest {

// A message's own fields, as nodes of its tree; 0 is none, since no field is the root.
struct MessageFields {
    uint32_t type = 0, message_id = 0, user_id = 0, anonymous_id = 0, previous_id = 0, group_id = 0,
             event = 0, name = 0;
    uint32_t timestamp = 0, original_timestamp = 0, sent_at = 0, received_at = 0;
    uint32_t properties = 0, traits = 0, context = 0, batch = 0;
};

// Of fields of one name the last counts. What the message lacks is taken from `shared`, the fields of the
// batch around it: when it was sent and received, whose it is and its context.
MessageFields message_fields(std::span<const JsonNode> nodes, uint32_t message,
                             const MessageFields* shared = nullptr);

// The last field of this name of an object; 0 when there is none, or no object.
uint32_t field_of(std::span<const JsonNode> nodes, uint32_t object, std::string_view name);

// A scalar as text, as jsonb's ->> gives it; false for null, objects, arrays and for none.
bool scalar_text(std::span<const JsonNode> nodes, uint32_t node, std::string& text);

// "Order Completed" as a name that needs no quotes: order_completed.
std::string event_name(std::string_view name);

// Whether text::clean_identifier would certainly give the text back as it is; most identifiers are such.
bool is_plain_identifier(std::string_view text);

// What an identify message says of a person, flat: scalars under their own names, address.city and so on,
// company.name; of a group message what it says of the company: company.name, company.industry, …. Nulls say
// nothing.
struct Trait {
    std::string name;
    std::string value;
};
void identify_traits(std::span<const JsonNode> nodes, uint32_t traits, std::vector<Trait>& result);
void group_traits(std::span<const JsonNode> nodes, uint32_t traits, std::vector<Trait>& result);

}  // namespace cdp::ingest
