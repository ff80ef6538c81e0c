// SPDX-License-Identifier: PostgreSQL
// The words that are part of a name without being one. All expect folded words.
#pragma once

#include <string_view>

namespace cdp::text {

// mr, sra., doña, herr, mme, sig.ra, dipl.-ing. Some need their dot, because without it they are names or
// initials: "Sig.", "Gen.", "Eng.". "M." is an initial. Don is for takes_don.
bool is_title(std::string_view word);
// What goes on from another title: "Dr. med.", "Prof. h.c.".
bool is_title_part(std::string_view word);
// "Don" before this word is a title (Don José), not a name (Don Johnson).
bool takes_don(std::string_view next);

bool is_suffix(std::string_view word);   // jr, sr, ii, iii, iv, with or without a dot at the end
bool is_agnomen(std::string_view word);  // filho, neto, junior: ends a Portuguese family name

// phd, cpa, esq, m.sc., with or without dots. Those that may be initials (m.a., m.d.) only after a comma.
bool is_degree(std::string_view word, bool after_comma);

bool is_particle(std::string_view word);              // de, la, van, der
bool is_given_after_particle(std::string_view word);  // carmen, angeles: María del Carmen

// A frequent family name of Spain and Latin America, or one in -ez: tells "Ana García López" from "Mary Ann
// Smith".
bool is_spanish_surname(std::string_view word);

}  // namespace cdp::text
