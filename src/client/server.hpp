// SPDX-License-Identifier: PostgreSQL
// The connection to the server. The only file that knows libpqxx, and the only one in C++17: Debian builds
// libpqxx so, and its headers change with the language's version. Everything that leaves here is plain
// values.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cdp::client {

struct ConnectOptions {
    std::string host, port, user;  // "" where the environment decides
    std::string database;          // a name, a conninfo string or a URI
    bool always_ask_password = false;
    bool never_ask_password = false;
};

// What the server said: the message, then lines that begin with DETAIL: and HINT:.
class ServerError : public std::runtime_error {
  public:
    explicit ServerError(const std::string& text) : std::runtime_error(text) {}
};

using Value = std::optional<std::string>;
using Row = std::vector<Value>;

struct Table {
    std::vector<std::string> columns;
    std::vector<Row> rows;
};

class Server {
  public:
    // Asks for a password when the server wants one and nothing else provides it; `ask` returns it.
    static std::unique_ptr<Server> connect(const ConnectOptions& options,
                                           const std::function<std::string()>& ask);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Runs one statement, in the open transaction if there is one. Ends with Interrupted after Ctrl-C.
    Table query(const std::string& sql);
    std::string value(const std::string& sql);  // the first column of the first row; "" for none and NULL

    void begin();
    void commit();
    void roll_back() noexcept;

    // COPY table (columns) FROM STDIN in the open transaction. Both are SQL: quoted where they need be.
    void copy_begin(const std::string& table, const std::vector<std::string>& columns);
    void copy_row(const std::vector<const char*>& fields);  // nullptr: NULL
    void copy_end();

    std::string quote(const std::string& text) const;  // 'text'
    std::string name(const std::string& name) const;   // "name"
    std::string database() const;

    // Called with each NOTICE and WARNING as it arrives, formatted as psql does.
    void on_notice(std::function<void(const std::string&)> handler);

  private:
    struct Inside;
    explicit Server(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace cdp::client
