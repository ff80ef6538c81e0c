// SPDX-License-Identifier: PostgreSQL
// Names of companies and other organisations. Cost: some 0.5 µs; linear.
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// An organisation's name as people read it: "ACME CHILE SOCIEDAD ANONIMA" -> "Acme Chile S.A.".
// - A legal form at the end is written in its usual way: S.A., SpA, Ltda., S.L., GmbH, Inc., LLC, Ltd, S.A.
// de C.V.,
//   S.A.S., EIRL, Lda, SARL, B.V., …; a comma in front of it goes.
// - A name all in capitals or all in small letters becomes title case (corrected), "de", "y", "of", "und"
// stay small.
//   Capitals stay where they are an acronym: words without a vowel (CMPC), known ones (IBM, BBVA), with a
//   digit or "&", and a name that is one word of up to four letters (ENEL). Mixed case is kept.
// - Quotes around it are dropped (corrected). No letters and digits, over 300 characters: invalid or
// suspicious.
Cleaned clean_organization(std::string_view raw);

// What the spellings of one name share, for comparing: folded words without the legal form, the article in
// front, "and" in its forms (&, y, e, und, et), and punctuation; initials are one word. "The Smith & Sons
// Company, Inc." gives "smith sons". "" when there is no name. organization_key(clean_organization(x).value)
// = organization_key(x).
std::string organization_key(std::string_view raw);

// The legal form at the end as clean_organization writes it; "" when there is none.
std::string_view legal_form(std::string_view raw);

}  // namespace cdp::text
