// SPDX-License-Identifier: PostgreSQL
#include "identity/random_pairs.hpp"

#include <algorithm>
#include <array>

#include "base/hash.hpp"

namespace cdp::identity {
namespace {

// The share of the pairs of records, both with a value, that have the same one.
struct Counted {
    double share = -1;  // unknown
    double known = 0;
};

Counted count_values(std::pmr::vector<uint64_t>& values, double records, Tick& tick) {
    std::sort(values.begin(), values.end(), [&](uint64_t a, uint64_t b) {
        tick();
        return a < b;
    });
    double same = 0;
    for (size_t start = 0; start < values.size();) {
        tick();
        size_t end = start + 1;
        while (end < values.size() && values[end] == values[start]) ++end;
        const auto n = static_cast<double>(end - start);
        same += n * (n - 1) / 2;
        start = end;
    }
    const auto n = static_cast<double>(values.size());
    Counted counted;
    if (n >= 2) {
        counted.share = same / (n * (n - 1) / 2);
        counted.known = n * (n - 1) / (records * (records - 1));
    }
    return counted;
}

}  // namespace

RandomPairs sample_random_pairs(const RecordStore& store, const SharedValues& shared, Comparer& comparer,
                                uint64_t sample, Tick& tick) {
    RandomPairs result;
    const uint64_t n = store.size();
    for (int c = 0; c < kComparisons; ++c) {  // nothing known: all "different"
        result.share[static_cast<size_t>(c)][static_cast<size_t>(level_count(c) - 1)] = 1;
    }
    if (n < 2) return result;
    const uint64_t all = n * (n - 1) / 2;
    result.pairs = static_cast<double>(all);
    result.complete = all <= sample;

    std::array<std::array<uint64_t, kMaxLevels>, kComparisons> counts{};
    const auto count = [&](uint32_t a, uint32_t b) {
        tick();
        const Pattern pattern = comparer.compare(a, b);
        for (int c = 0; c < kComparisons; ++c) {
            ++counts[static_cast<size_t>(c)][static_cast<size_t>(level_of(pattern, c))];
        }
    };
    uint64_t compared = 0;
    if (result.complete) {
        for (uint32_t a = 0; a < n; ++a) {
            for (uint32_t b = a + 1; b < n; ++b) count(a, b);
        }
        compared = all;
    } else {
        for (uint64_t k = 0; compared < sample; ++k) {
            const auto a = static_cast<uint32_t>(mix64(2 * k + 1) % n);
            const auto b = static_cast<uint32_t>(mix64(2 * k + 2) % n);
            if (a == b) continue;
            count(std::min(a, b), std::max(a, b));
            ++compared;
        }
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

    const auto usable = [&](Field field, uint32_t i) -> uint64_t { return shared.usable(store, field, i); };
    std::pmr::vector<uint64_t> values(&store.budget());
    values.reserve(n);
    const auto exact_from_counts = [&](int comparison, auto&& value) {
        values.clear();
        for (uint32_t i = 0; i < n; ++i) {
            tick();
            const uint64_t v = value(i);
            if (v != 0) values.push_back(v);
        }
        const Counted counted = count_values(values, static_cast<double>(n), tick);
        auto& share = result.share[static_cast<size_t>(comparison)];
        if (counted.share < 0 || share[1] >= 1) return;
        const double exact = std::max(counted.share, 1e-12);
        const double rest = (1 - exact) / (1 - share[1]);
        for (int l = 2; l < level_count(comparison); ++l) share[static_cast<size_t>(l)] *= rest;
        share[1] = exact;
        result.known[static_cast<size_t>(comparison)] = counted.known;
    };
    exact_from_counts(kGivenNameComparison, [&](uint32_t i) { return store.code(kGivenName, i); });
    exact_from_counts(kFamilyNameComparison, [&](uint32_t i) { return store.code(kFamilyName, i); });
    exact_from_counts(kBirthDateComparison, [&](uint32_t i) -> uint64_t {
        const Date date = store.birth_date(i);
        return date.known() ? static_cast<uint64_t>(date.year + 5000) << 9 |
                                  static_cast<uint64_t>(date.month) << 5 | date.day
                            : 0;
    });
    exact_from_counts(kEmailComparison, [&](uint32_t i) { return usable(kEmailKey, i); });
    exact_from_counts(kPhoneComparison, [&](uint32_t i) { return usable(kPhoneKey, i); });
    exact_from_counts(kNationalIdComparison, [&](uint32_t i) { return usable(kNationalId, i); });
    return result;
}

}  // namespace cdp::identity
