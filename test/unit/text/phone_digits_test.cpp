// SPDX-License-Identifier: PostgreSQL
// The small regular expressions of numbering plans, against ICU's, which libphonenumber uses.
#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <random>

#include "digit_sample.hpp"
#include "text/digit_pattern.hpp"
#include "text/phone_plan.hpp"

using cdp::text::DigitAutomaton;
using cdp::text::DigitPrefix;
using cdp::text::PhonePlan;
using cdp::text::PhonePlans;

namespace {

class Reference {
  public:
    explicit Reference(std::string_view pattern) {
        UParseError place;
        UErrorCode error = U_ZERO_ERROR;
        pattern_.reset(icu::RegexPattern::compile(unicode(pattern), 0, place, error));
        BOOST_REQUIRE(U_SUCCESS(error));
    }
    bool whole(std::string_view digits) {
        UErrorCode error = U_ZERO_ERROR;
        return matcher(digits).matches(error) != 0;
    }
    bool begins(std::string_view digits) {
        UErrorCode error = U_ZERO_ERROR;
        return matcher(digits).lookingAt(error) != 0;
    }
    // After a match.
    size_t size() const {
        UErrorCode error = U_ZERO_ERROR;
        return static_cast<size_t>(matcher_->end(error));
    }
    unsigned groups() const { return static_cast<unsigned>(matcher_->groupCount()); }
    std::string group(unsigned number) const {
        UErrorCode error = U_ZERO_ERROR;
        std::string text;
        return matcher_->group(static_cast<int32_t>(number), error).toUTF8String(text);
    }

