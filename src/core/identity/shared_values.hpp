// SPDX-License-Identifier: PostgreSQL
// Values that many people use identify nobody: a switchboard, test@test.com, 000000000. Found by the number
// of different people (by initial and sound of the family name) that come with them.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/hash_set.hpp"
#include "identity/record_store.hpp"

namespace cdp::identity {

// A kind of value that can be shared; the local part of an e-mail address (info@, or a given name) is one.
constexpr Field kEmailLocal = kTextFields;
constexpr Field kSharableFields[] = {kEmailKey, kPhoneKey, kNationalId, kEmailLocal};
std::string_view sharable_name(Field field);

// The e-mails, local parts of e-mails, phones and national ids of more than `max_people` people, and those
// that are known to be (value_hash in `known`), whoever has them here.
class SharedValues {
  public:
    struct Value {
        Field field;
        StringCode code;
    };

    explicit SharedValues(MemoryBudget& budget) : flags_(&budget), found_(&budget) {}  // none
    SharedValues(const RecordStore& store, uint32_t max_people, Tick& tick, const HashSet* known = nullptr);

    // The value of one of those fields, or kMissing when it is shared.
    StringCode usable(const RecordStore& store, Field field, uint32_t record) const {
        if (is_shared(field, record)) return kMissing;
        return field == kEmailLocal ? store.email_local(record) : store.code(field, record);
    }
    void prefetch(uint32_t record) const {
        if (record < flags_.size()) __builtin_prefetch(&flags_[record]);
    }
    StringCode usable_local(const RecordStore& store, uint32_t record) const {
        return usable(store, kEmailLocal, record);
    }
    // Those that were not known before.
    const std::pmr::vector<Value>& found() const { return found_; }
    uint64_t size() const { return size_; }

  private:
    static uint8_t flag(int field) {
        return field == kEmailKey ? 1 : field == kPhoneKey ? 2 : field == kNationalId ? 4 : 8;
    }
    bool is_shared(int field, uint32_t record) const {
        return record < flags_.size() && (flags_[record] & flag(field)) != 0;
    }

    std::pmr::vector<uint8_t> flags_;  // by record, a bit for each field
    std::pmr::vector<Value> found_;
    uint64_t size_ = 0;
};

}  // namespace cdp::identity
