// SPDX-License-Identifier: PostgreSQL
// The store from outside: several connections, cancelling, owners without superuser rights. Dump and restore:
// dump_restore_test.cpp.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>
#include <vector>

#include "support.hpp"

using client::Database;
using client::Failure;
using client::Role;
using client::Session;

namespace {

// People, purchases, a segment, a consent and a refusal.
constexpr const char* kSmallShop = R"(
    CREATE SCHEMA shop;
    CREATE TABLE shop.people (id int PRIMARY KEY, name text, email text, ok text, city text);
    INSERT INTO shop.people VALUES (1, 'Ana Rojas', 'ana@example.com', 'yes', 'Lima'), (2, 'Bo Li', 'bo@example.com', 'no', 'Lima'),
        (3, 'Carl Marsh', 'nonsense', 'yes', 'Quito'), (4, 'Ana Rojas', 'ana@example.com', NULL, 'Lima');
    CREATE TABLE shop.purchase (nr int PRIMARY KEY, person int, at timestamptz, amount numeric, store text);
    INSERT INTO shop.purchase SELECT i, 1 + i % 4, timestamptz '2026-01-01 12:00+00' + i * interval '1 day', i, 'North' FROM generate_series(1, 20) i)";
constexpr const char* kSources = R"(
    SELECT cdp.add_source('people', 'shop.people', mapping => '{"name": "full_name", "email": "email", "ok": "consent_email", "city": "city"}');
    SELECT cdp.add_source('purchases', 'shop.purchase', kind => 'events', person_source => 'people', event_kind => 'purchase',
        mapping => '{"person": "person_key", "at": "occurred_at", "amount": "amount", "store": "store"}'))";

void make_store(Session& session) {
    session.run("CREATE EXTENSION cdp");
    session.run("SELECT cdp.install()");
    session.run(kSmallShop);
    session.run(kSources);
    session.run("CALL cdp.refresh('2026-02-01')");
    session.run("SELECT cdp.define_segment('buyers', 'did purchase in last 30 days')");
    session.run("SELECT cdp.withdraw_consent('carl@example.com', 'email')");
    session.run("CALL cdp.refresh('2026-02-01')");
}

