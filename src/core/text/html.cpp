// SPDX-License-Identifier: PostgreSQL
#include "text/html.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/utf8.hpp"
#include "text/html_entities.hpp"
#include "text/prepare.hpp"
#include "text/windows_1252.hpp"

namespace cdp::text {
namespace {

// "#233" or "#xE9"; 0 when it is no number.
char32_t numbered(std::string_view body) {
    body.remove_prefix(1);
    const bool hex = !body.empty() && lower(body[0]) == 'x';
    if (hex) body.remove_prefix(1);
    if (body.empty() || body.size() > 7) return 0;
    char32_t point = 0;
    for (const char c : body) {
        if (is_digit(c)) {
            point = point * (hex ? 16 : 10) + static_cast<char32_t>(c - '0');
        } else if (hex && lower(c) >= 'a' && lower(c) <= 'f') {
            point = point * 16 + static_cast<char32_t>(lower(c) - 'a' + 10);
        } else {
            return 0;
        }
    }
    if (point >= 0x80 && point < 0xA0) return windows_1252_point(static_cast<unsigned char>(point));
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point == 0 || surrogate || point > 0x10FFFF ? 0xFFFD : point;
}

char32_t named(std::string_view body) {
    if (body.size() > kLongestEntity) return 0;
    if (const char32_t point = entity_point(body)) return point;
    // From a text that was put in capitals: &EACUTE; &AMP;.
    if (!std::all_of(body.begin(), body.end(), is_upper)) return 0;
    std::string word = to_lower(body);
    word[0] = upper(word[0]);
    if (const char32_t point = entity_point(word)) return point;
    return entity_point(to_lower(body));
}

// The entity at the '&' at `at`; sets `end` after its semicolon.
char32_t entity_at(std::string_view text, size_t at, size_t& end) {
    constexpr size_t kLongest = 10;  // #x10FFFF and the like, with leading zeros
    const size_t stop = text.substr(0, std::min(text.size(), at + kLongest + 2)).find(';', at);
    if (stop == std::string_view::npos || stop < at + 2) return 0;
    const std::string_view body = text.substr(at + 1, stop - at - 1);
    end = stop + 1;
    return body[0] == '#' ? numbered(body) : named(body);
}

// Sorted. Those before which a word ends are in the second list.
constexpr auto kInlineTags =
    std::to_array<std::string_view>({"a", "abbr", "b", "big", "code", "em", "font", "i", "label", "s",
                                     "small", "span", "strike", "strong", "sub", "sup", "tt", "u"});
constexpr auto kBlockTags = std::to_array<std::string_view>(
    {"blockquote", "body",  "br",   "button", "center", "div",   "dl",   "form",   "h1",     "h2",
     "h3",         "h4",    "h5",   "h6",     "head",   "hr",    "html", "iframe", "img",    "input",
     "li",         "link",  "meta", "ol",     "option", "p",     "pre",  "script", "select", "style",
     "table",      "tbody", "td",   "th",     "thead",  "title", "tr",   "ul"});
static_assert(std::is_sorted(kInlineTags.begin(), kInlineTags.end()));
static_assert(std::is_sorted(kBlockTags.begin(), kBlockTags.end()));

struct Tag {
    size_t end = 0;  // after its '>'; 0 when there is none
    bool block = false;
};

// Attributes up to '>': name="…", name='…', name=word; bare ones only beside those. 0 when it is nothing of
// the kind.
size_t end_of_attributes(std::string_view text, size_t i) {
    constexpr size_t kLongest = 1000;
    const size_t limit = std::min(text.size(), i + kLongest);
    bool valued = false;
    bool bare = false;
    while (i < limit) {
        const char c = text[i];
        if (c == '>') return valued || !bare ? i + 1 : 0;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '/') {
            ++i;
            continue;
        }
        if (!is_letter(c)) return 0;
        while (i < limit && (is_letter(text[i]) || is_digit(text[i]) || text[i] == '-' || text[i] == ':'))
            ++i;
        if (i >= limit || text[i] != '=') {
            bare = true;
            continue;
        }
        valued = true;
        if (++i >= limit) return 0;
        if (text[i] == '"' || text[i] == '\'') {
            const size_t close = text.substr(0, limit).find(text[i], i + 1);
            if (close == std::string_view::npos) return 0;
            i = close + 1;
        } else {
            while (i < limit && text[i] != '>' && text[i] != '<' && text[i] != ' ') ++i;
        }
    }
    return 0;
}

// Where "</script>" ends after `from`, the end of the text when there is none.
size_t end_of_element(std::string_view text, size_t from, std::string_view name) {
    for (size_t i = text.find("</", from); i != std::string_view::npos; i = text.find("</", i + 2)) {
        if (to_lower(text.substr(i + 2, name.size())) != name) continue;
        const size_t close = text.find('>', i);
        if (close != std::string_view::npos) return close + 1;
    }
    return text.size();
}

Tag tag_at(std::string_view text, size_t at) {
    if (text.substr(at).starts_with("<!--")) {
        const size_t close = text.find("-->", at + 4);
        if (close != std::string_view::npos) return {close + 3, true};
        return {};
    }
    size_t i = at + 1;
    const bool closing = i < text.size() && text[i] == '/';
    if (closing) ++i;
    std::array<char, 10> letters{};
    size_t length = 0;
    while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]))) {
        if (length == letters.size()) return {};
        letters[length++] = lower(text[i++]);
    }
    const std::string_view name(letters.data(), length);
    const bool block = std::binary_search(kBlockTags.begin(), kBlockTags.end(), name);
    if (!block && !std::binary_search(kInlineTags.begin(), kInlineTags.end(), name)) return {};
    size_t end = end_of_attributes(text, i);
    if (end != 0 && !closing && (name == "script" || name == "style")) {
        end = end_of_element(text, end, name);
    }
    return {end, block};
}

}  // namespace

bool decode_entities(std::string& text) {
    const size_t first = text.find('&');
    if (first == std::string::npos) return false;
    std::string out(text, 0, first);
    bool changed = false;
    for (size_t i = first; i < text.size();) {
        size_t end = 0;
        const char32_t point = text[i] == '&' ? entity_at(text, i, end) : 0;
        if (point == 0) {
            out.push_back(text[i++]);
            continue;
        }
        append_utf8(out, point);
        changed = true;
        i = end;
        // &amp;amp;eacute; in one step: a text made of nothing but layers stays linear.
        while (point == '&' && text.compare(i, 4, "amp;") == 0) i += 4;
    }
    if (changed) text = std::move(out);
    return changed;
}

bool strip_tags(std::string& text) {
    const size_t first = text.find('<');
    if (first == std::string::npos || text.find('>', first) == std::string::npos) return false;
    std::string out(text, 0, first);
    bool changed = false;
    for (size_t i = first; i < text.size();) {
        const Tag tag = text[i] == '<' ? tag_at(text, i) : Tag{};
        if (tag.end == 0) {
            out.push_back(text[i++]);
            continue;
        }
        if (tag.block) out.push_back(' ');
        changed = true;
        i = tag.end;
    }
    if (changed) text = std::move(out);
    return changed;
}

}  // namespace cdp::text
