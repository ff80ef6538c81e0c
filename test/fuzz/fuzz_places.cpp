// SPDX-License-Identifier: PostgreSQL
// Keys and parts of addresses and names of companies. First byte: the country.
#include <array>

#include "fuzz.hpp"
#include "text/address.hpp"
#include "text/money.hpp"
#include "text/organization.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::text;
    constexpr std::array<std::string_view, 8> kCountries = {"", "US", "CL", "BR", "ES", "GB", "DE", "FR"};
    fuzz::Input input(data, size);
    const std::string_view country = kCountries[input.choose(kCountries.size())];
    const std::string_view raw = input.rest();
    fuzz::check_text(address_key(raw, country));
    const SplitAddress parts = split_address(raw, country);
    for (const std::string& part : {parts.street, parts.street_type, parts.house_number, parts.unit,
                                    parts.po_box, parts.postal_code, parts.rest}) {
        fuzz::check_text(part);
    }
    fuzz::check_text(organization_key(raw));
    fuzz::check_text(legal_form(raw));
    fuzz::check_text(clean_money(raw, country, {}).currency);
    return 0;
}
