// SPDX-License-Identifier: PostgreSQL
#include "identity/household.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace cdp::identity {
namespace {

struct Ranked {
    uint32_t a;
    uint32_t b;
    int64_t rank;  // in fixed point, so that no rounding decides an order
};

class Grouping {
  public:
    Grouping(uint32_t people, uint32_t max_people, MemoryBudget& budget, Tick& tick)
        : max_people_(max_people),
          tick_(tick),
          links_(&budget),
          starts_(people + size_t{1}, 0, &budget),
          partners_(&budget),
          group_(people, 0, &budget),
          size_(people, 1, &budget),
          next_(people, 0, &budget) {
        std::iota(group_.begin(), group_.end(), 0U);
        std::iota(next_.begin(), next_.end(), 0U);
    }

    void add(std::span<const HouseholdLink> links) {
        const auto people = static_cast<uint32_t>(group_.size());
        for (const HouseholdLink& link : links) {
            tick_();
            if (link.a >= people || link.b >= people || link.a == link.b) continue;
            const double bits = std::isnan(link.log_odds) ? 0.0 : std::clamp(link.log_odds, -1e6, 1e6);
            links_.push_back(
                {std::min(link.a, link.b), std::max(link.a, link.b), std::llround(bits * (1 << 10))});
        }
        // Of two links of one pair the surer.
        sort([](const Ranked& x, const Ranked& y) {
            if (x.a != y.a) return x.a < y.a;
            return x.b != y.b ? x.b < y.b : x.rank > y.rank;
        });
        links_.erase(std::unique(links_.begin(), links_.end(),
                                 [](const Ranked& x, const Ranked& y) { return x.a == y.a && x.b == y.b; }),
                     links_.end());
        for (const Ranked& link : links_) {
            ++starts_[link.a + 1];
            ++starts_[link.b + 1];
        }
        std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
        partners_.resize(links_.size() * 2);
        // Those before a person, then those after: in order, because the links are.
        std::pmr::vector<uint64_t> at(starts_, starts_.get_allocator());
        for (const Ranked& link : links_) partners_[at[link.b]++] = link.a;
        for (const Ranked& link : links_) partners_[at[link.a]++] = link.b;
        sort([](const Ranked& x, const Ranked& y) {
            if (x.rank != y.rank) return x.rank > y.rank;
            return x.a != y.a ? x.a < y.a : x.b < y.b;
        });
    }

    void run() {
        for (bool joined = true; joined;) {
            joined = false;
            for (const Ranked& link : links_) {
                tick_();
                joined = join(group_[link.a], group_[link.b]) || joined;
            }
        }
    }

    std::pmr::vector<uint32_t> take() { return std::move(group_); }

  private:
    template <typename Less>
    void sort(Less less) {
        std::sort(links_.begin(), links_.end(), [&](const Ranked& x, const Ranked& y) {
            tick_();
            return less(x, y);
        });
    }

    bool linked(uint32_t a, uint32_t b) const {
        const auto begin = partners_.begin() + static_cast<std::ptrdiff_t>(starts_[a]);
        const auto end = partners_.begin() + static_cast<std::ptrdiff_t>(starts_[a + 1]);
        return std::binary_search(begin, end, b);
    }

    // A group is called by its first person.
    bool join(uint32_t x, uint32_t y) {
        if (x == y || uint64_t{size_[x]} + size_[y] > max_people_) return false;
        uint64_t across = 0;
        uint32_t a = x;
        do {
            uint32_t b = y;
            do {
                tick_();
                if (linked(a, b)) ++across;
                b = next_[b];
            } while (b != y);
            a = next_[a];
        } while (a != x);
        if (across * 2 <= uint64_t{size_[x]} * size_[y]) return false;
        if (y < x) std::swap(x, y);
        uint32_t member = y;
        do {
            group_[member] = x;
            member = next_[member];
        } while (member != y);
        size_[x] += size_[y];
        std::swap(next_[x], next_[y]);  // two rings become one
        return true;
    }

    uint32_t max_people_;
    Tick& tick_;
    std::pmr::vector<Ranked> links_;
    std::pmr::vector<uint64_t> starts_;
    std::pmr::vector<uint32_t> partners_;  // of each person, sorted
    std::pmr::vector<uint32_t> group_;
    std::pmr::vector<uint32_t> size_;
    std::pmr::vector<uint32_t> next_;
};

}  // namespace

std::pmr::vector<uint32_t> group_households(uint32_t people, std::span<const HouseholdLink> links,
                                            uint32_t max_people, MemoryBudget& budget, Tick& tick) {
    Grouping grouping(people, max_people, budget, tick);
    grouping.add(links);
    grouping.run();
    return grouping.take();
}

}  // namespace cdp::identity
