// SPDX-License-Identifier: PostgreSQL
// The kernels, written once. kernels.cpp includes this file once for each level, inside a namespace that
// defines CDP_TARGET (the attributes of a function that a level calls) and Positions<Char>: Short and Full,
// the position masks for patterns of up to 32 and up to 64 characters. There is no include guard for that
// reason.
//
// Everything inside an inner loop is always_inline and of internal linkage: nothing that was compiled for
// AVX2 may stand in for a function of the same name in other code. No lambdas: they do not inherit a target.

#define CDP_INLINE [[gnu::always_inline]] CDP_TARGET inline

CDP_INLINE uint64_t low_bits(size_t n) {
    return n >= kWord ? ~uint64_t{0} : (uint64_t{1} << n) - 1;
}
CDP_INLINE uint32_t count_bits(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
}

// How far from its own position a character may match.
CDP_INLINE size_t window_of(size_t a, size_t b) {
    const size_t half = (a > b ? a : b) / 2;
    return half - static_cast<size_t>(half > 0);
}

// The lowest bit that is set; whether there is one enters `found` at the top, the rest moves right.
CDP_INLINE uint64_t take_first(uint64_t here, uint64_t& found) {
#if CDP_BLSI
    uint64_t low = 0;
    asm("blsi %[here], %[low]\n\trcr $1, %[found]"
        : [low] "=r"(low), [found] "+r"(found)
        : [here] "r"(here)
        : "cc");
    return low;
#else
    found = found >> 1 | static_cast<uint64_t>(here != 0) << (kWord - 1);
    return here & (0 - here);
#endif
}

// kNarrow: neither has more than 32 characters, so that the whole window fits into a word wherever it is. The
// first `head` characters are the same: each of them takes its own position, as all before it are taken.
template <bool kNarrow, typename Char, typename Masks>
CDP_INLINE JaroMatches jaro_loop(size_t head, std::span<const Char> a, std::span<const Char> b,
                                 const Masks& positions) {
    const Char* first = a.data();
    const size_t size = a.size();
    const size_t window = window_of(size, b.size());
    // The places near enough. A narrow window goes round: what would lie before the text lies beyond its end.
    uint64_t near = kNarrow ? std::rotl((uint64_t{1} << (2 * window + 1)) - 1,
                                        static_cast<int>(head) - static_cast<int>(window))
                            : low_bits(window + 1 + head) & ~low_bits(head > window ? head - window : 0);
    const uint64_t all_a = kNarrow ? (uint64_t{1} << head) - 1 : low_bits(head);
    const uint64_t all_b = kNarrow ? (uint64_t{1} << b.size()) - 1 : low_bits(b.size());
    uint64_t free = all_b & ~all_a;
    uint64_t in_a = kNarrow ? all_a << ((kWord - head) % kWord) : all_a;
    for (size_t i = head; i < size; ++i) {
        const uint64_t here = positions[first[i]] & near & free;
        if constexpr (kNarrow) {
            // Each step moves what was found to the right, so that the last of a comes to the highest bit.
            free ^= take_first(here, in_a);
            near = std::rotl(near, 1);
        } else {
            free ^= here & (0 - here);  // the first of them is taken
            in_a |= static_cast<uint64_t>(here != 0) << i;
            near = near << 1 | static_cast<uint64_t>(i < window);
        }
    }
    if constexpr (kNarrow) {
        in_a >>= kWord - size;
        if (size > 32) __builtin_unreachable();
    }
    JaroMatches matches;
    matches.matched = count_bits(in_a);
    matches.out_of_order = positions.differing(a, in_a, b, all_b & ~free);
    return matches;
}

