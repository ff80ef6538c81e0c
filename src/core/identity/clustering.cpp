// SPDX-License-Identifier: PostgreSQL
#include "identity/clustering.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/parallel.hpp"

namespace cdp::identity {
namespace {
constexpr uint32_t kNone = UINT32_MAX;

size_t slot_of(const std::pmr::vector<uint64_t>& slots, uint64_t key) {
    size_t slot = key & (slots.size() - 1);
    while (slots[slot] != 0 && slots[slot] != key) slot = (slot + 1) & (slots.size() - 1);
    return slot;
}
}  // namespace

void Clustering::Forest::grow(uint32_t records) {
    parent.resize(records);
    next.resize(records);
    size.assign(records, 1);
    std::iota(parent.begin(), parent.end(), 0U);
    std::iota(next.begin(), next.end(), 0U);
}

uint32_t Clustering::Forest::find(uint32_t record) {
    while (parent[record] != record) {
        parent[record] = parent[parent[record]];
        record = parent[record];
    }
    return record;
}

uint32_t Clustering::Forest::join(uint32_t root_a, uint32_t root_b) {
    // The larger set gives the root; canonical order decides between equals.
    if (size[root_a] < size[root_b] || (size[root_a] == size[root_b] && root_b < root_a)) {
        std::swap(root_a, root_b);
    }
    parent[root_b] = root_a;
    size[root_a] += size[root_b];
    std::swap(next[root_a], next[root_b]);  // two rings become one
    return root_a;
}

Clustering::Clustering(const RecordStore& store, Pairs cannot_link, Pairs must_link, Tick& tick)
    : store_(store),
      tick_(tick),
      main_(store.budget(), tick),
      evidence_(store.budget()),
      with_decisions_(store.budget()),
      id_first_(store.size(), kNone, &store.budget()),
      id_next_(store.size(), kNone, &store.budget()),
      enemy_starts_(store.size() + size_t{1}, 0, &store.budget()),
      enemies_(&store.budget()),
      enemy_count_(store.size(), 0, &store.budget()) {
    evidence_.grow(store.size());
    for (uint32_t i = 0; i < store.size(); ++i) {
        if (store.code(kNationalId, i) != kMissing) id_first_[i] = i;
    }
    for (const auto& [a, b] : cannot_link) {
        ++enemy_count_[a];
        ++enemy_count_[b];
    }
    for (uint32_t i = 0; i < store.size(); ++i) enemy_starts_[i + 1] = enemy_starts_[i] + enemy_count_[i];
    enemies_.resize(enemy_starts_.back());
    std::pmr::vector<uint32_t> at(enemy_starts_, &store.budget());
    for (const auto& [a, b] : cannot_link) {
        tick_();
        enemies_[at[a]++] = b;
        enemies_[at[b]++] = a;
    }
    if (must_link.empty()) return;
    with_decisions_.grow(store.size());
    for (const auto& [a, b] : must_link) {
        tick_();
        join_people(a, b);
    }
    for (const auto& [a, b] : cannot_link) {
        tick_();
        if (!together(a, b)) continue;
        throw Error(ErrorCode::kInvalidInput,
                    "records " + std::to_string(store.record_id(a)) + " and " +
                        std::to_string(store.record_id(b)) + " are to be both one person and two people",
                    "The must-links, taken together, contradict a cannot-link.",
                    "Withdraw one of the decisions about these records.");
    }
}

// Whether a cannot-link stands between the people of two records.
bool Clustering::enemies(uint32_t a, uint32_t b, Tick& tick) {
    Forest& people = this->people();
    const uint32_t root_a = people.find(a);
    const uint32_t root_b = people.find(b);
    if (root_a == root_b || enemy_count_[root_a] == 0 || enemy_count_[root_b] == 0) return false;
    const uint32_t smaller = people.size[root_a] <= people.size[root_b] ? root_a : root_b;
    const uint32_t other = smaller == root_a ? root_b : root_a;
    uint32_t member = smaller;
    do {
        for (uint32_t e = enemy_starts_[member]; e < enemy_starts_[member + 1]; ++e) {
            tick();
            if (people.find(enemies_[e]) == other) return true;
        }
        tick();
        member = people.next[member];
    } while (member != smaller);
    return false;
}

bool Clustering::forbidden(uint32_t root_a, uint32_t root_b, const Comparer& comparer, Work& work) {
    if (enemies(root_a, root_b, work.tick)) {
        ++work.hits.cannot_link;
        return true;
    }
    for (uint32_t a = id_first_[root_a]; a != kNone; a = id_next_[a]) {
        for (uint32_t b = id_first_[root_b]; b != kNone; b = id_next_[b]) {
            work.tick();
            if (comparer.forbidden(a, b)) {
                ++work.hits.contradiction;
                return true;
            }
        }
    }
    return false;
}

void Clustering::join_people(uint32_t a, uint32_t b) {
    const uint32_t root_a = people().find(a);
    const uint32_t root_b = people().find(b);
    if (root_a == root_b) return;
    const uint32_t enemies = enemy_count_[root_a] + enemy_count_[root_b];
    enemy_count_[people().join(root_a, root_b)] = enemies;
}

void Clustering::merge(uint32_t root_a, uint32_t root_b, Tick& tick) {
    if (!with_decisions_.parent.empty()) join_people(root_a, root_b);
    const uint32_t enemies = enemy_count_[root_a] + enemy_count_[root_b];
    const uint32_t root = evidence_.join(root_a, root_b);
    if (with_decisions_.parent.empty()) enemy_count_[root] = enemies;
    const uint32_t joined = root == root_a ? root_b : root_a;
    for (uint32_t b = id_first_[joined]; b != kNone;) {
        tick();
        const uint32_t following = id_next_[b];
        bool present = false;
        for (uint32_t a = id_first_[root]; a != kNone && !present; a = id_next_[a]) {
            present = store_.code(kNationalId, a) == store_.code(kNationalId, b);
        }
        if (!present) {
            id_next_[b] = id_first_[root];
            id_first_[root] = b;
        }
        b = following;
    }
}

bool Clustering::join(uint32_t a, uint32_t b, const Comparer& comparer) {
    const uint32_t root_a = evidence_.find(a);
    const uint32_t root_b = evidence_.find(b);
    if (root_a == root_b) return true;
    if (forbidden(root_a, root_b, comparer, main_)) return false;
    merge(root_a, root_b, tick_);
    return true;
}

double Clustering::pooled_log_odds(uint32_t root_a, uint32_t root_b, Comparer& comparer, const Scorer& scorer,
                                   Tick& tick) {
    std::array<std::array<double, kComparisons>, kClasses> sums{};
    std::array<uint32_t, kComparisons> known{};
    const uint64_t all = uint64_t{evidence_.size[root_a]} * evidence_.size[root_b];
    const auto add = [&](uint32_t a, uint32_t b) {
        tick();
        const Pattern pattern = comparer.compare(std::min(a, b), std::max(a, b));
        const PairBits pair = scorer.bits(std::min(a, b), std::max(a, b), pattern);
        for (int c = 0; c < kComparisons; ++c) {
            if (level_of(pattern, c) == 0 || implied(pattern, c)) continue;
            ++known[static_cast<size_t>(c)];
            for (size_t k = 0; k < kClasses; ++k) {
                sums[k][static_cast<size_t>(c)] += pair.bits[k][static_cast<size_t>(c)];
            }
        }
    };
    if (all <= kMaxCrossPairs) {
        uint32_t a = root_a;
        do {
            uint32_t b = root_b;
            do {
                add(a, b);
                b = evidence_.next[b];
            } while (b != root_b);
            a = evidence_.next[a];
        } while (a != root_a);
    } else {
        // Walk both rings at once: every member of the smaller cluster meets ever other ones of the larger.
        uint32_t a = root_a;
        uint32_t b = root_b;
        for (uint32_t i = 0; i < kMaxCrossPairs; ++i) {
            add(a, b);
            a = evidence_.next[a];
            b = evidence_.next[b];
            if (a == root_a && evidence_.size[root_a] <= evidence_.size[root_b]) b = evidence_.next[b];
            if (b == root_b && evidence_.size[root_b] < evidence_.size[root_a]) a = evidence_.next[a];
        }
    }
    std::array<double, kClasses> total{};
    for (size_t k = 0; k < kClasses; ++k) {
        for (size_t c = 0; c < kComparisons; ++c) {
            if (known[c] != 0) total[k] += sums[k][c] / known[c];
        }
    }
    // The prior of one record to be of a person, or of that person's household, grows with the number of
    // records that the person has already (size-biased, as in a Chinese restaurant process).
    const double size_bits = std::log2(std::max(evidence_.size[root_a], evidence_.size[root_b]));
    total[kMatch] += size_bits;
    total[kHousehold] += size_bits;
    return scorer.from_sums(total, 0).log_odds;
}

bool Clustering::join_if_likely(uint32_t a, uint32_t b, Comparer& comparer, const Scorer& scorer,
                                double least, Work& work) {
    const uint32_t root_a = std::min(evidence_.find(a), evidence_.find(b));
    const uint32_t root_b = std::max(evidence_.find(a), evidence_.find(b));
    if (root_a == root_b) return true;
    // A root and its size name a cluster in one state of its growth: what was refused once stays refused.
    const uint64_t attempt = combine64(combine64(uint64_t{root_a} << 32 | evidence_.size[root_a], root_b),
                                       evidence_.size[root_b]) |
                             1;
    size_t slot = slot_of(work.refused, attempt);
    if (work.refused[slot] == attempt) return false;
    if (!forbidden(root_a, root_b, comparer, work)) {
        if (pooled_log_odds(root_a, root_b, comparer, scorer, work.tick) >= least) {
            merge(root_a, root_b, work.tick);
            return true;
        }
        ++work.hits.evidence;
    }
    if (++work.refused_size * 2 > work.refused.size()) {
        std::pmr::vector<uint64_t> larger(work.refused.size() * 2, 0, &store_.budget());
        for (const uint64_t key : work.refused) {
            if (key != 0) larger[slot_of(larger, key)] = key;
        }
        work.refused = std::move(larger);
        slot = slot_of(work.refused, attempt);
    }
    work.refused[slot] = attempt;
    return false;
}

// For every link one of `parts`, the same for all that could ever meet: connected by links, by what is joined
// already, or by a cannot-link, which looks from one person to the other.
std::pmr::vector<uint32_t> Clustering::parts_of_links(std::span<const Link> links, uint32_t parts) {
    Forest whole(store_.budget());
    whole.grow(store_.size());
    const auto connect = [&](uint32_t a, uint32_t b) {
        tick_();
        const uint32_t root_a = whole.find(a);
        const uint32_t root_b = whole.find(b);
        if (root_a != root_b) whole.join(root_a, root_b);
    };
    for (uint32_t i = 0; i < store_.size(); ++i) {
        if (evidence_.parent[i] != i) connect(i, evidence_.parent[i]);
        if (!with_decisions_.parent.empty()) connect(i, with_decisions_.parent[i]);
        for (uint32_t e = enemy_starts_[i]; e < enemy_starts_[i + 1]; ++e) connect(i, enemies_[e]);
    }
    for (const Link& link : links) connect(link.a, link.b);
    std::pmr::vector<uint32_t> part(&store_.budget());
    part.reserve(links.size());
    for (const Link& link : links) {
        tick_();
        part.push_back(static_cast<uint32_t>(mix64(whole.find(link.a)) % parts));
    }
    return part;
}

void Clustering::join_in_order(std::span<Ask> asks, Comparer& comparer, const Scorer& scorer, double least,
                               Work& work) {
    const auto surer = [&](const Ask& x, const Ask& y) {
        work.tick();
        if (x.rank != y.rank) return x.rank > y.rank;
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    };
    if (!std::is_sorted(asks.begin(), asks.end(), surer)) std::sort(asks.begin(), asks.end(), surer);
    constexpr size_t kAhead = 8;
    for (size_t i = 0; i < asks.size(); ++i) {
        work.tick();
        if (i + kAhead < asks.size()) store_.prefetch(asks[i + kAhead].a);
        if (i + kAhead < asks.size()) store_.prefetch(asks[i + kAhead].b);
        join_if_likely(asks[i].a, asks[i].b, comparer, scorer, least, work);
    }
}

void Clustering::join_links(std::span<const Link> links, Comparer& comparer, const Scorer& scorer,
                            double least, unsigned workers) {
    if (workers <= 1) {
        std::pmr::vector<Ask> asks(&store_.budget());
        asks.reserve(links.size());
        for (const Link& link : links) asks.push_back({link.rank, link.a, link.b});
        join_in_order(asks, comparer, scorer, least, main_);
        return;
    }
    constexpr uint32_t kParts = 64;
    std::pmr::vector<Ask> sorted(links.size(), Ask{}, &store_.budget());
    std::array<size_t, kParts + 1> starts{};
    {
        const std::pmr::vector<uint32_t> part = parts_of_links(links, kParts);
        for (const uint32_t p : part) ++starts[p + 1];
        for (size_t p = 0; p < kParts; ++p) starts[p + 1] += starts[p];
        std::array<size_t, kParts + 1> at = starts;
        for (uint32_t i = 0; i < part.size(); ++i) {
            sorted[at[part[i]]++] = {links[i].rank, links[i].a, links[i].b};
        }
    }
    std::pmr::vector<Work> works(&store_.budget());
    std::pmr::vector<Comparer> comparers(&store_.budget());
    works.reserve(workers);
    comparers.reserve(workers);
    for (unsigned i = 0; i < workers; ++i) {
        works.emplace_back(store_.budget(), Tick());
        comparers.push_back(comparer.another());
    }
    Pieces(kParts).run(workers, tick_, [&](size_t piece, unsigned worker, Tick& tick) {
        works[worker].tick = tick;
        join_in_order(std::span(sorted).subspan(starts[piece], starts[piece + 1] - starts[piece]),
                      comparers[worker], scorer, least, works[worker]);
    });
    for (const Work& work : works) {
        main_.hits.cannot_link += work.hits.cannot_link;
        main_.hits.contradiction += work.hits.contradiction;
        main_.hits.evidence += work.hits.evidence;
    }
}

}  // namespace cdp::identity