  private:
    static icu::UnicodeString unicode(std::string_view text) {
        return icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    }
    icu::RegexMatcher& matcher(std::string_view digits) {
        UErrorCode error = U_ZERO_ERROR;
        input_ = unicode(digits);
        matcher_.reset(pattern_->matcher(input_, error));
        BOOST_REQUIRE(U_SUCCESS(error));
        return *matcher_;
    }
    std::unique_ptr<icu::RegexPattern> pattern_;
    std::unique_ptr<icu::RegexMatcher> matcher_;
    icu::UnicodeString input_;
};

std::string mutated(std::string digits, std::mt19937& random) {
    const auto digit = [&] { return static_cast<char>('0' + random() % 10); };
    const size_t at = random() % (digits.size() + 1);
    switch (random() % 6) {
        case 0:
            digits.insert(at, 1, digit());
            break;
        case 1:
            if (at < digits.size()) digits.erase(at, 1);
            break;
        case 2:
            if (at < digits.size()) digits[at] = digit();
            break;
        case 3:
            digits.resize(at);
            break;
        case 4:
            for (unsigned n = random() % 9; n > 0; --n) digits += digit();
            break;
        default:
            break;
    }
    return digits;
}

void compare_whole(std::string_view pattern, std::mt19937& random, int rounds) {
    BOOST_TEST_CONTEXT("pattern " << pattern) {
        DigitAutomaton automaton;
        BOOST_REQUIRE(automaton.build({pattern, pattern}, 2));
        Reference reference(pattern);
        support::DigitSampler sampler(pattern, random);
        int matches = 0;
        for (int round = 0; round < rounds; ++round) {
            const std::string sample = sampler.sample();
            const std::string digits = round % 2 == 0 ? sample : mutated(sample, random);
            const unsigned found = automaton.match(digits);
            const bool full = reference.whole(digits);
            const bool begins = reference.begins(digits);
            matches += full ? 1 : 0;
            BOOST_REQUIRE_MESSAGE(found == (full ? 1U : 0U) + (begins ? 2U : 0U), digits);
        }
        BOOST_REQUIRE_GT(matches, 0);
    }
}

void compare_prefix(std::string_view pattern, std::mt19937& random, int rounds) {
    BOOST_TEST_CONTEXT("pattern " << pattern) {
        DigitPrefix prefix;
        BOOST_REQUIRE(prefix.build(pattern));
        Reference reference(pattern);
        support::DigitSampler sampler(pattern, random);
        for (int round = 0; round < rounds; ++round) {
            const std::string digits = mutated(sampler.sample(), random);
            DigitPrefix::Match match;
            const bool found = prefix.match(digits, match) == DigitPrefix::Answer::kYes;
            BOOST_REQUIRE_EQUAL(found, reference.begins(digits));
            if (!found) continue;
            BOOST_REQUIRE_EQUAL(match.size, reference.size());
            BOOST_REQUIRE_EQUAL(prefix.groups(), reference.groups());
            for (unsigned group = 1; group <= prefix.groups(); ++group) {
                BOOST_REQUIRE_EQUAL(match.groups[group], reference.group(group));
            }
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(digit_patterns_of_all_plans) {
    const PhonePlans* plans = PhonePlans::get();
    BOOST_REQUIRE(plans != nullptr);
    BOOST_TEST(plans->all().size() > 240u);
    std::mt19937 random(1);
    for (const PhonePlan& plan : plans->all()) {
        BOOST_TEST(plan.is_usable());
        for (unsigned part = 0; part < PhonePlan::kParts; ++part) {
            const std::string_view pattern = plan.pattern(static_cast<PhonePlan::Part>(part));
            if (!pattern.empty()) compare_whole(pattern, random, 30);
        }
        for (const DigitPrefix* prefix : {&plan.international_prefix(), &plan.national_prefix()}) {
            if (!prefix->empty()) compare_prefix(prefix->pattern(), random, 100);
        }
    }
}

BOOST_AUTO_TEST_CASE(digit_patterns_by_hand) {
    std::mt19937 random(2);
    for (const char* pattern : {"1|12|123", "(?:1|12)(?:3|23)?", "\\d{3}|\\d{5,7}", "[2-46-8]\\d?[0]",
                                "(?:(?:1|2){2}|3){1,3}", "1(?:2(?:3(?:4)?)?)?", "[\\d]2", "0{0,4}1"}) {
        compare_whole(pattern, random, 500);
        compare_prefix(pattern, random, 500);
    }
    for (const char* pattern :
         {"0?(1(2)?|13)?4?", "(1|12)(23|3)?", "0|([25-9]\\d{5})$", "(1)?(2)?(3)?", "$|1"}) {
        compare_prefix(pattern, random, 500);
    }
}

BOOST_AUTO_TEST_CASE(digit_patterns_refused) {
    const std::string deep = std::string(100, '(') + "1" + std::string(100, ')');
    const std::string wide = "(?:(?:\\d{40}){40}){40}";
    for (const std::string& pattern : {std::string("a"),
                                       std::string("1+"),
                                       std::string("1*"),
                                       std::string("1??"),
                                       std::string("(1"),
                                       std::string("1)"),
                                       std::string("[1"),
                                       std::string("[]"),
                                       std::string("[3-1]"),
                                       std::string("[^1]"),
                                       std::string("(?=1)"),
                                       std::string("(?!1)2"),
                                       std::string("1{2"),
                                       std::string("1{3,2}"),
                                       std::string("1{,2}"),
                                       std::string("1{99}"),
                                       std::string("."),
                                       std::string("\\w"),
                                       std::string("\\"),
                                       std::string("("),
                                       std::string("[1-"),
                                       std::string("1{"),
                                       deep,
                                       wide}) {
        BOOST_TEST_CONTEXT(pattern.substr(0, 40)) {
            DigitAutomaton automaton;
            BOOST_TEST(!automaton.build({pattern}, 0));
            DigitPrefix prefix;
            BOOST_TEST(!prefix.build(pattern));
        }
    }
    DigitAutomaton automaton;
    BOOST_TEST(!automaton.build({"1$"}, 0));
    DigitPrefix prefix;
    BOOST_TEST(!prefix.build("(1)(2)(3)(4)"));
    // Anything at all is read or refused, without harm.
    std::mt19937 random(3);
    constexpr std::string_view kPieces = "0123456789(()?:|[]-{},$\\d";
    for (int round = 0; round < 20000; ++round) {
        std::string pattern;
        for (unsigned n = random() % 20; n > 0; --n) pattern += kPieces[random() % kPieces.size()];
        DigitAutomaton any;
        if (any.build({pattern}, 0)) any.match("0123456789");
        DigitPrefix any_prefix;
        DigitPrefix::Match match;
        if (any_prefix.build(pattern)) any_prefix.match("0123456789", match);
    }
}
