// SPDX-License-Identifier: PostgreSQL
#include "text/repair.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "support.hpp"
#include "text/plain.hpp"
#include "text/prepare.hpp"
#include "text/windows_1252.hpp"

using namespace support;

namespace {

std::string repair_text(std::string_view raw) {
    cdp::Tick tick;
    return cdp::text::repair_text(raw, tick);
}

// UTF-8 read as Windows-1252 (bytes it leaves undefined as Latin-1 has them), the damage itself.
std::string misread(std::string_view text) {
    std::string out;
    for (const char c : text) {
        cdp::append_utf8(out, cdp::text::windows_1252_point(static_cast<unsigned char>(c)));
    }
    return out;
}
std::string misread_as_latin_1(std::string_view text) {
    std::string out;
    for (const char c : text) cdp::append_utf8(out, static_cast<unsigned char>(c));
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(encoding_cases) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"JosÃ©", "José"},
        {"Ã‘uÃ±oa", "Ñuñoa"},
        {"donâ€™t", "don’t"},
        {"Ã¢â‚¬â„¢", "’"},
        {"JosÃƒÂ©", "José"},
        {"â€œholaâ€\u009D", "“hola”"},
        {"â€œholaâ€", "“hola”"},
        {"GarcÃ\u00ADa", "García"},
        {"GarcÃa MarÃn", "García Marín"},
        {"PortuguÃªs", "Português"},
        {"MÃ¼ller", "Müller"},
        {"StraÃŸe", "Straße"},
        {"cittÃ\u00A0", "città"},
        {"Ã\u00A0 Paris", "à Paris"},
        {"10Â\u00A0000", "10 000"},
        {"Â¿QuÃ© tal?", "¿Qué tal?"},
        {"NÂº 5", "Nº 5"},
        {"25 Â°C", "25 °C"},
        {"5 â‚¬", "5 €"},
        {"BiaÅ‚ystok", "Białystok"},
        {"MiloÅ¡", "Miloš"},
        {"zajÄ…c", "zając"},
        {"Ð˜Ð²Ð°Ð½", "Иван"},
        {"æ\u009D±äº¬", "東京"},
        {"ðŸ˜€", "😀"},
        {"Jos&Atilde;&copy;", "José"},
    };
    for (const auto& [input, output] : cases) {
        BOOST_TEST(repair_text(input) == output);
        BOOST_TEST(cdp::text::may_need_repair(input), input);
    }
}

