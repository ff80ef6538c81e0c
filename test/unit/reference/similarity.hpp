// SPDX-License-Identifier: PostgreSQL
// The measures of src/core/similarity as plainly as their definitions: the fast ones are tested against them.
// Jaro, Levenshtein and optimal string alignment are in edit_distance.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reference/edit_distance.hpp"

namespace reference {

// Lowrance and Wagner (1975): the whole table, every swap of characters however far apart.
inline size_t damerau(const std::u32string& a, const std::u32string& b) {
    const size_t most = a.size() + b.size();
    std::map<char32_t, size_t> last_row;
    std::vector<std::vector<size_t>> d(a.size() + 2, std::vector<size_t>(b.size() + 2, most));
    for (size_t i = 0; i <= a.size(); ++i) d[i + 1][1] = i;
    for (size_t j = 0; j <= b.size(); ++j) d[1][j + 1] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t last_column = 0;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t k = last_row[b[j - 1]];
            const size_t l = last_column;
            const size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            if (cost == 0) last_column = j;
            d[i + 1][j + 1] = std::min(
                {d[i][j] + cost, d[i + 1][j] + 1, d[i][j + 1] + 1, d[k][l] + (i - k - 1) + 1 + (j - l - 1)});
        }
        last_row[a[i - 1]] = i;
    }
    return d[a.size() + 1][b.size() + 1];
}

inline size_t weighted(const std::u32string& a, const std::u32string& b, size_t insertion, size_t deletion,
                       size_t substitution) {
    std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) {
        for (size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i * deletion + j * insertion;
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + deletion, d[i][j - 1] + insertion,
                                d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : substitution)});
        }
    }
    return d[a.size()][b.size()];
}

inline size_t subsequence(const std::u32string& a, const std::u32string& b) {
    std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1, 0));
    for (size_t i = 1; i <= a.size(); ++i) {
        for (size_t j = 1; j <= b.size(); ++j) {
            d[i][j] = a[i - 1] == b[j - 1] ? d[i - 1][j - 1] + 1 : std::max(d[i - 1][j], d[i][j - 1]);
        }
    }
    return d[a.size()][b.size()];
}

inline double part_of(size_t distance, size_t most) {
    return most == 0 ? 1.0 : 1.0 - static_cast<double>(distance) / static_cast<double>(most);
}

inline size_t indel(const std::u32string& a, const std::u32string& b) {
    return a.size() + b.size() - 2 * subsequence(a, b);
}

inline double ratio(const std::u32string& a, const std::u32string& b) {
    return part_of(indel(a, b), a.size() + b.size());
}

// Every part of the longer text that is as long as the shorter one, and the shorter ones at both ends.
inline double partial_ratio(const std::u32string& a, const std::u32string& b) {
    if (a.size() > b.size()) return partial_ratio(b, a);
    if (a.empty()) return b.empty() ? 1.0 : 0.0;
    double best = 0.0;
    for (size_t from = 0; from < b.size(); ++from) best = std::max(best, ratio(a, b.substr(from, a.size())));
    for (size_t size = 1; size <= a.size(); ++size) best = std::max(best, ratio(a, b.substr(0, size)));
    if (a.size() == b.size()) {
        for (size_t from = 0; from < a.size(); ++from) best = std::max(best, ratio(b, a.substr(from)));
        for (size_t size = 1; size <= a.size(); ++size) best = std::max(best, ratio(b, a.substr(0, size)));
    }
    return best;
}

inline size_t common_substring(const std::u32string& a, const std::u32string& b) {
    size_t best = 0;
    for (size_t from = 0; from < a.size(); ++from) {
        for (size_t size = best + 1; from + size <= a.size(); ++size) {
            if (b.find(a.substr(from, size)) != std::u32string::npos) best = size;
        }
    }
    return best;
}

inline size_t common_prefix(const std::u32string& a, const std::u32string& b) {
    size_t n = 0;
    while (n < a.size() && n < b.size() && a[n] == b[n]) ++n;
    return n;
}

inline size_t hamming(const std::u32string& a, const std::u32string& b) {
    size_t n = std::max(a.size(), b.size());
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) n -= a[i] == b[i];
    return n;
}

inline std::vector<std::u32string> words(const std::u32string& text) {
    static const std::u32string spaces =
        U"\t\n\v\f\r\x1C\x1D\x1E\x1F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
        U"\u2009\u200A\u2028\u2029\u202F\u205F\u3000";
    std::vector<std::u32string> found(1);
    for (const char32_t c : text) {
        if (spaces.find(c) == std::u32string::npos) {
            found.back() += c;
        } else {
            found.emplace_back();
        }
    }
    std::erase(found, U"");
    return found;
}

template <typename Words>
std::u32string joined(const Words& words) {
    std::u32string text;
    for (const std::u32string& word : words) text += (text.empty() ? U"" : U" ") + word;
    return text;
}

inline double token_sort(const std::u32string& a, const std::u32string& b) {
    std::vector<std::u32string> x = words(a), y = words(b);
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    return ratio(joined(x), joined(y));
}

// As FuzzyWuzzy describes it: three texts are made and compared.
inline double token_set(const std::u32string& a, const std::u32string& b) {
    const std::vector<std::u32string> list_a = words(a), list_b = words(b);
    const std::set<std::u32string> x(list_a.begin(), list_a.end()), y(list_b.begin(), list_b.end());
    if (x.empty() || y.empty()) return x.empty() && y.empty() ? 1.0 : 0.0;
    std::vector<std::u32string> both, only_x, only_y;
    std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
    std::set_difference(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(only_x));
    std::set_difference(y.begin(), y.end(), x.begin(), x.end(), std::back_inserter(only_y));
    if (!both.empty() && (only_x.empty() || only_y.empty())) return 1.0;
    const std::u32string space = both.empty() ? U"" : U" ";
    const std::u32string first = joined(both);
    const std::u32string with_x = first + space + joined(only_x), with_y = first + space + joined(only_y);
    // The rests are compared for themselves: of two whole texts the subsequence might be another one.
    double best = part_of(indel(joined(only_x), joined(only_y)), with_x.size() + with_y.size());
    if (!both.empty()) best = std::max({best, ratio(first, with_x), ratio(first, with_y)});
    return best;
}

inline double monge_elkan(const std::u32string& a, const std::u32string& b, bool symmetric) {
    const std::vector<std::u32string> x = words(a), y = words(b);
    if (x.empty() || y.empty()) return x.empty() && y.empty() ? 1.0 : 0.0;
    double sum = 0.0;
    for (const std::u32string& word : x) {
        double best = 0.0;
        for (const std::u32string& other : y) best = std::max(best, jaro_winkler(word, other));
        sum += best;
    }
    const double there = sum / static_cast<double>(x.size());
    return symmetric ? (there + monge_elkan(b, a, false)) / 2.0 : there;
}

struct Grams {
    double in_a, in_b, common;
};
inline Grams grams(std::u32string a, std::u32string b, size_t q, bool padded) {
    const auto of = [&](std::u32string text) {
        if (padded) text = std::u32string(q - 1, U'\x1') + text + std::u32string(q - 1, U'\x1');
        if (text.size() < q) return std::set<std::u32string>{text};
        std::set<std::u32string> found;
        for (size_t i = 0; i + q <= text.size(); ++i) found.insert(text.substr(i, q));
        return found;
    };
    const std::set<std::u32string> x = of(a), y = of(b);
    double common = 0.0;
    for (const std::u32string& gram : x) common += static_cast<double>(y.count(gram));
    return {static_cast<double>(x.size()), static_cast<double>(y.size()), common};
}

}  // namespace reference
