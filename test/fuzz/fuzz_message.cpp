// SPDX-License-Identifier: PostgreSQL
// Any bytes are a message or none; what is one can be taken apart and packed.
#include "fuzz.hpp"
#include "ingest/json_parser.hpp"
#include "ingest/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::ingest;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    JsonParser parser;
    std::vector<JsonNode> nodes;
    if (!parser.parse_object(text, nodes)) return 0;
    const MessageFields outer = message_fields(nodes, 0);
    std::vector<Trait> traits;
    identify_traits(nodes, outer.traits, traits);
    group_traits(nodes, outer.traits, traits);
    for (const Trait& trait : traits)
        fuzz::check(trait.value.find('\0') == std::string::npos, "no value has a NUL", trait.value);
    if (outer.batch != 0) {
        for (uint32_t child = nodes[outer.batch].first; child != 0; child = nodes[child].next)
            message_fields(nodes, child, &outer);
    }
    std::string packed;
    fuzz::check(pack_json(nodes, 0, false, 0, packed), "what was read can be packed", text);
    size_t fields = 0;
    each_field(packed, [&](std::string_view, FieldType) { ++fields; });
    fuzz::check(fields <= nodes[0].count, "no more fields than were read", text);
    return 0;
}
