// SPDX-License-Identifier: PostgreSQL
// usage: measure_names pairs | measure_names FILE.csv CLUSTER_COLUMN NAME_COLUMN[+NAME_COLUMN]
// With `pairs`, the labelled pairs that the threshold of 0.85 puts on the wrong side. With a file of labelled
// people (test/unit/reference/people_csv.hpp), the area under the ROC curve of name_similarity and of
// Jaro-Winkler on folded full names: pairs of one cluster against random pairs of two clusters whose family
// names (the last column) have the same first letter; and the time for a comparison.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "reference/people_csv.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/name_pairs.hpp"
#include "similarity/name_similarity.hpp"
#include "text/fold.hpp"

namespace {

using cdp::Tick;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// The share of (true, random) pairs in the right order, half for equal scores.
double area(std::vector<double> same, std::vector<double> other) {
    std::sort(other.begin(), other.end());
    double right = 0.0;
    for (const double score : same) {
        const auto below = std::lower_bound(other.begin(), other.end(), score);
        const auto above = std::upper_bound(other.begin(), other.end(), score);
        right += static_cast<double>(below - other.begin()) + 0.5 * static_cast<double>(above - below);
    }
    return right / static_cast<double>(same.size()) / static_cast<double>(other.size());
}

template <typename Measure>
std::vector<double> scores(const Pairs& pairs, Measure measure) {
    std::vector<double> out;
    out.reserve(pairs.size());
    for (const auto& [a, b] : pairs) out.push_back(measure(a, b));
    return out;
}

double share_from(const std::vector<double>& scores, double threshold) {
    const auto count = std::count_if(scores.begin(), scores.end(), [=](double s) { return s >= threshold; });
    return static_cast<double>(count) / static_cast<double>(scores.size());
}

void show_pairs() {
    Tick tick;
    size_t wrong = 0;
    for (const name_pairs::Labelled& pair : name_pairs::kPairs) {
        const double score = cdp::similarity::name_similarity(pair.a, pair.b, tick);
        if ((score >= 0.85) == pair.same) continue;
        ++wrong;
        std::printf("%-8s %.4f  %s | %s\n", pair.same ? "same" : "other", score, std::string(pair.a).c_str(),
                    std::string(pair.b).c_str());
    }
    std::printf("%zu of %zu on the right side\n", name_pairs::kPairs.size() - wrong,
                name_pairs::kPairs.size());
}

void measure(const std::string& path, const std::string& cluster_column, const std::string& name_columns) {
    const std::vector<people::Row> rows = people::read_csv(path);
    const auto column = [&](const std::string& name) {
        const auto at = std::find(rows[0].begin(), rows[0].end(), name);
        if (at == rows[0].end()) throw std::runtime_error("no column " + name);
        return static_cast<size_t>(at - rows[0].begin());
    };
    const size_t cluster = column(cluster_column);
    const size_t plus = name_columns.find('+');
    const size_t given = column(name_columns.substr(0, plus));
    const size_t family = plus == std::string::npos ? given : column(name_columns.substr(plus + 1));
    std::map<std::string, std::vector<std::string>> by_cluster;
    std::map<char, std::vector<std::pair<std::string, std::string>>> by_initial;  // (cluster, name)
    for (size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].size() <= std::max({cluster, given, family}) || rows[i][family].empty()) continue;
        std::string name = rows[i][given];
        if (family != given) name += (name.empty() ? "" : " ") + rows[i][family];
        if (name.empty()) continue;
        by_cluster[rows[i][cluster]].push_back(name);
        by_initial[cdp::text::fold(rows[i][family])[0]].emplace_back(rows[i][cluster], name);
    }
    Pairs same;
    for (const auto& [key, names] : by_cluster) {
        for (size_t i = 0; i < names.size(); ++i) {
            for (size_t j = i + 1; j < names.size(); ++j) same.emplace_back(names[i], names[j]);
        }
    }
    std::mt19937 random(1);
    std::shuffle(same.begin(), same.end(), random);
    if (same.size() > 100000) same.resize(100000);
    std::vector<char> initials;
    for (const auto& [initial, names] : by_initial) initials.insert(initials.end(), names.size(), initial);
    Pairs other;
    while (other.size() < same.size()) {
        const auto& names = by_initial[initials[random() % initials.size()]];
        const auto& a = names[random() % names.size()];
        const auto& b = names[random() % names.size()];
        if (a.first != b.first) other.emplace_back(a.second, b.second);
    }
    Tick tick;
    const auto ours = [&](const std::string& a, const std::string& b) {
        return cdp::similarity::name_similarity(a, b, tick);
    };
    const auto plain = [&](const std::string& a, const std::string& b) {
        return cdp::similarity::jaro_winkler(cdp::text::fold(a), cdp::text::fold(b), tick);
    };
    const auto time = [&](const Pairs& pairs) {
        const auto start = std::chrono::steady_clock::now();
        double sum = 0.0;
        for (const auto& [a, b] : pairs) sum += ours(a, b);
        const double ns =
            std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
        return sum < 0.0 ? 0.0 : ns / static_cast<double>(pairs.size());
    };
    const std::vector<double> ours_same = scores(same, ours);
    const std::vector<double> ours_other = scores(other, ours);
    std::printf("%zu pairs of each kind\n", same.size());
    std::printf(
        "name_similarity  AUC %.5f; at 0.85: %.4f of the same, %.5f of the others; %.0f and %.0f ns\n",
        area(ours_same, ours_other), share_from(ours_same, 0.85), share_from(ours_other, 0.85), time(same),
        time(other));
    const std::vector<double> plain_same = scores(same, plain);
    const std::vector<double> plain_other = scores(other, plain);
    std::printf("jaro_winkler     AUC %.5f; at 0.85: %.4f of the same, %.5f of the others\n",
                area(plain_same, plain_other), share_from(plain_same, 0.85), share_from(plain_other, 0.85));
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count == 2 && std::string(arguments[1]) == "pairs") {
            show_pairs();
        } else if (count == 4) {
            measure(arguments[1], arguments[2], arguments[3]);
        } else {
            std::fprintf(stderr, "usage: measure_names pairs | FILE.csv CLUSTER NAME[+NAME]\n");
            return 2;
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
