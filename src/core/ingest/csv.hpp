// SPDX-License-Identifier: PostgreSQL
// A tolerant reader of delimited text (RFC 4180 and what people make of it). Nothing is lost: every byte of
// the input belongs to exactly one row, good, broken or blank, and one broken row costs no other.
//
// Read as: fields between delimiters; a field that begins with a quote ends at the next quote that is not
// doubled and may hold delimiters and line ends; quotes elsewhere are ordinary characters; lines end with LF,
// CR LF or CR; lines with nothing but spaces are skipped; a byte order mark is skipped; a first line `sep=;`
// names the delimiter.
//
// The number of fields is the header's, or without a header the first good row's. A row is broken when
//   - a quoted field is followed by something else than a delimiter or a line end, or does not end within
//     kMaxRowLines lines and kMaxRowBytes bytes: "unbalanced quote starting in line 7";
//   - it spans several lines and has the wrong number of fields: the same, since a stray quote has most
//   likely
//     swallowed its neighbours;
//   - it is one line with the wrong number of fields: "expected 18 fields, found 17".
// A broken row is the one line that it starts on; reading resumes at the next line.
//
// Cost: linear. A byte is read at most kMaxRowLines times, in honest files once or twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "base/tick.hpp"

namespace cdp::ingest {

inline constexpr size_t kMaxRowLines = 100;
inline constexpr size_t kMaxRowBytes = size_t{256} << 10;  // of a row of several lines
inline constexpr size_t kMaxRowFields = 10000;

struct CsvOptions {
    char delimiter = '\0';  // '\0': detect among , ; tab |
    bool has_header = true;
    // For a later part of a file: the number of its first line, and of the fields of a good row (0: not
    // known).
    int64_t first_line = 1;
    size_t width = 0;
};

enum class CsvRowKind { kHeader, kData, kBroken, kBlank };

struct CsvRow {
    CsvRowKind kind = CsvRowKind::kBlank;
    int64_t line = 1;       // of its first byte, from 1
    std::string_view text;  // its bytes, line end included; the rows' texts add up to the input
    std::string problem;    // why it is broken
    std::vector<std::string_view> fields;  // unquoted; valid until the next call of next()
};

// The delimiter that cuts the first lines most evenly; a comma when none occurs.
char detect_delimiter(std::string_view content);

// Reads "\t", "tab" or one ASCII character that is no quote, line end, letter, digit or space; anything else
// is an Error(kInvalidInput).
char parse_delimiter(std::string_view name);

class CsvReader {
  public:
    // `memory` holds the fields of one row. Both it and `content` must outlive the reader.
    CsvReader(std::string_view content, CsvOptions options, std::pmr::memory_resource* memory);

    // The next row, or false at the end. `row` may be reused.
    bool next(CsvRow& row, Tick& tick);

    char delimiter() const noexcept { return delimiter_; }

  private:
    struct Field {
        size_t begin;
        size_t size;
        bool unescaped;  // in scratch_, else in content_
    };
    enum class Outcome { kComplete, kUnbalanced, kTooManyFields };

    Outcome read_record(size_t& position, size_t& lines, Tick& tick);
    bool read_quoted(size_t& position, size_t start, size_t& lines, Tick& tick);
    size_t end_of_line(size_t position) const;
    void take_fields(CsvRow& row) const;

    std::string_view content_;
    char delimiter_;
    bool header_expected_;
    bool at_start_;  // where a byte order mark and a line sep= may stand
    size_t position_ = 0;
    int64_t line_;
    size_t width_;  // fields of a good row; 0: not known yet
    std::pmr::vector<Field> fields_;
    std::pmr::string scratch_;
};

}  // namespace cdp::ingest
