// SPDX-License-Identifier: PostgreSQL
#include "text/digit_pattern.hpp"

#include <algorithm>
#include <map>

#include "base/hash.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kMostSteps = 20000;
constexpr size_t kMostStates = 30000;
constexpr size_t kMostBranches = 64;  // untried alternatives at one time
constexpr int kDeepest = 24;          // groups in groups
constexpr unsigned kMostTimes = 40;
constexpr uint16_t kAnyDigit = (1U << 10) - 1;
constexpr uint16_t kNone = 0xFFFF;

}  // namespace

uint16_t DigitProgram::step(Step wanted) {
    if ((steps_.size() + 1) * 2 > buckets_.size()) {
        buckets_.assign(std::max<size_t>(64, buckets_.size() * 2), kNone);
        for (size_t i = 0; i < steps_.size(); ++i) {
            size_t at = combine64(combine64(static_cast<uint64_t>(steps_[i].kind), steps_[i].mask),
                                  combine64(steps_[i].next, steps_[i].other)) %
                        buckets_.size();
            while (buckets_[at] != kNone) at = (at + 1) % buckets_.size();
            buckets_[at] = static_cast<uint16_t>(i);
        }
    }
    size_t at = combine64(combine64(static_cast<uint64_t>(wanted.kind), wanted.mask),
                          combine64(wanted.next, wanted.other)) %
                buckets_.size();
    for (; buckets_[at] != kNone; at = (at + 1) % buckets_.size()) {
        if (steps_[buckets_[at]] == wanted) return buckets_[at];
    }
    const auto made = static_cast<uint16_t>(steps_.size());
    buckets_[at] = made;
    steps_.push_back(wanted);
    uint16_t beginning = kNothing;
    if (wanted.kind == Kind::kDigits) beginning = wanted.mask;
    if (wanted.kind == Kind::kSave) beginning = beginnings_[wanted.next];
    if (wanted.kind == Kind::kSplit) {
        beginning = static_cast<uint16_t>(beginnings_[wanted.next] | beginnings_[wanted.other]);
    }
    beginnings_.push_back(beginning);
    return made;
}

// Reads a pattern into a tree, then writes the tree as steps from its end to its beginning.
class DigitCompiler {
  public:
    DigitCompiler(DigitProgram& program, std::string_view pattern) : program_(program), text_(pattern) {}

    std::optional<uint16_t> compile(DigitProgram::Kind end, uint16_t number) {
        const int root = alternatives(0);
        if (failed_ || at_ != text_.size()) return std::nullopt;
        const uint16_t last = program_.step({end, number, 0, 0});
        const uint16_t first = write(root, last);
        if (failed_) return std::nullopt;
        program_.groups_ += groups_;
        return first;
    }

  private:
    enum class Shape : uint8_t { kNothing, kDigits, kEnd, kSequence, kAlternatives, kGroup, kTimes };
    struct Node {
        Shape shape;
        uint16_t mask = 0;  // digits, or the number of the group
        unsigned least = 0;
        unsigned most = 0;
        std::vector<int> parts = {};
    };

    int add(Node node) {
        nodes_.push_back(std::move(node));
        return static_cast<int>(nodes_.size()) - 1;
    }
    int fail() {
        failed_ = true;
        return add({Shape::kNothing});
    }
    bool more() const { return !failed_ && at_ < text_.size(); }
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    int alternatives(int depth) {
        if (depth > kDeepest) return fail();
        std::vector<int> parts{sequence(depth)};
        while (more() && take("|")) parts.push_back(sequence(depth));
        return parts.size() == 1 ? parts[0] : add({Shape::kAlternatives, 0, 0, 0, std::move(parts)});
    }

    int sequence(int depth) {
        std::vector<int> parts;
        while (more() && text_[at_] != '|' && text_[at_] != ')') parts.push_back(repeated(depth));
        return add({Shape::kSequence, 0, 0, 0, std::move(parts)});
    }

    int repeated(int depth) {
        const int once = single(depth);
        unsigned least = 1;
        unsigned most = 1;
        if (take("?")) {
            least = 0;
        } else if (take("{")) {
            least = most = number();
            if (take(",")) most = number();
            if (!take("}") || most < least || most > kMostTimes) return fail();
        } else {
            return once;
        }
        // What follows would make it lazy or possessive, or repeat a repetition.
        if (more() && std::string_view("?{*+").find(text_[at_]) != std::string_view::npos) return fail();
        return add({Shape::kTimes, 0, least, most, {once}});
    }

    unsigned number() {
        unsigned value = 0;
        if (!more() || !is_digit(text_[at_])) fail();
        while (more() && is_digit(text_[at_]) && value <= kMostTimes) {
            value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
        }
        return value;
    }

