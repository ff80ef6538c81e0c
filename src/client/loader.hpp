// SPDX-License-Identifier: PostgreSQL
// Rows of a file into a table: each batch with its rejected lines and how far it came in one transaction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "input.hpp"
#include "rows.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace cdp::client {

struct LoadPlan {
    Layout layout;
    Target target;
    int64_t batch = 50000;
    int64_t max_rejects = -1;  // -1: any number
    bool dry_run = false;
    bool again = false;
    bool quiet = false;
    bool mend_decimal_comma = false;
    std::vector<std::string> decimal_columns;  // none: all
};

class Loader {
  public:
    Loader(Server& server, Input& input, const LoadPlan& plan);
    // Loads what is not loaded yet and prints what it did. Interrupted and errors leave whole batches behind.
    void run();

  private:
    struct Reject {
        int64_t line;
        std::string reason, original;
    };

    void find_earlier();
    bool load_batch(RowReader& reader, Progress& progress);  // false at the end of the file
    bool take_row(FileRow& row);                             // false when it is rejected
    void take_fields(const FileRow& row, Encoding encoding);
    void take_members(FileRow& row, std::string& problem);  // `problem`: set when they do not fit
    void reject(int64_t line, std::string reason, std::string_view text);
    void write_rejects();
    void note_progress(bool complete, const RowReader& reader);
    void summarise(const Progress& progress);
    std::string stopped(const char* why) const;

    Server& server_;
    Input& input_;
    const LoadPlan& plan_;
    std::vector<std::string> quoted_columns_;
    std::vector<bool> has_decimals_;
    std::string head_hash_;
    EarlierLoad earlier_;
    std::vector<std::string> first_;  // statements before the first row
    bool copying_ = false;
    std::vector<std::string> values_;    // of one row, decoded
    std::vector<const char*> pointers_;  // to them; nullptr: NULL
    std::vector<Reject> rejects_;        // of one batch
    std::vector<Reject> first_rejects_;  // for the summary
    size_t reject_bytes_ = 0;
    int64_t rows_ = 0, rejected_ = 0, guessed_ = 0;  // of this run
    int64_t committed_rows_ = 0, committed_rejects_ = 0;
};

}  // namespace cdp::client
