// SPDX-License-Identifier: PostgreSQL
#include "similarity/qgram.hpp"

#include <cmath>

#include "similarity/kernels.hpp"
#include "similarity/limits.hpp"

namespace cdp::similarity {
namespace {

// Where the distinct grams of a text start, in their order.
template <typename Char>
std::pmr::vector<uint32_t> distinct_grams(std::span<const Char> text, size_t q, Tick& tick,
                                          std::pmr::memory_resource* memory) {
    std::pmr::vector<uint32_t> starts(text.size() - q + 1, memory);
    for (size_t i = 0; i < starts.size(); ++i) starts[i] = static_cast<uint32_t>(i);
    const auto gram = [&](uint32_t start) { return text.subspan(start, q); };
    std::sort(starts.begin(), starts.end(), [&](uint32_t x, uint32_t y) {
        tick();
        return std::ranges::lexicographical_compare(gram(x), gram(y));
    });
    const auto same = [&](uint32_t x, uint32_t y) { return std::ranges::equal(gram(x), gram(y)); };
    starts.erase(std::unique(starts.begin(), starts.end(), same), starts.end());
    return starts;
}

template <typename Char>
GramCounts count_long(std::span<const Char> a, std::span<const Char> b, size_t q, Tick& tick,
                      std::pmr::memory_resource* memory) {
    const std::pmr::vector<uint32_t> in_a = distinct_grams(a, q, tick, memory);
    const std::pmr::vector<uint32_t> in_b = distinct_grams(b, q, tick, memory);
    GramCounts counts{static_cast<uint32_t>(in_a.size()), static_cast<uint32_t>(in_b.size()), 0};
    for (size_t i = 0, j = 0; i < in_a.size() && j < in_b.size();) {
        tick();
        const auto x = a.subspan(in_a[i], q);
        const auto y = b.subspan(in_b[j], q);
        if (std::ranges::equal(x, y)) {
            ++counts.common;
            ++i;
            ++j;
        } else if (std::ranges::lexicographical_compare(x, y)) {
            ++i;
        } else {
            ++j;
        }
    }
    return counts;
}

// NUL is the mark: no text of the server has one.
template <typename Char>
class Padded {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    Padded(std::span<const Char> text, size_t marks, std::pmr::memory_resource* memory) : heap_(memory) {
        size_ = text.size() + 2 * marks;
        if (size_ > stack_.size()) heap_.resize(size_);
        Char* at = heap_.empty() ? stack_.data() : heap_.data();
        at = std::fill_n(at, marks, Char{0});
        at = std::copy(text.begin(), text.end(), at);
        std::fill_n(at, marks, Char{0});
    }
    std::span<const Char> span() const { return {heap_.empty() ? stack_.data() : heap_.data(), size_}; }

  private:
    std::array<Char, 2 * kWord> stack_;  // NOLINT
    std::pmr::vector<Char> heap_;
    size_t size_;
};

template <typename Char>
GramCounts count(std::span<const Char> a, std::span<const Char> b, size_t q, Tick& tick,
                 std::pmr::memory_resource* memory) {
    if (a.size() < q || b.size() < q) {
        const bool same = a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
        return {1, 1, same ? 1U : 0U};
    }
    if (std::max(a.size(), b.size()) <= kWord) return kernels<Char>().grams(a, b, q);
    return count_long(a, b, q, tick, memory);
}

double measure_of(const GramCounts& counts, GramMeasure measure) {
    const auto a = static_cast<double>(counts.in_a);
    const auto b = static_cast<double>(counts.in_b);
    const auto common = static_cast<double>(counts.common);
    switch (measure) {
        case GramMeasure::kJaccard:
            return common / (a + b - common);
        case GramMeasure::kDice:
            return 2.0 * common / (a + b);
        case GramMeasure::kCosine:
            return common / std::sqrt(a * b);
        case GramMeasure::kOverlap:
            return common / std::min(a, b);
    }
    return 0.0;
}

}  // namespace

double qgram(std::string_view a, std::string_view b, GramMeasure measure, int64_t q, bool padded, Tick& tick,
             std::pmr::memory_resource* memory, double cutoff) {
    if (q < 1 || q > kLongestGram) {
        throw Error(ErrorCode::kInvalidInput, "q is out of range",
                    "q, the characters in a gram, is 1 to " + std::to_string(kLongestGram) + ", not " +
                        std::to_string(q) + ".",
                    "Take 2 for names and 3 for longer texts.");
    }
    const auto size = static_cast<size_t>(q);
    return with_points(a, b, memory, [&](auto x, auto y) {
        using Char = std::remove_const_t<typename decltype(x)::element_type>;
        if (x.empty() || y.empty()) return cut(x.empty() && y.empty() ? 1.0 : 0.0, cutoff);
        if (!padded || size == 1) return cut(measure_of(count(x, y, size, tick, memory), measure), cutoff);
        const Padded<Char> padded_x(x, size - 1, memory);
        const Padded<Char> padded_y(y, size - 1, memory);
        return cut(measure_of(count(padded_x.span(), padded_y.span(), size, tick, memory), measure), cutoff);
    });
}

}  // namespace cdp::similarity
