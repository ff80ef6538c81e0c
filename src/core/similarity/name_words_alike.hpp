// SPDX-License-Identifier: PostgreSQL
// How alike two words of persons' names are; the rules are in name_similarity.hpp.
#pragma once

#include <string_view>

#include "base/tick.hpp"

namespace cdp::similarity {

enum class NameRelation : unsigned char {
    kEqual,
    kJoined,
    kNickname,
    kTypo,
    kInitial,
    kAbbreviation,
    kGender,
    kSound,
    kConflict,
    kMissing,
    kSuffix
};
std::string_view relation_name(NameRelation relation);

struct WordMatch {
    NameRelation relation;
    double score;
};

constexpr double kLeastMatch = 0.5;  // below, two words are in conflict

// Both folded, without spaces; dotted: an abbreviation.
WordMatch compare_words(std::string_view a, bool a_dotted, std::string_view b, bool b_dotted, Tick& tick);

}  // namespace cdp::similarity
