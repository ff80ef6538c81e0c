// SPDX-License-Identifier: PostgreSQL
// cdp.decode_text and cdp.detect_encoding: the bytes of a file as text.
#include "bridge/postgres.hpp"

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/tick.hpp"
#include "ingest/encoding.hpp"

namespace cdp::pg {
namespace {

void check_database_encoding() {
    if (GetDatabaseEncoding() != PG_UTF8) {
        ereport(ERROR,
                (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("the database is not encoded in UTF-8"),
                 errdetail("Its encoding is %s.", GetDatabaseEncodingName()),
                 errhint("Make one that is: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;")));
    }
}

// The text is made from the buffer while it lives: no second copy of what may be large.
Datum decode(std::string_view bytes, std::string_view name) {
    MemoryBudget budget = backend_budget();
    Tick tick = backend_tick();
    const auto encoding =
        name.empty() ? ingest::detect_text_encoding(bytes, tick) : ingest::parse_text_encoding(name);
    const std::pmr::string text = ingest::decode_text(bytes, encoding, &budget, tick);
    return pg_call([&] { return make_text(text); });
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_decode_text);
Datum cdp_decode_text(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    check_database_encoding();
    const std::string_view bytes = text_argument(fcinfo, 0);
    const std::string_view name = text_argument_or_empty(fcinfo, 1);
    return guard([&] { return decode(bytes, name); });
}

PG_FUNCTION_INFO_V1(cdp_detect_encoding);
Datum cdp_detect_encoding(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const std::string_view bytes = text_argument(fcinfo, 0);
    const std::string_view name = guard([&] {
        cdp::Tick tick = backend_tick();
        return cdp::ingest::text_encoding_name(cdp::ingest::detect_text_encoding(bytes, tick));
    });
    return make_text(name);
}

}  // extern "C"
