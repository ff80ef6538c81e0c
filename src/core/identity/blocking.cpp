// SPDX-License-Identifier: PostgreSQL
#include "identity/blocking.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/utf8.hpp"

namespace cdp::identity {
namespace {

constexpr std::string_view kRuleNames[kBlockingRules] = {"email",
                                                         "phone",
                                                         "national_id",
                                                         "family_name, birth_date",
                                                         "given_name, birth_date",
                                                         "street, postal_code",
                                                         "family_name, given_name",
                                                         "family_name, postal_code",
                                                         "given_name, postal_code",
                                                         "email local part",
                                                         "birth_date, postal_code",
                                                         "sound of family name, initial, year of birth",
                                                         "birth_date",
                                                         "sound of family and given name",
                                                         "given and family name in any order",
                                                         "family_name",
                                                         "given_name, year of birth",
                                                         "house number, city, initial",
                                                         "family initial, given_name, city",
                                                         "postal_code"};

uint64_t initial_of(std::string_view text) {
    if (text.empty()) return 0;
    size_t position = 0;
    return static_cast<uint64_t>(decode_utf8(text, position)) + 1;
}

uint64_t number_in(std::string_view text) {
    uint64_t number = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            number = number * 10 + static_cast<uint64_t>(c - '0') + 1;
        } else if (number != 0) {
            break;
        }
    }
    return number;
}

uint64_t date_value(Date date) {
    return date.known() ? static_cast<uint64_t>(date.year + 5000) << 9 |
                              static_cast<uint64_t>(date.month) << 5 | date.day
                        : 0;
}

constexpr int kSortBits = 12;
constexpr int kSplits = 5;                // by what the records say
constexpr int kMaxSplits = kSplits + 40;  // then in halves

// What stands for a value in a key: its code, quick and good in one store, or its hash, good everywhere.
struct ByCode {
    static uint64_t of(const RecordStore&, StringCode code) { return code; }
};
struct ByHash {
    static uint64_t of(const RecordStore& store, StringCode code) {
        return code == kMissing ? 0 : store.pool().hash(code);
    }
};

// The further keys that split a block, in this order. Records without the value stay together.
template <typename Value>
uint64_t split_key(const RecordStore& store, uint32_t record, int depth) {
    switch (depth) {
        case 0:
            return initial_of(store.text(kGivenName, record));
        case 1:
            return store.birth_date(record).known()
                       ? static_cast<uint64_t>(store.birth_date(record).year + 5000)
                       : 0;
        case 2:
            return store.family_sound(record);
        case 3:
            return hash64(store.text(kPostalCode, record).substr(0, 3));
        case 4:
            return combine64(Value::of(store, store.code(kGivenName, record)),
                             Value::of(store, store.code(kFamilyName, record)));
        default:
            return mix64(static_cast<uint64_t>(store.order_key(record))) >> (63 - (depth - kSplits)) & 1;
    }
}

template <typename Value>
uint64_t rule_key(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule) {
    const auto value = [&](Field field) { return Value::of(store, store.code(field, record)); };
    const auto usable = [&](Field field) { return Value::of(store, shared.usable(store, field, record)); };
    const auto date = [&] { return date_value(store.birth_date(record)); };
    const auto year = [&] { return date_value(store.birth_date(record)) >> 9; };
    const auto initial = [&](Field field) { return initial_of(store.text(field, record)); };
    const auto key = [rule](std::initializer_list<uint64_t> parts) -> uint64_t {
        uint64_t hash = mix64(rule + 1);
        for (const uint64_t part : parts) {
            if (part == 0) return 0;
            hash = combine64(hash, part);
        }
        return hash != 0 ? hash : 1;
    };
    switch (rule) {
        case 0:
            return key({usable(kEmailKey)});
        case 1:
            return key({usable(kPhoneKey)});
        case 2:
            return key({usable(kNationalId)});
        case 3:
            return key({value(kFamilyName), date()});
        case 4:
            return key({value(kGivenName), date()});
        case 5:
            return key({value(kStreet), value(kPostalCode)});
        case 6:
            return key({value(kFamilyName), value(kGivenName)});
        case 7:
            return key({value(kFamilyName), value(kPostalCode)});
        case 8:
            return key({value(kGivenName), value(kPostalCode)});
        case 9:
            return usable(kEmailKey) != 0 ? key({usable(kEmailLocal)}) : 0;
        case 10:
            return key({date(), value(kPostalCode)});
        case 11:
            return key({store.family_sound(record), initial(kGivenName), year()});
        case 12:
            return key({date()});
        case 13:
            return key({store.family_sound(record), store.given_sound(record)});
        case 14:
            return key({std::min(value(kGivenName), value(kFamilyName)),
                        std::max(value(kGivenName), value(kFamilyName))});
        case 15:
            return key({value(kFamilyName)});
        case 16:
            return key({value(kGivenName), year()});
        case 17:
            return key({number_in(store.text(kStreet, record)), value(kCity), initial(kGivenName)});
        case 18:
            return key({initial(kFamilyName), value(kGivenName), value(kCity)});
        case 19:
            return key({value(kPostalCode)});
        default:
            return 0;
    }
}

