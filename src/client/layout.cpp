// SPDX-License-Identifier: PostgreSQL
// What the beginning of a file says about it.
#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "rows.hpp"

namespace cdp::client {
namespace {

using cdp::Error;
using cdp::ErrorCode;

constexpr size_t kMaxName = 63;  // bytes, in PostgreSQL

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

// As cdp.load_csv does: empty names get a number, repeated ones too.
std::vector<std::string> column_names(const std::vector<std::string>& header) {
    std::vector<std::string> names;
    for (size_t i = 0; i < header.size(); ++i) {
        std::string base = trimmed(header[i]);
        std::replace_if(
            base.begin(), base.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
        if (base.empty()) base = "column_" + std::to_string(i + 1);
        base = std::string(cdp::clip_utf8(base, kMaxName));
        std::string name = base;
        for (int copy = 2; std::find(names.begin(), names.end(), name) != names.end(); ++copy)
            name = std::string(cdp::clip_utf8(base, 56)) + "_" + std::to_string(copy);
        names.push_back(name);
    }
    return names;
}

// Does a field look like a value, and not like the name of a column?
bool looks_like_value(std::string_view field) {
    if (field.find('@') != std::string_view::npos) return true;
    size_t digits = 0;
    for (const char c : field) {
        if (c >= '0' && c <= '9') {
            ++digits;
        } else if (std::string_view(" .,:;/+-()€$%TZ").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return digits > 0;
}

bool looks_like_header(const std::vector<std::string>& fields) {
    return std::none_of(fields.begin(), fields.end(),
                        [](const std::string& f) { return looks_like_value(f); });
}

void refuse_other_texts(std::string_view head, std::string_view file_name) {
    if (head.empty()) throw Error(ErrorCode::kInvalidInput, std::string(file_name) + " is empty");
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
        throw Error(ErrorCode::kInvalidInput, std::string(file_name) + " is UTF-16",
                    "It is read as UTF-8, Windows-1252 or Latin-1.",
                    "Convert it: iconv -f UTF-16 -t UTF-8 FILE | cdp load - …");
    }
    for (const std::string_view magic : {std::string_view("\x1F\x8B"), std::string_view("PK\x03\x04")}) {
        if (head.starts_with(magic)) {
            throw Error(ErrorCode::kInvalidInput,
                        std::string(file_name) + " is compressed or a workbook, no text", "",
                        magic[0] == 'P' ? "Save it as CSV, or unpack it: unzip -p FILE | cdp load - …"
                                        : "Unpack it: zcat FILE | cdp load - …");
        }
    }
}

}  // namespace

Layout find_layout(std::string_view head, std::string_view file_name, const LayoutWishes& wishes) {
    refuse_other_texts(head, file_name);
    Layout layout;
    layout.encoding = wishes.encoding.value_or(detect_encoding(head));
    std::string_view content = head;
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    content.remove_prefix(std::min(content.find_first_not_of(" \t\r\n"), content.size()));
    if (wishes.is_json.value_or(content.starts_with('{'))) {
        layout.is_json = true;
        if (!wishes.encoding) layout.encoding = Encoding::kUtf8;  // as RFC 8259 says
        std::vector<JsonMember> members;
        while (!content.empty()) {
            const size_t end = std::min(content.find('\n'), content.size());
            // The last line may be cut; it is then none.
            if (read_json_object(content.substr(0, end), members).empty()) {
                for (const JsonMember& member : members) {
                    if (std::find(layout.names.begin(), layout.names.end(), member.name) ==
                        layout.names.end())
                        layout.names.push_back(member.name);
                }
            }
            content.remove_prefix(std::min(end + 1, content.size()));
        }
        return layout;
    }
    cdp::ingest::CsvOptions options;
    options.delimiter = wishes.delimiter.value_or('\0');
    options.has_header = false;
    cdp::ingest::CsvReader reader(head, options, std::pmr::get_default_resource());
    layout.delimiter = reader.delimiter();
    cdp::ingest::CsvRow row;
    cdp::Tick tick;
    std::vector<std::string> first;
    while (first.empty() && reader.next(row, tick)) {
        if (row.kind == cdp::ingest::CsvRowKind::kBlank) continue;
        if (row.kind == cdp::ingest::CsvRowKind::kBroken || row.text.find('\0') != std::string_view::npos) {
            throw Error(ErrorCode::kInvalidInput, std::string(file_name) + " has no readable first line",
                        "It is: " + printable_original(row.text.substr(0, 200), layout.encoding),
                        "The first line must name the columns, for example: id,name,email");
        }
        for (const std::string_view field : row.fields) {
            std::string decoded;
            append_decoded(decoded, field, layout.encoding);
            if (!is_utf8(decoded)) {  // as of a file that is said to be UTF-8
                throw Error(ErrorCode::kInvalidInput,
                            "the first line of " + std::string(file_name) + " is not " +
                                std::string(name_of(layout.encoding)),
                            "", "Say what it is: --encoding windows-1252");
            }
            first.push_back(std::move(decoded));
        }
    }
    if (first.empty())
        throw Error(ErrorCode::kInvalidInput, std::string(file_name) + " has nothing but blank lines");
    layout.width = first.size();
    layout.has_header = wishes.has_header.value_or(looks_like_header(first));
    if (layout.has_header) layout.names = column_names(first);
    return layout;
}

std::string spoken(const Layout& layout) {
    if (layout.is_json) return "JSON lines, " + std::string(name_of(layout.encoding));
    std::string delimiter = layout.delimiter == '\t'  ? "tab"
                            : layout.delimiter == ',' ? "comma"
                            : layout.delimiter == ';' ? "semicolon"
                                                      : std::string(1, layout.delimiter);
    return "CSV, " + delimiter + ", " + std::string(name_of(layout.encoding)) +
           (layout.has_header ? ", with header" : ", no header");
}

}  // namespace cdp::client
