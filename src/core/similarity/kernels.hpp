// SPDX-License-Identifier: PostgreSQL
// The inner loops of the measures: up to 64 characters of one text as the bits of a word. Compiled for plain
// x86-64 (or any other machine), for AVX2 and for AVX-512, chosen once at run time; all give the same
// numbers.
//
// Sources: levenshtein and osa, Hyyrö (2003), "A bit-vector algorithm for computing Levenshtein and Damerau
// edit distances"; subsequence, Hyyrö (2004), "Bit-parallel LCS-length computation revisited". Cost: 3 (jaro,
// subsequence) to 8 (the distances) cycles for each character of the text; no allocation, nothing to cancel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "similarity/limits.hpp"
#include "similarity/points.hpp"

namespace cdp::similarity {

struct JaroMatches {
    uint32_t matched = 0;
    uint32_t out_of_order = 0;
};

struct GramCounts {
    uint32_t in_a = 0;
    uint32_t in_b = 0;
    uint32_t common = 0;
};

// The score of what was found in texts of a and b characters. In this one place and of these operations in
// this order: scores must be the same on every way and every machine. (Signed integers become doubles
// faster.)
[[gnu::always_inline]] inline double jaro_score(JaroMatches matches, size_t a, size_t b) {
    if (matches.matched == 0) return 0.0;
    const auto matched = static_cast<double>(static_cast<int32_t>(matches.matched));
    // Whole pairs, as Winkler counts them.
    const auto swaps = static_cast<double>(static_cast<int32_t>(matches.out_of_order / 2));
    return (matched / static_cast<double>(static_cast<int32_t>(a)) +
            matched / static_cast<double>(static_cast<int32_t>(b)) + (matched - swaps) / matched) /
           3.0;
}

constexpr double kAboveThreshold = 0.70000000000000007;  // the next after 0.7
constexpr double kPrefixScale = 0.1;
constexpr size_t kLongestPrefix = 4;
constexpr double kBonus[] = {0 * kPrefixScale, 1 * kPrefixScale, 2 * kPrefixScale, 3 * kPrefixScale,
                             4 * kPrefixScale};

// With Winkler's bonus. Masked, not branched to: which texts get one cannot be foretold.
[[gnu::always_inline]] inline double boosted_score(double jaro, size_t prefix) {
    const double bonus = kBonus[prefix < kLongestPrefix ? prefix : kLongestPrefix];
    return jaro + if_at_least(bonus, jaro, kAboveThreshold) * (1.0 - jaro);
}

template <typename Char>
struct Kernels {
    using Text = std::span<const Char>;
    // Both of up to 64 characters, neither empty.
    JaroMatches (*jaro)(Text a, Text b);
    // The pattern of 1 to 64 characters, the text of any length.
    uint32_t (*levenshtein)(Text pattern, Text text);
    uint32_t (*osa)(Text pattern, Text text);
    uint32_t (*subsequence)(Text pattern, Text text);
    // The same for every beginning of the text (of as many characters as `lengths` has room for, up to 64).
    void (*subsequences)(Text pattern, Text text, uint8_t* lengths);
    // The most of any part of the text that is as long as the pattern. The text is no shorter than it.
    uint32_t (*best_part)(Text pattern, Text text);
    // Distinct sequences of q characters; both of q to 64 characters.
    GramCounts (*grams)(Text a, Text b, size_t q);
    // The longest common part; both of 1 to 64 characters.
    uint32_t (*substring)(Text pattern, Text text);
};

// Whole measures of two texts of up to 64 bytes that are ASCII; of others they say so.
constexpr int32_t kNotShort = -1;
struct ShortKernels {
    int32_t (*levenshtein)(Bytes a, Bytes b);
    int32_t (*osa)(Bytes a, Bytes b);
    int32_t (*subsequence)(Bytes a, Bytes b);
    double (*jaro)(Bytes a, Bytes b);  // neither empty
    double (*jaro_winkler)(Bytes a, Bytes b);
};

// kAvx2 needs BMI as well, kAvx512 the extensions BW, VL and VBMI2 (Ice Lake, Zen 4).
enum class Level { kPortable, kAvx2, kAvx512 };
constexpr Level kLevels[] = {Level::kPortable, Level::kAvx2, Level::kAvx512};

// The kernels of one level, for tests and benches; nullptr where the machine cannot run them.
template <typename Char>
const Kernels<Char>* kernels_of(Level level);

const ShortKernels* short_kernels_of(Level level);

// The best that this machine runs.
template <typename Char>
const Kernels<Char>& kernels();
const ShortKernels* best_short_kernels();
// Here, so that a call costs a look at the guard and nothing else.
inline const ShortKernels& short_kernels() {
    static const ShortKernels* const best = best_short_kernels();
    return *best;
}

inline Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace cdp::similarity
