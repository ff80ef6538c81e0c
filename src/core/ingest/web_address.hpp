// SPDX-License-Identifier: PostgreSQL
// How a visit came about, by the address of its page and the page before: campaign parameters (utm_…), click
// ids of advertising platforms, and the channel by the default channel grouping of Google Analytics 4
// (Analytics Help, "[GA4] Default channel group"), whose rules are applied in its order. Query strings are
// decoded as forms are (WHATWG URL Standard, application/x-www-form-urlencoded): + is a blank, %XX a byte;
// what is no UTF-8 then is dropped.
//
// Cost: some 1 us; only the first 8,192 bytes of an address count, values are cut at 200 bytes.
#pragma once

#include <string>
#include <string_view>

namespace cdp::ingest {

struct CampaignVisit {
    std::string source;       // utm_source, else by click id or referrer; "(direct)" when nothing is said
    std::string medium;       // utm_medium, else cpc, organic, social or referral; "(none)"
    std::string campaign;     // utm_campaign
    std::string campaign_id;  // utm_id
    std::string term;         // utm_term
    std::string content;      // utm_content
    std::string_view click_id_kind;  // gclid, fbclid, msclkid …
    std::string click_id;
    std::string_view channel;  // Paid Search, Organic Social, Email …
};

CampaignVisit parse_campaign(std::string_view url, std::string_view referrer);

// One part of a query string, decoded: valid UTF-8 without control characters, tidied of blanks at both ends.
std::string decode_component(std::string_view encoded);

}  // namespace cdp::ingest
