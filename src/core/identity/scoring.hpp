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

// Counts of the names: the share of the records with a name that have this one.
class TermFrequencies {
  public:
    TermFrequencies(const RecordStore& store, Tick& tick);

    // log2 of the share.
    double bits(Field field, StringCode code) const;
    uint32_t count(Field field, StringCode code) const;
    double share(Field field, StringCode code) const;

  private:
    std::pmr::vector<uint32_t> given_;
    std::pmr::vector<uint32_t> family_;
    double given_total_ = 0;
    double family_total_ = 0;
};

// Per class and comparison, the bits of a pair.
struct PairBits {
    std::array<std::array<double, kComparisons>, kClasses> bits;
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
