// SPDX-License-Identifier: PostgreSQL
#include "similarity/name_similarity.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "similarity/jaro_winkler.hpp"
#include "similarity/name_parts.hpp"
#include "similarity/name_words_alike.hpp"
#include "text/fold.hpp"

namespace cdp::similarity {
namespace {

constexpr size_t kMost = NameParts::kMostParts;

struct Pair {
    size_t a, b;              // where the words begin
    size_t a_words, b_words;  // 0: missing there
    WordMatch match;
};

class Comparison {
  public:
    Comparison(const NameParts& a, const NameParts& b, Tick& tick) : a_(a), b_(b), tick_(tick) {
        for (size_t i = 0; i < a_.size(); ++i) used_a_[i] = a_[i].particle;
        for (size_t j = 0; j < b_.size(); ++j) used_b_[j] = b_[j].particle;
        pair_equal();
        if (left(a_, used_a_) > 0 && left(b_, used_b_) > 0) {
            pair_joined();
            pair_best();
        }
        pair_rest();
    }

    double score() const {
        double sum = 0.0;
        double factor = 1.0;
        size_t pairs = 0;
        size_t conflicts = 0;
        for (const Pair& pair : *this) {
            if (pair.match.relation == NameRelation::kMissing) continue;
            sum += pair.match.score;
            pairs += pair.match.relation == NameRelation::kConflict ? 0 : 1;
            conflicts += pair.match.relation == NameRelation::kConflict ? 1 : 0;
        }
        if (pairs + conflicts == 0) return 0.0;
        bool lone = pairs == 1 && conflicts == 0 && single_words();
        for (const Pair& pair : *this) {
            if (pair.match.relation != NameRelation::kMissing) continue;
            const size_t length = pair.a_words > 0 ? a_[pair.a].text.size() : b_[pair.b].text.size();
            factor *= lone ? 0.8 : length == 1 ? 0.98 : 0.95;
            lone = false;
        }
        double score = sum / static_cast<double>(pairs + conflicts) * factor;
        if (conflicts > 0) score = std::min(score, 0.82);
        if (!in_order() && a_.has_comma() == b_.has_comma()) score *= 0.97;
        if (a_.suffix() == b_.suffix()) return score;
        if (a_.suffix() == NameSuffix::kNone || b_.suffix() == NameSuffix::kNone) return score * 0.98;
        return suffixes_agree() ? score : std::min(score, 0.8);
    }

    const Pair* begin() const { return pairs_.data(); }
    const Pair* end() const { return pairs_.data() + size_; }
    bool suffixes_agree() const {
        // A second of the name may be a junior.
        return a_.suffix() == b_.suffix() || (std::min(a_.suffix(), b_.suffix()) == NameSuffix::kJunior &&
                                              std::max(a_.suffix(), b_.suffix()) == NameSuffix::kSecond);
    }

  private:
    using Used = std::array<bool, kMost>;

    static size_t left(const NameParts& parts, const Used& used) {
        return static_cast<size_t>(
            std::count(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(parts.size()), false));
    }

    void put(size_t a, size_t a_words, size_t b, size_t b_words, WordMatch match) {
        std::fill_n(used_a_.begin() + static_cast<std::ptrdiff_t>(a), a_words, true);
        std::fill_n(used_b_.begin() + static_cast<std::ptrdiff_t>(b), b_words, true);
        pairs_[size_++] = {a, b, a_words, b_words, match};
    }

    void pair_equal() {
        for (size_t i = 0; i < a_.size(); ++i) {
            if (used_a_[i]) continue;
            // The same place first, so that repeated words keep their order.
            for (size_t n = 0; n < b_.size(); ++n) {
                const size_t j = i < b_.size() ? (n == 0 ? i : n <= i ? n - 1 : n) : n;
                if (used_b_[j] || a_[i].text != b_[j].text) continue;
                put(i, 1, j, 1, {NameRelation::kEqual, 1.0});
                break;
            }
        }
    }

