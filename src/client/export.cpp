// SPDX-License-Identifier: PostgreSQL
// cdp export: who of a segment may be contacted, as a file.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "sha256.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace cdp::client {
namespace {

constexpr std::array<Option, 7> kOptions{{
    {"channel", '\0', "CHANNEL,…", "by which they may be contacted (email): email, sms, phone, post",
     Takes::kValue},
    {"purpose", '\0', "PURPOSE", "what for (marketing)", Takes::kValue},
    {"columns", '\0', "COLUMN,…", "which columns, see above", Takes::kValue},
    {"format", '\0', "FORMAT", "csv (RFC 4180) or jsonl (JSON lines)", Takes::kValue},
    {"hash", '\0', "sha256", "hash e-mail addresses and numbers, for advertising platforms", Takes::kValue},
    {"phone-digits", '\0', "", "with --hash: numbers without the +, as Meta wants them", Takes::kNothing},
    {"output", 'o', "FILE", "where to (stdout); the file appears when it is complete", Takes::kValue},
}};

constexpr Command kCommand{
    "export",
    "AUDIENCE [OPTION…]",
    "writes who of a segment may be contacted, as CSV or JSON lines",
    "Writes the members of a segment that may be contacted now by one of the channels, one row per person. "
    "Consent\n"
    "is looked up live by cdp.audience(): the columns email, sms, phone and post hold an address only where "
    "the\n"
    "person has agreed to that channel. Columns: these, profile_id, entered_at, those of cdp_data.profile, "
    "and your\n"
    "own attributes as details.NAME. By default profile_id, the channels, given_name, family_name and city; "
    "with\n"
    "--hash only the channels. Hashed are: the address in small letters, the number as E.164 (+14155550100).",
    1,
    kOptions};

constexpr std::array<std::string_view, 4> kChannels{"email", "sms", "phone", "post"};

bool is_channel(std::string_view name) {
    return std::find(kChannels.begin(), kChannels.end(), name) != kChannels.end();
}

struct Field {
    std::string header;
    std::string sql;
    bool hashed = false;
    bool is_phone = false;
};

struct Wishes {
    std::vector<std::string> channels, columns;
    std::string segment, purpose;
    bool hash = false, phone_digits = false;
};

Field field_of(Server& server, const std::string& column, const std::vector<std::string>& profile,
               const Wishes& wishes) {
    if (is_channel(column)) {
        if (std::find(wishes.channels.begin(), wishes.channels.end(), column) == wishes.channels.end())
            throw UsageError("the column " + column + " needs the channel: --channel " + column);
        const bool hashed = wishes.hash && column != "post";
        return {column + (hashed ? "_sha256" : ""), "a_" + column + ".address", hashed, column != "email"};
    }
    if (column == "profile_id") return {column, "m.profile_id", false, false};
    if (column == "entered_at") return {column, "m.entered_at", false, false};
    constexpr std::string_view kDetails = "details.";
    if (std::string_view(column).starts_with(kDetails))
        return {column.substr(kDetails.size()),
                "f.details ->> " + server.quote(column.substr(kDetails.size())), false, false};
    if (column == "street") {  // where to write to somebody is an address, too
        if (std::find(wishes.channels.begin(), wishes.channels.end(), "post") == wishes.channels.end())
            throw UsageError("the column street needs the channel: --channel post");
        return {column, "CASE WHEN a_post.address IS NOT NULL THEN f.street END", false, false};
    }
    if (std::find(profile.begin(), profile.end(), column) == profile.end()) {
        std::vector<std::string> all = profile;
        all.insert(all.end(), {"entered_at", "email", "sms", "phone", "post"});
        throw UsageError("there is no column " + column + did_you_mean(column, all));
    }
    return {column, "f." + server.name(column), false, false};
}

// The members with their addresses, each channel asked for once.
std::string query_of(Server& server, const Wishes& wishes, const std::vector<Field>& fields) {
    std::string with, members, joins, list;
    for (const std::string& channel : wishes.channels) {
        with += (with.empty() ? "WITH " : ", ") + ("a_" + channel) +
                " AS MATERIALIZED (SELECT profile_id, address, entered_at FROM cdp.audience(" +
                server.quote(wishes.segment) + ", channel => " + server.quote(channel) + ", purpose => " +
                server.quote(wishes.purpose) + "))";
        members += (members.empty() ? "" : " UNION ") + ("SELECT profile_id, entered_at FROM a_" + channel);
        joins += " LEFT JOIN a_" + channel + " ON a_" + channel + ".profile_id = m.profile_id";
    }
    for (const Field& field : fields) list += (list.empty() ? "" : ", ") + field.sql;
    return with + " SELECT " + list + " FROM (" + members +
           ") AS m JOIN cdp_data.profile f ON f.profile_id = m.profile_id" + joins + " ORDER BY m.profile_id";
}

std::string normalised_hash(const std::string& address, const Field& field, bool phone_digits) {
    std::string text;
    for (const char c : address) {
        if (field.is_phone) {
            if ((c >= '0' && c <= '9') || (c == '+' && text.empty() && !phone_digits)) text += c;
        } else if (c != ' ') {
            text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return sha256_hex(text);
}

void append_csv(std::string& out, std::string_view value) {
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_json(std::string& out, std::string_view value) {
    out += '"';
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
            out += escape.data();
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

// A file that appears when it is complete: until then it has another name, and is removed if it comes to
// nothing.
class Output {
  public:
    explicit Output(const std::string& path) : path_(path), part_(path + ".part") {
        if (path.empty() || path == "-") return;
        unlink(part_.c_str());  // left by one that was killed
        file_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file_ < 0) throw std::runtime_error(part_ + " cannot be made: " + std::strerror(errno));
    }
    ~Output() {
        if (file_ == STDOUT_FILENO) return;
        close(file_);
        if (!complete_) unlink(part_.c_str());
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    bool is_stdout() const { return file_ == STDOUT_FILENO; }
    void write(std::string_view text) { write_all(file_, text); }
    void finish() {
        if (file_ == STDOUT_FILENO) return;
        if (fsync(file_) != 0 || std::rename(part_.c_str(), path_.c_str()) != 0)
            throw std::runtime_error(path_ + " cannot be written: " + std::strerror(errno));
        complete_ = true;
    }

  private:
    std::string path_, part_;
    int file_ = STDOUT_FILENO;
    bool complete_ = false;
};

std::string line_of(const Row& row, const std::vector<Field>& fields, bool json, bool phone_digits) {
    std::string line;
    for (size_t i = 0; i < fields.size(); ++i) {
        Value value = row[i];
        if (value && fields[i].hashed) value = normalised_hash(*value, fields[i], phone_digits);
        if (json) {
            line += i == 0 ? "{" : ", ";
            append_json(line, fields[i].header);
            line += ": ";
            if (value) append_json(line, *value);
            if (!value) line += "null";
        } else {
            if (i > 0) line += ',';
            append_csv(line, value.value_or(""));
        }
    }
    return line + (json ? "}\n" : "\r\n");
}

Wishes wishes_of(const Arguments& arguments) {
    Wishes wishes;
    wishes.segment = arguments.operands()[0];
    wishes.purpose = arguments.text("purpose", "marketing");
    for (const std::string& channel : arguments.list("channel", "email")) {
        if (!is_channel(channel))
            throw UsageError("there is no channel " + channel + "; channels are email, sms, phone and post");
        if (std::find(wishes.channels.begin(), wishes.channels.end(), channel) == wishes.channels.end())
            wishes.channels.push_back(channel);
    }
    if (wishes.channels.empty()) throw UsageError("which channel? For example: --channel email,sms");
    constexpr std::array<std::string_view, 2> kHashes{"none", "sha256"};
    wishes.hash = arguments.choice("hash", kHashes) == "sha256";
    wishes.phone_digits = arguments.has("phone-digits");
    if (wishes.phone_digits && !wishes.hash) throw UsageError("--phone-digits needs --hash sha256");
    wishes.columns = arguments.list("columns");
    if (wishes.columns.empty()) {
        wishes.columns = wishes.channels;
        if (!wishes.hash) {
            wishes.columns.insert(wishes.columns.begin(), "profile_id");
            wishes.columns.insert(wishes.columns.end(), {"given_name", "family_name", "city"});
        }
    }
    return wishes;
}

}  // namespace

const Command& export_command() {
    return kCommand;
}

int run_export(const Arguments& arguments) {
    if (arguments.operands().empty()) throw UsageError("which audience? Name a segment");
    const Wishes wishes = wishes_of(arguments);
    constexpr std::array<std::string_view, 2> kFormats{"csv", "jsonl"};
    const bool json = arguments.choice("format", kFormats) == "jsonl";
    const std::unique_ptr<Server> server = connect(arguments);
    require_store(*server);

    std::vector<std::string> profile;
    for (const Row& row : server
                              ->query("SELECT column_name FROM cdp._relation_columns('cdp_data.profile') "
                                      "WHERE column_name <> 'details'")
                              .rows)
        profile.push_back(row[0].value_or(""));
    std::vector<Field> fields;
    for (const std::string& column : wishes.columns)
        fields.push_back(field_of(*server, column, profile, wishes));

    server->begin();
    server->query("DECLARE members NO SCROLL CURSOR FOR " + query_of(*server, wishes, fields));
    Output output(arguments.text("output"));
    std::string text;
    if (!json) {
        for (const Field& field : fields) {
            if (!text.empty()) text += ',';
            append_csv(text, field.header);
        }
        text += "\r\n";
    }
    int64_t rows = 0;
    while (true) {
        const Table table = server->query("FETCH FORWARD 2000 FROM members");
        for (const Row& row : table.rows) text += line_of(row, fields, json, wishes.phone_digits);
        rows += static_cast<int64_t>(table.rows.size());
        output.write(text);
        text.clear();
        if (table.rows.empty()) break;
    }
    output.finish();
    server->roll_back();
    if (!output.is_stdout()) print(thousands(rows) + " people written to " + arguments.text("output") + "\n");
    return 0;
}

}  // namespace cdp::client
