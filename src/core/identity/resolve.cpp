// SPDX-License-Identifier: PostgreSQL
#include "identity/resolve.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/parallel.hpp"
#include "identity/pattern_counts.hpp"
#include "identity/shared_values.hpp"

namespace cdp::identity {
namespace {

// Pairs that the default model gives less than this chance are counted for EM but not remembered: no trained
// model has been seen to lift one over the review threshold.
constexpr double kForgetLogOdds = -16;

struct Candidate {
    uint32_t a;
    uint32_t b;
    Pattern pattern;
};

int64_t fixed_point(double bits) {
    return std::llround(std::clamp(bits, -1e6, 1e6) * (1 << 20));
}

class Clock {
  public:
    double lap() {
        const auto now = std::chrono::steady_clock::now();
        const double seconds = std::chrono::duration<double>(now - last_).count();
        last_ = now;
        return seconds;
    }

  private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

class Resolver {
  public:
    Resolver(const RecordStore& store, const Settings& settings, Tick& tick)
        : store_(store),
          settings_(settings),
          tick_(tick),
          budget_(store.budget()),
          shared_(store, settings.max_value_people, tick),
          comparer_(store, shared_),
          candidates_(&budget_),
          links_(&budget_),
          identifier_links_(&budget_),
          result_(budget_) {}

    Resolution run(RecordPairs cannot_link, RecordPairs must_link) {
        const RandomPairs random =
            sample_random_pairs(store_, shared_, comparer_, settings_.random_pairs, tick_, settings_.workers);
        stat("seconds_sample", clock_.lap());
        const EmResult em = estimate(random);
        const bool trusted =
            em.model.probability[kMatch][kNationalIdComparison][3] <= settings_.max_national_id_error;
        comparer_.trust_national_ids(trusted);
        const TermFrequencies terms(store_, em.model, tick_);
        const Scorer scorer(store_, em.model, terms);
        score(scorer);
        stat("seconds_score", clock_.lap());
        cluster(scorer, cannot_link, must_link);
        stat("seconds_cluster", clock_.lap());

        result_.levels = model_rows(em.model, budget_);
        report_terms(terms);
        stat("prior_match", em.model.prior[kMatch]);
        stat("prior_household", em.model.prior[kHousehold]);
        stat("national_ids_trusted", trusted ? 1 : 0);
        stat("em_rounds", em.rounds);
        stat("em_converged", em.converged ? 1 : 0);
        stat("records", store_.size());
        stat("shared_values", static_cast<double>(shared_.size()));
        stat("peak_bytes", static_cast<double>(budget_.peak()));
        return std::move(result_);
    }

  private:
    void stat(std::string_view name, double value) { result_.stats.push_back({name, value}); }

    EmResult estimate(const RandomPairs& random) {
        const Blocking blocking(store_, shared_, settings_.block_limit, settings_.workers, tick_);
        stat("seconds_block", clock_.lap());
        const Likelihood first(default_model(random.share, store_.size()));
        // Each piece keeps its candidates, each thread counts: joined in order of pieces, whoever did them.
        std::pmr::vector<std::pmr::vector<Candidate>> found(&budget_);
        found.resize(blocking.pieces());
        std::pmr::vector<PatternCounts> seen(&budget_);
        std::pmr::vector<Comparer> comparers(&budget_);
        std::pmr::vector<uint64_t> compared(std::max(settings_.workers, 1U), 0, &budget_);
        seen.reserve(compared.size());
        comparers.reserve(compared.size());
        for (size_t i = 0; i < compared.size(); ++i) {
            seen.emplace_back(budget_);
            comparers.emplace_back(store_, shared_);
        }
        Pieces(blocking.pieces())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                Comparer& comparer = comparers[worker];
                PatternCounts& counts = seen[worker];
                uint64_t pairs = 0;
                blocking.for_each_pair(piece, tick, [&](uint32_t a, uint32_t b) {
                    const Pattern pattern = comparer.compare(a, b);
                    counts.add(pattern);
                    ++pairs;
                    const auto bits = first.pattern(pattern);
                    if (bits[kMatch] + first.prior(kMatch) - bits[kRandom] >= kForgetLogOdds) {
                        found[piece].push_back({a, b, pattern});
                    }
                });
                compared[worker] += pairs;
            });
        PatternCounts counts(budget_);
        uint64_t pairs = 0;
        for (const PatternCounts& part : seen) counts.add(part);
        for (const uint64_t part : compared) pairs += part;
        candidates_ = std::move(found);
        stat("seconds_compare", clock_.lap());
        const std::pmr::vector<PatternCount> sorted = counts.sorted();
        EmResult em = estimate_model(sorted, random, store_.size(), settings_.em, budget_, tick_);
        stat("seconds_train", clock_.lap());
        stat("pairs_compared", static_cast<double>(pairs));
        uint64_t candidates = 0;
        for (const auto& part : candidates_) candidates += part.size();
        stat("pairs_scored", static_cast<double>(candidates));
        stat("patterns", static_cast<double>(sorted.size()));
        stat("blocks", static_cast<double>(blocking.stats().blocks));
        stat("blocks_split", static_cast<double>(blocking.stats().split));
        stat("blocks_oversized", static_cast<double>(blocking.stats().oversized));
        stat("records_in_oversized_blocks", static_cast<double>(blocking.stats().oversized_records));
        return em;
    }

