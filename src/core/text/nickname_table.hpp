// SPDX-License-Identifier: PostgreSQL
// The table behind nickname.hpp, written by scripts/generate/nicknames.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cdp::text {

// The names of one length, one after the other in order, so that a search needs no pointers. Names are
// numbered through all groups.
struct NicknameGroup {
    const char* names;
    size_t count;
    size_t first;  // the number of the first name
};

extern const NicknameGroup kNicknameGroups[];  // of the lengths 1 … kLongestNickname
extern const size_t kLongestNickname;
extern const size_t kNicknameCount;
// The formal names of name n, ascending: kFormals[kFormalStarts[n]] … up to kFormalStarts[n + 1].
extern const uint16_t kFormalStarts[];
extern const uint16_t kFormals[];

}  // namespace cdp::text
