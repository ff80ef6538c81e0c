// SPDX-License-Identifier: PostgreSQL
// The command line: what a command takes, its --help, and what was given. Wrong usage is a UsageError, which
// ends the program with status 2.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server.hpp"

namespace cdp::client {

struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Takes { kNothing, kValue, kMaybeValue };  // kMaybeValue: --name or --name=VALUE

struct Option {
    std::string_view name;     // long, without dashes
    char letter = '\0';        // short
    std::string_view value;    // what --help calls the value; "" when it takes none
    std::string_view meaning;  // for --help, one line
    Takes takes = Takes::kNothing;
};

struct Command {
    std::string_view name;
    std::string_view usage;    // what follows the name: "FILE|- --source NAME [OPTION…]"
    std::string_view summary;  // one line
    std::string_view description;
    size_t most_operands = 0;
    std::span<const Option> options;
};

class Arguments {
  public:
    // Reads what follows the command's name; the options of the connection are known to every command.
    Arguments(const Command& command, std::span<const char* const> words);

    bool has(std::string_view option) const { return values_.contains(option); }
    // What was given last, or `otherwise`.
    std::string text(std::string_view option, std::string_view otherwise = "") const;
    // One of `allowed`, the first when the option was not given.
    std::string choice(std::string_view option, std::span<const std::string_view> allowed) const;
    // A whole number from `least` up.
    int64_t number(std::string_view option, int64_t otherwise, int64_t least) const;
    // A comma-separated list.
    std::vector<std::string> list(std::string_view option, std::string_view otherwise = "") const;
    const std::vector<std::string>& operands() const { return operands_; }
    ConnectOptions connection() const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
    std::vector<std::string> operands_;
};

std::string help_of(const Command& command);
std::vector<std::string> split_list(std::string_view text);
// "Did you mean …?", or "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace cdp::client
