// SPDX-License-Identifier: PostgreSQL
// Events: which are in the window, which meet the condition, and what they add up to.
#include <algorithm>

#include "base/error.hpp"
#include "segment/evaluator.hpp"

namespace cdp::segment {

using dossier::Block;
using dossier::Integers;
using dossier::kNull;
using dossier::Type;
using NodeKind = Program::Node::Kind;
using ValueKind = Program::Value::Kind;
using Function = Program::Query::Function;

Evaluator::Rows Evaluator::rows_of(const Program::Query& query) {
    const OpenPerson::Kind& kind = person_->kind(query.kind);
    Rows rows{&kind.block, kind.times.data(), 0, kind.block.count()};
    if (rows.end == 0) return rows;
    const Bindings::Window& window = bindings_.windows[static_cast<size_t>(query.window)];
    const int64_t* times = rows.times;
    const uint32_t count = rows.end;
    // The first row that is later than `at`, or not earlier.
    const auto first_after = [&](int64_t at, bool or_equal) {
        const int64_t* found = or_equal ? std::lower_bound(times, times + count, at)
                                        : std::upper_bound(times, times + count, at);
        return static_cast<uint32_t>(found - times);
    };
    if (window.start != INT64_MIN) rows.begin = first_after(window.start, window.start_included);
    const bool beyond = window.end > bindings_.instant;
    const int64_t end = beyond ? bindings_.instant : window.end;
    if (times[count - 1] >= end) rows.end = first_after(end, !(beyond || window.end_included));
    rows.end = std::max(rows.begin, rows.end);
    return rows;
}

const uint8_t* Evaluator::meet(const Program::Query& query, const Rows& rows) {
    const size_t n = rows.end - rows.begin;
    met_.resize(n);
    if (query.where == Program::kNone) {
        std::fill(met_.begin(), met_.end(), uint8_t{1});
        return met_.data();
    }
    truths_.resize(n * 2);
    rows_ = &rows;
    mask(program_.nodes[static_cast<size_t>(query.where)], rows, truths_.data(), 1);
    for (size_t i = 0; i < n; ++i) met_[i] = truths_[i] == Truth::kTrue;
    rows_ = nullptr;
    return met_.data();
}

// `depth`: how many rows of truths_ are in use; a child writes to the next one.
void Evaluator::mask(const Program::Node& n, const Rows& rows, Truth* out, size_t depth) {
    const size_t count = rows.end - rows.begin;
    switch (n.kind) {
        case NodeKind::kAll:
        case NodeKind::kAny:
        case NodeKind::kNot: {
            const auto at = static_cast<size_t>(out - truths_.data());
            if (truths_.size() < count * (depth + 1)) {
                truths_.resize(count * (depth + 1));
                out = truths_.data() + at;
            }
            bool first = true;
            for (const int child : n.children) {
                const Program::Node& c = program_.nodes[static_cast<size_t>(child)];
                if (first) {
                    mask(c, rows, out, depth);
                    out = truths_.data() + at;  // may have moved
                    first = false;
                    continue;
                }
                Truth* other = truths_.data() + count * depth;
                mask(c, rows, other, depth + 1);
                out = truths_.data() + at;
                other = truths_.data() + count * depth;
                if (n.kind == NodeKind::kAll) {
                    for (size_t i = 0; i < count; ++i) out[i] = out[i] && other[i];
                } else {
                    for (size_t i = 0; i < count; ++i) out[i] = out[i] || other[i];
                }
            }
            if (n.kind == NodeKind::kNot)
                for (size_t i = 0; i < count; ++i) out[i] = !out[i];
            return;
        }
        default:
            break;
    }
    if (mask_fast(n, rows, out)) return;
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
        Truth& result = out[row - rows.begin];
        switch (n.kind) {
            case NodeKind::kCompare:
                result = compare(n, value(n.left, row), value(n.right, row));
                break;
            case NodeKind::kFits: {
                const Item item = value(n.left, row);
                const auto& symbols = bindings_.symbol_sets[static_cast<size_t>(n.symbols)];
                const auto word = static_cast<uint64_t>(item.bits) >> 6;
                result = !item.known ? Truth::kUnknown
                         : word < symbols.size() && (symbols[word] >> (item.bits & 63) & 1) != 0
                             ? Truth::kTrue
                             : Truth::kFalse;
                break;
            }
            case NodeKind::kKnown:
                result = value(n.left, row).known ? Truth::kTrue : Truth::kFalse;
                break;
            case NodeKind::kTrue: {
                const Item item = value(n.left, row);
                result = !item.known ? Truth::kUnknown : item.bits != 0 ? Truth::kTrue : Truth::kFalse;
                break;
            }
            case NodeKind::kWithin:
                result = within(n, value(n.left, row));
                break;
            case NodeKind::kTimeOfDay: {
                const int64_t at = local(rows.times[row]);
                int64_t minute = at / 60000000 % 1440;
                if (at < 0) minute = ((at - 59999999) / 60000000 % 1440 + 1440) % 1440;
                const bool from = minute >= n.from_minute, to = minute < n.to_minute;
                result =
                    (n.from_minute <= n.to_minute ? from && to : from || to) ? Truth::kTrue : Truth::kFalse;
                break;
            }
            default:
                throw Error(ErrorCode::kInternal, "a condition about a person was asked of an event");
        }
    }
}

