// SPDX-License-Identifier: PostgreSQL
// Turns a definition into a program (program.hpp). The definition must have been rendered before
// (render_sql), which finds its errors: here every name exists and every type fits. What a program cannot
// say, such as consent, other segments, or texts of attributes that no dossier holds, becomes a set: the
// condition by itself as SQL.
#pragma once

#include <string_view>

#include "segment/ast.hpp"
#include "segment/catalogue.hpp"
#include "segment/program.hpp"
#include "segment/render_sql.hpp"

namespace cdp::segment {

Program compile(std::string_view definition, const Condition& condition, const Catalogue& catalogue,
                const RenderOptions& options);

}  // namespace cdp::segment
