// SPDX-License-Identifier: PostgreSQL
// What the store knows that a definition may speak of, with its numbers in dossiers. Inside a guard.
#pragma once

#include "segment/catalogue.hpp"

namespace cdp::pg {

segment::Catalogue read_catalogue();

}  // namespace cdp::pg
