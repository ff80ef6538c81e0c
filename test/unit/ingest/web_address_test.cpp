// SPDX-License-Identifier: PostgreSQL
// Campaign parameters, click ids, channels (the rules of the default channel grouping of Google Analytics 4),
// and promises for any bytes.
#include "ingest/web_address.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "reference/text_checks.hpp"

using cdp::ingest::decode_component;
using cdp::ingest::parse_campaign;

namespace {
struct Channel {
    const char* url;
    const char* referrer;
    const char* source;
    const char* medium;
    const char* channel;
};
const Channel kChannels[] = {
    {"https://s.example/", "", "(direct)", "(none)", "Direct"},
    {"https://s.example/", "https://www.s.example/cart", "(direct)", "(none)", "Direct"},
    {"https://s.example/", "https://www.google.com/", "google.com", "organic", "Organic Search"},
    {"https://s.example/", "https://www.google.co.uk/search?q=x", "google.co.uk", "organic",
     "Organic Search"},
    {"https://s.example/", "https://duckduckgo.com", "duckduckgo.com", "organic", "Organic Search"},
    {"https://s.example/", "https://l.facebook.com/l.php?u=x", "l.facebook.com", "social", "Organic Social"},
    {"https://s.example/", "https://t.co/abc", "t.co", "social", "Organic Social"},
    {"https://s.example/", "https://www.youtube.com/watch?v=1", "youtube.com", "referral", "Organic Video"},
    {"https://s.example/", "https://mail.google.com/mail/u/0", "mail.google.com", "email", "Email"},
    {"https://s.example/", "https://blog.example/post", "blog.example", "referral", "Referral"},
    {"https://s.example/?gclid=abc", "", "google", "cpc", "Paid Search"},
    {"https://s.example/?msclkid=abc", "", "bing", "cpc", "Paid Search"},
    {"https://s.example/?fbclid=abc", "", "facebook", "social", "Organic Social"},
    {"https://s.example/?utm_source=google&utm_medium=cpc", "", "google", "cpc", "Paid Search"},
    {"https://s.example/?utm_source=google&utm_medium=cpc&utm_campaign=shopping-sale", "", "google", "cpc",
     "Paid Shopping"},
    {"https://s.example/?utm_source=facebook&utm_medium=paid_social", "", "facebook", "paid_social",
     "Paid Social"},
    {"https://s.example/?utm_source=youtube&utm_medium=cpv", "", "youtube", "cpv", "Paid Video"},
    {"https://s.example/?utm_source=dv360&utm_medium=display", "", "dv360", "display", "Display"},
    {"https://s.example/?utm_source=x&utm_medium=ppc", "", "x", "ppc", "Paid Other"},
    {"https://s.example/?utm_source=partner&utm_medium=affiliate", "", "partner", "affiliate", "Affiliates"},
    {"https://s.example/?utm_source=News&utm_medium=E-Mail", "", "News", "E-Mail", "Email"},
    {"https://s.example/?utm_source=sms&utm_medium=text", "", "sms", "text", "SMS"},
    {"https://s.example/?utm_source=app&utm_medium=push", "", "app", "push", "Mobile Push Notifications"},
    {"https://s.example/?utm_source=x&utm_medium=audio", "", "x", "audio", "Audio"},
    {"https://s.example/?utm_source=x&utm_medium=y&utm_campaign=all-cross-network", "", "x", "y",
     "Cross-network"},
    {"https://s.example/?utm_source=x&utm_medium=y", "", "x", "y", "Unassigned"},
    {"https://s.example/?utm_source=bookshopper&utm_medium=referral", "", "bookshopper", "referral",
     "Referral"},
    {"https://s.example/?utm_campaign=x", "https://www.bing.com/", "bing.com", "organic", "Organic Search"},
    {"https://s.example/?utm_medium=cpc&gclid=1", "", "google", "cpc", "Paid Search"},
};
}  // namespace

BOOST_AUTO_TEST_CASE(channels_of_visits) {
    for (const Channel& c : kChannels) {
        const auto visit = parse_campaign(c.url, c.referrer);
        BOOST_TEST_CONTEXT(c.url << " from " << c.referrer) {
            BOOST_TEST(visit.source == c.source);
            BOOST_TEST(visit.medium == c.medium);
            BOOST_TEST(visit.channel == c.channel);
        }
    }
}

