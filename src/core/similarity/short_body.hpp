// SPDX-License-Identifier: PostgreSQL
// Whole measures of two short ASCII texts in registers: the check that they are ASCII, the equal ends and the
// loop in one function, with few branches that depend on the data. kernels.cpp includes this after
// kernels_body.hpp for each level that has registers: classes Text32 and Text64 (masks of positions; high():
// lanes beyond ASCII; equal(), greater(): lanes that are so against another text; unless(): one of two of the
// short ones) and equal_tail().

#define CDP_INLINE [[gnu::always_inline]] CDP_TARGET inline

// The masks of a text without its first characters.
template <typename Text>
class Beheaded {
  public:
    CDP_LANES Beheaded(const Text& text, size_t head) : text_(text), head_(head) {}
    CDP_LANES uint64_t operator[](unsigned char c) const { return text_[c] >> head_; }

  private:
    const Text text_;
    const size_t head_;
};

// The equal ends are found at the same time, in the whole texts, and nothing is loaded again after them: what
// the loop waits for is the length of the equal beginnings.
template <typename Text, bool kSwaps>
CDP_INLINE int32_t short_distance_of(const unsigned char* a, size_t a_size, const unsigned char* b,
                                     size_t b_size) {
    const Text x(Bytes(a, a_size), {});
    const Text y(Bytes(b, b_size), {});
    if ((x.high() | y.high()) != 0) return kNotShort;
    const uint64_t differ = ~(x.equal(y) & low_bits(a_size));
    const size_t head = differ == 0 ? kWord : static_cast<size_t>(__builtin_ctzll(differ));
    if (head == a_size) return static_cast<int32_t>(b_size - a_size);
    const size_t same = equal_tail<Text>(a, a_size, b, b_size);
    const size_t most = a_size - head;
    const size_t tail = same < most ? same : most;
    const Beheaded<Text> positions(y, head);
    return static_cast<int32_t>(
        edit_loop<kSwaps>(b_size - head - tail, Bytes(a + head, most - tail), positions));
}

template <bool kSwaps>
CDP_INLINE int32_t short_distance(Bytes a, Bytes b) {
    // The shorter one is walked through. Selected, not branched to: which it is cannot be foretold.
    const bool turned = a.size() > b.size();
    const unsigned char* first = turned ? b.data() : a.data();
    const unsigned char* second = turned ? a.data() : b.data();
    const size_t shorter = turned ? b.size() : a.size();
    const size_t longer = turned ? a.size() : b.size();
    if (longer <= kShortest) return short_distance_of<Text32, kSwaps>(first, shorter, second, longer);
    if (longer <= kWord) return short_distance_of<Text64, kSwaps>(first, shorter, second, longer);
    return kNotShort;
}

CDP_TARGET int32_t short_levenshtein(Bytes a, Bytes b) {
    return short_distance<false>(a, b);
}
CDP_TARGET int32_t short_osa(Bytes a, Bytes b) {
    return short_distance<true>(a, b);
}

template <typename Text>
CDP_INLINE int32_t short_subsequence_of(Bytes a, Bytes b) {
    const Text x(a, {});
    const Text y(b, {});
    if ((x.high() | y.high()) != 0) return kNotShort;
    const bool turned = a.size() > b.size();
    const Bytes text(turned ? b.data() : a.data(), turned ? b.size() : a.size());
    const Bytes pattern(turned ? a.data() : b.data(), turned ? a.size() : b.size());
    return static_cast<int32_t>(subsequence_loop(pattern.size(), text, Text(pattern, {})));
}

CDP_TARGET int32_t short_subsequence(Bytes a, Bytes b) {
    const size_t longer = a.size() > b.size() ? a.size() : b.size();
    if (longer <= kShortest) return short_subsequence_of<Text32>(a, b);
    if (longer <= kWord) return short_subsequence_of<Text64>(a, b);
    return kNotShort;
}

// `one`, or the other if all bits of `turned` are set.
CDP_INLINE const unsigned char* either(uint64_t turned, const unsigned char* one,
                                       const unsigned char* other) {
    const auto difference = reinterpret_cast<uintptr_t>(one) ^ reinterpret_cast<uintptr_t>(other);
    return reinterpret_cast<const unsigned char*>(reinterpret_cast<uintptr_t>(one) ^ (turned & difference));
}

// jaro_score() from the table; nothing matched gives 0 without a branch.
CDP_INLINE double narrow_score(JaroMatches matches, size_t a, size_t b) {
    const size_t matched = matches.matched;
    return (kQuotients[a][matched] + kQuotients[b][matched] +
            kQuotients[matched][matched - matches.out_of_order / 2]) /
           3.0;
}

template <typename Text, bool kWinkler>
CDP_INLINE double short_jaro_of(Bytes a, Bytes b) {
    const Text x(a, {});
    const Text y(b, {});
    if ((x.high() | y.high()) != 0) return kNotShort;
    constexpr bool kNarrow = std::is_same_v<Text, Text32>;
    const size_t shorter = a.size() < b.size() ? a.size() : b.size();
    const uint64_t differ = ~(x.equal(y) & (kNarrow ? (uint64_t{1} << shorter) - 1 : low_bits(shorter)));
    const size_t head = !kNarrow && differ == 0 ? kWord : static_cast<size_t>(__builtin_ctzll(differ));
    // The order that makes the result the same both ways: the lesser text first. Selected by masks that the
    // compiler cannot see through, not branched to: which it is cannot be foretold.
    const uint64_t longer = static_cast<uint64_t>(a.size() > b.size()) << (shorter % kWord);
    uint64_t turned = 0 - (((x.greater(y) | longer) >> (head % kWord)) & 1);
    asm("" : "+r"(turned));
    const size_t sizes = turned & (a.size() ^ b.size());
    const Bytes first(either(turned, a.data(), b.data()), a.size() ^ sizes);
    const Bytes second(either(turned, b.data(), a.data()), b.size() ^ sizes);
    JaroMatches matches;
    if constexpr (kNarrow) {
        matches = jaro_loop<true>(head, first, second, y.unless(turned, x));
    } else {
        matches = jaro_loop<false>(head, first, second, Text(second, {}));
    }
    const double score =
        kNarrow ? narrow_score(matches, a.size(), b.size()) : jaro_score(matches, a.size(), b.size());
    return kWinkler ? boosted_score(score, head) : score;
}

template <bool kWinkler>
CDP_TARGET double short_jaro_kind(Bytes a, Bytes b) {
    const size_t longer = a.size() > b.size() ? a.size() : b.size();
    if (longer <= kShortest) return short_jaro_of<Text32, kWinkler>(a, b);
    if (longer <= kWord) return short_jaro_of<Text64, kWinkler>(a, b);
    return kNotShort;
}

constexpr ShortKernels kShortKernels{short_levenshtein, short_osa, short_subsequence, short_jaro_kind<false>,
                                     short_jaro_kind<true>};

#undef CDP_INLINE