uint64_t split_name(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
                    const HashSet& splits, int& depth) {
    uint64_t name = rule_key<ByHash>(store, shared, record, rule);
    for (depth = 0; depth < kMaxSplits && splits.contains(name); ++depth) {
        name = combine64(name, split_key<ByHash>(store, record, depth));
    }
    return name;
}

}  // namespace

std::string_view blocking_rule_name(uint32_t rule) {
    return kRuleNames[rule];
}

uint32_t blocking_rule_of(Field sharable) {
    return sharable == kEmailKey ? 0 : sharable == kPhoneKey ? 1 : sharable == kNationalId ? 2 : 9;
}

uint64_t blocking_key(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule) {
    return rule_key<ByCode>(store, shared, record, rule);
}

uint64_t block_name(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
                    int depth) {
    uint64_t name = rule_key<ByHash>(store, shared, record, rule);
    for (int d = 0; d < depth && name != 0; ++d) name = combine64(name, split_key<ByHash>(store, record, d));
    return name;
}

uint64_t block_name(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
                    const HashSet& splits) {
    int depth = 0;
    return split_name(store, shared, record, rule, splits, depth);
}

bool can_split(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
               const HashSet& splits) {
    int depth = 0;
    return split_name(store, shared, record, rule, splits, depth) != 0 && depth < kMaxSplits;
}

Blocking::Blocking(const RecordStore& store, const SharedValues& shared, uint32_t block_limit,
                   unsigned workers, Tick& tick, const HashSet* known, uint32_t rules)
    : store_(store),
      shared_(shared),
      limit_(std::max(block_limit, 2U) * (known != nullptr ? kGrowth : 1)),
      known_(known),
      block_of_(&store.budget()),
      rules_(&store.budget()),
      pieces_(&store.budget()) {
    block_of_.reserve(size_t{store.size()} * kBlockingRules);
    for (uint32_t record = 0; record < store.size(); ++record) {
        tick();
        block_of_.insert(block_of_.end(), kBlockingRules, UINT32_MAX - record);
    }
    rules_.reserve(kBlockingRules);
    for (uint32_t rule = 0; rule < kBlockingRules; ++rule) rules_.emplace_back(store.budget());
    {
        std::pmr::vector<Scratch> scratch(&store.budget());
        scratch.reserve(std::max(workers, 1U));
        for (unsigned i = 0; i < std::max(workers, 1U); ++i) scratch.emplace_back(store.budget());
        Pieces(kBlockingRules).run(workers, tick, [&](size_t rule, unsigned worker, Tick& own) {
            if ((rules >> rule & 1) != 0) add_rule(static_cast<uint32_t>(rule), scratch[worker], own);
        });
    }
    for (const Rule& rule : rules_) {
        stats_.blocks += rule.stats.blocks;
        stats_.split += rule.stats.split;
        stats_.oversized += rule.stats.oversized;
        stats_.oversized_records += rule.stats.oversized_records;
    }
    cut_into_pieces();
}

void Blocking::cut_into_pieces() {
    constexpr uint64_t kPairs = 100'000;  // of one piece, those that an earlier rule owns included
    for (uint32_t r = 0; r < kBlockingRules; ++r) {
        uint64_t pairs = 0;
        size_t from = 0;
        const auto& blocks = rules_[r].blocks;
        for (size_t n = 0; n < blocks.size(); ++n) {
            pairs += uint64_t{blocks[n].size} * (blocks[n].size - 1) / 2;
            if (pairs < kPairs && n + 1 < blocks.size()) continue;
            pieces_.push_back({r, from, n + 1});
            from = n + 1;
            pairs = 0;
        }
    }
}

void Blocking::add_rule(uint32_t rule, Scratch& scratch, Tick& tick) {
    std::pmr::vector<Keyed>& keyed = scratch.keyed;
    keyed.clear();
    keyed.reserve(store_.size());
    for (uint32_t record = 0; record < store_.size(); ++record) {
        tick();
        const uint64_t key = blocking_key(store_, shared_, record, rule);
        if (key != 0) keyed.push_back({key, record});
    }
    drop_single(scratch, tick);
    split(keyed, rule, -1, scratch, tick);
}

