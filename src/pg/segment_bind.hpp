// SPDX-License-Identifier: PostgreSQL
// Lets the server work out what a program leaves to it: windows, coverage, texts, the zone. Inside a guard.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "bridge/postgres.hpp"
#include "segment/program.hpp"

namespace cdp::pg {

constexpr int64_t kUnixEpochMicroseconds = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

// `as_of`: microseconds since 1970.
segment::Bindings bind_program(const segment::Program& program, int64_t as_of, std::string_view time_zone);

// The places of people in one set, by profile. Nobody but the people of the query's answer is in it; who is
// not even there is of no segment.
class SetPlaces {
  public:
    SetPlaces(const std::string& query, std::pmr::memory_resource* resource);
    segment::Truth find(int64_t profile) const;

  private:
    std::pmr::vector<std::pair<int64_t, segment::Truth>> sorted_;
    mutable size_t last_ = 0;  // people are mostly asked for in order
};

}  // namespace cdp::pg
