// SPDX-License-Identifier: PostgreSQL
#include "text/email.hpp"

#include "support.hpp"

using namespace support;
using cdp::text::clean_email;

BOOST_AUTO_TEST_CASE(email_cases) {
    check_cases(
        clean_email,
        {
            {"ana@example.com", Status::kOk, "ana@example.com"},
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
}
