// SPDX-License-Identifier: PostgreSQL
// People of one household, from the pairs of records that the engine gives, as the store does it in SQL
// (times left out), and how good they are by the labels of the file: pairwise over people.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "identity/household.hpp"
#include "identity/resolve.hpp"
#include "reference/people_csv.hpp"

namespace people {

struct Households {
    Quality links;
    Quality groups;
    size_t record_pairs = 0;
    size_t people_linked = 0;
    size_t largest = 0;
};

inline double pairs_of(double n) {
    return n * (n - 1) / 2;
}

// `household`: the label of a record.
inline Households evaluate_households(const cdp::identity::RecordStore& store,
                                      const cdp::identity::Resolution& resolution,
                                      const std::vector<int64_t>& household, uint32_t max_people,
                                      double least) {
    using namespace cdp::identity;
    std::vector<int64_t> person(household.size());
    std::map<int64_t, uint32_t> number;  // of a person
    std::vector<uint32_t> of_record(household.size());
    for (const ClusterRow& row : resolution.clusters) {
        const auto next = static_cast<uint32_t>(number.size());
        of_record[static_cast<size_t>(row.record)] =
            number.try_emplace(row.representative, next).first->second;
    }
    const auto people = static_cast<uint32_t>(number.size());
    std::vector<double> at_home(people, 0);
    std::vector<std::map<int64_t, int>> votes(people);
    using Home = std::pair<StringCode, StringCode>;
    std::map<Home, std::set<uint32_t>> living;
    std::vector<Home> home_of(household.size());
    for (uint32_t i = 0; i < store.size(); ++i) {
        const auto record = static_cast<size_t>(store.record_id(i));
        const uint32_t p = of_record[record];
        ++votes[p][household[record]];
        if (store.code(kStreet, i) != kMissing || store.code(kPhoneKey, i) != kMissing) ++at_home[p];
        if (store.code(kStreet, i) == kMissing) continue;
        const StringCode postal = store.code(kPostalCode, i);
        home_of[record] = {store.code(kStreet, i), postal != kMissing ? postal : store.code(kCity, i)};
        living[home_of[record]].insert(p);
    }
    std::vector<int64_t> label(people);
    for (uint32_t p = 0; p < people; ++p) {
        label[p] = std::max_element(votes[p].begin(), votes[p].end(), [](const auto& a, const auto& b) {
                       return a.second < b.second;
                   })->first;
    }
    Households result;
    std::map<std::pair<uint32_t, uint32_t>, double> odds;
    const auto add = [&](int64_t a, int64_t b, double probability, Pattern pattern) {
        ++result.record_pairs;
        uint32_t x = of_record[static_cast<size_t>(a)];
        uint32_t y = of_record[static_cast<size_t>(b)];
        if (x == y || probability < 0.5 || !shares_home(pattern)) return;
        const auto crowded = [&](int64_t record) {
            return living[home_of[static_cast<size_t>(record)]].size() > max_people;
        };
        if (level_of(pattern, kPhoneComparison) != 1 && (crowded(a) || crowded(b))) return;
        if (y < x) std::swap(x, y);
        odds[{x, y}] += probability / std::max(1 - probability, 1e-6);
    };
    for (const HouseholdPair& pair : resolution.households)
        add(pair.record_a, pair.record_b, static_cast<double>(pair.probability), pair.levels);
    for (const Edge& edge : resolution.review) add(edge.record_a, edge.record_b, edge.household, edge.levels);
    std::vector<HouseholdLink> links;
    double right = 0;
    for (const auto& [pair, sum] : odds) {
        const double pooled = sum / std::max(1.0, at_home[pair.first] * at_home[pair.second]);
        if (pooled < least / (1 - least)) continue;
        links.push_back({pair.first, pair.second, std::log2(pooled)});
        right += label[pair.first] == label[pair.second] ? 1 : 0;
    }
    cdp::Tick tick;
    const auto groups = group_households(people, links, max_people, store.budget(), tick);
    std::map<int64_t, double> truth;
    std::map<uint32_t, double> found;
    std::map<std::pair<int64_t, uint32_t>, double> both;
    for (uint32_t p = 0; p < people; ++p) {
        ++truth[label[p]];
        ++found[groups[p]];
        ++both[{label[p], groups[p]}];
    }
    double in_truth = 0, in_found = 0, in_both = 0;
    for (const auto& [key, n] : truth) in_truth += pairs_of(n);
    for (const auto& [key, n] : found) {
        in_found += pairs_of(n);
        result.largest = std::max(result.largest, static_cast<size_t>(n));
    }
    for (const auto& [key, n] : both) in_both += pairs_of(n);
    result.people_linked = links.size();
    result.links = {right / std::max(1.0, static_cast<double>(links.size())), right / std::max(1.0, in_truth),
                    0};
    result.groups = {in_both / std::max(1.0, in_found), in_both / std::max(1.0, in_truth), 0};
    for (Quality* q : {&result.links, &result.groups})
        q->f1 = 2 * q->precision * q->recall / std::max(1e-9, q->precision + q->recall);
    return result;
}

}  // namespace people
