// SPDX-License-Identifier: PostgreSQL
#include "text/name_words.hpp"

#include <algorithm>
#include <array>

namespace cdp::text {
namespace {

template <size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view without_dot(std::string_view word) {
    if (!word.empty() && word.back() == '.') word.remove_suffix(1);
    return word;
}

}  // namespace

bool is_title(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>(
        {"mr",  "mrs",  "ms",    "miss",   "mister",   "dr",  "dra", "prof", "sr",  "sra", "srta",
         "don", "dona", "senor", "senora", "senorita", "ing", "lic", "mx",   "sir", "dna", "mme"});
    return among(kWords, without_dot(word));
}

bool is_suffix(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>({"jr", "sr", "ii", "iii", "iv"});
    return among(kWords, without_dot(word));
}

bool is_particle(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>(
        {"de",  "del", "la",  "las", "los", "y",   "da", "das", "do", "dos", "di",  "du", "della",
         "van", "von", "der", "den", "ter", "ten", "zu", "zur", "af", "av",  "bin", "ibn"});
    return among(kWords, word);
}

bool is_given_after_particle(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>(
        {"carmen", "pilar", "rosario", "mar", "angeles", "jesus", "rocio", "socorro", "milagros", "lourdes",
         "fatima", "sol", "dolores", "guadalupe", "mercedes", "consuelo", "transito", "dios", "refugio"});
    return among(kWords, word);
}

}  // namespace cdp::text
