// SPDX-License-Identifier: PostgreSQL
#include "similarity/kernels.hpp"

#include <array>
#include <bit>
#include <type_traits>

#include "similarity/positions.hpp"

#if defined(__x86_64__)
#define CDP_X86
#include <immintrin.h>
#endif

namespace cdp::similarity {
namespace {

namespace portable {
#define CDP_TARGET
#define CDP_BLSI 0
template <typename Char>
using Short = PositionMask<Char>;
template <typename Char>
using Full = PositionMask<Char>;
#include "similarity/kernels_body.hpp"
#undef CDP_BLSI
#undef CDP_TARGET

int32_t not_short(Bytes, Bytes) {
    return kNotShort;
}
double no_short_score(Bytes, Bytes) {
    return kNotShort;
}
constexpr ShortKernels kShortKernels{not_short, not_short, not_short, no_short_score, no_short_score};
}  // namespace portable

#ifdef CDP_X86
constexpr size_t kShortest = 32;  // characters of Text32

// part / whole for whole up to kShortest, as division gives it: a score waits for one division only, the
// last one.
constexpr auto kQuotients = [] {
    std::array<std::array<double, kShortest + 1>, kShortest + 1> table{};
    for (size_t whole = 1; whole <= kShortest; ++whole) {
        for (size_t part = 0; part <= whole; ++part) {
            table[whole][part] = static_cast<double>(part) / static_cast<double>(whole);
        }
    }
    return table;
}();

namespace avx2 {
#define CDP_BLSI 1  // and rotation through the carry: the kernel's inner loop has two instructions less
#define CDP_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define CDP_LANES [[gnu::always_inline]] CDP_TARGET

// `count` bytes (up to 32) from `from`, then zeros, without touching a byte beyond; `last` are the last four.
CDP_LANES inline __m256i load_bytes(const unsigned char* from, size_t count, uint32_t last) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i whole = _mm256_set1_epi32(static_cast<int>(count / 4));
    const __m256i head =
        _mm256_maskload_epi32(reinterpret_cast<const int*>(from), _mm256_cmpgt_epi32(whole, lane));
    const uint64_t rest = uint64_t{last} >> (8 * (4 - count % 4));
    return _mm256_or_si256(
        head, _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(rest)), _mm256_cmpeq_epi32(whole, lane)));
}

CDP_LANES inline uint32_t last_four(Bytes text) {
    if (text.size() >= 4) return load32(text.data() + text.size() - 4);
    uint32_t word = 0;
    for (const unsigned char c : text) word = (word >> 8) | (uint32_t{c} << 24);
    return word;
}

CDP_LANES inline uint32_t equal_lanes(__m256i lanes, __m256i c) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(lanes, c)));
}

CDP_LANES inline uint32_t sign_lanes(__m256i lanes) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(lanes));
}

CDP_LANES inline uint32_t differing_bytes(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
    const unsigned char* first = a.data();
    const unsigned char* second = b.data();
    uint32_t count = 0;
    for (; in_a != 0; in_a &= in_a - 1, in_b &= in_b - 1) {
        count += first[__builtin_ctzll(in_a)] != second[__builtin_ctzll(in_b)] ? 1 : 0;
    }
    return count;
}

// The pattern in a register, compared with each character of the text: no table to clear and to fill. Lanes
// beyond the pattern are zeros and may match; no kernel looks at bits beyond its pattern.
class Text32 {
  public:
    CDP_LANES Text32(Bytes pattern, Bytes)
        : lanes_(load_bytes(pattern.data(), pattern.size(), last_four(pattern))) {}
    CDP_LANES uint64_t operator[](unsigned char c) const {
        return equal_lanes(lanes_, _mm256_set1_epi8(static_cast<char>(c)));
    }
    CDP_LANES uint64_t high() const { return sign_lanes(lanes_); }
    CDP_LANES uint64_t equal(const Text32& other) const { return equal_lanes(lanes_, other.lanes_); }
    // ASCII, so signed comparison will do.
    CDP_LANES uint64_t greater(const Text32& other) const {
        return sign_lanes(_mm256_cmpgt_epi8(lanes_, other.lanes_));
    }
    CDP_LANES static uint32_t differing(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
        return differing_bytes(a, in_a, b, in_b);
    }
    // This one, or where all bits of `turned` are set the other one.
    CDP_LANES Text32 unless(uint64_t turned, const Text32& other) const {
        return Text32(
            _mm256_blendv_epi8(lanes_, other.lanes_, _mm256_set1_epi64x(static_cast<long long>(turned))));
    }