BOOST_AUTO_TEST_CASE(campaign_parameters) {
    const auto visit = parse_campaign(
        "https://s.example/"
        "p?x=1&utm_source=news+letter&UTM_Medium=e%2Dmail&utm_campaign=Rebajas%20de%20a%C3%B1o&utm_id=77&utm_"
        "term=a%26b&"
        "utm_content=%3Cb%3E&utm_source=second&fbclid=F1&gclid=G1#utm_term=late",
        "");
    BOOST_TEST(visit.source == "news letter");
    BOOST_TEST(visit.medium == "e-mail");
    BOOST_TEST(visit.campaign == "Rebajas de a\u00f1o");
    BOOST_TEST(visit.campaign_id == "77");
    BOOST_TEST(visit.term == "a&b");
    BOOST_TEST(visit.content == "<b>");
    BOOST_TEST(visit.click_id_kind == "gclid");
    BOOST_TEST(visit.click_id == "G1");
    BOOST_TEST(visit.channel == "Email");
    BOOST_TEST(parse_campaign("https://s.example/#utm_source=a&utm_medium=email", "").channel == "Email");
    BOOST_TEST(parse_campaign("utm_source", "").source == "(direct)");
    BOOST_TEST(parse_campaign("https://s.example/?utm_source=%zz%4", "").source == "%zz%4");
    BOOST_TEST(parse_campaign("https://s.example/?utm_source=%00%0a%ff%c3", "").source == "(direct)");
}

// Decoding undoes encoding, for any text without control characters or blanks at its ends.
BOOST_AUTO_TEST_CASE(decoding_undoes_encoding) {
    std::mt19937 random(7);
    const char* letters[] = {"a", "Z", "9",      "+",      "&",          "=", "%",
                             "#", "?", "\u00f1", "\u20ac", "\U0001F600", ".", "a b"};
    for (int round = 0; round < 5000; ++round) {
        std::string text = "x";
        for (unsigned n = random() % 20; n > 0; --n) text += letters[random() % std::size(letters)];
        text += "y";
        std::string encoded;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == ' ' && random() % 2 == 0) {
                encoded += '+';
            } else if (byte < 128 && std::isalnum(byte) != 0) {
                encoded += c;
            } else {
                char hex[4];
                std::snprintf(hex, sizeof hex, random() % 2 == 0 ? "%%%02X" : "%%%02x", byte);
                encoded += hex;
            }
        }
        BOOST_REQUIRE_EQUAL(decode_component(encoded), text);
        const auto visit = parse_campaign("https://s.example/?utm_campaign=" + encoded, "");
        BOOST_REQUIRE_EQUAL(visit.campaign, text);
    }
}

BOOST_AUTO_TEST_CASE(addresses_of_any_bytes) {
    std::mt19937 random(11);
    const char* pieces[] = {"https://", "?", "&",        "=",    "utm_source", "utm_medium", "utm_campaign",
                            "gclid",    "%", "%C3",      "%00",  "#",          "@",          ":",
                            "google",   ".", "facebook", "shop", "\xff",       "cp",         "www."};
    for (int round = 0; round < 20000; ++round) {
        std::string url, referrer;
        for (unsigned n = random() % 25; n > 0; --n) url += pieces[random() % std::size(pieces)];
        for (unsigned n = random() % 8; n > 0; --n) referrer += pieces[random() % std::size(pieces)];
        const auto visit = parse_campaign(url, referrer);
        for (const std::string& text :
             {visit.source, visit.medium, visit.campaign, visit.click_id, visit.term, visit.content}) {
            BOOST_REQUIRE(reference::is_valid_utf8(text));
            BOOST_REQUIRE(!reference::has_controls(text));
            BOOST_REQUIRE(text.size() <= 253);
        }
        BOOST_REQUIRE(!visit.channel.empty());
        BOOST_REQUIRE_EQUAL(visit.click_id.empty(), visit.click_id_kind.empty());
    }
}
