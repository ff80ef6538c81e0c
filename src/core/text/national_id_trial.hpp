// SPDX-License-Identifier: PostgreSQL
// Internal to national_id*.cpp: one value against one type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/national_id_table.hpp"

namespace cdp::text::id {

// From worst to best.
enum class Rank : uint8_t {
    kNothing,
    kLength,
    kCharacters,
    kWrong,       // the shape is right, the number is not
    kIncomplete,  // the check character is not there
    kMadeUp,
    kDoubtful,  // right but for a check digit that need not be
    kRestored,  // right with the zeros that were lost
    kRight,
};

struct Trial {
    Rank rank = Rank::kNothing;
    const IdType* type = nullptr;
    Problem problem;
    std::array<char, kLongest> characters{};  // in the shape of the type, when rank is kWrong or better
    size_t size = 0;
    std::string suggestion;

    std::string_view id() const { return {characters.data(), size}; }
};

// Reads prepared text with ASCII digits. The problem when it is no code at all.
Problem read_written(std::string_view text, Written& written);

Trial try_type(const IdType& type, const Written& written);

// Written in exactly the form of the type, separators and all.
bool is_written_as(const IdType& type, const Written& written);

std::string canonical(const IdType& type, std::string_view id);

// The one swap of neighbours, or one reading of a letter as a digit or the reverse, that makes it right.
std::string repair_of(const IdType& type, const Written& written, const Trial& trial);

}  // namespace cdp::text::id
