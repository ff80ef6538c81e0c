// SPDX-License-Identifier: PostgreSQL
#include "text/column_summary.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "text/prepare.hpp"
#include "text/value_pattern.hpp"

namespace cdp::text {
namespace {

constexpr size_t kExamples = 3;
constexpr double kFarOut = 3;  // times the distance of the quartiles, as Tukey's far-out values
constexpr uint64_t kFewestForShapes = 20;
constexpr double kRareShape = 0.01;

// A value of a column of numbers or dates.
struct Point {
    double value;
    double weight;
    std::string_view text;  // as it is in the data
};

// Seconds since 1970 of "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS…".
double seconds_of(const std::string& clean) {
    const auto part = [&](size_t from, size_t count) {
        int value = 0;
        for (size_t i = from; i < std::min(from + count, clean.size()); ++i)
            value = value * 10 + (clean[i] - '0');
        return value;
    };
    const std::chrono::sys_days day{std::chrono::year_month_day{
        std::chrono::year(part(0, 4)), std::chrono::month(static_cast<unsigned>(part(5, 2))),
        std::chrono::day(static_cast<unsigned>(part(8, 2)))}};
    const int time = clean.size() >= 19 ? part(11, 2) * 3600 + part(14, 2) * 60 + part(17, 2) : 0;
    return static_cast<double>(day.time_since_epoch().count()) * 86400 + time;
}

double quantile(const std::pmr::vector<Point>& points, double total, double at) {
    double below = 0;
    for (const Point& point : points) {
        below += point.weight;
        if (below >= at * total * (1 - 1e-12)) return point.value;
    }
    return points.back().value;
}

class Summariser {
  public:
    Summariser(const ValueProfile& profile, const SummaryInput& input, Tick& tick)
        : profile_(profile), input_(input), tick_(tick), sample_(profile.sample(tick)) {}

    ColumnSummary run() {
        guess_ = guess_semantics({.sample = sample_,
                                  .filled = profile_.filled(),
                                  .distinct = profile_.distinct(),
                                  .kind = input_.kind,
                                  .name_attribute = input_.name_attribute,
                                  .name_confidence = input_.name_confidence,
                                  .country = input_.country,
                                  .date_order = input_.date_order},
                                 tick_);
        take_guess();
        summary_.top_values = profile_.top_values(input_.listed, tick_);
        summary_.patterns = profile_.top_patterns(input_.listed, tick_);
        if (guess_.rule == nullptr) return std::move(summary_);
        examples();
        refused();
        if (is_number() || is_moment() || input_.kind == ColumnKind::kNumber) {
            measure();
        } else {
            const auto [low, high] = profile_.text_range(tick_);
            summary_.min_value = display(low, kShown);
            summary_.max_value = display(high, kShown);
        }
        rare_shapes();
        return std::move(summary_);
    }

  private:
    bool is_number() const { return guess_.rule->type == "number" || guess_.rule->type == "money"; }
    bool is_moment() const { return guess_.rule->type == "date" || guess_.rule->type == "timestamp"; }

    void take_guess() {
        summary_.attribute = guess_.attribute;
        summary_.confidence = guess_.confidence;
        summary_.reason = guess_.reason;
        summary_.validity = guess_.validity;
        summary_.suspicious = guess_.suspicious;
        summary_.junk = guess_.junk;
        if (guess_.rule == nullptr) return;
        summary_.semantic_type = guess_.rule->type;
        if (is_moment() && input_.kind == ColumnKind::kText) {
            if (guess_.dates.order) summary_.date_order = order_name(*guess_.dates.order);
            const DateFormat& dates = guess_.dates;
            summary_.is_order_needed = !dates.order && dates.either + dates.day_first + dates.month_first > 0;
        }
        if (is_number() && input_.kind == ColumnKind::kText) {
            const char mark = decimal_separator(sample_);
            summary_.decimal_separator = mark == '.' ? "." : mark == ',' ? "," : "";
        }
    }

    Cleaned clean(std::string_view text) const { return guess_.clean(text); }

    void examples() {
        for (const ProfiledValue& value : sample_) {
            if (summary_.examples.size() == kExamples) break;
            const Status status = clean(value.text).status;
            if (value.is_cut || (status != Status::kOk && status != Status::kCorrected)) continue;
            summary_.examples.push_back(display(value.text, kShown));
        }
        for (const ProfiledValue& value : sample_) {
            if (!summary_.examples.empty()) break;
            summary_.examples.push_back(display(value.text, kShown));
        }
    }