    Link link(uint32_t a, uint32_t b, Pattern pattern, const PairScore& score) const {
        return {a,
                b,
                pattern,
                static_cast<float>(score.probability),
                score.weight,
                score.term_weight,
                fixed_point(score.log_odds)};
    }

    void score(const Scorer& scorer) {
        const double least = std::min(settings_.review_from, settings_.threshold);
        std::pmr::vector<std::pmr::vector<Link>> found(&budget_);
        found.resize(candidates_.size());
        Pieces(candidates_.size()).run(settings_.workers, tick_, [&](size_t piece, unsigned, Tick& tick) {
            for (const Candidate& candidate : candidates_[piece]) {
                tick();
                const PairScore score = scorer.score(candidate.a, candidate.b, candidate.pattern);
                if (score.probability >= least) {
                    found[piece].push_back(link(candidate.a, candidate.b, candidate.pattern, score));
                }
            }
            candidates_[piece] = std::pmr::vector<Candidate>(&budget_);
        });
        size_t links = 0;
        for (const auto& part : found) links += part.size();
        links_.reserve(links);
        for (auto& part : found) {
            links_.insert(links_.end(), part.begin(), part.end());
            part = std::pmr::vector<Link>(&budget_);
        }
        std::sort(links_.begin(), links_.end(), [&](const Link& x, const Link& y) {
            tick_();
            if (x.rank != y.rank) return x.rank > y.rank;
            return x.a != y.a ? x.a < y.a : x.b < y.b;
        });
    }

    // In canonical order, each pair once.
    std::pmr::vector<std::pair<uint32_t, uint32_t>> by_index(RecordPairs record_pairs) {
        std::pmr::vector<std::pair<uint32_t, uint32_t>> pairs(&budget_);
        if (record_pairs.empty()) return pairs;
        std::pmr::vector<std::pair<int64_t, uint32_t>> ids(&budget_);
        ids.reserve(store_.size());
        for (uint32_t i = 0; i < store_.size(); ++i) ids.push_back({store_.record_id(i), i});
        std::sort(ids.begin(), ids.end(), [&](const auto& x, const auto& y) {
            tick_();
            return x < y;
        });
        const auto index_of = [&](int64_t id) -> int64_t {
            const auto found = std::lower_bound(ids.begin(), ids.end(), std::pair<int64_t, uint32_t>(id, 0));
            return found != ids.end() && found->first == id ? int64_t{found->second} : -1;
        };
        for (const auto& [a, b] : record_pairs) {
            tick_();
            const int64_t x = index_of(a);
            const int64_t y = index_of(b);
            if (x < 0 || y < 0 || x == y) continue;
            pairs.push_back({static_cast<uint32_t>(std::min(x, y)), static_cast<uint32_t>(std::max(x, y))});
        }
        std::sort(pairs.begin(), pairs.end(), [&](const auto& x, const auto& y) {
            tick_();
            return x < y;
        });
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        return pairs;
    }

    // Every value joins its records.
    void join_identifiers(Clustering& clustering, const Scorer& scorer) {
        std::pmr::vector<std::pair<StringCode, uint32_t>> uses(&budget_);
        for (uint32_t i = 0; i < store_.size(); ++i) {
            for (const StringCode identifier : store_.identifiers(i)) {
                tick_();
                uses.push_back({identifier, i});
            }
        }
        std::sort(uses.begin(), uses.end(), [&](const auto& x, const auto& y) {
            tick_();
            return x < y;
        });
        uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
        uint64_t ignored = 0;
        for (size_t start = 0; start < uses.size();) {
            size_t end = start + 1;
            while (end < uses.size() && uses[end].first == uses[start].first) ++end;
            if (end - start > settings_.max_identifier_records) {
                ++ignored;
            } else {
                // With the first that nothing forbids: one of them may contradict what the others share.
                for (size_t i = start + 1; i < end; ++i) {
                    for (size_t j = start; j < i; ++j) {
                        tick_();
                        const uint32_t a = uses[j].second;
                        const uint32_t b = uses[i].second;
                        if (!clustering.join(a, b, comparer_)) continue;
                        const Pattern pattern = comparer_.compare(a, b);
                        identifier_links_.push_back(link(a, b, pattern, scorer.score(a, b, pattern)));
                        break;
                    }
                }
            }
            start = end;
        }
        // Two identifiers in common are one link.
        const auto same = [](const Link& x, const Link& y) { return x.a == y.a && x.b == y.b; };
        std::sort(identifier_links_.begin(), identifier_links_.end(), [&](const Link& x, const Link& y) {
            tick_();
            return x.a != y.a ? x.a < y.a : x.b < y.b;
        });
        identifier_links_.erase(std::unique(identifier_links_.begin(), identifier_links_.end(), same),
                                identifier_links_.end());
        stat("identifiers_shared", static_cast<double>(ignored));
    }

