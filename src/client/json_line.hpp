// SPDX-License-Identifier: PostgreSQL
// One line of a JSON-lines file (RFC 8259): is it an object, and what are its members?
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdp::client {

struct JsonMember {
    std::string name;
    std::optional<std::string> value;  // strings without escapes, others as written; nothing for null
};

// The problem, or "" when `line` is one object, whose members then are in `members`. A text column cannot
// hold the character U+0000: a name or value with it is a problem.
std::string read_json_object(std::string_view line, std::vector<JsonMember>& members);

}  // namespace cdp::client
