// SPDX-License-Identifier: PostgreSQL
// What one pair of records weighs under a model: the bits of its pattern, corrected for how common the agreed
// names are (two records of the name Smith say less than two of the name Featherstonehaugh).
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "identity/known_model.hpp"
#include "identity/model.hpp"
#include "identity/record_store.hpp"

namespace cdp::identity {

struct PairScore {
    double weight = 0;       // log2 of P(pattern | match) / P(pattern | random), term frequencies included
    double term_weight = 0;  // the part of it that term frequencies brought
    double probability = 0;  // that the two are the same person
    double log_odds = 0;     // log2 of probability / (1 - probability), without its rounding
    // log2 of the odds of two people of one household against two strangers; kNever where the model knows no
    // households.
    double household_log_odds = kNever;

    // That the two, if they are not the same person, are of one household.
    double household() const;
    static constexpr double kNever = -1e6;
};

// Whether the pair has a home in common: the same or a similar street at one place, or the phone. What else
// speaks for a household (a rare family name in one city) makes relatives, not people who live together.
constexpr bool shares_home(Pattern pattern) {
    const int address = level_of(pattern, kAddressComparison);
    return address == 1 || address == 2 || level_of(pattern, kPhoneComparison) == 1;
}

// The chance that a random other person has this very value, for names, birth date, e-mail and phone. A
// value that occurs far more often than one person's records explain has the share of the records that have
// it. The counts of the others say more about how many records a person has than about the value: they get
// the chance that is left of u when the common values are taken out, one figure for all.
class TermFrequencies {
  public:
    TermFrequencies(const RecordStore& store, const Model& model, Tick& tick);
    TermFrequencies(const RecordStore& store, const std::array<KnownTerms, kTermFields>& known, Tick& tick);

    // log2 of the chance.
    double bits(TermField term, StringCode code) const { return chance(term, of_code_[term][code]).bits; }
    void prefetch(uint32_t record) const { __builtin_prefetch(&of_record_[record]); }
    double birth_date_bits(uint32_t record) const { return chance(kBirthDateTerm, of_record_[record]).bits; }

    // The share of the records that have it; 0 for a value that does not count for itself.
    double share(TermField term, StringCode code) const { return chance(term, of_code_[term][code]).share; }
    double birth_date_share(uint32_t record) const {
        return chance(kBirthDateTerm, of_record_[record]).share;
    }
    // No value of the term has less.
    double least_bits(TermField term) const { return least_bits_[term]; }
    // The chance of one of the others.
    double rare_share(TermField term) const { return rare_share_[term]; }

  private:
    struct Chance {
        double share;
        double bits;
    };
    const Chance& chance(TermField term, uint32_t number) const { return chances_[term][number]; }
    uint32_t add(TermField term, double share);
    void set_rare(TermField term, double share);
    void find_least_bits();
    // From counts of values to numbers of chances.
    void describe(TermField term, std::span<uint32_t> counts, double u, double own, double least, Tick& tick);

    // Numbers of chances, 0 for the rare values: by term and string code, by record for the birth date.
    std::array<std::pmr::vector<uint32_t>, kBirthDateTerm> of_code_;
    std::pmr::vector<uint32_t> of_record_;
    std::array<std::pmr::vector<Chance>, kTermFields> chances_;
    std::array<double, kTermFields> rare_share_{};
    std::array<double, kTermFields> least_bits_{};
};

constexpr Field kTermValue[] = {kGivenName, kFamilyName, kEmailKey, kPhoneKey};  // by TermField

// Per class and comparison, the bits of a pair.
struct PairBits {
    std::array<std::array<double, kComparisons>, kClasses> bits{};
    double term_weight = 0;
};

class Scorer {
  public:
    Scorer(const RecordStore& store, const Model& model, const TermFrequencies& terms)
        : store_(store), likelihood_(model), terms_(terms) {}

    PairBits bits(uint32_t a, uint32_t b, Pattern pattern) const;
    PairScore score(uint32_t a, uint32_t b, Pattern pattern) const;
    // Ahead of score().
    void prefetch(uint32_t a, uint32_t b) const {
        __builtin_prefetch(&store_.record(a));
        __builtin_prefetch(&store_.record(b));
        terms_.prefetch(a);
    }
    // No pair of the pattern has higher log odds.
    double most_log_odds(Pattern pattern) const;

    // From summed bits (priors not included): the posterior as a score.
    PairScore from_sums(const std::array<double, kClasses>& sums, double term_weight) const;

  private:
    const RecordStore& store_;
    Likelihood likelihood_;
    const TermFrequencies& terms_;
};

}  // namespace cdp::identity
