// SPDX-License-Identifier: PostgreSQL
// Deterministic pairs of texts to measure similarities with: names, streets and e-mail addresses in equal
// parts, 8 to 40 characters; of each a third the same person with typing errors, a third with the same first
// three letters, a third unrelated. No two runs and no two machines differ.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Pair {
    std::string_view kind;
    std::string a;
    std::string b;
};

class PairMaker {
  public:
    explicit PairMaker(uint64_t seed = 99) : state_(seed) {}

    std::vector<Pair> make(size_t count) {
        std::vector<Pair> pairs;
        pairs.reserve(count);
        for (const std::string_view kind : {"name", "street", "email"}) {
            const size_t wanted = count / 3;
            const size_t before = pairs.size();
            std::vector<std::string> pool;
            for (size_t i = 0; i < 60000; ++i) pool.push_back(value(kind));
            std::sort(pool.begin(), pool.end());
            while (pairs.size() < before + wanted) {
                const size_t done = pairs.size() - before;
                std::string a = pool[below(pool.size() - 40)];
                std::string b;
                if (done < wanted / 3) {
                    b = mistyped(a);
                } else if (done < 2 * (wanted / 3)) {
                    const size_t at = below(pool.size() - 40);
                    a = pool[at];
                    b = pool[at + 1 + below(39)];
                    if (b.compare(0, 3, a, 0, 3) != 0) continue;
                } else {
                    b = pool[below(pool.size())];
                }
                if (fits(a) && fits(b)) pairs.push_back({kind, std::move(a), std::move(b)});
            }
        }
        for (size_t i = pairs.size(); i > 1; --i) std::swap(pairs[i - 1], pairs[below(i)]);
        return pairs;
    }

    // Less than n, evenly enough.
    uint64_t below(uint64_t n) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % n;
    }
    // One name, street or email.
    std::string value(std::string_view kind) {
        static constexpr std::array<std::string_view, 8> kStreets{"street", "avenue", "road", "lane",
                                                                  "drive",  "court",  "way",  "boulevard"};
        static constexpr std::array<std::string_view, 8> kDomains{"gmail.com",   "yahoo.com",  "hotmail.com",
                                                                  "outlook.com", "aol.com",    "comcast.net",
                                                                  "icloud.com",  "example.org"};
        if (kind == "street") {
            std::string text = std::to_string(1 + below(9999));
            if (below(4) == 0) text += below(2) == 0 ? " north" : " south";
            return text + " " + word(2 + below(2)) + " " + std::string(one_of(kStreets));
        }
        if (kind == "email") {
            std::string text = first_name();
            if (below(3) == 0) text.resize(1);
            return text + (below(2) == 0 ? "." : "") + word(2) +
                   (below(2) == 0 ? std::to_string(below(99)) : "") + "@" + std::string(one_of(kDomains));
        }
        return first_name() + " " + word(2 + below(2));
    }

  private:
    static bool fits(std::string_view text) { return text.size() >= 8 && text.size() <= 40; }

    template <size_t N>
    std::string_view one_of(const std::array<std::string_view, N>& list) {
        return list[below(N)];
    }

    // A word of syllables: enough different ones for a million pairs.
    std::string word(size_t syllables) {
        static constexpr std::array<std::string_view, 24> kOnsets{"b", "br", "c", "ch", "d", "f", "g", "gr",
                                                                  "h", "j",  "k", "l",  "m", "n", "p", "r",
                                                                  "s", "st", "t", "th", "v", "w", "y", ""};
        static constexpr std::array<std::string_view, 10> kVowels{"a", "e", "i",  "o",  "u",
                                                                  "a", "e", "ie", "ou", "ea"};
        static constexpr std::array<std::string_view, 12> kCodas{"",  "",   "n",  "r",  "l", "s",
                                                                 "t", "ck", "nd", "rs", "m", "ll"};
        std::string text;
        for (size_t i = 0; i < syllables; ++i) {
            text += one_of(kOnsets);
            text += one_of(kVowels);
            text += one_of(kCodas);
        }
        return text;
    }
    std::string first_name() {
        static constexpr std::array<std::string_view, 40> kNames{
            "mary",   "james",   "patricia", "robert",  "jennifer", "john",    "linda", "michael",
            "susan",  "david",   "jessica",  "william", "sarah",    "richard", "karen", "joseph",
            "lisa",   "thomas",  "nancy",    "charles", "betty",    "daniel",  "helen", "matthew",
            "sandra", "anthony", "donna",    "mark",    "carol",    "steven",  "ruth",  "paul",
            "sharon", "andrew",  "michelle", "joshua",  "laura",    "kenneth", "emily", "kevin"};
        return std::string(one_of(kNames));
    }
    // One or two of a swap, an omission, a doubled and a wrong letter.
    std::string mistyped(std::string text) {
        for (uint64_t n = 1 + below(2); n > 0; --n) {
            const size_t at = below(text.size() - 1);
            switch (below(4)) {
                case 0:
                    std::swap(text[at], text[at + 1]);
                    break;
                case 1:
                    text.erase(at, 1);
                    break;
                case 2:
                    text.insert(at, 1, text[at]);
                    break;
                default:
                    text[at] = static_cast<char>('a' + below(26));
            }
        }
        return text;
    }

    uint64_t state_;
};

}  // namespace bench
