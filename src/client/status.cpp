// SPDX-License-Identifier: PostgreSQL
// cdp status: is everything well, and what was done last?
#include <unistd.h>

#include <algorithm>

#include "commands.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr Command kCommand{"status",
                           "[OPTION…]",
                           "shows checks, the last run and the sources",
                           "Shows what cdp.health() finds, with the statement to run next where something is "
                           "to be done, the steps of the\n"
                           "last run, and the sources. Status 1 when a check is an error.",
                           0,
                           {}};

// Columns as wide as their widest value; the last one as it is. `status_column` is coloured.
void print_table(const Table& table, size_t status_column, bool colour) {
    std::vector<size_t> widths(table.columns.size());
    for (const Row& row : table.rows) {
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(readable(row[i].value_or(""))));
    }
    for (const Row& row : table.rows) {
        std::string line = " ";
        for (size_t i = 0; i < row.size(); ++i) {
            const std::string value = readable(row[i].value_or(""));
            std::string cell = i + 1 == row.size() ? value : pad(value, widths[i]);
            if (i == status_column) cell = coloured(cell, value, colour);
            line += " " + cell + (i + 1 == row.size() ? "" : " ");
        }
        line.erase(line.find_last_not_of(' ') + 1);
        print(line + "\n");
    }
}

}  // namespace

const Command& status_command() {
    return kCommand;
}

int run_status(const Arguments& arguments) {
    const std::unique_ptr<Server> server = connect(arguments);
    const bool colour = use_colour(STDOUT_FILENO);
    if (server->value("SELECT count(*) FROM pg_extension WHERE extname = 'cdp'") != "1")
        require_store(*server);
    Table health = server->query("SELECT status, \"check\", message, next_statement FROM cdp.health()");
    bool well = true;
    print("Checks\n");
    Table checks{{"", "", ""}, {}};
    for (const Row& row : health.rows) {
        well = well && row[0] != "error";
        checks.rows.push_back({row[0], row[1], row[2]});
    }
    print_table(checks, 0, colour);
    bool first = true;
    for (const Row& row : health.rows) {
        if (!row[3]) continue;
        if (first) print("\nTo do\n");
        first = false;
        print("  " + row[1].value_or("") + ":\n    " + readable(*row[3]) + "\n");
    }
    // Without the store there is nothing more to tell.
    if (server->value("SELECT cdp._store_version() = (SELECT max(version) FROM cdp._store_tables())") != "t")
        return 1;
    const Table run = server->query(
        "SELECT run_id, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS'), started_by, date_part('epoch', "
        "coalesce(finished_at, clock_timestamp()) - started_at)"
        " FROM cdp_data.run ORDER BY run_id DESC LIMIT 1");
    if (!run.rows.empty()) {
        const Row& r = run.rows[0];
        print("\nLast run: " + r[0].value_or("") + ", " + r[1].value_or("") + " by " + r[2].value_or("") +
              ", " + spoken_duration(std::stod(r[3].value_or("0"))) + "\n");
        print_table(
            server->query("SELECT status, step, concat_ws(', ', rows_read || ' read', rows_new || ' new', "
                          "rows_changed || ' changed', "
                          "rows_rejected || ' rejected', message) FROM cdp_data.run_step WHERE run_id = " +
                          r[0].value_or("0") + " ORDER BY step_number"),
            0, colour);
    }
    const Table sources = server->query(
        "SELECT s.name, s.kind, s.relation, coalesce('read ' || to_char(s.ingested_at, 'YYYY-MM-DD "
        "HH24:MI'), 'never read') || "
        "CASE WHEN s.is_active THEN '' ELSE ', not active' END FROM cdp_data.source s ORDER BY s.priority, "
        "s.source_id");
    if (!sources.rows.empty()) {
        print("\nSources\n");
        print_table(sources, sources.columns.size(), colour);
    }
    return well ? 0 : 1;
}

}  // namespace cdp::client
