// SPDX-License-Identifier: PostgreSQL
// Values that many people use identify nobody: a switchboard, test@test.com, 000000000. Found by the number of
// different people (by initial and sound of the family name) that come with them.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

#include "identity/record_store.hpp"

namespace cdp::identity {

// 1 for every e-mail, local part of an e-mail, phone and national id of more than `max_people` people, by string code.
std::pmr::vector<uint8_t> find_shared_values(const RecordStore& store, uint32_t max_people, Tick& tick);

}  // namespace cdp::identity
