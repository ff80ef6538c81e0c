// SPDX-License-Identifier: PostgreSQL
// What the identity engine found, as rows of one shape (see cdp._resolve_records).
#pragma once

#include "bridge/postgres.hpp"

#include <string_view>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/result_set.hpp"
#include "identity/increment.hpp"

namespace cdp::pg {

enum ResolutionColumn : int {
    kRowKind,
    kRecordA,
    kRecordB,
    kWeight,
    kProbability,
    kTermWeight,
    kLevels,
    kReason,
    kComparison,
    kLevel,
    kLabel,
    kM,
    kHousehold,
    kU,
    kValue,
    kAmount,
    kResolutionColumns
};

// The level of every comparison as smallint[]. Plain C.
Datum levels_array(identity::Pattern pattern);

// One output row; the texts are built in a context that is reset for each.
class ResolutionWriter {
  public:
    ResolutionWriter(const ResultSet& rows, MemoryContext context) : rows_(rows), context_(context) {}

    template <typename F>
    void row(std::string_view kind, F&& fill) {
        pg_call([&] {
            MemoryContext caller = MemoryContextSwitchTo(context_);
            Datum values[kResolutionColumns];
            bool nulls[kResolutionColumns];
            for (bool& null : nulls) null = true;
            const auto set = [&](ResolutionColumn column, Datum value) {
                values[column] = value;
                nulls[column] = false;
            };
            set(kRowKind, make_text(kind));
            fill(set);
            tuplestore_putvalues(rows_.store, rows_.description, values, nulls);
            MemoryContextSwitchTo(caller);
            MemoryContextReset(context_);
        });
    }

  private:
    const ResultSet& rows_;
    MemoryContext context_;
};

void write_resolution(ResolutionWriter& writer, const identity::Resolution& resolution, Tick& tick);
void write_neighbours(ResolutionWriter& writer, const identity::Neighbours& neighbours, Tick& tick);

}  // namespace cdp::pg