  private:
    CDP_LANES explicit Text32(__m256i lanes) : lanes_(lanes) {}
    __m256i lanes_;
};

class Text64 {
  public:
    CDP_LANES Text64(Bytes pattern, Bytes) {
        const size_t size = pattern.size();
        const uint32_t last = last_four(pattern);
        if (size > 32) {
            low_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(pattern.data()));
            high_ = load_bytes(pattern.data() + 32, size - 32, last);
        } else {
            low_ = load_bytes(pattern.data(), size, last);
            high_ = _mm256_setzero_si256();
        }
    }
    CDP_LANES uint64_t operator[](unsigned char c) const {
        const __m256i all = _mm256_set1_epi8(static_cast<char>(c));
        return uint64_t{equal_lanes(low_, all)} | uint64_t{equal_lanes(high_, all)} << 32;
    }
    CDP_LANES uint64_t high() const { return sign_lanes(_mm256_or_si256(low_, high_)); }
    CDP_LANES uint64_t equal(const Text64& other) const {
        return uint64_t{equal_lanes(low_, other.low_)} | uint64_t{equal_lanes(high_, other.high_)} << 32;
    }
    CDP_LANES uint64_t greater(const Text64& other) const {
        return uint64_t{sign_lanes(_mm256_cmpgt_epi8(low_, other.low_))} |
               uint64_t{sign_lanes(_mm256_cmpgt_epi8(high_, other.high_))} << 32;
    }
    CDP_LANES static uint32_t differing(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
        return differing_bytes(a, in_a, b, in_b);
    }

  private:
    __m256i low_;
    __m256i high_;
};

template <typename Char>
using Short = std::conditional_t<sizeof(Char) == 1, Text32, PositionMask<Char>>;
template <typename Char>
using Full = std::conditional_t<sizeof(Char) == 1, Text64, PositionMask<Char>>;
#include "similarity/kernels_body.hpp"

// How many characters at the ends are the same, eight at a time.
template <typename>
CDP_LANES inline size_t equal_tail(const unsigned char* a, size_t a_size, const unsigned char* b,
                                   size_t b_size) {
    const unsigned char* const a_end = a + a_size;
    const unsigned char* const b_end = b + b_size;
    size_t tail = 0;
    for (; tail + 8 <= a_size; tail += 8) {
        const uint64_t differ = load64(a_end - tail - 8) ^ load64(b_end - tail - 8);
        if (differ != 0) return tail + static_cast<size_t>(__builtin_clzll(differ)) / 8;
    }
    while (tail < a_size &&
           a_end[-1 - static_cast<ptrdiff_t>(tail)] == b_end[-1 - static_cast<ptrdiff_t>(tail)]) {
        ++tail;
    }
    return tail;
}
#include "similarity/short_body.hpp"
#undef CDP_LANES
#undef CDP_TARGET
}  // namespace avx2

