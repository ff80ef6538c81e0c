// SPDX-License-Identifier: PostgreSQL
#include "identity/known_model.hpp"

#include <algorithm>

namespace cdp::identity {

std::string_view term_field_name(int term) {
    constexpr std::string_view kNames[kTermFields] = {"given_name", "family_name", "email", "phone",
                                                      "birth_date"};
    return kNames[term];
}

void KnownTerms::sort() {
    std::sort(shares_.begin(), shares_.end());
}

double KnownTerms::find(uint64_t hash) const {
    const auto found = std::lower_bound(shares_.begin(), shares_.end(), std::pair{hash, 0.0});
    return found != shares_.end() && found->first == hash ? found->second : 0.0;
}

}  // namespace cdp::identity
