// SPDX-License-Identifier: PostgreSQL
// A long call ends soon after somebody asks it to, and the session goes on.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <thread>

#include "support.hpp"

using client::Database;
using client::Failure;
using client::Session;

namespace {

// Some 40 seconds of work in one call of the core: every line makes the reader look a hundred lines ahead.
constexpr const char* kLongCall = R"(SELECT count(*) FROM cdp.parse_csv(repeat(E'x","y""\n', 16000000)))";

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_long_call_is_cancelled_from_another_session) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    const int backend = session.backend();

    auto worker = std::async(std::launch::async, [&] { return session.attempt(kLongCall); });
    const bool running = client::wait_until_running(backend, "parse_csv");
    std::this_thread::sleep_for(std::chrono::seconds(1));  // past repeat(), into the core
    const auto start = std::chrono::steady_clock::now();
    const std::string sent =
        client::administrator().value("SELECT pg_cancel_backend(" + std::to_string(backend) + ")");
    const Failure failure = worker.get();

    BOOST_TEST(running);
    BOOST_TEST(sent == "t");
    BOOST_TEST(failure.sqlstate == "57014", failure.sqlstate << " " << failure.text);
    BOOST_TEST(seconds_since(start) < 2.0);
    BOOST_TEST(session.value("SELECT pg_backend_pid()") == std::to_string(backend));
}

BOOST_AUTO_TEST_CASE(a_long_call_honours_statement_timeout) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    session.run("SET statement_timeout = '1s'");
    const auto start = std::chrono::steady_clock::now();
    session.expect_error(kLongCall, "57014");
    BOOST_TEST(seconds_since(start) < 4.0);
}

BOOST_AUTO_TEST_CASE(a_terminated_backend_takes_no_other_with_it) {
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    const int backend = session.backend();
    auto worker = std::async(std::launch::async, [&] { return session.attempt(kLongCall); });
    const bool running = client::wait_until_running(backend, "parse_csv");
    client::administrator().value("SELECT pg_terminate_backend(" + std::to_string(backend) + ")");
    const Failure failure = worker.get();
    BOOST_TEST(running);
    BOOST_TEST(!failure.text.empty());
    BOOST_TEST(client::server_is_unharmed());
}
