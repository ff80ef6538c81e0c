// SPDX-License-Identifier: PostgreSQL
// Resolving batch by batch gives what one full run gives. The index, the links and the walk along them, which
// the database keeps, are plain maps here.
#include "identity/increment.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

#include "identity/people.hpp"

using namespace cdp::identity;
using test::model_of;
using test::Person;
using test::World;

namespace {

Settings small_settings() {
    Settings settings;
    settings.block_limit = 2;
    settings.max_value_people = 3;
    settings.max_identifier_records = 4;
    settings.households = true;
    return settings;
}

using Pairs = std::set<std::pair<int64_t, int64_t>>;
using Homes = std::map<std::pair<int64_t, int64_t>, float>;

Homes homes_of(const Resolution& run) {
    Homes homes;
    for (const HouseholdPair& pair : run.households)
        homes[std::minmax(pair.record_a, pair.record_b)] = pair.probability;
    return homes;
}

// What the database does.
class Database {
  public:
    Database(const std::vector<Person>& people, KnownModel& known, const Settings& settings)
        : people_(people), known_(known), settings_(settings) {}

    void add(std::set<int64_t> changed) {
        for (const int64_t id : changed) present_.insert(id);
        for (;;) {
            refresh_keys(changed);
            const std::set<int64_t> more = search(changed);
            if (more.empty()) break;
            changed.insert(more.begin(), more.end());
        }
        cluster(walk(changed));
    }
    std::map<int64_t, int64_t> clusters;
    Homes homes;

  private:
    RecordInput input(int64_t id) {
        return test::to_input(people_[static_cast<size_t>(id)], id, identifiers_);
    }

