// SPDX-License-Identifier: PostgreSQL
// What a national id says of its holder. First byte: the country.
#include <array>

#include "fuzz.hpp"
#include "text/national_id.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    constexpr std::array<std::string_view, 10> kCountries = {"",   "CL", "BR", "AR", "MX",
                                                             "CO", "ES", "US", "IT", "PL"};
    fuzz::Input input(data, size);
    const std::string_view country = kCountries[input.choose(kCountries.size())];
    const auto decoded = cdp::text::decode_national_id(input.rest(), country);
    if (!decoded) return 0;
    fuzz::check_text(decoded->type);
    fuzz::check(decoded->country.size() == 2, "a country", decoded->country);
    fuzz::check(!decoded->birth_date || decoded->birth_date->ok(), "a day of the calendar", decoded->type);
    return 0;
}