#ifndef CDP_OWN_EDIT_LOOP
// A column of the table as differences between neighbours: a bit of plus (minus) says that its row is one
// more (less) than the row above. `zero`: equal to the cell above to the left. not_right: the cell is not one
// more than the one on its left. Written for the shortest chain of dependent instructions: 7 for each
// character.
template <bool kSwaps, typename Char, typename Masks>
CDP_INLINE uint32_t edit_loop(size_t pattern, std::span<const Char> text, const Masks& positions) {
    uint64_t plus = ~uint64_t{0};
    uint64_t minus = 0;
    [[maybe_unused]] uint64_t zero_before = 0;
    [[maybe_unused]] uint64_t match_before = 0;
    const Char* at = text.data();
    const size_t size = text.size();
    for (size_t i = 0; i < size; ++i) {
        const uint64_t match = positions[at[i]];
        uint64_t known = match;
        if constexpr (kSwaps) known |= ((~zero_before & match) << 1) & match_before;
        const uint64_t sum = (match & plus) + plus;
        const uint64_t zero = (sum ^ plus) | (known | minus);
        const uint64_t not_right = ((sum | (plus | known)) & ~minus) << 1;
        const uint64_t right_minus = (zero & plus) << 1;
        plus = right_minus | (not_right & ~zero);
        minus = zero & ~not_right;
        if constexpr (kSwaps) {
            zero_before = zero;
            match_before = match;
        }
    }
    const uint64_t rows = low_bits(pattern);
    return static_cast<uint32_t>(size) + count_bits(plus & rows) - count_bits(minus & rows);
}
#endif

// A bit of the row is 0 where the common subsequence gets longer.
CDP_INLINE uint64_t next_row(uint64_t row, uint64_t match) {
    const uint64_t both = row & match;
    return (row + both) | (row - both);
}

template <typename Char, typename Masks>
CDP_INLINE uint32_t subsequence_loop(size_t pattern, std::span<const Char> text, const Masks& positions) {
    uint64_t row = ~uint64_t{0};
    const Char* at = text.data();
    const size_t size = text.size();
    for (size_t i = 0; i < size; ++i) row = next_row(row, positions[at[i]]);
    return count_bits(~row & low_bits(pattern));
}

template <typename Char, typename Masks>
CDP_INLINE void subsequences_loop(size_t pattern, std::span<const Char> text, const Masks& positions,
                                  uint8_t* lengths) {
    uint64_t row = ~uint64_t{0};
    const uint64_t rows = low_bits(pattern);
    for (size_t i = 0; i < text.size(); ++i) {
        row = next_row(row, positions[text[i]]);
        lengths[i] = static_cast<uint8_t>(count_bits(~row & rows));
    }
}

// Moving on by one changes the length by one at most, so places that cannot beat the best are left out.
template <typename Char, typename Masks>
CDP_INLINE uint32_t best_part_loop(size_t pattern, std::span<const Char> text, const Masks& positions) {
    uint32_t best = 0;
    for (size_t at = 0; at + pattern <= text.size();) {
        const uint32_t here = subsequence_loop(pattern, text.subspan(at, pattern), positions);
        if (here > best) best = here;
        if (best == pattern) break;
        at += best - here + 1;
    }
    return best;
}

// From the masks of the single characters: bit i of the word for a sequence says that it stands at position i
// of the masks' text.
CDP_INLINE uint64_t places(const uint64_t* masks, size_t q) {
    uint64_t found = masks[0];
    for (size_t k = 1; k < q; ++k) found &= masks[k] >> k;
    return found;
}

template <typename Char, typename Masks>
CDP_INLINE GramCounts grams_loop(std::span<const Char> a, std::span<const Char> b, size_t q,
                                 const Masks& in_a, const Masks& in_b) {
    uint64_t a_in_a[kWord];  // NOLINT: filled as far as they are read
    uint64_t a_in_b[kWord];  // NOLINT
    uint64_t b_in_b[kWord];  // NOLINT
    for (size_t i = 0; i < a.size(); ++i) {
        a_in_a[i] = in_a[a[i]];
        a_in_b[i] = in_b[a[i]];
    }
    for (size_t i = 0; i < b.size(); ++i) b_in_b[i] = in_b[b[i]];
    GramCounts counts;
    const uint64_t starts_b = low_bits(b.size() - q + 1);
    for (size_t i = 0; i + q <= a.size(); ++i) {
        // Only where it stands first.
        const uint32_t fresh = (places(a_in_a + i, q) & low_bits(i)) == 0 ? 1 : 0;
        const uint32_t shared = (places(a_in_b + i, q) & starts_b) != 0 ? 1 : 0;
        counts.in_a += fresh;
        counts.common += fresh & shared;
    }
    for (size_t i = 0; i + q <= b.size(); ++i) {
        counts.in_b += (places(b_in_b + i, q) & low_bits(i)) == 0 ? 1 : 0;
    }
    return counts;
}