    void refresh_keys(const std::set<int64_t>& ids) {
        cdp::MemoryBudget budget(size_t{1} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        for (const int64_t id : ids) store.add(input(id));
        store.finish();
        const SharedValues shared(store, UINT32_MAX, tick, &known_.shared);
        std::pmr::vector<int64_t> keys(&budget);
        for (uint32_t i = 0; i < store.size(); ++i) {
            match_keys(store, shared, known_, i, keys);
            keys_[store.record_id(i)].assign(keys.begin(), keys.end());
        }
    }
    std::set<int64_t> having(const std::set<int64_t>& keys) {
        std::set<int64_t> ids;
        for (const auto& [id, own] : keys_) {
            for (const int64_t key : own) {
                if (keys.contains(key)) ids.insert(id);
            }
        }
        return ids;
    }
    // Returns records that have to be looked at as well.
    std::set<int64_t> search(const std::set<int64_t>& changed) {
        cdp::MemoryBudget budget(size_t{1} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        NeighbourSearch search(store, known_, settings_, tick);
        std::set<int64_t> keys;
        for (const int64_t id : changed) {
            search.add_changed(input(id), keys_[id]);
            keys.insert(keys_[id].begin(), keys_[id].end());
        }
        for (const int64_t id : having(keys)) {
            if (!changed.contains(id)) search.add_other(input(id), keys_[id]);
        }
        const Neighbours found = search.run();
        std::set<int64_t> more = having({found.stale_keys.begin(), found.stale_keys.end()});
        for (const SharedRow& row : found.shared)
            known_.shared.insert(value_hash(row.kind, cdp::hash64(row.value)));
        for (const uint64_t name : found.splits) known_.splits.insert(name);
        // Identifiers of too many records.
        std::map<std::string, std::set<int64_t>> owners;
        for (const int64_t id : present_) {
            for (const std::string& identifier : people_[static_cast<size_t>(id)].identifiers)
                owners[identifier].insert(id);
        }
        for (const auto& [identifier, ids] : owners) {
            if (ids.size() <= settings_.max_identifier_records || identifier.starts_with("national_id:"))
                continue;
            const size_t colon = identifier.find(':');
            if (known_.shared.insert(
                    value_hash(identifier.substr(0, colon), cdp::hash64(identifier.substr(colon + 1)))))
                more.insert(ids.begin(), ids.end());
        }
        if (!more.empty()) return more;
        std::erase_if(homes, [&](const auto& home) {
            return changed.contains(home.first.first) || changed.contains(home.first.second);
        });
        for (const HouseholdPair& pair : found.households)
            homes[std::minmax(pair.record_a, pair.record_b)] = pair.probability;
        // The old links of what has changed are where people may come apart.
        for (auto link = links_.begin(); link != links_.end();) {
            const bool gone = changed.contains(link->first) || changed.contains(link->second);
            if (gone) touched_.insert({link->first, link->second});
            link = gone ? links_.erase(link) : std::next(link);
        }
        for (const Edge& edge : found.links) links_.insert({edge.record_a, edge.record_b});
        return {};
    }
    std::set<int64_t> walk(std::set<int64_t> reached) {
        reached.insert(touched_.begin(), touched_.end());
        touched_.clear();
        for (size_t before = 0; before != reached.size();) {
            before = reached.size();
            for (const auto& [a, b] : links_) {
                if (reached.contains(a) || reached.contains(b)) reached.insert({a, b});
            }
            for (const int64_t id : present_) {
                for (const std::string& own : people_[static_cast<size_t>(id)].identifiers) {
                    for (const int64_t other : present_) {
                        const auto& theirs = people_[static_cast<size_t>(other)].identifiers;
                        if (reached.contains(other) &&
                            std::find(theirs.begin(), theirs.end(), own) != theirs.end())
                            reached.insert(id);
                    }
                }
            }
        }
        return reached;
    }
    void cluster(const std::set<int64_t>& ids) {
        cdp::MemoryBudget budget(size_t{1} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        for (const int64_t id : ids) store.add(input(id));
        store.finish();
        const std::vector<std::pair<int64_t, int64_t>> links(links_.begin(), links_.end());
        const Resolution run = resolve_links(store, links, {}, {}, settings_, known_, tick);
        for (const ClusterRow& row : run.clusters) clusters[row.record] = row.representative;
    }

    const std::vector<Person>& people_;
    KnownModel& known_;
    Settings settings_;
    std::vector<std::string_view> identifiers_;
    std::set<int64_t> present_;
    std::map<int64_t, std::vector<int64_t>> keys_;
    Pairs links_;
    std::set<int64_t> touched_;
};

// A town with households, shared values and identifiers, so that everything that grows does.
std::vector<Person> busy_town(size_t n, unsigned seed) {
    std::vector<Person> people = test::town(n, seed);
    std::mt19937 random(seed);
    for (size_t i = 0; i < people.size(); ++i) {
        if (random() % 8 == 0) people[i].phone = "+49555" + std::to_string(random() % 6);
        if (random() % 8 == 0) people[i].postal = i < 200 ? "10777" : "10999";  // a new quarter
        if (random() % 10 == 0) people[i].identifiers = {"login:" + std::to_string(random() % 30)};
        if (random() % 12 == 0) {
            people[i].national_id = "id" + std::to_string(random() % 20);
            if (random() % 2 == 0) people[i].identifiers.push_back("national_id:" + people[i].national_id);
        }
        if (random() % 12 == 0 && i > 0) people[i] = people[random() % i];
        if (random() % 6 == 0 && i > 0) {  // who lives with somebody
            const Person& other = people[random() % i];
            people[i].family = other.family;
            people[i].street = other.street;
            people[i].city = other.city;
            people[i].postal = other.postal;
        }
    }
    return people;
}

}  // namespace

BOOST_AUTO_TEST_CASE(batches_end_where_one_run_ends) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        const std::vector<Person> people = busy_town(600, seed);
        const std::vector<Person> first(people.begin(), people.begin() + 200);
        const Settings settings = small_settings();
        World before(first);
        const Resolution trained = before.run({}, settings);

        World all(people);
        KnownModel known = model_of(trained, all.budget);
        if (seed == 3) known.rules = ~uint32_t{0b1000'0001'0110};
        const size_t splits = known.splits.size();
        const size_t shared = known.shared.size();
        const Resolution full = resolve(all.store, {}, settings, all.tick, {}, &known);
        BOOST_TEST(full.splits.size() > 0u);
        BOOST_TEST(full.shared.size() > 0u);

        std::mt19937 random(seed);
        for (const size_t batch : {600U, 60U, 7U}) {
            KnownModel growing = model_of(trained, all.budget);
            growing.rules = known.rules;
            BOOST_TEST(growing.splits.size() == splits);
            BOOST_TEST(growing.shared.size() == shared);
            Database database(people, growing, settings);
            std::vector<int64_t> order(people.size());
            for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
            std::shuffle(order.begin(), order.end(), random);
            for (size_t i = 0; i < order.size(); i += batch) {
                database.add(
                    {order.begin() + static_cast<std::ptrdiff_t>(i),
                     order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), i + batch))});
            }
            BOOST_TEST((database.clusters == test::by_record(full)));
            BOOST_TEST(database.homes.size() > 20u);
            BOOST_TEST((database.homes == homes_of(full)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_known_model_repeats_its_run) {
    const std::vector<Person> people = busy_town(700, 5);
    World world(people);
    const Resolution trained = world.run();
    KnownModel known = model_of(trained, world.budget);
    const Resolution again = resolve(world.store, {}, Settings{}, world.tick, {}, &known);
    BOOST_TEST((test::by_record(again) == test::by_record(trained)));
    BOOST_REQUIRE(again.edges.size() == trained.edges.size());
    for (size_t i = 0; i < again.edges.size(); ++i) {
        BOOST_TEST(again.edges[i].record_a == trained.edges[i].record_a);
        BOOST_TEST(std::abs(again.edges[i].weight - trained.edges[i].weight) < 1e-9);
    }
    BOOST_TEST(again.splits.empty());
    BOOST_TEST(again.shared.empty());
}
