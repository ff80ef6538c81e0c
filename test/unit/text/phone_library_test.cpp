// SPDX-License-Identifier: PostgreSQL
// The fast reader of telephone numbers, against libphonenumber itself, on numbers of every region: numbers
// sampled from each pattern of its plan and random ones, with faults, in every usual spelling. A longer run:
// CDP_PHONE_ROUNDS=1000 unit_text -t phone_as_the_library (the default is 400 rounds).
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "digit_sample.hpp"
#include "support.hpp"
#include "text/phone.hpp"
#include "text/phone_library.hpp"
#include "text/phone_read.hpp"

using cdp::text::Cleaned;
using cdp::text::PhonePlan;
using cdp::text::PhonePlans;

namespace {

class Numbers {
  public:
    Numbers(const PhonePlan& plan, std::mt19937& random) : plan_(plan), random_(random) {}

    // As somebody might write it, right or wrong, for a country or none.
    std::string written() {
        std::string digits = national();
        for (unsigned n = pick({8, 1, 1}); n > 0; --n) spoil(digits);
        switch (pick({4, 3, 2, 2, 2, 2, 1})) {
            case 0:
                return separated(digits);
            case 1:
                return "+" + separated(std::string(plan_.country_digits()) + digits);
            case 2:
                return separated(prefix(plan_.national_prefix()) + digits);
            case 3:
                return separated(std::string(plan_.country_digits()) + digits);
            case 4:
                return separated(prefix(plan_.international_prefix()) + std::string(plan_.country_digits()) +
                                 digits);
            case 5:
                return separated((random_() % 2 == 0 ? "00" : "011") + std::string(plan_.country_digits()) +
                                 digits);
            default:
                return "+" + separated(std::string(plan_.country_digits()) + prefix(plan_.national_prefix()) +
                                       digits);
        }
    }

  private:
    size_t pick(std::initializer_list<unsigned> weights) {
        unsigned total = 0;
        for (const unsigned weight : weights) total += weight;
        unsigned left = static_cast<unsigned>(random_() % total);
        size_t at = 0;
        for (const unsigned weight : weights) {
            if (left < weight) break;
            left -= weight;
            ++at;
        }
        return at;
    }
    char digit() { return static_cast<char>('0' + random_() % 10); }

    std::string national() {
        if (random_() % 8 != 0) {
            const auto part = static_cast<PhonePlan::Part>(random_() % PhonePlan::kParts);
            const std::string_view pattern = plan_.pattern(part);
            if (!pattern.empty()) {
                std::string digits = support::DigitSampler(pattern, random_).sample();
                // Leading digits are only a beginning.
                if (part == PhonePlan::kLeadingDigits) {
                    while (digits.size() < 9) digits += digit();
                }
                return digits;
            }
        }
        std::string digits;
        for (unsigned n = 2 + random_() % 14; n > 0; --n) digits += digit();
        return digits;
    }

    std::string prefix(const cdp::text::DigitPrefix& pattern) {
        if (pattern.empty()) return random_() % 2 == 0 ? "0" : "1";
        return support::DigitSampler(pattern.pattern(), random_).sample();
    }

    void spoil(std::string& digits) {
        const size_t at = random_() % (digits.size() + 1);
        switch (random_() % 6) {
            case 0:
                digits.insert(at, 1, digit());
                break;
            case 1:
                if (at < digits.size()) digits.erase(at, 1);
                break;
            case 2:
            case 3:
                if (at < digits.size()) digits[at] = digit();
                break;
            case 4:
                digits.insert(0, 1, random_() % 2 == 0 ? '0' : digit());
                break;
            default:
                for (unsigned n = random_() % 8; n > 0; --n) digits += digit();
                break;
        }
    }

    std::string separated(const std::string& digits) {
        if (random_() % 2 == 0) return digits;
        constexpr std::string_view kSeparators = " -()./ ";
        std::string out;
        for (const char c : digits) {
            if (random_() % 4 == 0) out += kSeparators[random_() % kSeparators.size()];
            out += c;
        }
        if (random_() % 16 == 0) out += random_() % 2 == 0 ? ".0" : ")";
        if (random_() % 16 == 0) out.insert(0, random_() % 2 == 0 ? "'" : " (");
        return out;
    }

    const PhonePlan& plan_;
    std::mt19937& random_;
};

bool same(const Cleaned& a, const Cleaned& b) {
    return a.value == b.value && a.status == b.status && a.reason == b.reason && a.suggestion == b.suggestion;
}

}  // namespace

BOOST_AUTO_TEST_CASE(phone_as_the_library) {
    using i18n::phonenumbers::PhoneNumber;
    using i18n::phonenumbers::PhoneNumberUtil;
    const PhonePlans* plans = PhonePlans::get();
    BOOST_REQUIRE(plans != nullptr);
    const char* asked = std::getenv("CDP_PHONE_ROUNDS");
    const int rounds = asked != nullptr ? std::atoi(asked) : 400;
    std::mt19937 random(asked != nullptr ? static_cast<unsigned>(rounds) : 7U);
    const auto& all = plans->all();
    size_t cases = 0;
    size_t valid = 0;
    size_t quick = 0;
    size_t different = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; ++round) {
        for (const PhonePlan& plan : all) {
            Numbers numbers(plan, random);
            const std::string raw = numbers.written();
            const std::string home(plan.region().size() == 2 ? plan.region() : "");
            const std::string other(all[random() % all.size()].region());
            for (const std::string& country : {home, std::string(), other}) {
                const Cleaned fast = cdp::text::clean_phone(raw, country);
                const Cleaned slow = cdp::text::clean_phone_by_library(raw, country);
                ++cases;
                cdp::text::PhoneReading reading;
                quick += cdp::text::clean_ordinary_phone(raw, country, reading) ? 1 : 0;
                if (same(fast, slow)) {
                    valid += slow.has_value() ? 1 : 0;
                } else if (++different <= 20) {
                    BOOST_ERROR("'" << raw << "' in '" << country << "': '" << fast.value << "' "
                                    << fast.reason << ", the library '" << slow.value << "' " << slow.reason);
                }
                if (!slow.has_value()) continue;
                const Cleaned again = cdp::text::clean_phone(slow.value, "");
                BOOST_CHECK_MESSAGE(again.value == slow.value && again.status == cdp::text::Status::kOk,
                                    "'" << slow.value << "' again: '" << again.value << "' " << again.reason);
                if (cases % 4 != 0) continue;
                const cdp::text::PhoneFacts facts = cdp::text::describe_phone(raw, country);
                const cdp::text::PhoneFacts expected = cdp::text::describe_by_library(slow.value);
                BOOST_CHECK_MESSAGE(facts.type == expected.type && facts.region == expected.region,
                                    "'" << raw << "' in '" << country << "': " << facts.region
                                        << ", the library " << expected.region);
            }
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    BOOST_TEST_MESSAGE(cases << " cases, " << valid << " valid, " << quick << " without the library, "
                             << different << " different, " << took.count() << " s");
    BOOST_TEST(different == 0u);
    // The comparison means something only if many are numbers and many are none.
    BOOST_TEST(valid > cases / 8);
    BOOST_TEST(valid < cases * 7 / 8);
    BOOST_TEST(quick > cases * 9 / 10);
}
