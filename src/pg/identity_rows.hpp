// SPDX-License-Identifier: PostgreSQL
// The columns that a query for the identity engine returns, and a row of it as plain data.
#pragma once

#include "bridge/postgres.hpp"

#include <span>
#include <string_view>

#include "identity/record_store.hpp"

namespace cdp::pg {

enum class RecordColumnKind { kBigint, kText, kDate, kTextArray, kBigintArray };
struct RecordColumn {
    const char* name;
    RecordColumnKind kind;
    identity::Field field = identity::kTextFields;  // kText only
};

// record_id, order_key, the compared fields, identifiers.
constexpr int kRecordColumns = 13;

// Errors (42804) unless a query has these columns, and the `more` after them. Plain C: may ereport.
void check_record_columns(TupleDesc description, std::span<const RecordColumn> more);

// A row as plain data, so that the server may longjmp while it is taken apart.
struct RecordRow {
    int64_t record_id;
    int64_t order_key;
    int32_t birth_date;
    std::string_view text[identity::kTextFields];
    std::string_view* identifiers;
    int identifier_count;

    identity::RecordInput record() const;
};

// The first kRecordColumns columns; views into the slot and the current context. Plain C: may ereport, for
// example when an id is null.
void read_record_row(TupleTableSlot* slot, RecordRow& row);

}  // namespace cdp::pg