// As for AVX2, with loads, comparisons and packing under masks.
namespace avx512 {
#define CDP_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2")))
#define CDP_LANES [[gnu::always_inline]] CDP_TARGET

CDP_LANES inline __m256i load_32(Bytes text) {
    return _mm256_maskz_loadu_epi8(static_cast<__mmask32>((uint64_t{1} << text.size()) - 1), text.data());
}
CDP_LANES inline __m512i load_64(Bytes text) {
    const uint64_t lanes = text.size() >= kWord ? ~uint64_t{0} : (uint64_t{1} << text.size()) - 1;
    return _mm512_maskz_loadu_epi8(lanes, text.data());
}
CDP_LANES inline uint32_t differing_64(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
    return static_cast<uint32_t>(__builtin_popcountll(_mm512_cmpneq_epi8_mask(
        _mm512_maskz_compress_epi8(in_a, load_64(a)), _mm512_maskz_compress_epi8(in_b, load_64(b)))));
}

class Text32 {
  public:
    CDP_LANES Text32(Bytes pattern, Bytes) : lanes_(load_32(pattern)) {}
    CDP_LANES uint64_t operator[](unsigned char c) const {
        return _mm256_cmpeq_epi8_mask(lanes_, _mm256_set1_epi8(static_cast<char>(c)));
    }
    CDP_LANES uint64_t high() const { return _mm256_movepi8_mask(lanes_); }
    CDP_LANES uint64_t equal(const Text32& other) const {
        return _mm256_cmpeq_epi8_mask(lanes_, other.lanes_);
    }
    CDP_LANES uint64_t greater(const Text32& other) const {
        return _mm256_cmpgt_epi8_mask(lanes_, other.lanes_);
    }
    // The pattern is b.
    CDP_LANES uint32_t differing(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) const {
        if (a.size() > 32) return differing_64(a, in_a, b, in_b);
        return static_cast<uint32_t>(__builtin_popcountll(
            _mm256_cmpneq_epi8_mask(_mm256_maskz_compress_epi8(static_cast<__mmask32>(in_a), load_32(a)),
                                    _mm256_maskz_compress_epi8(static_cast<__mmask32>(in_b), lanes_))));
    }
    // This one, or where all bits of `turned` are set the other one.
    CDP_LANES Text32 unless(uint64_t turned, const Text32& other) const {
        return Text32(_mm256_mask_blend_epi8(static_cast<__mmask32>(turned), lanes_, other.lanes_));
    }

  private:
    CDP_LANES explicit Text32(__m256i lanes) : lanes_(lanes) {}
    __m256i lanes_;
};

class Text64 {
  public:
    CDP_LANES Text64(Bytes pattern, Bytes) : lanes_(load_64(pattern)) {}
    CDP_LANES uint64_t operator[](unsigned char c) const {
        return _mm512_cmpeq_epi8_mask(lanes_, _mm512_set1_epi8(static_cast<char>(c)));
    }
    CDP_LANES uint64_t high() const { return _mm512_movepi8_mask(lanes_); }
    CDP_LANES uint64_t equal(const Text64& other) const {
        return _mm512_cmpeq_epi8_mask(lanes_, other.lanes_);
    }
    CDP_LANES uint64_t greater(const Text64& other) const {
        return _mm512_cmpgt_epi8_mask(lanes_, other.lanes_);
    }
    CDP_LANES static uint32_t differing(Bytes a, uint64_t in_a, Bytes b, uint64_t in_b) {
        return differing_64(a, in_a, b, in_b);
    }

