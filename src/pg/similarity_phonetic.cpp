// SPDX-License-Identifier: PostgreSQL
// Phonetic codes as SQL functions. A code is NULL when the text has no letter to code.
#include "bridge/postgres.hpp"

#include <algorithm>

#include "similarity/cologne.hpp"
#include "similarity/daitch_mokotoff.hpp"
#include "similarity/double_metaphone.hpp"
#include "similarity/metaphone.hpp"
#include "similarity/nysiis.hpp"
#include "similarity/soundex.hpp"
#include "similarity/spanish_metaphone.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

using similarity::Code;

// The most letters wanted; NULL is as many as there are.
size_t max_length_argument(FunctionCallInfo fcinfo, int n) {
    if (PG_ARGISNULL(n)) return similarity::kMaxCode;
    const int32 value = PG_GETARG_INT32(n);
    if (value < 1) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("max_length must be positive, not %d", value),
                        errhint("Use NULL for the whole code.")));
    }
    return std::min(static_cast<size_t>(value), similarity::kMaxCode);
}

Datum code_result(FunctionCallInfo fcinfo, const Code& code) {
    return code.empty() ? null_result(fcinfo) : make_text(code.view());
}

template <typename Encode>
Datum encode(FunctionCallInfo fcinfo, Encode how) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const std::string_view value = text_argument(fcinfo, 0);
    const Code code = guard([&] { return how(value); });
    return code_result(fcinfo, code);
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_soundex) {
    return encode(fcinfo, similarity::soundex);
}
CDP_FUNCTION(cdp_refined_soundex) {
    return encode(fcinfo, similarity::refined_soundex);
}
CDP_FUNCTION(cdp_cologne_phonetic) {
    return encode(fcinfo, similarity::cologne_phonetic);
}
CDP_FUNCTION(cdp_metaphone) {
    const size_t length = max_length_argument(fcinfo, 1);
    return encode(fcinfo, [=](std::string_view value) { return similarity::metaphone(value, length); });
}
CDP_FUNCTION(cdp_spanish_metaphone) {
    const bool seseo = !PG_ARGISNULL(1) && PG_GETARG_BOOL(1);
    const size_t length = max_length_argument(fcinfo, 2);
    return encode(
        fcinfo, [=](std::string_view value) { return similarity::spanish_metaphone(value, seseo, length); });
}
CDP_FUNCTION(cdp_nysiis) {
    const bool modified = !PG_ARGISNULL(1) && PG_GETARG_BOOL(1);
    const size_t length = max_length_argument(fcinfo, 2);
    return encode(fcinfo, [=](std::string_view value) {
        return modified ? similarity::modified_nysiis(value, length) : similarity::nysiis(value, length);
    });
}
CDP_FUNCTION(cdp_double_metaphone) {
    Datum values[2] = {};
    bool nulls[2] = {true, true};
    const size_t length = max_length_argument(fcinfo, 1);
    if (!PG_ARGISNULL(0)) {
        const std::string_view value = text_argument(fcinfo, 0);
        const similarity::DoubleCode code =
            guard([&] { return similarity::double_metaphone(value, length); });
        nulls[0] = code.primary.empty();
        nulls[1] = code.alternate.empty();
        if (!nulls[0]) values[0] = make_text(code.primary.view());
        if (!nulls[1]) values[1] = make_text(code.alternate.view());
    }
    return build_row(fcinfo, values, nulls);
}
CDP_FUNCTION(cdp_daitch_mokotoff) {
    const std::string_view value = text_argument(fcinfo, 0);
    const similarity::DaitchMokotoffCodes codes = guard([&] { return similarity::daitch_mokotoff(value); });
    if (codes.size() == 0) return null_result(fcinfo);
    Datum elements[similarity::DaitchMokotoffCodes::kMost];
    for (size_t i = 0; i < codes.size(); ++i) elements[i] = make_text(codes[i]);
    return PointerGetDatum(
        construct_array(elements, static_cast<int>(codes.size()), TEXTOID, -1, false, TYPALIGN_INT));
}

}  // extern "C"
}  // namespace cdp::pg
