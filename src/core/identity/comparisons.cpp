// SPDX-License-Identifier: PostgreSQL
#include "identity/comparisons.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "identity/string_compare.hpp"
#include "similarity/jaro_winkler.hpp"
#include "text/nickname.hpp"

namespace cdp::identity {
namespace {

constexpr size_t kComparedBytes = 64;

constexpr std::string_view kGivenNameLabels[] = {"missing",
                                                 "exact",
                                                 "similar (Jaro-Winkler ≥ 0.92)",
                                                 "initial, short form or nickname",
                                                 "somewhat similar (Jaro-Winkler ≥ 0.8)",
                                                 "different"};
constexpr std::string_view kFamilyNameLabels[] = {
    "missing",
    "exact",
    "similar (Jaro-Winkler ≥ 0.92)",
    "somewhat similar (Jaro-Winkler ≥ 0.8) or one name of several",
    "given and family name swapped",
    "different"};
constexpr std::string_view kBirthDateLabels[] = {
    "missing",          "exact",    "day and month swapped or one digit wrong", "same year",
    "two digits wrong", "different"};
constexpr std::string_view kEmailLabels[] = {"missing", "exact", "same local part, other domain",
                                             "similar local part (Jaro-Winkler ≥ 0.93)", "different"};
constexpr std::string_view kPhoneLabels[] = {"missing", "exact", "one edit", "different"};
constexpr std::string_view kAddressLabels[] = {"missing",
                                               "same street and place",
                                               "similar street, same place",
                                               "same postal code, street unknown",
                                               "same postal code, other street",
                                               "same city, postal code unknown or of the same area",
                                               "same street, other or unknown place",
                                               "same city only or same postal area only",
                                               "different"};
constexpr std::string_view kNationalIdLabels[] = {"missing", "exact", "one edit", "different"};
constexpr std::string_view kGenderLabels[] = {"missing", "same", "different"};

struct Description {
    std::string_view name;
    std::span<const std::string_view> labels;
};
constexpr Description kDescriptions[kComparisons] = {{"given_name", kGivenNameLabels},
                                                     {"family_name", kFamilyNameLabels},
                                                     {"birth_date", kBirthDateLabels},
                                                     {"email", kEmailLabels},
                                                     {"phone", kPhoneLabels},
                                                     {"address", kAddressLabels},
                                                     {"national_id", kNationalIdLabels},
                                                     {"gender", kGenderLabels}};

constexpr size_t kKnownPairs = 1U << 15;
constexpr double kThresholds[] = {0, 0.8, 0.9, 0.92, 0.93};
constexpr uint64_t kReachedBits = 7;
constexpr size_t kKnownNicknames = 1U << 13;

std::string_view first_token(std::string_view text) {
    return text.substr(0, text.find_first_of(" -"));
}

// "garcia lopez" and "lopez", "smith-jones" and "jones".
bool one_of_several(std::string_view a, std::string_view b) {
    const auto tokens_hold = [](std::string_view several, std::string_view one) {
        if (one.size() < 3 || several.find_first_of(" -") == std::string_view::npos) return false;
        while (!several.empty()) {
            const std::string_view token = first_token(several);
            if (token == one) return true;
            several.remove_prefix(std::min(several.size(), token.size() + 1));
        }
        return false;
    };
    return tokens_hold(a, b) || tokens_hold(b, a);
}

// Whether the digits of two texts are the same but for a typing error.
bool same_number(std::string_view a, std::string_view b) {
    const auto digits_of = [](std::string_view text, std::array<char, 32>& digits) {
        size_t size = 0;
        for (const char c : text) {
            if (c >= '0' && c <= '9' && size < digits.size()) digits[size++] = c;
        }
        return std::string_view(digits.data(), size);
    };
    std::array<char, 32> in_a;
    std::array<char, 32> in_b;
    return within_one_edit(digits_of(a, in_a), digits_of(b, in_b));
}

bool short_form(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.size() == 1 || (a.size() == 2 && a[1] == '.')) return a[0] == b[0];
    if (b.substr(0, a.size()) == a && (a.size() >= 3 || b[a.size()] == ' ')) return true;
    const std::string_view token_a = first_token(a);
    const std::string_view token_b = first_token(b);
    return token_a == token_b && token_a.size() >= 2;
}

int birth_date_level(Date a, Date b) {
    if (!a.known() || !b.known()) return 0;
    if (a == b) return 1;
    if (a.year == b.year && a.month == b.day && a.day == b.month) return 2;
    const auto digits = [](int x, int y) {
        int wrong = 0;
        for (int i = 0; i < 4; ++i, x /= 10, y /= 10) wrong += x % 10 != y % 10 ? 1 : 0;
        return wrong;
    };
    const int wrong = digits(a.year, b.year) + digits(a.month, b.month) + digits(a.day, b.day);
    if (wrong == 1) return 2;
    if (a.year == b.year) return 3;
    return wrong == 2 ? 4 : 5;
}

enum class Likeness { kUnknown, kExact, kSimilar, kDifferent };

// Postal codes grow more precise from left to right in nearly every country.
bool same_postal_area(std::string_view a, std::string_view b) {
    const size_t longer = std::max(a.size(), b.size());
    size_t prefix = 0;
    while (prefix < std::min(a.size(), b.size()) && a[prefix] == b[prefix]) ++prefix;
    return prefix >= 2 && prefix * 10 >= longer * 6;
}

std::string_view text_of(const ShortText& kept, const StringPool& pool, StringCode code) {
    return kept.size == 255 ? pool.text(code) : std::string_view(kept.bytes.data(), kept.size);
}

// std::popcount is a call where the processor is not known to have it.
constexpr int ones(uint32_t bits) {
    bits -= bits >> 1 & 0x55555555U;
    bits = (bits & 0x33333333U) + (bits >> 2 & 0x33333333U);
    return static_cast<int>(((bits + (bits >> 4)) & 0x0f0f0f0fU) * 0x01010101U >> 24);
}

// No Jaro-Winkler similarity can be over this: a bound from the characters that only one of the two holds. Of
// c common characters the Jaro similarity is (c/a + c/b + 1) / 3 at most.
inline bool can_reach(const Sketch& a, const Sketch& b, double least) {
    if (((a.characters | b.characters) >> 31) != 0 || a.size > kComparedBytes || b.size > kComparedBytes)
        return true;
    const int common =
        std::min(a.size - ones(a.characters & ~b.characters), b.size - ones(b.characters & ~a.characters));
    if (common <= 0) return false;
    // The prefix bonus is 0.4 of what is missing at most.
    const double jaro = a.first == b.first ? (least - 1e-6 - 0.4) * (1 / 0.6) : least - 1e-6;
    return common * (a.size + b.size) >= (3 * jaro - 1) * (a.size * b.size);
}

// Of two different names that are no initials and one word each, one can only be the beginning of the other.
inline bool can_be_short_form(const Sketch& a, const Sketch& b) {
    if (a.is_compound || b.is_compound || a.size <= 2 || b.size <= 2) return true;
    const Sketch& shorter = a.size < b.size ? a : b;
    const Sketch& longer = a.size < b.size ? b : a;
    return shorter.size < longer.size && (shorter.characters & ~longer.characters) == 0;
}

// One edit changes two characters of the set at most.
bool can_be_one_edit(const Sketch& a, const Sketch& b) {
    return std::abs(a.size - b.size) <= 1 && ones(a.characters ^ b.characters) <= 2;
}

}  // namespace

