// SPDX-License-Identifier: PostgreSQL
// A definition as plain SQL over the store: one SELECT that anyone can read and run, one row per active
// person.
//
//     WITH c1 AS (  -- did purchase in last 30 days
//         SELECT r.profile_id, count(*) AS n FROM cdp_data.event e … GROUP BY r.profile_id)
//     SELECT p.profile_id, (…) AS is_member FROM cdp_data.profile p LEFT JOIN c1 ON … WHERE p.status =
//     'active'
//
// is_member is true, false, or NULL where the data does not say. Each event condition, aggregate and set is
// one set-based CTE. Values reach the SQL quoted, names only if the catalogue has them.
#pragma once

#include <string>
#include <string_view>

#include "segment/ast.hpp"
#include "segment/catalogue.hpp"

namespace cdp::segment {

struct RenderOptions {
    std::string as_of;      // the instant, as ISO 8601 with offset
    std::string time_zone;  // of days, weekdays and hours
    // Also the value of each top-level condition, as the columns c1_is, c2_is … before is_member.
    bool waterfall = false;
};

// Throws Error: kUndefinedName (with the nearest name), kWrongType, kInvalidInput; all point into the
// definition.
std::string render_sql(std::string_view definition, const Condition& condition, const Catalogue& catalogue,
                       const RenderOptions& options);

// A string as an SQL literal that means the same whatever standard_conforming_strings is.
std::string sql_literal(std::string_view text);
// A name as a quoted SQL identifier.
std::string sql_identifier(std::string_view name);

}  // namespace cdp::segment