// Real words and signs that look like it.
BOOST_AUTO_TEST_CASE(text_left_alone) {
    for (const char* text : {"SÃO PAULO",
                             "MAÇÃ",
                             "JOÃO",
                             "MAÇÃ”",
                             "IRMÃ’S",
                             "“MAÇÔ",
                             "AMANHÃ…",
                             "ÂNGELA",
                             "ROMÂNIA",
                             "MAMÂ”",
                             "café », dit-il",
                             "« voilà »",
                             "Ångström",
                             "FJÄLLRÄV™",
                             "Ñandú",
                             "ESPAÑA…",
                             "José",
                             "São João",
                             "Ça va?",
                             "Ôé",
                             "naïve",
                             "El Niño",
                             "à la carte",
                             "ÄÖÜ",
                             "Số 5",
                             "ÍÑIGO",
                             "âge",
                             "dâ",
                             "R&D",
                             "AT&T",
                             "a & b;",
                             "1 < 2 > 0",
                             "a <b and c> d",
                             "<ana@example.com>",
                             "x<y",
                             "&unknown;",
                             "&;",
                             "&#;",
                             "&#x;",
                             "<3",
                             "<>",
                             "</>",
                             "<null>",
                             "Ñ",
                             "Ã",
                             "«Ã»",
                             "Москва",
                             "東京",
                             "😀",
                             "Łódź"}) {
        BOOST_TEST(repair_text(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(html_cases) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"Jos&eacute;", "José"},
        {"Jos&#233;", "José"},
        {"Jos&#xE9;", "José"},
        {"Jos&#XE9;", "José"},
        {"JOS&EACUTE;", "JOSÉ"},
        {"A &AMP; B", "A & B"},
        {"A &amp; B", "A & B"},
        {"A &amp;amp; B", "A & B"},
        {"Jos&amp;eacute;", "José"},
        {"a&nbsp;b", "a b"},
        {"&lt;b&gt;Ana&lt;/b&gt;", "Ana"},
        {"O&#39;Brien &apos;", "O'Brien '"},
        {"&#146;", "’"},
        {"&#0;x", "\uFFFDx"},
        {"&#xD800;x", "\uFFFDx"},
        {"&#9999999;x", "\uFFFDx"},
        {"a&#10;b", "a b"},
        {"<b>Ana</b>", "Ana"},
        {"Ana<br>María<BR/>", "Ana María"},
        {"<p class=\"x\">Ana</p><p>Luz</p>", "Ana Luz"},
        {"<a href='https://example.com/?a>b'>here</a>", "here"},
        {"<!-- no -->x", "x"},
        {"<script>alert('<b>')</script>x", "x"},
        {"<style type=text/css>p {}</STYLE >x", "x"},
        {"<script>no end", ""},
        {"<<b>b>Ana", "Ana"},
        {"&&#97;mp;lt;", "<"},
    };
    for (const auto& [input, output] : cases) BOOST_TEST(repair_text(input) == output);
}

// What the damage does, the repair undoes, once and twice.
BOOST_AUTO_TEST_CASE(repair_undoes_the_damage) {
    for (const char* text :
         {"José",       "Ñuñoa",   "María Núñez", "Zoë Müller", "François", "Año Nuevo", "ÉLODIE",
          "ÁNGEL",      "ÍÑIGO",   "Óscar Ávila", "don’t",      "“¿Qué?”",  "Übergröße", "Иван Петров",
          "Ελλάδα",     "東京都",  "Łukasz Żółć", "Ítalo",      "JOSÉ",     "coração",   "5 € – 10 €",
          "naïve café", "😀 ¡Olé!", "İstanbul",    "Đorđe"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(repair_text(misread(text)) == text);
            BOOST_TEST(repair_text(misread_as_latin_1(text)) == text);
            BOOST_TEST(repair_text(misread(misread(text))) == text);
        }
    }
}

// Real words of many languages, the names of the countries as ICU has them: none is changed, in small letters
// and in capitals and with the signs around them that the repair is afraid of; misread ones come back.
BOOST_AUTO_TEST_CASE(names_of_countries) {
    struct Language {
        const char* name;
        size_t lost;  // of 100 misread names in both cases, at most
    };
    const std::vector<Language> languages{
        {"es", 0},  {"en", 0},  {"pt", 0},  {"fr", 0}, {"de", 0}, {"it", 1}, {"gl", 0},  {"eu", 0},
        {"sv", 0},  {"da", 0},  {"nb", 0},  {"hu", 0}, {"is", 0}, {"ru", 1}, {"uk", 1},  {"bg", 1},
        {"el", 1},  {"ja", 0},  {"zh", 1},  {"ko", 1}, {"ar", 0}, {"he", 1}, {"th", 0},  {"hi", 0},
        {"ca", 5},  {"nl", 8},  {"fi", 1},  {"pl", 5}, {"cs", 8}, {"ro", 9}, {"tr", 25}, {"vi", 10},
        {"hr", 10}, {"lt", 15}, {"lv", 15}, {"et", 3}};
    for (const Language& language : languages) {
        size_t all = 0;
        size_t lost = 0;
        const icu::Locale locale(language.name);
        for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
            for (const bool capitals : {false, true}) {
                icu::UnicodeString shown;
                icu::Locale("", *code).getDisplayCountry(locale, shown);
                if (capitals) shown.toUpper(locale);
                std::string text;
                shown.toUTF8String(text);
                for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{
                         {"", ""}, {"« ", " »"}, {"“", "”…"}, {"", "™ – "}, {"‘", "’"}, {"", "’s"}}) {
                    const std::string real = before + text + after;
                    BOOST_TEST(repair_text(real) == cdp::text::prepare(real));
                }
                ++all;
                lost += repair_text(misread(text)) != cdp::text::prepare(text);
            }
        }
        BOOST_TEST_CONTEXT(language.name) {
            BOOST_TEST(all > 400u);
            BOOST_TEST(lost * 100 <= all * language.lost, lost << " of " << all);
        }
    }
}

BOOST_AUTO_TEST_CASE(reasons) {
    check_cases(cdp::text::clean_text,
                {
                    {"JosÃ©", Status::kCorrected, "José", "wrong character encoding"},
                    {"Jos&eacute; <b>x</b>", Status::kCorrected, "José x", "HTML"},
                    {"a\x02"
                     "b",
                     Status::kCorrected, "a b", "control characters"},
                    {"a\u202Eb", Status::kCorrected, "ab", "hidden text direction"},
                    {"a\tb\n", Status::kOk, "a b"},
                    {"&nbsp;", Status::kMissing, "", "blank"},
                    {"<br>", Status::kMissing, "", "blank"},
                    {"&#110;/a", Status::kMissing, "", "placeholder word"},
                    {"Jos\uFFFD", Status::kSuspicious, "Jos\uFFFD", "unreadable characters"},
                });
}

BOOST_AUTO_TEST_CASE(repair_promises) {
    const std::vector<std::string> alphabet{"&", "amp;",   "#39;",   "lt;",    "eacute;", "<",      ">",
                                            "b", "/",      "<br",    "Ã",      "Â",       "â",      "€",
                                            "©", "±",      "\u00AD", "\u00A0", "a",       "™",      "Ð",
                                            "ƒ", "\u0081", "\"",     "=",      "\u200B",  "script>"};
    check_random(cdp::text::clean_text, alphabet, 40000, 11);
    std::mt19937 random(12);
    for (int round = 0; round < 30000; ++round) {
        const std::string input = random_input(random, alphabet);
        const std::string once = repair_text(input);
        BOOST_REQUIRE(is_valid_utf8(once) && !has_controls(once));
        BOOST_REQUIRE_EQUAL(repair_text(once), once);
        // The test before the repair misses nothing.
        std::string text = input;
        if (!cdp::text::may_need_repair(text)) BOOST_REQUIRE(cdp::text::repair(text).empty());
    }
}

// A long text can be cancelled.
BOOST_AUTO_TEST_CASE(repair_ticks) {
    struct Cancelled {};
    cdp::Tick tick([] { throw Cancelled(); });
    for (const std::string_view piece : {"JosÃ© ", "<", "&amp;amp;"}) {
        std::string text;
        while (text.size() < 10000) text += piece;
        BOOST_CHECK_THROW(cdp::text::repair_text(text, tick), Cancelled);
    }
}
