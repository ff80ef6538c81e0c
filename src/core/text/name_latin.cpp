// SPDX-License-Identifier: PostgreSQL
#include "text/name_latin.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/name.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// Loading rules takes milliseconds, so they stay for the life of the process; use does not change them.
template <size_t N>
const icu::Transliterator& rules_of(const char (&name)[N]) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Transliterator* made =
        icu::Transliterator::createInstance(icu::UnicodeString(name, -1, US_INV), UTRANS_FORWARD, error);
    check(U_SUCCESS(error) && made != nullptr, "ICU lacks a transliterator for names");
    return *made;
}
const icu::Transliterator& cyrillic_rules() {
    static const icu::Transliterator& rules = rules_of("Russian-Latin/BGN; Any-Latin; Latin-ASCII");
    return rules;
}
const icu::Transliterator& greek_rules() {
    static const icu::Transliterator& rules = rules_of("Greek-Latin/UNGEGN; Any-Latin; Latin-ASCII");
    return rules;
}
const icu::Transliterator& han_rules() {
    static const icu::Transliterator& rules = rules_of("Han-Latin/Names; Any-Latin; Latin-ASCII");
    return rules;
}
const icu::Transliterator& other_rules() {
    static const icu::Transliterator& rules = rules_of("Any-Latin; Latin-ASCII");
    return rules;
}

// The script of the first letter that has one of its own.
UScriptCode script_of(std::string_view word) {
    for (size_t i = 0; i < word.size();) {
        UErrorCode error = U_ZERO_ERROR;
        const char32_t point = decode_utf8(word, i);
        const UScriptCode script = uscript_getScript(static_cast<UChar32>(point), &error);
        if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED && script != USCRIPT_LATIN) return script;
    }
    return USCRIPT_LATIN;
}

std::string to_latin(std::string_view word, UScriptCode script) {
    const icu::Transliterator& rules = script == USCRIPT_CYRILLIC ? cyrillic_rules()
                                       : script == USCRIPT_GREEK  ? greek_rules()
                                       : script == USCRIPT_HAN    ? han_rules()
                                                                  : other_rules();
    std::string latin(word);
    // Again when needed: without a quote a mark may find a letter.
    for (int pass = 0; pass < 3 && !is_ascii(latin); ++pass) {
        icu::UnicodeString text =
            icu::UnicodeString::fromUTF8(icu::StringPiece(latin.data(), static_cast<int32_t>(latin.size())));
        (pass == 0 ? rules : other_rules()).transliterate(text);
        latin.clear();
        text.toUTF8String(latin);
        // Soft signs, ayn and the like come out as quotes.
        std::erase_if(latin, [](char c) { return c == '\'' || c == '"' || c == '`'; });
        latin = prepare(latin);
    }
    return to_lower(latin);
}

}  // namespace

std::string latin_name(std::string_view raw) {
    const std::string name = clean_name(raw).value;
    if (is_ascii(name)) return name;
    std::string out;
    bool changed = false;
    for (std::string_view rest = name; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const UScriptCode script = script_of(word);
        if (!out.empty()) out.push_back(' ');
        if (script == USCRIPT_LATIN) {
            out += word;
            continue;
        }
        changed = true;
        // Every word of it in title case, whatever the others are.
        bool start = true;
        for (const char c : to_latin(word, script)) {
            out.push_back(start ? upper(c) : c);
            start = c == ' ' || c == '-' || c == '.';
        }
    }
    if (!changed) return name;
    return clean_name(out).value;
}

}  // namespace cdp::text
