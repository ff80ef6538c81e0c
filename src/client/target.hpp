// SPDX-License-Identifier: PostgreSQL
// Where a file goes: the table, its columns, and what is remembered of earlier loads into it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "input.hpp"
#include "rows.hpp"
#include "server.hpp"

namespace cdp::client {

struct Target {
    std::string source;
    std::string relation;  // qualified and quoted
    std::string kind;      // of the registered source; "" when there is none of this name
    bool exists = false;
    std::vector<std::string> create;   // statements that make it
    std::vector<std::string> columns;  // that the file feeds, in the file's order; names, not quoted
    bool whole_lines = false;          // JSON lines go as they are into the one column
};

struct TargetWishes {
    std::string source;
    std::string table;          // "" : the source's, or landing.<source>
    std::string register_kind;  // "" : not to be registered
    std::string key;
};

// Ends with an error that says what to do unless the extension and its store are there.
void require_store(Server& server);

// Reads only; what has to be made is in `create`.
Target find_target(Server& server, const Layout& layout, const TargetWishes& wishes);

// Part of a file that is in the table already.
struct EarlierLoad {
    int64_t load_id = 0;  // 0: none
    Beginning beginning;
    int64_t lines_read = 0;
    int64_t rows_loaded = 0;
    int64_t rows_rejected = 0;
    bool is_complete = false;
    std::string when;
};

// One program at a time loads a file into a table: waits for ten seconds, then ends with an error.
void lock_file(Server& server, const Target& target, const std::string& head_hash);
// What of files that may be this one is in the table. Small ones are told apart by their content alone, since
// a file that grew had another head. When the table is gone or was emptied, nothing; `forget` then is the
// statement that removes what was remembered of it.
std::vector<EarlierLoad> earlier_loads(Server& server, const Target& target, const std::string& head_hash,
                                       std::string& forget);

}  // namespace cdp::client
