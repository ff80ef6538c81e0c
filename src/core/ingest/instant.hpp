// SPDX-License-Identifier: PostgreSQL
// Times in the form that nearly all messages and exports have, read in some 20 ns.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdp::ingest {

// "2026-11-01T10:00:00.123Z", with a space for the T, up to six decimals or none, Z, +03, +03:00 or -0300, or
// nothing when `local_is_utc`; of the years 1971 to 2099. Microseconds since 2000-01-01 UTC, PostgreSQL's
// count. False for anything else, which may well be a time too: then text::clean_timestamp decides, and
// whatever this reads, it reads alike.
bool parse_plain_instant(std::string_view text, bool local_is_utc, int64_t& micros);

}  // namespace cdp::ingest
