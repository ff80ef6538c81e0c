// SPDX-License-Identifier: PostgreSQL
#include "identity/increment.hpp"

#include <algorithm>

#include "identity/linker.hpp"

namespace cdp::identity {
namespace {

int64_t salted(uint64_t name, uint64_t salt, bool is_value) {
    return static_cast<int64_t>((combine64(name, salt) & ~uint64_t{1}) | (is_value ? 1 : 0));
}
// 0 is no hash in a set.
uint64_t id_hash(int64_t record_id) {
    return mix64(static_cast<uint64_t>(record_id)) | uint64_t{1} << 63;
}
bool is_block(int64_t key) {
    return (key & 1) == 0;
}
int64_t value_key(const RecordStore& store, const KnownModel& known, Field field, StringCode code) {
    return salted(value_hash(sharable_name(field), store.pool().hash(code)), known.key_salt, true);
}

StringCode value_of(const RecordStore& store, Field field, uint32_t record) {
    return field == kEmailLocal ? store.email_local(record) : store.code(field, record);
}

}  // namespace

void match_keys(const RecordStore& store, const SharedValues& shared, const KnownModel& known,
                uint32_t record, std::pmr::vector<int64_t>& keys) {
    keys.clear();
    for (uint32_t rule = 0; rule < kBlockingRules; ++rule) {
        if ((known.rules >> rule & 1) == 0) continue;
        const uint64_t name = block_name(store, shared, record, rule, known.splits);
        if (name != 0) keys.push_back(salted(name, known.key_salt, false));
    }
    for (const Field field : kSharableFields) {
        const StringCode code = shared.usable(store, field, record);
        if (code == kMissing) continue;
        const uint64_t whole = block_name(store, shared, record, blocking_rule_of(field), 0);
        // The block of a value that is not split has all who have it.
        if (whole == 0 || known.splits.contains(whole)) keys.push_back(value_key(store, known, field, code));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

NeighbourSearch::NeighbourSearch(RecordStore& store, const KnownModel& known, const Settings& settings,
                                 Tick& tick)
    : store_(store),
      known_(known),
      settings_(settings),
      tick_(tick),
      budget_(store.budget()),
      record_ids_(&budget_),
      seen_(&budget_),
      uses_(&budget_),
      size_(&budget_),
      slots_(&budget_),
      pairs_(&budget_),
      met_(&budget_) {}

void NeighbourSearch::add_changed(const RecordInput& record, std::span<const int64_t> keys) {
    check(slots_.empty(), "changed records come first");
    store_.add(record);
    for (const int64_t key : keys) {
        tick_();
        if (is_block(key)) uses_.push_back({key, changed_});
    }
    record_ids_.push_back(record.record_id);
    seen_.insert(id_hash(record.record_id));
    ++changed_;
}

// A table from keys to their first use.
void NeighbourSearch::index_changed() {
    std::sort(uses_.begin(), uses_.end(), [&](const Use& a, const Use& b) {
        tick_();
        return a.key != b.key ? a.key < b.key : a.changed < b.changed;
    });
    size_.resize(uses_.size(), 0);
    size_t slots = 16;
    while (slots < uses_.size() * 2) slots *= 2;
    slots_.resize(slots, 0);
    for (size_t i = 0; i < uses_.size(); ++i) {
        tick_();
        if (i != 0 && uses_[i].key == uses_[i - 1].key) continue;
        size_t slot = mix64(static_cast<uint64_t>(uses_[i].key)) & (slots - 1);
        while (slots_[slot] != 0) slot = (slot + 1) & (slots - 1);
        slots_[slot] = i + 1;
    }
    // Changed records meet each other, the later one the earlier.
    for (size_t start = 0; start < uses_.size();) {
        size_t end = start + 1;
        while (end < uses_.size() && uses_[end].key == uses_[start].key) ++end;
        size_[start] = static_cast<uint32_t>(end - start);
        // A block that is to be split is not compared.
        if (end - start <= size_t{settings_.block_limit} * kGrowth) {
            for (size_t i = start; i < end; ++i) {
                for (size_t j = start; j < i; ++j) {
                    tick_();
                    pairs_.push_back({uses_[i].changed, uses_[j].changed});
                }
            }
        }
        start = end;
    }
    std::sort(pairs_.begin(), pairs_.end(), [&](const auto& a, const auto& b) {
        tick_();
        return a < b;
    });
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
}

void NeighbourSearch::add_other(const RecordInput& record, std::span<const int64_t> keys) {
    if (slots_.empty()) index_changed();
    if (!seen_.insert(id_hash(record.record_id))) return;
    store_.add(record);
    const auto arrival = static_cast<uint32_t>(record_ids_.size());
    record_ids_.push_back(record.record_id);
    met_.clear();
    for (const int64_t key : keys) {
        tick_();
        if (!is_block(key)) continue;
        size_t slot = mix64(static_cast<uint64_t>(key)) & (slots_.size() - 1);
        while (slots_[slot] != 0 && uses_[slots_[slot] - 1].key != key)
            slot = (slot + 1) & (slots_.size() - 1);
        if (slots_[slot] == 0) continue;
        const size_t start = slots_[slot] - 1;
        if (++size_[start] > settings_.block_limit * kGrowth) continue;  // to be split
        for (size_t i = start; i < uses_.size() && uses_[i].key == key; ++i) {
            tick_();
            met_.push_back(uses_[i].changed);
        }
    }
    std::sort(met_.begin(), met_.end());
    met_.erase(std::unique(met_.begin(), met_.end()), met_.end());
    for (const uint32_t changed : met_) pairs_.push_back({arrival, changed});
}

void NeighbourSearch::find_too_large(const SharedValues& shared, Neighbours& found) {
    const SharedValues unshared(budget_);
    for (const SharedValues::Value& value : shared.found()) {
        found.shared.push_back({sharable_name(value.field), store_.pool().text(value.code)});
        found.stale_keys.push_back(value_key(store_, known_, value.field, value.code));
        // Unless it is split, the block of the value has them (see match_keys).
        for (uint32_t i = 0; i < store_.size(); ++i) {
            tick_();
            if (value_of(store_, value.field, i) != value.code) continue;
            const uint64_t name = block_name(store_, unshared, i, blocking_rule_of(value.field), 0);
            if (name != 0) found.stale_keys.push_back(salted(name, known_.key_salt, false));
            break;
        }
    }
    std::pmr::vector<int64_t> large(&budget_);
    for (size_t i = 0; i < uses_.size(); ++i) {
        tick_();
        if (size_[i] > settings_.block_limit * kGrowth) large.push_back(uses_[i].key);
    }
    if (large.empty()) return;
    // A key does not tell the name of its block; one of its records does.
    HashSet names(&budget_);
    for (uint32_t record = 0; record < store_.size(); ++record) {
        for (uint32_t rule = 0; rule < kBlockingRules; ++rule) {
            tick_();
            const uint64_t name = block_name(store_, shared, record, rule, known_.splits);
            if (name == 0 ||
                !std::binary_search(large.begin(), large.end(), salted(name, known_.key_salt, false)))
                continue;
            if (!can_split(store_, shared, record, rule, known_.splits) || !names.insert(name)) continue;
            found.splits.push_back(name);
            found.stale_keys.push_back(salted(name, known_.key_salt, false));
        }
    }
}

Neighbours NeighbourSearch::run() {
    if (slots_.empty()) index_changed();
    store_.finish();
    Neighbours found(budget_);
    const SharedValues shared(store_, settings_.max_value_people, tick_, &known_.shared);
    find_too_large(shared, found);
    if (!found.stale_keys.empty()) return found;

    std::pmr::vector<std::pair<int64_t, uint32_t>> ids(&budget_);  // to canonical order
    ids.reserve(store_.size());
    for (uint32_t i = 0; i < store_.size(); ++i) ids.push_back({store_.record_id(i), i});
    std::sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) {
        tick_();
        return a < b;
    });
    std::pmr::vector<uint32_t> index(record_ids_.size(), 0, &budget_);
    for (size_t i = 0; i < index.size(); ++i) {
        tick_();
        index[i] =
            std::lower_bound(ids.begin(), ids.end(), std::pair<int64_t, uint32_t>(record_ids_[i], 0))->second;
    }
    const TermFrequencies terms(store_, known_.terms, tick_);
    const Scorer scorer(store_, known_.model, terms);
    Comparer comparer(store_, shared);
    const double least = std::min(settings_.review_from, settings_.threshold);
    for (const auto& [record, changed] : pairs_) {
        tick_();
        const uint32_t a = std::min(index[record], index[changed]);
        const uint32_t b = std::max(index[record], index[changed]);
        const Pattern pattern = comparer.compare(a, b);
        const PairScore score = scorer.score(a, b, pattern);
        const bool at_home = settings_.households && shares_home(pattern);
        if (score.probability < least) {
            if (at_home && score.household() >= settings_.min_household) {
                found.households.push_back({store_.record_id(a), store_.record_id(b),
                                            static_cast<float>(score.household()), pattern});
            }
            continue;
        }
        // As exact as a full run keeps it.
        found.links.push_back({store_.record_id(a), store_.record_id(b), score.weight,
                               static_cast<double>(static_cast<float>(score.probability)), score.term_weight,
                               pattern, Reason::kModel, true, at_home ? score.household() : 0.0});
    }
    found.pairs_compared = pairs_.size();
    return found;
}

Resolution resolve_links(const RecordStore& store, RecordPairs record_links, RecordPairs cannot_link,
                         RecordPairs must_link, const Settings& settings, const KnownModel& known,
                         Tick& tick) {
    Resolution result(store.budget());
    const SharedValues shared(store, UINT32_MAX, tick, &known.shared);
    Comparer comparer(store, shared);
    comparer.trust_national_ids(known.national_ids_trusted);
    const TermFrequencies terms(store, known.terms, tick);
    const Scorer scorer(store, known.model, terms);
    Linker linker(store, settings, comparer, scorer, &known.shared, tick, result);
    std::pmr::vector<Link> links(&store.budget());
    for (const auto& [a, b] : linker.by_index(record_links)) {
        tick();
        const Pattern pattern = comparer.compare(a, b);
        const PairScore score = scorer.score(a, b, pattern);
        if (score.probability < std::min(settings.review_from, settings.threshold)) continue;
        links.push_back(Linker::link(a, b, pattern, score));
    }
    linker.sort(links);
    linker.run(links, cannot_link, must_link);
    result.stats.push_back({"records", static_cast<double>(store.size())});
    return result;
}

}  // namespace cdp::identity
