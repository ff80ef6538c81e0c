// SPDX-License-Identifier: PostgreSQL
#include "identity/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cdp::identity {

namespace {

double probability_of(double log_odds) {
    return 1.0 / (1.0 + std::exp2(-std::clamp(log_odds, -500.0, 500.0)));
}

double bits_of(double chance) {
    return std::log2(std::clamp(chance, 1e-12, 1.0));
}

template <size_t... i>
auto vectors(MemoryBudget& budget, std::index_sequence<i...>) {
    return std::array<std::pmr::vector<uint32_t>, sizeof...(i)>{
        ((void)i, std::pmr::vector<uint32_t>(&budget))...};
}

}  // namespace

uint32_t TermFrequencies::add(TermField term, double share) {
    chances_[term].push_back({share, bits_of(share)});
    return static_cast<uint32_t>(chances_[term].size() - 1);
}

void TermFrequencies::set_rare(TermField term, double share) {
    rare_share_[term] = share;
    chances_[term][0] = {0, bits_of(share)};
}

void TermFrequencies::find_least_bits() {
    for (size_t term = 0; term < kTermFields; ++term) {
        for (const Chance& chance : chances_[term]) {
            least_bits_[term] = std::min(least_bits_[term], chance.bits);
        }
    }
}

// `own`: how many records of the same person a record meets with this value, on average.
void TermFrequencies::describe(TermField term, std::span<uint32_t> counts, double u, double own, double least,
                               Tick& tick) {
    double total = 0;
    for (const uint32_t count : counts) {
        tick();
        total += count;
    }
    const double common_from = std::max(3 * (1 + own), 5.0);
    double common = 0;
    double rare_share = 0;
    for (const uint32_t count : counts) {
        tick();
        const double share = count / std::max(total, 1.0);
        if (count >= common_from) {
            common += share * share;
        } else {
            rare_share += share;
        }
    }
    if (total >= 1) {
        set_rare(term,
                 std::clamp((u - common) / std::max(rare_share, 1e-9), least / total, common_from / total));
    }
    for (uint32_t& count : counts) {
        tick();
        count = count >= common_from ? add(term, count / total) : 0;
    }
}

TermFrequencies::TermFrequencies(const RecordStore& store, const Model& model, Tick& tick)
    : of_code_(vectors(store.budget(), std::make_index_sequence<kBirthDateTerm>())),
      of_record_(store.size(), 0, &store.budget()) {
    for (auto& chances : chances_) chances.push_back({0, 0});
    rare_share_.fill(1);
    const auto u = [&](int comparison) {
        return model.probability[kRandom][static_cast<size_t>(comparison)][1];
    };
    const auto own = [&](int comparison) {
        return model.prior[kMatch] * store.size() *
               model.probability[kMatch][static_cast<size_t>(comparison)][1];
    };
    constexpr int kComparisonOf[] = {kGivenNameComparison, kFamilyNameComparison, kEmailComparison,
                                     kPhoneComparison};
    for (int t = 0; t < kBirthDateTerm; ++t) {
        const auto term = static_cast<TermField>(t);
        auto& counts = of_code_[term];
        counts.resize(store.pool().size(), 0);
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            ++counts[store.code(kTermValue[term], i)];
        }
        counts[kMissing] = 0;
        // A name is somebody else's too, if only one record's; an address or number hardly ever is.
        const double least = term <= kFamilyNameTerm ? 1.0 : 0.05;
        describe(term, counts, u(kComparisonOf[term]), own(kComparisonOf[term]), least, tick);
    }

    std::pmr::vector<std::pair<Date, uint32_t>> dates(&store.budget());
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        if (store.birth_date(i).known()) dates.push_back({store.birth_date(i), i});
    }
    std::sort(dates.begin(), dates.end(), [&](const auto& a, const auto& b) {
        tick();
        return a < b;
    });
    std::pmr::vector<uint32_t> counts(&store.budget());
    const auto of_same_date = [&](size_t start) {
        size_t end = start + 1;
        while (end < dates.size() && dates[end].first == dates[start].first) ++end;
        return end;
    };
    for (size_t start = 0; start < dates.size();) {
        tick();
        const size_t end = of_same_date(start);
        counts.push_back(static_cast<uint32_t>(end - start));
        start = end;
    }
    describe(kBirthDateTerm, counts, u(kBirthDateComparison), own(kBirthDateComparison), 1.0, tick);
    size_t number = 0;
    for (size_t start = 0; start < dates.size(); ++number) {
        const size_t end = of_same_date(start);
        for (; start < end; ++start) {
            tick();
            of_record_[dates[start].second] = counts[number];
        }
    }
    find_least_bits();
}

