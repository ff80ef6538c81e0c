// SPDX-License-Identifier: PostgreSQL
#include "bridge/postgres.hpp"

extern "C" {
#include "utils/date.h"
}

#include "bridge/convert.hpp"
#include "identity_rows.hpp"

namespace cdp::pg {
namespace {

namespace id = cdp::identity;
using Kind = RecordColumnKind;

constexpr int32_t kUnixEpoch = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;

constexpr RecordColumn kColumns[kRecordColumns] = {{"record_id", Kind::kBigint},
                                                   {"order_key", Kind::kBigint},
                                                   {"given_name", Kind::kText, id::kGivenName},
                                                   {"family_name", Kind::kText, id::kFamilyName},
                                                   {"birth_date", Kind::kDate},
                                                   {"email_key", Kind::kText, id::kEmailKey},
                                                   {"phone_key", Kind::kText, id::kPhoneKey},
                                                   {"street", Kind::kText, id::kStreet},
                                                   {"city", Kind::kText, id::kCity},
                                                   {"postal_code", Kind::kText, id::kPostalCode},
                                                   {"national_id", Kind::kText, id::kNationalId},
                                                   {"gender", Kind::kText, id::kGender},
                                                   {"identifiers", Kind::kTextArray}};
constexpr char kColumnHint[] =
    "The query must return record_id bigint, order_key bigint, given_name text, family_name text, birth_date "
    "date, "
    "email_key text, phone_key text, street text, city text, postal_code text, national_id text, gender "
    "text, "
    "identifiers text[].";

bool is_kind(Oid type, Kind kind) {
    type = getBaseType(type);
    switch (kind) {
        case Kind::kBigint:
            return type == INT8OID;
        case Kind::kText:
            return type == TEXTOID || type == VARCHAROID;
        case Kind::kDate:
            return type == DATEOID;
        case Kind::kBigintArray:
            return type == INT8ARRAYOID;
        case Kind::kTextArray:
            return type == TEXTARRAYOID ||
                   (OidIsValid(get_element_type(type)) && is_kind(get_element_type(type), Kind::kText));
    }
    return false;
}

}  // namespace

void check_record_columns(TupleDesc description, std::span<const RecordColumn> more) {
    const int expected = kRecordColumns + static_cast<int>(more.size());
    if (description->natts != expected) {
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("the query returns the wrong columns"),
                        errdetail("It returns %d columns, %d are expected.", description->natts, expected),
                        errhint("%s", kColumnHint)));
    }
    for (int i = 0; i < expected; ++i) {
        const RecordColumn& column = i < kRecordColumns ? kColumns[i] : more[i - kRecordColumns];
        const Oid type = TupleDescAttr(description, i)->atttypid;
        if (is_kind(type, column.kind)) continue;
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("the query returns the wrong columns"),
                        errdetail("Column %d (%s) has type %s.", i + 1, column.name, format_type_be(type)),
                        errhint("%s", kColumnHint)));
    }
}

id::RecordInput RecordRow::record() const {
    id::RecordInput record;
    record.record_id = record_id;
    record.order_key = order_key;
    record.birth_date = birth_date;
    for (int field = 0; field < id::kTextFields; ++field) record.text[field] = text[field];
    record.identifiers = std::span<const std::string_view>(identifiers, identifier_count);
    return record;
}

void read_record_row(TupleTableSlot* slot, RecordRow& row) {
    row = RecordRow{};
    const Datum* values = slot->tts_values;
    const bool* nulls = slot->tts_isnull;
    if (nulls[0] || nulls[1]) {
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("%s of a record to resolve is null", kColumns[nulls[0] ? 0 : 1].name),
                        errhint("Give every record an id and a key that does not change from run to run.")));
    }
    row.record_id = DatumGetInt64(values[0]);
    row.order_key = DatumGetInt64(values[1]);
    row.birth_date = id::kNoDate;
    for (int i = 2; i < kRecordColumns; ++i) {
        if (nulls[i]) continue;
        if (kColumns[i].kind == Kind::kText) {
            row.text[kColumns[i].field] = text_view(values[i]);
        } else if (kColumns[i].kind == Kind::kDate) {
            const DateADT date = DatumGetDateADT(values[i]);
            // The store takes what is far outside of any life for missing; adding may not overflow before
            // that.
            if (!DATE_NOT_FINITE(date) && date > -3000000 && date < 3000000)
                row.birth_date = date + kUnixEpoch;
        } else {
            ArrayType* array = DatumGetArrayTypeP(values[i]);
            Datum* elements;
            bool* element_nulls;
            int count;
            deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT, &elements, &element_nulls,
                              &count);
            row.identifiers = static_cast<std::string_view*>(palloc(sizeof(std::string_view) * (count + 1)));
            for (int k = 0; k < count; ++k) {
                if (!element_nulls[k]) row.identifiers[row.identifier_count++] = text_view(elements[k]);
            }
        }
    }
}

}  // namespace cdp::pg
