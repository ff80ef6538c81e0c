// SPDX-License-Identifier: PostgreSQL
#include "ingest/json_parser.hpp"

#include <simdjson.h>

#include <cstring>
#include <string>

#include "ingest/packed_number.hpp"

namespace cdp::ingest {
namespace {

namespace ondemand = simdjson::ondemand;

// The bytes were valid before escapes were resolved; these may still have made what no text may hold.
bool is_text(std::string_view text) {
    if (std::memchr(text.data(), '\0', text.size()) != nullptr) return false;
    for (size_t at = 0; at < text.size(); ++at) {
        const void* found = std::memchr(text.data() + at, 0xED, text.size() - at);
        if (found == nullptr) return true;
        at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return false;
    }
    return true;
}

std::string_view token_of(std::string_view raw) {
    while (!raw.empty() &&
           (raw.back() == ' ' || raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\t'))
        raw.remove_suffix(1);
    return raw;
}

class Walker {
  public:
    explicit Walker(std::vector<JsonNode>& nodes) : nodes_(nodes) {}

    bool object(ondemand::object object, uint32_t at, int depth) {
        if (depth > kMaxJsonDepth) return false;
        uint32_t last = 0;
        for (simdjson::simdjson_result<ondemand::field> result : object) {
            ondemand::field field;
            if (std::move(result).get(field) != simdjson::SUCCESS) return false;
            std::string_view key;
            if (field.unescaped_key().get(key) != simdjson::SUCCESS || !is_text(key)) return false;
            const uint32_t child = add(at, last);
            nodes_[child].key = key;
            if (!value(field.value(), child, depth)) return false;
            last = child;
        }
        return true;
    }

  private:
    uint32_t add(uint32_t parent, uint32_t last) {
        const auto child = static_cast<uint32_t>(nodes_.size());
        nodes_.emplace_back();
        if (last == 0)
            nodes_[parent].first = child;
        else
            nodes_[last].next = child;
        ++nodes_[parent].count;
        return child;
    }

    bool value(ondemand::value value, uint32_t at, int depth) {
        ondemand::json_type type;
        if (value.type().get(type) != simdjson::SUCCESS) return false;
        switch (type) {
            case ondemand::json_type::object: {
                ondemand::object inner;
                nodes_[at].type = JsonType::kObject;
                return value.get_object().get(inner) == simdjson::SUCCESS && object(inner, at, depth + 1);
            }
            case ondemand::json_type::array: {
                ondemand::array inner;
                nodes_[at].type = JsonType::kArray;
                return depth < kMaxJsonDepth && value.get_array().get(inner) == simdjson::SUCCESS &&
                       array(inner, at, depth + 1);
            }
            case ondemand::json_type::string: {
                std::string_view text;
                if (value.get_string().get(text) != simdjson::SUCCESS || !is_text(text)) return false;
                nodes_[at].type = JsonType::kString;
                nodes_[at].text = text;
                return true;
            }
            case ondemand::json_type::number: {
                const std::string_view token = token_of(value.raw_json_token());
                char packed[kMaxPackedNumber];
                nodes_[at].type = JsonType::kNumber;
                nodes_[at].text = token;
                return pack_number(token, packed) != 0;
            }
            default: {
                const std::string_view token = token_of(value.raw_json_token());
                nodes_[at].type = token == "true"    ? JsonType::kTrue
                                  : token == "false" ? JsonType::kFalse
                                                     : JsonType::kNull;
                return token == "true" || token == "false" || token == "null";
            }
        }
    }

    bool array(ondemand::array array, uint32_t at, int depth) {
        uint32_t last = 0;
        for (simdjson::simdjson_result<ondemand::value> result : array) {
            ondemand::value element;
            if (std::move(result).get(element) != simdjson::SUCCESS) return false;
            const uint32_t child = add(at, last);
            if (!value(element, child, depth)) return false;
            last = child;
        }
        return true;
    }

    std::vector<JsonNode>& nodes_;
};

}  // namespace

struct JsonParser::State {
    ondemand::parser parser;
    std::string text;
};

JsonParser::JsonParser() : state_(std::make_unique<State>()) {}
JsonParser::~JsonParser() = default;

bool JsonParser::parse_object(std::string_view text, std::vector<JsonNode>& nodes) {
    nodes.clear();
    if (text.size() > kMaxJsonText) return false;
    std::string& padded = state_->text;
    padded.assign(text);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    if (state_->parser.iterate(padded.data(), text.size(), padded.size()).get(document) != simdjson::SUCCESS)
        return false;
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    nodes.emplace_back();
    nodes[0].type = JsonType::kObject;
    if (!Walker(nodes).object(object, 0, 0)) return false;
    const char* rest = nullptr;  // nothing may follow
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

}  // namespace cdp::ingest
