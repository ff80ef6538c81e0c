// SPDX-License-Identifier: PostgreSQL
// How two records are compared: eight comparisons, each of which gives a level. Level 0 is "missing" (one
// side has no value: no evidence either way), level 1 the strictest agreement, the last level "different".
// The numbers are stored with results and must not change their meaning.
//
//   0 given_name   1 exact  2 Jaro-Winkler >= 0.92  3 initial, short form or nickname  4 Jaro-Winkler >= 0.8
//   5 different 1 family_name  1 exact  2 Jaro-Winkler >= 0.92  3 Jaro-Winkler >= 0.8 or one name of several
//                  4 given and family name swapped (given_name is then "missing": one fact counts once)
//                  5 different
//   2 birth_date   1 exact  2 day and month swapped or one digit wrong  3 same year  4 within two digits
//                  5 different
//   3 email        1 exact  2 same local part  3 Jaro-Winkler of the local parts >= 0.93, one number in both
//                  4 different
//   4 phone        1 exact  2 one edit  3 different
//   5 address      street, postal code and city in one, because they are not independent:
//                  1 same street and place  2 similar street, same place  3 same postal code, street unknown
//                  4 same postal code, other street  5 same city, postal code unknown or of the same area
//                  6 same street, other or unknown place  7 same city only or same postal area only
//                  8 different
//   6 national_id  1 exact  2 one edit  3 different
//   7 gender       1 same   2 different
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "identity/record_store.hpp"
#include "identity/shared_values.hpp"

namespace cdp::identity {

enum Comparison : int {
    kGivenNameComparison,
    kFamilyNameComparison,
    kBirthDateComparison,
    kEmailComparison,
    kPhoneComparison,
    kAddressComparison,
    kNationalIdComparison,
    kGenderComparison,
    kComparisons
};
constexpr int kMaxLevels = 9;  // of one comparison, "missing" included

std::string_view comparison_name(int comparison);
int level_count(int comparison);  // "missing" included
std::string_view level_label(int comparison, int level);

// The levels of all comparisons, four bits each.
using Pattern = uint32_t;
constexpr int level_of(Pattern pattern, int comparison) {
    return static_cast<int>(pattern >> (4 * comparison) & 15U);
}
constexpr Pattern with_level(Pattern pattern, int comparison, int level) {
    return (pattern & ~(Pattern{15} << (4 * comparison))) | static_cast<Pattern>(level) << (4 * comparison);
}

// Compares records of one finished store. Some 0.3 microseconds a pair; the levels of frequent pairs of names
// are remembered.
class Comparer {
  public:
    // A shared value (a switchboard, test@test.com) is as good as missing.
    Comparer(const RecordStore& store, const SharedValues& shared);

    // Of the same records, for another thread.
    Comparer another() const;

    Pattern compare(uint32_t a, uint32_t b);

    // Two national ids of which at most one can be right: a typing error apart is not a contradiction.
    bool contradict(uint32_t a, uint32_t b) const;
    // National ids that often differ within one person (typed by hand, never checked) forbid nothing.
    void trust_national_ids(bool trusted) { national_ids_trusted_ = trusted; }
    bool trusts_national_ids() const { return national_ids_trusted_; }
    bool forbidden(uint32_t a, uint32_t b) const { return national_ids_trusted_ && contradict(a, b); }

  private:
    using Record = RecordStore::Record;
    int given_name_level(const Record& a, const Record& b);
    int family_name_level(const Record& a, const Record& b);
    int email_level(uint32_t a, uint32_t b);
    int phone_level(uint32_t a, uint32_t b);
    int address_level(const Record& a, const Record& b);
    // Jaro-Winkler. For what many records have in common it is remembered for a while, as the highest of the
    // thresholds that are asked for which it reaches.
    double similarity(StringCode a, StringCode b) const;
    double known_similarity(StringCode a, StringCode b);
    // Whether two given names, both in the lists, are short for each other; remembered, too.
    bool nicknames(StringCode a, StringCode b);

    const RecordStore& store_;
    const SharedValues& shared_;
    struct KnownNicknames {
        uint64_t pair = 0;
        bool alike = false;
    };
    std::pmr::vector<uint64_t> known_;  // a pair's hash, which is no other pair's, but for the lowest bits
    std::pmr::vector<KnownNicknames> known_nicknames_;
    bool national_ids_trusted_ = true;
};

}  // namespace cdp::identity