// The frequent conditions, a column against a constant, without a detour for each event.
bool Evaluator::mask_fast(const Program::Node& n, const Rows& rows, Truth* out) {
    if (n.left == Program::kNone) return false;
    const Program::Value& left = program_.values[static_cast<size_t>(n.left)];
    if (left.kind != ValueKind::kColumn) return false;
    const Integers column = rows.block->integers(left.id);
    const size_t count = rows.end - rows.begin;
    if (n.kind == NodeKind::kFits) {
        const auto& symbols = bindings_.symbol_sets[static_cast<size_t>(n.symbols)];
        for (size_t i = 0; i < count; ++i) {
            const int64_t symbol = column.exists() ? column[rows.begin + static_cast<uint32_t>(i)] : kNull;
            const auto word = static_cast<uint64_t>(symbol) >> 6;
            out[i] = symbol == kNull                                                      ? Truth::kUnknown
                     : word < symbols.size() && (symbols[word] >> (symbol & 63) & 1) != 0 ? Truth::kTrue
                                                                                          : Truth::kFalse;
        }
        return true;
    }
    if (n.kind != NodeKind::kCompare || left.type != Type::kNumber) return false;
    const Program::Value& right = program_.values[static_cast<size_t>(n.right)];
    if (right.kind != ValueKind::kConstant || right.constant.scale > Decimal::kStoredScale) return false;
    Decimal bound = right.constant;
    for (; bound.scale < Decimal::kStoredScale; ++bound.scale)
        if (__builtin_mul_overflow(bound.units, 10, &bound.units)) return false;
    if (bound.units >= INT64_MAX || bound.units <= INT64_MIN) return false;
    const auto limit = static_cast<int64_t>(bound.units);
    const auto fill = [&](auto holds) {
        for (size_t i = 0; i < count; ++i) {
            const int64_t value = column.exists() ? column[rows.begin + static_cast<uint32_t>(i)] : kNull;
            out[i] = value == kNull ? Truth::kUnknown : holds(value) ? Truth::kTrue : Truth::kFalse;
        }
    };
    switch (n.comparison) {
        case Comparison::kEqual:
            fill([&](int64_t v) { return v == limit; });
            break;
        case Comparison::kNotEqual:
            fill([&](int64_t v) { return v != limit; });
            break;
        case Comparison::kLess:
            fill([&](int64_t v) { return v < limit; });
            break;
        case Comparison::kLessOrEqual:
            fill([&](int64_t v) { return v <= limit; });
            break;
        case Comparison::kGreater:
            fill([&](int64_t v) { return v > limit; });
            break;
        case Comparison::kGreaterOrEqual:
            fill([&](int64_t v) { return v >= limit; });
            break;
    }
    return true;
}

int64_t Evaluator::count(const Program::Query& query) {
    const Rows rows = rows_of(query);
    if (rows.begin == rows.end) return 0;
    if (query.where == Program::kNone && query.periods == Program::kNone) return rows.end - rows.begin;
    const uint8_t* met = meet(query, rows);
    const size_t n = rows.end - rows.begin;
    int64_t found = 0;
    if (query.periods == Program::kNone) {
        for (size_t i = 0; i < n; ++i) found += met[i];
        return found;
    }
    // Periods with an event: both are in order of time.
    const std::vector<int64_t>& bounds = bindings_.period_bounds[static_cast<size_t>(query.periods)];
    size_t period = 0, last = SIZE_MAX;
    for (size_t i = 0; i < n; ++i) {
        if (met[i] == 0) continue;
        const int64_t time = rows.times[rows.begin + i];
        while (period + 1 < bounds.size() && time >= bounds[period + 1]) ++period;
        if (time < bounds[period] || period + 1 >= bounds.size() || period == last) continue;
        last = period;
        ++found;
    }
    return found;
}

