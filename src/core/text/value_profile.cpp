// SPDX-License-Identifier: PostgreSQL
#include "text/value_profile.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <tuple>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "text/prepare.hpp"
#include "text/value_pattern.hpp"

namespace cdp::text {
namespace {

constexpr size_t kFirstSlots = 64;
constexpr size_t kFewestValues = 32;
// A value is in the sample for being frequent when it has this share of the filled rows.
constexpr double kFrequent = 0.002;
constexpr size_t kMostFrequent = 200;

uint32_t saturate(size_t number) {
    return static_cast<uint32_t>(std::min<size_t>(number, UINT32_MAX));
}

struct NumberRange {
    std::string_view low, high;
    double low_value = 0;
    double high_value = 0;

    NumberRange(std::string_view low_text, std::string_view high_text) {
        add(low_text);
        add(high_text);
    }
    void add(std::string_view text) {
        const auto number = plain_number(text);
        if (!number) return;
        if (low.empty() || *number < low_value) {
            low = text;
            low_value = *number;
        }
        if (high.empty() || *number > high_value) {
            high = text;
            high_value = *number;
        }
    }
};

}  // namespace

ProfileLimits ProfileLimits::for_budget(size_t bytes, size_t columns) {
    ProfileLimits limits;
    // A quarter stays for the results; a vector that grows holds the old and the new for a moment.
    const size_t share = bytes / 4 * 3 / std::max<size_t>(columns, 1);
    constexpr size_t kPerValue = 2 * (32 + 3 * sizeof(uint32_t));
    limits.values = std::clamp<size_t>(share / 2 / kPerValue, kFewestValues, limits.values);
    limits.text_bytes = std::clamp<size_t>(share / 2 / 3, kFewestValues * kKeptBytes / 4, limits.text_bytes);
    limits.patterns = std::min(limits.patterns, limits.values / 8);
    if (share < (size_t{1} << 20)) limits.sketch_bits = 10;
    return limits;
}

std::optional<double> plain_number(std::string_view text) {
    constexpr size_t kLongest = 60;
    if (text.empty() || text.size() > kLongest || !is_digit(text.back())) return std::nullopt;
    if (!is_digit(text.front()) && text.front() != '-') return std::nullopt;
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

ValueProfile::ValueProfile(const ProfileLimits& limits, std::pmr::memory_resource* memory)
    : limits_(limits),
      memory_(memory),
      entries_(memory),
      slots_(kFirstSlots, 0, memory),
      arena_(memory),
      thrown_out_patterns_(limits.patterns, memory) {}

void ValueProfile::add(std::string_view content, std::string_view shown) {
    ++rows_;
    if (is_blank(shown)) return;
    ++filled_;
    const uint64_t hash = hash64(content);
    const std::string_view kept = clip_utf8(shown, kKeptBytes);
    const uint32_t bytes = saturate(content.size());
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
        Entry& entry = entries_[slots_[at] - 1];
        if (entry.hash == hash && entry.bytes == bytes && text_of(entry) == kept) {
            ++entry.rows;
            total_length_ += entry.length;
            return;
        }
    }
    insert(hash, content, kept);
}

void ValueProfile::insert(uint64_t hash, std::string_view content, std::string_view kept) {
    if (entries_.size() == limits_.values || arena_.size() + kept.size() > limits_.text_bytes) make_room();
    if (2 * (entries_.size() + 1) > slots_.size()) fill_slots(2 * slots_.size());
    const bool is_text = content.data() == kept.data();
    const size_t length = is_text ? count_characters(content) : content.size();
    total_length_ += length;
    min_length_ = std::min<uint64_t>(min_length_, length);
    max_length_ = std::max<uint64_t>(max_length_, length);
    if (sketch_) sketch_->add(hash);
    entries_.push_back({hash, 1, saturate(arena_.size()), saturate(kept.size()), saturate(content.size()),
                        saturate(length)});
    arena_ += kept;
    const size_t mask = slots_.size() - 1;
    size_t at = hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = saturate(entries_.size());
}

void ValueProfile::fill_slots(size_t size) {
    slots_.assign(size, 0);
    const size_t mask = size - 1;
    for (size_t i = 0; i < entries_.size(); ++i) {
        size_t at = entries_[i].hash & mask;
        while (slots_[at] != 0) at = (at + 1) & mask;
        slots_[at] = saturate(i + 1);
    }
}

size_t ValueProfile::sample_size() const {
    return std::min({limits_.sample, limits_.values / 4, limits_.text_bytes / 4 / kKeptBytes});
}

void ValueProfile::make_room() {
    if (!sketch_) {
        sketch_.emplace(limits_.sketch_bits, memory_);
        for (const Entry& entry : entries_) sketch_->add(entry.hash);
    }
    // The limit of the sample falls with every value that comes below it.
    std::pmr::vector<uint64_t> hashes(memory_);
    for (const Entry& entry : entries_) {
        if (entry.hash < sample_below_) hashes.push_back(entry.hash);
    }
    if (hashes.size() > sample_size()) {
        const auto limit = hashes.begin() + static_cast<std::ptrdiff_t>(sample_size());
        std::nth_element(hashes.begin(), limit, hashes.end());
        sample_below_ = *limit;
    }
    // The sample first, then the most frequent.
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        return std::tuple(a.hash >= sample_below_, ~a.rows, a.hash) <
               std::tuple(b.hash >= sample_below_, ~b.rows, b.hash);
    });
    size_t stay = 0;
    std::pmr::string texts(memory_);
    for (; stay < std::min(entries_.size(), limits_.values / 2); ++stay) {
        Entry& entry = entries_[stay];
        if (texts.size() + entry.kept > limits_.text_bytes / 2) break;
        const uint32_t offset = saturate(texts.size());
        texts += text_of(entry);
        entry.offset = offset;
    }
    for (size_t i = stay; i < entries_.size(); ++i) throw_out(entries_[i]);
    entries_.resize(stay);
    arena_ = std::move(texts);
    fill_slots(slots_.size());
}

