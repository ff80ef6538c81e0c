// SPDX-License-Identifier: PostgreSQL
// The meanings that a column of text can be recognised by, as a table: a new one is one row more.
#pragma once

#include <span>
#include <string_view>

#include "text/cleaned.hpp"
#include "text/moment.hpp"

namespace cdp::text {

// What a look at a value's characters says, so that the cleaners run only where they may succeed.
struct Shape {
    std::string_view text;
    unsigned digits = 0;
    unsigned upper = 0;
    unsigned lower = 0;
    unsigned spaces = 0;
    unsigned others = 0;  // ASCII punctuation
    unsigned wide = 0;    // bytes beyond ASCII
    bool has_at = false;
    bool has_colon = false;
    unsigned letters() const { return upper + lower + wide; }
};
Shape shape_of(std::string_view text);

// How values are to be read.
struct ReadingOptions {
    std::string_view country;
    DateOrder order = DateOrder::kDmy;
};

// Of the whole column, for rules that one value cannot decide.
struct ColumnFacts {
    uint64_t filled = 0;
    uint64_t distinct = 0;
    // Over the values looked at, placeholders left out:
    size_t values = 0;
    double given_names = 0;   // share with a first word that is a frequent given name
    double family_names = 0;  // whose last word is a frequent family name
    double one_word = 0;      // share of values that are one word
    double same_length = 0;   // share of the most frequent length
    double leading_zero = 0;  // share of digits only with a zero in front
    double same_pattern = 0;  // share of the most frequent shape
    bool has_female = false;  // as clean_gender reads them
    bool has_male = false;
    bool has_true = false;  // as clean_boolean reads them
    bool has_false = false;
    bool has_words = false;  // a value of more than two letters
    size_t most_digits = 0;
};

struct TypeRule {
    std::string_view type;
    std::string_view plural;     // "e-mail addresses", for the reason
    std::string_view attribute;  // what it feeds when only the content says so; empty: nothing
    double alone;                // confidence when only the content says so
    double needed;               // share of values that must be evidence
    // Whether a value is evidence for the type, not only possible.
    bool (*is_evidence)(const Shape&, const ReadingOptions&);
    bool (*fits_column)(const ColumnFacts&);  // null: always
    Cleaned (*clean)(std::string_view, const ReadingOptions&);
    bool is_free;  // its cleaner takes nearly anything: a name can say it, the content hardly
};

// The first of two rules that fit equally well is meant.
std::span<const TypeRule> type_rules();
const TypeRule* find_rule(std::string_view type);  // null when there is none

// The types that a column feeding `attribute` may have, the usual one first.
std::span<const std::string_view> types_of_attribute(std::string_view attribute);

}  // namespace cdp::text
