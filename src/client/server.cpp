// SPDX-License-Identifier: PostgreSQL
#include "server.hpp"

#include <libpq-fe.h>

#include <array>
#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "interrupt.hpp"

namespace cdp::client {
namespace {

std::string quoted_option(const std::string& value) {
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

// As psql: what a conninfo string or URI in -d says wins over -h, -p and -U.
std::string connection_string(const ConnectOptions& options, const std::string& password) {
    std::map<std::string, std::string> all{{"fallback_application_name", "cdp"}};
    const auto put = [&](const char* key, const std::string& value) {
        if (!value.empty()) all[key] = value;
    };
    put("host", options.host);
    put("port", options.port);
    put("user", options.user);
    const std::string& database = options.database;
    const bool is_uri = database.rfind("postgresql://", 0) == 0 || database.rfind("postgres://", 0) == 0;
    if (is_uri || database.find('=') != std::string::npos) {
        char* problem = nullptr;
        PQconninfoOption* parsed = PQconninfoParse(database.c_str(), &problem);
        if (parsed == nullptr) {
            const std::string text = problem == nullptr ? "invalid connection string" : problem;
            PQfreemem(problem);
            throw ServerError(text);
        }
        for (const PQconninfoOption* option = parsed; option->keyword != nullptr; ++option) {
            if (option->val != nullptr) all[option->keyword] = option->val;
        }
        PQconninfoFree(parsed);
    } else {
        put("dbname", database);
    }
    put("password", password);
    all["client_encoding"] = "UTF8";
    std::string out;
    for (const auto& [key, value] : all) out += key + "=" + quoted_option(value) + " ";
    return out;
}

// The server's text without the place in functions that an error came from.
std::string without_context(std::string text) {
    for (const char* part : {"\nCONTEXT:", "\nLINE "}) {
        const size_t begin = text.find(part);
        if (begin == std::string::npos) continue;
        size_t end = text.size();
        for (const char* next : {"\nDETAIL:", "\nHINT:"}) end = std::min(end, text.find(next, begin + 1));
        text.erase(begin, end - begin);
    }
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// Runs a piece of work with libpqxx; its exceptions become ours.
template <class Work>
auto translate(const Work& work) -> decltype(work()) {
    check_interrupt();
    try {
        return work();
    } catch (const std::exception& error) {
        check_interrupt();  // the error is then that it was cancelled
        throw ServerError(without_context(error.what()));
    }
}

using NoticeHandler = std::function<void(const std::string&)>;

#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
class Notices {
  public:
    Notices(pqxx::connection& connection, NoticeHandler handler) {
        connection.set_notice_handler(
            [handler = std::move(handler)](pqxx::zview text) noexcept { handler(std::string(text)); });
    }
};
#else
class Notices : public pqxx::errorhandler {
  public:
    Notices(pqxx::connection& connection, NoticeHandler handler)
        : pqxx::errorhandler(connection), handler_(std::move(handler)) {}
    bool operator()(const char text[]) noexcept override {
        handler_(text);
        return false;
    }

  private:
    NoticeHandler handler_;
};
#endif

// One row in COPY's text format.
struct CopyLine {
    const std::vector<const char*>& fields;
};

#if PQXX_VERSION_MAJOR < 7
void append_escaped(std::string& out, const char* field) {
    for (; *field != '\0'; ++field) {
        switch (*field) {
            case '\\':
                out += "\\\\";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                out += *field;
        }
    }
}

// libpqxx 6 writes tuples, whose length is known to the compiler, and calls this by argument-dependent
// lookup.
std::string separated_list(const char*, const CopyLine& line, const pqxx::internal::TypedCopyEscaper&) {
    std::string out;
    for (size_t i = 0; i < line.fields.size(); ++i) {
        if (i > 0) out += '\t';
        if (line.fields[i] == nullptr) {
            out += "\\N";
        } else {
            append_escaped(out, line.fields[i]);
        }
    }
    return out;
}

void write_line(pqxx::stream_to& copy, const CopyLine& line) {
    copy << line;
}
#else
void write_line(pqxx::stream_to& copy, const CopyLine& line) {
    copy.write_row(line.fields);
}
#endif

}  // namespace

struct Server::Inside {
    explicit Inside(const std::string& text) : connection(text) {}
    pqxx::connection connection;
    std::unique_ptr<Notices> notices;
    std::unique_ptr<OnInterrupt> on_interrupt;
    std::unique_ptr<pqxx::work> transaction;
    std::unique_ptr<pqxx::stream_to> copy;
};

Server::Server(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Server::~Server() {
    inside_->on_interrupt.reset();
    roll_back();
    inside_->notices.reset();
}

std::unique_ptr<Server> Server::connect(const ConnectOptions& options,
                                        const std::function<std::string()>& ask) {
    std::string password;
    bool asked = options.always_ask_password;
    if (asked) password = ask();
    while (true) {
        try {
            std::unique_ptr<Inside> inside;
            {
                const OnInterrupt end_at_once(nullptr);  // nothing to undo yet
                inside = std::make_unique<Inside>(connection_string(options, password));
            }
            pqxx::connection& connection = inside->connection;
            inside->on_interrupt = std::make_unique<OnInterrupt>([&connection] {
                try {
                    connection.cancel_query();
                } catch (const std::exception&) {  // the statement has ended, or the connection is gone
                }
            });
            std::unique_ptr<Server> server(new Server(std::move(inside)));
            server->on_notice([](const std::string&) {});
            return server;
        } catch (const std::exception& error) {
            check_interrupt();
            const std::string text = error.what();
            // libpq's own words, never translated here since the program sets no locale.
            if (asked || options.never_ask_password || text.find("no password supplied") == std::string::npos)
                throw ServerError(without_context(text));
            asked = true;
            password = ask();
        }
    }
}

Table Server::query(const std::string& sql) {
    return translate([&] {
        const auto take = [](const pqxx::result& result) {
            Table table;
            for (int i = 0; i < static_cast<int>(result.columns()); ++i)
                table.columns.emplace_back(result.column_name(i));
            for (const auto& row : result) {
                Row values;
                for (const auto& field : row) {
                    values.push_back(field.is_null() ? Value()
                                                     : Value(std::string(field.c_str(), field.size())));
                }
                table.rows.push_back(std::move(values));
            }
            return table;
        };
        if (inside_->transaction) return take(inside_->transaction->exec(sql));
        pqxx::nontransaction work(inside_->connection);
        return take(work.exec(sql));
    });
}

std::string Server::value(const std::string& sql) {
    const Table table = query(sql);
    return table.rows.empty() || table.rows[0].empty() ? "" : table.rows[0][0].value_or("");
}

void Server::begin() {
    translate([&] { inside_->transaction = std::make_unique<pqxx::work>(inside_->connection); });
}

void Server::commit() {
    translate([&] {
        inside_->transaction->commit();
        inside_->transaction.reset();
    });
}

void Server::roll_back() noexcept {
    try {
        inside_->copy.reset();
    } catch (const std::exception&) {
    }
    try {
        inside_->transaction.reset();  // without a commit it is undone
    } catch (const std::exception&) {
    }
}

void Server::copy_begin(const std::string& table, const std::vector<std::string>& columns) {
    translate([&] {
#if PQXX_VERSION_MAJOR >= 7
        std::string list;
        for (const std::string& column : columns) list += (list.empty() ? "" : ",") + column;
        // It can be neither copied nor moved.
        inside_->copy.reset(
            new pqxx::stream_to(pqxx::stream_to::raw_table(*inside_->transaction, table, list)));
#else
        inside_->copy = std::make_unique<pqxx::stream_to>(*inside_->transaction, table, columns);
#endif
    });
}

void Server::copy_row(const std::vector<const char*>& fields) {
    translate([&] { write_line(*inside_->copy, CopyLine{fields}); });
}

void Server::copy_end() {
    translate([&] {
        inside_->copy->complete();
        inside_->copy.reset();
    });
}

std::string Server::quote(const std::string& text) const {
    return inside_->connection.quote(text);
}

std::string Server::name(const std::string& name) const {
    return inside_->connection.quote_name(name);
}

std::string Server::database() const {
    const char* name = inside_->connection.dbname();
    return name == nullptr ? "" : name;
}

void Server::on_notice(NoticeHandler handler) {
    inside_->notices.reset();
    inside_->notices = std::make_unique<Notices>(inside_->connection, std::move(handler));
}

}  // namespace cdp::client
