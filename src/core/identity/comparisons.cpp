// SPDX-License-Identifier: PostgreSQL
#include "identity/comparisons.hpp"

#include <algorithm>
#include <bit>
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

std::string_view house_number(std::string_view street) {
    const size_t first = street.find_first_of("0123456789");
    if (first == std::string_view::npos) return {};
    const size_t last = street.find_first_not_of("0123456789", first);
    return street.substr(first, last == std::string_view::npos ? last : last - first);
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
      known_(store.size() > 1000 ? kKnownPairs : 16, Known{}, &store.budget()) {}

double Comparer::similarity(StringCode a, StringCode b, double least) {
    if (a > b) std::swap(a, b);
    // A bound from the characters that only one of the two holds; most pairs that differ end here.
    const StringPool& pool = store_.pool();
    const uint32_t in_a = pool.characters(a);
    const uint32_t in_b = pool.characters(b);
    if (((in_a | in_b) >> 31) == 0) {
        const std::string_view text_a = pool.text(a);
        const std::string_view text_b = pool.text(b);
        if (text_a.size() <= 64 && text_b.size() <= 64) {
            const int common = std::min(static_cast<int>(text_a.size()) - std::popcount(in_a & ~in_b),
                                        static_cast<int>(text_b.size()) - std::popcount(in_b & ~in_a));
            if (common <= 0) return 0;
            const double most = (common / static_cast<double>(text_a.size()) +
                                 common / static_cast<double>(text_b.size()) + 1) /
                                3;
            const double prefix = text_a[0] == text_b[0] ? 0.4 : 0.0;
            if (most + prefix * (1 - most) < least - 1e-6) return 0;
        }
    }
    const uint64_t pair = static_cast<uint64_t>(a) << 32 | b;
    Known& known = known_[mix64(pair) & (known_.size() - 1)];
    if (known.pair != pair) {
        // Names end long before; what is longer is bounded, so that a pair costs the same whatever is in it.
        Tick no_tick;
        known.similarity = static_cast<float>(similarity::jaro_winkler(
            clip_utf8(pool.text(a), kComparedBytes), clip_utf8(pool.text(b), kComparedBytes), no_tick));
        known.pair = pair;
    }
    return static_cast<double>(known.similarity);
}

int Comparer::given_name_level(StringCode a, StringCode b) {
    if (a == kMissing || b == kMissing) return 0;
    if (a == b) return 1;
    const double alike = similarity(a, b, 0.8);
    if (alike >= 0.92) return 2;
    const std::string_view text_a = store_.pool().text(a);
    const std::string_view text_b = store_.pool().text(b);
    if (short_form(text_a, text_b) || text::are_nicknames(first_token(text_a), first_token(text_b))) return 3;
    return alike >= 0.8 ? 4 : 5;
}

int Comparer::family_name_level(StringCode a, StringCode b) {
    if (a == kMissing || b == kMissing) return 0;
    if (a == b) return 1;
    const double alike = similarity(a, b, 0.8);
    if (alike >= 0.92) return 2;
    return alike >= 0.8 || one_of_several(store_.pool().text(a), store_.pool().text(b)) ? 3 : 5;
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
    return similarity(local_a, local_b, 0.93) >= 0.93 ? 3 : 4;
}

int Comparer::address_level(uint32_t a, uint32_t b) {
    const auto likeness = [&](Field field) {
        const StringCode code_a = store_.code(field, a);
        const StringCode code_b = store_.code(field, b);
        if (code_a == kMissing || code_b == kMissing) return Likeness::kUnknown;
        return code_a == code_b ? Likeness::kExact : Likeness::kDifferent;
    };
    Likeness street = likeness(kStreet);
    Likeness postal = likeness(kPostalCode);
    Likeness city = likeness(kCity);
    if (street == Likeness::kUnknown && postal == Likeness::kUnknown && city == Likeness::kUnknown) return 0;
    if (postal == Likeness::kDifferent) {
        const std::string_view code_a = store_.text(kPostalCode, a);
        const std::string_view code_b = store_.text(kPostalCode, b);
        if (same_postal_area(code_a, code_b) || within_one_edit(code_a, code_b)) postal = Likeness::kSimilar;
    }
    if (city == Likeness::kDifferent &&
        similarity(store_.code(kCity, a), store_.code(kCity, b), 0.9) >= 0.9) {
        city = Likeness::kSimilar;
    }
    const bool same_city = city == Likeness::kExact || city == Likeness::kSimilar;
    const bool same_place = postal == Likeness::kExact || postal == Likeness::kSimilar || same_city;
    if (street == Likeness::kDifferent && same_place) {
        const StringCode code_a = store_.code(kStreet, a);
        const StringCode code_b = store_.code(kStreet, b);
        const std::string_view text_a = store_.pool().text(code_a);
        const std::string_view text_b = store_.pool().text(code_b);
        // Two houses of one street look alike; the number tells them apart.
        if (within_one_edit(text_a, text_b) ||
            (house_number(text_a) == house_number(text_b) && similarity(code_a, code_b, 0.9) >= 0.9)) {
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
    const StringCode given_a = store_.code(kGivenName, a);
    const StringCode given_b = store_.code(kGivenName, b);
    const StringCode family_a = store_.code(kFamilyName, a);
    const StringCode family_b = store_.code(kFamilyName, b);
    int given = given_name_level(given_a, given_b);
    int family = family_name_level(family_a, family_b);
    if (given >= 4 && family >= 3) {
        const auto alike = [&](StringCode x, StringCode y) {
            return x == y || similarity(x, y, 0.92) >= 0.92;
        };
        if (alike(given_a, family_b) && alike(family_a, given_b)) {
            given = 0;
            family = 4;
        }
    }
    Pattern pattern = 0;
    pattern = with_level(pattern, kGivenNameComparison, given);
    pattern = with_level(pattern, kFamilyNameComparison, family);
    pattern = with_level(pattern, kBirthDateComparison,
                         birth_date_level(store_.birth_date(a), store_.birth_date(b)));
    pattern = with_level(pattern, kEmailComparison, email_level(a, b));
    const StringCode phone_a = shared_.usable(store_, kPhoneKey, a);
    const StringCode phone_b = shared_.usable(store_, kPhoneKey, b);
    if (phone_a != kMissing && phone_b != kMissing) {
        const int level = phone_a == phone_b                                                          ? 1
                          : within_one_edit(store_.pool().text(phone_a), store_.pool().text(phone_b)) ? 2
                                                                                                      : 3;
        pattern = with_level(pattern, kPhoneComparison, level);
    }
    pattern = with_level(pattern, kAddressComparison, address_level(a, b));
    const StringCode id_a = shared_.usable(store_, kNationalId, a);
    const StringCode id_b = shared_.usable(store_, kNationalId, b);
    if (id_a != kMissing && id_b != kMissing) {
        const int level = id_a == id_b ? 1 : contradict(a, b) ? 3 : 2;
        pattern = with_level(pattern, kNationalIdComparison, level);
    }
    const StringCode gender_a = store_.code(kGender, a);
    const StringCode gender_b = store_.code(kGender, b);
    if (gender_a != kMissing && gender_b != kMissing) {
        pattern = with_level(pattern, kGenderComparison, gender_a == gender_b ? 1 : 2);
    }
    return pattern;
}

}  // namespace cdp::identity
