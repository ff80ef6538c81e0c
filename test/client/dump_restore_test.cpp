// SPDX-License-Identifier: PostgreSQL
// The data outlives the extension: dump and restore, DROP EXTENSION.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "support.hpp"

using client::Database;
using client::Session;

namespace {

// The main job on a few rows.
void make_store(Session& session) {
    session.run("CREATE EXTENSION cdp");
    session.run("SELECT cdp.install()");
    session.run(
        "CREATE TABLE crm (id int PRIMARY KEY, first_name text, last_name text, email text, newsletter text);"
        "INSERT INTO crm SELECT i, 'Ana' || i, 'Soto', 'ana' || i || '@example.com', CASE i % 2 WHEN 0 THEN "
        "'yes' ELSE "
        "'no' END FROM generate_series(1, 50) i;"
        "INSERT INTO crm VALUES (51, 'Ana1', 'Soto', 'ana1@example.com', 'no'), (52, 'Bad', 'Mail', "
        "'no@@example', 'x');"
        "CREATE TABLE sale (id int PRIMARY KEY, customer int, at timestamptz, total numeric);"
        "INSERT INTO sale SELECT i, i, '2026-01-01 12:00+00', i FROM generate_series(1, 50) i");
    session.run("SELECT * FROM cdp.add_source('crm', 'crm')");
    session.run(
        "SELECT * FROM cdp.add_source('sale', 'sale', kind => 'events', person_source => 'crm', event_kind "
        "=> "
        "'purchase', mapping => '{\"customer\": \"person_key\", \"at\": \"occurred_at\", \"total\": "
        "\"amount\"}')");
    session.run("SELECT * FROM cdp.ingest('crm')");
    session.run("SELECT * FROM cdp.ingest('sale')");
    session.run("CALL cdp.resolve()");
    session.run("SELECT cdp.define_segment('buyers', 'did purchase and may be contacted by email')");
    session.run("SELECT * FROM cdp.refresh_segments()");
    // What a site adds to the store.
    session.run("CREATE INDEX own_index ON cdp_data.profile (family_name)");
    session.run("CREATE VIEW public.own_view AS SELECT profile_id, city FROM cdp_data.profile");
    session.run("ALTER TABLE cdp_data.record ENABLE ROW LEVEL SECURITY");
    session.run("CREATE POLICY own_policy ON cdp_data.record USING (source_id > 0)");
}

// Every table of the store with the number and the hash of its rows. Without the extension changes go by
// unseen, so that it is left to a model's is_indexed to be false after it was dropped.
std::string fingerprint(Session& session) {
    std::string result;
    const pqxx::result tables = session.run(
        "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relnamespace = "
        "'cdp_data'::regnamespace AND "
        "c.relkind = 'r' ORDER BY 1");
    BOOST_TEST(tables.size() > 20);
    for (const auto& row : tables) {
        const std::string name = row[0].c_str();
        result += name + ": " +
                  session.value(
                      "SELECT count(*) || ' ' || coalesce(md5(string_agg(j::text, '|' ORDER BY j::text)), "
                      "'') FROM (SELECT to_jsonb(t) - 'is_indexed' FROM " +
                      name + " t) AS x(j)") +
                  "\n";
    }
    return result;
}

// A condition that is read back may have more parentheses.
std::string objects(Session& session) {
    return session.value(
        "SELECT string_agg(o, E'\\n' ORDER BY o COLLATE \"C\") FROM ("
        "SELECT 'index ' || indexdef AS o FROM pg_indexes WHERE schemaname = 'cdp_data' UNION ALL "
        "SELECT 'policy ' || policyname || qual FROM pg_policies UNION ALL "
        "SELECT 'trigger ' || translate(pg_get_triggerdef(oid), '()', '') FROM pg_trigger WHERE NOT "
        "tgisinternal UNION ALL "
        "SELECT 'view ' || schemaname || '.' || viewname FROM pg_views WHERE schemaname IN ('cdp_data', "
        "'cdp_bi', "
        "'public') UNION ALL "
        "SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace "
        "= "
        "'cdp_data'::regnamespace UNION ALL "
        "SELECT 'sequence ' || sequencename || ' ' || last_value FROM pg_sequences WHERE schemaname = "
        "'cdp_data' AND "
        "last_value IS NOT NULL UNION ALL "
        "SELECT 'comment ' || coalesce(obj_description(oid), '') FROM pg_class WHERE relnamespace = "
        "'cdp_data'::regnamespace AND relkind IN ('r', 'v')) x");
}

void works(Session& session) {
    BOOST_TEST(session.value("SELECT count(*) FROM cdp.health() WHERE status = 'error'") == "0");
    BOOST_TEST(session.value("SELECT count(*) FROM cdp.audience('buyers', channel => 'email')") == "25");
    session.run("UPDATE crm SET email = 'new@example.com' WHERE id = 3");
    session.run("SELECT * FROM cdp.ingest('crm')");
    session.run("CALL cdp.resolve()");
    BOOST_TEST(
        session.value("SELECT email FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', '3')") ==
        "new@example.com");
    BOOST_TEST(session.value("SELECT members FROM cdp.refresh_segments()") == "25");
    session.expect_error("INSERT INTO cdp_data.segment (name, definition) VALUES ('bad', 'emial is known')",
                         "42703");
}

}  // namespace