    void outlier(std::string_view text, std::string_view why) {
        if (summary_.outliers.size() < input_.listed) {
            summary_.outliers.push_back(display(text, kShown) + " (" + std::string(why) + ")");
        }
    }

    void refused() {
        for (const size_t i : guess_.refused) {
            const ProfiledValue& value = sample_[i];
            outlier(value.text, value.is_cut ? "too long" : clean(value.text).reason);
        }
    }

    // Range, quantiles and far values of numbers and dates.
    void measure() {
        const ValueProfile::Values values = profile_.weighted_values(tick_);
        std::pmr::vector<Point> points(values.get_allocator());
        double total = 0;
        for (const ProfiledValue& value : values) {
            tick_();
            if (value.is_cut) continue;
            const Cleaned cleaned = clean(value.text);
            if (!cleaned.has_value()) continue;
            const auto number = is_moment() ? seconds_of(cleaned.value) : server_number(cleaned.value);
            if (!number) continue;
            points.push_back({*number, value.weight, value.text});
            total += value.weight;
        }
        if (points.empty()) return;
        std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
            return a.value != b.value ? a.value < b.value : a.text < b.text;
        });
        range(points);
        if (!is_number() && !is_moment()) return;  // the number of something: no quantity
        if (is_number()) {
            summary_.p05 = quantile(points, total, 0.05);
            summary_.median = quantile(points, total, 0.5);
            summary_.p95 = quantile(points, total, 0.95);
        }
        far_values(points, total);
    }

    void range(const std::pmr::vector<Point>& points) {
        summary_.min_value = clean(points.front().text).value;
        summary_.max_value = clean(points.back().text).value;
        if (is_moment()) return;
        if (profile_.is_exact()) return;
        const auto [low, high] = profile_.number_range(tick_);
        if (const auto number = plain_number(low); number && *number < points.front().value)
            summary_.min_value = low;
        if (const auto number = plain_number(high); number && *number > points.back().value)
            summary_.max_value = high;
    }

    void far_values(const std::pmr::vector<Point>& points, double total) {
        const double q1 = quantile(points, total, 0.25);
        const double q3 = quantile(points, total, 0.75);
        const double reach = kFarOut * (q3 - q1);
        if (!(reach > 0)) return;
        size_t low = 0;
        size_t high = points.size();
        // The farthest first, from either end.
        while (summary_.outliers.size() < input_.listed) {
            const double below = low < high ? q1 - reach - points[low].value : 0;
            const double above = low < high ? points[high - 1].value - q3 - reach : 0;
            if (below <= 0 && above <= 0) break;
            if (below >= above) {
                outlier(points[low++].text, is_number() ? "far below the others" : "long before the others");
            } else {
                outlier(points[--high].text, is_number() ? "far above the others" : "long after the others");
            }
        }
    }

    void rare_shapes() {
        if (profile_.filled() < kFewestForShapes || is_number() || guess_.rule->type == "text") return;
        struct Kind {
            std::string shape;
            uint64_t rows;
            std::string example;
        };
        // How many digits a number has makes no shape rare.
        std::vector<Kind> kinds;
        constexpr size_t kLookedAt = 100;
        for (const PatternShare& shape : profile_.top_patterns(kLookedAt, tick_)) {
            std::string short_shape;
            for (const char c : shape.pattern) {
                if (c != '9' || !short_shape.ends_with('9')) short_shape.push_back(c);
            }
            const auto same = std::find_if(kinds.begin(), kinds.end(),
                                           [&](const Kind& kind) { return kind.shape == short_shape; });
            if (same != kinds.end()) {
                same->rows += shape.rows;
            } else {
                kinds.push_back({short_shape, shape.rows, shape.example});
            }
        }
        std::stable_sort(kinds.begin(), kinds.end(),
                         [](const Kind& a, const Kind& b) { return a.rows > b.rows; });
        const auto filled = static_cast<double>(profile_.filled());
        // Where every value looks different no shape is strange.
        if (static_cast<double>(kinds.front().rows) < 0.5 * filled) return;
        for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind) {
            if (static_cast<double>(kind->rows) >= kRareShape * filled) break;
            if (!clean(kind->example).has_value()) continue;  // refused already, or nothing
            outlier(kind->example, "rare shape");
        }
    }

    const ValueProfile& profile_;
    const SummaryInput& input_;
    Tick& tick_;
    ValueProfile::Values sample_;
    SemanticGuess guess_;
    ColumnSummary summary_;
};

}  // namespace

ColumnSummary summarise(const ValueProfile& profile, const SummaryInput& input, Tick& tick) {
    return Summariser(profile, input, tick).run();
}

}  // namespace cdp::text
