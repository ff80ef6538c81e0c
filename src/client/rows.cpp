// SPDX-License-Identifier: PostgreSQL
#include "rows.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace cdp::client {
namespace {

constexpr size_t kPiece = size_t{1} << 20;
// How far beyond the end of a row its reader may have looked.
constexpr size_t kLookAhead = cdp::ingest::kMaxRowBytes + 2;

class CsvRows final : public RowReader {
  public:
    CsvRows(Input& input, const Layout& layout, int64_t line) : RowReader(input, line) {
        options_.delimiter = layout.delimiter;
        options_.has_header = layout.has_header && line == 1;
        options_.first_line = line;
        options_.width = line == 1 && layout.has_header ? 0 : layout.width;
        width_ = layout.width;
    }

    bool next(FileRow& row) override {
        while (true) {
            check_interrupt();
            if (!reader_) {
                if (input_.window().size() <= kLookAhead && !input_.at_end())
                    input_.fill(kPiece + kLookAhead);
                reader_.emplace(input_.window(), options_, std::pmr::get_default_resource());
                rest_ = input_.window().size();
            }
            if (!reader_->next(csv_, tick_)) {
                reader_.reset();
                if (input_.at_end()) return false;
                input_.fill(kPiece);
                continue;
            }
            if (!input_.at_end() && csv_.text.size() + kLookAhead > rest_) {
                // It may look different when more of it is known.
                line_ = options_.first_line = csv_.line;
                reader_.reset();
                if (rest_ > kMaxLineBytes + kLookAhead) {
                    row.line = line_;
                    skip_long_line();
                    options_.first_line = line_;
                    row.text = kept_;
                    row.problem = "a line of more than 16 MB";
                    return true;
                }
                input_.fill(std::max(kPiece, rest_));
                continue;
            }
            rest_ -= csv_.text.size();
            input_.take(csv_.text.size());
            line_ = csv_.line + lines_in(csv_);
            // A later window begins in the middle of the file.
            if (csv_.kind == cdp::ingest::CsvRowKind::kHeader) options_.has_header = false;
            options_.width = width_;
            options_.first_line = line_;
            if (csv_.kind == cdp::ingest::CsvRowKind::kBlank || csv_.kind == cdp::ingest::CsvRowKind::kHeader)
                continue;
            row.line = csv_.line;
            row.text = csv_.text;
            row.problem = csv_.problem;
            row.fields.swap(csv_.fields);
            return true;
        }
    }

  private:
    // A broken row is one line; of others the line ends within quotes count.
    static int64_t lines_in(const cdp::ingest::CsvRow& row) {
        if (row.kind != cdp::ingest::CsvRowKind::kData && row.kind != cdp::ingest::CsvRowKind::kHeader)
            return 1;
        int64_t lines = 0;
        for (size_t i = 0; i < row.text.size(); ++i) {
            if (row.text[i] == '\n' ||
                (row.text[i] == '\r' && (i + 1 == row.text.size() || row.text[i + 1] != '\n')))
                ++lines;
        }
        return std::max<int64_t>(lines, 1);
    }

    cdp::ingest::CsvOptions options_;
    size_t width_ = 0;
    std::optional<cdp::ingest::CsvReader> reader_;
    cdp::ingest::CsvRow csv_;
    size_t rest_ = 0;  // of the window, from the row on
    cdp::Tick tick_;
};

class JsonRows final : public RowReader {
  public:
    JsonRows(Input& input, int64_t line) : RowReader(input, line) {}

    bool next(FileRow& row) override {
        row.fields.clear();
        while (true) {
            check_interrupt();
            const std::string_view window = input_.window();
            size_t end = window.find('\n');
            if (end == std::string_view::npos && !input_.at_end()) {
                if (window.size() > kMaxLineBytes) {
                    row.line = line_;
                    skip_long_line();
                    row.text = kept_;
                    row.problem = "a line of more than 16 MB";
                    return true;
                }
                input_.fill(std::max(kPiece, window.size()));
                continue;
            }
            if (window.empty()) return false;
            end = end == std::string_view::npos ? window.size() : end + 1;
            row.text = window.substr(0, end);
            row.line = line_++;
            input_.take(end);
            std::string_view content = row.text;
            if (row.line == 1 && content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
            if (content.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
            row.problem = read_json_object(content, row.members);
            return true;
        }
    }
};

}  // namespace

void RowReader::skip_long_line() {
    kept_ = input_.window().substr(0, kHeadBytes + 1);
    while (true) {
        const std::string_view window = input_.window();
        const size_t end = window.find_first_of("\r\n");
        // The second half of CR LF must be known.
        if (end != std::string_view::npos && (end + 1 < window.size() || input_.at_end())) {
            input_.take(end + (window.substr(end, 2) == "\r\n" ? 2 : 1));
            break;
        }
        input_.take(end == std::string_view::npos ? window.size() : end);
        if (!input_.fill(kPiece)) {
            input_.take(input_.window().size());
            break;
        }
    }
    ++line_;
}

std::unique_ptr<RowReader> RowReader::make(Input& input, const Layout& layout, int64_t line) {
    if (layout.is_json) return std::make_unique<JsonRows>(input, line);
    return std::make_unique<CsvRows>(input, layout, line);
}

}  // namespace cdp::client