    Edge edge(const Link& link, Reason reason) const {
        return {store_.record_id(link.a),
                store_.record_id(link.b),
                link.weight,
                link.probability,
                link.term_weight,
                link.pattern,
                reason};
    }

    void cluster(const Scorer& scorer, RecordPairs cannot_link, RecordPairs must_link) {
        const auto apart = by_index(cannot_link);
        const auto decided = by_index(must_link);
        Clustering clustering(store_, apart, decided, tick_);
        join_identifiers(clustering, scorer);
        const double threshold = std::clamp(settings_.threshold, 1e-9, 1 - 1e-9);
        const double least = std::log2(threshold / (1 - threshold));
        // The surest come first.
        const auto end = std::find_if(links_.begin(), links_.end(), [&](const Link& link) {
            return static_cast<double>(link.probability) < settings_.threshold;
        });
        clustering.join_links({links_.begin(), end}, comparer_, scorer, least, settings_.workers);

        const auto is_decided = [&](const Link& link) {
            return std::binary_search(decided.begin(), decided.end(),
                                      std::pair{std::min(link.a, link.b), std::max(link.a, link.b)});
        };
        for (const auto& [a, b] : decided) {
            tick_();
            const Pattern pattern = comparer_.compare(a, b);
            result_.edges.push_back(
                edge(link(a, b, pattern, scorer.score(a, b, pattern)), Reason::kDecision));
        }
        for (const Link& link : identifier_links_) {
            if (!is_decided(link)) result_.edges.push_back(edge(link, Reason::kIdentifier));
        }
        const auto identified = [&](const Link& link) {
            const auto less = [](const Link& x, const Link& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; };
            return std::binary_search(identifier_links_.begin(), identifier_links_.end(), link, less);
        };
        for (const Link& link : links_) {
            tick_();
            const auto p = static_cast<double>(link.probability);
            if (clustering.together(link.a, link.b)) {
                if (p >= settings_.threshold && !identified(link) && !is_decided(link))
                    result_.edges.push_back(edge(link, Reason::kModel));
            } else if (result_.review.size() < settings_.max_review) {
                if (p >= settings_.threshold) {
                    result_.review.push_back(edge(link, Reason::kGuard));
                } else if (p >= settings_.review_from && p < settings_.review_to) {
                    result_.review.push_back(edge(link, Reason::kModel));
                }
            }
        }

        std::pmr::vector<uint32_t> first(store_.size(), UINT32_MAX, &budget_);
        result_.clusters.reserve(store_.size());
        uint64_t clusters = 0;
        uint32_t largest = 0;
        for (uint32_t i = 0; i < store_.size(); ++i) {
            tick_();
            uint32_t& representative = first[clustering.find(i)];
            if (representative == UINT32_MAX) {
                representative = i;
                ++clusters;
                largest = std::max(largest, clustering.size_of(i));
            }
            result_.clusters.push_back({store_.record_id(i), store_.record_id(representative)});
        }
        stat("clusters", static_cast<double>(clusters));
        stat("largest_cluster", largest);
        stat("must_links", static_cast<double>(decided.size()));
        stat("cannot_links", static_cast<double>(apart.size()));
        stat("edges", static_cast<double>(result_.edges.size()));
        stat("review_pairs", static_cast<double>(result_.review.size()));
        stat("guard_cannot_link", static_cast<double>(clustering.guard_hits().cannot_link));
        stat("guard_national_id", static_cast<double>(clustering.guard_hits().contradiction));
        stat("guard_evidence", static_cast<double>(clustering.guard_hits().evidence));
    }

    void report_terms(const TermFrequencies& terms) {
        for (const Field field : {kGivenName, kFamilyName}) {
            for (StringCode code = 1; code < store_.pool().size(); ++code) {
                tick_();
                if (!terms.common(field, code)) continue;
                result_.terms.push_back({field == kGivenName ? "given_name" : "family_name",
                                         store_.pool().text(code), terms.share(field, code)});
            }
        }
    }

    const RecordStore& store_;
    const Settings& settings_;
    Tick& tick_;
    MemoryBudget& budget_;
    Clock clock_;
    SharedValues shared_;
    Comparer comparer_;
    std::pmr::vector<std::pmr::vector<Candidate>> candidates_;  // by piece
    std::pmr::vector<Link> links_;
    std::pmr::vector<Link> identifier_links_;
    Resolution result_;
};

}  // namespace

std::string_view reason_name(Reason reason) {
    switch (reason) {
        case Reason::kModel:
            return "model";
        case Reason::kIdentifier:
            return "identifier";
        case Reason::kGuard:
            return "guard";
        case Reason::kDecision:
            return "decision";
    }
    return "model";
}

Resolution resolve(const RecordStore& store, RecordPairs cannot_link, const Settings& settings, Tick& tick,
                   RecordPairs must_link) {
    return Resolver(store, settings, tick).run(cannot_link, must_link);
}

}  // namespace cdp::identity