    // Words of one name that are one word of the other.
    void pair_joined() {
        for (size_t i = 0; i < a_.size(); ++i) {
            if (used_a_[i]) continue;
            size_t at = 0;
            size_t words = 0;
            const WordMatch match = join(a_[i].text, b_, used_b_, at, words);
            if (words > 0) put(i, 1, at, words, match);
        }
        for (size_t j = 0; j < b_.size(); ++j) {
            if (used_b_[j]) continue;
            size_t at = 0;
            size_t words = 0;
            const WordMatch match = join(b_[j].text, a_, used_a_, at, words);
            if (words > 0) put(at, words, j, 1, match);
        }
    }

    // Looks for two or three words of `parts`, one after the other and not taken (a particle never is), that
    // together are `whole`; `words` stays 0 when there are none.
    WordMatch join(std::string_view whole, const NameParts& parts, const Used& used, size_t& at,
                   size_t& words) const {
        constexpr size_t kShortest = 5;
        for (size_t first = 0; first + 1 < parts.size(); ++first) {
            if (used[first] && !parts[first].particle) continue;
            std::array<char, 64> together;
            size_t size = 0;
            bool initials = true;
            bool only_particles = true;
            for (size_t n = 0; n < 3 && first + n < parts.size(); ++n) {
                const NameParts::Part& part = parts[first + n];
                if ((used[first + n] && !part.particle) || size + part.text.size() > together.size()) break;
                std::copy(part.text.begin(), part.text.end(),
                          together.begin() + static_cast<std::ptrdiff_t>(size));
                size += part.text.size();
                only_particles = only_particles && part.particle;
                // Initials: "jp" against "john paul" and "j p".
                initials = initials && n < whole.size() && part.text[0] == whole[n];
                if (n == 0) continue;
                const std::string_view joined(together.data(), size);
                WordMatch match = {NameRelation::kJoined, 1.0};
                if (joined != whole) {
                    if (initials && whole.size() == n + 1 && !only_particles) {
                        match = {NameRelation::kInitial, 0.8};
                    } else if (whole.size() > kShortest &&
                               std::max(whole.size(), size) - std::min(whole.size(), size) <= 1) {
                        const WordMatch close = compare_words(joined, false, whole, false, tick_);
                        if (close.relation != NameRelation::kTypo || close.score < 0.9) continue;
                        match.score = 0.9;
                    } else {
                        continue;
                    }
                }
                at = first;
                words = n + 1;
                return match;
            }
        }
        return {NameRelation::kConflict, 0.0};
    }

    // Greedily the best of what is left; equal scores go to the earlier words.
    void pair_best() {
        std::array<std::array<WordMatch, kMost>, kMost> table;  // NOLINT: read where it was filled
        for (size_t i = 0; i < a_.size(); ++i) {
            if (used_a_[i]) continue;
            for (size_t j = 0; j < b_.size(); ++j) {
                if (used_b_[j]) continue;
                table[i][j] = compare_words(a_[i].text, a_[i].dotted, b_[j].text, b_[j].dotted, tick_);
            }
        }
        while (true) {
            const WordMatch* best = nullptr;
            size_t at_a = 0;
            size_t at_b = 0;
            for (size_t i = 0; i < a_.size(); ++i) {
                if (used_a_[i]) continue;
                for (size_t j = 0; j < b_.size(); ++j) {
                    if (used_b_[j] || (best != nullptr && table[i][j].score <= best->score)) continue;
                    best = &table[i][j];
                    at_a = i;
                    at_b = j;
                }
            }
            if (best == nullptr) return;
            put(at_a, 1, at_b, 1, *best);
        }
    }

    void pair_rest() {
        constexpr WordMatch kMissing = {NameRelation::kMissing, 0.0};
        for (size_t i = 0; i < a_.size(); ++i) {
            if (!used_a_[i]) put(i, 1, 0, 0, kMissing);
        }
        for (size_t j = 0; j < b_.size(); ++j) {
            if (!used_b_[j]) put(0, 0, j, 1, kMissing);
        }
    }

    // False when several words stand behind the only pair: "Maryann" and "Mary Ann".
    bool single_words() const {
        return std::all_of(begin(), end(),
                           [](const Pair& pair) { return pair.a_words <= 1 && pair.b_words <= 1; });
    }

