// SPDX-License-Identifier: PostgreSQL
// Sequences. Of all chains that end at an event, the one that began last is the best: it is the shortest. So
// each event keeps the latest beginning, and a step takes the greatest among the events before it that are
// near enough: a maximum over a sliding window, O(events) for a step.
#include <algorithm>

#include "segment/evaluator.hpp"

namespace cdp::segment {

using dossier::Integers;
using dossier::kNull;

namespace {
constexpr int64_t kNoBegin = INT64_MIN;
}

// The events of a step, by key and time.
void Evaluator::gather_step(const Program::Sequence& sequence, size_t step) {
    const Program::Query& query = program_.queries[static_cast<size_t>(sequence.steps[step].query)];
    auto& events = steps_[step];
    events.clear();
    const Rows rows = rows_of(query);
    if (rows.begin == rows.end) return;
    const uint8_t* met = meet(query, rows);
    std::array<Integers, 4> columns;
    for (size_t k = 0; k < sequence.matching.size(); ++k)
        columns[k] = rows.block->integers(sequence.matching[k][step]);
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
        if (met[row - rows.begin] == 0) continue;
        StepEvent event{{}, rows.times[row], kNoBegin};
        bool known = true;  // a property that is not there agrees with nothing
        for (size_t k = 0; k < sequence.matching.size(); ++k) {
            int64_t value = columns[k].exists() ? columns[k][row] : kNull;
            known = known && value != kNull;
            if (sequence.classes[k] != Program::kNone && value != kNull) {
                const auto& classes = bindings_.classes[static_cast<size_t>(sequence.classes[k])];
                if (static_cast<uint64_t>(value) < classes.size())
                    value = classes[static_cast<size_t>(value)];
            }
            event.key[k] = value;
        }
        if (known || (!sequence.followed && step == 0)) events.push_back(event);
    }
    if (!sequence.matching.empty()) {
        std::stable_sort(events.begin(), events.end(),
                         [](const StepEvent& a, const StepEvent& b) { return a.key < b.key; });
    }
}

// An event of the first step that no event of the second follows. Pending: one that may still be followed.
Truth Evaluator::not_followed(const Program::Sequence& sequence) {
    bool pending = false;
    for (const StepEvent& first : steps_[0]) {
        const int64_t last = sequence.within == 0 ? INT64_MAX : first.time + sequence.within;
        const auto next = std::upper_bound(steps_[1].begin(), steps_[1].end(), first,
                                           [](const StepEvent& a, const StepEvent& b) {
                                               return a.key != b.key ? a.key < b.key : a.time < b.time;
                                           });
        if (next != steps_[1].end() && next->key == first.key && next->time <= last) continue;
        if (sequence.within == 0 || last <= bindings_.instant) return Truth::kTrue;
        pending = true;
    }
    return pending ? Truth::kUnknown : Truth::kFalse;
}

// The times of the events that a query finds; where it has no condition, as they lie.
std::span<const int64_t> Evaluator::times_of(const Program::Query& query, std::pmr::vector<int64_t>& room) {
    const Rows rows = rows_of(query);
    if (query.where == Program::kNone || rows.begin == rows.end)
        return {rows.times + rows.begin, rows.end - rows.begin};
    const uint8_t* met = meet(query, rows);
    room.clear();
    for (uint32_t row = rows.begin; row < rows.end; ++row)
        if (met[row - rows.begin] != 0) room.push_back(rows.times[row]);
    return room;
}

