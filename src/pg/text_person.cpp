// SPDX-License-Identifier: PostgreSQL
// Repair, placeholders, kinds of e-mail domains, names in parts and nicknames as SQL functions.
#include "bridge/postgres.hpp"

#include <array>
#include <string>
#include <vector>

#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "text/email.hpp"
#include "text/fold.hpp"
#include "text/junk.hpp"
#include "text/name.hpp"
#include "text/name_latin.hpp"
#include "text/nickname.hpp"
#include "text/repair.hpp"
#include "text/value.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

// Empty when the value is no placeholder. A literal, so it outlives the call.
std::string_view junk_reason(FunctionCallInfo fcinfo) {
    const std::string_view value = text_argument(fcinfo, 0);
    const std::string_view type = text_argument(fcinfo, 1);
    return guard([&] { return text::junk_reason(value, text::parse_semantic_type(type)); });
}

std::string_view kind_name(text::DomainKind kind) {
    switch (kind) {
        case text::DomainKind::kDisposable:
            return "disposable";
        case text::DomainKind::kFree:
            return "free";
        case text::DomainKind::kOther:
            return "other";
        case text::DomainKind::kNone:
            break;
    }
    return {};
}

Datum text_or_null(FunctionCallInfo fcinfo, std::string_view value) {
    return value.empty() ? null_result(fcinfo) : make_text(value);
}

}  // namespace

extern "C" {

CDP_FUNCTION(cdp_repair_text) {
    const std::string_view value = text_argument(fcinfo, 0);
    const PallocText repaired = guard([&] {
        Tick tick = backend_tick();
        // The text as it comes and goes, and once in code points, four times as long: what goes over the
        // limit is refused before it is taken.
        MemoryBudget budget = backend_budget();
        if (6 * value.size() > budget.limit()) std::pmr::vector<char>(6 * value.size(), &budget);
        return palloc_copy(text::repair_text(value, tick));
    });
    return make_text(repaired.view());
}

CDP_FUNCTION(cdp_is_junk) {
    return BoolGetDatum(!junk_reason(fcinfo).empty());
}
CDP_FUNCTION(cdp_junk_reason) {
    return text_or_null(fcinfo, junk_reason(fcinfo));
}

CDP_FUNCTION(cdp_email_domain_kind) {
    const std::string_view value = text_argument(fcinfo, 0);
    return text_or_null(fcinfo, kind_name(guard([&] { return text::email_domain_kind(value); })));
}

CDP_FUNCTION(cdp_latin_name) {
    const std::string_view value = text_argument(fcinfo, 0);
    return text_or_null(fcinfo, guard([&] { return palloc_copy(text::latin_name(value)); }).view());
}

CDP_FUNCTION(cdp_parse_name) {
    constexpr size_t kParts = 7;
    const std::string_view full = text_argument(fcinfo, 0);
    const auto parts = guard([&] {
        const text::NameParts name = text::parse_name(full);
        return std::array<PallocText, kParts>{palloc_copy(name.title),         palloc_copy(name.given),
                                              palloc_copy(name.middle),        palloc_copy(name.family),
                                              palloc_copy(name.second_family), palloc_copy(name.suffix),
                                              palloc_copy(name.nickname)};
    });
    Datum values[kParts] = {};
    bool nulls[kParts] = {};
    for (size_t i = 0; i < kParts; ++i) {
        nulls[i] = parts[i].size == 0;
        if (!nulls[i]) values[i] = make_text(parts[i].view());
    }
    return build_row(fcinfo, values, nulls);
}

CDP_FUNCTION(cdp_same_given_name) {
    const std::string_view a = text_argument(fcinfo, 0);
    const std::string_view b = text_argument(fcinfo, 1);
    return BoolGetDatum(guard([&] { return text::is_same_given_name(a, b); }));
}

CDP_FUNCTION(cdp_nicknames_of) {
    const ResultSet rows = ResultSet::open(fcinfo);
    if (PG_ARGISNULL(0)) return ResultSet::finish(fcinfo);
    const std::string_view name = text_argument(fcinfo, 0);
    guard([&] {
        for (const text::RelatedName& other : text::nicknames_of(text::fold(name))) {
            Datum values[2];
            pg_call([&] {
                values[0] = make_text(other.name);
                values[1] = make_text(other.relation);
            });
            const bool nulls[2] = {};
            rows.put(values, nulls);
        }
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
}  // namespace cdp::pg
