// SPDX-License-Identifier: PostgreSQL
// What one column of text holds: how many rows, filled rows and different values, how long they are, which
// are the most frequent, what they look like, and a sample of them to judge the meaning by. One pass, in
// bounded memory. As long as all different values can be remembered everything is exact and independent of
// the order of the rows.
//
// When the room is used up, the values that came least often make way for new ones, half of them at a time
// (after the Lossy Counting of Manku and Motwani 2002): the counts of what is left are then lower bounds and
// the number of different values is estimated by HyperLogLog. Values with the smallest hashes are never
// thrown out (Wegman's adaptive sampling, Flajolet 1990): they are a sample of the different values whose
// counts are exact.
//
// Cost: some 50 ns for a value seen before, 150 ns for a new one, and a reading of all kept values at the
// end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tick.hpp"
#include "text/distinct_sketch.hpp"
#include "text/pattern_counter.hpp"

namespace cdp::text {

constexpr size_t kKeptBytes = 160;  // of a longer value the beginning is kept

struct ProfileLimits {
    size_t values = 131072;         // different values remembered
    size_t text_bytes = 16u << 20;  // and bytes of their text
    size_t sample = 2000;           // different values in the sample
    size_t patterns = 8192;         // shapes remembered of values thrown out
    unsigned sketch_bits = 14;      // of the estimate of different values

    // What each of `columns` profiles can have when all together may use `bytes`.
    static ProfileLimits for_budget(size_t bytes, size_t columns);
};

// A value and the rows that have it. `text` is cut to kKeptBytes, and valid until the profile changes.
struct ProfiledValue {
    std::string_view text;
    uint64_t hash = 0;
    uint64_t rows = 0;  // a lower bound when values were thrown out
    double weight = 0;  // in a sample: the rows it stands for, its own and those of values left out
    bool is_cut = false;
};

// The value of plain digits with a sign and a decimal point ("-12.50"), as the server writes numbers.
std::optional<double> plain_number(std::string_view text);

class ValueProfile {
  public:
    ValueProfile(const ProfileLimits& limits, std::pmr::memory_resource* memory);

    void add_null() { ++rows_; }
    // Blank text counts as a row that is not filled.
    void add(std::string_view value) { add(value, value); }
    // Of binary content: `content` decides what is the same and how long it is, in bytes; `shown` is its
    // text.
    void add(std::string_view content, std::string_view shown);

    uint64_t rows() const { return rows_; }
    uint64_t filled() const { return filled_; }
    bool is_exact() const { return !sketch_.has_value(); }
    uint64_t distinct() const;
    // In characters, of filled values; 0 when there is none.
    uint64_t min_length() const { return filled_ == 0 ? 0 : min_length_; }
    uint64_t max_length() const { return max_length_; }
    uint64_t total_length() const { return total_length_; }

    // The most frequent values, ties in the order of their bytes.
    std::vector<ProfiledValue> top_values(size_t count, Tick& tick) const;
    std::vector<PatternShare> top_patterns(size_t count, Tick& tick) const;

    using Values = std::pmr::vector<ProfiledValue>;
    // The frequent values and others chosen by their hash, in the order of hashes; their weights add up to
    // filled(). All values when they are no more than the limit.
    Values sample(Tick& tick) const;
    // All values when they are remembered, else the sample.
    Values weighted_values(Tick& tick) const;

    // The first and the last value in the order of their bytes (cut to kKeptBytes).
    std::pair<std::string_view, std::string_view> text_range(Tick& tick) const;
    // The smallest and the greatest plain number, as written; empty when there is none.
    std::pair<std::string_view, std::string_view> number_range(Tick& tick) const;

  private:
    struct Entry {
        uint64_t hash;
        uint64_t rows;
        uint32_t offset;  // into arena_
        uint32_t kept;    // bytes there
        uint32_t bytes;   // of the content
        uint32_t length;  // in characters
    };

    std::string_view text_of(const Entry& entry) const {
        return std::string_view(arena_).substr(entry.offset, entry.kept);
    }
    ProfiledValue value_of(const Entry& entry) const;
    void insert(uint64_t hash, std::string_view content, std::string_view kept);
    void fill_slots(size_t size);
    void make_room();
    void throw_out(const Entry& entry);
    size_t sample_size() const;
    // Indexes of entries by rows, the most first.
    std::pmr::vector<uint32_t> most_frequent(size_t count, Tick& tick) const;

    ProfileLimits limits_;
    std::pmr::memory_resource* memory_;
    uint64_t rows_ = 0;
    uint64_t filled_ = 0;
    uint64_t total_length_ = 0;
    uint64_t min_length_ = UINT64_MAX;
    uint64_t max_length_ = 0;
    std::pmr::vector<Entry> entries_;
    std::pmr::vector<uint32_t> slots_;  // index into entries_ plus one; a power of two of them
    std::pmr::string arena_;

    // Since the first value was thrown out:
    std::optional<DistinctSketch> sketch_;
    uint64_t sample_below_ = UINT64_MAX;  // values with a smaller hash stay
    PatternCounter thrown_out_patterns_;
    std::optional<std::string> low_text_, high_text_;
    std::string low_number_, high_number_;
};

}  // namespace cdp::text