std::string_view comparison_name(int comparison) {
    return kDescriptions[comparison].name;
}
int level_count(int comparison) {
    return static_cast<int>(kDescriptions[comparison].labels.size());
}
std::string_view level_label(int comparison, int level) {
    return kDescriptions[comparison].labels[static_cast<size_t>(level)];
}

Comparer::Comparer(const RecordStore& store, const SharedValues& shared)
    : store_(store),
      shared_(shared),
      known_(store.size() > 1000 ? kKnownPairs : 16, 0, &store.budget()),
      known_nicknames_(store.size() > 1000 ? kKnownNicknames : 16, KnownNicknames{}, &store.budget()) {}

Comparer Comparer::another() const {
    Comparer result(store_, shared_);
    result.national_ids_trusted_ = national_ids_trusted_;
    return result;
}

double Comparer::similarity(StringCode a, StringCode b) const {
    // Names end long before; what is longer is bounded, so that a pair costs the same whatever is in it.
    Tick no_tick;
    const StringPool& pool = store_.pool();
    return static_cast<double>(static_cast<float>(similarity::jaro_winkler(
        clip_utf8(pool.text(a), kComparedBytes), clip_utf8(pool.text(b), kComparedBytes), no_tick)));
}

double Comparer::known_similarity(StringCode a, StringCode b) {
    if (a > b) std::swap(a, b);
    // The mixer is a permutation, so that the bits which are not the slot's tell the pairs of a slot apart.
    const uint64_t hash = mix64(static_cast<uint64_t>(a) << 32 | b);
    uint64_t& known = known_[hash & (known_.size() - 1)];
    const uint64_t pair = hash & ~kReachedBits;
    if ((known & ~kReachedBits) != pair || (known & kReachedBits) == 0) {
        const double exact = similarity(a, b);
        uint64_t reached = 1;
        while (reached < std::size(kThresholds) && exact >= kThresholds[reached]) ++reached;
        known = pair | reached;
    }
    return kThresholds[(known & kReachedBits) - 1];
}

