// SPDX-License-Identifier: PostgreSQL
#include "segment/render_sql.hpp"

#include "base/nearest_name.hpp"
#include "segment/diagnostic.hpp"
#include "segment/sql_writer.hpp"

namespace cdp::segment {

std::string sql_literal(std::string_view text) {
    const bool escaped = text.find('\\') != std::string_view::npos;
    std::string out = escaped ? "E'" : "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out.push_back(c);
        out.push_back(c);
    }
    out.push_back('\'');
    return out;
}

std::string sql_identifier(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out.push_back(c);
        out.push_back(c);
    }
    out.push_back('"');
    return out;
}

std::string_view type_name(Type type) {
    switch (type) {
        case Type::kText:
            return "text";
        case Type::kNumber:
            return "a number";
        case Type::kBoolean:
            return "true or false";
        case Type::kDate:
            return "a date";
        case Type::kTimestamp:
            return "a point in time";
    }
    return "text";
}

std::string fold(const std::string& sql) {
    return "cdp.fold(" + sql + ")";
}

void SqlWriter::fail(ErrorCode code, const Span& span, const std::string& message,
                     const std::string& hint) const {
    fail_at(code, definition_, span.begin, message, hint);
}

void SqlWriter::unknown(const Span& span, const std::string& what, const std::string& name,
                        const std::vector<std::string>& known, const std::string& none) const {
    std::string hint;
    if (const auto near = nearest_name(name, known)) hint = "Did you mean \"" + *near + "\"? ";
    if (known.empty()) {
        hint += none;
    } else {
        hint += "Known: ";
        for (size_t i = 0; i < known.size() && hint.size() < 400; ++i) hint += (i > 0 ? ", " : "") + known[i];
        hint += ".";
    }
    fail(ErrorCode::kUndefinedName, span, "unknown " + what + " \"" + one_line(name, 60) + "\"", hint);
}

std::string SqlWriter::add_cte(const Span& span, const std::string& body) {
    if (ctes_.size() == kMaxParts) {
        fail(ErrorCode::kLimitExceeded, span,
             "the definition has more than " + std::to_string(kMaxParts) + " questions about events and sets",
             "Make parts of it segments of their own and use: in segment 'name'");
    }
    std::string name = "c" + std::to_string(ctes_.size() + 1);
    const std::string_view source = definition_.substr(span.begin, span.end - span.begin);
    ctes_.push_back(name + " AS (  -- " + one_line(source, 160) + "\n" + body + ")");
    return name;
}

std::string SqlWriter::write(const Condition& root) {
    std::string columns;
    if (options_.waterfall) {
        std::string all;
        int number = 0;
        for (const Condition* part : top_conditions(root)) {
            const std::string column = "c" + std::to_string(++number) + "_is";
            const std::string sql = condition(*part, nullptr);
            columns.append("       (").append(sql).append(") AS ").append(column).append(",\n");
            all += (all.empty() ? "" : "\n        AND ") + sql;
        }
        columns += "       (" + all + ") AS is_member";
    } else {
        columns = "       (" + condition(root, nullptr) + ") AS is_member";
    }
    std::string with;
    std::string joins;
    for (size_t i = 0; i < ctes_.size(); ++i) {
        const std::string name = "c" + std::to_string(i + 1);
        with += (i == 0 ? "WITH " : ",\n") + ctes_[i];
        joins.append("\nLEFT JOIN ")
            .append(name)
            .append(" ON ")
            .append(name)
            .append(".profile_id = p.profile_id");
    }
    if (!with.empty()) with += "\n";
    return with + "SELECT p.profile_id,\n" + columns + "\nFROM cdp_data.profile AS p" + joins +
           "\nWHERE p.status = 'active'"
           "\n  AND p.profile_id NOT IN (SELECT d.profile_id FROM cdp_data.dossier AS d WHERE d.content IS "
           "NULL)";
}

std::string render_sql(std::string_view definition, const Condition& condition, const Catalogue& catalogue,
                       const RenderOptions& options) {
    return SqlWriter(definition, catalogue, options).write(condition);
}

}  // namespace cdp::segment
