// SPDX-License-Identifier: PostgreSQL
// What is known about the part before the @. All expect lower case.
#pragma once

#include <string_view>

namespace cdp::text {

bool is_role(std::string_view local);  // info, sales, noreply, ventas+mx: read by a team or by nobody

// test@test.com, asdf@asdf.com, noemail@anything, none@example.com.
bool is_placeholder_address(std::string_view local, std::string_view domain);
// test@gmail.com: may be somebody, probably is not.
bool is_placeholder_local(std::string_view local);

}  // namespace cdp::text
