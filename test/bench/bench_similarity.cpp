// SPDX-License-Identifier: PostgreSQL
// Nanoseconds per pair of each measure in the core, without a server, and of each kernel at each level.
// Usage: bench_similarity [PAIRS.tsv]   (kind, a, b; without it the pairs of make_pairs)
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <vector>

#include "pairs.hpp"
#include "similarity/edit_distance.hpp"
#include "similarity/indel.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/kernels.hpp"
#include "similarity/qgram.hpp"
#include "similarity/tokens.hpp"

namespace sim = cdp::similarity;
using cdp::Tick;
using Memory = std::pmr::memory_resource*;

namespace {

std::vector<bench::Pair> read_pairs(const char* path) {
    std::vector<bench::Pair> pairs;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const size_t first = line.find('\t');
        const size_t second = line.find('\t', first + 1);
        if (second == std::string::npos) continue;
        pairs.push_back({"", line.substr(first + 1, second - first - 1), line.substr(second + 1)});
    }
    return pairs;
}

// Side by side in memory, as in a table: else cache misses would be measured.
struct Pair {
    std::string_view a;
    std::string_view b;
};
std::vector<Pair> packed(const std::vector<bench::Pair>& pairs, std::string& bytes) {
    size_t size = 0;
    for (const bench::Pair& pair : pairs) size += pair.a.size() + pair.b.size();
    bytes.reserve(size);
    std::vector<Pair> views;
    views.reserve(pairs.size());
    for (const bench::Pair& pair : pairs) {
        const char* at = bytes.data() + bytes.size();
        bytes += pair.a;
        bytes += pair.b;
        views.push_back({{at, pair.a.size()}, {at + pair.a.size(), pair.b.size()}});
    }
    return views;
}

double checksum = 0.0;  // printed, so that nothing is optimised away

// The median of five runs, each over all pairs.
template <typename F>
void measure(const char* name, const std::vector<Pair>& pairs, F f) {
    std::array<double, 5> runs{};
    double sum = 0.0;
    for (double& run : runs) {
        sum = 0.0;
        const std::clock_t start = std::clock();  // of this process: others may want the core as well
        for (const Pair& pair : pairs) sum += static_cast<double>(f(pair.a, pair.b));
        const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        run = taken * 1e9 / static_cast<double>(pairs.size());
    }
    std::sort(runs.begin(), runs.end());
    checksum += sum;
    std::printf("%-34s %8.1f ns   [%.0f .. %.0f]   mean %.4f\n", name, runs[2], runs[0], runs[4],
                sum / static_cast<double>(pairs.size()));
}

sim::Bytes bytes(std::string_view text) {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

void measure_kernels(const char* level, const sim::Kernels<unsigned char>* kernels,
                     const std::vector<Pair>& pairs) {
    if (kernels == nullptr) return;
    std::printf("kernels, %s\n", level);
    measure("  jaro", pairs, [&](std::string_view a, std::string_view b) {
        return kernels->jaro(bytes(a), bytes(b)).matched;
    });
    measure("  levenshtein", pairs,
            [&](std::string_view a, std::string_view b) { return kernels->levenshtein(bytes(a), bytes(b)); });
    measure("  osa", pairs,
            [&](std::string_view a, std::string_view b) { return kernels->osa(bytes(a), bytes(b)); });
    measure("  subsequence", pairs,
            [&](std::string_view a, std::string_view b) { return kernels->subsequence(bytes(a), bytes(b)); });
    measure("  grams, q 3", pairs, [&](std::string_view a, std::string_view b) {
        return kernels->grams(bytes(a), bytes(b), 3).common;
    });
}

}  // namespace

int main(int argc, char** argv) {
    std::string memory_of_pairs;
    const std::vector<Pair> pairs =
        packed(argc > 1 ? read_pairs(argv[1]) : bench::PairMaker().make(300000), memory_of_pairs);
    if (pairs.empty()) {
        std::fprintf(stderr, "no pairs\n");
        return 1;
    }
    Tick tick;
    Memory memory = std::pmr::new_delete_resource();
    std::printf("%zu pairs\n", pairs.size());
    measure("both lengths", pairs,
            [](std::string_view a, std::string_view b) { return a.size() + b.size(); });
    measure_kernels("portable", sim::kernels_of<unsigned char>(sim::Level::kPortable), pairs);
    measure_kernels("AVX2", sim::kernels_of<unsigned char>(sim::Level::kAvx2), pairs);
    measure_kernels("AVX-512", sim::kernels_of<unsigned char>(sim::Level::kAvx512), pairs);
    std::printf("measures, as SQL calls them\n");
#define MEASURE(call) \
    measure("  " #call, pairs, [&](std::string_view a, std::string_view b) { return sim::call; })
    MEASURE(jaro(a, b, tick));
    MEASURE(jaro_winkler(a, b, tick));
    MEASURE(jaro_winkler(a, b, tick, memory, 0.85));
    MEASURE(levenshtein(a, b, tick));
    MEASURE(levenshtein(a, b, tick, memory, 4));
    MEASURE(levenshtein_similarity(a, b, tick));
    MEASURE(osa(a, b, tick));
    MEASURE(damerau(a, b, tick));
    MEASURE(ratio(a, b, tick));
    MEASURE(partial_ratio(a, b, tick));
    MEASURE(subsequence(a, b, tick));
    MEASURE(common_substring(a, b, tick));
    MEASURE(token_sort(a, b, tick));
    MEASURE(token_set(a, b, tick));
    MEASURE(monge_elkan(a, b, false, tick));
    MEASURE(qgram(a, b, sim::GramMeasure::kJaccard, 3, false, tick));
    MEASURE(qgram(a, b, sim::GramMeasure::kJaccard, 2, true, tick));
    std::printf("(%g)\n", checksum);
    return 0;
}
