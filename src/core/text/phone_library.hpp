// SPDX-License-Identifier: PostgreSQL
// The part of telephone numbers that libphonenumber does itself, and what both ways share. Internal to
// phone.cpp. Cost: 10 to 30 µs a call; the first call of a process loads the metadata (some 10 ms).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/phone.hpp"
#include "text/phone_read.hpp"

namespace cdp::text {

constexpr size_t kLongestPhone = 100;  // a number, an extension and some words

// "0000000", "1234567": what forms are filled with.
bool is_placeholder_number(std::string_view digits);

// A valid number in E.164; suspicious when it ends in one digit over and over: "(11) 99999-9999".
Cleaned accept_number(std::string e164, std::string_view repair);

// ISO alpha-2 of a country as clean_country reads it; empty when it is unknown.
std::string region_of(std::string_view country);

// The verdict on a number of digits and usual separators without the library, and the reading when it is
// valid; nothing when only the library can tell.
std::optional<Cleaned> clean_ordinary_phone(std::string_view raw, std::string_view country,
                                            PhoneReading& reading);

// Both expect the value of a clean number.
PhoneFacts describe_by_library(const std::string& e164);
std::string format_by_library(const std::string& e164, PhoneStyle style);

}  // namespace cdp::text