TermFrequencies::TermFrequencies(const RecordStore& store, const std::array<KnownTerms, kTermFields>& known,
                                 Tick& tick)
    : of_code_(vectors(store.budget(), std::make_index_sequence<kBirthDateTerm>())),
      of_record_(store.size(), 0, &store.budget()) {
    for (auto& chances : chances_) chances.push_back({0, 0});
    for (int t = 0; t < kTermFields; ++t)
        set_rare(static_cast<TermField>(t), known[static_cast<size_t>(t)].rare);
    const auto number_of = [&](TermField term, uint64_t hash) {
        const double share = known[term].find(hash);
        return share > 0 ? add(term, share) : 0;
    };
    constexpr uint32_t kUnseen = UINT32_MAX;
    for (int t = 0; t < kBirthDateTerm; ++t) {
        const auto term = static_cast<TermField>(t);
        auto& numbers = of_code_[term];
        numbers.resize(store.pool().size(), kUnseen);
        numbers[kMissing] = 0;
        for (uint32_t i = 0; i < store.size(); ++i) {
            tick();
            const StringCode code = store.code(kTermValue[term], i);
            if (numbers[code] == kUnseen) numbers[code] = number_of(term, store.pool().hash(code));
        }
    }
    for (uint32_t i = 0; i < store.size(); ++i) {
        tick();
        if (!store.birth_date(i).known()) continue;
        of_record_[i] = number_of(kBirthDateTerm, hash64(iso_of(store.birth_date(i)).view()));
    }
    find_least_bits();
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
        const double value = terms_.bits(kGivenNameTerm, store_.code(kGivenName, a));
        result.term_weight += random - value;
        random = value;
        household = std::max(household, value);
    }
    if (level_of(pattern, kFamilyNameComparison) == 1) {
        double& random = result.bits[kRandom][kFamilyNameComparison];
        const double value = terms_.bits(kFamilyNameTerm, store_.code(kFamilyName, b));
        result.term_weight += random - value;
        random = value;
    }
    for (const Field field : {kEmailKey, kPhoneKey}) {
        const size_t c = field == kEmailKey ? kEmailComparison : kPhoneComparison;
        if (level_of(pattern, static_cast<int>(c)) != 1) continue;
        double& random = result.bits[kRandom][c];
        const double value = terms_.bits(field == kEmailKey ? kEmailTerm : kPhoneTerm, store_.code(field, a));
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

double PairScore::household() const {
    return household_log_odds > kNever ? probability_of(household_log_odds) : 0.0;
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
    score.probability = probability_of(score.log_odds);
    if (likelihood_.knows_households()) score.household_log_odds = joint[kHousehold] - joint[kRandom];
    return score;
}

double Scorer::most_log_odds(Pattern pattern) const {
    constexpr double kRounding = 1e-6;
    constexpr std::pair<int, TermField> kTerms[] = {{kGivenNameComparison, kGivenNameTerm},
                                                    {kFamilyNameComparison, kFamilyNameTerm},
                                                    {kEmailComparison, kEmailTerm},
                                                    {kPhoneComparison, kPhoneTerm},
                                                    {kBirthDateComparison, kBirthDateTerm}};
    std::array<double, kClasses> sums{};
    for (int c = 0; c < kComparisons; ++c) {
        if (implied(pattern, c)) continue;
        const int l = level_of(pattern, c);
        for (int k = 0; k < kClasses; ++k) sums[static_cast<size_t>(k)] += likelihood_.level(k, c, l);
        // The rarest value; it may only make a household likelier.
        for (const auto& [comparison, term] : kTerms) {
            if (c != comparison || l != 1) continue;
            sums[kRandom] += std::min(0.0, terms_.least_bits(term) - likelihood_.level(kRandom, c, l));
        }
    }
    return from_sums(sums, 0).log_odds + kRounding;
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
