// SPDX-License-Identifier: PostgreSQL
// Which given names may be one person's: Bill and William, Paco and Francisco. English and Spanish, from
// data/nicknames_*.csv; a name may have many nicknames and a nickname many names.
// Cost: some 50 ns for a pair, no allocation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdp::text {

// True when one is a short form of the other (bill, william) or both are short forms of one formal name (bob,
// bobby). False for a name and itself, for names the lists do not know, and for initials. Symmetric, not
// transitive. Both are folded given names (fold.hpp), of one word or as in "maria isabel".
bool are_nicknames(std::string_view folded_a, std::string_view folded_b);

// Whether the lists know the name at all; are_nicknames is false for any other.
bool knows_nicknames(std::string_view folded);

struct RelatedName {
    std::string name;  // folded
    std::string_view
        relation;  // "formal name", "nickname" or "nickname of the same name"; the first that holds
};

// All that are_nicknames accepts for this name, in order of the alphabet; none for an unknown name.
// Cost: a scan of the list, some 10 µs.
std::vector<RelatedName> nicknames_of(std::string_view folded);

// Equal after folding, or are_nicknames: two whole given names as people write them. An initial is no name: J
// and John are not the same.
bool is_same_given_name(std::string_view a, std::string_view b);

}  // namespace cdp::text
