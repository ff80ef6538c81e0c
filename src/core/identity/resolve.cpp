// SPDX-License-Identifier: PostgreSQL
#include "identity/resolve.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "identity/linker.hpp"
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
    Resolver(const RecordStore& store, const Settings& settings, const KnownModel* known, Tick& tick)
        : store_(store),
          settings_(settings),
          known_(known),
          tick_(tick),
          budget_(store.budget()),
          shared_(store, settings.max_value_people, tick, known != nullptr ? &known->shared : nullptr),
          comparer_(store, shared_),
          links_(&budget_),
          result_(budget_) {}

    Resolution run(RecordPairs cannot_link, RecordPairs must_link) {
        if (known_ != nullptr) {
            const TermFrequencies terms(store_, known_->terms, tick_);
            const Scorer scorer(store_, known_->model, terms);
            score_all(scorer);
            finish(scorer, known_->model, known_->national_ids_trusted, cannot_link, must_link);
            return std::move(result_);
        }
        const RandomPairs random =
            sample_random_pairs(store_, shared_, comparer_, settings_.random_pairs, tick_, settings_.workers);
        stat("seconds_sample", clock_.lap());
        std::pmr::vector<std::pmr::vector<Candidate>> candidates(&budget_);
        const EmResult em = estimate(random, candidates);
        const TermFrequencies terms(store_, em.model, tick_);
        const Scorer scorer(store_, em.model, terms);
        score(scorer, candidates);
        stat("seconds_score", clock_.lap());
        const bool trusted =
            em.model.probability[kMatch][kNationalIdComparison][3] <= settings_.max_national_id_error;
        finish(scorer, em.model, trusted, cannot_link, must_link);
        result_.levels = model_rows(em.model, budget_);
        if (!settings_.only_people) report_terms(terms);
        stat("em_rounds", em.rounds);
        stat("em_converged", em.converged ? 1 : 0);
        return std::move(result_);
    }

  private:
    void stat(std::string_view name, double value) { result_.stats.push_back({name, value}); }

    void finish(const Scorer& scorer, const Model& model, bool national_ids_trusted, RecordPairs cannot_link,
                RecordPairs must_link) {
        comparer_.trust_national_ids(national_ids_trusted);
        Linker linker(store_, settings_, comparer_, scorer, known_ != nullptr ? &known_->shared : nullptr,
                      tick_, result_);
        if (settings_.only_people) {
            linker.run_people(links_);
        } else {
            linker.sort(links_);
            linker.run(links_, cannot_link, must_link);
        }
        stat("seconds_cluster", clock_.lap());
        for (const SharedValues::Value& value : shared_.found()) {
            result_.shared.push_back({sharable_name(value.field), store_.pool().text(value.code)});
        }
        stat("prior_match", model.prior[kMatch]);
        stat("prior_household", model.prior[kHousehold]);
        stat("national_ids_trusted", national_ids_trusted ? 1 : 0);
        stat("records", store_.size());
        stat("shared_values", static_cast<double>(shared_.size()));
        stat("peak_bytes", static_cast<double>(budget_.peak()));
    }

    void report(const Blocking& blocking, uint64_t pairs_compared) {
        blocking.for_each_split([&](uint64_t name) { result_.splits.push_back(name); });
        stat("pairs_compared", static_cast<double>(pairs_compared));
        stat("blocks", static_cast<double>(blocking.stats().blocks));
        stat("blocks_split", static_cast<double>(blocking.stats().split));
        stat("blocks_oversized", static_cast<double>(blocking.stats().oversized));
        stat("records_in_oversized_blocks", static_cast<double>(blocking.stats().oversized_records));
    }

    // What each thread needs to compare.
    struct Worker {
        Worker(const RecordStore& store, const SharedValues& shared)
            : counts(store.budget()), comparer(store, shared) {}
        PatternCounts counts;
        Comparer comparer;
        uint64_t compared = 0;
    };
    std::pmr::vector<Worker> make_workers() {
        std::pmr::vector<Worker> workers(&budget_);
        workers.reserve(std::max(settings_.workers, 1U));
        for (unsigned i = 0; i < std::max(settings_.workers, 1U); ++i) workers.emplace_back(store_, shared_);
        return workers;
    }

    EmResult estimate(const RandomPairs& random, std::pmr::vector<std::pmr::vector<Candidate>>& candidates) {
        const Blocking blocking(store_, shared_, settings_.block_limit, settings_.workers, tick_);
        stat("seconds_block", clock_.lap());
        const Likelihood first(default_model(random.share, store_.size()));
        // Each piece keeps its candidates, each thread counts: joined in order of pieces, whoever did them.
        candidates.resize(blocking.pieces());
        std::pmr::vector<Worker> workers = make_workers();
        Pieces(blocking.pieces())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                Worker& own = workers[worker];
                blocking.for_each_pair(piece, tick, [&](uint32_t a, uint32_t b) {
                    const Pattern pattern = own.comparer.compare(a, b);
                    own.counts.add(pattern);
                    ++own.compared;
                    const auto bits = first.pattern(pattern);
                    if (bits[kMatch] + first.prior(kMatch) - bits[kRandom] >= kForgetLogOdds) {
                        candidates[piece].push_back({a, b, pattern});
                    }
                });
            });
        PatternCounts counts(budget_);
        uint64_t pairs = 0;
        for (const Worker& worker : workers) {
            counts.add(worker.counts);
            pairs += worker.compared;
        }
        stat("seconds_compare", clock_.lap());
        const std::pmr::vector<PatternCount> sorted = counts.sorted();
        EmResult em = estimate_model(sorted, random, store_.size(), settings_.em, budget_, tick_);
        stat("seconds_train", clock_.lap());
        report(blocking, pairs);
        uint64_t kept = 0;
        for (const auto& part : candidates) kept += part.size();
        stat("pairs_scored", static_cast<double>(kept));
        stat("patterns", static_cast<double>(sorted.size()));
        return em;
    }

    // Whether a pair may be of use to the linker.
    bool is_link(const PairScore& score) const {
        // As a link has it.
        if (settings_.only_people)
            return static_cast<double>(static_cast<float>(score.probability)) >= settings_.threshold;
        return score.probability >= std::min(settings_.review_from, settings_.threshold);
    }

    // Patterns that no pair can be a link with, of those that were met last.
    class Hopeless {
      public:
        Hopeless(const Scorer& scorer, double least_probability, MemoryBudget& budget)
            : scorer_(scorer),
              least_(std::log2(least_probability / (1 - least_probability)) - 1e-3),
              known_(1U << 12, Known{}, &budget) {}
        bool operator()(Pattern pattern) {
            Known& known = known_[mix64(pattern) & (known_.size() - 1)];
            if (!known.is_known || known.pattern != pattern) {
                known = {pattern, true, scorer_.most_log_odds(pattern) < least_};
            }
            return known.is_hopeless;
        }

      private:
        struct Known {
            Pattern pattern = 0;
            bool is_known = false;
            bool is_hopeless = false;
        };
        const Scorer& scorer_;
        double least_;
        std::pmr::vector<Known> known_;
    };
    std::pmr::vector<Hopeless> hopeless(const Scorer& scorer) {
        const double least = settings_.only_people ? settings_.threshold
                                                   : std::min(settings_.review_from, settings_.threshold);
        std::pmr::vector<Hopeless> result(&budget_);
        result.reserve(std::max(settings_.workers, 1U));
        for (unsigned i = 0; i < std::max(settings_.workers, 1U); ++i) {
            result.emplace_back(scorer, std::clamp(least, 1e-9, 1 - 1e-9), budget_);
        }
        return result;
    }

    void score(const Scorer& scorer, std::pmr::vector<std::pmr::vector<Candidate>>& candidates) {
        std::pmr::vector<std::pmr::vector<Link>> found(&budget_);
        found.resize(candidates.size());
        std::pmr::vector<Hopeless> is_hopeless = hopeless(scorer);
        Pieces(candidates.size())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                std::pmr::vector<Candidate>& mine = candidates[piece];
                std::erase_if(mine, [&](const Candidate& candidate) {
                    tick();
                    return is_hopeless[worker](candidate.pattern);
                });
                constexpr size_t kAhead = 8;
                for (size_t i = 0; i < mine.size(); ++i) {
                    tick();
                    if (i + kAhead < mine.size()) scorer.prefetch(mine[i + kAhead].a, mine[i + kAhead].b);
                    const Candidate& candidate = mine[i];
                    const PairScore score = scorer.score(candidate.a, candidate.b, candidate.pattern);
                    if (is_link(score)) {
                        found[piece].push_back(
                            Linker::link(candidate.a, candidate.b, candidate.pattern, score));
                    }
                }
                candidates[piece] = std::pmr::vector<Candidate>(&budget_);
            });
        collect(found);
    }

    // Under a known model nothing has to be counted first.
    void score_all(const Scorer& scorer) {
        const Blocking blocking(store_, shared_, settings_.block_limit, settings_.workers, tick_,
                                &known_->splits);
        stat("seconds_block", clock_.lap());
        std::pmr::vector<std::pmr::vector<Link>> found(&budget_);
        found.resize(blocking.pieces());
        std::pmr::vector<Worker> workers = make_workers();
        std::pmr::vector<Hopeless> is_hopeless = hopeless(scorer);
        Pieces(blocking.pieces())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                Worker& own = workers[worker];
                blocking.for_each_pair(piece, tick, [&](uint32_t a, uint32_t b) {
                    ++own.compared;
                    const Pattern pattern = own.comparer.compare(a, b);
                    if (is_hopeless[worker](pattern)) return;
                    const PairScore score = scorer.score(a, b, pattern);
                    if (is_link(score)) {
                        found[piece].push_back(Linker::link(a, b, pattern, score));
                    }
                });
            });
        uint64_t pairs = 0;
        for (const Worker& worker : workers) pairs += worker.compared;
        collect(found);
        stat("seconds_compare", clock_.lap());
        report(blocking, pairs);
    }

    void collect(std::pmr::vector<std::pmr::vector<Link>>& found) {
        size_t links = 0;
        for (const auto& part : found) links += part.size();
        links_.reserve(links);
        for (auto& part : found) {
            links_.insert(links_.end(), part.begin(), part.end());
            part = std::pmr::vector<Link>(&budget_);
        }
    }

    void report_terms(const TermFrequencies& terms) {
        for (int t = 0; t < kTermFields; ++t) {
            const auto term = static_cast<TermField>(t);
            result_.terms.push_back({term, {}, {}, terms.rare_share(term)});
            if (term == kBirthDateTerm) continue;
            for (StringCode code = 1; code < store_.pool().size(); ++code) {
                tick_();
                if (terms.share(term, code) == 0) continue;
                result_.terms.push_back({term, {}, store_.pool().text(code), terms.share(term, code)});
            }
        }
        std::pmr::vector<std::pair<Date, double>> dates(&budget_);
        for (uint32_t i = 0; i < store_.size(); ++i) {
            tick_();
            if (terms.birth_date_share(i) > 0)
                dates.push_back({store_.birth_date(i), terms.birth_date_share(i)});
        }
        std::sort(dates.begin(), dates.end(), [&](const auto& x, const auto& y) {
            tick_();
            return x.first < y.first;
        });
        for (size_t i = 0; i < dates.size(); ++i) {
            tick_();
            if (i != 0 && dates[i].first == dates[i - 1].first) continue;
            result_.terms.push_back({kBirthDateTerm, iso_of(dates[i].first), {}, dates[i].second});
        }
    }

    const RecordStore& store_;
    const Settings& settings_;
    const KnownModel* known_;
    Tick& tick_;
    MemoryBudget& budget_;
    Clock clock_;
    SharedValues shared_;
    Comparer comparer_;
    std::pmr::vector<Link> links_;
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
                   RecordPairs must_link, const KnownModel* known) {
    return Resolver(store, settings, known, tick).run(cannot_link, must_link);
}

}  // namespace cdp::identity