// Without properties that must agree and bounds on single steps, times are all there is: later events of a
// step never have an earlier best beginning, so the last event before is the best one.
Truth Evaluator::plain_sequence(const Program::Sequence& sequence, bool covered) {
    const Truth no = covered ? Truth::kFalse : Truth::kUnknown;
    const auto query = [&](size_t step) -> const Program::Query& {
        return program_.queries[static_cast<size_t>(sequence.steps[step].query)];
    };
    std::span<const int64_t> before = times_of(query(0), times_a_);
    if (before.empty()) return no;
    if (!sequence.followed) {
        const std::span<const int64_t> next = times_of(query(1), times_b_);
        bool pending = false;
        size_t at = 0;
        for (const int64_t time : before) {
            while (at < next.size() && next[at] <= time) ++at;
            const int64_t last = sequence.within == 0 ? INT64_MAX : time + sequence.within;
            if (at < next.size() && next[at] <= last) continue;
            if (sequence.within == 0 || last <= bindings_.instant) return Truth::kTrue;
            pending = true;
        }
        return pending ? Truth::kUnknown : Truth::kFalse;
    }
    begins_.assign(before.begin(), before.end());
    for (size_t step = 1; step < sequence.steps.size(); ++step) {
        const std::span<const int64_t> here = times_of(query(step), step % 2 == 1 ? times_b_ : times_a_);
        if (here.empty()) return no;
        gathered_.clear();
        size_t at = 0;
        for (const int64_t time : here) {
            while (at < before.size() && before[at] < time) ++at;
            gathered_.push_back(at == 0 ? kNoBegin : begins_[at - 1]);
        }
        if (gathered_.back() == kNoBegin) return no;
        begins_.swap(gathered_);
        before = here;
    }
    for (size_t i = before.size(); i-- > 0;) {
        if (begins_[i] == kNoBegin) break;
        if (sequence.within == 0 || before[i] - begins_[i] <= sequence.within) return Truth::kTrue;
    }
    return no;
}

Truth Evaluator::sequence(const Program::Sequence& sequence) {
    while (steps_.size() < sequence.steps.size()) steps_.emplace_back();
    bool covered = true;
    for (const auto& step : sequence.steps) {
        const Program::Query& query = program_.queries[static_cast<size_t>(step.query)];
        covered = covered && bindings_.coverages[static_cast<size_t>(query.coverage)] != 0;
    }
    if (!sequence.followed && !covered) return Truth::kUnknown;
    const bool bounded = std::any_of(sequence.steps.begin(), sequence.steps.end(),
                                     [](const auto& step) { return step.within != 0; });
    if (!bounded && sequence.matching.empty() && sequence.without == Program::kNone)
        return plain_sequence(sequence, covered);
    const Truth no = covered ? Truth::kFalse : Truth::kUnknown;
    for (size_t i = 0; i < sequence.steps.size(); ++i) {
        gather_step(sequence, i);
        if (steps_[i].empty() && sequence.followed) return no;
    }
    if (!sequence.followed) return not_followed(sequence);
    if (sequence.without != Program::kNone) {
        const Program::Query& query = program_.queries[static_cast<size_t>(sequence.without)];
        between_.clear();
        const Rows rows = rows_of(query);
        if (rows.begin != rows.end) {
            const uint8_t* met = meet(query, rows);
            for (uint32_t row = rows.begin; row < rows.end; ++row)
                if (met[row - rows.begin] != 0) between_.push_back(rows.times[row]);
        }
    }
    for (StepEvent& event : steps_[0]) event.begin = event.time;
    for (size_t i = 1; i < sequence.steps.size(); ++i) {
        const auto& before = steps_[i - 1];
        auto& here = steps_[i];
        const int64_t within = sequence.steps[i].within;
        // Candidates in gathered_, by place, their beginnings falling: the first is the best that is near
        // enough.
        gathered_.clear();
        size_t head = 0, from = 0;
        const std::array<int64_t, 4>* key = nullptr;
        for (StepEvent& event : here) {
            if (key == nullptr || *key != event.key) {
                key = &event.key;
                gathered_.clear();
                head = 0;
                while (from < before.size() && before[from].key < event.key) ++from;
            }
            for (; from < before.size() && before[from].key == event.key && before[from].time < event.time;
                 ++from) {
                if (before[from].begin == kNoBegin) continue;
                while (gathered_.size() > head &&
                       before[static_cast<size_t>(gathered_.back())].begin <= before[from].begin)
                    gathered_.pop_back();
                gathered_.push_back(static_cast<int64_t>(from));
            }
            while (within != 0 && head < gathered_.size() &&
                   before[static_cast<size_t>(gathered_[head])].time < event.time - within)
                ++head;
            if (head < gathered_.size()) event.begin = before[static_cast<size_t>(gathered_[head])].begin;
        }
    }
    for (const StepEvent& event : steps_[sequence.steps.size() - 1]) {
        if (event.begin == kNoBegin || (sequence.within != 0 && event.time - event.begin > sequence.within))
            continue;
        if (sequence.without != Program::kNone) {
            const auto after = std::upper_bound(between_.begin(), between_.end(), event.begin);
            if (after != between_.end() && *after < event.time) continue;
        }
        return Truth::kTrue;
    }
    return no;
}

}  // namespace cdp::segment
