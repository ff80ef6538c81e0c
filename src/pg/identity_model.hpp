// SPDX-License-Identifier: PostgreSQL
// The versions of the match model that cdp_data keeps, as the engine wants them.
#pragma once

#include "bridge/postgres.hpp"

#include <span>

#include "identity/known_model.hpp"

namespace cdp::pg {

// The model, read from its tables once per session and revision. For use inside a guard. Errors (22023) when
// there is no such model; the reference is good until the next call.
const identity::KnownModel& known_model(int32_t model_id);

// Blocking rules by number, from 1, as Settings and KnownModel have them; others are passed over.
uint32_t rule_bits(std::span<const int64_t> rules);

}  // namespace cdp::pg
