// SPDX-License-Identifier: PostgreSQL
#include "text/email.hpp"

#include <fstream>
#include <set>

#include "support.hpp"
#include "text/email_domains.hpp"

using namespace support;
using cdp::text::clean_email;

BOOST_AUTO_TEST_CASE(email_cases) {
    check_cases(
        clean_email,
        {
            {"ana@example.com", Status::kOk, "ana@example.com"},
            {"nn@nn.cl", Status::kMissing, "", "placeholder address"},
            {"no@tiene.cl", Status::kMissing, "", "placeholder address"},
            {"no@no-reply.cl", Status::kOk, "no@no-reply.cl"},
            {"josé@gmail.com", Status::kSuspicious, "josé@gmail.com",
             "letter that the provider does not allow", "jose@gmail.com"},
            {" Ana.Diaz+x@EXAMPLE.com ", Status::kOk, "ana.diaz+x@example.com"},
            {"o'brien@example.co.uk", Status::kOk, "o'brien@example.co.uk"},
            {"a_b-c!#$%&*/=?^`{|}~@example.com", Status::kOk, "a_b-c!#$%&*/=?^`{|}~@example.com"},
            {"mailto:ana@example.com", Status::kCorrected, "ana@example.com"},
            {"Ana Díaz <ANA@example.com>", Status::kCorrected, "ana@example.com"},
            {"<ana@example.com>", Status::kCorrected, "ana@example.com"},
            {"ana@example.com.", Status::kCorrected, "ana@example.com", "stray punctuation"},
            {"ana@example.com,", Status::kCorrected, "ana@example.com", "stray punctuation"},
            {"'ana@example.com", Status::kCorrected, "ana@example.com", "quotes"},
            {"ana @example.com", Status::kCorrected, "ana@example.com", "space removed"},
            {"ana@müller.de", Status::kOk, "ana@xn--mller-kva.de"},
            {"ana@xn--mller-kva.de", Status::kOk, "ana@xn--mller-kva.de"},
            {"ana@faß.de", Status::kOk, "ana@xn--fa-hia.de"},  // UTS #46 without transition
            {"JÖSÉ@example.com", Status::kOk, "jösé@example.com"},
            {"用户@例子.公司", Status::kOk, "用户@xn--fsqu00a.xn--55qx5d"},
            {"ana@example", Status::kInvalid, "", "domain without a dot"},
            {"ana.example.com", Status::kInvalid, "", "no @"},
            {"@example.com", Status::kInvalid, "", "nothing before the @"},
            {"ana@", Status::kInvalid, "", "no valid domain"},
            {"a@b@example.com", Status::kInvalid, "", "more than one @"},
            {"a@b.com; c@d.com", Status::kInvalid, "", "more than one address"},
            {"ana diaz@example.com", Status::kInvalid, "", "space inside"},
            {".ana@example.com", Status::kInvalid, "", "misplaced dot"},
            {"ana.@example.com", Status::kInvalid, "", "misplaced dot"},
            {"a..b@example.com", Status::kInvalid, "", "misplaced dot"},
            {"ana@example..com", Status::kInvalid, "", "misplaced dot"},
            {"ana@-example.com", Status::kInvalid, "", "no valid domain"},
            {"ana@exa_mple.com", Status::kInvalid, "", "no valid domain"},
            {"ana@example.c", Status::kInvalid, "", "no valid domain"},
            {"ana@127.0.0.1", Status::kInvalid, "", "no valid domain"},
            {"ana@xn--.com", Status::kInvalid, "", "no valid domain"},
            {"a(b)@example.com", Status::kInvalid, "", "character not allowed"},
            {"ana@gmail,com", Status::kInvalid, "", "domain without a dot", "ana@gmail.com"},
            {"x@gmial.com", Status::kSuspicious, "x@gmial.com", "domain looks misspelt", "x@gmail.com"},
            {"x@hotmial.com", Status::kSuspicious, "x@hotmial.com", "", "x@hotmail.com"},
            {"x@gamil.com", Status::kSuspicious, "x@gamil.com", "", "x@gmail.com"},
            {"x@yaho.com", Status::kSuspicious, "x@yaho.com", "", "x@yahoo.com"},
            {"x@yaho.com.mx", Status::kSuspicious, "x@yaho.com.mx", "", "x@yahoo.com.mx"},
            {"x@gmail.con", Status::kSuspicious, "x@gmail.con", "", "x@gmail.com"},
            {"x@shop.con", Status::kSuspicious, "x@shop.con", "", "x@shop.com"},
            {"x@gmail.co", Status::kSuspicious, "x@gmail.co", "", "x@gmail.com"},
            {"x@shop.co", Status::kOk, "x@shop.co"},
            {"x@yahoo.co.uk", Status::kOk, "x@yahoo.co.uk"},
            {"x@mail.com", Status::kOk, "x@mail.com"},
            {"info@shop.com", Status::kSuspicious, "info@shop.com", "role address"},
            {"NoReply@shop.com", Status::kSuspicious, "noreply@shop.com", "role address"},
            {"test@gmail.com", Status::kSuspicious, "test@gmail.com", "looks like a test address"},
            {"test@test.com", Status::kMissing, "", "placeholder address"},
            {"asdf@asdf.com", Status::kMissing, "", "placeholder address"},
            {"noemail@shop.com", Status::kMissing, "", "placeholder address"},
            {"a@example.com", Status::kOk, "a@example.com"},
            // Quoted parts.
            {"\"ana.diaz\"@example.com", Status::kCorrected, "ana.diaz@example.com", "quotes"},
            {"\"ana@example.com\"", Status::kCorrected, "ana@example.com", "quotes"},
            {"\"ana diaz\"@example.com", Status::kInvalid, "", "quoted part before the @"},
            {"\"ana@home\"@example.com", Status::kInvalid, "", "quoted part before the @"},
            {"\"\"@example.com", Status::kInvalid, "", "quoted part before the @"},
            {"\"a..b\"@example.com", Status::kInvalid, "", "quoted part before the @"},
            // Throw-away addresses.
            {"x@mailinator.com", Status::kSuspicious, "x@mailinator.com", "disposable address"},
            {"x@YOPmail.com", Status::kSuspicious, "x@yopmail.com", "disposable address"},
            {"x@a.b.mailinator.com", Status::kSuspicious, "x@a.b.mailinator.com", "disposable address"},
            {"x@mailinatorx.com", Status::kOk, "x@mailinatorx.com"},
            // Slips of the finger, and what only looks like one.
            {"x@gmail.es", Status::kSuspicious, "x@gmail.es", "domain looks misspelt", "x@gmail.com"},
            {"x@gmail.com.mx", Status::kSuspicious, "x@gmail.com.mx", "", "x@gmail.com"},
            {"x@gmail.coom", Status::kSuspicious, "x@gmail.coom", "", "x@gmail.com"},
            {"x@shop.comm", Status::kSuspicious, "x@shop.comm", "", "x@shop.com"},
            {"x@hotmail.com.com", Status::kSuspicious, "x@hotmail.com.com", "", "x@hotmail.com"},
            {"x@gnail.com", Status::kSuspicious, "x@gnail.com", "", "x@gmail.com"},
            {"x@hotmaill.es", Status::kSuspicious, "x@hotmaill.es", "", "x@hotmail.es"},
            {"x@outlok.com.ar", Status::kSuspicious, "x@outlok.com.ar", "", "x@outlook.com.ar"},
            {"x@comcat.net", Status::kSuspicious, "x@comcat.net", "", "x@comcast.net"},
            {"x@gmail", Status::kInvalid, "", "domain without a dot", "x@gmail.com"},
            {"x@hotmailcom", Status::kInvalid, "", "domain without a dot", "x@hotmail.com"},
            {"x@ymail.com", Status::kOk, "x@ymail.com"},
            {"x@email.com", Status::kOk, "x@email.com"},
            {"x@gmx.net", Status::kOk, "x@gmx.net"},
            {"x@cloud.com", Status::kOk, "x@cloud.com"},
            {"x@outdoor.com", Status::kOk, "x@outdoor.com"},
            {"x@hostmail.com", Status::kOk, "x@hostmail.com"},
            {"x@live.com.mx", Status::kOk, "x@live.com.mx"},
            {"x@life.com", Status::kOk, "x@life.com"},
            {"x@terra.cl", Status::kOk, "x@terra.cl"},
            // Teams.
            {"ventas@tienda.cl", Status::kSuspicious, "ventas@tienda.cl", "role address"},
            {"vendas+x@loja.com.br", Status::kSuspicious, "vendas+x@loja.com.br", "role address"},
            {"kontakt@firma.de", Status::kSuspicious, "kontakt@firma.de", "role address"},
            {"informatica@shop.com", Status::kOk, "informatica@shop.com"},
            {"sin.correo@shop.com", Status::kMissing, "", "placeholder address"},
            {"usuario@ejemplo.com", Status::kMissing, "", "placeholder address"},
            // Damaged by other programs.
            {"a&amp;b@example.com", Status::kCorrected, "a&b@example.com", "HTML"},
            {"<a href=\"mailto:x@y.com\">x@y.com</a>", Status::kCorrected, "x@y.com", "HTML"},
            {"n/a", Status::kMissing, "", "placeholder word"},
            {"", Status::kMissing, "", "blank"},
        });
    BOOST_TEST(clean_email(std::string(64, 'a') + "@example.com").has_value());
    BOOST_TEST(!clean_email(std::string(65, 'a') + "@example.com").has_value());
    BOOST_TEST(!clean_email("a@" + std::string(64, 'a') + ".com").has_value());
    std::string deep = "a@";
    while (deep.size() < 260) deep += "abc.";
    BOOST_TEST(!clean_email(deep + "com").has_value());
}

