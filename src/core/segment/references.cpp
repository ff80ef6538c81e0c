// SPDX-License-Identifier: PostgreSQL
// What a definition refers to, read off the tree.
#include <algorithm>

#include "segment/ast.hpp"

namespace cdp::segment {
namespace {

class Collector {
  public:
    std::vector<Reference> found;

    void visit(const Condition& condition, bool in_event) {
        for (const ConditionPtr& child : condition.children) visit(*child, in_event);
        if (condition.left) visit(*condition.left, in_event);
        for (const ExpressionPtr& value : condition.right) visit(*value, in_event);
        if (condition.clause) visit(*condition.clause);
        if (condition.sequence) {
            for (const SequenceStep& step : condition.sequence->steps) visit(step.clause);
            if (condition.sequence->without) visit(*condition.sequence->without);
        }
        if (condition.kind == Condition::Kind::kInSegment) found.push_back({"segment", condition.text});
        if (condition.kind == Condition::Kind::kMayContact) found.push_back({"purpose", condition.purpose});
    }

  private:
    void visit(const Expression& value, bool in_event) {
        if (value.left) visit(*value.left, in_event);
        if (value.right) visit(*value.right, in_event);
        if (value.clause) visit(*value.clause);
        if (value.kind == Expression::Kind::kName && (!in_event || value.of_person)) {
            found.push_back({"attribute", value.text});
        }
    }
    void visit(const EventClause& clause) {
        found.push_back({"event", clause.event});
        if (clause.where) visit(*clause.where, true);
    }
};

}  // namespace

std::vector<Reference> references(const Condition& condition) {
    Collector collector;
    collector.visit(condition, false);
    std::sort(collector.found.begin(), collector.found.end());
    collector.found.erase(std::unique(collector.found.begin(), collector.found.end()), collector.found.end());
    return collector.found;
}

}  // namespace cdp::segment
