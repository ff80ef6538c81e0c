// SPDX-License-Identifier: PostgreSQL
// Values between the server and the core. The readers (`text_argument`, `text_array_argument`) and the
// writers
// (`make_text`) may ereport: use them before or after a guard, or inside pg_call.
#pragma once

#include <cstddef>
#include <string_view>

#include "bridge/guard.hpp"
#include "bridge/postgres.hpp"

namespace cdp::pg {

// A text argument as a view of the detoasted value; valid for the call.
inline std::string_view text_view(Datum value) {
    const auto* packed = reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM_PACKED(value));
    return {VARDATA_ANY(packed), static_cast<size_t>(VARSIZE_ANY_EXHDR(packed))};
}
inline std::string_view text_argument(FunctionCallInfo fcinfo, int n) {
    return text_view(fcinfo->args[n].value);
}
// NULL reads as the empty string, which no function of this module tells apart from NULL.
inline std::string_view text_argument_or_empty(FunctionCallInfo fcinfo, int n) {
    return fcinfo->args[n].isnull ? std::string_view() : text_argument(fcinfo, n);
}

inline Datum make_text(std::string_view value) {
    return PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
}

// Copies bytes out of C++ before the objects that own them die; palloc'd in the current context.
// For use inside a guard: the allocation is wrapped.
struct PallocText {
    const char* data;
    size_t size;
    std::string_view view() const { return {data, size}; }
};
inline PallocText palloc_copy(std::string_view value) {
    return pg_call([&] {
        auto* copy = static_cast<char*>(palloc(value.size() + 1));
        memcpy(copy, value.data(), value.size());
        copy[value.size()] = '\0';
        return PallocText{copy, value.size()};
    });
}

// A one-dimensional text[] argument; NULL elements read as empty views with is_null set.
struct TextArray {
    int size;
    Datum* values;
    bool* nulls;
    std::string_view operator[](int i) const { return nulls[i] ? std::string_view() : text_view(values[i]); }
};
inline TextArray text_array_argument(FunctionCallInfo fcinfo, int n) {
    TextArray result{0, nullptr, nullptr};
    if (fcinfo->args[n].isnull) return result;
    deconstruct_array(DatumGetArrayTypeP(fcinfo->args[n].value), TEXTOID, -1, false, TYPALIGN_INT,
                      &result.values, &result.nulls, &result.size);
    return result;
}

// A one-dimensional integer[] argument.
struct IntArray {
    int size;
    Datum* values;
    bool* nulls;
    int operator[](int i) const { return DatumGetInt32(values[i]); }
};
inline IntArray int_array_argument(FunctionCallInfo fcinfo, int n) {
    IntArray result{};
    deconstruct_array(DatumGetArrayTypeP(fcinfo->args[n].value), INT4OID, sizeof(int32), true, TYPALIGN_INT,
                      &result.values, &result.nulls, &result.size);
    return result;
}

}  // namespace cdp::pg
