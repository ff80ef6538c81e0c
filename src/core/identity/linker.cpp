// SPDX-License-Identifier: PostgreSQL
#include "identity/linker.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::identity {
namespace {

int64_t fixed_point(double bits) {
    return std::llround(std::clamp(bits, -1e6, 1e6) * (1 << 20));
}

// Of an identifier as it arrives, "kind:value".
std::string_view kind_of(std::string_view identifier) {
    const size_t colon = identifier.find(':');
    return colon == std::string_view::npos ? std::string_view() : identifier.substr(0, colon);
}
std::string_view value_of(std::string_view identifier) {
    const size_t colon = identifier.find(':');
    return colon == std::string_view::npos ? identifier : identifier.substr(colon + 1);
}

// The kind of national ids whose check digits are right. They join like any identifier, but only records
// whose names do not contradict each other, and on however many records they are: that many people have one
// is found by their names.
constexpr std::string_view kVerifiedId = "national_id";
constexpr size_t kMaxNamesTried = 64;  // of the records with one number, lest all pairs be compared

}  // namespace

Linker::Linker(const RecordStore& store, const Settings& settings, Comparer& comparer, const Scorer& scorer,
               const HashSet* known, Tick& tick, Resolution& result)
    : store_(store),
      settings_(settings),
      comparer_(comparer),
      scorer_(scorer),
      known_(known),
      tick_(tick),
      budget_(store.budget()),
      result_(result),
      identifier_links_(&budget_) {}

Link Linker::link(uint32_t a, uint32_t b, Pattern pattern, const PairScore& score) {
    return {a,
            b,
            pattern,
            static_cast<float>(score.probability),
            score.weight,
            score.term_weight,
            fixed_point(score.log_odds)};
}