void ValueProfile::throw_out(const Entry& entry) {
    const std::string_view text = text_of(entry);
    thrown_out_patterns_.add(text, entry.hash, entry.rows);
    if (!low_text_ || text < *low_text_) low_text_ = text;
    if (!high_text_ || text > *high_text_) high_text_ = text;
    NumberRange range(low_number_, high_number_);
    range.add(text);
    // Both before either changes: the range looks into the two strings.
    const bool is_low = range.low.data() == text.data();
    const bool is_high = range.high.data() == text.data();
    if (is_low) low_number_ = text;
    if (is_high) high_number_ = text;
}

uint64_t ValueProfile::distinct() const {
    if (!sketch_) return entries_.size();
    return std::min(filled_, static_cast<uint64_t>(sketch_->estimate() + 0.5));
}

ProfiledValue ValueProfile::value_of(const Entry& entry) const {
    return {text_of(entry), entry.hash, entry.rows, static_cast<double>(entry.rows),
            entry.bytes > entry.kept && entry.kept + 4 > kKeptBytes};
}

std::pmr::vector<uint32_t> ValueProfile::most_frequent(size_t count, Tick& tick) const {
    std::pmr::vector<uint32_t> order(entries_.size(), memory_);
    std::iota(order.begin(), order.end(), 0u);
    count = std::min(count, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](uint32_t a, uint32_t b) {
                          tick();
                          const Entry& first = entries_[a];
                          const Entry& second = entries_[b];
                          if (first.rows != second.rows) return first.rows > second.rows;
                          return std::tuple(text_of(first), first.hash) <
                                 std::tuple(text_of(second), second.hash);
                      });
    order.resize(count);
    return order;
}

std::vector<ProfiledValue> ValueProfile::top_values(size_t count, Tick& tick) const {
    std::vector<ProfiledValue> result;
    for (const uint32_t i : most_frequent(count, tick)) result.push_back(value_of(entries_[i]));
    return result;
}

std::vector<PatternShare> ValueProfile::top_patterns(size_t count, Tick& tick) const {
    PatternCounter counter(SIZE_MAX, memory_);
    for (const Entry& entry : entries_) {
        tick();
        counter.add(text_of(entry), entry.hash, entry.rows);
    }
    counter.add_all(thrown_out_patterns_, tick);
    return counter.top(count, tick);
}

ValueProfile::Values ValueProfile::sample(Tick& tick) const {
    const auto by_hash = [](const ProfiledValue& a, const ProfiledValue& b) {
        return std::tie(a.hash, a.text) < std::tie(b.hash, b.text);
    };
    Values result(memory_);
    const size_t wanted = limits_.sample;
    if (is_exact() && entries_.size() <= wanted) {
        for (const Entry& entry : entries_) result.push_back(value_of(entry));
        std::sort(result.begin(), result.end(), by_hash);
        return result;
    }
    const double frequent = kFrequent * static_cast<double>(filled_);
    std::pmr::vector<uint32_t> taken = most_frequent(std::min(kMostFrequent, wanted / 4), tick);
    std::erase_if(taken, [&](uint32_t i) {
        return entries_[i].rows < 2 || static_cast<double>(entries_[i].rows) < frequent;
    });
    std::sort(taken.begin(), taken.end());
    double rest = static_cast<double>(filled_);
    for (size_t i = 0; i < entries_.size(); ++i) {
        tick();
        if (std::binary_search(taken.begin(), taken.end(), static_cast<uint32_t>(i))) continue;
        if (entries_[i].hash < sample_below_) result.push_back(value_of(entries_[i]));
    }
    if (const size_t others = wanted - taken.size(); result.size() > others) {
        const auto end = result.begin() + static_cast<std::ptrdiff_t>(others);
        std::nth_element(result.begin(), end, result.end(), by_hash);
        result.erase(end, result.end());
    }
    std::sort(result.begin(), result.end(), by_hash);
    double rows = 0;
    for (const ProfiledValue& value : result) rows += value.weight;
    for (const uint32_t i : taken) rest -= static_cast<double>(entries_[i].rows);
    for (ProfiledValue& value : result) value.weight *= std::max(rest, 0.0) / rows;
    for (const uint32_t i : taken) result.push_back(value_of(entries_[i]));
    std::sort(result.begin(), result.end(), by_hash);
    return result;
}

ValueProfile::Values ValueProfile::weighted_values(Tick& tick) const {
    if (!is_exact()) return sample(tick);
    Values result(memory_);
    result.reserve(entries_.size());
    for (const Entry& entry : entries_) {
        tick();
        result.push_back(value_of(entry));
    }
    return result;
}

std::pair<std::string_view, std::string_view> ValueProfile::text_range(Tick& tick) const {
    std::optional<std::string_view> low;
    std::optional<std::string_view> high;
    if (low_text_) low = *low_text_;
    if (high_text_) high = *high_text_;
    for (const Entry& entry : entries_) {
        tick();
        const std::string_view text = text_of(entry);
        if (!low || text < *low) low = text;
        if (!high || text > *high) high = text;
    }
    return {low.value_or(""), high.value_or("")};
}

std::pair<std::string_view, std::string_view> ValueProfile::number_range(Tick& tick) const {
    NumberRange range(low_number_, high_number_);
    for (const Entry& entry : entries_) {
        tick();
        range.add(text_of(entry));
    }
    return {range.low, range.high};
}

}  // namespace cdp::text
