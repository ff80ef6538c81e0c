// SPDX-License-Identifier: PostgreSQL
// The few string kernels that comparing people needs besides those of the topic similarity.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdp::identity {

// One insertion, deletion, substitution or swap of neighbours at most (bytes).
bool within_one_edit(std::string_view a, std::string_view b);

// American Soundex in one integer; 0 for an empty string. A name that does not begin with a Latin letter gets
// a code of its first three characters, so that other scripts block as well.
uint32_t soundex(std::string_view name);

}  // namespace cdp::identity
