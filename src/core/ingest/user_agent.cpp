// SPDX-License-Identifier: PostgreSQL
#include "ingest/user_agent.hpp"

#include <algorithm>
#include <array>

namespace cdp::ingest {
namespace {

constexpr std::size_t kMostBytes = 1024;
constexpr std::size_t kLongestName = 40;

struct Rule {
    std::string_view token;
    std::string_view name;
};

// In this order: whoever builds on another browser also sends the other's tokens.
constexpr Rule kApps[] = {
    {"FBAN/", "Facebook"},
    {"FBAV/", "Facebook"},
    {"Instagram ", "Instagram"},
    {"musical_ly", "TikTok"},
    {"BytedanceWebview", "TikTok"},
    {"Snapchat/", "Snapchat"},
    {"Pinterest/", "Pinterest"},
    {"LinkedInApp", "LinkedIn"},
    {"Twitter for", "Twitter"},
    {"MicroMessenger/", "WeChat"},
    {"Line/", "LINE"},
    {"GSA/", "Google app"},
};
constexpr Rule kBrowsers[] = {
    {"EdgiOS/", "Edge"},
    {"EdgA/", "Edge"},
    {"Edg/", "Edge"},
    {"Edge/", "Edge"},
    {"Opera Mini/", "Opera Mini"},
    {"OPiOS/", "Opera Mini"},
    {"OPR/", "Opera"},
    {"OPT/", "Opera"},
    {"OPX/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"UCBrowser/", "UC Browser"},
    {"YaBrowser/", "Yandex"},
    {"Vivaldi/", "Vivaldi"},
    {"Brave/", "Brave"},
    {"DuckDuckGo/", "DuckDuckGo"},
    {"Ddg/", "DuckDuckGo"},
    {"Silk/", "Silk"},
    {"MiuiBrowser/", "MIUI Browser"},
    {"HuaweiBrowser/", "Huawei Browser"},
    {"Whale/", "Whale"},
    {"MQQBrowser/", "QQ Browser"},
    {"QQBrowser/", "QQ Browser"},
    {"FxiOS/", "Firefox"},
    {"Focus/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chromium/", "Chromium"},
    {"Chrome/", "Chrome"},
    {"MSIE ", "Internet Explorer"},
    {"Opera/", "Opera"},
};
// Libraries and commands: the header begins with them.
constexpr Rule kTools[] = {
    {"curl/", "curl"},
    {"Wget/", "Wget"},
    {"python-requests/", "python-requests"},
    {"Python-urllib/", "Python-urllib"},
    {"python-httpx/", "python-httpx"},
    {"Python/", "Python"},
    {"Go-http-client/", "Go-http-client"},
    {"Java/", "Java"},
    {"okhttp/", "okhttp"},
    {"Apache-HttpClient/", "Apache-HttpClient"},
    {"axios/", "axios"},
    {"node-fetch/", "node-fetch"},
    {"libwww-perl/", "libwww-perl"},
    {"PostmanRuntime/", "Postman"},
    {"Ruby", "Ruby"},
    {"GuzzleHttp/", "Guzzle"},
    {"PHP/", "PHP"},
    {"HTTPie/", "HTTPie"},
};
// Sent by programs that do not call themselves bots; small letters.
constexpr Rule kPrograms[] = {
    {"googleimageproxy", "GoogleImageProxy"},
    {"yahoomailproxy", "YahooMailProxy"},
    {"facebookexternalhit", "facebookexternalhit"},
    {"meta-externalagent", "meta-externalagent"},
    {"bingpreview", "BingPreview"},
    {"mediapartners-google", "Mediapartners-Google"},
    {"google-inspectiontool", "Google-InspectionTool"},
    {"googleother", "GoogleOther"},
    {"apis-google", "APIs-Google"},
    {"feedfetcher", "FeedFetcher-Google"},
    {"google-read-aloud", "Google-Read-Aloud"},
    {"chrome-lighthouse", "Lighthouse"},
    {"headlesschrome", "HeadlessChrome"},
    {"phantomjs", "PhantomJS"},
    {"yahoo! slurp", "Yahoo! Slurp"},
    {"ia_archiver", "ia_archiver"},
    {"chatgpt-user", "ChatGPT-User"},
    {"perplexity-user", "Perplexity-User"},
    {"claude-user", "Claude-User"},
    {"pingdom", "Pingdom"},
    {"statuscake", "StatusCake"},
    {"scrapy", "Scrapy"},
    {"whatsapp/", "WhatsApp"},
    {"skypeuripreview", "SkypeUriPreview"},
    {"bitlybot", "bitlybot"},
};
constexpr Rule kWindows[] = {
    {"10.0", "10"},   {"6.3", "8.1"}, {"6.2", "8"},  {"6.1", "7"},
    {"6.0", "Vista"}, {"5.2", "XP"},  {"5.1", "XP"},
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// The digits after a place, parts by dots or underscores, at most `parts` of them.
std::string number_at(std::string_view text, std::size_t at, int parts) {
    std::string number;
    for (; at < text.size() && number.size() < 12; ++at) {
        if (is_digit(text[at])) {
            number += text[at];
        } else if ((text[at] == '.' || text[at] == '_') && !number.empty() && parts > 1 &&
                   at + 1 < text.size() && is_digit(text[at + 1])) {
            number += '.';
            --parts;
        } else {
            break;
        }
    }
    return number;
}

std::string number_after(std::string_view text, std::string_view token, int parts) {
    const std::size_t at = text.find(token);
    return at == std::string_view::npos ? std::string() : number_at(text, at + token.size(), parts);
}

// The word around a place, without what a name has not.
std::string word_around(std::string_view text, std::size_t begin, std::size_t end) {
    const auto belongs = [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    };
    while (begin > 0 && belongs(text[begin - 1])) --begin;
    while (end < text.size() && belongs(text[end])) ++end;
    while (begin < end && !is_letter(text[begin]) && !is_digit(text[begin])) ++begin;
    while (end > begin && !is_letter(text[end - 1]) && !is_digit(text[end - 1])) --end;
    return std::string(text.substr(begin, std::min(end - begin, kLongestName)));
}

// A bot calls itself one: Googlebot/2.1, bingbot, "Applebot;", AhrefsBot, a crawler or spider.
bool find_bot(std::string_view text, std::string_view small, UserAgent& agent) {
    for (const Rule& rule : kPrograms) {
        const std::size_t at = small.find(rule.token);
        if (at == std::string_view::npos) continue;
        agent.name = rule.name;
        std::size_t end = at + rule.token.size();
        if (end < small.size() && small[end] == '/') ++end;
        agent.version = number_at(text, end, 1);
        return true;
    }
    for (const std::string_view word : {"bot", "crawler", "spider", "crawl", "slurp", "scraper"}) {
        for (std::size_t at = small.find(word); at != std::string_view::npos; at = small.find(word, at + 1)) {
            const std::size_t end = at + word.size();
            if (word == "bot") {
                // CUBOT makes telephones.
                if (at >= 2 && small.substr(at - 2, 2) == "cu") continue;
                if (end < small.size() && is_letter(small[end])) continue;
            }
            agent.name = word_around(text, at, end);
            const std::size_t slash = text.find('/', end);
            if (slash != std::string_view::npos && slash - end < kLongestName &&
                word_around(text, at, end).size() >= slash - at) {
                agent.version = number_at(text, slash + 1, 1);
            } else if (slash == end) {
                agent.version = number_at(text, slash + 1, 1);
            }
            return true;
        }
    }
    return false;
}

void find_os(std::string_view text, UserAgent& agent) {
    std::size_t at;
    if (has(text, "Windows Phone")) {
        agent.os = "Windows Phone";
        agent.os_version = number_after(text, "Windows Phone ", 2);
        if (agent.os_version.empty()) agent.os_version = number_after(text, "Windows Phone OS ", 2);
    } else if ((at = text.find("Xbox")) != std::string_view::npos) {
        agent.os = "Xbox";
    } else if (has(text, "PlayStation")) {
        agent.os = "PlayStation";
    } else if (has(text, "Nintendo")) {
        agent.os = "Nintendo";
    } else if (has(text, "Windows")) {
        agent.os = "Windows";
        const std::string number = number_after(text, "Windows NT ", 2);
        for (const Rule& rule : kWindows) {
            if (number == rule.token) agent.os_version = rule.name;
        }
    } else if (has(text, "iPad")) {
        agent.os = "iPadOS";
        agent.os_version = number_after(text, "CPU OS ", 2);
    } else if (has(text, "iPhone") || has(text, "iPod")) {
        agent.os = "iOS";
        agent.os_version = number_after(text, "iPhone OS ", 2);
    } else if (has(text, "AppleTV") || has(text, "Apple TV")) {
        agent.os = "tvOS";
    } else if (has(text, "KAIOS/") || has(text, "KaiOS/")) {
        agent.os = "KaiOS";
        agent.os_version = number_after(text, has(text, "KAIOS/") ? "KAIOS/" : "KaiOS/", 2);
    } else if (has(text, "HarmonyOS")) {
        agent.os = "HarmonyOS";
    } else if (has(text, "Tizen")) {
        agent.os = "Tizen";
        agent.os_version = number_after(text, "Tizen ", 2);
    } else if (has(text, "Web0S") || has(text, "webOS")) {
        agent.os = "webOS";
    } else if (has(text, "Android")) {
        agent.os = "Android";
        agent.os_version = number_after(text, "Android ", 2);
    } else if (has(text, "CrOS")) {
        agent.os = "ChromeOS";
    } else if (has(text, "Mac OS X") || has(text, "Macintosh") || has(text, "Mac_PowerPC")) {
        agent.os = "macOS";
        agent.os_version = number_after(text, "Mac OS X ", 2);
    } else if (has(text, "Linux") || has(text, "X11") || has(text, "Ubuntu")) {
        agent.os = "Linux";
    }
}

std::string_view device_of(std::string_view text, const UserAgent& agent) {
    for (const std::string_view token :
         {"SmartTV", "SMART-TV", "Smart-TV", "SmartHub", "AppleTV", "Apple TV", "GoogleTV", "Google TV",
          "Android TV", "BRAVIA", "HbbTV", "CrKey", "Web0S", "Roku", "; AFT", "NetCast"}) {
        if (has(text, token)) return "tv";
    }
    if (agent.os == "Tizen" && has(text, "TV")) return "tv";
    if (agent.os == "Xbox" || agent.os == "PlayStation" || agent.os == "Nintendo") return "console";
    if (agent.os == "iPadOS" || has(text, "Tablet") || has(text, "Kindle") || has(text, "; KF"))
        return "tablet";
    if (agent.os == "Android")
        return has(text, "Mobile") || has(text, "Opera Mini") || agent.kind == "app" ? "mobile" : "tablet";
    if (agent.os == "iOS" || agent.os == "Windows Phone" || agent.os == "KaiOS" || has(text, "Opera Mini") ||
        has(text, "Mobile") || has(text, "BlackBerry") || has(text, "J2ME") || has(text, "MIDP")) {
        return "mobile";
    }
    if (agent.os == "Windows" || agent.os == "macOS" || agent.os == "Linux" || agent.os == "ChromeOS")
        return "desktop";
    return "other";
}

void find_browser(std::string_view text, UserAgent& agent) {
    for (const Rule& rule : kTools) {
        if (!text.starts_with(rule.token)) continue;
        agent.kind = "tool";
        agent.name = rule.name;
        agent.version = number_at(text, rule.token.size(), 1);
        return;
    }
    for (const Rule& rule : kApps) {
        const std::size_t at = text.find(rule.token);
        if (at == std::string_view::npos) continue;
        agent.kind = "app";
        agent.name = rule.name;
        agent.version = number_at(text, at + rule.token.size(), 1);
        if (rule.name == "Facebook") agent.version = number_after(text, "FBAV/", 1);
        return;
    }
    for (const Rule& rule : kBrowsers) {
        const std::size_t at = text.find(rule.token);
        if (at == std::string_view::npos) continue;
        agent.kind = "browser";
        agent.name = rule.name;
        agent.version = number_at(text, at + rule.token.size(), 1);
        if (rule.name == "Opera" && rule.token == "Opera/") {
            // Opera 10 and later say 9.80 there.
            const std::string version = number_after(text, "Version/", 1);
            if (!version.empty()) agent.version = version;
        } else if (rule.name == "Chrome" && has(text, "; wv)")) {
            agent.kind = "app";
            agent.name = "Android WebView";
        }
        return;
    }
    if (has(text, "Trident/")) {
        agent.kind = "browser";
        agent.name = "Internet Explorer";
        agent.version = number_after(text, "rv:", 1);
    } else if (has(text, "Safari/") || has(text, "AppleWebKit/")) {
        const bool is_page = has(text, "Version/");
        if (has(text, "Android")) {
            agent.kind = "browser";
            agent.name = "Android Browser";
        } else if (has(text, "Macintosh") || has(text, "iPhone") || has(text, "iPad") || has(text, "iPod")) {
            // An app that shows pages sends no version of Safari.
            agent.kind = is_page || has(text, "Macintosh") ? "browser" : "app";
            agent.name = is_page || has(text, "Macintosh") ? "Safari" : "iOS WebView";
        } else {
            agent.kind = "browser";
            agent.name = "WebKit";
        }
        agent.version = number_after(text, "Version/", 1);
    } else if (text.starts_with("Dalvik/")) {
        agent.kind = "app";
        agent.name = "Android app";
    } else if (has(text, "CFNetwork/")) {
        agent.kind = "app";
        const std::size_t slash = text.find('/');
        agent.name =
            slash > 0 && slash <= kLongestName ? word_around(text, slash, slash) : std::string();
        if (agent.name.empty() || agent.name == "CFNetwork") agent.name = "Apple app";
        if (agent.os.empty()) agent.os = has(text, "(x86_64)") ? "macOS" : "iOS";
    } else if (has(text, "Gecko/") && has(text, "rv:")) {
        agent.kind = "browser";
        agent.name = "Gecko";
        agent.version = number_after(text, "rv:", 1);
    }
}

}  // namespace

UserAgent parse_user_agent(std::string_view header) {
    UserAgent agent;
    while (!header.empty() && (header.front() == ' ' || header.front() == '\t' || header.front() == '"'))
        header.remove_prefix(1);
    const std::string_view text = header.substr(0, kMostBytes);
    if (text.empty()) return agent;
    std::array<char, kMostBytes> buffer;
    std::transform(text.begin(), text.end(), buffer.begin(), lower);
    const std::string_view small(buffer.data(), text.size());
    find_os(text, agent);
    if (find_bot(text, small, agent)) {
        agent.kind = agent.device_class = "bot";
        return agent;
    }
    find_browser(text, agent);
    if (!agent.kind.empty() || !agent.os.empty()) agent.device_class = device_of(text, agent);
    return agent;
}

}  // namespace cdp::ingest
