// SPDX-License-Identifier: PostgreSQL
// Headers as browsers and programs send them (MDN "User-Agent header", the documentation of the crawlers),
// and promises for any bytes.
#include "ingest/user_agent.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "reference/text_checks.hpp"

using cdp::ingest::parse_user_agent;

namespace {
struct Case {
    const char* header;
    const char* kind;
    const char* name;
    const char* version;
    const char* os;
    const char* os_version;
    const char* device;
};
const Case kCases[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
     "Safari/537.36",
     "browser", "Chrome", "120", "Windows", "10", "desktop"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
     "Safari/537.36 Edg/120.0.2210.91",
     "browser", "Edge", "120", "Windows", "10", "desktop"},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "browser", "Internet Explorer",
     "11", "Windows", "7", "desktop"},
    {"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)", "browser", "Internet Explorer", "8",
     "Windows", "XP", "desktop"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "browser", "Firefox", "121",
     "Linux", "", "desktop"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
     "Safari/605.1.15",
     "browser", "Safari", "17", "macOS", "10.15", "desktop"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.2 Mobile/15E148 Safari/604.1",
     "browser", "Safari", "17", "iOS", "17.2", "mobile"},
    {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
     "Mobile/15E148 Safari/604.1",
     "browser", "Safari", "16", "iPadOS", "16.6", "tablet"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
     "browser", "Chrome", "120", "iOS", "17.2", "mobile"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "FxiOS/120.0 Mobile/15E148 Safari/605.1.15",
     "browser", "Firefox", "120", "iOS", "17.1", "mobile"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
     "Safari/537.36",
     "browser", "Chrome", "120", "Android", "10", "mobile"},
    {"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
     "Safari/537.36",
     "browser", "Chrome", "119", "Android", "13", "tablet"},
    {"Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S908B) AppleWebKit/537.36 (KHTML, like Gecko) "
     "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
     "browser", "Samsung Internet", "23", "Android", "13", "mobile"},
    {"Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
     "Mobile Safari/537.36",
     "browser", "Chrome", "118", "Android", "12", "mobile"},
    {"Mozilla/5.0 (Linux; Android 11; Pixel 5 Build/RQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Version/4.0 Chrome/110.0.5481.65 Mobile Safari/537.36",
     "app", "Android WebView", "110", "Android", "11", "mobile"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Mobile/20F66 Instagram 289.0.0.18.109 (iPhone14,5; iOS 16_5)",
     "app", "Instagram", "289", "iOS", "16.5", "mobile"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone13,2;FBAV/418.0.0;FBLC/es_LA]",
     "app", "Facebook", "418", "iOS", "16.5", "mobile"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
     "Safari/537.36 OPR/105.0.0.0",
     "browser", "Opera", "105", "Windows", "10", "desktop"},
    {"Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.289 Version/12.01", "browser", "Opera", "12", "Windows",
     "7", "desktop"},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
     "Safari/537.36",
     "browser", "Chrome", "120", "ChromeOS", "", "desktop"},
    {"Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/6.0 TV "
     "Safari/537.36",
     "browser", "WebKit", "6", "Tizen", "6.0", "tv"},
    {"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 "
     "Safari/605.1.15",
     "browser", "WebKit", "13", "PlayStation", "", "console"},
    {"Mozilla/5.0 (Linux; Android 4.0.3; de-de; Galaxy S II Build/GRJ22) AppleWebKit/534.30 (KHTML, like "
     "Gecko) Version/4.0 Mobile Safari/534.30",
     "browser", "Android Browser", "4", "Android", "4.0", "mobile"},
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "Googlebot", "2", "",
     "", "bot"},
    {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.6099.109 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
     "+http://www.google.com/bot.html)",
     "bot", "Googlebot", "2", "Android", "6.0", "bot"},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bot", "bingbot", "2", "", "",
     "bot"},
    {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "bot", "AhrefsBot", "7", "", "",
     "bot"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
     "bot", "GPTBot", "1", "", "", "bot"},
    {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "bot",
     "facebookexternalhit", "1", "", "", "bot"},
    {"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "bot",
     "Baiduspider", "2", "", "", "bot"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 "
     "Safari/537.36",
     "bot", "HeadlessChrome", "120", "Linux", "", "bot"},
    {"Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "bot",
     "GoogleImageProxy", "", "Windows", "XP", "bot"},
    {"curl/8.4.0", "tool", "curl", "8", "", "", "other"},
    {"python-requests/2.31.0", "tool", "python-requests", "2", "", "", "other"},
    {"Go-http-client/1.1", "tool", "Go-http-client", "1", "", "", "other"},
    {"okhttp/4.12.0", "tool", "okhttp", "4", "", "", "other"},
    {"Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)", "app", "Android app", "", "Android", "14",
     "mobile"},
    {"MyShop/42 CFNetwork/1474 Darwin/23.0.0", "app", "MyShop", "", "iOS", "", "mobile"},
    {"", "", "", "", "", "", ""},
    {"hello", "", "", "", "", "", ""},
};
}  // namespace

BOOST_AUTO_TEST_CASE(known_headers) {
    for (const Case& c : kCases) {
        const auto agent = parse_user_agent(c.header);
        BOOST_TEST_CONTEXT(c.header) {
            BOOST_TEST(agent.kind == c.kind);
            BOOST_TEST(agent.name == c.name);
            BOOST_TEST(agent.version == c.version);
            BOOST_TEST(agent.os == c.os);
            BOOST_TEST(agent.os_version == c.os_version);
            BOOST_TEST(agent.device_class == c.device);
        }
    }
}

// Any bytes: short, clean names; versions are digits; a bot is one in both columns. The pieces are those the
// rules look for.
BOOST_AUTO_TEST_CASE(headers_of_any_bytes) {
    std::mt19937 random(20261124);
    const char* pieces[] = {"Mozilla/5.0 (",
                            "bot",
                            "Chrome/",
                            "Android ",
                            "12.",
                            "iPad",
                            "CPU OS ",
                            "\xff",
                            "\x01",
                            "/",
                            ";",
                            " ",
                            "_",
                            "Version/",
                            "Safari/",
                            "CFNetwork/",
                            "crawler",
                            "é",
                            "TV",
                            "wv)",
                            "9999999999999999",
                            "spider-",
                            ""};
    for (int round = 0; round < 20000; ++round) {
        std::string header;
        for (unsigned n = random() % 30; n > 0; --n) {
            if (random() % 8 == 0) header += static_cast<char>(random());
            header += pieces[random() % std::size(pieces)];
        }
        const auto agent = parse_user_agent(header);
        for (const std::string_view text : {std::string_view(agent.name), std::string_view(agent.version),
                                            std::string_view(agent.os_version)}) {
            BOOST_REQUIRE(reference::is_valid_utf8(text));
            BOOST_REQUIRE(!reference::has_controls(text));
            BOOST_REQUIRE(text.size() <= 60);
        }
        BOOST_REQUIRE(agent.version.find_first_not_of("0123456789") == std::string::npos);
        BOOST_REQUIRE((agent.kind == "bot") == (agent.device_class == "bot"));
    }
    BOOST_TEST(parse_user_agent(std::string(100000, 'b') + "bot").kind.empty());
}
