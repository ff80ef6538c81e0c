// SPDX-License-Identifier: PostgreSQL
#include "identity/shared_values.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "identity/known_model.hpp"

namespace cdp::identity {

std::string_view sharable_name(Field field) {
    return field == kEmailKey     ? "email"
           : field == kPhoneKey   ? "phone"
           : field == kNationalId ? "national_id"
                                  : "email_local";
}

SharedValues::SharedValues(const RecordStore& store, uint32_t max_people, Tick& tick, const HashSet* known)
    : flags_(store.size(), 0, &store.budget()), found_(&store.budget()) {
    std::pmr::vector<uint8_t> is_shared(store.pool().size(), 0, &store.budget());
    std::pmr::vector<uint32_t> records(store.pool().size(), 0, &store.budget());
    struct Use {
        StringCode value;
        uint32_t person;
        bool operator==(const Use&) const = default;
    };
    std::pmr::vector<Use> uses(&store.budget());
    for (const Field field : kSharableFields) {
        const auto value_of = [&](uint32_t i) {
            return field == kEmailLocal ? store.email_local(i) : store.code(field, i);
        };
        std::fill(records.begin(), records.end(), 0U);
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            ++records[value_of(i)];
        }
        uses.clear();
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            const StringCode value = value_of(i);
            if (value == kMissing || records[value] <= max_people) continue;
            const std::string_view given = store.text(kGivenName, i);
            if (given.empty() || store.family_sound(i) == 0) continue;
            size_t position = 0;
            const uint64_t initial = decode_utf8(given, position);
            uses.push_back({value, static_cast<uint32_t>(combine64(initial, store.family_sound(i)))});
        }
        std::sort(uses.begin(), uses.end(), [&](const Use& a, const Use& b) {
            tick();
            return a.value != b.value ? a.value < b.value : a.person < b.person;
        });
        uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
        bool found = false;
        if (known != nullptr && known->size() != 0) {
            for (uint32_t i = 0; i < store.size(); ++i) {
                tick();
                const StringCode value = value_of(i);
                if (value == kMissing || is_shared[value] != 0 ||
                    !known->contains(value_hash(sharable_name(field), store.pool().hash(value))))
                    continue;
                is_shared[value] = 1;
                ++size_;
                found = true;
            }
        }
        for (size_t start = 0; start < uses.size();) {
            tick();
            size_t end = start;
            while (end < uses.size() && uses[end].value == uses[start].value) ++end;
            if (end - start > max_people && is_shared[uses[start].value] == 0) {
                is_shared[uses[start].value] = 1;
                found_.push_back({field, uses[start].value});
                ++size_;
                found = true;
            }
            start = end;
        }
        if (!found) continue;
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            if (is_shared[value_of(i)] != 0) flags_[i] |= flag(field);
        }
        std::fill(is_shared.begin(), is_shared.end(), uint8_t{0});
    }
}

}  // namespace cdp::identity
