// SPDX-License-Identifier: PostgreSQL
// From pairs to people. Pairs are taken from the surest down, and each asks for two clusters to be one. What
// connected components lack are the guards: a stored cannot-link, two national ids that contradict each
// other, and the evidence of all pairs across the two clusters, pooled (the mean bits of each comparison over
// the pairs that know it, summed, the prior once), must still speak for one person. So a chain of weak links
// does not make one person of many. Cost: union-find, and at most kMaxCrossPairs comparisons for each merge
// that is tried.
//
// A stored must-link joins two people whatever the guards say. It adds nothing to the evidence: ids and
// pooled evidence are judged among the records that evidence has joined, as if there were no must-link, so
// that a decision about two records does not tear either of them from its other records. Only cannot-links
// look at whole people.
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

    using Pairs = std::span<const std::pair<uint32_t, uint32_t>>;

    // Pairs of canonical indexes. Must-links are joined here, before anything else; an error (kInvalidInput)
    // when together they ask for what a cannot-link forbids.
    Clustering(const RecordStore& store, Pairs cannot_link, Pairs must_link, Tick& tick);

    // Deterministic: joins the clusters unless a cannot-link or a contradiction forbids it.
    bool join(uint32_t a, uint32_t b, const Comparer& comparer);
    // Probabilistic: the pooled evidence must reach log odds of `least` as well.
    bool join_if_likely(uint32_t a, uint32_t b, Comparer& comparer, const Scorer& scorer, double least) {
        return join_if_likely(a, b, comparer, scorer, least, main_);
    }
    // The same for links in any order, the surest first, on several threads: links that could ever meet stay
    // together and in their order, so that the answer is that of one thread.
    void join_links(std::span<const Link> links, Comparer& comparer, const Scorer& scorer, double least,
                    unsigned workers);

    uint32_t find(uint32_t record) { return people().find(record); }
    bool together(uint32_t a, uint32_t b) { return find(a) == find(b); }
    uint32_t size_of(uint32_t record) { return people().size[find(record)]; }
    const GuardHits& guard_hits() const { return main_.hits; }

  private:
    // Union-find with the members of each set in a ring.
    struct Forest {
        explicit Forest(MemoryBudget& budget) : parent(&budget), size(&budget), next(&budget) {}
        void grow(uint32_t records);
        uint32_t find(uint32_t record);
        uint32_t join(uint32_t root_a, uint32_t root_b);  // the root of both

        std::pmr::vector<uint32_t> parent;
        std::pmr::vector<uint32_t> size;
        std::pmr::vector<uint32_t> next;
    };

    // What each thread has of its own.
    struct Work {
        explicit Work(MemoryBudget& budget, Tick own) : tick(own), refused(1024, 0, &budget) {}
        Tick tick;
        GuardHits hits;
        std::pmr::vector<uint64_t> refused;  // open addressing: pairs of clusters in the state they were in
        size_t refused_size = 0;
    };

    // What of a link decides when it is tried.
    struct Ask {
        int64_t rank = 0;
        uint32_t a = 0;
        uint32_t b = 0;
    };
    void join_in_order(std::span<Ask> asks, Comparer& comparer, const Scorer& scorer, double least,
                       Work& work);

    Forest& people() { return with_decisions_.parent.empty() ? evidence_ : with_decisions_; }
    bool join_if_likely(uint32_t a, uint32_t b, Comparer& comparer, const Scorer& scorer, double least,
                        Work& work);
    bool enemies(uint32_t a, uint32_t b, Tick& tick);
    bool forbidden(uint32_t root_a, uint32_t root_b, const Comparer& comparer, Work& work);
    double pooled_log_odds(uint32_t root_a, uint32_t root_b, Comparer& comparer, const Scorer& scorer,
                           Tick& tick);
    void join_people(uint32_t a, uint32_t b);
    void merge(uint32_t root_a, uint32_t root_b, Tick& tick);
    std::pmr::vector<uint32_t> parts_of_links(std::span<const Link> links, uint32_t parts);

    const RecordStore& store_;
    Tick& tick_;
    Work main_;
    Forest evidence_;
    Forest with_decisions_;  // empty where there is no must-link: both are the same then
    std::pmr::vector<uint32_t>
        id_first_;  // per root of evidence: a record of each distinct national id, as a list
    std::pmr::vector<uint32_t> id_next_;
    std::pmr::vector<uint32_t> enemy_starts_;
    std::pmr::vector<uint32_t> enemies_;
    std::pmr::vector<uint32_t> enemy_count_;  // per person
};

}  // namespace cdp::identity
