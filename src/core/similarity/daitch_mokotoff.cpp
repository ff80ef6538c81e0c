// SPDX-License-Identifier: PostgreSQL
#include "similarity/daitch_mokotoff.hpp"

#include <algorithm>
#include <cstdint>

#include "similarity/letters.hpp"
#include "similarity/points.hpp"

namespace cdp::similarity {
namespace {

constexpr char kAOgonek = '[';
constexpr char kEOgonek = ']';
constexpr char kTCedilla = '^';
constexpr std::string_view kMarks = "[]^";
constexpr std::array<Marked, 4> kMarked = {{
    {U'ą', U'Ą', 'a', 0x328, kAOgonek},
    {U'ę', U'Ę', 'e', 0x328, kEOgonek},
    {U'ţ', U'Ţ', 't', 0x327, kTCedilla},
    {U'ț', U'Ț', 't', 0x326, kTCedilla},
}};

// The digits at the beginning, before a vowel and elsewhere; "" is not coded.
struct Reading {
    std::string_view start, vowel, other;
};
struct Rule {
    std::string_view letters;
    Reading first;
    Reading second;
    bool branches;
};

constexpr Rule one(std::string_view letters, std::string_view start, std::string_view vowel,
                   std::string_view other) {
    return {letters, {start, vowel, other}, {}, false};
}
constexpr Rule same(std::string_view letters, std::string_view digits) {
    return one(letters, digits, digits, digits);
}
constexpr Rule two(std::string_view letters, Reading first, Reading second) {
    return {letters, first, second, true};
}

// The coding chart, by first letter, longer groups first.
constexpr auto kRules = std::to_array<Rule>({
    one("AI", "0", "1", ""),
    one("AJ", "0", "1", ""),
    one("AY", "0", "1", ""),
    one("AU", "0", "7", ""),
    one("A", "0", "", ""),
    same("B", "7"),
    one("CHS", "5", "54", "54"),
    same("CSZ", "4"),
    same("CZS", "4"),
    same("CZ", "4"),
    same("CS", "4"),
    two("CH", {"5", "5", "5"}, {"4", "4", "4"}),
    two("CK", {"5", "5", "5"}, {"45", "45", "45"}),
    two("C", {"5", "5", "5"}, {"4", "4", "4"}),
    same("DRZ", "4"),
    same("DRS", "4"),
    same("DSH", "4"),
    same("DSZ", "4"),
    same("DZH", "4"),
    same("DZS", "4"),
    same("DS", "4"),
    same("DZ", "4"),
    same("DT", "3"),
    same("D", "3"),
    one("EI", "0", "1", ""),
    one("EJ", "0", "1", ""),
    one("EY", "0", "1", ""),
    one("EU", "1", "1", ""),
    one("E", "0", "", ""),
    same("FB", "7"),
    same("F", "7"),
    same("G", "5"),
    one("H", "5", "5", ""),
    one("IA", "1", "", ""),
    one("IE", "1", "", ""),
    one("IO", "1", "", ""),
    one("IU", "1", "", ""),
    one("I", "0", "", ""),
    two("J", {"1", "", ""}, {"4", "4", "4"}),
    one("KS", "5", "54", "54"),
    same("KH", "5"),
    same("K", "5"),
    same("L", "8"),
    same("MN", "66"),
    same("M", "6"),
    same("NM", "66"),
    same("N", "6"),
    one("OI", "0", "1", ""),
    one("OJ", "0", "1", ""),
    one("OY", "0", "1", ""),
    one("O", "0", "", ""),
    same("PF", "7"),
    same("PH", "7"),
    same("P", "7"),
    same("Q", "5"),
    two("RZ", {"94", "94", "94"}, {"4", "4", "4"}),
    two("RS", {"94", "94", "94"}, {"4", "4", "4"}),
    same("R", "9"),
    one("SCHTSCH", "2", "4", "4"),
    one("SCHTSH", "2", "4", "4"),
    one("SCHTCH", "2", "4", "4"),
    one("SHTCH", "2", "4", "4"),
    one("SHTSH", "2", "4", "4"),
    one("STSCH", "2", "4", "4"),
    one("SHCH", "2", "4", "4"),
    one("SCHT", "2", "43", "43"),
    one("SCHD", "2", "43", "43"),
    one("STCH", "2", "4", "4"),
    one("STRZ", "2", "4", "4"),
    one("STRS", "2", "4", "4"),
    one("STSH", "2", "4", "4"),
    one("SZCZ", "2", "4", "4"),
    one("SZCS", "2", "4", "4"),
    same("SCH", "4"),
    one("SHT", "2", "43", "43"),
    one("SZT", "2", "43", "43"),
    one("SHD", "2", "43", "43"),
    one("SZD", "2", "43", "43"),
    same("SH", "4"),
    one("ST", "2", "43", "43"),
    one("SD", "2", "43", "43"),
    one("SC", "2", "4", "4"),
    same("SZ", "4"),
    same("S", "4"),
    same("TTSCH", "4"),
    same("TTCH", "4"),
    same("TSCH", "4"),
    same("TTSZ", "4"),
    same("TCH", "4"),
    same("TRZ", "4"),
    same("TRS", "4"),
    same("TSH", "4"),
    same("TTS", "4"),
    same("TTZ", "4"),
    same("TZS", "4"),
    same("TSZ", "4"),
    same("TH", "3"),
    same("TS", "4"),
    same("TC", "4"),
    same("TZ", "4"),
    same("T", "3"),
    one("UI", "0", "1", ""),
    one("UJ", "0", "1", ""),
    one("UY", "0", "1", ""),
    one("UE", "0", "1", ""),
    one("U", "0", "", ""),
    same("V", "7"),
    same("W", "7"),
    one("X", "5", "54", "54"),
    one("Y", "1", "", ""),
    one("ZHDZH", "2", "4", "4"),
    one("ZDZH", "2", "4", "4"),
    same("ZSCH", "4"),
    one("ZDZ", "2", "4", "4"),
    one("ZHD", "2", "43", "43"),
    same("ZSH", "4"),
    one("ZD", "2", "43", "43"),
    same("ZH", "4"),
    same("ZS", "4"),
    same("Z", "4"),
    two("[", {"", "", "6"}, {"", "", ""}),
    two("]", {"", "", "6"}, {"", "", ""}),
    two("^", {"3", "3", "3"}, {"4", "4", "4"}),
});

constexpr bool in_order() {
    for (size_t i = 1; i < kRules.size(); ++i) {
        const std::string_view a = kRules[i - 1].letters;
        const std::string_view b = kRules[i].letters;
        // The three marks come last; within a letter the longer first.
        if (a[0] == b[0] ? a.size() < b.size() : (a[0] > b[0] && b[0] >= 'A' && b[0] <= 'Z')) return false;
    }
    return true;
}
static_assert(in_order());

// Where the rules of each character begin.
constexpr auto kFirstRule = [] {
    std::array<unsigned char, 128> first{};
    for (size_t i = kRules.size(); i-- > 0;) {
        first[static_cast<size_t>(kRules[i].letters[0])] = static_cast<unsigned char>(i);
    }
    return first;
}();

const Rule& rule_at(const Letters& word, std::ptrdiff_t i) {
    size_t n = kFirstRule[static_cast<unsigned char>(word[i])];
    while (!word.at(i, kRules[n].letters)) ++n;  // the letter alone is the last of its rules
    return kRules[n];
}

bool is_vowel(const Rule& rule) {
    return rule.first.start == "0" || rule.first.start == "1";
}

// One reading so far.
struct State {
    DaitchMokotoffCodes::Digits digits;
    unsigned char size;
    char last;  // the digit that a neighbour does not repeat; '\0' after a letter without one
    // What the J that follows has been taken for.
    enum class NextJ : unsigned char { kAny, kVowel, kConsonant } next_j;

