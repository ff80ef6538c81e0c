// SPDX-License-Identifier: PostgreSQL
#include "text/repair.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text/html.hpp"
#include "text/prepare.hpp"
#include "text/windows_1252.hpp"

namespace cdp::text {
namespace {

using Points = std::u32string;

// Letters of Latin-1 and Latin Extended-A by case; what is neither is no letter here.
bool is_small(char32_t point) {
    if (point < 0x80) return is_lower(static_cast<char>(point));
    return point >= 0xDF && point <= 0xFF && point != 0xF7;
}
bool is_any_letter(char32_t point) {
    if (point < 0x80) return is_letter(static_cast<char>(point));
    return point >= 0xC0 && point < 0x250 && point != 0xD7 && point != 0xF7;
}

// What may well follow a letter in a real text.
bool is_closing(char32_t point) {
    constexpr std::u32string_view kPoints = U"«»…”’–—•‹›™";
    return kPoints.find(point) != std::u32string_view::npos;
}
bool follows_letters(char32_t point) {
    constexpr std::u32string_view kPoints = U"\u00A0\u00AD°º²³¹®©";
    return is_closing(point) || kPoints.find(point) != std::u32string_view::npos;
}

struct Sequence {
    size_t length = 0;  // characters; 0 when there is none
    char32_t point = 0;
};

// The UTF-8 sequence that the characters at `at` are the bytes of.
Sequence misread_at(const Points& text, size_t at) {
    const unsigned char lead = high_byte(text[at]);
    if (lead < 0xC2 || lead > 0xF4) return {};
    const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > text.size()) return {};
    char bytes[4] = {static_cast<char>(lead)};
    for (size_t i = 1; i < length; ++i) {
        const unsigned char byte = high_byte(text[at + i]);
        if (byte < 0x80 || byte > 0xBF) return {};
        bytes[i] = static_cast<char>(byte);
    }
    size_t position = 0;
    const char32_t point = decode_utf8({bytes, length}, position);
    if (position != length) return {};
    return {length, point};
}

// How many sequences stand side by side at `at`, when they are two or more and not all of them signs that may
// follow a letter: Cyrillic, Greek and Chinese come in words. Reads so many at a time.
size_t run_at(const Points& text, size_t at) {
    constexpr size_t kRead = 32;
    size_t count = 0;
    bool odd = false;
    for (Sequence next; count < kRead && at < text.size() && (next = misread_at(text, at)).length > 0;
         ++count) {
        for (size_t i = 1; i < next.length; ++i) odd = odd || !follows_letters(text[at + i]);
        at += next.length;
    }
    return count >= 2 && odd ? count : 0;
}

// Whether no text would have these characters for their own sake.
bool is_convincing(const Points& text, size_t at, const Sequence& found) {
    const char32_t lead = text[at];
    const char32_t second = text[at + 1];
    const size_t end = at + found.length;
    const char32_t before = at > 0 ? text[at - 1] : U' ';
    const char32_t after = end < text.size() ? text[end] : U' ';
    // A capital beside small letters; but "IRÃ’s" may be a genitive.
    const bool inside = is_small(before) || (is_small(after) && second != U'’');
    if (found.length == 4) return true;
    if (found.length == 3 && lead == U'â' && high_byte(second) < 0xA0) return true;
    if (lead == U'Â') {
        if (second == 0xA0) return !is_any_letter(before) || is_small(before);
        return !is_closing(second) || !is_any_letter(before) || inside;
    }
    if (lead == U'Ã') {
        if (second == 0xA0) return is_small(before) || (!is_any_letter(before) && after == U' ');
        return !is_closing(second) || inside || (second != U'’' && is_any_letter(after));
    }
    if (found.length == 3) {
        return !follows_letters(second) && !follows_letters(text[at + 2]) && !is_any_letter(second) &&
               !is_any_letter(text[at + 2]);
    }
    if (lead == U'Ä' || lead == U'Å') {
        return (!follows_letters(second) && !is_any_letter(second)) || inside;
    }
    return false;
}

// Whether every character beyond ASCII belongs to a sequence and one of these is convincing: then they all
// are, for a whole text is misread at once.
bool is_misread_throughout(const Points& text, Tick* tick) {
    bool convincing = false;
    for (size_t i = 0; i < text.size();) {
        if (tick != nullptr) (*tick)();
        if (text[i] < 0x80) {
            ++i;
            continue;
        }
        const Sequence found = misread_at(text, i);
        if (found.length == 0) return false;
        convincing = convincing || run_at(text, i) > 0 || is_convincing(text, i, found);
        i += found.length;
    }
    return convincing;
}

bool undo_misreading(std::string& text, Tick* tick) {
    const Points points = to_code_points(text);
    const bool throughout = is_misread_throughout(points, tick);
    std::string out;
    out.reserve(text.size());
    bool changed = false;
    size_t run = 0;  // sequences from here on that are taken together
    for (size_t i = 0; i < points.size();) {
        if (tick != nullptr) (*tick)();
        const char32_t point = points[i];
        const Sequence found = point >= 0xC2 && point <= 0xF4 ? misread_at(points, i) : Sequence{};
        if (found.length > 0 && run == 0 && !throughout) run = run_at(points, i);
        if (found.length > 0 && (throughout || run > 0 || is_convincing(points, i, found))) {
            if (run > 0) --run;
            append_utf8(out, found.point);
            i += found.length;
            changed = true;
        } else if (point == U'â' && i + 1 < points.size() && points[i + 1] == U'€') {
            append_utf8(out, U'”');  // its third byte has no character in Windows-1252
            i += 2;
            changed = true;
        } else if (point == U'Ã' && i > 0 && is_small(points[i - 1]) && i + 1 < points.size() &&
                   is_small(points[i + 1])) {
            append_utf8(out, U'í');  // whose second byte is a soft hyphen
            ++i;
            changed = true;
        } else {
            append_utf8(out, point);
            ++i;
        }
    }
    if (changed) text = std::move(out);
    return changed;
}

}  // namespace

std::string_view repair(std::string& text, Tick* tick) {
    std::string_view reason;
    // Every step makes the text shorter. A text of nothing but layers is no field of a record: it stays as it
    // is after a hundred.
    for (int layer = 0; layer < 100 && may_need_repair(text); ++layer) {
        const bool decoded = decode_entities(text);
        const bool html = strip_tags(text) || decoded;
        const bool encoding = undo_misreading(text, tick);
        if (encoding) {
            reason = "wrong character encoding";
        } else if (html && reason.empty()) {
            reason = "HTML";
        }
        if (!html && !encoding) break;
    }
    return reason;
}

std::string repair_text(std::string_view raw, Tick& tick) {
    std::string_view reason;
    return repair_and_prepare(raw, reason, &tick);
}

}  // namespace cdp::text