// Drops most of the keys that one record alone has: those whose bit no other key wants.
void Blocking::drop_single(Scratch& scratch, Tick& tick) {
    size_t words = 64;
    while (words * 16 < scratch.keyed.size()) words *= 2;
    scratch.once.assign(words, 0);
    scratch.again.assign(words, 0);
    for (const Keyed& k : scratch.keyed) {
        tick();
        uint64_t& once = scratch.once[k.key >> 6 & (words - 1)];
        const uint64_t bit = uint64_t{1} << (k.key & 63);
        if ((once & bit) != 0) scratch.again[k.key >> 6 & (words - 1)] |= bit;
        once |= bit;
    }
    std::erase_if(scratch.keyed, [&](const Keyed& k) {
        tick();
        return (scratch.again[k.key >> 6 & (words - 1)] >> (k.key & 63) & 1) == 0;
    });
}

// Sorts by key in two steps, so that no step is long without a tick: by the top bits into buckets, then each.
void Blocking::sort_by_key(std::span<Keyed> keyed, std::pmr::vector<Keyed>& sorted, Tick& tick) const {
    const auto less = [&tick](const Keyed& a, const Keyed& b) {
        tick();
        return a.key != b.key ? a.key < b.key : a.record < b.record;
    };
    if (keyed.size() < 4096) {
        std::sort(keyed.begin(), keyed.end(), less);
        return;
    }
    std::pmr::vector<uint64_t> starts((1U << kSortBits) + 1, 0, &store_.budget());
    for (const Keyed& k : keyed) ++starts[(k.key >> (64 - kSortBits)) + 1];
    for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    std::pmr::vector<uint64_t> next(starts, &store_.budget());
    sorted.resize(std::max(sorted.size(), keyed.size()));
    for (const Keyed& k : keyed) {
        tick();
        sorted[next[k.key >> (64 - kSortBits)]++] = k;
    }
    for (size_t i = 0; i + 1 < starts.size(); ++i) {
        tick();
        // A bucket is filled in order of record: one that holds a single key is sorted already.
        const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(starts[i]);
        const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]);
        if (!std::is_sorted(first, last, less)) std::sort(first, last, less);
    }
    std::copy(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(keyed.size()), keyed.begin());
}

// `depth` -1: the keys of the rule itself; else the number of the further key that is in the entries.
void Blocking::split(std::span<Keyed> keyed, uint32_t rule, int depth, Scratch& scratch, Tick& tick) {
    sort_by_key(keyed, scratch.sorted, tick);
    BlockingStats& stats = rules_[rule].stats;
    for (size_t start = 0; start < keyed.size();) {
        size_t end = start + 1;
        while (end < keyed.size() && keyed[end].key == keyed[start].key) {
            tick();
            ++end;
        }
        const std::span<Keyed> block = keyed.subspan(start, end - start);
        start = end;
        if (block.size() < 2) continue;
        if (!must_split(block, rule, depth + 1)) {
            // Records of one order key cannot be told apart any more: runs.
            for (size_t from = 0; from < block.size(); from += limit_) {
                keep(block.subspan(from, std::min<size_t>(limit_, block.size() - from)), rule, tick);
            }
            continue;
        }
        if (depth == -1) ++stats.split;
        if (depth + 1 == kSplits) {
            ++stats.oversized;
            stats.oversized_records += block.size();
        }
        for (Keyed& k : block) {
            tick();
            k.key = mix64(split_key<ByCode>(store_, k.record, depth + 1));
        }
        split(block, rule, depth + 1, scratch, tick);
    }
}

// Notes the block as split if it was not known to be.
bool Blocking::must_split(std::span<const Keyed> block, uint32_t rule, int depth) {
    const bool too_large = block.size() > limit_;
    if (depth >= kMaxSplits || (!too_large && known_ == nullptr)) return false;
    const uint64_t name = block_name(store_, shared_, block.front().record, rule, depth);
    if (known_ != nullptr && known_->contains(name)) return true;
    if (too_large) rules_[rule].splits.push_back(name);
    return too_large;
}

void Blocking::keep(std::span<const Keyed> block, uint32_t rule, Tick& tick) {
    if (block.size() < 2) return;
    Rule& made = rules_[rule];
    made.blocks.push_back({made.members.size(), static_cast<uint32_t>(block.size())});
    ++made.stats.blocks;
    check(made.blocks.size() < UINT32_MAX / 2, "number of blocks");
    for (const Keyed& k : block) {
        tick();
        made.members.push_back(k.record);
        block_of_[size_t{k.record} * kBlockingRules + rule] = static_cast<uint32_t>(made.blocks.size());
    }
    std::sort(made.members.end() - static_cast<std::ptrdiff_t>(block.size()), made.members.end());
}

bool Blocking::is_candidate(uint32_t a, uint32_t b) const {
    return !first_rule(a, b, kBlockingRules);
}

}  // namespace cdp::identity
