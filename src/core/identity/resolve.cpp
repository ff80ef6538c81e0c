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
// The same for household against random. Pairs that share a home are few among strangers.
constexpr double kForgetHouseholdLogOdds = -10;

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
          shared_(store, settings.max_value_people, tick,
                  known != nullptr ? &known->shared : settings.blocked),
          comparer_(store, shared_),
          links_(&budget_),
          pairs_(&budget_),
          result_(budget_) {}

    Resolution run(RecordPairs cannot_link, RecordPairs must_link) {
        if (known_ != nullptr) {
            const TermFrequencies terms(store_, known_->terms, tick_);
            const Scorer scorer(store_, known_->model, terms);
            score_all(scorer);
            finish(scorer, known_->model, known_->national_ids_trusted, cannot_link, must_link);
            return std::move(result_);
        }
        settings_.progress("sampling");
        const RandomPairs random =
            sample_random_pairs(store_, shared_, comparer_, settings_.random_pairs, tick_, settings_.workers);
        stat("seconds_sample", clock_.lap());
        std::pmr::vector<std::pmr::vector<Candidate>> candidates(&budget_);
        const EmResult em = estimate(random, candidates);
        const TermFrequencies terms(store_, em.model, tick_);
        const Scorer scorer(store_, em.model, terms);
        settings_.progress("scoring");
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
        settings_.progress("clustering");
        Linker linker(store_, settings_, comparer_, scorer,
                      known_ != nullptr ? &known_->shared : settings_.blocked, tick_, result_);
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

    void report(const Blocking& blocking, uint64_t pairs_compared, uint32_t rules) {
        for (uint32_t rule = 0; rule < kBlockingRules; ++rule) {
            result_.rules.push_back({rule, (rules >> rule & 1) != 0, blocking.blocks_of(rule), 0});
        }
        for (size_t piece = 0; piece < pairs_.size(); ++piece) {
            result_.rules[blocking.rule_of(piece)].pairs += pairs_[piece];
        }
        blocking.for_each_split([&](uint64_t name) { result_.splits.push_back(name); });
        stat("pairs_compared", static_cast<double>(pairs_compared));
        stat("blocks", static_cast<double>(blocking.stats().blocks));
        stat("blocks_split", static_cast<double>(blocking.stats().split));
        stat("blocks_oversized", static_cast<double>(blocking.stats().oversized));
        stat("records_in_oversized_blocks", static_cast<double>(blocking.stats().oversized_records));
    }

    // Pieces are taken in order, by the calling thread (worker 0) as by the others.
    void report_compared(size_t piece, unsigned worker, size_t pieces) const {
        if (worker == 0)
            settings_.progress("comparing", static_cast<double>(piece) / static_cast<double>(pieces));
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
        settings_.progress("blocking");
        const Blocking blocking(store_, shared_, settings_.block_limit, settings_.workers, tick_, nullptr,
                                settings_.rules);
        stat("seconds_block", clock_.lap());
        const Likelihood first(default_model(random.share, store_.size()));
        // Each piece keeps its candidates, each thread counts: joined in order of pieces, whoever did them.
        candidates.resize(blocking.pieces());
        pairs_.resize(blocking.pieces());
        std::pmr::vector<Worker> workers = make_workers();
        Pieces(blocking.pieces())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                Worker& own = workers[worker];
                report_compared(piece, worker, blocking.pieces());
                const uint64_t before = own.compared;
                blocking.for_each_pair(piece, tick, [&](uint32_t a, uint32_t b) {
                    const Pattern pattern = own.comparer.compare(a, b);
                    own.counts.add(pattern);
                    ++own.compared;
                    const auto bits = first.pattern(pattern);
                    if (bits[kMatch] + first.prior(kMatch) - bits[kRandom] >= kForgetLogOdds ||
                        (settings_.households && shares_home(pattern) &&
                         bits[kHousehold] + first.prior(kHousehold) - bits[kRandom] >=
                             kForgetHouseholdLogOdds)) {
                        candidates[piece].push_back({a, b, pattern});
                    }
                });
                pairs_[piece] = own.compared - before;
            });
        PatternCounts counts(budget_);
        uint64_t pairs = 0;
        for (const Worker& worker : workers) {
            counts.add(worker.counts);
            pairs += worker.compared;
        }
        stat("seconds_compare", clock_.lap());
        settings_.progress("training");
        const std::pmr::vector<PatternCount> sorted = counts.sorted();
        EmResult em = estimate_model(sorted, random, store_.size(), settings_.em, budget_, tick_);
        stat("seconds_train", clock_.lap());
        report(blocking, pairs, settings_.rules);
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

    // Patterns that no pair can be a link with, nor of one household where that is asked; of those that were
    // met last.
    class Hopeless {
      public:
        Hopeless(const Scorer& scorer, double least_probability, bool households, MemoryBudget& budget)
            : scorer_(scorer),
              households_(households),
              least_(std::log2(least_probability / (1 - least_probability)) - 1e-3),
              known_(1U << 12, Known{}, &budget) {}
        bool operator()(Pattern pattern) {
            Known& known = known_[mix64(pattern) & (known_.size() - 1)];
            if (!known.is_known || known.pattern != pattern) {
                known = {pattern, true,
                         scorer_.most_log_odds(pattern) < least_ && !(households_ && shares_home(pattern))};
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
        bool households_;
        double least_;
        std::pmr::vector<Known> known_;
    };
    std::pmr::vector<Hopeless> hopeless(const Scorer& scorer) {
        const double least = settings_.only_people ? settings_.threshold
                                                   : std::min(settings_.review_from, settings_.threshold);
        std::pmr::vector<Hopeless> result(&budget_);
        result.reserve(std::max(settings_.workers, 1U));
        for (unsigned i = 0; i < std::max(settings_.workers, 1U); ++i) {
            result.emplace_back(scorer, std::clamp(least, 1e-9, 1 - 1e-9), settings_.households, budget_);
        }
        return result;
    }

    // What the pieces found.
    struct Found {
        explicit Found(size_t pieces, MemoryBudget& budget) : links(&budget), households(&budget) {
            links.resize(pieces);
            households.resize(pieces);
        }
        std::pmr::vector<std::pmr::vector<Link>> links;
        std::pmr::vector<std::pmr::vector<HouseholdPair>> households;
    };
    void keep(Found& found, size_t piece, uint32_t a, uint32_t b, Pattern pattern, const PairScore& score) {
        if (is_link(score)) {
            found.links[piece].push_back(Linker::link(a, b, pattern, score));
        } else if (settings_.households && shares_home(pattern) &&
                   score.household() >= settings_.min_household) {
            found.households[piece].push_back(
                {store_.record_id(a), store_.record_id(b), static_cast<float>(score.household()), pattern});
        }
    }

    void score(const Scorer& scorer, std::pmr::vector<std::pmr::vector<Candidate>>& candidates) {
        Found found(candidates.size(), budget_);
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
                    keep(found, piece, candidate.a, candidate.b, candidate.pattern,
                         scorer.score(candidate.a, candidate.b, candidate.pattern));
                }
                candidates[piece] = std::pmr::vector<Candidate>(&budget_);
            });
        collect(found);
    }

    // Under a known model nothing has to be counted first.
    void score_all(const Scorer& scorer) {
        settings_.progress("blocking");
        const Blocking blocking(store_, shared_, settings_.block_limit, settings_.workers, tick_,
                                &known_->splits, known_->rules);
        stat("seconds_block", clock_.lap());
        Found found(blocking.pieces(), budget_);
        pairs_.resize(blocking.pieces());
        std::pmr::vector<Worker> workers = make_workers();
        std::pmr::vector<Hopeless> is_hopeless = hopeless(scorer);
        Pieces(blocking.pieces())
            .run(settings_.workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
                Worker& own = workers[worker];
                report_compared(piece, worker, blocking.pieces());
                const uint64_t before = own.compared;
                blocking.for_each_pair(piece, tick, [&](uint32_t a, uint32_t b) {
                    ++own.compared;
                    const Pattern pattern = own.comparer.compare(a, b);
                    if (!is_hopeless[worker](pattern))
                        keep(found, piece, a, b, pattern, scorer.score(a, b, pattern));
                });
                pairs_[piece] = own.compared - before;
            });
        uint64_t pairs = 0;
        for (const Worker& worker : workers) pairs += worker.compared;
        collect(found);
        stat("seconds_compare", clock_.lap());
        report(blocking, pairs, known_->rules);
    }

    template <typename T>
    void collect(std::pmr::vector<std::pmr::vector<T>>& found, std::pmr::vector<T>& all) {
        size_t size = 0;
        for (const auto& part : found) size += part.size();
        all.reserve(size);
        for (auto& part : found) {
            all.insert(all.end(), part.begin(), part.end());
            part = std::pmr::vector<T>(&budget_);
        }
    }
    void collect(Found& found) {
        collect(found.links, links_);
        collect(found.households, result_.households);
        if (settings_.households) stat("household_pairs", static_cast<double>(result_.households.size()));
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
    std::pmr::vector<uint64_t> pairs_;  // compared, by piece
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
