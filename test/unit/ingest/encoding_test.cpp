// SPDX-License-Identifier: PostgreSQL
#include "ingest/encoding.hpp"

#include <unicode/ucnv.h>

#include <boost/test/unit_test.hpp>
#include <random>

#include "base/error.hpp"
#include "base/memory_budget.hpp"
#include "base/utf8.hpp"

using cdp::ingest::TextEncoding;

namespace {

std::string decode(std::string_view bytes, TextEncoding encoding) {
    cdp::MemoryBudget budget(64 << 20);
    cdp::Tick tick;
    return std::string(cdp::ingest::decode_text(bytes, encoding, &budget, tick));
}

TextEncoding detect(std::string_view bytes) {
    cdp::Tick tick;
    return cdp::ingest::detect_text_encoding(bytes, tick);
}

// By ICU's own converters.
std::string by_icu(const std::string& utf8, const char* encoding) {
    UErrorCode status = U_ZERO_ERROR;
    std::string out(utf8.size() * 4 + 16, '\0');
    const int32_t size = ucnv_convert(encoding, "UTF-8", out.data(), static_cast<int32_t>(out.size()),
                                      utf8.data(), static_cast<int32_t>(utf8.size()), &status);
    BOOST_REQUIRE(U_SUCCESS(status));
    out.resize(static_cast<size_t>(size));
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(detects_by_marks_and_content) {
    BOOST_TEST((detect("") == TextEncoding::kUtf8));
    BOOST_TEST((detect("plain,text\n") == TextEncoding::kUtf8));
    BOOST_TEST((detect("\xEF\xBB\xBF"
                       "a") == TextEncoding::kUtf8));
    BOOST_TEST((detect("Mu\xC3\xB1oz") == TextEncoding::kUtf8));
    BOOST_TEST((detect("Mu\xF1oz") == TextEncoding::kWindows1252));
    BOOST_TEST((detect("\xC3\xB1 \xC3\xB1 \xF1") == TextEncoding::kUtf8));  // one stray byte
    BOOST_TEST((detect(std::string_view("\xFF\xFE"
                                        "a\0",
                                        4)) == TextEncoding::kUtf16Le));
    BOOST_TEST((detect(std::string_view("\xFE\xFF\0a", 4)) == TextEncoding::kUtf16Be));
    BOOST_TEST((detect(std::string_view("i\0d\0,\0n\0", 8)) == TextEncoding::kUtf16Le));
    BOOST_TEST((detect(std::string_view("\0i\0d\0,\0n", 8)) == TextEncoding::kUtf16Be));
}

BOOST_AUTO_TEST_CASE(reads_what_is_broken) {
    BOOST_TEST(decode("\xEF\xBB\xBF"
                      "a\x80",
                      TextEncoding::kUtf8) == "a\xE2\x82\xAC");
    BOOST_TEST(decode(std::string_view("a\0b", 3), TextEncoding::kUtf8) ==
               "a\xEF\xBF\xBD"
               "b");
    BOOST_TEST(decode(std::string_view("\xFF\xFE\x00\xD8"
                                       "a\0",
                                       6),
                      TextEncoding::kUtf16Le) ==
               "\xEF\xBF\xBD"
               "a");
    BOOST_TEST(decode(std::string_view("a\0b", 3), TextEncoding::kUtf16Le) == "a\xEF\xBF\xBD");
    BOOST_TEST(decode("\x93q\x94", TextEncoding::kLatin1) == "\xC2\x93q\xC2\x94");
    BOOST_TEST(decode("\x93q\x94", TextEncoding::kWindows1252) == "\xE2\x80\x9Cq\xE2\x80\x9D");
}

BOOST_AUTO_TEST_CASE(names) {
    for (const auto e : {TextEncoding::kUtf8, TextEncoding::kWindows1252, TextEncoding::kLatin1,
                         TextEncoding::kUtf16Le, TextEncoding::kUtf16Be}) {
        BOOST_TEST((cdp::ingest::parse_text_encoding(cdp::ingest::text_encoding_name(e)) == e));
    }
    BOOST_TEST((cdp::ingest::parse_text_encoding("ISO_8859-1") == TextEncoding::kLatin1));
    BOOST_CHECK_THROW(cdp::ingest::parse_text_encoding("ebcdic"), cdp::Error);
}

BOOST_AUTO_TEST_CASE(agrees_with_icu) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string latin;
        std::string wide;
        const size_t size = random() % 60;
        for (size_t i = 0; i < size; ++i) {
            const char32_t low = 0x20 + random() % 0x5F;
            cdp::append_utf8(latin, random() % 3 == 0 ? 0xA0 + random() % 0x60 : low);
            char32_t high = 1 + random() % 0x10FFFF;
            if (high >= 0xD800 && high < 0xE000) high = U'ñ';
            if (high == 0xFEFF) high = U'n';  // a mark at the beginning is left out
            cdp::append_utf8(wide, random() % 2 == 0 ? high : low);
        }
        BOOST_TEST(decode(by_icu(latin, "ISO-8859-1"), TextEncoding::kLatin1) == latin);
        BOOST_TEST(decode(by_icu(latin, "windows-1252"), TextEncoding::kWindows1252) == latin);
        BOOST_TEST(decode(by_icu(wide, "UTF-16LE"), TextEncoding::kUtf16Le) == wide);
        BOOST_TEST(decode(by_icu(wide, "UTF-16BE"), TextEncoding::kUtf16Be) == wide);
        BOOST_TEST(decode(wide, TextEncoding::kUtf8) == wide);
    }
}

// Whatever the bytes, the result is UTF-8 that the server takes.
BOOST_AUTO_TEST_CASE(random_bytes_become_valid_text) {
    std::mt19937 random(8);
    for (int round = 0; round < 5000; ++round) {
        std::string bytes(random() % 40, '\0');
        for (char& c : bytes) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 4));
        for (const auto e : {TextEncoding::kUtf8, TextEncoding::kWindows1252, TextEncoding::kLatin1,
                             TextEncoding::kUtf16Le, TextEncoding::kUtf16Be}) {
            const std::string text = decode(bytes, e);
            BOOST_TEST(text.find('\0') == std::string::npos);
            for (size_t i = 0; i < text.size();) {
                const size_t before = i;
                const char32_t point = cdp::decode_utf8(text, i);
                if (point == 0xFFFD) BOOST_REQUIRE(i - before == 3);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
