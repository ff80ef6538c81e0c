// SPDX-License-Identifier: PostgreSQL
// What a definition may speak of. Given by the caller, so that parsing and rendering stay pure functions.
#pragma once

#include <string>
#include <vector>

namespace cdp::segment {

enum class Type { kText, kNumber, kBoolean, kDate, kTimestamp };

struct Attribute {
    std::string name;
    Type type = Type::kText;
    bool in_details = false;  // kept in profile.details, not in a column of its own
    int id = -1;              // in dossiers; -1 where they do not hold it
    int dictionary = -1;      // of its texts
};

struct Property {
    std::string name;
    Type type = Type::kText;
    int column = -1;      // in dossiers; -1 where they do not hold it
    int dictionary = -1;  // of its texts
};

struct EventKind {
    std::string name;
    int id = 0;
    std::vector<Property> properties;
};

struct NamedSegment {
    std::string name;
    int id = 0;
};

struct Catalogue {
    std::vector<Attribute> attributes;
    std::vector<EventKind> events;
    std::vector<NamedSegment> segments;
    std::vector<std::string> purposes;
    int currencies = -1;  // the dictionary of currencies
};

}  // namespace cdp::segment
