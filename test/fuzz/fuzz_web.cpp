// SPDX-License-Identifier: PostgreSQL
#include "fuzz.hpp"
#include "ingest/user_agent.hpp"
#include "ingest/web_address.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    if (input.choose(2) == 0) {
        const auto agent = cdp::ingest::parse_user_agent(input.rest());
        fuzz::check_text(agent.name);
        fuzz::check(agent.version.find_first_not_of("0123456789") == std::string::npos, "digits",
                    agent.version);
        fuzz::check((agent.kind == "bot") == (agent.device_class == "bot"), "a bot is a bot", agent.name);
    } else {
        const std::string_view referrer = input.line();
        const auto visit = cdp::ingest::parse_campaign(input.rest(), referrer);
        for (const std::string& text : {visit.source, visit.medium, visit.campaign, visit.campaign_id,
                                        visit.term, visit.content, visit.click_id}) {
            fuzz::check_text(text);
        }
        fuzz::check(!visit.channel.empty(), "a channel");
    }
    return 0;
}
