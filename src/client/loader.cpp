// SPDX-License-Identifier: PostgreSQL
#include "loader.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "interrupt.hpp"

namespace cdp::client {
namespace {

// A batch ends early when so much was rejected: the rejects of a batch are in memory.
constexpr size_t kMaxBatchRejects = 1000;
constexpr size_t kMaxBatchRejectBytes = size_t{4} << 20;
constexpr size_t kShownRejects = 5;

std::string number(int64_t value) {
    return std::to_string(value);
}

}  // namespace

Loader::Loader(Server& server, Input& input, const LoadPlan& plan)
    : server_(server),
      input_(input),
      plan_(plan),
      head_hash_(sha256_hex(input.window().substr(0, kHeadBytes))) {
    for (const std::string& column : plan.target.columns) {
        quoted_columns_.push_back(server.name(column));
        has_decimals_.push_back(plan.mend_decimal_comma && !plan.target.whole_lines &&
                                (plan.decimal_columns.empty() ||
                                 std::find(plan.decimal_columns.begin(), plan.decimal_columns.end(),
                                           column) != plan.decimal_columns.end()));
    }
    for (const std::string& column : plan.decimal_columns) {
        if (std::find(plan.target.columns.begin(), plan.target.columns.end(), column) ==
            plan.target.columns.end()) {
            throw cdp::Error(cdp::ErrorCode::kInvalidInput, "the file has no column " + column, "",
                             "Correct --decimal-comma.");
        }
    }
}

void Loader::find_earlier() {
    if (!plan_.dry_run) lock_file(server_, plan_.target, head_hash_);
    std::string forget;
    std::vector<EarlierLoad> loads = earlier_loads(server_, plan_.target, head_hash_, forget);
    first_ = plan_.target.create;
    if (!forget.empty()) first_.push_back(forget);
    // What was begun again and interrupted goes on all the same.
    if (plan_.again) std::erase_if(loads, [](const EarlierLoad& load) { return load.is_complete; });
    std::vector<Beginning> known;
    for (const EarlierLoad& load : loads) known.push_back(load.beginning);
    const int found = input_.take_known_beginning(known);
    if (found >= 0) earlier_ = loads[static_cast<size_t>(found)];
}

void Loader::reject(int64_t line, std::string reason, std::string_view text) {
    Reject entry{line, std::move(reason), printable_original(text, plan_.layout.encoding)};
    if (first_rejects_.size() < kShownRejects) first_rejects_.push_back(entry);
    ++rejected_;
    reject_bytes_ += entry.original.size();
    if (!plan_.dry_run) rejects_.push_back(std::move(entry));
    if (plan_.max_rejects >= 0 && rejected_ > plan_.max_rejects) {
        std::string detail;
        for (const Reject& shown : first_rejects_)
            detail += (detail.empty() ? "Line " : "; line ") + number(shown.line) + ": " + shown.reason;
        throw cdp::Error(cdp::ErrorCode::kLimitExceeded,
                         "more than " + number(plan_.max_rejects) + " lines cannot be read", detail + ".",
                         stopped("Mend the file, or raise --max-rejects."));
    }
}

// How things stand when a load ends early.
std::string Loader::stopped(const char* why) const {
    const int64_t all = earlier_.rows_loaded;
    if (all == 0) return std::string(why) + " Nothing was loaded.";
    return std::string(why) + " " + thousands(all) +
           " rows of it are loaded; run this again to go on after them.";
}

void Loader::take_fields(const FileRow& row, Encoding encoding) {
    for (size_t i = 0; i < row.fields.size(); ++i) {
        values_[i].clear();
        append_decoded(values_[i], row.fields[i], encoding);
        if (has_decimals_[i]) mend_decimal_comma(values_[i]);
        pointers_[i] = values_[i].c_str();
    }
}

void Loader::take_members(FileRow& row, std::string& problem) {
    const std::vector<std::string>& columns = plan_.target.columns;
    std::fill(pointers_.begin(), pointers_.end(), nullptr);
    for (JsonMember& member : row.members) {
        const auto found = std::find(columns.begin(), columns.end(), member.name);
        if (found == columns.end()) {
            problem = "no column for the member \"" + std::string(cdp::clip_utf8(member.name, 63)) + "\"";
            return;
        }
        const auto i = static_cast<size_t>(found - columns.begin());
        if (!member.value) {
            pointers_[i] = nullptr;
            continue;
        }
        values_[i] = std::move(*member.value);
        if (has_decimals_[i]) mend_decimal_comma(values_[i]);
        pointers_[i] = values_[i].c_str();
    }
}

bool Loader::take_row(FileRow& row) {
    std::string problem = row.problem;
    Encoding encoding = plan_.layout.encoding;
    if (problem.empty() && row.text.find('\0') != std::string_view::npos) problem = "a NUL byte";
    if (problem.empty() && (encoding == Encoding::kUtf8 || encoding == Encoding::kUndecided) &&
        !is_utf8(row.text)) {
        if (encoding == Encoding::kUndecided) {
            encoding = Encoding::kWindows1252;
            ++guessed_;
        } else {
            problem = "bytes that are not UTF-8";
        }
    }
    if (problem.empty() && plan_.target.whole_lines) {
        std::string_view line = row.text;
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
        if (row.line == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
        values_[0].clear();
        append_decoded(values_[0], line, encoding);
        pointers_[0] = values_[0].c_str();
    } else if (problem.empty() && plan_.layout.is_json) {
        take_members(row, problem);
    } else if (problem.empty()) {
        take_fields(row, encoding);
    }
    if (problem.empty()) return true;
    reject(row.line, std::move(problem), row.text);
    return false;
}

void Loader::write_rejects() {
    std::string values;
    for (const Reject& entry : rejects_) {
        if (!values.empty()) values += ", ";
        values += "(" + number(entry.line) + ", " + server_.quote(entry.reason) + ", " +
                  server_.quote(entry.original) + ")";
    }
    const std::string relation = server_.quote(plan_.target.relation);
    server_.query(
        "INSERT INTO cdp_data.reject AS j (reject_hash, relation, line_number, reason, original, "
        "last_seen_at) "
        "SELECT cdp._reject_hash(NULL, v.line::text, " +
        relation + ", v.original), " + relation +
        ", v.line, v.reason, v.original, clock_timestamp() FROM (VALUES " + values +
        ") AS v(line, reason, original) "
        "ON CONFLICT (reject_hash) DO UPDATE SET last_seen_at = clock_timestamp(), resolved_at = NULL");
}

// A complete file that has grown stays remembered beside the longer one.
void Loader::note_progress(bool complete, const RowReader& reader) {
    const Beginning now{input_.position(), input_.hash()};
    const std::string rows = number(earlier_.rows_loaded + rows_ - committed_rows_);
    const std::string rejected = number(earlier_.rows_rejected + rejected_ - committed_rejects_);
    const std::string lines = number(reader.next_line() - 1);
    if (earlier_.load_id != 0 && !earlier_.is_complete) {
        const std::string changed = server_.value(
            "UPDATE cdp_data.loaded_file SET content_hash = " + server_.quote(now.hash) +
            ", bytes_read = " + number(now.bytes) + ", lines_read = " + lines + ", rows_loaded = " + rows +
            ", rows_rejected = " + rejected + ", is_complete = " + (complete ? "true" : "false") +
            ", updated_at = clock_timestamp() WHERE load_id = " + number(earlier_.load_id) +
            " AND bytes_read = " + number(earlier_.beginning.bytes) + " RETURNING load_id");
        if (changed.empty())
            throw ServerError("another program has gone on with this file; nothing of this batch was kept");
    } else {
        earlier_.load_id =
            std::stoll(server_.value("INSERT INTO cdp_data.loaded_file (relation, file_name, head_hash, "
                                     "content_hash, bytes_read, lines_read, rows_loaded, "
                                     "rows_rejected, is_complete) VALUES (" +
                                     server_.quote(plan_.target.relation) + ", " +
                                     server_.quote(printable_original(input_.name(), Encoding::kUtf8)) +
                                     ", " + server_.quote(head_hash_) + ", " + server_.quote(now.hash) +
                                     ", " + number(now.bytes) + ", " + lines + ", " + rows + ", " + rejected +
                                     ", " + (complete ? "true" : "false") + ") RETURNING load_id"));
    }
    earlier_.beginning = now;
    earlier_.is_complete = false;
}

bool Loader::load_batch(RowReader& reader, Progress& progress) {
    FileRow row;
    int64_t rows = 0;
    bool more = true;
    rejects_.clear();
    reject_bytes_ = 0;
    copying_ = false;
    if (!plan_.dry_run) {
        server_.begin();
        for (const std::string& statement : first_) server_.query(statement);
    }
    while (rows < plan_.batch && rejects_.size() < kMaxBatchRejects && reject_bytes_ < kMaxBatchRejectBytes) {
        more = reader.next(row);
        if (!more) break;
        if (take_row(row)) {
            ++rows;
            ++rows_;
            if (!plan_.dry_run) {
                if (!copying_) server_.copy_begin(plan_.target.relation, quoted_columns_);
                copying_ = true;
                server_.copy_row(pointers_);
            }
        }
        if ((rows & 1023) == 0 && !plan_.quiet) progress.update(input_.position(), rows_, rejected_);
    }
    if (plan_.dry_run) return more;
    if (copying_) server_.copy_end();
    if (!rejects_.empty()) write_rejects();
    note_progress(!more, reader);
    server_.commit();
    first_.clear();
    earlier_.rows_loaded += rows_ - committed_rows_;
    earlier_.rows_rejected += rejected_ - committed_rejects_;
    committed_rows_ = rows_;
    committed_rejects_ = rejected_;
    return more;
}

void Loader::summarise(const Progress& progress) {
    const double seconds = std::max(progress.seconds(), 1e-3);
    std::string out = (plan_.dry_run ? "would load " : "loaded ") + thousands(rows_) + " rows into " +
                      plan_.target.relation + " in " + spoken_duration(seconds) + " (" +
                      thousands(static_cast<int64_t>(static_cast<double>(rows_) / seconds)) + " rows/s), " +
                      thousands(rejected_) + " lines rejected\n";
    for (const Reject& entry : first_rejects_) {
        const std::string shown = readable(entry.original);
        out += "  line " + number(entry.line) + ": " + entry.reason + ": " +
               std::string(cdp::clip_utf8(shown, 100)) + "\n";
    }
    if (rejected_ > 0 && !plan_.dry_run) {
        out += "See: SELECT line_number, reason, original FROM cdp_data.reject WHERE relation = " +
               server_.quote(plan_.target.relation) +
               " AND line_number IS NOT NULL ORDER BY last_seen_at DESC;\n";
    }
    if (guessed_ > 0)
        out += thousands(guessed_) + " rows were not UTF-8 and were read as Windows-1252 (see --encoding)\n";
    print(out);
}

void Loader::run() {
    find_earlier();
    const bool went_on = earlier_.load_id != 0;
    const int64_t before = input_.position();
    std::unique_ptr<RowReader> reader = RowReader::make(input_, plan_.layout, earlier_.lines_read + 1);
    // Is there more than what is known?
    if (earlier_.is_complete && input_.window().empty() && !input_.fill(1)) {
        if (!plan_.quiet) {
            print("It was loaded on " + earlier_.when + ": " + thousands(earlier_.rows_loaded) + " rows, " +
                  thousands(earlier_.rows_rejected) +
                  " lines rejected. Nothing to do (--again loads it once more).\n");
        }
        return;
    }
    if (went_on && !plan_.quiet) {
        print((earlier_.is_complete ? "It has grown since " : "It was interrupted on ") + earlier_.when +
              "; " + thousands(earlier_.rows_loaded) + " rows are loaded, going on in line " +
              thousands(earlier_.lines_read + 1) + "\n");
    }
    if (earlier_.is_complete) {  // the longer file is another one; it counts from the beginning
        earlier_.load_id = 0;
        earlier_.is_complete = false;
    }
    values_.resize(plan_.target.columns.size());
    pointers_.resize(plan_.target.columns.size());
    Progress progress(input_.size(), before);
    try {
        while (load_batch(*reader, progress)) {
        }
    } catch (const Interrupted&) {
        progress.clear();
        server_.roll_back();
        throw Interrupted(plan_.dry_run ? "interrupted"
                                        : "interrupted\nHINT:  " + stopped("Nothing is half loaded."));
    } catch (const ServerError& error) {
        progress.clear();
        throw ServerError(std::string(error.what()) + "\nHINT:  " + stopped("The last batch was undone."));
    } catch (...) {
        progress.clear();
        throw;
    }
    progress.clear();
    if (!plan_.quiet) summarise(progress);
}

}  // namespace cdp::client
