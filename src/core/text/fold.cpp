// SPDX-License-Identifier: PostgreSQL
#include "text/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// U+00C0 … U+017F as fold_by_icu gives them; a unit test compares every entry.
constexpr char32_t kFirstLatin = 0xC0;
constexpr auto kLatin = std::to_array<std::string_view>({
    "a", "a",  "a",  "a",  "a", "a", "ae", "c",  "e",  "e", "e", "e",  "i",  "i",  "i", "i", "d", "n",
    "o", "o",  "o",  "o",  "o", "*", "o",  "u",  "u",  "u", "u", "y",  "th", "ss", "a", "a", "a", "a",
    "a", "a",  "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i",  "d",  "n",  "o", "o", "o", "o",
    "o", "/",  "o",  "u",  "u", "u", "u",  "y",  "th", "y", "a", "a",  "a",  "a",  "a", "a", "c", "c",
    "c", "c",  "c",  "c",  "c", "c", "d",  "d",  "d",  "d", "e", "e",  "e",  "e",  "e", "e", "e", "e",
    "e", "e",  "g",  "g",  "g", "g", "g",  "g",  "g",  "g", "h", "h",  "h",  "h",  "i", "i", "i", "i",
    "i", "i",  "i",  "i",  "i", "i", "ij", "ij", "j",  "j", "k", "k",  "q",  "l",  "l", "l", "l", "l",
    "l", "l·", "l·", "l",  "l", "n", "n",  "n",  "n",  "n", "n", "'n", "n",  "n",  "o", "o", "o", "o",
    "o", "o",  "oe", "oe", "r", "r", "r",  "r",  "r",  "r", "s", "s",  "s",  "s",  "s", "s", "s", "s",
    "t", "t",  "t",  "t",  "t", "t", "u",  "u",  "u",  "u", "u", "u",  "u",  "u",  "u", "u", "u", "u",
    "w", "w",  "y",  "y",  "y", "z", "z",  "z",  "z",  "z", "z", "s",

});

// Loading the rules takes milliseconds, so they stay for the life of the process. The object is not changed
// by use.
const icu::Transliterator& to_ascii() {
    static const icu::Transliterator* const rules = [] {
        UErrorCode error = U_ZERO_ERROR;
        icu::Transliterator* made =
            icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, error);
        check(U_SUCCESS(error) && made != nullptr, "ICU has no transliterator Any-Latin; Latin-ASCII");
        return made;
    }();
    return *rules;
}

bool is_ascii(const icu::UnicodeString& text) {
    for (int32_t i = 0; i < text.length(); ++i) {
        if (text[i] >= 0x80) return false;
    }
    return true;
}

// Case-folded, decomposed, without marks and invisible characters.
icu::UnicodeString strip(const icu::UnicodeString& text) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
    check(U_SUCCESS(error), "ICU has no NFKD data");
    icu::UnicodeString folded = text;
    folded.foldCase();
    icu::UnicodeString decomposed = nfkd->normalize(folded, error);
    check(U_SUCCESS(error), "NFKD failed");
    decomposed.foldCase();  // U+1D40, a raised T, decomposes into a capital
    icu::UnicodeString out;
    for (int32_t i = 0; i < decomposed.length();) {
        const UChar32 c = decomposed.char32At(i);
        i += U16_LENGTH(c);
        constexpr uint32_t kDropped = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CS_MASK;
        if ((U_GET_GC_MASK(c) & kDropped) == 0) out.append(c);
    }
    return out;
}

}  // namespace

std::string fold_by_icu(std::string_view raw) {
    const std::string_view clipped = clip_utf8(raw, kMaxBytes);
    icu::UnicodeString text = strip(
        icu::UnicodeString::fromUTF8(icu::StringPiece(clipped.data(), static_cast<int32_t>(clipped.size()))));
    // Twice when needed: some transliterations yield letters that only the second pass strips.
    for (int pass = 0; pass < 2 && !is_ascii(text); ++pass) {
        to_ascii().transliterate(text);
        text = strip(text);
    }
    std::string out;
    text.toUTF8String(out);
    return prepare(out);
}

std::string_view fold_latin_letter(char32_t point) {
    const bool known = point >= kFirstLatin && point < kFirstLatin + kLatin.size();
    return known ? kLatin[point - kFirstLatin] : std::string_view();
}

bool fold_latin(std::string_view raw, std::string& out) {
    const std::string_view text = clip_utf8(raw, kMaxBytes);
    out.clear();
    out.reserve(text.size());
    bool gap = false;
    for (size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= 0x20 || byte == 0x7F) {
            gap = !out.empty();
            ++i;
            continue;
        }
        std::string_view latin;
        if (byte < 0x80) {
            ++i;
        } else {
            const char32_t point = decode_utf8(text, i);
            if (point >= 0x300 && point < 0x345) continue;  // a mark of its own, as in decomposed text
            if (point < kFirstLatin || point >= kFirstLatin + kLatin.size()) return false;
            latin = kLatin[point - kFirstLatin];
        }
        if (gap) out.push_back(' ');
        gap = false;
        if (byte < 0x80) {
            out.push_back(lower(static_cast<char>(byte)));
        } else {
            out.append(latin);
        }
    }
    return true;
}

std::string fold(std::string_view raw) {
    std::string out;
    return fold_latin(raw, out) ? out : fold_by_icu(raw);
}

}  // namespace cdp::text
