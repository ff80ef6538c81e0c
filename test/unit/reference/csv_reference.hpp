// SPDX-License-Identifier: PostgreSQL
// The plainest reader of well-formed CSV: one character at a time, no tolerance, no bounds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reference {

using Table = std::vector<std::vector<std::string>>;

inline Table read_csv(std::string_view text, char delimiter) {
    Table table;
    std::vector<std::string> row;
    std::string field;
    bool quoted = false;
    bool row_open = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        row_open = true;
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += '"';
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == delimiter) {
            row.push_back(field);
            field.clear();
        } else if (c == '\n' || c == '\r') {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
            row.push_back(field);
            field.clear();
            table.push_back(row);
            row.clear();
            row_open = false;
        } else {
            field += c;
        }
    }
    if (row_open) {
        row.push_back(field);
        table.push_back(row);
    }
    return table;
}

}  // namespace reference
