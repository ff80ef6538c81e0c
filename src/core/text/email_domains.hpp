// SPDX-License-Identifier: PostgreSQL
// What is known about mail domains. All expect lower-case ASCII.
#pragma once

#include <string>
#include <string_view>

namespace cdp::text {

// Mailboxes that live for minutes (data/disposable_email_domains.txt), and subdomains of their domains.
// Cost: some 50 ns for each level of the domain.
bool is_disposable_domain(std::string_view domain);

// Mail providers for everybody: Gmail, Yahoo, Outlook and Hotmail in all their countries, GMX, Terra, UOL, …
bool is_free_domain(std::string_view domain);

// The domain that was probably meant, or empty: a frequent provider one slip of a finger away (gmial.com,
// hotmal.com, yaho.com.mx), a provider under an ending it does not have (gmail.es, icloud.co), and endings
// that do not exist (.con, .cmo, .comm, .com.com). Never for a free provider's own domain. In the way of
// mailcheck.js, with a distance of one (optimal string alignment) to keep other companies out of it.
std::string suggest_domain(std::string_view domain);

}  // namespace cdp::text
