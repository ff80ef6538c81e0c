// SPDX-License-Identifier: PostgreSQL
// Words by which a column is known for what it holds: a fifth of any customer table's names are among some
// hundred frequent ones. Nothing is cleaned or refused by these lists. All expect a folded word (fold.hpp)
// without punctuation.
#pragma once

#include <string_view>

namespace cdp::text {

bool is_common_given_name(std::string_view word);
bool is_common_family_name(std::string_view word);
bool is_street_word(std::string_view word);  // street, calle, rua; "hauptstrasse" too
bool is_legal_form(std::string_view word);   // ltd, gmbh, sa: of a company's name

}  // namespace cdp::text
