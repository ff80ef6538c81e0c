// SPDX-License-Identifier: PostgreSQL
// Values that many people use identify nobody: a switchboard, test@test.com, 000000000. Found by the number
// of different people (by initial and sound of the family name) that come with them.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

#include "identity/record_store.hpp"

namespace cdp::identity {

// The e-mails, local parts of e-mails, phones and national ids of more than `max_people` people.
class SharedValues {
  public:
    explicit SharedValues(MemoryBudget& budget) : flags_(&budget) {}  // none
    SharedValues(const RecordStore& store, uint32_t max_people, Tick& tick);

    // The value of one of those fields, or kMissing when it is shared.
    StringCode usable(const RecordStore& store, Field field, uint32_t record) const {
        return is_shared(field, record) ? kMissing : store.code(field, record);
    }
    StringCode usable_local(const RecordStore& store, uint32_t record) const {
        return is_shared(kTextFields, record) ? kMissing : store.email_local(record);
    }
    uint64_t size() const { return size_; }

  private:
    static uint8_t flag(int field) {
        return field == kEmailKey ? 1 : field == kPhoneKey ? 2 : field == kNationalId ? 4 : 8;
    }
    bool is_shared(int field, uint32_t record) const {
        return record < flags_.size() && (flags_[record] & flag(field)) != 0;
    }

    std::pmr::vector<uint8_t> flags_;  // by record, a bit for each field
    uint64_t size_ = 0;
};

}  // namespace cdp::identity
