// SPDX-License-Identifier: PostgreSQL
// Similarities of two texts as SQL functions.
#include "bridge/postgres.hpp"

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/tick.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/qgram.hpp"
#include "similarity/tokens.hpp"

namespace cdp::pg {
namespace {

using Memory = std::pmr::memory_resource*;

// measure(a, b, tick, memory) of the first two arguments.
template <typename Measure>
auto compare(FunctionCallInfo fcinfo, Measure measure) {
    const std::string_view a = text_argument(fcinfo, 0);
    const std::string_view b = text_argument(fcinfo, 1);
    return guard([&] {
        Tick tick = backend_tick();
        MemoryBudget budget = backend_budget();
        return measure(a, b, tick, &budget);
    });
}

// (a, b, cutoff)
Datum similarity_of(FunctionCallInfo fcinfo,
                    double (*measure)(std::string_view, std::string_view, Tick&, Memory, double)) {
    const double cutoff = PG_GETARG_FLOAT8(2);
    return Float8GetDatum(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            return measure(a, b, tick, memory, cutoff);
        }));
}

// (a, b, max_distance)
Datum distance_of(FunctionCallInfo fcinfo,
                  size_t (*measure)(std::string_view, std::string_view, Tick&, Memory, size_t)) {
    const int32 limit = PG_GETARG_INT32(2);
    return Int32GetDatum(static_cast<int32>(
        compare(fcinfo, [=](std::string_view a, std::string_view b, Tick& tick, Memory memory) {
            if (limit < 0) {
                throw Error(ErrorCode::kInvalidInput, "max_distance must not be negative",
                            "It is " + std::to_string(limit) + ".",
                            "Leave max_distance out to get every distance, or give 0 or more.");
            }
            return measure(a, b, tick, memory, static_cast<size_t>(limit));
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
    return similarity_of(fcinfo, similarity::jaro);
}

PG_FUNCTION_INFO_V1(cdp_jaro_winkler);
Datum cdp_jaro_winkler(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::jaro_winkler);
}

PG_FUNCTION_INFO_V1(cdp_levenshtein);
Datum cdp_levenshtein(PG_FUNCTION_ARGS) {
    return distance_of(fcinfo, similarity::levenshtein);
}

PG_FUNCTION_INFO_V1(cdp_levenshtein_similarity);
Datum cdp_levenshtein_similarity(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::levenshtein_similarity);
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
    return distance_of(fcinfo, similarity::osa);
}

PG_FUNCTION_INFO_V1(cdp_osa_similarity);
Datum cdp_osa_similarity(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::osa_similarity);
}

PG_FUNCTION_INFO_V1(cdp_damerau);
Datum cdp_damerau(PG_FUNCTION_ARGS) {
    return distance_of(fcinfo, similarity::damerau);
}

PG_FUNCTION_INFO_V1(cdp_damerau_similarity);
Datum cdp_damerau_similarity(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::damerau_similarity);
}

PG_FUNCTION_INFO_V1(cdp_hamming);
Datum cdp_hamming(PG_FUNCTION_ARGS) {
    return distance_of(fcinfo, similarity::hamming);
}

PG_FUNCTION_INFO_V1(cdp_hamming_similarity);
Datum cdp_hamming_similarity(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::hamming_similarity);
}

PG_FUNCTION_INFO_V1(cdp_indel);
Datum cdp_indel(PG_FUNCTION_ARGS) {
    return distance_of(fcinfo, similarity::indel);
}

PG_FUNCTION_INFO_V1(cdp_ratio);
Datum cdp_ratio(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::ratio);
}

PG_FUNCTION_INFO_V1(cdp_partial_ratio);
Datum cdp_partial_ratio(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::partial_ratio);
}

PG_FUNCTION_INFO_V1(cdp_lcs);
Datum cdp_lcs(PG_FUNCTION_ARGS) {
    return length_of(fcinfo, similarity::subsequence);
}

PG_FUNCTION_INFO_V1(cdp_lcs_similarity);
Datum cdp_lcs_similarity(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::subsequence_similarity);
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
    return similarity_of(fcinfo, similarity::token_sort);
}

PG_FUNCTION_INFO_V1(cdp_token_set);
Datum cdp_token_set(PG_FUNCTION_ARGS) {
    return similarity_of(fcinfo, similarity::token_set);
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