std::string errors_of_health(Session& session) {
    return session.value(
        "SELECT coalesce(string_agg(\"check\" || ': ' || message, '; '), '') FROM cdp.health() WHERE status "
        "= 'error'");
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Waits until the last run has come to a step; false after a minute or when the run has ended before.
bool wait_for_step(Session& session, const std::string& step) {
    for (int i = 0; i < 1200; ++i) {
        if (session.value("SELECT count(*) FROM cdp_data.run_step WHERE run_id = (SELECT max(run_id) FROM "
                          "cdp_data.run) "
                          "AND status = 'running' AND step = '" +
                          step + "'") == "1") {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_readers_of_one_source_store_each_row_once) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    session.run("SELECT cdp.install()");
    session.run(kSmallShop);
    session.run(
        "INSERT INTO shop.people SELECT i, 'Name ' || i, 'n' || i || '@example.com' FROM generate_series(10, "
        "5000) i");
    session.run(kSources);
    std::vector<std::future<std::string>> readers;
    for (int i = 0; i < 3; ++i) {
        readers.push_back(std::async(std::launch::async, [&database] {
            Session reader(database);
            return reader.value(
                "SELECT p.rows_new + e.rows_new FROM cdp.ingest('people') p, cdp.ingest('purchases') e");
        }));
    }
    int stored = 0;
    for (auto& reader : readers) stored += std::stoi(reader.get());
    BOOST_TEST(stored == 4 + 4991 + 20);
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_data.record") == "4995");
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_data.event") == "20");
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_data.reject") == "1");
}

BOOST_AUTO_TEST_CASE(a_refresh_is_alone_can_be_watched_and_cancelled) {
    Database database;
    Session session(database);
    Session watcher(database);
    session.run("CREATE EXTENSION cdp");
    session.run("SELECT cdp.install()");
    session.run(
        "CREATE TABLE public.people (id int PRIMARY KEY, given text, family text, email text, born date, "
        "city text)");
    session.run(
        "INSERT INTO public.people SELECT i, 'Given' || substr(md5('g' || i % 5003), 1, 6), 'Family' || "
        "substr(md5('f' || i % 40009), 1, 7), "
        "'p' || i % 150001 || '@example.com', date '1940-01-01' + i % 20011, 'City ' || i % 97 FROM "
        "generate_series(1, 200000) i");
    session.run(
        "SELECT cdp.add_source('people', 'people', mapping => "
        "'{\"given\": \"given_name\", \"family\": \"family_name\", \"email\": \"email\", \"born\": "
        "\"birth_date\", \"city\": \"city\"}')");
    const std::string backend = std::to_string(session.backend());

    // Cancelled while it reads and, the next time, while it resolves.
    for (const char* step : {"ingest people", "resolve"}) {
        auto work = std::async(std::launch::async,
                               [&session] { return session.attempt("CALL cdp.refresh('2026-02-01')"); });
        const bool seen = wait_for_step(watcher, step);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const Failure second = watcher.attempt("CALL cdp.refresh('2026-02-01')");
        const auto start = std::chrono::steady_clock::now();
        client::administrator().value("SELECT pg_cancel_backend(" + backend + ")");
        const Failure failure = work.get();
        BOOST_TEST(seen, step);
        BOOST_TEST(errors_of_health(watcher).find("interrupted") != std::string::npos);
        BOOST_TEST(second.sqlstate == "55006", second.text);
        BOOST_TEST((second.says("already running") && second.says("pg_cancel_backend(" + backend + ")")),
                   second.text);
        BOOST_TEST(failure.sqlstate == "57014", failure.text);
        BOOST_TEST(seconds_since(start) < 2.0, step << ": " << seconds_since(start) << " s");
    }
    BOOST_TEST(watcher.value("SELECT string_agg(status, ' ' ORDER BY run_id) FROM cdp_data.run") ==
               "interrupted running");
    BOOST_TEST(watcher.value("SELECT count(*) FROM cdp_data.record") == "200000");

    // The next one, from another connection while the cancelled one is still open, cleans up and succeeds.
    watcher.run("CALL cdp.refresh('2026-02-01')");
    BOOST_TEST(watcher.value("SELECT string_agg(status, ' ' ORDER BY run_id) FROM cdp_data.run") ==
               "interrupted interrupted ok");
    BOOST_TEST(watcher.value("SELECT count(*) FROM cdp_data.run_step WHERE status = 'running'") == "0");
    BOOST_TEST(watcher.value("SELECT count(*) FROM cdp_data.record WHERE profile_id IS NULL") == "0");
    BOOST_TEST(errors_of_health(watcher) == "");
}

BOOST_AUTO_TEST_CASE(an_owner_without_superuser_rights_does_the_main_job) {
    Role owner;
    Database database("OWNER " + owner.name());
    Session session(database, owner.name());
    BOOST_TEST(session.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f");
    make_store(session);
    BOOST_TEST(session.value("SELECT status FROM cdp_data.run ORDER BY run_id DESC LIMIT 1") == "ok");
    BOOST_TEST(session.value("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'cdp_data'") ==
               owner.name());
    BOOST_TEST(session.value("SELECT count(*) FROM cdp.segment_members('buyers')") == "3");
    BOOST_TEST(
        session.value("SELECT string_agg(address, ' ') FROM cdp.audience('buyers', channel => 'email')") ==
        "ana@example.com");
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_bi.dim_profile") == "3");
    BOOST_TEST(errors_of_health(session) == "");
    session.run("SELECT cdp.uninstall(confirm => 'cdp_data')");
    session.run("DROP EXTENSION cdp");
}

BOOST_AUTO_TEST_CASE(a_guest_is_told_what_is_missing) {
    Role guest;
    Database database;
    Session administrator(database);
    make_store(administrator);
    Session session(database, guest.name());
    session.expect_error("SELECT * FROM cdp_data.profile", "42501");
    session.expect_error("SELECT * FROM cdp_bi.dim_profile", "42501");
    administrator.run("GRANT USAGE ON SCHEMA cdp_bi TO " + guest.name());
    administrator.run("GRANT SELECT ON cdp_bi.dim_profile TO " + guest.name());
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_bi.dim_profile") == "3");
    session.expect_error("SELECT * FROM cdp_bi.dim_profile_pii", "42501");
    administrator.run("DROP OWNED BY " + guest.name());
}

BOOST_AUTO_TEST_CASE(a_withdrawal_elsewhere_counts_in_a_transaction_that_began_before) {
    Database database;
    Session session(database);
    Session other(database);
    make_store(session);
    const std::string list =
        "SELECT coalesce(string_agg(address, ' '), '') FROM cdp.audience('buyers', 'email')";
    session.run("BEGIN");
    BOOST_TEST(session.value(list) == "ana@example.com");
    other.run("SELECT cdp.withdraw_consent('ana@example.com', 'email')");
    BOOST_TEST(session.value(list) == "");
    session.run("COMMIT");
    BOOST_TEST(session.value(list) == "");
}

BOOST_AUTO_TEST_CASE(what_another_connection_is_still_reading_is_not_missed) {
    Database database;
    Session session(database);
    Session reader(database);
    make_store(session);
    session.run("UPDATE shop.people SET name = 'Ana Rojas', email = 'ana@example.com' WHERE id = 2");
    reader.run("BEGIN");
    reader.run("SELECT cdp.ingest('people')");
    auto work = std::async(std::launch::async, [&session] {
        Failure failure = session.attempt("CALL cdp.resolve()");
        return failure.text;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    reader.run("COMMIT");
    BOOST_TEST(work.get() == "");
    session.run("CALL cdp.refresh('2026-02-01')");
    BOOST_TEST(session.value("SELECT cdp.profile_of('people', '2') = cdp.profile_of('people', '1')") == "t");
}

BOOST_AUTO_TEST_CASE(two_stewards_cannot_contradict_each_other) {
    Database database;
    Session session(database);
    Session other(database);
    make_store(session);
    const std::string pair = session.value(
        "SELECT string_agg(record_id::text, ', ' ORDER BY record_id) FROM cdp_data.record WHERE source_key "
        "IN ('2', '3')");
    session.run("BEGIN");
    session.run("SELECT cdp.confirm_match(" + pair + ")");
    auto work = std::async(std::launch::async, [&other, &pair] {
        Failure failure = other.attempt("SELECT cdp.reject_match(" + pair + ")");
        return failure.sqlstate;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    session.run("COMMIT");
    BOOST_TEST(work.get() == "23000");
    // The next refresh runs for the decision alone, and only once.
    session.run("CALL cdp.refresh('2026-02-01')");
    BOOST_TEST(session.value("SELECT cdp.profile_of('people', '2') = cdp.profile_of('people', '3')") == "t");
    session.run("CALL cdp.refresh('2026-02-01')");
    BOOST_TEST(
        session.value(
            "SELECT message FROM cdp_data.run_step WHERE step = 'resolve' ORDER BY run_id DESC LIMIT 1") ==
        "no record has changed");
    session.run("SELECT cdp.withdraw_decision(1)");
    session.run("CALL cdp.refresh('2026-02-01')");
    BOOST_TEST(session.value("SELECT cdp.profile_of('people', '2') = cdp.profile_of('people', '3')") == "f");
}

BOOST_AUTO_TEST_CASE(a_merge_by_hand_waits_for_a_resolution_and_can_be_cancelled) {
    Database database;
    Session session(database);
    Session other(database);
    make_store(session);
    session.run("BEGIN");
    session.run("CALL cdp.resolve()");
    other.run("SET lock_timeout = '300ms'");
    const std::string merge =
        "SELECT cdp.merge_profiles(cdp.profile_of('people', '2'), cdp.profile_of('people', '3'))";
    other.expect_error(merge, "55P03");
    session.run("COMMIT");
    other.run(merge);
    BOOST_TEST(session.value("SELECT cdp.profile_of('people', '2') = cdp.profile_of('people', '3')") == "t");
}
