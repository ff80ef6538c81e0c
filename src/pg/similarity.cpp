// SPDX-License-Identifier: PostgreSQL
// Similarities of two texts as SQL functions.
#include "bridge/postgres.hpp"

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/tick.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/limits.hpp"
#include "similarity/qgram.hpp"
#include "similarity/tokens.hpp"

namespace cdp::pg {
namespace {

using Memory = std::pmr::memory_resource*;

// Most texts in tables stand there with their short header, as they are: spares a call.
[[gnu::always_inline]] inline std::string_view packed_argument(FunctionCallInfo fcinfo, int n) {
    const auto* value = reinterpret_cast<const struct varlena*>(DatumGetPointer(fcinfo->args[n].value));
    if (VARATT_IS_1B(value) && !VARATT_IS_1B_E(value)) {
        return {VARDATA_1B(value), VARSIZE_1B(value) - VARHDRSZ_SHORT};
    }
    return text_argument(fcinfo, n);
}

// measure(a, b, tick, memory) of the first two arguments.
template <typename Measure>
auto compare(FunctionCallInfo fcinfo, Measure measure) {
    const std::string_view a = packed_argument(fcinfo, 0);
    const std::string_view b = packed_argument(fcinfo, 1);
    return guard([&] {
        Tick tick = backend_tick();
        MemoryBudget budget = backend_budget();
        return measure(a, b, tick, &budget);
    });
}

using Similarity = double (*)(std::string_view, std::string_view, Tick&, Memory, double);
using ShortSimilarity = double (*)(std::string_view, std::string_view) noexcept;
using Distance = size_t (*)(std::string_view, std::string_view, Tick&, Memory, size_t);
using ShortDistance = int32_t (*)(std::string_view, std::string_view) noexcept;

// (a, b, cutoff). What is measured without memory and errors needs no guard; most texts are.
template <Similarity kMeasure, ShortSimilarity kShort = nullptr>
Datum similarity_of(FunctionCallInfo fcinfo) {
    const double cutoff = PG_GETARG_FLOAT8(2);
    if constexpr (kShort != nullptr) {
        const double found = kShort(packed_argument(fcinfo, 0), packed_argument(fcinfo, 1));
        if (found >= 0.0) return Float8GetDatum(similarity::cut(found, cutoff));
    }
    return Float8GetDatum(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            return kMeasure(a, b, tick, memory, cutoff);
        }));
}

// (a, b, max_distance)
template <Distance kMeasure, ShortDistance kShort = nullptr>
Datum distance_of(FunctionCallInfo fcinfo) {
    const int32 limit = PG_GETARG_INT32(2);
    if constexpr (kShort != nullptr) {
        const int32 found = limit < 0 ? -1 : kShort(packed_argument(fcinfo, 0), packed_argument(fcinfo, 1));
        if (found >= 0) return Int32GetDatum(found <= limit ? found : limit + 1);
    }
    return Int32GetDatum(static_cast<int32>(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            if (limit < 0) {
                throw Error(ErrorCode::kInvalidInput, "max_distance must not be negative",
                            "It is " + std::to_string(limit) + ".",
                            "Leave max_distance out to get every distance, or give 0 or more.");
            }
            return kMeasure(a, b, tick, memory, static_cast<size_t>(limit));
        })));
}

// (a, b)
Datum length_of(FunctionCallInfo fcinfo,
                size_t (*measure)(std::string_view, std::string_view, Tick&, Memory)) {
    return Int32GetDatum(static_cast<int32>(compare(fcinfo, measure)));
}

// (a, b, q, padded, cutoff)
Datum grams_of(FunctionCallInfo fcinfo, similarity::GramMeasure measure) {
    const int32 q = PG_GETARG_INT32(2);
    const bool padded = PG_GETARG_BOOL(3);
    const double cutoff = PG_GETARG_FLOAT8(4);
    return Float8GetDatum(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            return similarity::qgram(a, b, measure, q, padded, tick, memory, cutoff);
        }));
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(cdp_jaro);
Datum cdp_jaro(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::jaro, similarity::short_jaro>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_jaro_winkler);
Datum cdp_jaro_winkler(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::jaro_winkler, similarity::short_jaro_winkler>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_levenshtein);
Datum cdp_levenshtein(PG_FUNCTION_ARGS) {
    return distance_of<similarity::levenshtein, similarity::short_levenshtein>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_levenshtein_similarity);
