// SPDX-License-Identifier: PostgreSQL
#include "target.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "base/error.hpp"

namespace cdp::client {
namespace {

using cdp::Error;
using cdp::ErrorCode;

[[noreturn]] void refuse(std::string message, std::string detail, std::string hint) {
    throw Error(ErrorCode::kInvalidInput, std::move(message), std::move(detail), std::move(hint));
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

// "Schema.table" as in SQL → qualified and quoted; sets the schema.
std::string qualified(Server& server, const std::string& table, std::string& schema) {
    Table parts;
    try {
        parts =
            server.query("SELECT p[1], p[2], format('%I.%I', p[1], p[2]), cardinality(q) FROM parse_ident(" +
                         server.quote(table) +
                         ") AS q, LATERAL (SELECT CASE cardinality(q) WHEN 1 THEN ARRAY['public', q[1]] ELSE "
                         "q END AS p) AS a");
    } catch (const ServerError&) {
        parts = {};
    }
    if (parts.rows.empty() || (parts.rows[0][3] != "1" && parts.rows[0][3] != "2"))
        throw UsageError("\"" + table +
                         "\" is not the name of a table; for example: --table landing.contacts");
    schema = parts.rows[0][0].value_or("");
    for (const char* other : {"cdp", "cdp_data", "cdp_bi", "pg_catalog", "information_schema"}) {
        if (schema == other) throw UsageError("files are not loaded into the schema " + schema);
    }
    return parts.rows[0][2].value_or("");
}

struct Column {
    std::string name, type;
};

std::vector<Column> columns_of(Server& server, const std::string& relation) {
    std::vector<Column> out;
    for (const Row& row : server
                              .query("SELECT column_name, column_type FROM cdp._relation_columns(" +
                                     server.quote(relation) + ")")
                              .rows)
        out.push_back({row[0].value_or(""), row[1].value_or("")});
    return out;
}

// The columns of a table that is there.
void fit_existing(Server& server, const Layout& layout, const std::string& message_column, Target& target) {
    const std::vector<Column> has = columns_of(server, target.relation);
    std::vector<std::string> names, missing;
    for (const Column& column : has) names.push_back(column.name);
    target.whole_lines = layout.is_json && (has.size() == 1 || !message_column.empty());
    if (target.whole_lines) {
        target.columns = {message_column.empty() ? has[0].name : message_column};
    } else if (!layout.is_json && !layout.has_header) {
        if (has.size() != layout.width) {
            refuse(
                "the file has no header, and " + std::to_string(layout.width) + " fields in a row",
                target.relation + " has " + std::to_string(has.size()) + " columns: " + listed(names) + ".",
                "If its first line names the columns, say so: --header yes");
        }
        target.columns = names;
    } else {
        target.columns = layout.names;
    }
    for (const std::string& name : target.columns) {
        const auto found =
            std::find_if(has.begin(), has.end(), [&](const Column& c) { return c.name == name; });
        if (found == has.end()) {
            missing.push_back(name);
            continue;
        }
        const bool is_json = found->type == "json" || found->type == "jsonb";
        if (found->type != "text" && found->type != "character varying" && !(is_json && target.whole_lines)) {
            refuse("the column " + server.name(name) + " of " + target.relation + " has the type " +
                       found->type + ", not text",
                   "A file is loaded as it is; its values are cleaned when the source is read.",
                   "Load it into a table of another name, or run: ALTER TABLE " + target.relation +
                       " ALTER COLUMN " + server.name(name) + " TYPE text;");
        }
    }
    if (!missing.empty()) {
        std::string add;
        for (const std::string& name : missing)
            add += (add.empty() ? "ADD " : ", ADD ") + server.name(name) + " text";
        refuse(
            "the file has columns that " + target.relation + " has not", "They are " + listed(missing) + ".",
            "Load it into a table of another name, or run: ALTER TABLE " + target.relation + " " + add + ";");
    }
}

}  // namespace

void require_store(Server& server) {
    if (server.value("SELECT count(*) FROM pg_extension WHERE extname = 'cdp'") != "1") {
        refuse("the extension cdp is not in the database " + server.database(), "",
               "Run there: CREATE EXTENSION cdp; SELECT cdp.install();");
    }
    server.query("SELECT cdp._require_store()");
}

Target find_target(Server& server, const Layout& layout, const TargetWishes& wishes) {
    Target target;
    target.source = wishes.source;
    std::string message_column, schema;
    const Table source = server.query(
        "SELECT s.kind, s.relation, (SELECT m.column_name FROM cdp_data.mapping m WHERE m.source_id = "
        "s.source_id AND m.target = 'message')"
        " FROM cdp_data.source s WHERE s.name = " +
        server.quote(wishes.source));
    if (!source.rows.empty()) {
        target.kind = source.rows[0][0].value_or("");
        target.relation = source.rows[0][1].value_or("");
        if (target.kind == "messages") message_column = source.rows[0][2].value_or("");
        if (!wishes.table.empty() && qualified(server, wishes.table, schema) != target.relation)
            throw UsageError("the source " + wishes.source + " reads " + target.relation + ", not " +
                             wishes.table);
        if (!wishes.register_kind.empty() && wishes.register_kind != target.kind)
            throw UsageError("the source " + wishes.source + " is registered already, as " + target.kind);
        qualified(server, target.relation, schema);
    } else {
        target.relation =
            qualified(server, wishes.table.empty() ? "landing." + wishes.source : wishes.table, schema);
    }
    target.exists =
        server.value("SELECT to_regclass(" + server.quote(target.relation) + ") IS NOT NULL") == "t";
    if (target.exists) {
        fit_existing(server, layout, message_column, target);
        return target;
    }
    if (server.value("SELECT to_regnamespace(quote_ident(" + server.quote(schema) + ")) IS NULL") == "t") {
        // Only the one that nobody asked for.
        if (!wishes.table.empty())
            refuse("there is no schema " + schema, "",
                   "Create it first: CREATE SCHEMA " + server.name(schema) + ";");
        target.create.push_back("CREATE SCHEMA " + server.name(schema));
    }
    if (layout.is_json && (wishes.register_kind.empty() || wishes.register_kind == "messages")) {
        target.whole_lines = true;
        target.columns = {"message"};
    } else {
        target.columns = layout.names;
        for (size_t i = 0; target.columns.size() < layout.width; ++i)
            target.columns.push_back("column_" + std::to_string(i + 1));
    }
    std::string list;
    for (const std::string& name : target.columns)
        list += (list.empty() ? "" : ", ") + server.name(name) + " text";
    target.create.push_back("CREATE TABLE " + target.relation + " (" + list + ")");
    if (!wishes.key.empty() &&
        std::find(target.columns.begin(), target.columns.end(), wishes.key) == target.columns.end() &&
        wishes.key != "*") {
        throw UsageError("the file has no column " + wishes.key + did_you_mean(wishes.key, target.columns) +
                         " (its columns are " + listed(target.columns) + ")");
    }
    return target;
}

void lock_file(Server& server, const Target& target, const std::string& head_hash) {
    server.query("SET lock_timeout = '10s'");
    try {
        server.query("SELECT pg_advisory_lock(hashtextextended(" +
                     server.quote("cdp load " + target.relation + " " + head_hash) + ", 0))");
    } catch (const ServerError& error) {
        if (std::string(error.what()).find("lock timeout") == std::string::npos) throw;
        refuse("another program is loading this file into " + target.relation, "",
               "Wait until it has ended, then run this again.");
    }
    server.query("RESET lock_timeout");
}

std::vector<EarlierLoad> earlier_loads(Server& server, const Target& target, const std::string& head_hash,
                                       std::string& forget) {
    const std::string relation = server.quote(target.relation);
    const auto number = [](const Value& value) {
        return static_cast<int64_t>(std::stoll(value.value_or("0")));
    };
    const bool exists = server.value("SELECT to_regclass(" + relation + ") IS NOT NULL") == "t";
    // In one statement with the look at the table, so that what others load into it meanwhile stays.
    const std::string gone = server.value(
        "SELECT string_agg(load_id::text, ', ') FROM cdp_data.loaded_file WHERE relation = " + relation +
        (exists ? " AND NOT EXISTS (SELECT FROM " + target.relation + ")" : ""));
    std::vector<EarlierLoad> out;
    if (!gone.empty()) forget = "DELETE FROM cdp_data.loaded_file WHERE load_id IN (" + gone + ")";
    if (!exists || !gone.empty()) return out;
    for (const Row& row :
         server
             .query("SELECT load_id, bytes_read, content_hash, lines_read, rows_loaded, rows_rejected, "
                    "is_complete, "
                    "to_char(updated_at, 'YYYY-MM-DD HH24:MI') FROM cdp_data.loaded_file WHERE relation = " +
                    relation + " AND (head_hash = " + server.quote(head_hash) +
                    " OR bytes_read <= " + std::to_string(kHeadBytes) + ")")
             .rows) {
        out.push_back({number(row[0]),
                       {number(row[1]), row[2].value_or("")},
                       number(row[3]),
                       number(row[4]),
                       number(row[5]),
                       row[6] == "t",
                       row[7].value_or("")});
    }
    return out;
}

}  // namespace cdp::client
