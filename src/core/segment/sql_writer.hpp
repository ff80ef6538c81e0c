// SPDX-License-Identifier: PostgreSQL
// Turns the tree into SQL, checking names and types on the way. Internal to the topic; use render_sql().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "segment/ast.hpp"
#include "segment/catalogue.hpp"
#include "segment/render_sql.hpp"
#include "segment/sql_time.hpp"

namespace cdp::segment {

// A value with its type. A literal text may still become a date.
struct Sql {
    std::string text;
    Type type = Type::kText;
    bool is_literal_text = false;
    std::string literal = {};
};

class SqlWriter {
  public:
    SqlWriter(std::string_view definition, const Catalogue& catalogue, const RenderOptions& options)
        : definition_(definition),
          catalogue_(catalogue),
          options_(options),
          time_(options.as_of, options.time_zone) {}

    std::string write(const Condition& condition);

  private:
    friend class Compiler;  // asks for the SQL of single pieces
    // Inside a "where": the kind of the event, and whether an attribute of the person was asked for.
    struct EventScope {
        const EventKind* kind = nullptr;
        bool uses_person = false;
        std::string event = "e";  // what the event is called
    };

    // sql_condition.cpp
    std::string condition(const Condition& c, EventScope* scope);
    std::string compare(const Condition& c, EventScope* scope);
    std::string comparison(const Sql& left, std::string_view op, const Sql& right, const Span& span);
    std::string between(const Condition& c, EventScope* scope);
    std::string in_list(const Condition& c, EventScope* scope);
    std::string pattern(const Condition& c, EventScope* scope);
    std::string within(const Condition& c, EventScope* scope);
    std::string anniversary(const Condition& c, EventScope* scope);
    std::string time_of_day(const Condition& c, EventScope* scope);

    // sql_value.cpp
    Sql value(const Expression& e, EventScope* scope);
    Sql name(const Expression& e, EventScope* scope);
    Sql attribute(const std::string& name, const Span& span);
    Sql property(const std::string& name, const Span& span, const EventKind& kind,
                 const std::string& event = "e");
    Sql arithmetic(const Expression& e, EventScope* scope);
    Sql aggregate(const Expression& e);
    Sql days_since(const Expression& e);
    Sql date_literal(const Sql& value, Type wanted, const Span& span);
    std::string json_value(const std::string& json, const std::string& name, Type type) const;

    // sql_event.cpp
    std::string did(const Condition& c);
    std::string sequence(const Condition& c);  // sql_sequence.cpp
    std::string in_segment(const Condition& c);
    std::string reachable(const Condition& c);
    const EventKind& event_kind(const EventClause& clause);
    std::string event_cte(const EventClause& clause, const EventKind& kind, const std::string& columns,
                          const std::string& bounds, const Span& span);
    std::string event_bounds(const SqlTime::Bounds& window) const;
    std::string covered(const EventKind& kind, const SqlTime::Bounds& window) const;
    std::string add_cte(const Span& span, const std::string& body);

    [[noreturn]] void fail(ErrorCode code, const Span& span, const std::string& message,
                           const std::string& hint) const;
    [[noreturn]] void unknown(const Span& span, const std::string& what, const std::string& name,
                              const std::vector<std::string>& known, const std::string& none) const;

    // Each is a CTE and a join; the server plans hundreds in a breath, thousands not.
    static constexpr size_t kMaxParts = 200;

    std::string_view definition_;
    const Catalogue& catalogue_;
    const RenderOptions& options_;
    SqlTime time_;
    std::vector<std::string> ctes_;
    const Expression* replaced_ = nullptr;  // this value is written as `replacement_`, a text
    std::string replacement_;
};

std::string_view type_name(Type type);
std::string fold(const std::string& sql);

}  // namespace cdp::segment
