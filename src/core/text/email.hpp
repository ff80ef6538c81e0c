// SPDX-License-Identifier: PostgreSQL
// E-mail addresses: the dot-atom form of RFC 5321 and RFC 6531, domains in ASCII by UTS #46. A quoted local
// part is taken out of its quotes when it needs none ("ana.diaz"@example.com) and refused otherwise, as are
// address literals: no shop has one. At most 64 bytes before the @, 253 after it, 254 in all.
// Cost: some 0.25 µs for an ASCII address, 3 µs for an international one.
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// Lower case throughout. "mailto:", "Name <…>", quotes, trailing dots and commas and spaces around the @ are
// removed (corrected). Suspicious, the value unchanged: throw-away addresses (mailinator.com), misspelt
// providers (gmial.com, hotmail.con) with the likely address as the suggestion, role addresses (info@,
// noreply@). test@test.com is missing.
Cleaned clean_email(std::string_view raw);

// What the spellings of one mailbox have in common: the clean address without "+tag", and by provider
// - Gmail: no dots; googlemail.com is gmail.com
// - Yahoo: no "-tag"
// - iCloud: me.com and mac.com are icloud.com; Proton: protonmail.com, protonmail.ch and pm.me are proton.me
// - Fastmail: tag@ana.fastmail.com is ana@fastmail.com
// - Yandex: all its countries are yandex.ru, dots are hyphens
// It is for comparing, not for writing to. Empty when the address is invalid or missing.
std::string email_key(std::string_view raw);

enum class DomainKind { kNone, kDisposable, kFree, kOther };

// Of an address or a domain; kNone when it is neither.
DomainKind email_domain_kind(std::string_view raw);

}  // namespace cdp::text
