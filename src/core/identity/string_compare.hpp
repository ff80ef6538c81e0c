// SPDX-License-Identifier: PostgreSQL
// The few string kernels that comparing people needs. Over code points; only the first 64 are looked at, so
// one call is bounded whatever it is given.
// Jaro-Winkler: Winkler 1990, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter
// Model of Record Linkage" (prefix scale 0.1, at most four characters, no boost threshold).
#pragma once

#include <cstdint>
#include <string_view>

namespace cdp::identity {

// 0 (nothing in common) to 1 (equal).
double jaro_winkler(std::string_view a, std::string_view b);

// One insertion, deletion, substitution or swap of neighbours at most (bytes).
bool within_one_edit(std::string_view a, std::string_view b);

// American Soundex in one integer; 0 for an empty string. A name that does not begin with a Latin letter gets
// a code of its first three characters, so that other scripts block as well.
uint32_t soundex(std::string_view name);

}  // namespace cdp::identity
