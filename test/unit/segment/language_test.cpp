// SPDX-License-Identifier: PostgreSQL
// The language from text to SQL: phrases, errors, and input that is neither.
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "base/error.hpp"
#include "segment/ast.hpp"
#include "segment/render_sql.hpp"

using cdp::Error;
using cdp::ErrorCode;
using namespace cdp::segment;

namespace {

Catalogue catalogue() {
    Catalogue c;
    c.attributes = {{"given_name", Type::kText, false}, {"city", Type::kText, false},
                    {"email", Type::kText, false},      {"birth_date", Type::kDate, false},
                    {"plan", Type::kText, true},        {"points", Type::kNumber, true},
                    {"is_vip", Type::kBoolean, true},   {"joined", Type::kTimestamp, true},
                    {"renewal", Type::kDate, true}};
    c.events = {
        {"purchase", 1, {{"category", Type::kText}, {"covers", Type::kNumber}, {"gift", Type::kBoolean}}},
        {"visit", 2, {}},
        {"Order Completed", 3, {}}};
    c.segments = {{"vip", 7}};
    c.purposes = {"marketing", "research"};
    return c;
}

std::string sql(const std::string& definition, bool waterfall = false) {
    RenderOptions options;
    options.as_of = "2026-11-24 12:00:00+00";
    options.time_zone = "America/Santiago";
    options.waterfall = waterfall;
    return render_sql(definition, *parse(definition), catalogue(), options);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void renders(const std::string& definition, const std::string& part) {
    BOOST_TEST_CONTEXT(definition) {
        std::string result;
        BOOST_REQUIRE_NO_THROW(result = sql(definition));
        BOOST_TEST(has(result, part), result << "\nlacks: " << part);
    }
}

void fails(const std::string& definition, ErrorCode code, const std::string& message, size_t caret,
           const std::string& hint = "") {
    BOOST_TEST_CONTEXT(definition) {
        try {
            sql(definition);
            BOOST_ERROR("no error");
        } catch (const Error& e) {
            BOOST_TEST(static_cast<int>(e.code()) == static_cast<int>(code));
            BOOST_TEST(has(e.message(), message), e.message());
            const std::string lines = e.detail();
            const size_t at = lines.rfind('\n');
            BOOST_REQUIRE(at != std::string::npos);
            BOOST_TEST(lines.size() - at - 2 - std::string("line 1: ").size() == caret, lines);
            BOOST_TEST(has(e.hint(), hint), e.hint());
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(attributes) {
    renders("city = 'Ñuñoa'", "cdp.fold(p.\"city\") = cdp.fold('Ñuñoa')");
    renders("city is exactly 'Lima'", "(p.\"city\" = 'Lima')");
    renders("city != 'Lima'", "cdp.fold(p.\"city\") <> cdp.fold('Lima')");
    renders("city in ('Lima', 'Quito')", "cdp.fold(p.\"city\") IN (cdp.fold('Lima'), cdp.fold('Quito'))");
    renders("city not in ('Lima')", "cdp.fold(p.\"city\") NOT IN (cdp.fold('Lima'))");
    renders("email like '%@acme.com'", "cdp.fold(p.\"email\") LIKE cdp.fold('%@acme.com')");
    renders("email not ends with '@acme.com'", "(NOT (pg_catalog.right(cdp.fold(p.\"email\")");
    renders("city starts with 'san'", "pg_catalog.starts_with(cdp.fold(p.\"city\"), cdp.fold('san'))");
    renders("city contains 'an'", "pg_catalog.strpos(cdp.fold(p.\"city\"), cdp.fold('an')) > 0");
    renders("email is known", "(p.\"email\" IS NOT NULL)");
    renders("email is not known", "(p.\"email\" IS NULL)");
    renders("email is unknown", "(p.\"email\" IS NULL)");
    renders("points between 10 and 20", ", 4) END >= 10");
    renders("points * 2 + 1 > 7 - 3", "* 2::numeric)::numeric + 1::numeric)");
    renders("points / 0 > 1", "nullif(0::numeric, 0)");
    renders("(points + 1) > 3", "+ 1::numeric)");
    renders("is_vip is true", "= 'boolean'");
    renders("is_vip is false", "(NOT CASE");
    renders("age >= 40", "pg_catalog.age(");
    renders("bucket between 0 and 999", "hashint8extended");
    renders("CITY = 'x' AND Email IS KNOWN", "p.\"email\" IS NOT NULL");
    renders("person.city = 'x'", "p.\"city\"");
}

BOOST_AUTO_TEST_CASE(dates) {
    renders("birth_date before '1990-01-31'", "timestamp '1990-01-31'");
    renders("birth_date = '1990-01-31'", "(p.\"birth_date\" = date '1990-01-31')");
    renders("joined in last 90 days", "interval '90 days'");
    renders("joined more than 6 months ago", "interval '6 months'");
    renders("joined between 30 and 90 days ago", "interval '90 days'");
    renders("joined between '2026-01-01' and '2026-02-01'", "interval '1 days'");
    renders("joined in last 2 hours", "(timestamptz '2026-11-24 12:00:00+00' - interval '2 hours')");
    renders("joined this quarter", "date_trunc('quarter'");
    renders("joined in last 2 quarters", "interval '6 months'");
    renders("renewal in next 30 days", "+ interval '30 days'");
    renders("joined = '2026-01-31'", " >= ((timestamp '2026-01-31')");
    renders("anniversary of birth_date in next 7 days", "'0229'");
}

BOOST_AUTO_TEST_CASE(events) {
    renders("did purchase", "coalesce(c1.n, 0) >= 1");
    renders("did not purchase in last 30 days",
            "(NOT CASE WHEN coalesce(c1.n, 0) >= 1 THEN true WHEN (SELECT pg_catalog.min(v.loaded_from)");
    renders("did purchase at least 3 times in last 2 weeks", "coalesce(c1.n, 0) >= 3");
    renders("did purchase in last 2 weeks at most 3 times", "coalesce(c1.n, 0) > 3 THEN false");
    renders("did purchase exactly 2 times", "coalesce(c1.n, 0) > 2 THEN false");
    renders("did purchase between 2 and 4 times", "coalesce(c1.n, 0) > 4 THEN false");
    renders("did purchase between 30 and 90 days ago", "interval '90 days'");
    renders("did purchase between '2026-01-01' and '2026-01-31'", "timestamp '2026-01-31'");
    renders("did \"Order Completed\"", "e.kind_id = 3");
    renders("did purchase where (category = 'wine' and amount >= 10)", "(e.properties ->> 'category')");
    renders("did purchase where (weekday = Thursday)", "'isodow'");
    renders("did purchase where (weekday = Thursday)", "= 4)");
    renders("did purchase where (time between 19:00 and 01:00)", ">= 1140 OR");
    renders("did purchase where (person.city = 'Lima')", "JOIN cdp_data.profile AS p ON");
    renders("did purchase where (gift is true and covers = 2)",
            "jsonb_typeof(e.properties -> 'covers') = 'number'");
    renders("did purchase in at least 6 of the last 8 weeks",
            "pg_catalog.count(DISTINCT pg_catalog.date_trunc('week'");
    renders("sum(amount) of purchase in last 6 months > 500", "pg_catalog.sum(e.amount)");
    renders(
        "sum(amount) of purchase in last 3 months < 0.5 * sum(amount) of purchase between 3 and 6 months ago",
        "c2.v");
    renders("avg(covers) of purchase between 2 and 4", "pg_catalog.avg(");
    renders("median(amount) of purchase > 10", "array_agg(e.amount ORDER BY e.amount)");
    renders("count of visit in last 7 days > 3", "(pg_catalog.count(*))::numeric");
    renders("count(distinct category) of purchase >= 2", "count(DISTINCT cdp.fold(");
    renders("days since last purchase > 60", "pg_catalog.max(e.occurred_at)");
    renders("in segment 'vip'", "m.segment_id = 7");
    renders("not in segment 'vip'", "c1.profile_id IS NULL");
    renders("may be contacted by email", "a.purpose = 'marketing'");
    renders("may not be contacted by sms for 'research'", "c1.profile_id IS NULL");
    renders("reachable by phone", "a.channel = 'phone'");
    BOOST_TEST(has(sql("city = 'x' and did purchase", true), "AS c2_is"));
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_place) {
    fails("emial is known", ErrorCode::kUndefinedName, "unknown attribute \"emial\"", 0,
          "Did you mean \"email\"?");
    fails("did purchse", ErrorCode::kUndefinedName, "unknown event \"purchse\"", 4,
          "Did you mean \"purchase\"?");
    fails("did purchase where (categry = 'x')", ErrorCode::kUndefinedName, "unknown property", 20,
          "Did you mean \"category\"?");
    fails("did purchase where (city = 'x')", ErrorCode::kUndefinedName, "is an attribute of the person", 20,
          "person.city");
    fails("in segment 'vop'", ErrorCode::kUndefinedName, "unknown segment", 11, "Did you mean \"vip\"?");
    fails("may be contacted by email for 'marketng'", ErrorCode::kUndefinedName, "unknown purpose", 30,
          "marketing");
    fails("may be contacted by pigeon", ErrorCode::kSyntax, "unknown channel", 20,
          "email, sms, phone and post");
    fails("city = 'a' and email is known or age > 3", ErrorCode::kSyntax, "mixed without brackets", 30,
          "(city = 'a' and email is known) or age > 3");
    fails("did not purchase at least 2 times", ErrorCode::kSyntax, "two ways", 8, "not (did purchase");
    fails("city = 40", ErrorCode::kWrongType, "text is compared with a number", 7);
    fails("age = '40'", ErrorCode::kWrongType, "a number is compared with text", 6, "without quotes");
    fails("birth_date > '1990-02-30'", ErrorCode::kWrongType, "no date", 13, "2026-01-31");
    fails("age contains 'x'", ErrorCode::kWrongType, "looks into text", 0);
    fails("city", ErrorCode::kSyntax, "expected a comparison", 4);
    fails("", ErrorCode::kSyntax, "empty", 0);
    fails("city = 'x", ErrorCode::kSyntax, "not closed", 7);
    fails("(city = 'x'", ErrorCode::kSyntax, "expected \")\"", 11);
    fails("city = 'x')", ErrorCode::kSyntax, "but found", 10, "one closing bracket");
    fails("did purchase in last 0 days", ErrorCode::kSyntax, "how many", 21);
    fails("did purchase in last 99999999999999999999 days", ErrorCode::kSyntax, "how many", 21);
    fails("did purchase where (did visit)", ErrorCode::kSyntax, "cannot stand inside", 20);
    fails("sum(category) of purchase > 1", ErrorCode::kWrongType, "needs a number", 4,
          "count(distinct category)");
    fails("city = 'x'; drop table t", ErrorCode::kSyntax, "has no meaning", 10);
}

BOOST_AUTO_TEST_CASE(bounds) {
    BOOST_CHECK_EXCEPTION(parse(std::string(200, '(') + "age > 1" + std::string(200, ')')), Error,
                          [](const Error& e) { return e.code() == ErrorCode::kLimitExceeded; });
    std::string nots, minuses, sum = "age > 1";
    for (int i = 0; i < 5000; ++i) {
        nots += "not ";
        minuses += "-";
        sum += " + 1";
    }
    for (const std::string& bomb : {nots + "age > 1", "age > " + minuses + "1", sum}) {
        BOOST_CHECK_THROW(parse(bomb), Error);
    }
    std::string mixed = "1";
    for (int i = 0; i < 90; ++i) {
        mixed = "(" + mixed;
        for (int k = 0; k < 5; ++k) mixed += " + 1";
        mixed += ")";
    }
    BOOST_CHECK_THROW(parse("age > " + mixed), Error);
    BOOST_CHECK_THROW(parse("joined in last 100000 years"), Error);
    BOOST_CHECK_NO_THROW(parse("joined in last 1000 years"));
    BOOST_CHECK_THROW(parse(std::string(70000, ' ')), Error);
    std::string list = "points in (0";
    for (int i = 1; i < 9000; ++i) list += ",1";
    BOOST_CHECK_NO_THROW(sql(list + ")"));
    std::string events = "did visit";
    for (int i = 1; i < 200; ++i) events += " or did visit";
    BOOST_CHECK_NO_THROW(sql(events));
    BOOST_CHECK_EXCEPTION(sql(events + " or did visit"), Error,
                          [](const Error& e) { return e.code() == ErrorCode::kLimitExceeded; });
    std::string many = "age > 1";
    for (int i = 0; i < 3000; ++i) many += " and age > 1";
    BOOST_CHECK_NO_THROW(sql(many));
}

BOOST_AUTO_TEST_CASE(random_input_parses_or_is_refused) {
    static const char* kWords[] = {
        "did",     "not",      "purchase", "where",        "(",     ")",     "and",     "or",
        "city",    "=",        "'x'",      "in",           "last",  "30",    "days",    "at",
        "least",   "times",    "sum",      "amount",       "of",    ">",     "is",      "known",
        "between", "ago",      "since",    "'2026-01-01'", ",",     "+",     "-",       "age",
        "segment", "may",      "be",       "contacted",    "by",    "email", "person",  ".",
        "weekday", "thursday", "count",    "distinct",     "time",  "19:00", "exactly", "like",
        "\"a b\"", "today",    "this",     "month",        "first", "the",   "weeks"};
    std::mt19937 random(5);
    int parsed = 0;
    for (int round = 0; round < 100000; ++round) {
        std::string definition;
        const size_t length = 1 + random() % 12;
        for (size_t i = 0; i < length; ++i) {
            definition += kWords[random() % std::size(kWords)];
            definition += ' ';
        }
        try {
            sql(definition);
            ++parsed;
        } catch (const Error& e) {
            BOOST_REQUIRE(e.code() != ErrorCode::kInternal);
        }
    }
    BOOST_TEST(parsed > 0);
    for (int round = 0; round < 50000; ++round) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        try {
            parse(bytes);
        } catch (const Error& e) {
            BOOST_REQUIRE(e.code() != ErrorCode::kInternal);
        }
    }
}

// What is written in a text must stay inside it: the SQL, read as PostgreSQL reads it, keeps its structure.
BOOST_AUTO_TEST_CASE(no_text_leaves_its_quotes) {
    const auto structure = [](const std::string& text) {
        std::string out;
        for (size_t i = 0; i < text.size();) {
            if (text[i] == '-' && i + 1 < text.size() && text[i + 1] == '-') {
                while (i < text.size() && text[i] != '\n') ++i;
            } else if (text[i] == '\'' || text[i] == '"') {
                const char quote = text[i];
                const bool escapes = quote == '\'' && i > 0 && text[i - 1] == 'E';
                if (escapes) out.pop_back();
                for (++i; i < text.size(); ++i) {
                    // Without E a backslash means itself or an escape, as the setting goes: it must not be
                    // there.
                    if (quote == '\'' && text[i] == '\\') {
                        BOOST_REQUIRE(escapes);
                        ++i;
                    } else if (text[i] == quote) {
                        if (i + 1 >= text.size() || text[i + 1] != quote) break;
                        ++i;
                    }
                }
                BOOST_REQUIRE(i < text.size());
                ++i;
                out += quote == '"' ? "N" : "T";
            } else {
                out.push_back(text[i++]);
            }
        }
        return out;
    };
    std::mt19937 random(9);
    const std::string expected = structure(sql("city = 'x' and did purchase where (category like 'x')"));
    for (int round = 0; round < 20000; ++round) {
        std::string nasty;
        const size_t length = random() % 12;
        for (size_t i = 0; i < length; ++i) nasty += "'\\\"-;$E\n)(%é"[random() % 12];
        std::string quoted;
        for (const char c : nasty) quoted += c == '\'' ? "''" : std::string(1, c);
        const std::string definition =
            "city = '" + quoted + "' and did purchase where (category like '" + quoted + "')";
        BOOST_REQUIRE_EQUAL(structure(sql(definition)), expected);
    }
}
