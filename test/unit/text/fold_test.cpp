// SPDX-License-Identifier: PostgreSQL
#include "text/fold.hpp"

#include "support.hpp"
#include "text/plain.hpp"
#include "text/prepare.hpp"

using namespace support;
using cdp::text::fold;
using cdp::text::prepare;

BOOST_AUTO_TEST_CASE(fold_cases) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"Ñuñoa", "nunoa"},
        {"N\xCC\x83un\xCC\x83oa", "nunoa"},  // decomposed
        {"Straße", "strasse"},
        {"\u1D40\u0308", "t"},  // decomposes into a capital
        {"ÆRØSKØBING", "aeroskobing"},
        {"Łódź", "lodz"},
        {"Đorđe", "dorde"},
        {"Þór", "thor"},
        {"İstanbul ışık", "istanbul isik"},
        {"Москва", "moskva"},
        {"Ελλάδα", "ellada"},
        {"東京", "dong jing"},
        {"O’Brien", "o'brien"},
        {"  A \t B\n", "a b"},
        {"ＡＢＣ１２", "abc12"},
        {"ﬁn", "fin"},
        {"a\u00A0b", "a b"},
        {"🎉 X", "🎉 x"},
        {"", ""},
        {" ", ""},
    };
    for (const auto& [input, key] : cases) BOOST_TEST(fold(input) == key);
}

BOOST_AUTO_TEST_CASE(fold_table_equals_icu) {
    for (char32_t point = 0x20; point < 0x180; ++point) {
        const std::string text = cdp::to_utf8(std::u32string{point});
        BOOST_TEST(fold(text) == cdp::text::fold_by_icu(text),
                   "U+" << std::hex << static_cast<uint32_t>(point));
        const std::string pair = cdp::to_utf8(std::u32string{U'a', point, U'B'});
        BOOST_TEST(fold(pair) == cdp::text::fold_by_icu(pair), pair);
    }
}

BOOST_AUTO_TEST_CASE(fold_promises) {
    std::mt19937 random(1);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(random() % 20, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        const std::string key = fold(bytes);
        BOOST_REQUIRE(is_valid_utf8(key) && !has_controls(key));
        std::string letters;
        for (unsigned n = random() % 10; n > 0; --n) cdp::append_utf8(letters, 0x20 + random() % 0x500);
        BOOST_REQUIRE_EQUAL(fold(fold(letters)), fold(letters));
    }
    BOOST_TEST(fold(std::string(50000, 'A')).size() == 10000u);
}

BOOST_AUTO_TEST_CASE(prepare_cases) {
    BOOST_TEST(prepare("  a   b ") == "a b");
    BOOST_TEST(prepare("a\tb\r\nc\x01"
                       "d") == "a b c d");
    BOOST_TEST(prepare("a\u200Bb\uFEFF") == "ab");
    BOOST_TEST(prepare("n\u0303") == "ñ");
    BOOST_TEST(prepare("a\xFF"
                       "b") == "a\uFFFDb");
    BOOST_TEST(prepare("👨‍👩‍👧") == "👨‍👩‍👧");
    BOOST_TEST(prepare(std::string_view("\0a\0", 3)) == "a");
}

BOOST_AUTO_TEST_CASE(missing_words) {
    for (const char* word :
         {"n/a",       "NA",        "null", "None", "-",    "--",  "?",    "unknown", "undefined",
          "No aplica", "sin datos", "xxx",  "TEST", "asdf", "nan", "#N/A", "...",     "Sin información",
          "\\N",       "—"}) {
        BOOST_TEST(cdp::text::is_missing_word(word), word);
    }
    for (const char* word : {"Ana", "x", "no", "0", "nana", "tested", "a-b"}) {
        BOOST_TEST(!cdp::text::is_missing_word(word), word);
    }
    BOOST_TEST(cdp::text::is_repeated_character("aaaa"));
    BOOST_TEST(cdp::text::is_repeated_character("ññññ"));
    BOOST_TEST(!cdp::text::is_repeated_character("aaa"));
    BOOST_TEST(!cdp::text::is_repeated_character("aaab"));
}

BOOST_AUTO_TEST_CASE(text_cases) {
    check_cases(cdp::text::clean_text, {
                                           {"  hola   mundo ", Status::kOk, "hola mundo"},
                                           {"", Status::kMissing, "", "blank"},
                                           {" \t\n", Status::kMissing, "", "blank"},
                                           {"n/a", Status::kMissing, "", "placeholder word"},
                                           {"aaaa", Status::kMissing, "", "one character repeated"},
                                           {"1111", Status::kOk, "1111"},
                                           {"a\xFF", Status::kSuspicious, "a\uFFFD", "unreadable characters"},
                                       });
    const std::string longest = std::string(9999, 'a') + "bñandú";
    const Cleaned cut = cdp::text::clean_text(longest);
    BOOST_TEST(cut.value.size() == 10000u);
    BOOST_TEST(status_name(cut.status) == "suspicious");
    BOOST_TEST(cdp::text::clean_text("b" + std::string(9998, 'a') + "ñ").value.size() == 9999u);
}

BOOST_AUTO_TEST_CASE(text_promises) {
    std::mt19937 random(2);
    for (int round = 0; round < 20000; ++round) {
        check_promises(cdp::text::clean_text,
                       random_input(random, {"a", " ", "ñ", "n\u0303", "\t", "漢", "-"}));
    }
}
