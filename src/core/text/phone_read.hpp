// SPDX-License-Identifier: PostgreSQL
// Reads the digits of a telephone number as libphonenumber's Parse and IsValidNumber do, step for step, on
// numbering plans compiled to automata. Cost: some 50 to 200 ns.
// Source: libphonenumber 8.12.57 and 8.13.51 (the same there), phonenumberutil.cc: ParseHelper,
// MaybeExtractCountryCode, MaybeStripNationalPrefixAndCarrierCode, GetRegionCodeForNumber,
// GetNumberTypeHelper, TestNumberLength. The tests compare the two on every region.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "text/phone_plan.hpp"

namespace cdp::text {

struct PhoneReading {
    enum class Outcome : uint8_t {
        kValid,
        kNotValid,     // in no plan; `length` says what its length is like
        kNoCountry,    // nothing says of which country it is
        kUnknownCode,  // an international number of no country
        kTooShort,
        kTooLong,
        kLibrary,  // too unusual for this reader
    };
    static constexpr size_t kMostDigits = 17;  // of a national number

    Outcome outcome = Outcome::kLibrary;
    PhoneLength length = PhoneLength::kPossible;
    PhoneType type = PhoneType::kUnknown;
    const PhonePlan* plan = nullptr;  // of a valid number: the region it belongs to
    std::string_view country_digits = {};
    std::array<char, kMostDigits> national_digits = {};
    size_t national_size = 0;

    std::string_view national() const { return {national_digits.data(), national_size}; }
};

// The digits of a number with nothing else but usual separators; `plus` when a plus sign stood before them,
// `home` the plan of the country where it is dialled, if any. Expects at least three digits.
PhoneReading read_phone(const PhonePlans& plans, std::string_view digits, bool plus, const PhonePlan* home);

}  // namespace cdp::text