BOOST_AUTO_TEST_CASE(email_promises) {
    check_random(clean_email,
                 {"ana", "@",       "@",  ".",      "com",    "example", "gmail.com", "+", "<", ">",
                  " ",   "mailto:", "ñ",  "ß",      "ü",      "İ",       "xn--",      "-", "'", "\"",
                  ",",   ";",       "漢", "\u200D", "\u0301", "test",    "K",         "."},
                 30000, 5);
}

BOOST_AUTO_TEST_CASE(email_keys) {
    using cdp::text::email_key;
    BOOST_TEST(email_key("Ana.Diaz+shop@Example.com") == "ana.diaz@example.com");
    BOOST_TEST(email_key("A.N.A+x@googlemail.com") == "ana@gmail.com");
    BOOST_TEST(email_key("ana@gmail.com") == "ana@gmail.com");
    BOOST_TEST(email_key("+x@example.com") == "+x@example.com");
    BOOST_TEST(email_key("info@shop.com") == "info@shop.com");
    BOOST_TEST(email_key("test@test.com") == "");
    BOOST_TEST(email_key("nobody") == "");
    BOOST_TEST(email_key("ana-shop@yahoo.com.mx") == "ana@yahoo.com.mx");
    BOOST_TEST(email_key("ana-shop@ymail.com") == "ana@ymail.com");
    BOOST_TEST(email_key("ana-maria@outlook.com") == "ana-maria@outlook.com");
    BOOST_TEST(email_key("ana+x@hotmail.com") == "ana@hotmail.com");
    BOOST_TEST(email_key("ana@me.com") == "ana@icloud.com");
    BOOST_TEST(email_key("ana@pm.me") == email_key("ana+a@protonmail.com"));
    BOOST_TEST(email_key("shop@ana.fastmail.com") == "ana@fastmail.com");
    BOOST_TEST(email_key("ana.diaz@ya.ru") == email_key("ana-diaz@yandex.com"));
    BOOST_TEST(email_key("-x@yahoo.com") == "-x@yahoo.com");
    // A key is its own key.
    std::mt19937 random(31);
    for (int round = 0; round < 20000; ++round) {
        const std::string key =
            email_key(random_input(random, {"ana", ".", "+", "-", "@", "yahoo.com", "gmail.com", "pm.me",
                                            "fastmail.com", "ya.ru", "x"}));
        // "a.+x" is an address, "a." is none.
        if (clean_email(key).has_value()) BOOST_REQUIRE_EQUAL(email_key(key), key);
    }
}

