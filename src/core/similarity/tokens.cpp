// SPDX-License-Identifier: PostgreSQL
#include "similarity/tokens.hpp"

#include <bit>

#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/limits.hpp"

namespace cdp::similarity {
namespace {

// A list on the stack that moves to `memory` when it gets longer than kInline.
template <typename T, size_t kInline>
class Inline {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    explicit Inline(std::pmr::memory_resource* memory) : heap_(memory) {}
    void reserve(size_t size) {
        if (size > kInline) heap_.resize(size);
        data_ = heap_.empty() ? stack_.data() : heap_.data();
    }
    void push(const T& value) {
        if (size_ == capacity()) {
            const size_t larger = size_ * 4;
            const bool moves = heap_.empty();
            heap_.resize(larger);
            if (moves)
                std::copy(stack_.begin(), stack_.begin() + static_cast<ptrdiff_t>(size_), heap_.begin());
            data_ = heap_.data();
        }
        data_[size_++] = value;
    }
    T* data() { return data_; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    T& operator[](size_t i) { return data_[i]; }
    size_t size() const { return size_; }
    void shrink(size_t size) { size_ = size; }

  private:
    size_t capacity() const { return heap_.empty() ? kInline : heap_.size(); }
    std::array<T, kInline> stack_;  // NOLINT
    std::pmr::vector<T> heap_;
    T* data_ = stack_.data();
    size_t size_ = 0;
};

template <typename Char>
struct Word {
    const Char* data;
    uint64_t key;  // its first characters, so that most comparisons are of two numbers
    uint32_t size;
    std::span<const Char> span() const { return {data, size}; }
};

// Big-endian, zeros behind a short word: in the order of the characters.
inline uint64_t key_of(const unsigned char* word, size_t size, const unsigned char* end) {
    if constexpr (std::endian::native == std::endian::little) {
        if (end - word >= 8) {
            const uint64_t eight = __builtin_bswap64(load64(word));
            return size >= 8 ? eight : eight & ~(~uint64_t{0} >> (8 * size));
        }
    }
    uint64_t key = 0;
    for (size_t i = 0; i < 8; ++i) key = key << 8 | (i < size ? word[i] : 0);
    return key;
}
inline uint64_t key_of(const char32_t* word, size_t size, const char32_t*) {
    return uint64_t{word[0]} << 32 | (size > 1 ? uint64_t{word[1]} : 0);
}

template <typename Char>
bool operator<(const Word<Char>& a, const Word<Char>& b) {
    if (a.key != b.key) return a.key < b.key;
    return std::lexicographical_compare(a.data, a.data + a.size, b.data, b.data + b.size);
}
template <typename Char>
bool operator==(const Word<Char>& a, const Word<Char>& b) {
    return a.key == b.key && a.size == b.size && std::equal(a.data, a.data + a.size, b.data);
}

template <typename Char>
using Words = Inline<Word<Char>, 32>;
template <typename Char>
using Joined = Inline<Char, 128>;

template <typename Char>
void split(std::span<const Char> text, Words<Char>& words, Tick& tick) {
    const Char* at = text.data();
    const Char* const end = at + text.size();
    while (at != end) {
        while (at != end && is_space(*at)) ++at;
        const Char* const start = at;
        while (at != end && !is_space(*at)) ++at;
        if (at == start) break;
        const auto size = static_cast<uint32_t>(at - start);
        words.push({start, key_of(start, size, end), size});
        tick();
    }
}

template <typename Char>
void sort(Words<Char>& words, Tick& tick) {
    if (words.size() > 16) {
        std::sort(words.begin(), words.end(), [&](const Word<Char>& a, const Word<Char>& b) {
            tick();
            return a < b;
        });
        return;
    }
    for (size_t i = 1; i < words.size(); ++i) {
        const Word<Char> word = words[i];
        size_t at = i;
        for (; at > 0 && word < words[at - 1]; --at) words[at] = words[at - 1];
        words[at] = word;
    }
}

// The words with a space between; not for long texts only, as the words stand in the text.
template <typename Char>
std::span<const Char> join(Words<Char>& words, Joined<Char>& to) {
    size_t size = 0;
    for (const Word<Char>& word : words) size += word.size + 1;
    if (size == 0) return {};
    to.reserve(size);
    Char* at = to.data();
    for (const Word<Char>& word : words) {
        at = std::copy(word.data, word.data + word.size, at);
        *at++ = Char{' '};
    }
    return {to.data(), size - 1};
}

template <typename Char>
size_t indel_of(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                std::pmr::memory_resource* memory) {
    return a.size() + b.size() - 2 * subsequence(a, b, tick, memory);
}

template <typename Char>
double sorted_ratio(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                    std::pmr::memory_resource* memory) {
    Words<Char> words_a(memory);
    Words<Char> words_b(memory);
    split(a, words_a, tick);
    split(b, words_b, tick);
    sort(words_a, tick);
    sort(words_b, tick);
    Joined<Char> joined_a(memory);
    Joined<Char> joined_b(memory);
    const std::span<const Char> x = join(words_a, joined_a);
    const std::span<const Char> y = join(words_b, joined_b);
    return similarity_of(indel_of(x, y, tick, memory), x.size() + y.size());
}

template <typename Char>
void remove_repeated(Words<Char>& words) {
    words.shrink(static_cast<size_t>(std::unique(words.begin(), words.end()) - words.begin()));
}

template <typename Char>
double set_ratio(std::span<const Char> a, std::span<const Char> b, Tick& tick,
                 std::pmr::memory_resource* memory) {
    Words<Char> only_a(memory);
    Words<Char> only_b(memory);
    split(a, only_a, tick);
    split(b, only_b, tick);
    if (only_a.size() == 0 || only_b.size() == 0) return only_a.size() == only_b.size() ? 1.0 : 0.0;
    sort(only_a, tick);
    sort(only_b, tick);
    remove_repeated(only_a);
    remove_repeated(only_b);
    // What both have goes out of both lists; of it only the length is needed.
    size_t common = 0;
    size_t kept_a = 0;
    size_t kept_b = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < only_a.size() && j < only_b.size()) {
        tick();
        if (only_a[i] == only_b[j]) {
            common += only_a[i].size + (common > 0 ? 1 : 0);
            ++i;
            ++j;
        } else if (only_a[i] < only_b[j]) {
            only_a[kept_a++] = only_a[i++];
        } else {
            only_b[kept_b++] = only_b[j++];
        }
    }
    while (i < only_a.size()) only_a[kept_a++] = only_a[i++];
    while (j < only_b.size()) only_b[kept_b++] = only_b[j++];
    only_a.shrink(kept_a);
    only_b.shrink(kept_b);
    if (common > 0 && (kept_a == 0 || kept_b == 0)) return 1.0;
    Joined<Char> joined_a(memory);
    Joined<Char> joined_b(memory);
    const std::span<const Char> rest_a = join(only_a, joined_a);
    const std::span<const Char> rest_b = join(only_b, joined_b);
    // The common words stand first in both, and edits are in what comes after them.
    const size_t space = common > 0 ? 1 : 0;
    const size_t size_a = common + space + rest_a.size();
    const size_t size_b = common + space + rest_b.size();
    double best = similarity_of(indel_of(rest_a, rest_b, tick, memory), size_a + size_b);
    if (common > 0) {
        best = std::max(best, similarity_of(space + rest_a.size(), common + size_a));
        best = std::max(best, similarity_of(space + rest_b.size(), common + size_b));
    }
    return best;
}

template <typename Char>
double best_matches(Words<Char>& of, Words<Char>& among, Tick& tick, std::pmr::memory_resource* memory) {
    double sum = 0.0;
    for (const Word<Char>& word : of) {
        double best = 0.0;
        for (const Word<Char>& other : among) {
            tick();
            best = std::max(best, jaro_winkler(word.span(), other.span(), tick, memory));
            if (best >= 1.0) break;
        }
        sum += best;
    }
    return sum / static_cast<double>(of.size());
}

template <typename Char>
double monge_elkan_points(std::span<const Char> a, std::span<const Char> b, bool symmetric, Tick& tick,
                          std::pmr::memory_resource* memory) {
    Words<Char> words_a(memory);
    Words<Char> words_b(memory);
    split(a, words_a, tick);
    split(b, words_b, tick);
    if (words_a.size() == 0 || words_b.size() == 0) return words_a.size() == words_b.size() ? 1.0 : 0.0;
    const double there = best_matches(words_a, words_b, tick, memory);
    if (!symmetric) return there;
    return (there + best_matches(words_b, words_a, tick, memory)) / 2.0;
}

}  // namespace

double token_sort(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                  double cutoff) {
    return with_points(a, b, memory,
                       [&](auto x, auto y) { return cut(sorted_ratio(x, y, tick, memory), cutoff); });
}

double token_set(std::string_view a, std::string_view b, Tick& tick, std::pmr::memory_resource* memory,
                 double cutoff) {
    return with_points(a, b, memory,
                       [&](auto x, auto y) { return cut(set_ratio(x, y, tick, memory), cutoff); });
}

double monge_elkan(std::string_view a, std::string_view b, bool symmetric, Tick& tick,
                   std::pmr::memory_resource* memory, double cutoff) {
    return with_points(a, b, memory, [&](auto x, auto y) {
        return cut(monge_elkan_points(x, y, symmetric, tick, memory), cutoff);
    });
}

}  // namespace cdp::similarity
