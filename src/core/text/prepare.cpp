// SPDX-License-Identifier: PostgreSQL
#include "text/prepare.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"

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

bool is_space(char32_t point) {
    if (point < 0x80) return point <= 0x20 || point == 0x7F;
    const auto c = static_cast<UChar32>(point);
    return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR;
}

bool is_invisible(char32_t point) {
    if (point < 0x80 || point == 0x200C || point == 0x200D) return false;
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

// Sorted, for binary search.
constexpr auto kMissingWords = std::to_array<std::string_view>({
    "#n/a",
    "#name?",
    "#null!",
    "#ref!",
    "#value!",
    "(blank)",
    "(empty)",
    "(none)",
    "(null)",
    "<blank>",
    "<na>",
    "<null>",
    "[null]",
    "\\n",
    "asd",
    "asdf",
    "asdfasdf",
    "asdfg",
    "asdfgh",
    "blank",
    "desconocida",
    "desconocido",
    "empty",
    "missing",
    "n.a",
    "n.a.",
    "n/a",
    "n/d",
    "na",
    "nan",
    "nil",
    "ninguna",
    "ninguno",
    "no aplica",
    "no data",
    "no disponible",
    "no informado",
    "no tiene",
    "none",
    "not applicable",
    "not available",
    "not provided",
    "null",
    "prueba",
    "qwerty",
    "s/d",
    "s/i",
    "sin dato",
    "sin datos",
    "sin informacion",
    "sin información",
    "tbd",
    "test",
    "testing",
    "unavailable",
    "undefined",
    "unknown",
    "unspecified",
    "xx",
    "xxx",
    "xxxx",
});
constexpr size_t kLongestWord = 16;
static_assert(std::is_sorted(kMissingWords.begin(), kMissingWords.end()));

}  // namespace

std::string prepare(std::string_view raw) {
    if (is_tidy_ascii(raw)) return std::string(raw);
    std::string out;
    out.reserve(raw.size());
    bool ascii = true;
    bool gap = false;
    for (size_t i = 0; i < raw.size();) {
        const char32_t point = decode_utf8(raw, i);
        if (is_space(point)) {
            gap = !out.empty();
            continue;
        }
        if (is_invisible(point)) continue;
        if (gap) out.push_back(' ');
        gap = false;
        ascii = ascii && point < 0x80;
        append_utf8(out, point);
    }
    return ascii ? out : to_nfc(std::move(out));
}

bool is_missing_word(std::string_view text) {
    if (text.find_first_not_of("-_.?*/,;:'\"# ") == std::string_view::npos) return true;
    if (text.size() > kLongestWord) return false;
    std::array<char, kLongestWord> word{};
    std::transform(text.begin(), text.end(), word.begin(), lower);
    return std::binary_search(kMissingWords.begin(), kMissingWords.end(),
                              std::string_view(word.data(), text.size())) ||
           text == "–" || text == "—";
}

bool is_repeated_character(std::string_view text) {
    if (text.empty()) return false;
    size_t first = 0;
    decode_utf8(text, first);
    if (text.size() < 4 * first || text.size() % first != 0) return false;
    for (size_t i = first; i < text.size(); ++i) {
        if (text[i] != text[i - first]) return false;
    }
    return true;
}

std::optional<Cleaned> open_value(std::string_view raw, std::string& text) {
    if (raw.size() > kMaxBytes) return invalid("too long");
    text = prepare(raw);
    if (text.size() > kMaxBytes) return invalid("too long");
    if (text.empty()) return missing("blank");
    if (is_missing_word(text)) return missing("placeholder word");
    return std::nullopt;
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