void Linker::sort(std::pmr::vector<Link>& links) const {
    std::sort(links.begin(), links.end(), [&](const Link& x, const Link& y) {
        tick_();
        if (x.rank != y.rank) return x.rank > y.rank;
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
}

uint32_t Linker::identifier_limit(std::string_view identifier) const {
    for (const auto& [kind, limit] : settings_.identifier_limits) {
        if (kind == kind_of(identifier)) return limit;
    }
    return settings_.max_identifier_records;
}

Linker::IndexPairs Linker::by_index(RecordPairs record_pairs) {
    IndexPairs pairs(&budget_);
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

// A national id that is shared, or ids that are typed by hand and often wrong, identify nobody.
bool Linker::counts(uint32_t a, uint32_t b) {
    return comparer_.trusts_national_ids() && level_of(comparer_.compare(a, b), kNationalIdComparison) == 1;
}
bool Linker::may_be_named_alike(uint32_t a, uint32_t b) {
    const Pattern pattern = comparer_.compare(a, b);
    return level_of(pattern, kGivenNameComparison) != level_count(kGivenNameComparison) - 1 &&
           level_of(pattern, kFamilyNameComparison) != level_count(kFamilyNameComparison) - 1;
}

// Every value joins its records.
void Linker::join_identifiers(Clustering& clustering) {
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
    std::pmr::vector<uint32_t> strangers(&budget_);  // people of other names who have the same national id
    for (size_t start = 0; start < uses.size();) {
        size_t end = start + 1;
        while (end < uses.size() && uses[end].first == uses[start].first) ++end;
        const std::string_view text = store_.pool().text(uses[start].first);
        const bool is_verified_id = kind_of(text) == kVerifiedId;
        if (is_verified_id && (end - start == 1 || !counts(uses[start].second, uses[start + 1].second))) {
            start = end;
            continue;
        }
        const uint64_t hash = value_hash(kind_of(text), hash64(value_of(text)));
        if (known_ != nullptr && known_->contains(hash)) {
            ++ignored;
        } else if (!is_verified_id && end - start > identifier_limit(text)) {
            ++ignored;
            result_.shared.push_back({kind_of(text), value_of(text)});
        } else {
            // With the first that nothing forbids: one of them may contradict what the others share.
            for (size_t i = start + 1; i < end; ++i) {
                const size_t tried = is_verified_id ? std::min(i, start + kMaxNamesTried) : i;
                strangers.clear();
                for (size_t j = start; is_verified_id && j < tried; ++j) {
                    tick_();
                    if (!may_be_named_alike(uses[j].second, uses[i].second))
                        strangers.push_back(clustering.find(uses[j].second));
                }
                for (size_t j = start; j < tried; ++j) {
                    tick_();
                    const uint32_t a = uses[j].second;
                    const uint32_t b = uses[i].second;
                    if (std::find(strangers.begin(), strangers.end(), clustering.find(a)) != strangers.end())
                        continue;
                    if (!clustering.join(a, b, comparer_)) continue;
                    if (settings_.only_people) {
                        result_.strongest[a] = result_.strongest[b] = 1;
                        break;
                    }
                    const Pattern pattern = comparer_.compare(a, b);
                    identifier_links_.push_back(link(a, b, pattern, scorer_.score(a, b, pattern)));
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

Edge Linker::edge(const Link& link, Reason reason) const {
    Edge edge{store_.record_id(link.a),
              store_.record_id(link.b),
              link.weight,
              link.probability,
              link.term_weight,
              link.pattern,
              reason};
    // Not kept with every link: a score takes less time than memory for it.
    if (settings_.households && shares_home(link.pattern))
        edge.household = scorer_.score(link.a, link.b, link.pattern).household();
    return edge;
}

void Linker::run(const std::pmr::vector<Link>& links, RecordPairs cannot_link, RecordPairs must_link) {
    const auto apart = by_index(cannot_link);
    const auto decided = by_index(must_link);
    Clustering clustering(store_, apart, decided, tick_);
    join_identifiers(clustering);
    const double threshold = std::clamp(settings_.threshold, 1e-9, 1 - 1e-9);
    const double least = std::log2(threshold / (1 - threshold));
    const auto end = std::find_if(links.begin(), links.end(), [&](const Link& link) {
        return static_cast<double>(link.probability) < settings_.threshold;
    });
    clustering.join_links({links.begin(), end}, comparer_, scorer_, least, settings_.workers);
    report_evidence(links, decided, clustering);
    report_clusters(clustering);
    stat("must_links", static_cast<double>(decided.size()));
    stat("cannot_links", static_cast<double>(apart.size()));
    stat("edges", static_cast<double>(result_.edges.size()));
    stat("review_pairs", static_cast<double>(result_.review.size()));
    stat("guard_cannot_link", static_cast<double>(clustering.guard_hits().cannot_link));
    stat("guard_national_id", static_cast<double>(clustering.guard_hits().contradiction));
    stat("guard_evidence", static_cast<double>(clustering.guard_hits().evidence));
}

void Linker::run_people(const std::pmr::vector<Link>& links) {
    Clustering clustering(store_, {}, {}, tick_);
    result_.strongest.resize(store_.size(), -1.0);
    join_identifiers(clustering);
    const double threshold = std::clamp(settings_.threshold, 1e-9, 1 - 1e-9);
    clustering.join_links(links, comparer_, scorer_, std::log2(threshold / (1 - threshold)),
                          settings_.workers);
    report_clusters(clustering);
    std::pmr::vector<uint32_t> cluster(store_.size(), 0, &budget_);
    for (uint32_t i = 0; i < store_.size(); ++i) {
        tick_();
        cluster[i] = clustering.find(i);
    }
    for (const Link& link : links) {
        tick_();
        if (cluster[link.a] != cluster[link.b]) continue;
        const auto p = static_cast<double>(link.probability);
        result_.strongest[link.a] = std::max(result_.strongest[link.a], p);
        result_.strongest[link.b] = std::max(result_.strongest[link.b], p);
    }
}

void Linker::report_evidence(const std::pmr::vector<Link>& links, const IndexPairs& decided,
                             Clustering& clustering) {
    const auto less = [](const Link& x, const Link& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; };
    // Those that links bring up as well.
    std::pmr::vector<bool> decided_seen(decided.size(), false, &budget_);
    std::pmr::vector<bool> identified_seen(identifier_links_.size(), false, &budget_);
    std::pmr::vector<Edge> by_model(&budget_);
    for (const Link& link : links) {
        tick_();
        const auto decision = std::lower_bound(decided.begin(), decided.end(), std::pair{link.a, link.b});
        const bool is_decided = decision != decided.end() && *decision == std::pair{link.a, link.b};
        if (is_decided) decided_seen[static_cast<size_t>(decision - decided.begin())] = true;
        const auto identifier =
            std::lower_bound(identifier_links_.begin(), identifier_links_.end(), link, less);
        const bool is_identified = identifier != identifier_links_.end() && !less(link, *identifier);
        if (is_identified)
            identified_seen[static_cast<size_t>(identifier - identifier_links_.begin())] = true;
        const auto p = static_cast<double>(link.probability);
        if (clustering.together(link.a, link.b)) {
            if (!is_identified && !is_decided)
                (p >= settings_.threshold ? by_model : result_.weak).push_back(edge(link, Reason::kModel));
        } else if (result_.review.size() < settings_.max_review) {
            if (p >= settings_.threshold) {
                result_.review.push_back(edge(link, Reason::kGuard));
            } else if (p >= settings_.review_from && p < settings_.review_to) {
                result_.review.push_back(edge(link, Reason::kModel));
            }
        }
    }
    for (size_t i = 0; i < decided.size(); ++i) {
        tick_();
        const auto& [a, b] = decided[i];
        const Pattern pattern = comparer_.compare(a, b);
        result_.edges.push_back(edge(link(a, b, pattern, scorer_.score(a, b, pattern)), Reason::kDecision));
        result_.edges.back().is_candidate = decided_seen[i];
    }
    for (size_t i = 0; i < identifier_links_.size(); ++i) {
        const Link& link = identifier_links_[i];
        if (std::binary_search(decided.begin(), decided.end(), std::pair{link.a, link.b})) continue;
        result_.edges.push_back(edge(link, Reason::kIdentifier));
        result_.edges.back().is_candidate = identified_seen[i];
    }
    result_.edges.insert(result_.edges.end(), by_model.begin(), by_model.end());
}

void Linker::report_clusters(Clustering& clustering) {
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
}

}  // namespace cdp::identity
