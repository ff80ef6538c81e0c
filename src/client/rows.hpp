// SPDX-License-Identifier: PostgreSQL
// The rows of a CSV or JSON-lines file of any length, read through a window; what the beginning of a file
// says about the rest. Memory: some 1.5 MB, more only for rows longer than that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/csv.hpp"
#include "input.hpp"
#include "json_line.hpp"
#include "values.hpp"

namespace cdp::client {

inline constexpr size_t kMaxLineBytes = size_t{16} << 20;

// What a file is like, by its first 64 kB and by what the user says.
struct Layout {
    bool is_json = false;
    char delimiter = ',';
    Encoding encoding = Encoding::kUtf8;
    bool has_header = true;
    std::vector<std::string> names;  // of the columns, as far as the file says; fit to be columns of a table
    size_t width = 0;                // fields of a row of a CSV file
};

struct LayoutWishes {
    std::optional<bool> is_json;
    std::optional<char> delimiter;
    std::optional<Encoding> encoding;
    std::optional<bool> has_header;
};

// Throws cdp::Error when there is nothing to be read, or no text.
Layout find_layout(std::string_view head, std::string_view file_name, const LayoutWishes& wishes);
std::string spoken(const Layout& layout);

struct FileRow {
    int64_t line = 1;
    std::string_view text;                 // with its line end; of a line that is too long, the beginning
    std::string problem;                   // why it cannot be loaded; "" for a good row
    std::vector<std::string_view> fields;  // CSV, as the file has them
    std::vector<JsonMember> members;       // JSON, decoded
};

class RowReader {
  public:
    // `line`: the number of the first line that the window holds; 1 means the beginning of the file.
    static std::unique_ptr<RowReader> make(Input& input, const Layout& layout, int64_t line);
    virtual ~RowReader() = default;

    // The next row that is not blank; false at the end. What `row` refers to is valid until the next call.
    // The row is taken from the input, so input.position() is where the next one begins.
    virtual bool next(FileRow& row) = 0;
    int64_t next_line() const { return line_; }

  protected:
    RowReader(Input& input, int64_t line) : input_(input), line_(line) {}
    // Takes a line that is too long, to its end; what is left in `kept` is its beginning.
    void skip_long_line();

    Input& input_;
    int64_t line_;
    std::string kept_;
};

}  // namespace cdp::client
