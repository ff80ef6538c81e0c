// SPDX-License-Identifier: PostgreSQL
#include "base/nearest_name.hpp"

#include <algorithm>
#include <array>

namespace cdp {
namespace {

constexpr size_t kLongest = 64;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

size_t edits(std::string_view a, std::string_view b) {
    std::array<std::array<size_t, kLongest + 1>, 3> rows{};
    for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a.size() % 3][b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
    if (name.empty() || name.size() > kLongest) return std::nullopt;
    size_t best = std::max<size_t>(1, name.size() / 3) + 1;
    const std::string* found = nullptr;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > kLongest) continue;
        const size_t distance = edits(name, candidate);
        if (distance < best) {
            best = distance;
            found = &candidate;
        }
    }
    if (found == nullptr) return std::nullopt;
    return *found;
}

}  // namespace cdp
