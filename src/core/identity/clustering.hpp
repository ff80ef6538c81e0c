// SPDX-License-Identifier: PostgreSQL
// From pairs to people. Pairs are taken from the surest down, and each asks for two clusters to be one. What
// connected components lack are the guards: a stored cannot-link, two national ids that contradict each
// other, and the evidence of all pairs across the two clusters, pooled (the mean bits of each comparison over
// the pairs that know it, summed, the prior once), must still speak for one person. So a chain of weak links
// does not make one person of many. Cost: union-find, and at most kMaxCrossPairs comparisons for each merge
// that is tried.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

#include "identity/comparisons.hpp"
#include "identity/scoring.hpp"

namespace cdp::identity {

// A pair with its score, by canonical index.
struct Link {
    uint32_t a;
    uint32_t b;
    Pattern pattern;
    float probability;
    double weight;
    double term_weight;
    int64_t rank;  // log odds in fixed point, so that no rounding decides an order
};

struct GuardHits {
    uint64_t cannot_link = 0;
    uint64_t contradiction = 0;  // of national ids
    uint64_t evidence = 0;       // of the other pairs of the two clusters
};

class Clustering {
  public:
    static constexpr uint32_t kMaxCrossPairs = 256;

    // `cannot_link` holds pairs of canonical indexes.
    Clustering(const RecordStore& store, std::span<const std::pair<uint32_t, uint32_t>> cannot_link,
               Tick& tick);

    // Deterministic: joins the clusters unless a cannot-link or a contradiction forbids it.
    bool join(uint32_t a, uint32_t b, const Comparer& comparer);
    // Probabilistic: the pooled evidence must reach log odds of `least` as well.
    bool join_if_likely(uint32_t a, uint32_t b, Comparer& comparer, const Scorer& scorer, double least);

    uint32_t find(uint32_t record);
    bool together(uint32_t a, uint32_t b) { return find(a) == find(b); }
    uint32_t size_of(uint32_t record) { return size_[find(record)]; }
    const GuardHits& guard_hits() const { return hits_; }

  private:
    bool forbidden(uint32_t root_a, uint32_t root_b, const Comparer& comparer);
    double pooled_log_odds(uint32_t root_a, uint32_t root_b, Comparer& comparer, const Scorer& scorer);
    void merge(uint32_t root_a, uint32_t root_b);

    const RecordStore& store_;
    Tick& tick_;
    GuardHits hits_;
    std::pmr::vector<uint32_t> parent_;
    std::pmr::vector<uint32_t> size_;
    std::pmr::vector<uint32_t> next_;      // members of a cluster in a ring
    std::pmr::vector<uint32_t> id_first_;  // per root: a record of each distinct national id, as a list
    std::pmr::vector<uint32_t> id_next_;
    std::pmr::vector<uint32_t> enemy_starts_;
    std::pmr::vector<uint32_t> enemies_;
    std::pmr::vector<uint32_t> enemy_count_;  // per root
    std::pmr::vector<uint64_t> refused_;      // open addressing: pairs of clusters in the state they were in
    size_t refused_size_ = 0;
};

}  // namespace cdp::identity
