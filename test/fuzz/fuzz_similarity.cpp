// SPDX-License-Identifier: PostgreSQL
// Every measure of characters and words on two texts: what the naive references say, the same both ways.
// Input: two lines.
#include <cmath>

#include "fuzz.hpp"
#include "reference/edit_distance.hpp"
#include "reference/similarity.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/qgram.hpp"
#include "similarity/tokens.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    namespace sim = cdp::similarity;
    fuzz::Input input(data, std::min<size_t>(size, 400));
    const std::string_view a = input.line();
    const std::string_view b = input.rest();
    const std::u32string x = cdp::to_code_points(a);
    const std::u32string y = cdp::to_code_points(b);
    cdp::Tick tick;
    const auto near = [](double p, double q) { return std::abs(p - q) < 1e-9; };
    const auto share = [&](double value, double back) {
        fuzz::check(value >= 0 && value <= 1 + 1e-12 && near(value, back), "a share, the same both ways");
    };
    fuzz::check(sim::levenshtein(a, b, tick) == reference::levenshtein(x, y), "levenshtein", a);
    fuzz::check(sim::osa(a, b, tick) == reference::osa(x, y), "osa", a);
    fuzz::check(sim::damerau(a, b, tick) == reference::damerau(x, y), "damerau", a);
    fuzz::check(sim::indel(a, b, tick) == reference::indel(x, y), "indel", a);
    fuzz::check(sim::hamming(a, b, tick) == reference::hamming(x, y), "hamming", a);
    fuzz::check(sim::common_substring(a, b, tick) == reference::common_substring(x, y), "substring", a);
    fuzz::check(near(sim::jaro(a, b, tick), reference::jaro(x, y)), "jaro", a);
    fuzz::check(near(sim::jaro_winkler(a, b, tick), reference::jaro_winkler(x, y)), "jaro_winkler", a);
    fuzz::check(near(sim::token_sort(a, b, tick), reference::token_sort(x, y)), "token_sort", a);
    fuzz::check(near(sim::token_set(a, b, tick), reference::token_set(x, y)), "token_set", a);
    share(sim::partial_ratio(a, b, tick), sim::partial_ratio(b, a, tick));
    share(sim::monge_elkan(a, b, true, tick), sim::monge_elkan(b, a, true, tick));
    for (const auto measure :
         {sim::GramMeasure::kJaccard, sim::GramMeasure::kCosine, sim::GramMeasure::kDice}) {
        for (const int64_t q : {1, 2, 3}) {
            share(sim::qgram(a, b, measure, q, q == 2, tick), sim::qgram(b, a, measure, q, q == 2, tick));
        }
    }
    return 0;
}
