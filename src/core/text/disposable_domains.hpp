// SPDX-License-Identifier: PostgreSQL
// The table of throw-away mail domains, written by scripts/generate/disposable_domains; asked through
// is_disposable_domain (email_domains.hpp).
#pragma once

#include <cstddef>

namespace cdp::text {

// The domains of one length, one after the other in order, so that a search needs no pointers.
struct DomainGroup {
    const char* domains;
    size_t count;
};

extern const DomainGroup kDisposableDomains[];  // of the lengths 1 … kLongestDisposableDomain
extern const size_t kLongestDisposableDomain;

}  // namespace cdp::text
