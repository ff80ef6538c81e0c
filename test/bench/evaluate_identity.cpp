// SPDX-License-Identifier: PostgreSQL
// usage: evaluate_identity FILE.csv MAPPING [--workers N] [--model] [--households COLUMN]
// Resolves labelled people with the default settings and prints pairwise precision, recall and F1 of the
// clusters, seconds, pairs and megabytes; with a column that labels households, the same for people who live
// together. MAPPING: see test/unit/reference/people_csv.hpp.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>

#include "identity/resolve.hpp"
#include "reference/household_quality.hpp"
#include "reference/people_csv.hpp"

int main(int count, char** arguments) {
    using namespace cdp::identity;
    bool show_model = false;
    int workers = 1;
    std::string households;
    for (int i = 3; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--model") {
            show_model = true;
        } else if (argument == "--workers" && i + 1 < count) {
            workers = std::max(1, std::atoi(arguments[++i]));
        } else if (argument == "--households" && i + 1 < count) {
            households = arguments[++i];
        } else {
            count = 0;
        }
    }
    if (count < 3) {
        std::fprintf(stderr,
                     "usage: evaluate_identity FILE.csv FIELD=COLUMN[+COLUMN...],... [--workers N] [--model] "
                     "[--households COLUMN]\n");
        return 2;
    }
    try {
        cdp::MemoryBudget budget(size_t{8} << 30);
        cdp::Tick tick;
        RecordStore store(budget, tick);
        const people::Labelled labelled = people::load(arguments[1], arguments[2], store);
        const auto start = std::chrono::steady_clock::now();
        Settings settings;
        settings.workers = static_cast<unsigned>(workers);
        settings.households = !households.empty();
        const Resolution resolution = resolve(store, {}, settings, tick);
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const people::Quality quality = people::evaluate(resolution.clusters, labelled);
        std::map<std::string, double> stats;
        for (const Stat& stat : resolution.stats) stats[std::string(stat.name)] = stat.value;
        std::printf("F1 %.4f  P %.4f  R %.4f  seconds %.2f  pairs %.0f  peak %.0f MB\n", quality.f1,
                    quality.precision, quality.recall, seconds, stats["pairs_compared"],
                    stats["peak_bytes"] / 1048576);
        if (const char* file = std::getenv("CLUSTERS")) {
            std::FILE* out = std::fopen(file, "w");
            for (const ClusterRow& row : resolution.clusters)
                std::fprintf(out, "%lld,%lld\n", (long long)row.record, (long long)row.representative);
            std::fclose(out);
        }
        if (!households.empty()) {
            cdp::MemoryBudget spare(size_t{8} << 30);
            RecordStore again(spare, tick);
            const auto labels =
                people::load(arguments[1], "key=" + households + ",truth=" + households, again);
            for (const double least : {0.5, 0.9}) {
                const people::Households q =
                    people::evaluate_households(store, resolution, labels.truth, 10, least);
                std::printf(
                    "households from %.1f: F1 %.4f  P %.4f  R %.4f  links P %.4f  R %.4f  record pairs "
                    "%zu  people linked %zu  largest %zu  scored %.0f\n",
                    least, q.groups.f1, q.groups.precision, q.groups.recall, q.links.precision,
                    q.links.recall, q.record_pairs, q.people_linked, q.largest, stats["pairs_scored"]);
            }
        }
        if (show_model) {
            for (const Stat& stat : resolution.stats) {
                std::printf("  %-28s %.9g\n", std::string(stat.name).c_str(), stat.value);
            }
            for (const ModelRow& row : resolution.levels) {
                std::printf("  %-12s %d %-56s m %.5f  household %.5f  u %.3g  bits %.2f\n",
                            std::string(row.comparison).c_str(), row.level, std::string(row.label).c_str(),
                            row.m_match, row.m_household, row.u, row.weight);
            }
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "evaluate_identity: %s\n", e.what());
        return 1;
    }
}
