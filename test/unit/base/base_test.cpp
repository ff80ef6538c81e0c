// SPDX-License-Identifier: PostgreSQL
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "base/hash.hpp"
#include "base/memory_budget.hpp"
#include "base/nearest_name.hpp"
#include "base/tick.hpp"
#include "base/utf8.hpp"

using cdp::Error;
using cdp::ErrorCode;
using cdp::MemoryBudget;

BOOST_AUTO_TEST_CASE(utf8_round_trip_of_every_scalar_value) {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string text;
        cdp::append_utf8(text, point);
        size_t position = 0;
        BOOST_REQUIRE_EQUAL(static_cast<uint32_t>(cdp::decode_utf8(text, position)),
                            static_cast<uint32_t>(point));
        BOOST_REQUIRE_EQUAL(position, text.size());
    }
}

BOOST_AUTO_TEST_CASE(utf8_decoder_always_advances_on_random_bytes) {
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(random() % 12, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        for (size_t position = 0; position < bytes.size();) {
            const size_t before = position;
            const char32_t point = cdp::decode_utf8(bytes, position);
            BOOST_REQUIRE_GT(position, before);
            BOOST_REQUIRE_LE(position, bytes.size());
            BOOST_REQUIRE(point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF));
        }
    }
}

BOOST_AUTO_TEST_CASE(utf8_refuses_overlong_and_surrogates) {
    for (const char* bad :
         {"\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
        size_t position = 0;
        BOOST_TEST(static_cast<uint32_t>(cdp::decode_utf8(bad, position)) == 0xFFFDu);
        BOOST_TEST(position == 1u);
    }
}

BOOST_AUTO_TEST_CASE(clip_never_cuts_a_character) {
    const std::string text = "aé漢😀";
    for (size_t bytes = 0; bytes <= text.size(); ++bytes) {
        const auto clipped = cdp::clip_utf8(text, bytes);
        BOOST_TEST(clipped.size() <= bytes);
        BOOST_TEST(cdp::to_utf8(cdp::to_code_points(clipped)) == clipped);
    }
}

BOOST_AUTO_TEST_CASE(memory_budget_refuses_and_recovers) {
    MemoryBudget budget(1 << 20);
    {
        std::pmr::vector<char> kept(1 << 19, &budget);
        BOOST_TEST(budget.used() == size_t{1} << 19);
        BOOST_CHECK_EXCEPTION(std::pmr::vector<char>(1 << 20, &budget), Error, [](const Error& e) {
            return e.code() == ErrorCode::kOutOfMemory &&
                   e.hint().find("cdp.memory_limit") != std::string::npos;
        });
    }
    BOOST_TEST(budget.used() == 0u);
    BOOST_TEST(budget.peak() == size_t{1} << 19);
}

namespace {
int checks = 0;
}
BOOST_AUTO_TEST_CASE(tick_checks_once_per_interval) {
    checks = 0;
    cdp::Tick tick([] { ++checks; });
    for (uint32_t i = 0; i < 10 * cdp::Tick::kInterval; ++i) tick();
    BOOST_TEST(checks == 10);
}

BOOST_AUTO_TEST_CASE(hash_is_the_same_everywhere) {
    // Figures fixed on purpose: samples and tie-breaks of stored data depend on them.
    BOOST_TEST(cdp::hash64("") == 0xefd01f60ba992926ULL);
    BOOST_TEST(cdp::hash64("cdp") != cdp::hash64("cdp", 1));
}

BOOST_AUTO_TEST_CASE(nearest_name_finds_typos_only) {
    const std::vector<std::string> names{"email", "phone", "birth_date", "given_name"};
    BOOST_TEST(cdp::nearest_name("emial", names).value() == "email");
    BOOST_TEST(cdp::nearest_name("Birthdate", names).value() == "birth_date");
    BOOST_TEST(cdp::nearest_name("fone", names).has_value() == false);
    BOOST_TEST(cdp::nearest_name("phon", names).value() == "phone");
    BOOST_TEST(cdp::nearest_name("", names).has_value() == false);
    BOOST_TEST(cdp::nearest_name(std::string(1000, 'x'), names).has_value() == false);
}
