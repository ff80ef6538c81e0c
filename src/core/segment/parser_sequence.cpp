// SPDX-License-Identifier: PostgreSQL
// Sequences: did product_viewed then cart_added then purchase within 7 days.
#include <utility>

#include "segment/parser.hpp"

namespace cdp::segment {

// Exact: a day is 24 hours here, whatever the clocks do.
int64_t Parser::duration() {
    const int64_t n = whole_number(1, kMaxUnits, "how many");
    const Token& token = peek();
    constexpr int64_t kMinute = 60000000;
    switch (unit()) {
        case Unit::kMinute:
            return n * kMinute;
        case Unit::kHour:
            return n * 60 * kMinute;
        case Unit::kDay:
            return n * 1440 * kMinute;
        case Unit::kWeek:
            return n * 7 * 1440 * kMinute;
        default:
            fail_at_token(token, "what follows is counted in minutes, hours, days or weeks",
                          "A month has no fixed length: within 30 days");
    }
}

ConditionPtr Parser::sequence(ConditionPtr did, int depth) {
    ConditionPtr result = make(Condition::Kind::kSequence);
    result->span = did->span;
    result->negated = did->negated;
    result->sequence = std::make_unique<Sequence>();
    Sequence& sequence = *result->sequence;
    sequence.steps.push_back({std::move(*did->clause), 0});
    if (take_words({"not", "followed"})) {
        expect_word("by", "For example: did cart_added not followed by purchase within 24 hours");
        sequence.followed = false;
        sequence.steps.push_back({event(depth), 0});
    }
    Window& window_of_first = sequence.steps.front().clause.window;
    for (;;) {
        const Token& here = peek();
        const auto once = [&](bool already, const char* what) {
            if (already) fail_at_token(here, std::string("a second ") + what, "One is enough.");
        };
        if (sequence.followed && take_word("then")) {
            if (sequence.steps.size() == kMaxSteps)
                fail("a sequence of more than 20 events", "Make parts of it conditions of their own.");
            const int64_t within = take_word("within") ? duration() : 0;
            sequence.steps.push_back({event(depth), within});
        } else if (take_word("within")) {
            once(sequence.within != 0, "\"within\"");
            sequence.within = duration();
        } else if (sequence.followed && take_word("without")) {
            once(sequence.without != nullptr, "\"without\"");
            sequence.without = std::make_unique<EventClause>(event(depth));
            expect_word("in", "For example: without support_call in between");
            expect_word("between", "For example: without support_call in between");
        } else if (take_word("matching")) {
            once(!sequence.matching.empty(), "\"matching\"");
            expect_symbol("(", "For example: matching (product)");
            do {
                if (peek().kind != TokenKind::kWord && peek().kind != TokenKind::kQuotedName)
                    fail("expected a property of the events but found " + shown(peek()),
                         "For example: matching (product)");
                if (sequence.matching.size() == 4) fail("more than four properties to match");
                sequence.matching.emplace_back(peek().text, peek().span);
                take();
            } while (take_symbol(","));
            expect_symbol(")", "For example: matching (product)");
        } else {
            Window here_window;
            if (!window(here_window)) break;
            once(window_of_first.kind != Window::Kind::kNone, "window of time");
            window_of_first = here_window;
        }
    }
    if (result->negated && !sequence.followed) {
        fail("\"did not … not followed by\" says no twice",
             "Say which you mean: not (did cart_added not followed by purchase)");
    }
    return result;
}

}  // namespace cdp::segment