    bool done() const { return size == DaitchMokotoffCodes::kLength; }
    bool operator==(const State& other) const {
        return size == other.size && last == other.last && next_j == other.next_j &&
               std::equal(digits.begin(), digits.begin() + size, other.digits.begin());
    }
    void append(std::string_view code, bool forced) {
        for (size_t i = 0; i < code.size(); ++i) {
            if (done()) return;
            if (i == 0 && code[0] == last && !forced) continue;
            digits[size++] = code[i];
        }
        last = code.empty() ? '\0' : code.back();
    }
};

constexpr size_t kMostStates = DaitchMokotoffCodes::kMost * 4;
struct States {
    size_t size = 0;
    std::array<State, kMostStates> all;  // NOLINT: size are set
    void put(const State& state) {
        for (size_t i = 0; i < size; ++i) {
            if (all[i] == state) return;
        }
        if (size < kMostStates) all[size++] = state;
    }
};

}  // namespace

DaitchMokotoffCodes daitch_mokotoff(std::string_view text) {
    DaitchMokotoffCodes codes;
    const Letters word = is_ascii(text) ? Letters(text)
                                        : Letters(mark_letters(text, kMarked.data(), kMarked.size()),
                                                  Letters::Spaces::kDrop, kMarks);
    if (word.empty()) return codes;
    States buffers[2];
    States* now = &buffers[0];
    States* next = &buffers[1];
    now->put(State{{}, 0, '\0', State::NextJ::kAny});
    const Rule* rule = &rule_at(word, 0);
    for (std::ptrdiff_t i = 0; word[i] != '\0';) {
        const std::ptrdiff_t after = i + static_cast<std::ptrdiff_t>(rule->letters.size());
        const Rule* following = word[after] == '\0' ? nullptr : &rule_at(word, after);
        const bool before_j = following != nullptr && following->letters == "J";
        const bool before_vowel = following != nullptr && is_vowel(*following);
        const bool is_j = rule->letters == "J";
        next->size = 0;
        bool all_done = true;
        const auto read = [&](const State& state, std::string_view code, State::NextJ next_j) {
            State longer = state;
            longer.append(code, false);
            longer.next_j = next_j;
            all_done = all_done && longer.done();
            next->put(longer);
        };
        for (size_t n = 0; n < now->size; ++n) {
            const State& state = now->all[n];
            if (state.done()) {
                next->put(state);
                continue;
            }
            for (int branch = 0; branch < (rule->branches ? 2 : 1); ++branch) {
                if (is_j && state.next_j != State::NextJ::kAny &&
                    (branch == 0) != (state.next_j == State::NextJ::kVowel)) {
                    continue;
                }
                const Reading& reading = branch == 0 ? rule->first : rule->second;
                if (i == 0) {
                    read(state, reading.start, State::NextJ::kAny);
                } else if (before_j && reading.vowel != reading.other) {
                    read(state, reading.vowel, State::NextJ::kVowel);
                    read(state, reading.other, State::NextJ::kConsonant);
                } else {
                    read(state, before_vowel ? reading.vowel : reading.other, State::NextJ::kAny);
                }
            }
        }
        std::swap(now, next);
        if (all_done) break;
        i = after;
        rule = following;
    }
    for (size_t n = 0; n < now->size; ++n) {
        State& state = now->all[n];
        std::fill(state.digits.begin() + state.size, state.digits.end(), '0');
    }
    const auto begin = now->all.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(now->size);
    std::sort(begin, end, [](const State& a, const State& b) { return a.digits < b.digits; });
    const auto last =
        std::unique(begin, end, [](const State& a, const State& b) { return a.digits == b.digits; });
    for (auto state = begin; state != last; ++state) codes.put(state->digits);
    return codes;
}

}  // namespace cdp::similarity
