// SPDX-License-Identifier: PostgreSQL
#include "identity/scoring.hpp"

#include <algorithm>
#include <cmath>

namespace cdp::identity {

double TermFrequencies::Term::bits(double count) const {
    return std::log2(std::clamp(count >= common ? count / total : rare, 1e-12, 1.0));
}

// `own`: how many records of the same person a record meets with this value, on average.
TermFrequencies::Term TermFrequencies::describe(std::pmr::vector<uint32_t>& counts, double u, double own,
                                                double least, Tick& tick) {
    Term term;
    for (const uint32_t count : counts) {
        tick();
        term.total += count;
    }
    if (term.total < 1) return term;
    term.common = std::max(3 * (1 + own), 5.0);
    double common = 0;
    double rare_share = 0;
    for (const uint32_t count : counts) {
        tick();
        const double share = count / term.total;
        if (count >= term.common) {
            common += share * share;
        } else {
            rare_share += share;
        }
    }
    term.rare =
        std::clamp((u - common) / std::max(rare_share, 1e-9), least / term.total, term.common / term.total);
    return term;
}

TermFrequencies::TermFrequencies(const RecordStore& store, const Model& model, Tick& tick)
    : counts_(&store.budget()), same_date_(store.size(), 0, &store.budget()) {
    const auto u = [&](int comparison) {
        return model.probability[kRandom][static_cast<size_t>(comparison)][1];
    };
    const auto own = [&](int comparison) {
        return model.prior[kMatch] * store.size() *
               model.probability[kMatch][static_cast<size_t>(comparison)][1];
    };
    std::pmr::vector<std::pair<Date, uint32_t>> dates(&store.budget());
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        if (store.birth_date(i).known()) dates.push_back({store.birth_date(i), i});
    }
    counts_.resize(kFields);
    for (size_t field = 0; field < kFields; ++field) {
        counts_[field].resize(store.pool().size(), 0);
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            ++counts_[field][store.code(static_cast<Field>(field), i)];
        }
        counts_[field][kMissing] = 0;
        // A name is somebody else's too, if only one record's; an address or number hardly ever is.
        const double least = field <= kFamilyName ? 1.0 : 0.05;
        const int comparison = field <= kFamilyName ? static_cast<int>(field) : static_cast<int>(field) + 1;
        terms_[field] = describe(counts_[field], u(comparison), own(comparison), least, tick);
    }

    std::sort(dates.begin(), dates.end(), [&](const auto& a, const auto& b) {
        tick();
        return a < b;
    });
    std::pmr::vector<uint32_t> counts(&store.budget());
    for (size_t start = 0; start < dates.size();) {
        size_t end = start;
        while (end < dates.size() && dates[end].first == dates[start].first) ++end;
        counts.push_back(static_cast<uint32_t>(end - start));
        for (size_t i = start; i < end; ++i) {
            tick();
            same_date_[dates[i].second] = counts.back();
        }
        start = end;
    }
    date_term_ = describe(counts, u(kBirthDateComparison), own(kBirthDateComparison), 1.0, tick);
}

double TermFrequencies::bits(Field field, StringCode code) const {
    return term(field).bits(count(field, code));
}
double TermFrequencies::birth_date_bits(uint32_t record) const {
    return date_term_.bits(same_date_[record]);
}
bool TermFrequencies::common(Field field, StringCode code) const {
    return count(field, code) >= term(field).common;
}
double TermFrequencies::share(Field field, StringCode code) const {
    return count(field, code) / std::max(term(field).total, 1.0);
}

PairBits Scorer::bits(uint32_t a, uint32_t b, Pattern pattern) const {
    PairBits result{};
    for (int c = 0; c < kComparisons; ++c) {
        if (implied(pattern, c)) continue;
        const int l = level_of(pattern, c);
        for (int k = 0; k < kClasses; ++k) {
            result.bits[static_cast<size_t>(k)][static_cast<size_t>(c)] = likelihood_.level(k, c, l);
        }
    }
    // Two random people agree on this name as often as it occurs. In a household the family name is one, so
    // that its frequency says nothing; the given name is inherited now and then, else as random.
    if (level_of(pattern, kGivenNameComparison) == 1) {
        double& random = result.bits[kRandom][kGivenNameComparison];
        double& household = result.bits[kHousehold][kGivenNameComparison];
        const double value = terms_.bits(kGivenName, store_.code(kGivenName, a));
        result.term_weight += random - value;
        random = value;
        household = std::max(household, value);
    }
    if (level_of(pattern, kFamilyNameComparison) == 1) {
        double& random = result.bits[kRandom][kFamilyNameComparison];
        const double value = terms_.bits(kFamilyName, store_.code(kFamilyName, b));
        result.term_weight += random - value;
        random = value;
    }
    for (const Field field : {kEmailKey, kPhoneKey}) {
        const size_t c = field == kEmailKey ? kEmailComparison : kPhoneComparison;
        if (level_of(pattern, static_cast<int>(c)) != 1) continue;
        double& random = result.bits[kRandom][c];
        const double value = terms_.bits(field, store_.code(field, a));
        result.term_weight += random - value;
        random = value;
    }
    if (level_of(pattern, kBirthDateComparison) == 1) {
        double& random = result.bits[kRandom][kBirthDateComparison];
        double& household = result.bits[kHousehold][kBirthDateComparison];
        const double value = terms_.birth_date_bits(a);
        result.term_weight += random - value;
        random = value;
        household = std::max(household, value);
    }
    return result;
}

PairScore Scorer::from_sums(const std::array<double, kClasses>& sums, double term_weight) const {
    std::array<double, kClasses> joint = sums;
    for (int k = 0; k < kClasses; ++k) joint[static_cast<size_t>(k)] += likelihood_.prior(k);
    const double top = std::max(joint[kHousehold], joint[kRandom]);
    const double other =
        top + std::log2(std::exp2(joint[kHousehold] - top) + std::exp2(joint[kRandom] - top));
    PairScore score;
    score.weight = sums[kMatch] - sums[kRandom];
    score.term_weight = term_weight;
    score.log_odds = joint[kMatch] - other;
    score.probability = 1.0 / (1.0 + std::exp2(-std::clamp(score.log_odds, -500.0, 500.0)));
    return score;
}

PairScore Scorer::score(uint32_t a, uint32_t b, Pattern pattern) const {
    const PairBits pair = bits(a, b, pattern);
    std::array<double, kClasses> sums{};
    for (size_t k = 0; k < kClasses; ++k) {
        for (const double value : pair.bits[k]) sums[k] += value;
    }
    return from_sums(sums, pair.term_weight);
}

}  // namespace cdp::identity
