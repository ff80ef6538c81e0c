// SPDX-License-Identifier: PostgreSQL
// cdp load: a file into the table of a source, batch by batch.
#include <array>

#include "base/error.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "loader.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr std::array<Option, 17> kOptions{{
    {"source", '\0', "NAME", "the source that the file belongs to (required)", Takes::kValue},
    {"table", '\0', "SCHEMA.TABLE", "where it goes (the source's table, or landing.NAME)", Takes::kValue},
    {"register", '\0', "KIND", "add the source afterwards: people, events or messages", Takes::kValue},
    {"key", '\0', "COLUMN", "with --register: the column that identifies a row", Takes::kValue},
    {"person-source", '\0', "NAME", "with --register events: whose keys the events hold", Takes::kValue},
    {"event-kind", '\0', "KIND", "with --register events: what happened, if no column says it",
     Takes::kValue},
    {"country", '\0', "CODE", "with --register: of phone numbers without one, as CL", Takes::kValue},
    {"format", '\0', "FORMAT", "auto, csv or jsonl (JSON lines)", Takes::kValue},
    {"delimiter", '\0', "CHARACTER", "auto, or one character such as , ; | or tab", Takes::kValue},
    {"header", '\0', "auto|yes|no", "whether the first line names the columns", Takes::kValue},
    {"encoding", '\0', "NAME", "auto, utf-8, windows-1252 or latin-1", Takes::kValue},
    {"decimal-comma", '\0', "COLUMN,…", "1.234,50 means 1234.50, in these columns or in all",
     Takes::kMaybeValue},
    {"batch", '\0', "ROWS", "rows in one transaction (50000)", Takes::kValue},
    {"max-rejects", '\0', "N", "stop when more than N lines cannot be read", Takes::kValue},
    {"again", '\0', "", "load it even if it has been loaded", Takes::kNothing},
    {"dry-run", '\0', "", "read it all and say what would be done; write nothing", Takes::kNothing},
    {"quiet", 'q', "", "no progress, no summary", Takes::kNothing},
}};

constexpr Command kCommand{"load",
                           "FILE|- --source NAME [OPTION…]",
                           "loads a CSV or JSON-lines file into the table of a source",
                           "Loads a file of any size, or stdin, into the table of a source, in transactions "
                           "of --batch rows. The table\n"
                           "is made when it does not exist, all columns text. Lines that cannot be read are "
                           "kept in cdp_data.reject.\n"
                           "What was loaded is remembered by content (cdp_data.loaded_file): a load that was "
                           "interrupted goes on where\n"
                           "it stopped, of a file that has grown only the new rows are loaded, and a file "
                           "loaded twice adds nothing.",
                           1,
                           kOptions};

std::optional<Encoding> encoding_of(const Arguments& arguments) {
    constexpr std::array<std::string_view, 4> kNames{"auto", "utf-8", "windows-1252", "latin-1"};
    const std::string name = arguments.choice("encoding", kNames);
    if (name == "utf-8") return Encoding::kUtf8;
    if (name == "windows-1252") return Encoding::kWindows1252;
    if (name == "latin-1") return Encoding::kLatin1;
    return std::nullopt;
}

LayoutWishes layout_wishes(const Arguments& arguments) {
    LayoutWishes wishes;
    constexpr std::array<std::string_view, 3> kFormats{"auto", "csv", "jsonl"};
    constexpr std::array<std::string_view, 3> kHeaders{"auto", "yes", "no"};
    const std::string format = arguments.choice("format", kFormats);
    if (format != "auto") wishes.is_json = format == "jsonl";
    const std::string header = arguments.choice("header", kHeaders);
    if (header != "auto") wishes.has_header = header == "yes";
    const std::string delimiter = arguments.text("delimiter", "auto");
    if (delimiter != "auto") {
        try {
            wishes.delimiter = cdp::ingest::parse_delimiter(delimiter);
        } catch (const cdp::Error& error) {
            throw UsageError(error.message() + "\nDETAIL:  " + error.detail());
        }
    }
    wishes.encoding = encoding_of(arguments);
    return wishes;
}

