// SPDX-License-Identifier: PostgreSQL
// Tables of cases for the cleaners.
#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "reference/text_checks.hpp"
#include "text/cleaned.hpp"

namespace support {

using cdp::text::Cleaned;
using cdp::text::Status;
using Cleaner = std::function<Cleaned(std::string_view)>;

struct Case {
    std::string_view input;
    Status status;
    std::string_view value = {};
    std::string_view reason = {};
    std::string_view suggestion = {};
};

// The reason is compared when the case gives one.
inline void check_cases(const Cleaner& clean, const std::vector<Case>& cases) {
    for (const Case& expected : cases) {
        const Cleaned cleaned = clean(expected.input);
        BOOST_TEST_CONTEXT("input '" << expected.input << "', reason '" << cleaned.reason << "'") {
            BOOST_CHECK_EQUAL(status_name(cleaned.status), status_name(expected.status));
            BOOST_CHECK_EQUAL(cleaned.value, expected.value);
            if (!expected.reason.empty()) BOOST_CHECK_EQUAL(cleaned.reason, expected.reason);
            BOOST_CHECK_EQUAL(cleaned.suggestion, expected.suggestion);
        }
    }
}

using reference::has_controls;
using reference::is_valid_utf8;

// What every cleaner promises for any input. Suspicious values stay suspicious; the others are ok the second
// time.
inline void check_promises(const Cleaner& clean, std::string_view input) {
    const Cleaned once = clean(input);
    BOOST_TEST_CONTEXT("input '" << input << "', value '" << once.value << "', reason '" << once.reason
                                 << "'") {
        BOOST_REQUIRE(is_valid_utf8(once.value) && is_valid_utf8(once.suggestion));
        BOOST_REQUIRE(!has_controls(once.value) && !has_controls(once.suggestion));
        BOOST_REQUIRE_LE(once.value.size(), 10000u);
        BOOST_REQUIRE_EQUAL(once.reason.empty(), once.status == Status::kOk);
        BOOST_REQUIRE_EQUAL(once.value.empty(), !once.has_value());
        if (!once.has_value()) return;
        const Cleaned twice = clean(once.value);
        BOOST_REQUIRE_EQUAL(twice.value, once.value);
        if (once.status != Status::kSuspicious) {
            BOOST_REQUIRE_MESSAGE(twice.status == Status::kOk, "the second time: " << twice.reason);
        }
    }
}

// Random inputs near `alphabet`: its pieces in any order, now and then arbitrary bytes.
inline std::string random_input(std::mt19937& random, const std::vector<std::string>& alphabet) {
    std::string input;
    for (unsigned n = random() % 12; n > 0; --n) {
        if (random() % 16 == 0) {
            input += static_cast<char>(random());
        } else if (random() % 24 == 0) {
            cdp::append_utf8(input, random() % 0x3000);
        } else {
            input += alphabet[random() % alphabet.size()];
        }
    }
    return input;
}

inline void check_random(const Cleaner& clean, const std::vector<std::string>& alphabet, int rounds,
                         unsigned seed) {
    std::mt19937 random(seed);
    for (int round = 0; round < rounds; ++round) {
        check_promises(clean, random_input(random, alphabet));
        std::string bytes(random() % 20, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        check_promises(clean, bytes);
    }
    // Every bound is reached without harm.
    for (const size_t size : {100u, 300u, 501u, 9999u, 10000u, 10001u, 200000u}) {
        for (const std::string& piece : alphabet) {
            std::string input;
            while (input.size() < size) input += piece;
            check_promises(clean, input);
            input.resize(size);
            check_promises(clean, input);
        }
    }
}

}  // namespace support
