// SPDX-License-Identifier: PostgreSQL
// Shorthand for records in tests.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "identity/resolve.hpp"

namespace test {

using namespace cdp::identity;

struct Person {
    std::string given = {};
    std::string family = {};
    std::string born = {};
    std::string email = {};
    std::string phone = {};
    std::string street = {};
    std::string city = {};
    std::string postal = {};
    std::string national_id = {};
    std::string gender = {};
    std::vector<std::string> identifiers = {};
};

inline RecordInput to_input(const Person& p, int64_t id, std::vector<std::string_view>& identifiers) {
    RecordInput record;
    record.record_id = id;
    record.order_key = static_cast<int64_t>(cdp::mix64(static_cast<uint64_t>(id) + 1));
    record.text = {p.given, p.family, p.email, p.phone, p.street, p.city, p.postal, p.national_id, p.gender};
    if (!p.born.empty()) record.birth_date = days_from_iso(p.born);
    identifiers.assign(p.identifiers.begin(), p.identifiers.end());
    record.identifiers = identifiers;
    return record;
}

// A store with its budget; records keep their position as record_id.
struct World {
    cdp::MemoryBudget budget{size_t{2} << 30};
    cdp::Tick tick;
    RecordStore store{budget, tick};

    explicit World(const std::vector<Person>& people, const std::vector<size_t>& order = {}) {
        std::vector<std::string_view> identifiers;
        for (size_t i = 0; i < people.size(); ++i) {
            const size_t at = order.empty() ? i : order[i];
            store.add(to_input(people[at], static_cast<int64_t>(at), identifiers));
        }
        store.finish();
    }

    Resolution run(const std::vector<std::pair<int64_t, int64_t>>& cannot_link = {}, Settings settings = {},
                   const std::vector<std::pair<int64_t, int64_t>>& must_link = {}) {
        return resolve(store, cannot_link, settings, tick, must_link);
    }
    uint32_t index(int64_t id) const {
        for (uint32_t i = 0; i < store.size(); ++i) {
            if (store.record_id(i) == id) return i;
        }
        return UINT32_MAX;
    }
};

inline std::map<int64_t, int64_t> by_record(const Resolution& resolution) {
    std::map<int64_t, int64_t> clusters;
    for (const ClusterRow& row : resolution.clusters) clusters[row.record] = row.representative;
    return clusters;
}

inline double stat(const Resolution& resolution, std::string_view name) {
    for (const Stat& s : resolution.stats) {
        if (s.name == name) return s.value;
    }
    return -1;
}

// The model that a run trained.
inline void absorb(KnownModel& known, const Resolution& run) {
    for (const SharedRow& row : run.shared) known.shared.insert(value_hash(row.kind, cdp::hash64(row.value)));
    for (const uint64_t name : run.splits) known.splits.insert(name);
}

inline KnownModel model_of(const Resolution& run, cdp::MemoryBudget& budget) {
    KnownModel known(&budget);
    known.key_salt = 77;
    for (const ModelRow& row : run.levels) {
        for (size_t c = 0; c < kComparisons; ++c) {
            if (row.comparison != comparison_name(static_cast<int>(c))) continue;
            const auto level = static_cast<size_t>(row.level);
            known.model.probability[kMatch][c][level] = row.m_match;
            known.model.probability[kHousehold][c][level] = row.m_household;
            known.model.probability[kRandom][c][level] = row.u;
        }
    }
    known.model.prior[kMatch] = stat(run, "prior_match");
    known.model.prior[kHousehold] = stat(run, "prior_household");
    known.model.prior[kRandom] = 1.0 - known.model.prior[kMatch] - known.model.prior[kHousehold];
    known.national_ids_trusted = stat(run, "national_ids_trusted") == 1;
    for (const TermRow& row : run.terms) {
        KnownTerms& terms = known.terms[row.term];
        const std::string_view value = row.term == kBirthDateTerm ? row.date.view() : row.value;
        if (value.empty()) {
            terms.rare = row.share;
        } else {
            terms.add(value, row.share);
        }
    }
    for (KnownTerms& terms : known.terms) terms.sort();
    absorb(known, run);
    return known;
}

// Background: `n` people of whom every third has a second record with a typing error, an address and a phone.
inline std::vector<Person> town(size_t n, unsigned seed) {
    static const std::vector<std::string> kGiven = {"anna",   "peter", "maria", "jonas", "clara",
                                                    "felix",  "ida",   "oscar", "laura", "simon",
                                                    "helene", "bruno", "greta", "emil"};
    static const std::vector<std::string> kSyllables = {"ber", "mann", "hof", "stein", "lund", "wal", "tor",
                                                        "kes", "rin",  "mos", "fal",   "dor",  "vik", "ler"};
    std::mt19937 random(seed);
    const auto pick = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
    const auto two = [](unsigned x) { return (x < 10 ? "0" : "") + std::to_string(x); };
    std::vector<Person> people;
    while (people.size() < n) {
        Person p;
        p.given = pick(kGiven);
        p.family = pick(kSyllables) + pick(kSyllables) + pick(kSyllables);
        p.born = std::to_string(1940 + random() % 65) + "-" + two(1 + random() % 12) + "-" +
                 two(1 + random() % 28);
        p.email = p.given + "." + p.family + std::to_string(random() % 1000) + "@mail.example";
        p.phone = "+49" + std::to_string(1000000000 + random() % 1000000000);
        p.street = std::to_string(1 + random() % 200) + " " + pick(kSyllables) + pick(kSyllables) + "weg";
        p.city = pick(kSyllables) + "stadt";
        p.postal = std::to_string(10000 + random() % 800);
        people.push_back(p);
        if (random() % 3 == 0) {
            Person again = p;
            again.family[random() % again.family.size()] = 'x';
            if (random() % 2 == 0) again.email.clear();
            if (random() % 2 == 0) again.born.clear();
            if (random() % 2 == 0) again.street.clear();
            people.push_back(again);
        }
    }
    people.resize(n);
    return people;
}

}  // namespace test
