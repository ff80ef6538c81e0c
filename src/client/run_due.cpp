// SPDX-License-Identifier: PostgreSQL
// cdp run-due: the feeds that are due, once for a cron, or again and again.
#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr std::array<Option, 3> kOptions{{
    {"max-seconds", '\0', "N", "begin no further run after so many seconds", Takes::kValue},
    {"watch", '\0', "SECONDS", "again and again, with so many seconds between (60 without =SECONDS)",
     Takes::kMaybeValue},
    {"quiet", 'q', "", "print nothing but failures", Takes::kNothing},
}};

constexpr Command kCommand{
    "run-due",
    "[OPTION…]",
    "runs the feeds that are due; for a cron",
    "Runs CALL cdp.run_due() and prints each run when it is done. To be called every few "
    "minutes by any cron, or once with\n"
    "--watch, which connects again when the server has gone away and ends with Ctrl-C. "
    "Status 1 when a run has failed or\n"
    "cdp.alerts() knows an error that nobody has acknowledged, so that a monitor hears of "
    "it; 0 when another runner\n"
    "is at work and all is well. Ctrl-C cancels the stage that runs; the next call does "
    "it again.",
    0,
    kOptions};

// One call. True when all is well.
bool run_once(const Arguments& arguments, std::unique_ptr<Server>& server) {
    const std::string seconds =
        arguments.has("max-seconds") ? std::to_string(arguments.number("max-seconds", 1, 1)) : "NULL";
    const bool quiet = arguments.has("quiet");
    if (!server) {
        std::unique_ptr<Server> fresh = connect(arguments);
        require_store(*fresh);
        server = std::move(fresh);
    }
    server->on_notice([&](const std::string& text) {
        constexpr std::string_view kNotice = "NOTICE:  ";
        try {
            if (!text.starts_with(kNotice)) {
                complain(text);
            } else if (!quiet) {
                print(text.substr(kNotice.size()));
            }
        } catch (const std::exception&) {  // nobody reads it; the run goes on
        }
    });
    server->query("SET client_min_messages = notice");  // which is how the runs come
    const Table done = server->query("CALL cdp.run_due(max_seconds => " + seconds + ")");
    server->on_notice([](const std::string&) {});
    const bool failed = done.rows.at(0).at(1).value_or("0") != "0";
    const Table alerts = server->query(
        "SELECT kind, subject, message, next_statement FROM cdp.alerts() WHERE severity = 'error' AND NOT "
        "is_acknowledged");
    for (const Row& row : alerts.rows)
        complain("alert: " + row[0].value_or("") + " " + row[1].value_or("") + ": " +
                 readable(row[2].value_or("")) + "\nHINT:  " + row[3].value_or(""));
    const bool well = !failed && alerts.rows.empty();
    const std::string runs = done.rows[0][0].value_or("0");
    if (!quiet && done.rows[0][2] != "t")
        print("run-due: " + runs + (runs == "1" ? " run, " : " runs, ") +
              coloured(well ? "ok" : "failed", well ? "ok" : "failed", use_colour(STDOUT_FILENO)) + "\n");
    return well;
}

}  // namespace

const Command& run_due_command() {
    return kCommand;
}

int run_run_due(const Arguments& arguments) {
    std::unique_ptr<Server> server;
    if (!arguments.has("watch")) return run_once(arguments, server) ? 0 : 1;
    const std::string given = arguments.text("watch");
    const int64_t pause = given.empty() ? 60 : arguments.number("watch", 60, 1);
    if (pause > 86400) throw UsageError("--watch takes at most 86400 seconds");
    for (bool connected = false;;) {
        try {
            run_once(arguments, server);
            connected = true;
        } catch (const Interrupted&) {
            throw;
        } catch (const std::exception& error) {
            // What is wrong at once, a name or a password, will not mend itself; a server that goes away
            // comes back.
            connected = connected || server;
            if (!connected) throw;
            complain(error.what());
            server.reset();
        }
        wait(static_cast<int>(pause) * 1000);
    }
}

}  // namespace cdp::client
