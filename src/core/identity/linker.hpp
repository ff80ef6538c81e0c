// SPDX-License-Identifier: PostgreSQL
// From scored pairs to people, with the evidence as rows: decisions first, then identifiers, then the pairs
// over the threshold from the surest down, guarded (see clustering.hpp).
#pragma once

#include <cstdint>
#include <memory_resource>
#include <utility>
#include <vector>

#include "identity/clustering.hpp"
#include "identity/known_model.hpp"
#include "identity/resolve.hpp"

namespace cdp::identity {

class Linker {
  public:
    // `known`: shared values that are no identifiers; may be null.
    Linker(const RecordStore& store, const Settings& settings, Comparer& comparer, const Scorer& scorer,
           const HashSet* known, Tick& tick, Resolution& result);

    static Link link(uint32_t a, uint32_t b, Pattern pattern, const PairScore& score);
    // Surest first, ties in canonical order.
    void sort(std::pmr::vector<Link>& links) const;
    // `links` sorted. Fills clusters, edges, review and statistics of the result.
    void run(const std::pmr::vector<Link>& links, RecordPairs cannot_link, RecordPairs must_link);

    // The same where only the people are asked for: `links` in any order, all over the threshold.
    void run_people(const std::pmr::vector<Link>& links);

    // In canonical order, each pair once; ids that are not in the store are left out.
    using IndexPairs = std::pmr::vector<std::pair<uint32_t, uint32_t>>;
    IndexPairs by_index(RecordPairs record_pairs);

  private:
    void stat(std::string_view name, double value) { result_.stats.push_back({name, value}); }
    uint32_t identifier_limit(std::string_view identifier) const;
    bool counts(uint32_t a, uint32_t b);
    bool may_be_named_alike(uint32_t a, uint32_t b);
    void join_identifiers(Clustering& clustering);
    Edge edge(const Link& link, Reason reason) const;
    void report_evidence(const std::pmr::vector<Link>& links, const IndexPairs& decided,
                         Clustering& clustering);
    void report_clusters(Clustering& clustering);

    const RecordStore& store_;
    const Settings& settings_;
    Comparer& comparer_;
    const Scorer& scorer_;
    const HashSet* known_;
    Tick& tick_;
    MemoryBudget& budget_;
    Resolution& result_;
    std::pmr::vector<Link> identifier_links_;
};

}  // namespace cdp::identity
