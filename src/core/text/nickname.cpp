// SPDX-License-Identifier: PostgreSQL
#include "text/nickname.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

#include "text/fold.hpp"
#include "text/nickname_table.hpp"

namespace cdp::text {
namespace {

std::optional<uint16_t> find_name(std::string_view name) {
    const size_t length = name.size();
    if (length == 0 || length > kLongestNickname) return std::nullopt;
    const NicknameGroup& group = kNicknameGroups[length - 1];
    size_t from = 0;
    size_t to = group.count;
    while (from < to) {
        const size_t middle = (from + to) / 2;
        const int order = std::memcmp(group.names + middle * length, name.data(), length);
        if (order == 0) return static_cast<uint16_t>(group.first + middle);
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return std::nullopt;
}

std::string_view name_of(size_t number) {
    for (size_t length = 1; length <= kLongestNickname; ++length) {
        const NicknameGroup& group = kNicknameGroups[length - 1];
        if (number < group.first + group.count) {
            return {group.names + (number - group.first) * length, length};
        }
    }
    return {};
}

std::span<const uint16_t> formals_of(size_t number) {
    return {kFormals + kFormalStarts[number], kFormals + kFormalStarts[number + 1]};
}

bool share_one(std::span<const uint16_t> a, std::span<const uint16_t> b) {
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) return true;
        if (a[i] < b[j]) {
            ++i;
        } else {
            ++j;
        }
    }
    return false;
}

bool is_formal_of(uint16_t formal, uint16_t name) {
    const auto formals = formals_of(name);
    return std::find(formals.begin(), formals.end(), formal) != formals.end();
}

// What b is to a, empty when nothing.
std::string_view relation(uint16_t a, uint16_t b) {
    if (a == b) return {};
    if (is_formal_of(b, a)) return "formal name";
    if (is_formal_of(a, b)) return "nickname";
    return share_one(formals_of(a), formals_of(b)) ? "nickname of the same name" : std::string_view();
}

}  // namespace

bool are_nicknames(std::string_view folded_a, std::string_view folded_b) {
    const auto a = find_name(folded_a);
    if (!a) return false;
    const auto b = find_name(folded_b);
    return b && !relation(*a, *b).empty();
}

bool knows_nicknames(std::string_view folded) {
    return find_name(folded).has_value();
}

std::vector<RelatedName> nicknames_of(std::string_view folded) {
    std::vector<RelatedName> names;
    const auto name = find_name(folded);
    if (!name) return names;
    for (size_t other = 0; other < kNicknameCount; ++other) {
        const std::string_view found = relation(*name, static_cast<uint16_t>(other));
        if (!found.empty()) names.push_back({std::string(name_of(other)), found});
    }
    std::sort(names.begin(), names.end(),
              [](const RelatedName& a, const RelatedName& b) { return a.name < b.name; });
    return names;
}

bool is_same_given_name(std::string_view a, std::string_view b) {
    const std::string folded_a = fold(a);
    const std::string folded_b = fold(b);
    return (folded_a == folded_b && !folded_a.empty()) || are_nicknames(folded_a, folded_b);
}

}  // namespace cdp::text
