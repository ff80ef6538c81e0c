// SPDX-License-Identifier: PostgreSQL
#include "ingest/message.hpp"

#include "ingest/packed_number.hpp"
#include "text/fold.hpp"

namespace cdp::ingest {
namespace {

struct Known {
    std::string_view name;
    uint32_t MessageFields::*field;
    bool is_shared;
};
constexpr Known kKnown[] = {{"type", &MessageFields::type, false},
                            {"messageId", &MessageFields::message_id, false},
                            {"userId", &MessageFields::user_id, true},
                            {"anonymousId", &MessageFields::anonymous_id, true},
                            {"previousId", &MessageFields::previous_id, false},
                            {"groupId", &MessageFields::group_id, false},
                            {"event", &MessageFields::event, false},
                            {"name", &MessageFields::name, false},
                            {"timestamp", &MessageFields::timestamp, false},
                            {"originalTimestamp", &MessageFields::original_timestamp, false},
                            {"sentAt", &MessageFields::sent_at, true},
                            {"receivedAt", &MessageFields::received_at, true},
                            {"properties", &MessageFields::properties, false},
                            {"traits", &MessageFields::traits, false},
                            {"context", &MessageFields::context, true},
                            {"batch", &MessageFields::batch, false}};

}  // namespace

MessageFields message_fields(std::span<const JsonNode> nodes, uint32_t message, const MessageFields* shared) {
    MessageFields fields;
    for (uint32_t child = nodes[message].first; child != 0; child = nodes[child].next) {
        for (const Known& known : kKnown) {
            if (nodes[child].key == known.name) {
                fields.*known.field = child;
                break;
            }
        }
    }
    if (shared != nullptr) {
        for (const Known& known : kKnown) {
            if (known.is_shared && fields.*known.field == 0) fields.*known.field = shared->*known.field;
        }
    }
    return fields;
}

uint32_t field_of(std::span<const JsonNode> nodes, uint32_t object, std::string_view name) {
    uint32_t found = 0;
    if (nodes[object].type != JsonType::kObject) return 0;
    for (uint32_t child = nodes[object].first; child != 0; child = nodes[child].next) {
        if (nodes[child].key == name) found = child;
    }
    return found;
}

bool scalar_text(std::span<const JsonNode> nodes, uint32_t node, std::string& text) {
    if (node == 0) return false;
    const JsonNode& value = nodes[node];
    switch (value.type) {
        case JsonType::kString:
            text.assign(value.text);
            return true;
        case JsonType::kTrue:
            text = "true";
            return true;
        case JsonType::kFalse:
            text = "false";
            return true;
        case JsonType::kNumber:
            // As a numeric prints: without an exponent, and no negative zero.
            if (value.text.find_first_of("eE") == std::string_view::npos && value.text.substr(0, 2) != "-0") {
                text.assign(value.text);
            } else {
                char packed[kMaxPackedNumber];
                const size_t size = pack_number(value.text, packed);
                text = number_text({packed, size});
            }
            return true;
        case JsonType::kPackedNumber:
            text = number_text(value.text);
            return true;
        default:
            return false;
    }
}

bool is_plain_identifier(std::string_view text) {
    if (text.size() < 2 || text.size() > 200) return false;
    bool digit = false, other = false, differs = false;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        digit = digit || is_digit;
        // An e among digits may be the exponent of a spreadsheet.
        other = other || ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z' && c != 'e'));
        if (!is_digit && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '-' && c != '_')
            return false;
        if (c == 'E' || (c == 'e' && text.size() < 8)) return false;
        differs = differs || c != text[0];
    }
    // Words that stand for nothing are short, or have no digit.
    if (!digit || !differs) return false;
    return other ? text.size() >= 8
                 : text[0] != '0' && text.find_first_not_of("0123456789") == std::string_view::npos &&
                       text.size() <= 18;
}

std::string event_name(std::string_view name) {
    const std::string folded = text::fold(name);
    std::string result;
    for (const char c : folded) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            result.push_back(c);
        else if (!result.empty() && result.back() != '_')
            result.push_back('_');
    }
    if (!result.empty() && result.back() == '_') result.pop_back();
    return result;
}

void identify_traits(std::span<const JsonNode> nodes, uint32_t traits, std::vector<Trait>& result) {
    if (traits == 0 || nodes[traits].type != JsonType::kObject) return;
    std::string text;
    const auto put = [&](std::string name, uint32_t node) {
        if (scalar_text(nodes, node, text)) result.push_back({std::move(name), text});
    };
    for (uint32_t child = nodes[traits].first; child != 0; child = nodes[child].next) {
        put(std::string(nodes[child].key), child);
        if (nodes[child].key == "address" && nodes[child].type == JsonType::kObject) {
            for (uint32_t part = nodes[child].first; part != 0; part = nodes[part].next)
                put("address." + std::string(nodes[part].key), part);
        }
        if (nodes[child].key == "company" && nodes[child].type == JsonType::kObject)
            put("company.name", field_of(nodes, child, "name"));
    }
}

void group_traits(std::span<const JsonNode> nodes, uint32_t traits, std::vector<Trait>& result) {
    if (traits == 0 || nodes[traits].type != JsonType::kObject) return;
    std::string text;
    for (const std::string_view name : {"name", "industry", "employees", "plan"}) {
        if (scalar_text(nodes, field_of(nodes, traits, name), text))
            result.push_back({"company." + std::string(name), text});
    }
}

}  // namespace cdp::ingest