    int single(int depth) {
        const char c = text_[at_];
        if (is_digit(c)) {
            ++at_;
            return add({Shape::kDigits, static_cast<uint16_t>(1U << (c - '0'))});
        }
        if (take("\\d")) return add({Shape::kDigits, kAnyDigit});
        if (take("$")) return add({Shape::kEnd});
        if (take("[")) return digit_class();
        const bool plain = take("(?:");
        if (!plain && !take("(")) return fail();
        const auto group = static_cast<uint16_t>(plain ? 0 : ++groups_);
        const int inside = alternatives(depth + 1);
        if (failed_ || !take(")")) return fail();
        return plain ? inside : add({Shape::kGroup, group, 0, 0, {inside}});
    }

    int digit_class() {
        uint16_t mask = 0;
        while (more() && !take("]")) {
            if (take("\\d")) {
                mask = kAnyDigit;
                continue;
            }
            const char from = text_[at_++];
            char to = from;
            if (take("-")) to = more() ? text_[at_++] : '\0';
            if (!is_digit(from) || !is_digit(to) || to < from) return fail();
            for (char c = from; c <= to; ++c) mask = static_cast<uint16_t>(mask | 1U << (c - '0'));
        }
        if (failed_ || text_[at_ - 1] != ']' || mask == 0) return fail();
        return add({Shape::kDigits, mask});
    }

    uint16_t step(DigitProgram::Step wanted) {
        if (program_.size() >= kMostSteps) failed_ = true;
        return failed_ ? uint16_t{0} : program_.step(wanted);
    }

    // The first step of `node` when `next` follows it.
    uint16_t write(int index, uint16_t next) {
        using Kind = DigitProgram::Kind;
        if (failed_) return 0;
        const Node& node = nodes_[static_cast<size_t>(index)];
        switch (node.shape) {
            case Shape::kNothing:
                return next;
            case Shape::kDigits:
                return step({Kind::kDigits, node.mask, next, 0});
            case Shape::kEnd:
                return step({Kind::kEnd, 0, next, 0});
            case Shape::kSequence:
                for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part) {
                    next = write(*part, next);
                }
                return next;
            case Shape::kAlternatives: {
                uint16_t first = write(node.parts.back(), next);
                for (auto part = node.parts.rbegin() + 1; part != node.parts.rend(); ++part) {
                    first = step({Kind::kSplit, 0, write(*part, next), first});
                }
                return first;
            }
            case Shape::kGroup: {
                const uint16_t close = step({Kind::kSave, static_cast<uint16_t>(node.mask * 2 + 1), next, 0});
                const uint16_t inside = write(node.parts[0], close);
                return step({Kind::kSave, static_cast<uint16_t>(node.mask * 2), inside, 0});
            }
            case Shape::kTimes: {
                uint16_t first = next;
                for (unsigned n = node.least; n < node.most; ++n) {
                    first = step({Kind::kSplit, 0, write(node.parts[0], first), next});
                }
                for (unsigned n = 0; n < node.least; ++n) first = write(node.parts[0], first);
                return first;
            }
        }
        return next;
    }

    DigitProgram& program_;
    std::string_view text_;
    size_t at_ = 0;
    bool failed_ = false;
    unsigned groups_ = 0;
    std::vector<Node> nodes_;
};

std::optional<uint16_t> DigitProgram::add(std::string_view pattern, Kind end, uint16_t number) {
    return DigitCompiler(*this, pattern).compile(end, number);
}