// Bit i of a word after `length` rounds: the text's character is the last of `length` that stand at position
// i of the pattern, too.
template <typename Char, typename Masks>
CDP_INLINE uint32_t substring_loop(size_t pattern, std::span<const Char> text, const Masks& positions) {
    uint64_t single[kWord];        // NOLINT: filled as far as they are read
    uint64_t together[kWord + 1];  // NOLINT
    const size_t size = text.size();
    uint64_t any = 0;
    together[0] = 0;
    for (size_t i = 0; i < size; ++i) {
        single[i] = positions[text[i]] & low_bits(pattern);
        together[i + 1] = single[i];
        any |= single[i];
    }
    uint32_t length = 0;
    while (any != 0) {
        ++length;
        any = 0;
        for (size_t i = size; i > 0; --i) {
            together[i] = (together[i - 1] << 1) & single[i - 1];
            any |= together[i];
        }
    }
    return length;
}

// The functions that others call: one loop for the masks of short patterns, one for those of long ones.
// `masked` is the text whose positions are wanted, `other` the one that is walked through.
#define CDP_WITH_MASKS(masked, other, loop, ...)                           \
    if (std::is_same_v<Short<Char>, Full<Char>> || (masked).size() > 32) { \
        return loop(__VA_ARGS__, Full<Char>((masked), (other)));           \
    }                                                                      \
    return loop(__VA_ARGS__, Short<Char>((masked), (other)))

template <typename Char>
CDP_TARGET JaroMatches jaro(std::span<const Char> a, std::span<const Char> b) {
    CDP_WITH_MASKS(b, a, jaro_loop<false>, 0, a, b);
}

template <typename Char>
CDP_TARGET uint32_t levenshtein(std::span<const Char> pattern, std::span<const Char> text) {
    CDP_WITH_MASKS(pattern, text, edit_loop<false>, pattern.size(), text);
}

template <typename Char>
CDP_TARGET uint32_t osa(std::span<const Char> pattern, std::span<const Char> text) {
    CDP_WITH_MASKS(pattern, text, edit_loop<true>, pattern.size(), text);
}

template <typename Char>
CDP_TARGET uint32_t subsequence(std::span<const Char> pattern, std::span<const Char> text) {
    CDP_WITH_MASKS(pattern, text, subsequence_loop, pattern.size(), text);
}

template <typename Char>
CDP_TARGET void subsequences(std::span<const Char> pattern, std::span<const Char> text, uint8_t* lengths) {
    subsequences_loop(pattern.size(), text, Full<Char>(pattern, text), lengths);
}

template <typename Char>
CDP_TARGET uint32_t best_part(std::span<const Char> pattern, std::span<const Char> text) {
    CDP_WITH_MASKS(pattern, text, best_part_loop, pattern.size(), text);
}

template <typename Char>
CDP_TARGET GramCounts grams(std::span<const Char> a, std::span<const Char> b, size_t q) {
    if (std::is_same_v<Short<Char>, Full<Char>> || a.size() > 32 || b.size() > 32) {
        return grams_loop(a, b, q, Full<Char>(a, b), Full<Char>(b, a));
    }
    return grams_loop(a, b, q, Short<Char>(a, b), Short<Char>(b, a));
}

template <typename Char>
CDP_TARGET uint32_t substring(std::span<const Char> pattern, std::span<const Char> text) {
    CDP_WITH_MASKS(pattern, text, substring_loop, pattern.size(), text);
}

template <typename Char>
constexpr Kernels<Char> kKernels{jaro<Char>,         levenshtein<Char>, osa<Char>,   subsequence<Char>,
                                 subsequences<Char>, best_part<Char>,   grams<Char>, substring<Char>};

#undef CDP_WITH_MASKS
#undef CDP_INLINE
