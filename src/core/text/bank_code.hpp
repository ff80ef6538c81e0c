// SPDX-License-Identifier: PostgreSQL
// Bank accounts and payment cards. Cost: some 100 ns each; masking of a text is linear.
// Sources: SWIFT, "IBAN Registry" (lengths and BBAN structures; compared in 2026-11 with iban and ibantools,
// npm); ISO/IEC 7812 (cards; ranges compared with credit-card-type, npm). Codes outside of the registry that
// some banks use (AO, CI, DZ, MA, …) and national check digits within an account are not looked at.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/tick.hpp"
#include "text/cleaned.hpp"

namespace cdp::text {

// An IBAN in capitals without separators. Its country must be in the registry, the account in the country's
// form and the check digits right.
Cleaned clean_iban(std::string_view raw);

// A card number is never kept: the value is a star for each digit but the last four ('************1111'), and
// no other part of the answer shows any of it. A masked number is read as such. Numbers in the range of no
// known network are suspicious.
Cleaned clean_payment_card(std::string_view raw);

// Replaces every card number in `text` by its masked form, in place, and returns the new size. A card number
// is a run of 13 to 19 digits, single spaces or hyphens between them, that passes the Luhn check and is in
// the range and of the length of a card network: order numbers, product codes and instants seldom are. A
// longer run is searched for one made of whole groups. Digits behind a decimal point are left alone. The rest
// is unchanged, byte for byte.
size_t mask_payment_cards(std::span<char> text, Tick& tick);

}  // namespace cdp::text
