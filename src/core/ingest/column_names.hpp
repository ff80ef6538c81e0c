// SPDX-License-Identifier: PostgreSQL
// What a column most likely holds, by its name alone: English and Spanish, and what says who a person is in
// German, French, Italian, Portuguese and Dutch; any spelling of several words
// (FirstName, first_name, FIRST NAME, traits.firstName), custom-field suffixes (LoyaltyCard__c) and the words
// that say whose or which (Default Address City, MailingCity, billing_zip, Email 2). A proposal for a person
// to confirm, not a decision.
//
// Cost: one pass over a table of some 500 names, times at most four words taken off.
#pragma once

#include <span>
#include <string_view>

namespace cdp::ingest {

struct AttributeGuess {
    std::string_view attribute;  // empty: no idea
    double confidence = 0;       // 1: the name says it; 0.5: a word that is often used for it
};

AttributeGuess guess_attribute(std::string_view column_name);

// Every attribute that guess_attribute() can answer, in a fixed order.
std::span<const std::string_view> known_attributes();

}  // namespace cdp::ingest
