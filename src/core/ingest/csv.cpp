// SPDX-License-Identifier: PostgreSQL
#include "ingest/csv.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace cdp::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparatorLine = "sep=";
// What detect_delimiter() looks for and at.
constexpr std::array<char, 4> kCandidates{',', ';', '\t', '|'};
constexpr size_t kDetectLines = 20;
constexpr size_t kDetectBytes = size_t{64} << 10;

bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

// Past the line end at `position`, which may be CR LF.
size_t skip_line_end(std::string_view text, size_t position) {
    if (text[position] == '\r' && position + 1 < text.size() && text[position + 1] == '\n')
        return position + 2;
    return position + 1;
}

bool is_blank(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\n' || c == '\r'; });
}

bool is_delimiter(char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return !word && c != '"' && c != ' ' && !is_line_end(c) && c != '\0' &&
           static_cast<unsigned char>(c) < 0x80;
}

// `sep=;` as spreadsheets write it; '\0' when the line is something else.
char named_separator(std::string_view line) {
    while (!line.empty() && is_line_end(line.back())) line.remove_suffix(1);
    if (line.size() != kSeparatorLine.size() + 1 || !line.starts_with(kSeparatorLine)) return '\0';
    return is_delimiter(line.back()) ? line.back() : '\0';
}

}  // namespace

char detect_delimiter(std::string_view content) {
    content = content.substr(0, kDetectBytes);
    std::array<std::array<size_t, kDetectLines>, kCandidates.size()> counts{};
    size_t lines = 0;
    bool quoted = false;
    bool any = false;
    for (size_t i = 0; i < content.size() && lines < kDetectLines; ++i) {
        const char c = content[i];
        if (is_line_end(c)) {
            // An odd number of quotes in a line would hide every later one; a line is judged alone.
            quoted = false;
            if (any) ++lines;
            any = false;
            continue;
        }
        any = true;
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        for (size_t k = 0; k < kCandidates.size(); ++k) {
            if (c == kCandidates[k]) ++counts[k][lines];
        }
    }
    if (any && lines < kDetectLines) ++lines;
    char best = ',';
    size_t best_agreeing = 0;
    size_t best_count = 0;
    for (size_t k = 0; k < kCandidates.size(); ++k) {
        const size_t count = counts[k][0];
        if (count == 0) continue;
        const auto agreeing =
            static_cast<size_t>(std::count(counts[k].begin(), counts[k].begin() + lines, count));
        if (agreeing > best_agreeing || (agreeing == best_agreeing && count > best_count)) {
            best = kCandidates[k];
            best_agreeing = agreeing;
            best_count = count;
        }
    }
    return best;
}

char parse_delimiter(std::string_view name) {
    if (name == "\\t" || name == "tab") return '\t';
    if (name.size() != 1 || !is_delimiter(name[0])) {
        throw Error(ErrorCode::kInvalidInput,
                    "\"" + std::string(name) + "\" cannot be the delimiter of a CSV file",
                    "A delimiter is one ASCII character that is no letter, digit, quote, space or line end.",
                    "Use ',' or ';' or 'tab' or '|', or leave it out to have it detected.");
    }
    return name[0];
}

CsvReader::CsvReader(std::string_view content, CsvOptions options, std::pmr::memory_resource* memory)
    : content_(content),
      delimiter_(options.delimiter),
      header_expected_(options.has_header),
      at_start_(options.first_line == 1),
      line_(options.first_line),
      width_(options.width),
      fields_(memory),
      scratch_(memory) {
    if (!at_start_ && delimiter_ != '\0') return;
    size_t start = content_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    const char named = named_separator(content_.substr(start, end_of_line(start) - start));
    if (named != '\0') start = end_of_line(start);
    if (delimiter_ == '\0') delimiter_ = named != '\0' ? named : detect_delimiter(content_.substr(start));
}

// Past the end of the line that `position` is on.
size_t CsvReader::end_of_line(size_t position) const {
    const size_t end = content_.find_first_of("\r\n", position);
    return end == std::string_view::npos ? content_.size() : skip_line_end(content_, end);
}