// The table against the list it was made of.
BOOST_AUTO_TEST_CASE(disposable_domains_equal_the_list) {
    using cdp::text::is_disposable_domain;
    std::ifstream lines(std::string(CDP_TEST_DATA) + "/../../data/disposable_email_domains.txt");
    std::set<std::string> listed;
    for (std::string line; std::getline(lines, line);) listed.insert(line);
    BOOST_REQUIRE_GT(listed.size(), 8000u);
    const auto by_set = [&](std::string domain) {
        for (size_t dot; (dot = domain.find('.')) != std::string::npos; domain.erase(0, dot + 1)) {
            if (listed.contains(domain)) return true;
        }
        return false;
    };
    for (const std::string& domain : listed) {
        BOOST_REQUIRE_MESSAGE(is_disposable_domain(domain), domain);
        BOOST_REQUIRE_MESSAGE(is_disposable_domain("a." + domain), domain);
        BOOST_TEST(!cdp::text::is_free_domain(domain), domain);
        for (const std::string& other :
             {"a" + domain, domain.substr(1), domain + "x", domain.substr(0, domain.size() - 1)}) {
            BOOST_REQUIRE_EQUAL(is_disposable_domain(other), by_set(other));
        }
    }
    BOOST_TEST(!is_disposable_domain(""));
    BOOST_TEST(!is_disposable_domain("com"));
    BOOST_TEST(!is_disposable_domain("."));
}

