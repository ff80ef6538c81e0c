// SPDX-License-Identifier: PostgreSQL
// The textbook forms of the similarities, as slow and as plain as possible: the fast ones are tested against
// them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace reference {

inline std::vector<std::vector<size_t>> edit_table(const std::u32string& a, const std::u32string& b,
                                                   bool swaps) {
    std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
            if (swaps && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d;
}

inline size_t levenshtein(const std::u32string& a, const std::u32string& b) {
    return edit_table(a, b, false)[a.size()][b.size()];
}
inline size_t osa(const std::u32string& a, const std::u32string& b) {
    return edit_table(a, b, true)[a.size()][b.size()];
}

inline double jaro(const std::u32string& a, const std::u32string& b) {
    if (a.empty() && b.empty()) return 1.0;
    const long longest = static_cast<long>(std::max(a.size(), b.size()));
    const long reach = std::max(0L, longest / 2 - 1);
    std::vector<bool> used_a(a.size()), used_b(b.size());
    for (long i = 0; i < static_cast<long>(a.size()); ++i) {
        for (long j = 0; j < static_cast<long>(b.size()); ++j) {
            if (std::labs(i - j) <= reach && !used_b[j] && a[i] == b[j]) {
                used_a[i] = used_b[j] = true;
                break;
            }
        }
    }
    std::u32string matched_a, matched_b;
    for (size_t i = 0; i < a.size(); ++i) {
        if (used_a[i]) matched_a += a[i];
    }
    for (size_t j = 0; j < b.size(); ++j) {
        if (used_b[j]) matched_b += b[j];
    }
    if (matched_a.empty()) return 0.0;
    size_t out_of_order = 0;
    for (size_t i = 0; i < matched_a.size(); ++i) out_of_order += matched_a[i] != matched_b[i];
    const double m = static_cast<double>(matched_a.size());
    const double t = static_cast<double>(out_of_order / 2);
    return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + (m - t) / m) / 3.0;
}

inline double jaro_winkler(std::u32string a, std::u32string b) {
    if (b < a) std::swap(a, b);
    const double j = jaro(a, b);
    if (j <= 0.7) return j;
    size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return j + 0.1 * static_cast<double>(prefix) * (1.0 - j);
}

}  // namespace reference
