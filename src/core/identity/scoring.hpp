// SPDX-License-Identifier: PostgreSQL
// What one pair of records weighs under a model: the bits of its pattern, corrected for how common the agreed
// names are (two records of the name Smith say less than two of the name Featherstonehaugh).
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

#include "identity/model.hpp"
#include "identity/record_store.hpp"

namespace cdp::identity {

struct PairScore {
    double weight = 0;       // log2 of P(pattern | match) / P(pattern | random), term frequencies included
    double term_weight = 0;  // the part of it that term frequencies brought
    double probability = 0;  // that the two are the same person
    double log_odds = 0;     // log2 of probability / (1 - probability), without its rounding
};

// The chance that a random other person has this very value, for names, birth date, e-mail and phone. A
// value that occurs far more often than one person's records explain has the share of the records that have
// it. The counts of the others say more about how many records a person has than about the value: they get
// the chance that is left of u when the common values are taken out, one figure for all.
class TermFrequencies {
  public:
    TermFrequencies(const RecordStore& store, const Model& model, Tick& tick);

    // log2 of the chance.
    double bits(Field field, StringCode code) const;
    double birth_date_bits(uint32_t record) const;

    bool common(Field field, StringCode code) const;
    double share(Field field, StringCode code) const;

  private:
    struct Term {
        double total = 0;   // records with a value
        double common = 1;  // from this count on a value counts for itself
        double rare = 1;    // the chance of the others
        double bits(double count) const;
    };
    static Term describe(std::pmr::vector<uint32_t>& counts, double u, double own, double least, Tick& tick);
    const Term& term(Field field) const { return terms_[static_cast<size_t>(field)]; }
    uint32_t count(Field field, StringCode code) const { return counts_[static_cast<size_t>(field)][code]; }

    // By field (given name, family name, e-mail, phone) and string code.
    static constexpr size_t kFields = kPhoneKey + 1;
    std::pmr::vector<std::pmr::vector<uint32_t>> counts_;
    std::pmr::vector<uint32_t> same_date_;  // per record
    std::array<Term, kFields> terms_{};
    Term date_term_;
};

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

    // From summed bits (priors not included): the posterior as a score.
    PairScore from_sums(const std::array<double, kClasses>& sums, double term_weight) const;

  private:
    const RecordStore& store_;
    Likelihood likelihood_;
    const TermFrequencies& terms_;
};

}  // namespace cdp::identity
