// SPDX-License-Identifier: PostgreSQL
// cdp.read_number: a number of a column whose decimal mark is known.
#include "text/number.hpp"
#include "text_answer.hpp"

extern "C" {
#include "utils/builtins.h"
#include "utils/numeric.h"
}

namespace cdp::pg {

extern "C" {

CDP_FUNCTION(cdp_read_number) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view mark = text_argument_or_empty(fcinfo, 1);
    const Answer answer = run([=] { return text::clean_number(value, mark.size() == 1 ? mark[0] : '\0'); });
    if (!answer.has_value()) return null_result(fcinfo);
    return DirectFunctionCall3(numeric_in, CStringGetDatum(answer.value.data), ObjectIdGetDatum(InvalidOid),
                               Int32GetDatum(-1));
}

}  // extern "C"
}  // namespace cdp::pg
