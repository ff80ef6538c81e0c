// SPDX-License-Identifier: PostgreSQL
// JSON texts into trees of values, by simdjson (https://simdjson.org). What PostgreSQL's jsonb cannot hold is
// refused: \u0000, halves of surrogate pairs, malformed UTF-8, and nesting below kMaxJsonDepth. Cost: some 1
// ns per byte.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "ingest/packed_json.hpp"

namespace cdp::ingest {

// A longer text is refused.
constexpr size_t kMaxJsonText = size_t{64} << 20;

class JsonParser {
  public:
    JsonParser();
    ~JsonParser();
    JsonParser(const JsonParser&) = delete;
    JsonParser& operator=(const JsonParser&) = delete;

    // Whether the text is one JSON object; `nodes` is then its tree, the object first. What the nodes refer
    // to lives until the next call.
    bool parse_object(std::string_view text, std::vector<JsonNode>& nodes);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cdp::ingest
