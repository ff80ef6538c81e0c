// SPDX-License-Identifier: PostgreSQL
// Regular expressions over the ten digits, the small part of the syntax that numbering plans are written in:
// digits, classes, \d, groups (capturing or not), |, ?, {n}, {n,m}, $. Anything else is refused.
// Two machines: one walks a deterministic automaton for several patterns at once (some 1 ns a digit), the
// other matches one pattern at the start of a number and knows its groups, with the preferences of Perl's
// expressions (the first alternative that fits, as many as possible).
// Source: K. Thompson, "Regular Expression Search Algorithm", CACM 11 (1968); the subset construction as in
// any book on automata.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cdp::text {

// The steps of compiled patterns. Built from the end, each step names what follows it, and equal steps are
// the same one: patterns that end alike share their ends.
class DigitProgram {
  public:
    enum class Kind : uint8_t {
        kDigits,  // one of the digits of `mask`, then `next`
        kSplit,   // `next`, or else `other`
        kSave,    // the border `mask` of a group lies here, then `next`
        kEnd,     // nothing may follow
        kAccept,  // matched: pattern number `mask`
        kPrefix,  // the same, whatever follows
    };
    struct Step {
        Kind kind;
        uint16_t mask;
        uint16_t next;
        uint16_t other;
        bool operator==(const Step&) const = default;
    };
    // What the program of a pattern can begin with: digits, and kNothing when it may take none.
    static constexpr uint16_t kNothing = 1U << 10;

    // The first step of `pattern`, or nothing when it is not of the syntax above or too large.
    std::optional<uint16_t> add(std::string_view pattern, Kind end, uint16_t number);

    const Step& operator[](uint16_t step) const { return steps_[step]; }
    uint16_t beginnings(uint16_t step) const { return beginnings_[step]; }
    size_t size() const { return steps_.size(); }
    unsigned groups() const { return groups_; }  // of all patterns added

  private:
    friend class DigitCompiler;
    uint16_t step(Step wanted);
    std::vector<Step> steps_;
    std::vector<uint16_t> beginnings_;
    std::vector<uint16_t> buckets_;  // of the search for an equal step
    unsigned groups_ = 0;
};

// Tells for a whole number which of up to sixteen patterns it matches.
class DigitAutomaton {
  public:
    // Number i of `patterns` sets bit i; an empty pattern matches nothing. Those of `prefixes` (bits) match
    // when the number only begins so. False when a pattern is refused.
    bool build(const std::vector<std::string_view>& patterns, unsigned prefixes);

    // Bits of the patterns that match. Expects digits only.
    unsigned match(std::string_view digits) const { return accepts_[after(digits)]; }
    // False when no number that begins so can match.
    bool may_begin(std::string_view digits) const { return after(digits) != 0; }
    size_t states() const { return accepts_.size(); }

  private:
    unsigned after(std::string_view digits) const {
        unsigned state = 1;
        for (const char c : digits) state = next_[state * 10 + static_cast<unsigned>(c - '0')];
        return state;
    }

    std::vector<uint16_t> next_ = std::vector<uint16_t>(20);  // state 0 is the end of hope, 1 the first
    std::vector<uint16_t> accepts_ = std::vector<uint16_t>(2);
};

// Matches one pattern at the start of a number.
class DigitPrefix {
  public:
    static constexpr unsigned kMostGroups = 3;
    struct Match {
        size_t size = 0;                                            // digits matched
        std::array<std::string_view, kMostGroups + 1> groups = {};  // from 1; empty when it took no part
    };
    enum class Answer : uint8_t { kNo, kYes, kTooComplex };

    // False when the pattern is refused. An empty pattern matches nothing. Keeps a view of the pattern.
    bool build(std::string_view pattern);
    std::string_view pattern() const { return pattern_; }
    bool empty() const { return program_.size() == 0; }
    unsigned groups() const { return program_.groups(); }
    // Expects digits only.
    Answer match(std::string_view digits, Match& found) const {
        if (program_.size() == 0 || !may_begin(digits)) return Answer::kNo;
        return search(digits, found);
    }

  private:
    bool may_begin(std::string_view digits) const {
        const uint16_t first = program_.beginnings(start_);
        return (first & DigitProgram::kNothing) != 0 ||
               (!digits.empty() && (first >> (digits[0] - '0') & 1) != 0);
    }
    Answer search(std::string_view digits, Match& found) const;

    std::string_view pattern_;
    DigitProgram program_;
    uint16_t start_ = 0;
};

}  // namespace cdp::text