bool Comparer::nicknames(StringCode a, StringCode b) {
    if (a > b) std::swap(a, b);  // the relation has no direction
    const uint64_t pair = static_cast<uint64_t>(a) << 32 | b;
    KnownNicknames& known = known_nicknames_[mix64(pair) & (known_nicknames_.size() - 1)];
    if (known.pair != pair) {
        const StringPool& pool = store_.pool();
        known = {pair, text::are_nicknames(first_token(pool.text(a)), first_token(pool.text(b)))};
    }
    return known.alike;
}

int Comparer::given_name_level(const Record& a, const Record& b) {
    const StringCode code_a = a.text[kGivenName];
    const StringCode code_b = b.text[kGivenName];
    if (code_a == kMissing || code_b == kMissing) return 0;
    if (code_a == code_b) return 1;
    const double alike = can_reach(a.given_name, b.given_name, 0.8) ? known_similarity(code_a, code_b) : 0.0;
    if (alike >= 0.92) return 2;
    const bool same_start = a.given_name.first == b.given_name.first;
    const bool known = a.given_name.has_nicknames && b.given_name.has_nicknames;
    if (same_start || known) {
        if (same_start && can_be_short_form(a.given_name, b.given_name) &&
            short_form(store_.pool().text(code_a), store_.pool().text(code_b)))
            return 3;
        if (known && nicknames(code_a, code_b)) return 3;
    }
    return alike >= 0.8 ? 4 : 5;
}

int Comparer::family_name_level(const Record& a, const Record& b) {
    const StringCode code_a = a.text[kFamilyName];
    const StringCode code_b = b.text[kFamilyName];
    if (code_a == kMissing || code_b == kMissing) return 0;
    if (code_a == code_b) return 1;
    const double alike =
        can_reach(a.family_name, b.family_name, 0.8) ? known_similarity(code_a, code_b) : 0.0;
    if (alike >= 0.92) return 2;
    if (alike >= 0.8) return 3;
    const bool compound = a.family_name.is_compound || b.family_name.is_compound;
    return compound && one_of_several(store_.pool().text(code_a), store_.pool().text(code_b)) ? 3 : 5;
}

int Comparer::email_level(uint32_t a, uint32_t b) {
    const StringCode code_a = shared_.usable(store_, kEmailKey, a);
    const StringCode code_b = shared_.usable(store_, kEmailKey, b);
    if (code_a == kMissing || code_b == kMissing) return 0;
    if (code_a == code_b) return 1;
    const StringCode local_a = shared_.usable_local(store_, a);
    const StringCode local_b = shared_.usable_local(store_, b);
    if (local_a == kMissing || local_b == kMissing) return 4;
    if (local_a == local_b) {
        // mary@one.com and mary@two.com: the name again, which counts once.
        const bool a_name = local_a == store_.code(kGivenName, a) || local_a == store_.code(kFamilyName, a);
        return a_name ? 4 : 2;
    }
    if (!can_reach(store_.record(a).local, store_.record(b).local, 0.93)) return 4;
    // Local parts are made of the name as a rule, and what tells namesakes apart are the digits behind it.
    return similarity(local_a, local_b) >= 0.93 &&
                   same_number(store_.pool().text(local_a), store_.pool().text(local_b))
               ? 3
               : 4;
}

int Comparer::phone_level(uint32_t a, uint32_t b) {
    const StringCode code_a = shared_.usable(store_, kPhoneKey, a);
    const StringCode code_b = shared_.usable(store_, kPhoneKey, b);
    if (code_a == kMissing || code_b == kMissing) return 0;
    if (code_a == code_b) return 1;
    return within_one_edit(text_of(store_.record(a).phone, store_.pool(), code_a),
                           text_of(store_.record(b).phone, store_.pool(), code_b))
               ? 2
               : 3;
}