Datum cdp_levenshtein_similarity(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::levenshtein_similarity>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_levenshtein_weighted);
Datum cdp_levenshtein_weighted(PG_FUNCTION_ARGS) {
    const similarity::EditCosts costs{PG_GETARG_INT32(2), PG_GETARG_INT32(3), PG_GETARG_INT32(4)};
    return Int32GetDatum(static_cast<int32>(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            return similarity::levenshtein_weighted(a, b, costs, tick, memory);
        })));
}

PG_FUNCTION_INFO_V1(cdp_osa);
Datum cdp_osa(PG_FUNCTION_ARGS) {
    return distance_of<similarity::osa, similarity::short_osa>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_osa_similarity);
Datum cdp_osa_similarity(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::osa_similarity>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_damerau);
Datum cdp_damerau(PG_FUNCTION_ARGS) {
    return distance_of<similarity::damerau>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_damerau_similarity);
Datum cdp_damerau_similarity(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::damerau_similarity>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_hamming);
Datum cdp_hamming(PG_FUNCTION_ARGS) {
    return distance_of<similarity::hamming>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_hamming_similarity);
Datum cdp_hamming_similarity(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::hamming_similarity>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_indel);
Datum cdp_indel(PG_FUNCTION_ARGS) {
    return distance_of<similarity::indel>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_ratio);
Datum cdp_ratio(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::ratio>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_partial_ratio);
Datum cdp_partial_ratio(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::partial_ratio>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_lcs);
Datum cdp_lcs(PG_FUNCTION_ARGS) {
    return length_of(fcinfo, similarity::subsequence);
}

PG_FUNCTION_INFO_V1(cdp_lcs_similarity);
Datum cdp_lcs_similarity(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::subsequence_similarity>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_common_substring);
Datum cdp_common_substring(PG_FUNCTION_ARGS) {
    return length_of(fcinfo, similarity::common_substring);
}

PG_FUNCTION_INFO_V1(cdp_common_prefix);
Datum cdp_common_prefix(PG_FUNCTION_ARGS) {
    return length_of(fcinfo, similarity::common_prefix);
}

PG_FUNCTION_INFO_V1(cdp_token_sort);
Datum cdp_token_sort(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::token_sort>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_token_set);
Datum cdp_token_set(PG_FUNCTION_ARGS) {
    return similarity_of<similarity::token_set>(fcinfo);
}

PG_FUNCTION_INFO_V1(cdp_monge_elkan);
Datum cdp_monge_elkan(PG_FUNCTION_ARGS) {
    const bool symmetric = PG_GETARG_BOOL(2);
    const double cutoff = PG_GETARG_FLOAT8(3);
    return Float8GetDatum(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            return similarity::monge_elkan(a, b, symmetric, tick, memory, cutoff);
        }));
}

PG_FUNCTION_INFO_V1(cdp_qgram_jaccard);
Datum cdp_qgram_jaccard(PG_FUNCTION_ARGS) {
    return grams_of(fcinfo, similarity::GramMeasure::kJaccard);
}

PG_FUNCTION_INFO_V1(cdp_qgram_dice);
Datum cdp_qgram_dice(PG_FUNCTION_ARGS) {
    return grams_of(fcinfo, similarity::GramMeasure::kDice);
}

PG_FUNCTION_INFO_V1(cdp_qgram_cosine);
Datum cdp_qgram_cosine(PG_FUNCTION_ARGS) {
    return grams_of(fcinfo, similarity::GramMeasure::kCosine);
}

PG_FUNCTION_INFO_V1(cdp_qgram_overlap);
Datum cdp_qgram_overlap(PG_FUNCTION_ARGS) {
    return grams_of(fcinfo, similarity::GramMeasure::kOverlap);
}

}  // extern "C"
}  // namespace cdp::pg
