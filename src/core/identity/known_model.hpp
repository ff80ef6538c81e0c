// SPDX-License-Identifier: PostgreSQL
// A model version as it is kept between runs: everything that an answer depends on besides the records. Under
// one version a record weighs the same whatever else is in the store, so that new records can be resolved
// with their neighbours alone and the result is that of a full run.
//
// Lists that grow under a version grow with the records, never with the order or the batches in which they
// came: a value becomes shared, and a block is split, when there are more records than a limit, and stays so.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/hash_set.hpp"
#include "identity/model.hpp"

namespace cdp::identity {

// Where the frequency of the agreed value counts.
enum TermField : int {
    kGivenNameTerm,
    kFamilyNameTerm,
    kEmailTerm,
    kPhoneTerm,
    kBirthDateTerm,  // the value is YYYY-MM-DD
    kTermFields
};
std::string_view term_field_name(int term);

// The chance that a random other person has a value.
class KnownTerms {
  public:
    explicit KnownTerms(std::pmr::memory_resource* resource) : shares_(resource) {}

    // In any order; sort() before the first find().
    void add(std::string_view value, double share) { shares_.push_back({hash64(value), share}); }
    void sort();
    // 0: not common; it has the chance of the rare ones.
    double find(uint64_t hash) const;
    double rare = 1;

  private:
    std::pmr::vector<std::pair<uint64_t, double>> shares_;  // by hash
};

// A value of one kind ("email", "phone", "national_id", "email_local" or a kind of identifier) in a HashSet.
constexpr uint64_t value_hash(std::string_view kind, uint64_t hash_of_value) {
    return combine64(hash64(kind), hash_of_value);
}

struct KnownModel {
    explicit KnownModel(std::pmr::memory_resource* resource)
        : terms{KnownTerms(resource), KnownTerms(resource), KnownTerms(resource), KnownTerms(resource),
                KnownTerms(resource)},
          shared(resource),
          splits(resource) {}

    Model model;
    bool national_ids_trusted = true;
    std::array<KnownTerms, kTermFields> terms;
    HashSet shared;               // value_hash of what identifies nobody
    HashSet splits;               // blocks that are split, see blocking.hpp
    uint64_t key_salt = 0;        // of the keys that leave the engine
    uint32_t rules = UINT32_MAX;  // the blocking rules in use, a bit for each
};

}  // namespace cdp::identity
