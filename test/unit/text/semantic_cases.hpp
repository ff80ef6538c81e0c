// SPDX-License-Identifier: PostgreSQL
// Columns as they come: a name, some values, and what a person says they are.
#pragma once

#include <string_view>
#include <vector>

namespace support {

struct LabelledColumn {
    std::string_view name;
    std::string_view type;
    std::string_view attribute;  // what it should be suggested for; "-": not looked at
    std::string_view country;    // as told to the profiler
    std::vector<std::string_view> values;
};

const std::vector<LabelledColumn>& labelled_columns();

}  // namespace support
