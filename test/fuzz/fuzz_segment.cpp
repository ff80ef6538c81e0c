// SPDX-License-Identifier: PostgreSQL
// Definitions of segments: either an error of the user's or SQL.
#include "base/error.hpp"
#include "fuzz.hpp"
#include "segment/render_sql.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::segment;
    static const Catalogue catalogue = [] {
        Catalogue c;
        c.attributes = {{"city", Type::kText, false},
                        {"birth_date", Type::kDate, false},
                        {"points", Type::kNumber, true},
                        {"is_vip", Type::kBoolean, true},
                        {"joined", Type::kTimestamp, true}};
        c.events = {{"purchase", 1, {{"category", Type::kText}, {"covers", Type::kNumber}}},
                    {"visit", 2, {}}};
        c.segments = {{"vip", 7}};
        c.purposes = {"marketing"};
        return c;
    }();
    const std::string_view definition(reinterpret_cast<const char*>(data), size);
    try {
        const ConditionPtr condition = parse(definition);
        references(*condition);
        RenderOptions options{"2026-11-24 12:00:00+00", "America/Santiago", size % 2 == 0};
        const std::string sql = render_sql(definition, *condition, catalogue, options);
        fuzz::check(!sql.empty(), "SQL for what parses", definition);
    } catch (const cdp::Error& error) {
        fuzz::check(error.code() != cdp::ErrorCode::kInternal, "no defect of ours", error.message());
        fuzz::check(!error.message().empty(), "a message", definition);
    }
    return 0;
}
