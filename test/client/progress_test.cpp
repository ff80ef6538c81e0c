// SPDX-License-Identifier: PostgreSQL
// A resolution from outside: how far it is, and that it can be stopped in every phase.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <set>
#include <string>
#include <thread>

#include "support.hpp"

using client::Database;
using client::Failure;
using client::Session;

namespace {

void make_store(Session& session) {
    session.run("CREATE EXTENSION cdp");
    session.run("SELECT cdp.install()");
    session.run(
        "CREATE TABLE crm AS SELECT i AS id, 'G' || translate((i * 7919 % 400)::text, '0123456789', "
        "'abcdefghij') AS given, 'F' || translate((i % 6000)::text, '0123456789', 'klmnopqrst') AS family, "
        "'p' || i % 9000 || '@example.com' AS mail, date '1950-01-01' + i % 9000 AS born, 'City ' || i % 40 "
        "AS city FROM generate_series(1, 15000) i");
    session.run(
        "SELECT cdp.add_source('crm', 'crm', key => 'id', mapping => '{\"given\": \"given_name\", "
        "\"family\": \"family_name\", \"mail\": \"email\", \"born\": \"birth_date\", \"city\": \"city\"}')");
    session.run("SELECT cdp.ingest('crm')");
}

std::string state(Session& session) {
    return session.value(
        "SELECT concat_ws(' ', (SELECT count(*) FROM cdp_data.profile), (SELECT count(*) FROM "
        "cdp_data.match_model), (SELECT count(*) FROM cdp_data.match_record), (SELECT count(*) FROM "
        "cdp_data.match_edge), (SELECT count(*) FROM cdp_data.match_pending), (SELECT count(*) FROM "
        "cdp_data.match_run))");
}

}  // namespace

BOOST_AUTO_TEST_CASE(others_see_how_far_a_resolution_is) {
    Database database;
    Session session(database);
    make_store(session);
    Session watcher(database);
    BOOST_TEST(watcher.value("SELECT count(*) FROM cdp.progress()") == "0");
    auto worker = std::async(std::launch::async, [&] { return session.attempt("CALL cdp.resolve()"); });
    std::set<std::string> phases;
    while (worker.wait_for(std::chrono::milliseconds(2)) != std::future_status::ready) {
        const pqxx::result seen =
            watcher.run("SELECT phase, percent, backend_pid, statement, running_for FROM cdp.progress()");
        for (const auto& row : seen) {
            phases.insert(row[0].c_str());
            BOOST_TEST(row[2].as<int>() == session.backend());
            BOOST_TEST(std::string(row[3].c_str()) == "CALL cdp.resolve()");
            if (!row[1].is_null()) BOOST_TEST((row[1].as<int>() > 0 && row[1].as<int>() <= 100));
        }
    }
    BOOST_TEST(worker.get().text == "");
    BOOST_TEST(phases.size() >= 3u);
    BOOST_TEST(phases.count("indexing") == 1u);
    BOOST_TEST(watcher.value("SELECT count(*) FROM cdp.progress()") == "0");
    // What a session says of itself goes with its next statement.
    session.run("SELECT 1");
    BOOST_TEST(watcher.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '/* cdp%'") == "0");
}

BOOST_AUTO_TEST_CASE(a_resolution_is_stopped_at_any_moment_and_changes_nothing) {
    Database database;
    Session session(database);
    make_store(session);
    const std::string before = state(session);
    const auto start = std::chrono::steady_clock::now();
    int stopped = 0;
    for (int milliseconds = 20; milliseconds < 20'000; milliseconds += milliseconds / 3) {
        session.run("SET statement_timeout = " + std::to_string(milliseconds));
        const Failure failure = session.attempt("CALL cdp.resolve()");
        session.run("SET statement_timeout = 0");
        if (failure.text.empty()) break;
        BOOST_TEST(failure.sqlstate == "57014", failure.text);
        BOOST_TEST(state(session) == before);
        ++stopped;
    }
    BOOST_TEST(stopped >= 5);
    BOOST_TEST(session.value("SELECT count(*) FROM cdp_data.record WHERE profile_id IS NULL") == "0");
    BOOST_TEST_MESSAGE(
        stopped << " times in "
                << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() << " s");
}
