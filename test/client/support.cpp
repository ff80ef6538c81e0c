// SPDX-License-Identifier: PostgreSQL
#include "support.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace client {
namespace {

std::string fresh_name(const char* prefix) {
    static int number = 0;
    return std::string(prefix) + "_" + std::to_string(getpid()) + "_" + std::to_string(++number);
}

std::string connection_string(const std::string& database, const std::string& user) {
    return "dbname='" + database + "' options='-c client_min_messages=warning'" +
           (user.empty() ? "" : " user='" + user + "'");
}

struct ServerIdentity {
    int backend;
    std::string started;
};
const ServerIdentity& identity_at_start() {
    static const ServerIdentity identity{administrator().backend(),
                                         administrator().value("SELECT pg_postmaster_start_time()")};
    return identity;
}

}  // namespace

// The SQLSTATE is read from the text, since libpqxx 6.4 leaves it out of several of its exception classes.
Session::Session(const std::string& text) : connection_(std::make_unique<pqxx::connection>(text)) {
#if PQXX_VERSION_MAJOR >= 7
    connection_->set_verbosity(pqxx::error_verbosity::verbose);
#else
    connection_->set_verbosity(pqxx::connection::verbose);
#endif
}
Session::Session(const Database& database, const std::string& user)
    : Session(connection_string(database.name(), user)) {}

pqxx::result Session::run(const std::string& sql) {
    pqxx::nontransaction work(*connection_);
    pqxx::result result = work.exec(sql);
    work.commit();
    return result;
}

void Session::run_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot open " + path);
    std::stringstream text;
    text << file.rdbuf();
    run(text.str());
}

std::string Session::value(const std::string& sql) {
    const pqxx::result result = run(sql);
    if (result.size() != 1 || result[0].size() != 1) throw std::runtime_error("not one value: " + sql);
    return result[0][0].is_null() ? "" : result[0][0].c_str();
}

Failure Session::attempt(const std::string& sql) {
    try {
        run(sql);
    } catch (const std::exception& error) {
        // "ERROR:  42501: permission denied …"; a lost connection has no state.
        const std::string text = error.what();
        const size_t begin = text.find(":  ");
        if (begin != std::string::npos && text.size() > begin + 9 && text[begin + 8] == ':') {
            return {text.substr(begin + 3, 5), text};
        }
        return {"none", text};
    }
    return {};
}

Failure Session::expect_error(const std::string& sql, const std::string& sqlstate) {
    Failure failure = attempt(sql);
    BOOST_TEST(!failure.text.empty(), "no error: " << sql);
    if (!sqlstate.empty()) BOOST_TEST(failure.sqlstate == sqlstate, failure.sqlstate << " " << failure.text);
    return failure;
}

Database::Database(const std::string& options) : name_(fresh_name("client")) {
    identity_at_start();
    administrator().run("CREATE DATABASE " + name_ + " " + options);
}

Database::~Database() {
    const Failure failure = administrator().attempt("DROP DATABASE " + name_ + " WITH (FORCE)");
    BOOST_TEST(failure.text == "");
    BOOST_TEST(server_is_unharmed(), "a backend of the server has crashed, or the server was restarted");
}

Role::Role(const std::string& options) : name_(fresh_name("client_role")) {
    administrator().run("CREATE ROLE " + name_ + " LOGIN " + options);
}

Role::~Role() {
    const Failure failure = administrator().attempt("DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
    BOOST_TEST(failure.text == "");
}

Session& administrator() {
    static Session session(connection_string("postgres", ""));
    return session;
}

bool server_is_unharmed() {
    const ServerIdentity& start = identity_at_start();
    try {
        return administrator().value("SELECT pg_backend_pid()") == std::to_string(start.backend) &&
               administrator().value("SELECT pg_postmaster_start_time()") == start.started;
    } catch (const std::exception&) {
        return false;
    }
}

bool wait_until_running(int backend, const std::string& part) {
    const std::string query =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " + std::to_string(backend) +
        " AND query LIKE '%" + part + "%'";
    for (int i = 0; i < 200; ++i) {
        if (administrator().value(query) == "1") return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

}  // namespace client
