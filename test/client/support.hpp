// SPDX-License-Identifier: PostgreSQL
// What every client test needs: a database of its own, sessions in it, and errors as values.
//
//     BOOST_AUTO_TEST_CASE(an_example) {
//         Database database;                       // fresh, dropped at the end
//         Session session(database);
//         session.run("CREATE EXTENSION cdp");
//         BOOST_TEST(session.value("SELECT 1 + 1") == "2");
//         const Failure failure = session.expect_error("SELECT 1 / 0", "22012");
//     }
//
// Works with libpqxx 6.4 to 7: only exec(), quote() and quote_name() are used.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>

namespace client {

class Database;

struct Failure {
    std::string sqlstate;
    std::string text;  // ERROR, DETAIL and HINT as the server sent them
    bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

class Session {
  public:
    // As the superuser, or as `user`.
    explicit Session(const Database& database, const std::string& user = "");
    explicit Session(const std::string& connection_string);

    // Each call is a transaction of its own; a string of several statements is one.
    pqxx::result run(const std::string& sql);
    // The statements of a file; psql's own commands (\…) are not understood.
    void run_file(const std::string& path);
    // The one value of a query's one row; "" for NULL.
    std::string value(const std::string& sql);
    // Checks that the statement fails with this SQLSTATE; "" takes any.
    Failure expect_error(const std::string& sql, const std::string& sqlstate);
    // The error, or an empty SQLSTATE when there is none. For threads: reports nothing to Boost.Test.
    Failure attempt(const std::string& sql);

    int backend() const { return connection_->backendpid(); }
    pqxx::connection& connection() { return *connection_; }

  private:
    std::unique_ptr<pqxx::connection> connection_;
};

// A database that lives as long as this object. When it goes, the sessions in it are ended, and it is checked
// that no backend of the server has crashed meanwhile.
class Database {
  public:
    // `options` as in CREATE DATABASE name <options>, for example "ENCODING 'LATIN1' TEMPLATE template0".
    explicit Database(const std::string& options = "");
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& name() const { return name_; }

  private:
    std::string name_;
};

// A role that may log in and nothing else; dropped, with what it owns in the database postgres, at the end.
class Role {
  public:
    explicit Role(const std::string& options = "");
    ~Role();
    Role(const Role&) = delete;
    Role& operator=(const Role&) = delete;

    const std::string& name() const { return name_; }

  private:
    std::string name_;
};

// A session in the database postgres, kept open through the whole run. A crash of any backend ends it, which
// server_is_unharmed() tells.
Session& administrator();
bool server_is_unharmed();

// Waits until the backend runs a statement that contains `part`; false after ten seconds.
bool wait_until_running(int backend, const std::string& part);

}  // namespace client
