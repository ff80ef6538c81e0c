// SPDX-License-Identifier: PostgreSQL
// Bank accounts and payment cards. Cost: some 100 ns each; masking of a text is linear.
// Sources: SWIFT, "IBAN Registry" (lengths and BBAN structures); ISO/IEC 7812 (cards).
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// An IBAN in capitals without separators. Its country must be in the registry, the account in the country's
// form and the check digits right.
Cleaned clean_iban(std::string_view raw);

// A card number is never kept: the value is a star for each digit but the last four ('************1111'), and
// no other part of the answer shows any of it. A masked number is read as such. Numbers in the range of no
// known network are suspicious.
Cleaned clean_payment_card(std::string_view raw);

// Replaces every card number in a text by its masked form: a run of 13 to 19 digits, single spaces or hyphens
// between them, that passes the Luhn check and is in the range and of the length of a card network (so that
// nine of ten product codes, order numbers and instants are left alone by the one and nearly all by the
// other). A longer run is searched for one made of whole groups. The rest is unchanged, byte for byte.
std::string mask_payment_cards(std::string_view text);

}  // namespace cdp::text
