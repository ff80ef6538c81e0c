// SPDX-License-Identifier: PostgreSQL
#include "identity/random_pairs.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory_resource>
#include <vector>

#include "base/hash.hpp"
#include "base/parallel.hpp"

namespace cdp::identity {
namespace {

// The share of the pairs of records, both with a value, that have the same one.
struct Counted {
    double share = -1;  // unknown
    double known = 0;
};

Counted counted(uint64_t same_pairs, uint64_t values, uint64_t records) {
    const auto pairs_of = [](uint64_t n) { return static_cast<double>(n) * (static_cast<double>(n) - 1); };
    Counted result;
    if (values >= 2) {
        result.share = static_cast<double>(same_pairs) / (pairs_of(values) / 2);
        result.known = pairs_of(values) / pairs_of(records);
    }
    return result;
}

template <typename F>
Counted count_codes(const RecordStore& store, F&& code_of, Tick& tick) {
    std::pmr::vector<uint32_t> seen(store.pool().size(), 0, &store.budget());
    uint64_t same = 0;
    uint64_t values = 0;
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        const StringCode code = code_of(i);
        if (code == kMissing) continue;
        same += seen[code]++;
        ++values;
    }
    return counted(same, values, store.size());
}

Counted count_dates(const RecordStore& store, Tick& tick) {
    std::pmr::vector<uint32_t> dates(&store.budget());
    dates.reserve(store.size());
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        const Date date = store.birth_date(i);
        if (!date.known()) continue;
        dates.push_back(static_cast<uint32_t>(date.year + 5000) << 9 |
                        static_cast<uint32_t>(date.month) << 5 | date.day);
    }
    std::sort(dates.begin(), dates.end(), [&](uint32_t a, uint32_t b) {
        tick();
        return a < b;
    });
    uint64_t same = 0;
    uint64_t run = 0;
    for (size_t i = 1; i < dates.size(); ++i) {
        run = dates[i] == dates[i - 1] ? run + 1 : 0;
        same += run;
    }
    return counted(same, dates.size(), store.size());
}

using LevelCounts = std::array<std::array<uint64_t, kMaxLevels>, kComparisons>;

void count_levels(Pattern pattern, LevelCounts& counts) {
    for (int c = 0; c < kComparisons; ++c) {
        ++counts[static_cast<size_t>(c)][static_cast<size_t>(level_of(pattern, c))];
    }
}

// Pairs drawn by a hash of their number.
void compare_sample(const RecordStore& store, const Comparer& comparer, uint64_t sample, unsigned workers,
                    LevelCounts& counts, Tick& tick) {
    struct Pair {
        uint32_t a;
        uint32_t b;
    };
    const uint64_t n = store.size();
    std::pmr::vector<Pair> pairs(&store.budget());
    pairs.reserve(sample);
    for (uint64_t k = 0; pairs.size() < sample; ++k) {
        tick();
        const auto a = static_cast<uint32_t>(mix64(2 * k + 1) % n);
        const auto b = static_cast<uint32_t>(mix64(2 * k + 2) % n);
        if (a != b) pairs.push_back({std::min(a, b), std::max(a, b)});
    }
    constexpr size_t kPiece = 1U << 14;
    constexpr size_t kAhead = 8;
    workers = std::max(workers, 1U);
    std::pmr::vector<LevelCounts> parts(workers, LevelCounts{}, &store.budget());
    std::pmr::vector<Comparer> comparers(&store.budget());
    comparers.reserve(workers);
    for (unsigned i = 0; i < workers; ++i) comparers.push_back(comparer.another());
    Pieces((pairs.size() + kPiece - 1) / kPiece)
        .run(workers, tick, [&](size_t piece, unsigned worker, Tick& own) {
            const size_t end = std::min(pairs.size(), (piece + 1) * kPiece);
            for (size_t i = piece * kPiece; i < end; ++i) {
                own();
                if (i + kAhead < end) {
                    store.prefetch(pairs[i + kAhead].a);
                    store.prefetch(pairs[i + kAhead].b);
                }
                count_levels(comparers[worker].compare(pairs[i].a, pairs[i].b), parts[worker]);
            }
        });
    for (const LevelCounts& part : parts) {
        for (size_t c = 0; c < kComparisons; ++c) {
            for (size_t l = 0; l < kMaxLevels; ++l) counts[c][l] += part[c][l];
        }
    }
}

}  // namespace

RandomPairs sample_random_pairs(const RecordStore& store, const SharedValues& shared, Comparer& comparer,
                                uint64_t sample, Tick& tick, unsigned workers) {
    RandomPairs result;
    const uint64_t n = store.size();
    for (int c = 0; c < kComparisons; ++c) {  // nothing known: all "different"
        result.share[static_cast<size_t>(c)][static_cast<size_t>(level_count(c) - 1)] = 1;
    }
    if (n < 2) return result;
    const uint64_t all = n * (n - 1) / 2;
    result.pairs = static_cast<double>(all);
    result.complete = all <= sample;

    LevelCounts counts{};
    const uint64_t compared = result.complete ? all : sample;
    if (result.complete) {
        for (uint32_t a = 0; a < n; ++a) {
            for (uint32_t b = a + 1; b < n; ++b) {
                tick();
                count_levels(comparer.compare(a, b), counts);
            }
        }
    } else {
        compare_sample(store, comparer, sample, workers, counts, tick);
    }
    for (size_t c = 0; c < kComparisons; ++c) {
        const auto known = static_cast<double>(compared - counts[c][0]);
        result.known[c] = known / static_cast<double>(compared);
        const auto levels = static_cast<size_t>(level_count(static_cast<int>(c)));
        // Half a pair for a level never seen: the sample is too small for it, not the level impossible.
        double sum = 0;
        for (size_t l = 1; l < levels; ++l) {
            result.share[c][l] = static_cast<double>(counts[c][l]) + 0.5;
            sum += result.share[c][l];
        }
        for (size_t l = 1; l < levels; ++l) result.share[c][l] /= sum;
    }
    if (result.complete) return result;

    struct Source {
        int comparison;
        Field field;
    };
    constexpr Source kSources[] = {{kGivenNameComparison, kGivenName},  {kFamilyNameComparison, kFamilyName},
                                   {kBirthDateComparison, kTextFields}, {kEmailComparison, kEmailKey},
                                   {kPhoneComparison, kPhoneKey},       {kNationalIdComparison, kNationalId}};
    std::array<Counted, std::size(kSources)> exact{};
    Pieces(std::size(kSources)).run(workers, tick, [&](size_t piece, unsigned, Tick& own) {
        const Field field = kSources[piece].field;
        if (field == kTextFields) {
            exact[piece] = count_dates(store, own);
        } else if (field == kGivenName || field == kFamilyName) {
            exact[piece] = count_codes(
                store, [&](uint32_t i) { return store.code(field, i); }, own);
        } else {
            exact[piece] = count_codes(
                store, [&](uint32_t i) { return shared.usable(store, field, i); }, own);
        }
    });
    for (size_t i = 0; i < exact.size(); ++i) {
        const int comparison = kSources[i].comparison;
        auto& share = result.share[static_cast<size_t>(comparison)];
        if (exact[i].share < 0 || share[1] >= 1) continue;
        const double same = std::max(exact[i].share, 1e-12);
        const double rest = (1 - same) / (1 - share[1]);
        for (int l = 2; l < level_count(comparison); ++l) share[static_cast<size_t>(l)] *= rest;
        share[1] = same;
        result.known[static_cast<size_t>(comparison)] = exact[i].known;
    }
    return result;
}

}  // namespace cdp::identity