BOOST_AUTO_TEST_CASE(dump_and_restore_keep_every_row_index_and_policy) {
    Database original;
    Session before(original);
    make_store(before);
    const std::string rows = fingerprint(before);
    const std::string made = objects(before);

    for (const std::string format : {"plain", "custom"}) {
        Database copy;
        const std::string file = "/tmp/cdp_dump_" + std::to_string(before.backend()) + "_" + format;
        const std::string dump = "pg_dump -F " + format + " -f " + file + " " + original.name();
        const std::string restore = format == "plain" ? "psql -X -q -v ON_ERROR_STOP=1 -f " + file + " " +
                                                            copy.name() + " > /dev/null"
                                                      : "pg_restore -e -d " + copy.name() + " " + file;
        BOOST_TEST(std::system(dump.c_str()) == 0);
        BOOST_TEST(std::system(restore.c_str()) == 0);
        std::remove(file.c_str());
        Session after(copy);
        BOOST_TEST(fingerprint(after) == rows);
        BOOST_TEST(objects(after) == made);
        works(after);
    }
}

BOOST_AUTO_TEST_CASE(drop_extension_keeps_the_data_and_install_brings_the_rest_back) {
    Database database;
    Session session(database);
    make_store(session);
    const std::string rows = fingerprint(session);
    const std::string made = objects(session);
    // Triggers of the store use functions of the extension, so CASCADE has to be said.
    session.expect_error("DROP EXTENSION cdp", "2BP01");
    session.run("DROP EXTENSION cdp CASCADE");
    BOOST_TEST(fingerprint(session) == rows);
    BOOST_TEST(objects(session) != made);
    session.run("CREATE EXTENSION cdp");
    BOOST_TEST(session.value("SELECT next_statement FROM cdp.health() WHERE \"check\" = 'objects'") ==
               "SELECT cdp.install();");
    session.run("SELECT cdp.install()");
    BOOST_TEST(fingerprint(session) == rows);
    BOOST_TEST(objects(session) == made);
    works(session);
}

BOOST_AUTO_TEST_CASE(a_store_of_another_version_is_told_apart) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    BOOST_TEST(
        session.expect_error("SELECT * FROM cdp.refresh_segments()", "55000").says("SELECT cdp.install();"));
    session.run("SELECT cdp.install()");
    session.run(
        "INSERT INTO cdp_data.store_version (version, topic, extension_version) VALUES (999, 'future', "
        "'9.9.9')");
    BOOST_TEST(session.expect_error("SELECT * FROM cdp.refresh_segments()", "55000")
                   .says("ALTER EXTENSION cdp UPDATE;"));
    BOOST_TEST(session.expect_error("SELECT cdp.install()", "55000").says("ALTER EXTENSION cdp UPDATE;"));
}
