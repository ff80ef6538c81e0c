// SPDX-License-Identifier: PostgreSQL
// cdp refresh: the whole chain, step by step, here or in another session.
#include <unistd.h>

#include <array>
#include <set>

#include "base/error.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr std::array<Option, 1> kOptions{{
    {"watch", '\0', "", "show the steps of the refresh that runs now, until it ends", Takes::kNothing},
}};

constexpr Command kCommand{"refresh",
                           "[OPTION…]",
                           "reads the sources, resolves people, refreshes segments",
                           "Runs CALL cdp.refresh() and prints each step when it is done. Status 1 when a "
                           "step has failed; the others are\n"
                           "done all the same. Ctrl-C cancels the step that runs; steps that were done stay "
                           "done. With --watch, Ctrl-C\n"
                           "ends the watching only.",
                           0,
                           kOptions};

std::string shown_step(const Row& row, bool colour) {
    const std::string status = row[2].value_or("");
    std::string line = pad(row[1].value_or(""), 24) + " " + coloured(pad(status, 12), status, colour);
    const std::string what = readable(row[3].value_or(""));
    return line + what + (what.empty() ? "" : ", ") + spoken_duration(std::stod(row[4].value_or("0"))) + "\n";
}

Table steps_of(Server& server, const std::string& run) {
    return server.query(
        "SELECT step_number, step, status, concat_ws(', ', rows_read || ' read', rows_new || ' new', "
        "rows_changed || ' changed', "
        "rows_rejected || ' rejected', message), date_part('epoch', coalesce(finished_at, clock_timestamp()) "
        "- started_at) "
        "FROM cdp_data.run_step WHERE run_id = " +
        run + " ORDER BY step_number");
}

// What the running step is at, where it says so.
std::string phase_of(Server& server, const std::string& run) {
    return server.value(
        "SELECT p.phase || coalesce(' ' || p.percent || ' %', '') FROM cdp.progress() p JOIN cdp_data.run r "
        "USING (backend_pid) WHERE r.run_id = " +
        run);
}

int watch(Server& server) {
    const bool colour = use_colour(STDOUT_FILENO);
    const bool live = is_terminal(STDOUT_FILENO);
    const Table runs = server.query(
        "SELECT run_id, started_by, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS') FROM cdp_data.run "
        "WHERE status = 'running' AND cdp._is_working(backend_pid, started_at) ORDER BY run_id DESC LIMIT 1");
    if (runs.rows.empty())
        throw cdp::Error(cdp::ErrorCode::kInvalidInput, "no refresh is running", "",
                         "Start one: cdp refresh. The last one: cdp status");
    const std::string run = runs.rows[0][0].value_or("");
    print("run " + run + ", started by " + runs.rows[0][1].value_or("") + " at " +
          runs.rows[0][2].value_or("") + "\n");
    std::set<std::string> shown;
    while (true) {
        const std::string status = server.value(
            "SELECT CASE WHEN status = 'running' AND NOT cdp._is_working(backend_pid, started_at) THEN "
            "'interrupted' ELSE status END "
            "FROM cdp_data.run WHERE run_id = " +
            run);
        if (live) print("\r\033[K");
        for (const Row& row : steps_of(server, run).rows) {
            const bool running = row[2] == "running" && status == "running";
            if (running && live) {
                Row now = row;
                if (const std::string phase = phase_of(server, run); !phase.empty()) now[3] = phase;
                std::string line = shown_step(now, colour);
                line.pop_back();
                print(line);
            } else if (!running && shown.insert(row[0].value_or("")).second) {
                print(shown_step(row, colour));
            }
        }
        if (status != "running") {
            if (live) print("\r\033[K");
            print("run " + run + ": " + coloured(status, status, colour) + "\n");
            return status == "ok" ? 0 : 1;
        }
        wait(300);
    }
}

}  // namespace

const Command& refresh_command() {
    return kCommand;
}

int run_refresh(const Arguments& arguments) {
    const std::unique_ptr<Server> server = connect(arguments);
    require_store(*server);
    if (arguments.has("watch")) return watch(*server);
    server->on_notice([&](const std::string& text) {
        constexpr std::string_view kNotice = "NOTICE:  ";
        try {
            if (text.starts_with(kNotice)) {
                print(text.substr(kNotice.size()));
            } else {
                complain(text);
            }
        } catch (const std::exception&) {  // nobody reads it; the refresh goes on
        }
    });
    server->query("SET client_min_messages = notice");  // which is how the steps come
    server->query("CALL cdp.refresh()");
    server->on_notice([](const std::string&) {});
    const std::string status = server->value(
        "SELECT status FROM cdp_data.run WHERE backend_pid = pg_backend_pid() ORDER BY run_id DESC LIMIT 1");
    print("refresh: " + coloured(status, status, use_colour(STDOUT_FILENO)) + "\n");
    return status == "ok" ? 0 : 1;
}

}  // namespace cdp::client
