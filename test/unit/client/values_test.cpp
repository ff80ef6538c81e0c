// SPDX-License-Identifier: PostgreSQL
#include "client/values.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "client/sha256.hpp"

using namespace cdp::client;

// FIPS 180-4 examples, from NIST's "Examples with Intermediate Values" (SHA256.pdf) and the one of a million
// a's.
BOOST_AUTO_TEST_CASE(sha256_gives_the_published_digests) {
    BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(sha256_hex(std::string(1000000, 'a')) ==
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(sha256_does_not_depend_on_the_pieces) {
    std::mt19937 random(7);
    std::string text;
    Sha256 pieces;
    for (int i = 0; i < 2000; ++i) {
        const std::string piece(random() % 150, static_cast<char>(random()));
        text += piece;
        pieces.add(piece);
        if (i % 100 == 0) BOOST_TEST(pieces.hex() == sha256_hex(text));
    }
}

BOOST_AUTO_TEST_CASE(only_whole_numbers_with_a_decimal_comma_are_mended) {
    const std::pair<const char*, const char*> cases[] = {{"1.234,50", "1234.50"},
                                                         {"12,5", "12.5"},
                                                         {"-1.234.567,8", "-1234567.8"},
                                                         {"1.234", "1234"},
                                                         {"+0,5", "+0.5"},
                                                         {"1234,5", "1234.5"},
                                                         {"1,234.50", "1,234.50"},
                                                         {"1234.567", "1234.567"},
                                                         {"1.23", "1.23"},
                                                         {"1.2345", "1.2345"},
                                                         {"12,", "12,"},
                                                         {",5", ",5"},
                                                         {"1,2,3", "1,2,3"},
                                                         {"01.02.2024", "01.02.2024"},
                                                         {"12.345.678-9", "12.345.678-9"},
                                                         {"a,b", "a,b"},
                                                         {"", ""},
                                                         {"-", "-"},
                                                         {"7", "7"},
                                                         {"1.234,", "1.234,"},
                                                         {"1.234,5 EUR", "1.234,5 EUR"}};
    for (const auto& [before, after] : cases) {
        std::string value = before;
        mend_decimal_comma(value);
        BOOST_TEST(value == after, before << " became " << value);
    }
}

BOOST_AUTO_TEST_CASE(encodings_are_told_apart) {
    BOOST_CHECK(detect_encoding("id,name\n1,Ana\n") == Encoding::kUndecided);
    BOOST_CHECK(detect_encoding("\xEF\xBB\xBFid") == Encoding::kUtf8);
    BOOST_CHECK(detect_encoding("Jos\xC3\xA9\n") == Encoding::kUtf8);
    BOOST_CHECK(detect_encoding("Jos\xE9\n") == Encoding::kWindows1252);
    // The end of the window cuts a character.
    std::string head((size_t{64} << 10) - 3, 'a');
    head += "\xC3\xA9\xC3";
    BOOST_CHECK(detect_encoding(head) == Encoding::kUtf8);
    std::string out;
    append_decoded(out,
                   "\x80 Mar\xED"
                   "a \x93q\x94 \x81",
                   Encoding::kWindows1252);
    BOOST_TEST(out == "€ María “q” \xC2\x81");
    out.clear();
    append_decoded(out, "\x80\xE9", Encoding::kLatin1);
    BOOST_TEST(out == "\xC2\x80é");
}

BOOST_AUTO_TEST_CASE(originals_are_always_text) {
    std::mt19937 random(11);
    for (int i = 0; i < 3000; ++i) {
        std::string bytes;
        for (size_t k = random() % 40; k > 0; --k) bytes += static_cast<char>(random());
        for (const Encoding encoding : {Encoding::kUtf8, Encoding::kWindows1252, Encoding::kUndecided}) {
            const std::string shown = printable_original(bytes, encoding);
            BOOST_REQUIRE(is_utf8(shown));
            BOOST_REQUIRE(shown.find('\0') == std::string::npos);
        }
    }
    BOOST_TEST(printable_original(std::string_view("a\0\xFF \xC3\xA9\r\n", 8), Encoding::kUtf8) ==
               "a\\x00\\xFF é");
}
