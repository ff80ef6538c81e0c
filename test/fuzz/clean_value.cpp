// SPDX-License-Identifier: PostgreSQL
// The cleaner of the semantic type CDP_FUZZ_TYPE, for the promises of text/cleaned.hpp.
// Input: a digit for the country, one for the order of dates, then the value.
#include <array>

#include "base/error.hpp"
#include "fuzz.hpp"
#include "text/value.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::text;
    constexpr std::array<std::string_view, 10> kCountries = {"",   "US", "CL", "BR", "AR",
                                                             "MX", "ES", "GB", "DE", "FR"};
    constexpr std::array<std::string_view, 3> kOrders = {"dmy", "mdy", "ymd"};
    fuzz::Input input(data, size);
    const std::string_view country = kCountries[input.choose(kCountries.size())];
    const ValueOptions options{country, kOrders[input.choose(kOrders.size())]};
    static const SemanticType type = parse_semantic_type(CDP_FUZZ_TYPE);
    const auto clean = [&](std::string_view raw) { return clean_value(type, raw, options); };

    const Cleaned once = clean(input.rest());
    fuzz::check_text(once.value);
    fuzz::check_text(once.suggestion);
    fuzz::check(once.value.size() <= 20000, "a bounded value", once.value);
    fuzz::check(once.reason.empty() == (once.status == Status::kOk), "a reason unless ok", once.reason);
    fuzz::check(once.value.empty() == !once.has_value(), "a value unless invalid or missing", once.value);
    // A national id that its separators gave away needs the country when they are gone.
    if (!once.has_value() || (type == SemanticType::kNationalId && country.empty())) return 0;
    const Cleaned twice = clean(once.value);
    fuzz::check(twice.value == once.value, "cleaning a clean value changes nothing",
                once.value + "' then '" + twice.value);
    fuzz::check(twice.status != Status::kCorrected, "a clean value needs no repair", twice.reason);
    return 0;
}
