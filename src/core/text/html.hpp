// SPDX-License-Identifier: PostgreSQL
// One layer of HTML off a text; see repair.hpp.
#pragma once

#include <string>

namespace cdp::text {

bool decode_entities(std::string& text);  // true when something changed; the text gets shorter
bool strip_tags(std::string& text);       // likewise

}  // namespace cdp::text
