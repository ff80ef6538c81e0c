// SPDX-License-Identifier: PostgreSQL
#include "text/prepare.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/repair.hpp"

namespace cdp::text {
namespace {

bool is_tidy_ascii(std::string_view raw) {
    char before = ' ';
    for (const char c : raw) {
        if (c < 0x20 || c > 0x7E || (c == ' ' && before == ' ')) return false;
        before = c;
    }
    return before != ' ';
}

constexpr char32_t kFirstMark = 0x300;  // all before it are in NFC whatever stands beside them (UAX #15)

bool is_space(char32_t point) {
    if (point < 0x80) return point <= 0x20 || point == 0x7F;
    if (point < kFirstMark) return point <= 0xA0;
    const auto c = static_cast<UChar32>(point);
    return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR;
}

bool is_invisible(char32_t point) {
    if (point < kFirstMark) return point == 0xAD;
    if (point == 0x200C || point == 0x200D) return false;
    return u_charType(static_cast<UChar32>(point)) == U_FORMAT_CHAR;
}

std::string to_nfc(std::string text) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
    check(U_SUCCESS(error), "ICU has no NFC data");
    const icu::UnicodeString source = icu::UnicodeString::fromUTF8(text);
    if (nfc->isNormalized(source, error)) return text;
    const icu::UnicodeString composed = nfc->normalize(source, error);
    check(U_SUCCESS(error), "NFC failed");
    std::string result;
    composed.toUTF8String(result);
    return result;
}

// What the loop below meets and drops, for the reason.
struct Dropped {
    bool controls = false;
    bool directions = false;  // overrides of the writing direction, which hide what a text says
};

bool is_direction(char32_t point) {
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}
bool is_white_control(char32_t point) {
    return (point >= 0x09 && point <= 0x0D) || point == 0x85;
}

std::string prepare_noting(std::string_view raw, Dropped& dropped) {
    std::string out;
    out.reserve(raw.size());
    bool composed = true;  // no character takes part in a composition
    bool gap = false;
    for (size_t i = 0; i < raw.size();) {
        const char32_t point = decode_utf8(raw, i);
        if (is_space(point)) {
            const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
            dropped.controls = dropped.controls || (control && !is_white_control(point));
            gap = !out.empty();
            continue;
        }
        if (is_invisible(point)) {
            dropped.directions = dropped.directions || is_direction(point);
            continue;
        }
        if (gap) out.push_back(' ');
        gap = false;
        composed = composed && point < kFirstMark;
        append_utf8(out, point);
    }
    return composed ? out : to_nfc(std::move(out));
}

}  // namespace

std::string prepare(std::string_view raw) {
    if (is_tidy_ascii(raw)) return std::string(raw);
    Dropped dropped;
    return prepare_noting(raw, dropped);
}

std::string repair_and_prepare(std::string_view raw, std::string_view& repair_reason, Tick* tick) {
    const bool tidy = is_tidy_ascii(raw);
    const bool broken = may_need_repair(raw);
    if (tidy && !broken) return std::string(raw);
    Dropped dropped;
    std::string_view reason;
    std::string text;
    if (broken) {
        text = raw;
        reason = repair(text, tick);
        if (!tidy || !reason.empty()) text = prepare_noting(text, dropped);
    } else {
        text = prepare_noting(raw, dropped);
    }
    // What an invisible character kept apart may be a sequence now.
    for (int layer = 0; layer < 100 && may_need_repair(text); ++layer) {
        const std::string_view again = repair(text, tick);
        if (again.empty()) break;
        reason = reason.empty() ? again : reason;
        text = prepare_noting(text, dropped);
    }
    if (reason.empty() && dropped.directions) reason = "hidden text direction";
    if (reason.empty() && dropped.controls) reason = "control characters";
    if (!reason.empty()) repair_reason = reason;
    return text;
}

std::optional<Cleaned> open_value(std::string_view raw, std::string& text, std::string_view& repair_reason) {
    if (raw.size() > kMaxBytes) return invalid("too long");
    text = repair_and_prepare(raw, repair_reason);
    if (text.size() > kMaxBytes) return invalid("too long");
    if (text.empty()) return missing("blank");
    if (is_missing_word(text)) return missing("placeholder word");
    return std::nullopt;
}

std::optional<Cleaned> open_value(std::string_view raw, std::string& text) {
    std::string_view reason;
    return open_value(raw, text, reason);
}

bool has_lost_letters(std::string_view text) {
    const auto in_word = [](char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; };
    for (size_t i = text.find('?', 1); i != std::string_view::npos && i + 1 < text.size();
         i = text.find('?', i + 1)) {
        if (in_word(text[i - 1]) && in_word(text[i + 1])) return true;
    }
    return text.find("\xEF\xBF\xBD") != std::string_view::npos;
}

bool strip_quotes(std::string& text) {
    std::string_view rest = text;
    const auto is_pair = [&] {
        return rest.size() >= 2 && rest.front() == rest.back() &&
               (rest.front() == '"' || rest.front() == '\'');
    };
    while (!rest.empty()) {
        if (rest.size() >= 3 && rest.starts_with("=\"") && rest.back() == '"') {
            rest = rest.substr(2, rest.size() - 3);
        } else if (is_pair()) {
            rest = rest.substr(1, rest.size() - 2);
        } else if (rest.front() == '\'' || rest.front() == '`') {
            rest.remove_prefix(1);
        } else if (rest.starts_with("’") || rest.starts_with("‘")) {
            rest.remove_prefix(std::string_view("’").size());
        } else {
            break;
        }
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        while (rest.ends_with(' ')) rest.remove_suffix(1);
    }
    if (rest.size() == text.size()) return false;
    text = std::string(rest);
    return true;
}

std::string to_lower(std::string_view ascii) {
    std::string out(ascii);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string to_upper(std::string_view ascii) {
    std::string out(ascii);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string ascii_digits(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        const char32_t point = decode_utf8(text, i);
        const int32_t digit = u_charDigitValue(static_cast<UChar32>(point));
        append_utf8(out, digit >= 0 ? U'0' + static_cast<char32_t>(digit) : point);
    }
    return out;
}

bool is_spreadsheet_exponent(std::string_view text) {
    size_t i = 0;
    if (text.size() < 4 || !is_digit(text[i++])) return false;
    bool fraction = false;
    if (text[i] == '.' || text[i] == ',') {
        fraction = true;
        for (++i; i < text.size() && is_digit(text[i]);) ++i;
    }
    if (i >= text.size() || lower(text[i]) != 'e') return false;
    ++i;
    const bool plus = i < text.size() && text[i] == '+';
    if (plus) ++i;
    // Without a sign or a fraction ('1E5') it may be a code.
    return (plus || fraction) && all_digits(text.substr(i));
}

}  // namespace cdp::text