namespace {

// The steps that take a digit or accept, reachable from `step` without a digit. False at a step that only
// the other machine knows.
bool reach(const DigitProgram& program, uint16_t step, std::vector<uint16_t>& found) {
    using Kind = DigitProgram::Kind;
    std::vector<uint16_t> open{step};
    while (!open.empty()) {
        const uint16_t at = open.back();
        open.pop_back();
        const DigitProgram::Step& here = program[at];
        if (here.kind == Kind::kEnd) return false;
        if (here.kind == Kind::kSplit) open.push_back(here.other);
        if (here.kind == Kind::kSplit || here.kind == Kind::kSave) {
            open.push_back(here.next);
        } else {
            found.push_back(at);
        }
    }
    return true;
}

void sort_unique(std::vector<uint16_t>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

bool DigitAutomaton::build(const std::vector<std::string_view>& patterns, unsigned prefixes) {
    using Kind = DigitProgram::Kind;
    DigitProgram program;
    std::vector<uint16_t> start;
    for (size_t i = 0; i < patterns.size(); ++i) {
        if (patterns[i].empty()) continue;
        const Kind end = (prefixes >> i & 1) != 0 ? Kind::kPrefix : Kind::kAccept;
        const auto first = program.add(patterns[i], end, static_cast<uint16_t>(1U << i));
        if (!first || !reach(program, *first, start)) return false;
    }
    sort_unique(start);
    // A state is the set of steps it stands for.
    std::map<std::vector<uint16_t>, uint16_t> numbers{{{}, uint16_t{0}}, {start, uint16_t{1}}};
    std::vector<const std::vector<uint16_t>*> sets{&numbers.find({})->first, &numbers.find(start)->first};
    if (start.empty()) sets[1] = sets[0];
    for (size_t state = 1; state < sets.size(); ++state) {
        std::array<std::vector<uint16_t>, 10> after;
        for (const uint16_t at : *sets[state]) {
            const DigitProgram::Step& step = program[at];
            if (step.kind == Kind::kAccept || step.kind == Kind::kPrefix) {
                accepts_[state] = static_cast<uint16_t>(accepts_[state] | step.mask);
            }
            const bool takes = step.kind == Kind::kDigits;
            const unsigned mask = takes ? step.mask : step.kind == Kind::kPrefix ? kAnyDigit : 0;
            for (size_t digit = 0; digit < 10; ++digit) {
                if ((mask >> digit & 1) == 0) continue;
                if (!takes) {
                    after[digit].push_back(at);
                } else if (!reach(program, step.next, after[digit])) {
                    return false;
                }
            }
        }
        for (size_t digit = 0; digit < 10; ++digit) {
            sort_unique(after[digit]);
            const auto [known, is_new] =
                numbers.try_emplace(std::move(after[digit]), static_cast<uint16_t>(sets.size()));
            if (is_new) {
                if (sets.size() >= kMostStates) return false;
                sets.push_back(&known->first);
                accepts_.push_back(0);
                next_.resize(next_.size() + 10);
            }
            next_[state * 10 + digit] = known->second;
        }
    }
    next_.shrink_to_fit();
    accepts_.shrink_to_fit();
    return true;
}

bool DigitPrefix::build(std::string_view pattern) {
    pattern_ = pattern;
    if (pattern.empty()) return true;
    const auto first = program_.add(pattern, DigitProgram::Kind::kPrefix, 0);
    if (!first || program_.groups() > kMostGroups) return false;
    start_ = *first;
    return true;
}

DigitPrefix::Answer DigitPrefix::search(std::string_view digits, Match& found) const {
    using Kind = DigitProgram::Kind;
    struct Branch {
        uint16_t step;
        uint8_t at;
        std::array<uint8_t, size_t{2} * (kMostGroups + 1)> borders;  // one past the place; 0 for none
    };
    if (digits.size() > 100) return Answer::kTooComplex;
    std::array<Branch, kMostBranches> untried;  // NOLINT(*-member-init): only what was written is read
    size_t count = 0;
    Branch now{start_, 0, {}};
    const auto hopeful = [&](uint16_t step) {
        const uint16_t first = program_.beginnings(step);
        return (first & DigitProgram::kNothing) != 0 ||
               (now.at < digits.size() && (first >> (digits[now.at] - '0') & 1) != 0);
    };
    for (;;) {
        const DigitProgram::Step& step = program_[now.step];
        bool fits = true;
        switch (step.kind) {
            case Kind::kDigits:
                fits = now.at < digits.size() && (step.mask >> (digits[now.at] - '0') & 1) != 0;
                ++now.at;
                break;
            case Kind::kSplit:
                if (!hopeful(step.next)) {
                    now.step = step.other;
                    continue;
                }
                if (hopeful(step.other)) {
                    if (count == untried.size()) return Answer::kTooComplex;
                    untried[count] = now;
                    untried[count++].step = step.other;
                }
                break;
            case Kind::kSave:
                now.borders[step.mask] = static_cast<uint8_t>(now.at + 1);
                break;
            case Kind::kEnd:
                fits = now.at == digits.size();
                break;
            case Kind::kAccept:
            case Kind::kPrefix:
                found = {};
                found.size = now.at;
                for (size_t group = 1; group <= kMostGroups; ++group) {
                    const uint8_t from = now.borders[group * 2];
                    const uint8_t to = now.borders[group * 2 + 1];
                    if (from == 0 || to < from) continue;
                    found.groups[group] = digits.substr(from - 1U, static_cast<size_t>(to - from));
                }
                return Answer::kYes;
        }
        if (fits) {
            now.step = step.next;
        } else if (count > 0) {
            now = untried[--count];
        } else {
            return Answer::kNo;
        }
    }
}

}  // namespace cdp::text
