// SPDX-License-Identifier: PostgreSQL
// From links between people to households. Links are taken from the surest down, and each asks for two groups
// to be one. Two are joined only when more than half of the pairs across them are linked and they stay within
// a size: a chain of neighbours, or a block of flats, makes no household. What was refused is tried again
// when a round has joined others, until a round joins none. Depends on the links alone, not on their order.
// Cost: rounds * links * people of a household squared.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "base/memory_budget.hpp"
#include "base/tick.hpp"

namespace cdp::identity {

// Two people, by numbers that stand for their order: among equal links the first people come first.
struct HouseholdLink {
    uint32_t a;
    uint32_t b;
    double log_odds;  // of one household
};

// By person from 0 to people - 1: the first person of the group, which is the person where there is no other.
// Links of people out of that range, or of a person with themselves, are passed over.
std::pmr::vector<uint32_t> group_households(uint32_t people, std::span<const HouseholdLink> links,
                                            uint32_t max_people, MemoryBudget& budget, Tick& tick);

}  // namespace cdp::identity