BOOST_AUTO_TEST_CASE(domain_kinds) {
    using cdp::text::DomainKind;
    using cdp::text::email_domain_kind;
    for (const char* value :
         {"ana@gmail.com", "GMAIL.COM", "yahoo.com.mx", "ana@hotmail.es", "gmx.de", "uol.com.br"}) {
        BOOST_TEST((email_domain_kind(value) == DomainKind::kFree), value);
    }
    for (const char* value : {"x@mailinator.com", "a.mailinator.com"}) {
        BOOST_TEST((email_domain_kind(value) == DomainKind::kDisposable), value);
    }
    for (const char* value : {"ana@example.com", "müller.de", "gmaul.com", "yahoo.cm"}) {
        BOOST_TEST((email_domain_kind(value) == DomainKind::kOther), value);
    }
    for (const char* value : {"", "ana", "n/a", "@", "ana@", "a b.com"}) {
        BOOST_TEST((email_domain_kind(value) == DomainKind::kNone), value);
    }
}

// No provider is a slip of another one, and a suggestion needs none itself.
BOOST_AUTO_TEST_CASE(suggestions_end) {
    using cdp::text::suggest_domain;
    std::mt19937 random(41);
    for (int round = 0; round < 30000; ++round) {
        std::string domain =
            random_input(random, {"gmail", "hotmail", "yahoo", "com", ".", ".", "con", "co", "es", "mx"});
        std::erase_if(domain, [](char c) { return (c < 'a' || c > 'z') && c != '.'; });
        if (cdp::text::is_free_domain(domain)) BOOST_REQUIRE_EQUAL(suggest_domain(domain), "");
        const std::string fixed = suggest_domain(domain);
        if (!fixed.empty()) BOOST_REQUIRE_EQUAL(suggest_domain(fixed), "");
    }
}
