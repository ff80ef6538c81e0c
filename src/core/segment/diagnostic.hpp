// SPDX-License-Identifier: PostgreSQL
// Errors that point into the definition:
//
//     ERROR:  unknown attribute "emial"
//     DETAIL:  line 2: and emial is known
//                          ^
//     HINT:  Did you mean "email"?
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "segment/token.hpp"

namespace cdp::segment {

// The line that holds byte `position`, clipped around it, and a caret below.
std::string caret_block(std::string_view definition, size_t position);

[[noreturn]] void fail_at(ErrorCode code, std::string_view definition, size_t position, std::string message,
                          std::string hint = {});

// Source text on one line: white space and comments become one blank, control characters go, at most `limit`
// bytes.
std::string one_line(std::string_view text, size_t limit);

}  // namespace cdp::segment
