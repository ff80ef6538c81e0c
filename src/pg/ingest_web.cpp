// SPDX-License-Identifier: PostgreSQL
// cdp.parse_user_agent and cdp.parse_utm.
#include "bridge/postgres.hpp"

#include "ingest/user_agent.hpp"
#include "ingest/web_address.hpp"
#include "text_answer.hpp"

namespace cdp::pg {
namespace {

// A row of texts; an empty one is NULL.
template <int N>
struct Texts {
    PallocText text[N];
};

template <int N>
Datum texts_row(FunctionCallInfo fcinfo, const Texts<N>& texts) {
    Datum values[N] = {};
    bool nulls[N] = {};
    for (int i = 0; i < N; ++i) {
        nulls[i] = texts.text[i].size == 0;
        if (!nulls[i]) values[i] = make_text(texts.text[i].view());
    }
    return build_row(fcinfo, values, nulls);
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

CDP_FUNCTION(cdp_parse_user_agent) {
    using namespace cdp::pg;
    Texts<6> texts{};
    if (!PG_ARGISNULL(0)) {
        const std::string_view header = text_argument(fcinfo, 0);
        texts = guard([&] {
            const cdp::ingest::UserAgent agent = cdp::ingest::parse_user_agent(header);
            return Texts<6>{{palloc_copy(agent.kind), palloc_copy(agent.name), palloc_copy(agent.version),
                             palloc_copy(agent.os), palloc_copy(agent.os_version),
                             palloc_copy(agent.device_class)}};
        });
    }
    return texts_row(fcinfo, texts);
}

CDP_FUNCTION(cdp_parse_utm) {
    using namespace cdp::pg;
    Texts<9> texts{};
    if (!PG_ARGISNULL(0)) {
        const std::string_view url = text_argument(fcinfo, 0);
        const std::string_view referrer = text_argument_or_empty(fcinfo, 1);
        texts = guard([&] {
            const cdp::ingest::CampaignVisit visit = cdp::ingest::parse_campaign(url, referrer);
            return Texts<9>{
                {palloc_copy(visit.source), palloc_copy(visit.medium), palloc_copy(visit.campaign),
                 palloc_copy(visit.campaign_id), palloc_copy(visit.term), palloc_copy(visit.content),
                 palloc_copy(visit.click_id_kind), palloc_copy(visit.click_id), palloc_copy(visit.channel)}};
        });
    }
    return texts_row(fcinfo, texts);
}

}  // extern "C"
