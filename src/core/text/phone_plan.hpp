// SPDX-License-Identifier: PostgreSQL
// The numbering plans of the world, as the libphonenumber that is installed carries them: its metadata is
// read from the library itself, so that the plans are always the same as its own. Cost: reading all of them
// some 0.5 ms once a process; the automaton of a plan is built when the plan is first used (0.02 to 1 ms,
// some 2 to 20 kB; 0.5 MB for all of them).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "text/digit_pattern.hpp"

namespace cdp::text {

enum class PhoneType : uint8_t {
    kUnknown,  // of no valid number
    kFixedLine,
    kMobile,
    kFixedLineOrMobile,
    kTollFree,
    kPremiumRate,
    kSharedCost,
    kVoip,
    kPersonalNumber,
    kPager,
    kUan,
    kVoicemail,
};

// What a number of digits says.
enum class PhoneLength : uint8_t { kPossible, kLocalOnly, kTooShort, kTooLong, kWrong };

class PhonePlan {
  public:
    // The descriptions of a plan, in the order in which their types are tried.
    enum Part : unsigned {
        kGeneral,
        kPremiumRate,
        kTollFree,
        kSharedCost,
        kVoip,
        kPersonalNumber,
        kPager,
        kUan,
        kVoicemail,
        kFixedLine,
        kMobile,
        kLeadingDigits,
        kParts,
    };

    std::string_view region() const { return region_; }  // ISO alpha-2, or "001" for no country
    unsigned country_code() const { return country_code_; }
    std::string_view country_digits() const { return {country_digits_.data(), country_digits_size_}; }
    bool has_leading_digits() const { return has_leading_digits_; }
    std::string_view pattern(Part part) const { return patterns_[part]; }
    const DigitPrefix& international_prefix() const { return international_prefix_; }
    const DigitPrefix& national_prefix() const { return national_prefix_; }
    std::string_view transform_rule() const { return transform_rule_; }

    // The parts whose pattern the national number matches whatever its length, as bits.
    unsigned match(std::string_view number) const { return automaton().match(number); }
    // False when no number of the plan begins so.
    bool may_begin(std::string_view number) const { return automaton().may_begin(number); }
    // Of a number with these parts and digits; kUnknown when it is not valid in this plan.
    PhoneType type_of(unsigned parts, size_t digits) const;
    PhoneLength length_of(size_t digits) const;
    // False when the plan is written with more than we know; then only the library may answer for it.
    // The first question of the three builds the automaton.
    bool is_usable() const { return usable_ && automaton().states() > kFewestStates; }

  private:
    friend class PhonePlanReader;
    static constexpr size_t kFewestStates = 2;
    const DigitAutomaton& automaton() const {
        std::call_once(built_->once, [this] { build(); });
        return built_->automaton;
    }
    void build() const;

    // Built by the first that needs it, then never changed.
    struct Built {
        std::once_flag once;
        DigitAutomaton automaton;
    };

    std::string_view region_;
    unsigned country_code_ = 0;
    std::array<char, 4> country_digits_{};
    size_t country_digits_size_ = 0;
    bool main_ = false;
    bool same_fixed_and_mobile_ = false;
    bool has_leading_digits_ = false;
    bool usable_ = true;
    std::string_view transform_rule_;
    std::array<std::string_view, kParts> patterns_{};
    std::array<uint64_t, kParts> lengths_{};  // bit n for n digits; 0 for those of the general description
    uint64_t local_lengths_ = 0;
    unsigned shortest_ = 0;
    unsigned longest_ = 0;
    DigitPrefix international_prefix_;
    DigitPrefix national_prefix_;
    std::unique_ptr<Built> built_ = std::make_unique<Built>();
};

// The regions that share a country code.
class PhoneCode {
  public:
    bool empty() const { return plans_.empty(); }
    const PhonePlan& main() const { return *plans_.front(); }
    const std::vector<const PhonePlan*>& plans() const { return plans_; }  // the main one first
    // The plans that may have the number, as bits. Of many regions, as of +1, most are ruled out by the first
    // three digits.
    uint32_t candidates(std::string_view number) const;

  private:
    friend class PhonePlans;
    static constexpr size_t kFew = 4;
    static constexpr size_t kMany = 32;
    // Built by the first that needs it, then never changed.
    struct ByDigits {
        std::once_flag once;
        std::vector<uint32_t> candidates;
    };
    std::vector<const PhonePlan*> plans_;
    std::unique_ptr<ByDigits> by_digits_ = std::make_unique<ByDigits>();
};

class PhonePlans {
  public:
    // Nothing when the metadata cannot be reached or read.
    static const PhonePlans* get();

    const PhonePlan* of_region(std::string_view region) const;
    // Below 1000; empty when there is no such code.
    const PhoneCode& of_country_code(unsigned code) const { return by_code_[code]; }
    const std::vector<PhonePlan>& all() const { return plans_; }

  private:
    PhonePlans() : by_code_(1000), by_region_(size_t{26} * 26) {}
    bool read(std::string_view metadata);

    std::vector<PhonePlan> plans_;
    std::vector<PhoneCode> by_code_;
    std::vector<const PhonePlan*> by_region_;
};

}  // namespace cdp::text
