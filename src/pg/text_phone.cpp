// SPDX-License-Identifier: PostgreSQL
// What a telephone number is, and how people write it.
#include "bridge/postgres.hpp"

#include "text/phone.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

// NULL for an empty result.
Datum text_or_null(FunctionCallInfo fcinfo, const PallocText& result) {
    return result.size == 0 ? null_result(fcinfo) : make_text(result.view());
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_phone_type) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view country = text_argument_or_empty(fcinfo, 1);
    const std::string_view name =
        guard([=] { return text::phone_type_name(text::describe_phone(value, country).type); });
    return name.empty() ? null_result(fcinfo) : make_text(name);
}

CDP_FUNCTION(cdp_phone_country) {
    if (PG_ARGISNULL(0)) return null_result(fcinfo);
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view country = text_argument_or_empty(fcinfo, 1);
    return text_or_null(fcinfo,
                        guard([=] { return palloc_copy(text::describe_phone(value, country).region); }));
}

CDP_FUNCTION(cdp_format_phone) {
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view style = text_argument(fcinfo, 1);
    return text_or_null(fcinfo, guard([=] {
                            return palloc_copy(text::format_phone(value, text::parse_phone_style(style)));
                        }));
}

}  // extern "C"
}  // namespace cdp::pg