  private:
    __m512i lanes_;
};

// The loop of kernels_body.hpp in vector registers, for their operations on three operands: the chain of
// dependent instructions has 5 for each character instead of 7. Tables of the operations from those of the
// operands:
constexpr int kA = 0xF0;
constexpr int kB = 0xCC;
constexpr int kC = 0xAA;
constexpr int kNot = 0xFF;

template <bool kSwaps, typename Char, typename Masks>
CDP_LANES inline uint32_t edit_loop(size_t pattern, std::span<const Char> text, const Masks& positions) {
    __m128i plus = _mm_set1_epi64x(-1);
    __m128i minus = _mm_setzero_si128();
    [[maybe_unused]] __m128i zero_before = minus;
    [[maybe_unused]] __m128i match_before = minus;
    const Char* at = text.data();
    const size_t size = text.size();
    for (size_t i = 0; i < size; ++i) {
        const __m128i match = _mm_cvtsi64_si128(static_cast<long long>(positions[at[i]]));
        __m128i known = match;
        if constexpr (kSwaps) {
            const __m128i crossed = _mm_slli_epi64(_mm_andnot_si128(zero_before, match), 1);
            known = _mm_ternarylogic_epi64(match, crossed, match_before, kA | (kB & kC));
        }
        const __m128i sum = _mm_add_epi64(_mm_and_si128(match, plus), plus);
        const __m128i set = _mm_or_si128(known, minus);
        const __m128i held = _mm_or_si128(known, plus);
        const __m128i zero = _mm_ternarylogic_epi64(sum, plus, set, (kA ^ kB) | kC);
        const __m128i right_minus =
            _mm_slli_epi64(_mm_ternarylogic_epi64(sum, plus, set, ((kA ^ kB) | kC) & kB), 1);
        const __m128i not_right =
            _mm_slli_epi64(_mm_ternarylogic_epi64(sum, held, minus, (kA | kB) & (kNot ^ kC)), 1);
        plus = _mm_ternarylogic_epi64(right_minus, not_right, zero, kA | (kB & (kNot ^ kC)));
        minus = _mm_andnot_si128(not_right, zero);
        if constexpr (kSwaps) {
            zero_before = zero;
            match_before = match;
        }
    }
    const uint64_t rows = pattern >= kWord ? ~uint64_t{0} : (uint64_t{1} << pattern) - 1;
    const uint64_t more = static_cast<uint64_t>(_mm_cvtsi128_si64(plus)) & rows;
    const uint64_t less = static_cast<uint64_t>(_mm_cvtsi128_si64(minus)) & rows;
    return static_cast<uint32_t>(size) + static_cast<uint32_t>(__builtin_popcountll(more)) -
           static_cast<uint32_t>(__builtin_popcountll(less));
}
#define CDP_OWN_EDIT_LOOP

template <typename Char>
using Short = std::conditional_t<sizeof(Char) == 1, Text32, PositionMask<Char>>;
template <typename Char>
using Full = std::conditional_t<sizeof(Char) == 1, Text64, PositionMask<Char>>;
#include "similarity/kernels_body.hpp"

// How many characters at the ends are the same: the last lanes of a register that ends where the texts end.
// Lanes that are masked out are not read.
template <typename Text>
CDP_LANES inline size_t equal_tail(const unsigned char* a, size_t a_size, const unsigned char* b,
                                   size_t b_size) {
    const uint64_t lanes = ~uint64_t{0} << (kWord - a_size);  // 1 to 64
    uint64_t same = 0;
    if constexpr (std::is_same_v<Text, Text32>) {
        const auto mask = static_cast<__mmask32>(lanes >> 32);
        const __m256i x = _mm256_maskz_loadu_epi8(mask, a + a_size - 32);
        const __m256i y = _mm256_maskz_loadu_epi8(mask, b + b_size - 32);
        same = uint64_t{_mm256_cmpeq_epi8_mask(x, y)} << 32;
    } else {
        const __m512i x = _mm512_maskz_loadu_epi8(lanes, a + a_size - 64);
        const __m512i y = _mm512_maskz_loadu_epi8(lanes, b + b_size - 64);
        same = _mm512_cmpeq_epi8_mask(x, y);
    }
    // Never all: texts of the same length that are not equal differ in one.
    return static_cast<size_t>(__builtin_clzll(~(same & lanes)));
}
#include "similarity/short_body.hpp"
#undef CDP_OWN_EDIT_LOOP
#undef CDP_LANES
#undef CDP_TARGET
}  // namespace avx512
#endif

}  // namespace

template <typename Char>
const Kernels<Char>* kernels_of(Level level) {
    if (level == Level::kPortable) return &portable::kKernels<Char>;
#ifdef CDP_X86
    __builtin_cpu_init();
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                          __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    if (level == Level::kAvx2) return has_avx2 ? &avx2::kKernels<Char> : nullptr;
    const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512vbmi2");
    if (level == Level::kAvx512) return has_avx512 ? &avx512::kKernels<Char> : nullptr;
#endif
    return nullptr;
}

const ShortKernels* short_kernels_of(Level level) {
    // The levels' own checks.
    if (kernels_of<unsigned char>(level) == nullptr) return nullptr;
#ifdef CDP_X86
    if (level == Level::kAvx2) return &avx2::kShortKernels;
    if (level == Level::kAvx512) return &avx512::kShortKernels;
#endif
    return &portable::kShortKernels;
}

template <typename Char>
const Kernels<Char>& kernels() {
    static const Kernels<Char>* const best = [] {
        const Kernels<Char>* found = nullptr;
        for (const Level level : kLevels) {
            if (const Kernels<Char>* here = kernels_of<Char>(level)) found = here;
        }
        return found;
    }();
    return *best;
}

const ShortKernels* best_short_kernels() {
    const ShortKernels* found = nullptr;
    for (const Level level : kLevels) {
        if (const ShortKernels* here = short_kernels_of(level)) found = here;
    }
    return found;
}

template const Kernels<unsigned char>* kernels_of(Level);
template const Kernels<char32_t>* kernels_of(Level);
template const Kernels<unsigned char>& kernels();
template const Kernels<char32_t>& kernels();

}  // namespace cdp::similarity