// The values of the query's column where the event meets the condition and has one.
void Evaluator::gather(const Program::Query& query, const Rows& rows, const uint8_t* met) {
    gathered_.clear();
    const Integers column =
        query.column == dossier::kTime ? rows.block->times() : rows.block->integers(query.column);
    if (!column.exists()) return;
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
        if (met[row - rows.begin] == 0) continue;
        if (const int64_t value = column[row]; value != kNull) gathered_.push_back(value);
    }
}

// Unknown where the window is not covered. Nothing counts as zero; amounts that nobody knows do not.
Evaluator::Item Evaluator::aggregate(const Program::Query& query) {
    if (bindings_.coverages[static_cast<size_t>(query.coverage)] == 0) return {};
    const auto number = [](const Decimal& decimal) -> Item {
        return {decimal.known, Type::kNumber, 0, decimal};
    };
    if (query.function == Function::kCount && query.column == dossier::kTime)
        return number(Decimal::whole(count(query)));
    const Rows rows = rows_of(query);
    const bool zero = query.function == Function::kSum || query.function == Function::kCount ||
                      query.function == Function::kDistinct;
    const Item none = zero ? number(Decimal::whole(0)) : Item{};
    if (rows.begin == rows.end) return none;
    const uint8_t* met = meet(query, rows);
    if (std::none_of(met, met + (rows.end - rows.begin), [](uint8_t is) { return is != 0; })) return none;
    gather(query, rows, met);
    const auto n = static_cast<int64_t>(gathered_.size());
    if (query.function == Function::kCount) return number(Decimal::whole(n));
    if (query.function == Function::kDistinct) {
        if (query.classes != Program::kNone) {
            const auto& classes = bindings_.classes[static_cast<size_t>(query.classes)];
            for (int64_t& symbol : gathered_)
                if (static_cast<uint64_t>(symbol) < classes.size())
                    symbol = classes[static_cast<size_t>(symbol)];
        }
        std::sort(gathered_.begin(), gathered_.end());
        return number(Decimal::whole(std::unique(gathered_.begin(), gathered_.end()) - gathered_.begin()));
    }
    if (n == 0) return {};
    const auto stored = [&](int64_t value) { return number(Decimal::stored(value)); };
    switch (query.function) {
        case Function::kSum:
        case Function::kAverage: {
            Decimal sum{0, Decimal::kStoredScale, true};
            for (const int64_t value : gathered_) sum.units += value;
            return number(query.function == Function::kSum ? sum : sum.divided_by(Decimal::whole(n)));
        }
        case Function::kLeast:
            return stored(*std::min_element(gathered_.begin(), gathered_.end()));
        case Function::kGreatest:
            return stored(*std::max_element(gathered_.begin(), gathered_.end()));
        case Function::kFirst:
            return stored(gathered_.front());
        case Function::kLast:
            return stored(gathered_.back());
        case Function::kMedian: {
            std::sort(gathered_.begin(), gathered_.end());
            Decimal middle{0, Decimal::kStoredScale, true};
            middle.units = static_cast<Int128>(gathered_[static_cast<size_t>(n - 1) / 2]) +
                           gathered_[static_cast<size_t>(n) / 2];
            return number(middle.divided_by(Decimal::whole(2)));
        }
        case Function::kCount:
        case Function::kDistinct:
            break;
    }
    throw Error(ErrorCode::kInternal, "unknown aggregate in a program");
}

Evaluator::Item Evaluator::days_since(const Program::Query& query) {
    const Rows rows = rows_of(query);
    if (rows.begin == rows.end) return {};
    const uint8_t* met = meet(query, rows);
    const size_t n = rows.end - rows.begin;
    size_t at = n;
    if (query.function == Function::kLast) {
        for (size_t i = n; i-- > 0 && at == n;)
            if (met[i] != 0) at = i;
    } else {
        for (size_t i = 0; i < n && at == n; ++i)
            if (met[i] != 0) at = i;
    }
    if (at == n) return {};
    const int64_t time = rows.times[rows.begin + at];
    const Decimal days = Decimal::whole(bindings_.local_day - local_day(time));
    return {true, Type::kNumber, 0, days};
}

}  // namespace cdp::segment