    bool in_order() const {
        for (const Pair& x : *this) {
            for (const Pair& y : *this) {
                if (x.a_words > 0 && x.b_words > 0 && y.a_words > 0 && y.b_words > 0 && x.a < y.a &&
                    x.b > y.b) {
                    return false;
                }
            }
        }
        return true;
    }

    const NameParts& a_;
    const NameParts& b_;
    Tick& tick_;
    Used used_a_{};
    Used used_b_{};
    std::array<Pair, 2 * kMost> pairs_;  // NOLINT: size_ are set
    size_t size_ = 0;
};

double compare_long(std::string_view a, std::string_view b, Tick& tick) {
    constexpr size_t kCompared = 1000;
    const std::string x = text::fold(a);
    const std::string y = text::fold(b);
    if (x == y) return 1.0;
    return 0.99 * jaro_winkler(clip_utf8(x, kCompared), clip_utf8(y, kCompared), tick);
}

bool is_plain(const NameParts& parts) {
    return !parts.too_long() && parts.size() > 0;
}

}  // namespace

double name_similarity(std::string_view a, std::string_view b, Tick& tick) {
    if (a == b) return 1.0;
    if (b < a) std::swap(a, b);  // the same steps both ways
    const NameParts parts_a(a);
    const NameParts parts_b(b);
    if (parts_a.too_long() || parts_b.too_long()) return compare_long(a, b, tick);
    if (!is_plain(parts_a) || !is_plain(parts_b)) return text::fold(a) == text::fold(b) ? 1.0 : 0.0;
    return Comparison(parts_a, parts_b, tick).score();
}

std::vector<NamePair> explain_name_similarity(std::string_view a, std::string_view b, Tick& tick) {
    std::vector<NamePair> rows;
    const bool swapped = b < a;
    const NameParts parts_a(swapped ? b : a);
    const NameParts parts_b(swapped ? a : b);
    if (!is_plain(parts_a) || !is_plain(parts_b)) return rows;
    const auto words = [](const NameParts& parts, size_t first, size_t count) {
        std::string out;
        for (size_t i = first; i < first + count; ++i) {
            if (!out.empty()) out += ' ';
            out += parts[i].text;
        }
        return out;
    };
    const Comparison comparison(parts_a, parts_b, tick);
    std::vector<Pair> pairs(comparison.begin(), comparison.end());
    std::stable_sort(pairs.begin(), pairs.end(), [=](const Pair& x, const Pair& y) {
        const auto place = [=](const Pair& pair) {
            const size_t count = swapped ? pair.b_words : pair.a_words;
            return count > 0 ? (swapped ? pair.b : pair.a) : 2 * kMost;
        };
        return place(x) < place(y);
    });
    for (const Pair& pair : pairs) {
        std::string x = words(parts_a, pair.a, pair.a_words);
        std::string y = words(parts_b, pair.b, pair.b_words);
        if (swapped) std::swap(x, y);
        rows.push_back({std::move(x), std::move(y), relation_name(pair.match.relation), pair.match.score});
    }
    if (parts_a.suffix() != NameSuffix::kNone || parts_b.suffix() != NameSuffix::kNone) {
        const auto name = [](NameSuffix suffix) -> std::string {
            switch (suffix) {
                case NameSuffix::kJunior:
                    return "jr";
                case NameSuffix::kSenior:
                    return "sr";
                case NameSuffix::kSecond:
                    return "ii";
                case NameSuffix::kThird:
                    return "iii";
                case NameSuffix::kFourth:
                    return "iv";
                case NameSuffix::kNone:
                    break;
            }
            return {};
        };
        std::string x = name(parts_a.suffix());
        std::string y = name(parts_b.suffix());
        if (swapped) std::swap(x, y);
        rows.push_back({std::move(x), std::move(y), relation_name(NameRelation::kSuffix),
                        comparison.suffixes_agree() ? 1.0 : 0.0});
    }
    return rows;
}

}  // namespace cdp::similarity
