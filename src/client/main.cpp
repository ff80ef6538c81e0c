// SPDX-License-Identifier: PostgreSQL
// The program cdp: what the person who runs a customer data platform needs besides SQL.
#include <array>
#include <cstring>
#include <exception>
#include <functional>

#include "base/error.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Entry {
    const Command& command;
    int (*run)(const Arguments&);
};

std::array<Entry, 5> commands() {
    return {{{load_command(), run_load},
             {refresh_command(), run_refresh},
             {run_due_command(), run_run_due},
             {status_command(), run_status},
             {export_command(), run_export}}};
}

std::string general_help() {
    std::string out =
        "usage: cdp COMMAND [ARGUMENT…]\n\nRuns a customer data platform that lives in PostgreSQL "
        "(extension cdp).\n\nCommands:\n";
    for (const Entry& entry : commands()) {
        out += "  " + pad(entry.command.name, 10) + std::string(entry.command.summary) + "\n";
    }
    return out +
           "\n  cdp COMMAND --help    what a command takes\n"
           "  cdp --version         the version of this program\n\n"
           "Connections are made as psql makes them: -h -p -U -d, a conninfo string or URI, PG* variables,\n"
           "~/.pgpass. Exit status: 0 done, 1 failed, 2 wrong usage, 3 interrupted.\n";
}

int run(const Entry& entry, std::span<const char* const> words) {
    for (const char* word : words) {
        if (std::strcmp(word, "--") == 0) break;
        if (std::strcmp(word, "--help") == 0 || std::strcmp(word, "-?") == 0) {
            print(help_of(entry.command));
            return 0;
        }
    }
    return entry.run(Arguments(entry.command, words));
}

int run(std::span<const char* const> words) {
    if (words.empty()) throw UsageError("which command?");
    const std::string_view first = words[0];
    if (first == "--help" || first == "-?" || first == "help") {
        print(general_help());
        return 0;
    }
    if (first == "--version" || first == "-V") {
        print("cdp " CDP_VERSION "\n");
        return 0;
    }
    std::vector<std::string> names;
    for (const Entry& entry : commands()) {
        if (entry.command.name == first) return run(entry, words.subspan(1));
        names.emplace_back(entry.command.name);
    }
    throw UsageError("there is no command " + std::string(first) + did_you_mean(first, names));
}

}  // namespace

std::unique_ptr<Server> connect(const Arguments& arguments) {
    return Server::connect(arguments.connection(), ask_password);
}

}  // namespace cdp::client

int main(int argc, char** argv) {
    using namespace cdp::client;
    const std::span<const char* const> words(argv + 1, static_cast<size_t>(argc > 0 ? argc - 1 : 0));
    try {
        watch_for_interrupts();
        return run(words);
    } catch (const UsageError& error) {
        std::string name;
        for (const Entry& entry : commands()) {
            if (!words.empty() && entry.command.name == words[0]) name = std::string(words[0]) + " ";
        }
        complain(std::string(error.what()) + "\nTry: cdp " + name + "--help");
        return kExitUsage;
    } catch (const Interrupted& error) {
        complain(error.what());
        return kExitInterrupted;
    } catch (const cdp::Error& error) {
        complain(error.message() + (error.detail().empty() ? "" : "\nDETAIL:  " + error.detail()) +
                 (error.hint().empty() ? "" : "\nHINT:  " + error.hint()));
        return kExitFailed;
    } catch (const std::exception& error) {
        complain(error.what());
        return kExitFailed;
    }
}