// Reads from the character after an opening quote to the one after the closing quote; false when there is
// none within the bounds of a row that started at `start`.
bool CsvReader::read_quoted(size_t& position, size_t start, size_t& lines, Tick& tick) {
    Field field{position, 0, false};
    size_t from = position;  // what scratch_ does not have yet
    while (true) {
        tick();
        // The next quote or line end; find_first_of looks at one byte at a time, and so bounds the work here.
        const size_t next = content_.find_first_of("\"\r\n", position);
        if (next == std::string_view::npos) return false;
        if (content_[next] != '"') {
            position = skip_line_end(content_, next);
            if (++lines > kMaxRowLines || position - start > kMaxRowBytes) return false;
            continue;
        }
        if (lines > 1 && next - start > kMaxRowBytes) return false;
        if (next + 1 < content_.size() && content_[next + 1] == '"') {
            if (!field.unescaped) {
                field.unescaped = true;
                field.begin = scratch_.size();
            }
            scratch_.append(content_, from, next + 1 - from);
            from = position = next + 2;
            continue;
        }
        if (field.unescaped) {
            scratch_.append(content_, from, next - from);
            field.size = scratch_.size() - field.begin;
        } else {
            field.size = next - field.begin;
        }
        fields_.push_back(field);
        position = next + 1;
        return position == content_.size() || content_[position] == delimiter_ ||
               is_line_end(content_[position]);
    }
}

CsvReader::Outcome CsvReader::read_record(size_t& position, size_t& lines, Tick& tick) {
    const size_t start = position;
    fields_.clear();
    scratch_.clear();
    while (true) {
        tick();
        if (position < content_.size() && content_[position] == '"') {
            ++position;
            if (!read_quoted(position, start, lines, tick)) return Outcome::kUnbalanced;
        } else {
            const size_t begin = position;
            while (position < content_.size() && content_[position] != delimiter_ &&
                   !is_line_end(content_[position])) {
                ++position;
            }
            fields_.push_back({begin, position - begin, false});
        }
        if (fields_.size() > kMaxRowFields) return Outcome::kTooManyFields;
        if (position == content_.size()) return Outcome::kComplete;
        if (is_line_end(content_[position])) {
            position = skip_line_end(content_, position);
            return Outcome::kComplete;
        }
        ++position;
    }
}

void CsvReader::take_fields(CsvRow& row) const {
    row.fields.reserve(fields_.size());
    for (const Field& field : fields_) {
        const std::string_view from = field.unescaped ? std::string_view(scratch_) : content_;
        row.fields.push_back(from.substr(field.begin, field.size));
    }
}

bool CsvReader::next(CsvRow& row, Tick& tick) {
    row.fields.clear();
    row.problem.clear();
    if (position_ == content_.size()) return false;
    row.line = line_;
    const size_t begin = position_;
    const size_t start =
        begin == 0 && at_start_ && content_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : begin;
    const size_t line_end = end_of_line(start);
    const std::string_view first_line = content_.substr(start, line_end - start);
    tick();
    if (is_blank(first_line) || (begin == 0 && at_start_ && named_separator(first_line) != '\0')) {
        row.kind = CsvRowKind::kBlank;
        position_ = line_end;
        row.text = content_.substr(begin, position_ - begin);
        ++line_;
        return true;
    }

    size_t position = start;
    size_t lines = 1;
    const Outcome outcome = read_record(position, lines, tick);
    const bool header = header_expected_;
    header_expected_ = false;
    if (outcome == Outcome::kComplete && (width_ == 0 || fields_.size() == width_)) {
        width_ = fields_.size();
        row.kind = header ? CsvRowKind::kHeader : CsvRowKind::kData;
        take_fields(row);
    } else {
        row.kind = CsvRowKind::kBroken;
        if (outcome == Outcome::kTooManyFields) {
            row.problem = "more than " + std::to_string(kMaxRowFields) + " fields";
        } else if (outcome == Outcome::kUnbalanced || lines > 1) {
            row.problem = "unbalanced quote starting in line " + std::to_string(line_);
        } else {
            row.problem =
                "expected " + std::to_string(width_) + " fields, found " + std::to_string(fields_.size());
        }
        position = line_end;
        lines = 1;
    }
    position_ = position;
    line_ += static_cast<int64_t>(lines);
    row.text = content_.substr(begin, position_ - begin);
    return true;
}

}  // namespace cdp::ingest
