// SPDX-License-Identifier: PostgreSQL
// Registration plates of vehicles. Cost: some 100 ns. Sources: the national regulations as described in the
// Wikipedia articles "Vehicle registration plates of …".
#pragma once

#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// In capitals without separators ('ab-cd·12' -> 'ABCD12'). `country` (ISO code or name) as in
// clean_national_id: of AR, BR, CL, CO, DE, ES, FR, GB, IT, MX, PE, PT and UY the plate must be in a form
// that the country has given out; of others, and without a country, it is two to nine letters and digits with
// a digit among them (in the US letters alone will do). A letter where a digit belongs, or the reverse, is
// invalid, with the likely plate as the suggestion; ABC123 and the like are suspicious.
Cleaned clean_license_plate(std::string_view raw, std::string_view country);

}  // namespace cdp::text
