// SPDX-License-Identifier: PostgreSQL
// Which records are the same person: the whole pipeline, from a finished store to clusters. Same records,
// same answer, in whatever order they came (see record_store.hpp). Method: Fellegi and Sunter 1969; the
// recipe and its measurements are in docs/identity.md.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "identity/blocking.hpp"
#include "identity/clustering.hpp"
#include "identity/em.hpp"
#include "identity/known_model.hpp"

namespace cdp::identity {

// Told when a phase begins and, in the longest, how much of it is done (0 to 1); from the calling thread
// only.
struct Progress {
    using Report = void (*)(std::string_view phase, double share);
    Report report = nullptr;
    void operator()(std::string_view phase, double share = 0) const {
        if (report != nullptr) report(phase, share);
    }
};

struct Settings {
    double threshold = 0.5;    // merge at this probability
    double review_from = 0.3;  // report pairs of different clusters in [from, to)
    double review_to = 0.75;
    uint32_t max_review = 10'000'000;      // the likeliest are kept
    uint32_t max_identifier_records = 20;  // an identifier value of more records identifies nobody
    std::vector<std::pair<std::string, uint32_t>> identifier_limits;  // the same for a kind of its own
    uint32_t max_value_people = 12;  // an e-mail, phone or national id of more people is shared
    double max_national_id_error =
        0.03;                   // where a person's national ids differ more often, they forbid nothing
    uint32_t block_limit = 30;  // larger blocks are split
    uint64_t random_pairs = 1'000'000;  // sample for u
    unsigned workers = 1;               // threads; the answer does not depend on it
    bool households = false;            // look for people of one household, too
    double min_household = 0.5;         // report pairs of this probability
    bool only_people = false;           // clusters and `strongest`, no rows about pairs; no decisions
    // Of a run that trains; a known model has its own.
    const HashSet* blocked = nullptr;  // value_hash of what identifies nobody, however few people have it
    uint32_t rules = UINT32_MAX;       // the blocking rules in use, a bit for each
    Progress progress;
    EmSettings em;
};

enum class Reason { kModel, kIdentifier, kGuard, kDecision };
std::string_view reason_name(Reason reason);

struct Edge {
    int64_t record_a;
    int64_t record_b;
    double weight;
    double probability;
    double term_weight;
    Pattern levels;
    Reason reason;
    bool is_candidate = true;  // blocking brought the pair up; of decisions and identifiers not always
    double household = 0;      // as in PairScore, where households are asked for
};
// Two records that share a home, of two people of one household (in either order).
struct HouseholdPair {
    int64_t record_a;
    int64_t record_b;
    float probability;
    Pattern levels;
};
struct ClusterRow {
    int64_t record;
    int64_t representative;  // the member that comes first in canonical order
};
struct TermRow {
    TermField term;
    IsoDate date;            // of a birth date
    std::string_view value;  // of any other; empty in both: the share of a value that is not common
    double share;
};
// A value that too many people, or too many records, use to identify anybody.
struct SharedRow {
    std::string_view kind;  // see known_model.hpp
    std::string_view value;
};
// What a blocking rule brought up: pairs that no rule before it did.
struct RuleRow {
    uint32_t rule;
    bool is_used;
    uint64_t blocks;
    uint64_t pairs;
};
struct Stat {
    std::string_view name;
    double value;
};

struct Resolution {
    explicit Resolution(MemoryBudget& budget)
        : clusters(&budget),
          edges(&budget),
          review(&budget),
          weak(&budget),
          households(&budget),
          levels(&budget),
          terms(&budget),
          shared(&budget),
          splits(&budget),
          rules(&budget),
          stats(&budget),
          strongest(&budget) {}

    std::pmr::vector<ClusterRow> clusters;  // one per record, in canonical order
    std::pmr::vector<Edge> edges;   // pairs over the threshold inside one cluster, identifiers, must-links
    std::pmr::vector<Edge> review;  // pairs of different clusters for a person to decide; kGuard: over the
                                    // threshold, kept apart by a guard
    std::pmr::vector<Edge> weak;    // pairs of one cluster under the threshold
    // Of the pairs that are no links, whichever clusters they are in: depends on the two records alone.
    std::pmr::vector<HouseholdPair> households;
    // What a KnownModel is made of. Views are into the store. Of a run under a known model: only what is new.
    std::pmr::vector<ModelRow> levels;
    std::pmr::vector<TermRow> terms;
    std::pmr::vector<SharedRow> shared;
    std::pmr::vector<uint64_t> splits;
    std::pmr::vector<RuleRow> rules;  // all, in order
    std::pmr::vector<Stat> stats;
    // With only_people, by number of the cluster row: the probability of the strongest pair that ties the
    // record to its cluster, 1 for an identifier, negative without any.
    std::pmr::vector<double> strongest;
};

// Pairs of record ids that are two people (`cannot_link`) or one (`must_link`), whatever the evidence says;
// ids that are not in the store are ignored. An error (kInvalidInput) when they contradict each other.
using RecordPairs = std::span<const std::pair<int64_t, int64_t>>;
// Trains a model on the records, or takes the known one.
Resolution resolve(const RecordStore& store, RecordPairs cannot_link, const Settings& settings, Tick& tick,
                   RecordPairs must_link = {}, const KnownModel* known = nullptr);

}  // namespace cdp::identity
