// SPDX-License-Identifier: PostgreSQL
// Who can create the extension, and where.
#include <boost/test/unit_test.hpp>

#include "support.hpp"

using client::Database;
using client::Failure;
using client::Role;
using client::Session;

BOOST_AUTO_TEST_CASE(create_extension_works) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    BOOST_TEST(session.value("SELECT extversion FROM pg_extension WHERE extname = 'cdp'") == CDP_VERSION);
    session.run("DROP EXTENSION cdp");
    BOOST_TEST(session.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'cdp'") == "0");
    session.run("CREATE EXTENSION cdp");
}

BOOST_AUTO_TEST_CASE(every_function_has_a_comment) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    BOOST_TEST(
        session.value("SELECT coalesce(string_agg(p.oid::regprocedure::text, ', '), '') FROM pg_proc AS p "
                      "WHERE pronamespace = 'cdp'::regnamespace "
                      "AND obj_description(p.oid, 'pg_proc') IS NULL") == "");
}

BOOST_AUTO_TEST_CASE(the_owner_of_a_database_needs_no_superuser) {
    Role owner;
    Database database("OWNER " + owner.name());
    Session session(database, owner.name());
    BOOST_TEST(session.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f");
    session.run("CREATE EXTENSION cdp");
    BOOST_TEST(session.value("SELECT extowner::regrole FROM pg_extension WHERE extname = 'cdp'") ==
               owner.name());
    BOOST_TEST(session.value("SELECT count(*) FROM cdp.parse_csv('a,b')") == "1");
    session.run("DROP EXTENSION cdp");
}

BOOST_AUTO_TEST_CASE(others_may_not_create_it) {
    Role guest;
    Database database;
    Session session(database, guest.name());
    const Failure failure = session.expect_error("CREATE EXTENSION cdp", "42501");
    BOOST_TEST(failure.says("HINT"), failure.text);
}

BOOST_AUTO_TEST_CASE(a_database_in_another_encoding_is_refused_with_a_way_out) {
    Database database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    Session session(database);
    const Failure failure = session.expect_error("CREATE EXTENSION cdp", "");
    BOOST_TEST(failure.says("UTF8"), failure.text);
    BOOST_TEST(failure.says("HINT"), failure.text);
    BOOST_TEST(session.value("SELECT count(*) FROM pg_extension WHERE extname = 'cdp'") == "0");
}

BOOST_AUTO_TEST_CASE(errors_carry_state_detail_and_hint) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    const Failure failure = session.expect_error("SELECT * FROM cdp.parse_csv('a', 'ab')", "22023");
    BOOST_TEST((failure.says("DETAIL") && failure.says("HINT")), failure.text);
    BOOST_TEST(session.value("SELECT 1") == "1");
}