// What the caller is to do next with a table that no source reads.
std::string next_statement(Server& server, const Target& target) {
    if (target.whole_lines) {
        return "SELECT * FROM cdp.add_source(" + server.quote(target.source) + ", " +
               server.quote(target.relation) + ", kind => 'messages');";
    }
    return "SELECT * FROM cdp.add_source(" + server.quote(target.source) + ", " +
           server.quote(target.relation) + ", key => " + server.quote(target.columns.front()) + ");";
}

void register_source(Server& server, const Target& target, const Arguments& arguments, bool quiet) {
    std::string call = "SELECT column_name, target FROM cdp.add_source(" + server.quote(target.source) +
                       ", " + server.quote(target.relation) + ", kind => " +
                       server.quote(arguments.text("register"));
    const auto pass = [&](const char* option, const char* name) {
        if (arguments.has(option))
            call += std::string(", ") + name + " => " + server.quote(arguments.text(option));
    };
    pass("key", "key");
    pass("person-source", "person_source");
    pass("event-kind", "event_kind");
    pass("country", "country");
    const Table mapping = server.query(call + ") AS a(column_name, target)");
    if (quiet) return;
    print("source " + target.source + " registered; its columns feed\n");
    for (const Row& row : mapping.rows)
        print("  " + pad(readable(row[0].value_or("")), 24) + " " + row[1].value_or("nothing") + "\n");
}

}  // namespace

const Command& load_command() {
    return kCommand;
}

int run_load(const Arguments& arguments) {
    if (arguments.operands().empty()) throw UsageError("which file? (- is stdin)");
    LoadPlan plan;
    TargetWishes wishes{arguments.text("source"), arguments.text("table"), arguments.text("register"),
                        arguments.text("key")};
    if (wishes.source.empty()) throw UsageError("which source? Say it: --source NAME");
    if (wishes.source.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos ||
        wishes.source.size() > 63 || wishes.source[0] < 'a') {
        throw UsageError(
            "\"" + wishes.source +
            "\" cannot be the name of a source: small letters, digits and underscores, a letter first");
    }
    if (arguments.has("register")) {
        constexpr std::array<std::string_view, 3> kKinds{"people", "events", "messages"};
        const std::string kind = arguments.choice("register", kKinds);
        if (kind != "messages" && wishes.key.empty())
            throw UsageError("--register " + kind + " needs --key COLUMN");
        if (kind == "events" && !arguments.has("person-source"))
            throw UsageError("--register events needs --person-source NAME");
    }
    const LayoutWishes layout_wish = layout_wishes(arguments);
    plan.batch = arguments.number("batch", 50000, 1);
    plan.max_rejects = arguments.number("max-rejects", -1, 0);
    plan.dry_run = arguments.has("dry-run");
    plan.again = arguments.has("again");
    plan.quiet = arguments.has("quiet");
    plan.mend_decimal_comma = arguments.has("decimal-comma");
    plan.decimal_columns = arguments.list("decimal-comma");

    Input input(arguments.operands()[0]);
    const std::unique_ptr<Server> server = connect(arguments);
    require_store(*server);
    input.fill(kHeadBytes);
    plan.layout = find_layout(input.window(), input.name(), layout_wish);
    if (plan.layout.is_json && plan.layout.encoding != Encoding::kUtf8)
        throw UsageError("JSON lines are UTF-8; convert them first: iconv -f … -t UTF-8 FILE | cdp load - …");
    plan.target = find_target(*server, plan.layout, wishes);
    const bool registered = !plan.target.kind.empty();
    if (!plan.quiet) {
        print(input.name() + ": " + spoken(plan.layout) + " → " + plan.target.relation +
              (plan.target.exists ? ""
               : plan.dry_run     ? ", which would be made"
                                  : ", which is made") +
              "\n");
    }
    Loader loader(*server, input, plan);
    loader.run();
    if (plan.dry_run) return 0;
    if (arguments.has("register") && !registered) {
        register_source(*server, plan.target, arguments, plan.quiet);
    } else if (!registered && !plan.quiet) {
        print("No source reads the table yet. Next:\n  " + next_statement(*server, plan.target) + "\n");
    } else if (!plan.quiet) {
        print("Next: cdp refresh\n");
    }
    return 0;
}

}  // namespace cdp::client
