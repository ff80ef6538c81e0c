// SPDX-License-Identifier: PostgreSQL
// Which pairs are worth comparing. Every record gets one key per blocking rule; records with the same key
// form a block, and the pairs inside blocks are the candidates. A block over the limit is not dropped but
// split by further keys (given initial, year of birth, sound of the family name, postal area); what is still
// too large is counted and halved by a hash of the records until it is small enough. A pair belongs to the
// first rule that brings it up, so that it is met exactly once and nothing has to be remembered. Cost: rules
// * records * log, memory 4 bytes for each.
//
// Under a known model the same blocks are split as when it was trained, however large they are now, and those
// that have grown to kGrowth times the limit. So whether two records meet does not depend on what else came
// with them.
#pragma once

#include <cstdint>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash_set.hpp"
#include "identity/record_store.hpp"
#include "identity/shared_values.hpp"

namespace cdp::identity {

constexpr uint32_t kBlockingRules = 20;
std::string_view blocking_rule_name(uint32_t rule);

// The rule whose blocks are the records with one value of a sharable field.
uint32_t blocking_rule_of(Field sharable);

// The key of one record under one rule, before any splitting; 0: the rule needs a value that is missing.
// Means something in one store only.
uint64_t blocking_key(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule);

// The name of a record's block after `depth` splits (0: of none), the same in every store; 0 as above.
uint64_t block_name(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
                    int depth);
// The name of the block that the record is in when the blocks of `splits` are split.
uint64_t block_name(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
                    const HashSet& splits);

// Whether there is a further key to split that block by.
bool can_split(const RecordStore& store, const SharedValues& shared, uint32_t record, uint32_t rule,
               const HashSet& splits);

constexpr uint32_t kGrowth = 4;

struct BlockingStats {
    uint64_t blocks = 0;
    uint64_t split = 0;      // blocks that were over the limit
    uint64_t oversized = 0;  // blocks that no further key could split
    uint64_t oversized_records = 0;
};

class Blocking {
  public:
    // `known`: the blocks that a known model splits; `rules`: those in use, a bit for each.
    Blocking(const RecordStore& store, const SharedValues& shared, uint32_t block_limit, unsigned workers,
             Tick& tick, const HashSet* known = nullptr, uint32_t rules = UINT32_MAX);

    // The candidate pairs in pieces of similar size, that several threads can take; which pairs a piece has
    // and in which order depends on the records alone.
    size_t pieces() const { return pieces_.size(); }
    uint32_t rule_of(size_t piece) const { return pieces_[piece].rule; }
    uint64_t blocks_of(uint32_t rule) const { return rules_[rule].stats.blocks; }
    // Calls f(a, b), a < b, once for every candidate pair of the piece.
    template <typename F>
    void for_each_pair(size_t piece, Tick& tick, F&& f) const {
        const Piece& part = pieces_[piece];
        const Rule& rule = rules_[part.rule];
        for (size_t n = part.from; n < part.to; ++n) {
            const Block& block = rule.blocks[n];
            const std::span<const uint32_t> members =
                std::span<const uint32_t>(rule.members).subspan(block.start, block.size);
            // The records of a block lie anywhere; those of the blocks to come are on their way meanwhile.
            for (size_t i = 0; i < members.size(); ++i) prefetch(rule, block.start + kAhead + i);
            for (size_t i = 0; i < members.size(); ++i) {
                for (size_t j = i + 1; j < members.size(); ++j) {
                    tick();
                    if (first_rule(members[i], members[j], part.rule)) f(members[i], members[j]);
                }
            }
        }
    }
    template <typename F>
    void for_each_pair(Tick& tick, F&& f) const {
        for (size_t piece = 0; piece < pieces(); ++piece) for_each_pair(piece, tick, f);
    }

    // Pair is in one block of some rule.
    bool is_candidate(uint32_t a, uint32_t b) const;
    const BlockingStats& stats() const { return stats_; }
    // Calls f(block_name) for every block that was split and is not among the known ones.
    template <typename F>
    void for_each_split(F&& f) const {
        for (const Rule& rule : rules_) {
            for (const uint64_t name : rule.splits) f(name);
        }
    }

  private:
    struct Block {
        uint64_t start;
        uint32_t size;
    };
    struct Keyed {
        uint64_t key;
        uint32_t record;
    };
    // What one rule made.
    struct Rule {
        explicit Rule(MemoryBudget& budget) : blocks(&budget), members(&budget), splits(&budget) {}
        std::pmr::vector<Block> blocks;
        std::pmr::vector<uint32_t> members;
        std::pmr::vector<uint64_t> splits;  // block names
        BlockingStats stats;
    };
    struct Piece {
        uint32_t rule;
        size_t from, to;  // blocks
    };

    static constexpr size_t kAhead = 48;  // members
    void prefetch(const Rule& rule, size_t member) const {
        if (member >= rule.members.size()) return;
        store_.prefetch(rule.members[member]);
        shared_.prefetch(rule.members[member]);
        const auto* keys = &block_of_[size_t{rule.members[member]} * kBlockingRules];
        __builtin_prefetch(keys);
        __builtin_prefetch(keys + kBlockingRules - 1);
    }
    // What a thread works with from rule to rule: memory that is new costs more than the work.
    struct Scratch {
        explicit Scratch(MemoryBudget& budget)
            : keyed(&budget), sorted(&budget), once(&budget), again(&budget) {}
        std::pmr::vector<Keyed> keyed, sorted;
        std::pmr::vector<uint64_t> once, again;  // bits
    };
    void add_rule(uint32_t rule, Scratch& scratch, Tick& tick);
    void split(std::span<Keyed> block, uint32_t rule, int depth, Scratch& scratch, Tick& tick);
    bool must_split(std::span<const Keyed> block, uint32_t rule, int depth);
    void keep(std::span<const Keyed> block, uint32_t rule, Tick& tick);
    static void drop_single(Scratch& scratch, Tick& tick);
    void sort_by_key(std::span<Keyed> keyed, std::pmr::vector<Keyed>& sorted, Tick& tick) const;
    void cut_into_pieces();
    bool first_rule(uint32_t a, uint32_t b, uint32_t rule) const {
        const uint32_t* x = &block_of_[size_t{a} * kBlockingRules];
        const uint32_t* y = &block_of_[size_t{b} * kBlockingRules];
        // Without a branch: which rule is the first is anybody's guess.
        uint32_t same = 0;
#ifdef __SSE2__
        static_assert(kBlockingRules % 4 == 0);
        for (uint32_t r = 0; r < kBlockingRules; r += 4) {
            const __m128i equal = _mm_cmpeq_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + r)),
                                                  _mm_loadu_si128(reinterpret_cast<const __m128i*>(y + r)));
            same |= static_cast<uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(equal))) << r;
        }
#else
        for (uint32_t r = 0; r < kBlockingRules; ++r) same |= static_cast<uint32_t>(x[r] == y[r]) << r;
#endif
        return (same & ((uint32_t{1} << rule) - 1)) == 0;
    }

    const RecordStore& store_;
    const SharedValues& shared_;
    uint32_t limit_;
    const HashSet* known_;
    BlockingStats stats_;
    std::pmr::vector<uint32_t>
        block_of_;  // record-major, the rule's block; in no block: what no other record has
    std::pmr::vector<Rule> rules_;
    std::pmr::vector<Piece> pieces_;
};

}  // namespace cdp::identity