int Comparer::address_level(const Record& a, const Record& b) {
    const auto likeness = [&](size_t field) {
        const StringCode code_a = a.text[field];
        const StringCode code_b = b.text[field];
        if (code_a == kMissing || code_b == kMissing) return Likeness::kUnknown;
        return code_a == code_b ? Likeness::kExact : Likeness::kDifferent;
    };
    Likeness street = likeness(kStreet);
    Likeness postal = likeness(kPostalCode);
    Likeness city = likeness(kCity);
    if (street == Likeness::kUnknown && postal == Likeness::kUnknown && city == Likeness::kUnknown) return 0;
    if (postal == Likeness::kDifferent) {
        const std::string_view code_a = text_of(a.postal_code, store_.pool(), a.text[kPostalCode]);
        const std::string_view code_b = text_of(b.postal_code, store_.pool(), b.text[kPostalCode]);
        if (same_postal_area(code_a, code_b) || within_one_edit(code_a, code_b)) postal = Likeness::kSimilar;
    }
    if (city == Likeness::kDifferent && known_similarity(a.text[kCity], b.text[kCity]) >= 0.9) {
        city = Likeness::kSimilar;
    }
    const bool same_city = city == Likeness::kExact || city == Likeness::kSimilar;
    const bool same_place = postal == Likeness::kExact || postal == Likeness::kSimilar || same_city;
    if (street == Likeness::kDifferent && same_place) {
        // Two houses of one street look alike; the number tells them apart.
        const StringCode code_a = a.text[kStreet];
        const StringCode code_b = b.text[kStreet];
        if ((a.house_number == b.house_number && can_reach(a.street, b.street, 0.9) &&
             similarity(code_a, code_b) >= 0.9) ||
            (can_be_one_edit(a.street, b.street) &&
             within_one_edit(store_.pool().text(code_a), store_.pool().text(code_b)))) {
            street = Likeness::kSimilar;
        }
    }
    if (street == Likeness::kExact) {
        if (postal == Likeness::kExact || (postal != Likeness::kDifferent && same_city)) return 1;
        return same_place ? 2 : 6;
    }
    if (street == Likeness::kSimilar) return 2;
    if (postal == Likeness::kExact) return street == Likeness::kUnknown ? 3 : 4;
    if (same_city) return postal == Likeness::kDifferent || street == Likeness::kDifferent ? 7 : 5;
    return postal == Likeness::kSimilar ? 7 : 8;
}

bool Comparer::contradict(uint32_t a, uint32_t b) const {
    const StringCode id_a = shared_.usable(store_, kNationalId, a);
    const StringCode id_b = shared_.usable(store_, kNationalId, b);
    return id_a != kMissing && id_b != kMissing && id_a != id_b &&
           !within_one_edit(store_.pool().text(id_a), store_.pool().text(id_b));
}

Pattern Comparer::compare(uint32_t a, uint32_t b) {
    const Record& x = store_.record(a);
    const Record& y = store_.record(b);
    int given = given_name_level(x, y);
    int family = family_name_level(x, y);
    if (given >= 4 && family >= 3) {
        const auto alike = [&](StringCode code_a, const Sketch& in_a, StringCode code_b, const Sketch& in_b) {
            return code_a == code_b ||
                   (can_reach(in_a, in_b, 0.92) && known_similarity(code_a, code_b) >= 0.92);
        };
        if (alike(x.text[kGivenName], x.given_name, y.text[kFamilyName], y.family_name) &&
            alike(x.text[kFamilyName], x.family_name, y.text[kGivenName], y.given_name)) {
            given = 0;
            family = 4;
        }
    }
    Pattern pattern = 0;
    pattern = with_level(pattern, kGivenNameComparison, given);
    pattern = with_level(pattern, kFamilyNameComparison, family);
    pattern = with_level(pattern, kBirthDateComparison, birth_date_level(x.birth_date, y.birth_date));
    pattern = with_level(pattern, kEmailComparison, email_level(a, b));
    pattern = with_level(pattern, kPhoneComparison, phone_level(a, b));
    pattern = with_level(pattern, kAddressComparison, address_level(x, y));
    const StringCode id_a = shared_.usable(store_, kNationalId, a);
    const StringCode id_b = shared_.usable(store_, kNationalId, b);
    if (id_a != kMissing && id_b != kMissing) {
        const int level = id_a == id_b ? 1 : contradict(a, b) ? 3 : 2;
        pattern = with_level(pattern, kNationalIdComparison, level);
    }
    const StringCode gender_a = x.text[kGender];
    const StringCode gender_b = y.text[kGender];
    if (gender_a != kMissing && gender_b != kMissing) {
        pattern = with_level(pattern, kGenderComparison, gender_a == gender_b ? 1 : 2);
    }
    return pattern;
}

}  // namespace cdp::identity
