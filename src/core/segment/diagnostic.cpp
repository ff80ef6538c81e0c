// SPDX-License-Identifier: PostgreSQL
#include "segment/diagnostic.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"

namespace cdp::segment {
namespace {

constexpr size_t kShownBefore = 60;  // characters of the line shown before and after the caret
constexpr size_t kShownAfter = 40;

bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

}  // namespace

std::string caret_block(std::string_view definition, size_t position) {
    position = std::min(position, definition.size());
    const size_t line_number =
        1 + static_cast<size_t>(std::count(definition.begin(), definition.begin() + position, '\n'));
    size_t begin = position;
    while (begin > 0 && definition[begin - 1] != '\n') --begin;
    size_t end = position;
    while (end < definition.size() && definition[end] != '\n') ++end;

    std::u32string before = to_code_points(definition.substr(begin, position - begin));
    std::u32string after = to_code_points(definition.substr(position, end - position));
    if (before.size() > kShownBefore) {
        before = std::u32string(1, U'…') + before.substr(before.size() - kShownBefore);
    }
    if (after.size() > kShownAfter) {
        after.resize(kShownAfter);
        after += U"…";
    }
    for (std::u32string* part : {&before, &after}) {
        std::replace_if(part->begin(), part->end(), is_control, U' ');
    }
    while (!after.empty() && after.back() == U' ') after.pop_back();

    std::string label = "line ";
    label += std::to_string(line_number);
    label += ": ";
    const size_t indent = label.size() + before.size();
    std::string out = label;
    out += to_utf8(before);
    out += to_utf8(after);
    out += '\n';
    out.append(indent, ' ');
    out += '^';
    return out;
}

void fail_at(ErrorCode code, std::string_view definition, size_t position, std::string message,
             std::string hint) {
    throw Error(code, std::move(message), caret_block(definition, position), std::move(hint));
}

std::string one_line(std::string_view text, size_t limit) {
    std::string out;
    bool blank = false;
    char quote = '\0';
    for (size_t i = 0; i < text.size() && out.size() <= limit;) {
        if (quote == '\0' && text.substr(i, 2) == "--") {
            while (i < text.size() && text[i] != '\n') ++i;
            blank = true;
            continue;
        }
        if (text[i] == '\'' || text[i] == '"') {
            if (quote == '\0') {
                quote = text[i];
            } else if (quote == text[i]) {
                quote = '\0';
            }
        }
        const char32_t point = decode_utf8(text, i);
        if (point == U' ' || is_control(point)) {
            blank = true;
            continue;
        }
        if (blank && !out.empty()) out.push_back(' ');
        blank = false;
        append_utf8(out, point);
    }
    if (out.size() > limit) {
        out = std::string(clip_utf8(out, limit));
        out += "…";
    }
    return out;
}

}  // namespace cdp::segment
