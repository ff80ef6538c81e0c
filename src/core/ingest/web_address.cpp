// SPDX-License-Identifier: PostgreSQL
#include "ingest/web_address.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/utf8.hpp"

namespace cdp::ingest {
namespace {

constexpr std::size_t kMostBytes = 8192;
constexpr std::size_t kLongestValue = 200;

struct ClickId {
    std::string_view parameter;
    std::string_view source;
    std::string_view medium;
};
// Facebook and Instagram put fbclid on every outward link, paid or not.
constexpr ClickId kClickIds[] = {
    {"gclid", "google", "cpc"},       {"gbraid", "google", "cpc"},      {"wbraid", "google", "cpc"},
    {"dclid", "google", "display"},   {"msclkid", "bing", "cpc"},       {"fbclid", "facebook", "social"},
    {"ttclid", "tiktok", "cpc"},      {"li_fat_id", "linkedin", "cpc"}, {"twclid", "twitter", "cpc"},
    {"yclid", "yandex", "cpc"},       {"ScCid", "snapchat", "cpc"},     {"epik", "pinterest", "social"},
    {"srsltid", "google", "organic"},
};

constexpr std::string_view kSearch[] = {"google", "bing",   "yahoo",     "duckduckgo", "baidu",
                                        "yandex", "ecosia", "ask",       "aol",        "naver",
                                        "seznam", "qwant",  "startpage", "brave",      "sogou"};
constexpr std::string_view kSocial[] = {
    "facebook", "instagram", "fb",     "ig",     "twitter",   "x.com",    "t.co",     "linkedin",
    "lnkd",     "pinterest", "reddit", "tiktok", "snapchat",  "whatsapp", "telegram", "threads",
    "tumblr",   "quora",     "vk",     "weibo",  "messenger", "discord",  "mastodon", "bsky"};
constexpr std::string_view kVideo[] = {"youtube", "youtu.be", "vimeo",      "dailymotion",
                                       "twitch",  "netflix",  "disneyplus", "hulu"};
constexpr std::string_view kShopping[] = {"amazon",     "ebay",           "etsy",         "walmart",
                                          "alibaba",    "aliexpress",     "mercadolibre", "shopify",
                                          "igshopping", "shopping.google"};

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}
bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string small(std::string_view value) {
    std::string result(value);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

// Whether a source, "google" or "www.google.co.uk", is one of a list: a whole label of the host, or the
// host's end.
template <std::size_t N>
bool is_site(std::string_view source, const std::string_view (&sites)[N]) {
    for (const std::string_view site : sites) {
        for (std::size_t at = source.find(site); at != std::string_view::npos;
             at = source.find(site, at + 1)) {
            const std::size_t end = at + site.size();
            if ((at == 0 || source[at - 1] == '.') && (end == source.size() || source[end] == '.'))
                return true;
        }
    }
    return false;
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The host of an address, small letters, without user, port and www.
std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos || scheme > 20) return {};
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#\\"));
    const std::size_t at = url.rfind('@');
    if (at != std::string_view::npos) url.remove_prefix(at + 1);
    url = url.substr(0, url.find(':'));
    std::string host = small(url);
    if (host.empty() || host.size() > 253) return {};
    for (const char c : host) {
        const bool is_known =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (!is_known) return {};
    }
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

bool is_paid(std::string_view medium) {
    return has(medium, "cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid");
}

// ([^a-df-z]|^)shop or shopping
bool is_shop_campaign(std::string_view campaign) {
    for (std::size_t at = campaign.find("shop"); at != std::string_view::npos;
         at = campaign.find("shop", at + 1)) {
        if (campaign.substr(at).starts_with("shopping")) return true;
        if (at == 0) return true;
        const char c = campaign[at - 1];
        if (!((c >= 'a' && c <= 'd') || (c >= 'f' && c <= 'z'))) return true;
    }
    return false;
}

std::string_view channel_of(std::string_view source, std::string_view medium, std::string_view campaign) {
    const bool paid = is_paid(medium);
    const bool shopping = is_site(source, kShopping) || is_shop_campaign(campaign);
    // The hosts of several kinds of site of one company.
    const bool video = is_site(source, kVideo);
    const bool social = is_site(source, kSocial);
    const bool search = !video && !social && is_site(source, kSearch);
    if (source == "(direct)" && is_one_of(medium, {"(none)", "(not set)"})) return "Direct";
    if (has(campaign, "cross-network")) return "Cross-network";
    if (shopping && paid) return "Paid Shopping";
    if (search && paid) return "Paid Search";
    if (social && paid) return "Paid Social";
    if (video && paid) return "Paid Video";
    if (is_one_of(medium, {"display", "banner", "expandable", "interstitial", "cpm"})) return "Display";
    if (paid) return "Paid Other";
    if (shopping) return "Organic Shopping";
    if (social || is_one_of(medium, {"social", "social-network", "social-media", "sm", "social network",
                                     "social media"})) {
        return "Organic Social";
    }
    if (video || has(medium, "video")) return "Organic Video";
    const auto is_email = [](std::string_view s) {
        return is_one_of(s, {"email", "e-mail", "e_mail", "e mail"});
    };
    // mail.google.com is a source of search by its name only.
    if ((search && !is_email(medium) && !is_one_of(medium, {"referral", "affiliate", "sms"})) ||
        medium == "organic")
        return "Organic Search";
    if (is_one_of(medium, {"referral", "app", "link"})) return "Referral";
    if (is_email(source) || is_email(medium)) return "Email";
    if (medium == "affiliate" || medium == "affiliates") return "Affiliates";
    if (medium == "audio") return "Audio";
    if (source == "sms" || medium == "sms") return "SMS";
    if (medium.ends_with("push") || has(medium, "mobile") || has(medium, "notification") ||
        source == "firebase") {
        return "Mobile Push Notifications";
    }
    return "Unassigned";
}

}  // namespace

std::string decode_component(std::string_view encoded) {
    std::string bytes;
    for (std::size_t i = 0; i < encoded.size() && bytes.size() < kLongestValue + 8; ++i) {
        const char c = encoded[i];
        if (c == '+') {
            bytes += ' ';
        } else if (c == '%' && i + 2 < encoded.size() && hex(encoded[i + 1]) >= 0 &&
                   hex(encoded[i + 2]) >= 0) {
            bytes += static_cast<char>(hex(encoded[i + 1]) * 16 + hex(encoded[i + 2]));
            i += 2;
        } else {
            bytes += c;
        }
    }
    std::string tidy;
    for (std::size_t i = 0; i < bytes.size();) {
        const char32_t point = decode_utf8(bytes, i);
        const bool is_dropped = point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xFFFD ||
                                point == 0xAD || point == 0xFEFF || (point >= 0x200B && point <= 0x200F) ||
                                (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F);
        if (!is_dropped && !(point == ' ' && tidy.empty())) append_utf8(tidy, point);
    }
    tidy = clip_utf8(tidy, kLongestValue);
    while (!tidy.empty() && tidy.back() == ' ') tidy.pop_back();
    return tidy;
}

CampaignVisit parse_campaign(std::string_view url, std::string_view referrer) {
    CampaignVisit visit;
    std::string_view query = url.substr(0, kMostBytes);
    // Parameters behind the # count, too: some shops put them there.
    const std::size_t mark = query.find_first_of("?#");
    query = mark == std::string_view::npos ? std::string_view() : query.substr(mark + 1);
    const ClickId* click = nullptr;
    while (!query.empty()) {
        const std::size_t end = query.find_first_of("&;#?");
        const std::string_view part = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || equals + 1 == part.size()) continue;
        const std::string name = small(decode_component(part.substr(0, equals)));
        const std::string_view value = part.substr(equals + 1);
        // The first of several counts.
        std::string* target = name == "utm_source"     ? &visit.source
                              : name == "utm_medium"   ? &visit.medium
                              : name == "utm_campaign" ? &visit.campaign
                              : name == "utm_id"       ? &visit.campaign_id
                              : name == "utm_term"     ? &visit.term
                              : name == "utm_content"  ? &visit.content
                                                       : nullptr;
        if (target != nullptr) {
            if (target->empty()) *target = decode_component(value);
            continue;
        }
        for (const ClickId& id : kClickIds) {
            if (name != small(id.parameter)) continue;
            // The order of the table, not of the parameters.
            if (click == nullptr || &id < click) {
                std::string decoded = decode_component(value);
                if (decoded.empty()) continue;
                click = &id;
                visit.click_id = std::move(decoded);
                visit.click_id_kind = id.parameter;
            }
        }
    }
    const std::string from = host_of(referrer.substr(0, kMostBytes));
    if (visit.source.empty() && visit.medium.empty()) {
        if (click != nullptr) {
            visit.source = click->source;
            visit.medium = click->medium;
        } else if (!from.empty() && from != host_of(url)) {
            visit.source = from;
            visit.medium = is_site(from, kVideo)    ? "referral"
                           : is_site(from, kSocial) ? "social"
                           : is_site(from, kSearch) ? "organic"
                                                    : "referral";
            // Mail and other services of search engines.
            if (from.starts_with("mail.") || from.starts_with("outlook.")) visit.medium = "email";
        } else {
            visit.source = "(direct)";
            visit.medium = "(none)";
        }
    } else if (visit.source.empty()) {
        visit.source = click != nullptr ? std::string(click->source)
                       : from.empty()   ? std::string("(not set)")
                                        : from;
    } else if (visit.medium.empty()) {
        visit.medium = click != nullptr ? std::string(click->medium) : std::string("(not set)");
    }
    visit.channel = channel_of(small(visit.source), small(visit.medium), small(visit.campaign));
    return visit;
}

}  // namespace cdp::ingest
