// SPDX-License-Identifier: PostgreSQL
// Whole measures of two short ASCII texts in registers: the check that they are ASCII, the equal ends and the
// loop in one function, with few branches that depend on the data. kernels.cpp includes this after
// kernels_body.hpp for each level that has registers: classes Text32 and Text64 (masks of positions; high():
// lanes beyond ASCII; equal(), greater(): lanes that are so against another text) and equal_tail().

#define CDP_INLINE [[gnu::always_inline]] CDP_TARGET inline

constexpr size_t kShortest = 32;  // of Text32

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

template <typename Text, bool kWinkler>
CDP_INLINE double short_jaro_of(Bytes a, Bytes b) {
    const Text x(a, {});
    const Text y(b, {});
    if ((x.high() | y.high()) != 0) return kNotShort;
    const size_t shorter = a.size() < b.size() ? a.size() : b.size();
    const uint64_t same = x.equal(y) & low_bits(shorter);
    // The order that makes the result the same both ways: the lesser text first.
    size_t head = shorter;
    bool turned = a.size() > b.size();
    if (same != low_bits(shorter)) {
        head = static_cast<size_t>(__builtin_ctzll(~same));
        turned = ((x.greater(y) >> head) & 1) != 0;
    }
    const Bytes first(turned ? b.data() : a.data(), turned ? b.size() : a.size());
    const Bytes second(turned ? a.data() : b.data(), turned ? a.size() : b.size());
    const JaroMatches matches =
        jaro_loop<std::is_same_v<Text, Text32>>(head, first, second, Text(second, {}));
    const double score = jaro_score(matches, a.size(), b.size());
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
