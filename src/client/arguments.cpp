// SPDX-License-Identifier: PostgreSQL
#include "arguments.hpp"

#include <array>
#include <charconv>

#include "base/nearest_name.hpp"

namespace cdp::client {
namespace {

constexpr std::array<Option, 7> kConnectionOptions{{
    {"host", 'h', "HOST", "server, or the folder of its socket (PGHOST)", Takes::kValue},
    {"port", 'p', "PORT", "port (PGPORT, 5432)", Takes::kValue},
    {"username", 'U', "USER", "role to connect as (PGUSER, the account)", Takes::kValue},
    {"dbname", 'd', "DATABASE", "database, conninfo string or URI (PGDATABASE)", Takes::kValue},
    {"no-password", 'w', "", "never ask for a password", Takes::kNothing},
    {"password", 'W', "", "ask for a password", Takes::kNothing},
    {"help", '?', "", "show this and end", Takes::kNothing},
}};

const Option* find_long(const Command& command, std::string_view name) {
    for (const auto& options : {command.options, std::span<const Option>(kConnectionOptions)}) {
        for (const Option& option : options) {
            if (option.name == name) return &option;
        }
    }
    return nullptr;
}

const Option* find_short(const Command& command, char letter) {
    for (const auto& options : {command.options, std::span<const Option>(kConnectionOptions)}) {
        for (const Option& option : options) {
            if (option.letter == letter && letter != '\0') return &option;
        }
    }
    return nullptr;
}

UsageError unknown_option(const Command& command, std::string_view name) {
    std::vector<std::string> names;
    for (const Option& option : command.options) names.push_back("--" + std::string(option.name));
    for (const Option& option : kConnectionOptions) names.push_back("--" + std::string(option.name));
    return UsageError("there is no option " + std::string(name) + did_you_mean(name, names));
}

void describe(std::string& out, const Option& option) {
    std::string line = "  ";
    line += option.letter == '\0' ? "    " : std::string("-") + option.letter + ", ";
    line += "--" + std::string(option.name);
    if (option.takes == Takes::kMaybeValue) line += "[=" + std::string(option.value) + "]";
    if (option.takes == Takes::kValue) line += " " + std::string(option.value);
    constexpr size_t kColumn = 34;
    if (line.size() + 2 > kColumn) {
        out += line + "\n" + std::string(kColumn, ' ');
    } else {
        out += line + std::string(kColumn - line.size(), ' ');
    }
    out += std::string(option.meaning) + "\n";
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    const auto nearest = cdp::nearest_name(word, candidates);
    return nearest ? "; did you mean " + *nearest + "?" : "";
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const size_t comma = text.find(',');
        std::string_view item = text.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (!item.empty()) out.emplace_back(item);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return out;
}

Arguments::Arguments(const Command& command, std::span<const char* const> words) {
    bool options_end = false;
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const auto next_value = [&](std::string_view option) -> std::string {
            if (i + 1 == words.size())
                throw UsageError("the option " + std::string(option) + " needs a value");
            return words[++i];
        };
        if (options_end || word == "-" || !word.starts_with('-')) {
            operands_.emplace_back(word);
            if (operands_.size() > command.most_operands)
                throw UsageError("one argument too many: " + operands_.back());
        } else if (word == "--") {
            options_end = true;
        } else if (word.starts_with("--")) {
            const size_t equals = word.find('=');
            const std::string_view name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
            const Option* option = find_long(command, name);
            if (option == nullptr) throw unknown_option(command, word.substr(0, equals));
            if (equals != word.npos && option->takes == Takes::kNothing)
                throw UsageError("the option --" + std::string(name) + " takes no value");
            std::string value;
            if (equals != word.npos) {
                value = word.substr(equals + 1);
            } else if (option->takes == Takes::kValue) {
                value = next_value(word);
            }
            values_[std::string(option->name)] = value;
        } else {
            // Letters may stand together, and a value may follow its letter at once: -wh/tmp.
            for (size_t k = 1; k < word.size(); ++k) {
                const Option* option = find_short(command, word[k]);
                if (option == nullptr) throw unknown_option(command, std::string("-") + word[k]);
                std::string value;
                if (option->takes == Takes::kValue) {
                    value = k + 1 < word.size() ? std::string(word.substr(k + 1))
                                                : next_value(std::string("-") + word[k]);
                    k = word.size();
                }
                values_[std::string(option->name)] = value;
            }
        }
    }
}

std::string Arguments::text(std::string_view option, std::string_view otherwise) const {
    const auto found = values_.find(option);
    return found == values_.end() ? std::string(otherwise) : found->second;
}

std::string Arguments::choice(std::string_view option, std::span<const std::string_view> allowed) const {
    const std::string given = text(option, allowed[0]);
    std::string list;
    for (const std::string_view item : allowed) {
        if (item == given) return given;
        list += (list.empty() ? "" : ", ") + std::string(item);
    }
    throw UsageError("--" + std::string(option) + " cannot be \"" + given + "\"; it is one of " + list);
}

int64_t Arguments::number(std::string_view option, int64_t otherwise, int64_t least) const {
    if (!has(option)) return otherwise;
    const std::string given = text(option);
    int64_t value = 0;
    const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (problem != std::errc() || end != given.data() + given.size() || value < least) {
        throw UsageError("--" + std::string(option) + " is a whole number of at least " +
                         std::to_string(least) + ", not \"" + given + "\"");
    }
    return value;
}

std::vector<std::string> Arguments::list(std::string_view option, std::string_view otherwise) const {
    return split_list(text(option, otherwise));
}

ConnectOptions Arguments::connection() const {
    if (has("password") && has("no-password")) throw UsageError("-w and -W contradict each other");
    return {text("host"),   text("port"),    text("username"),
            text("dbname"), has("password"), has("no-password")};
}

std::string help_of(const Command& command) {
    std::string out = "usage: cdp " + std::string(command.name) + " " + std::string(command.usage) + "\n\n" +
                      std::string(command.description) + "\n";
    if (!command.options.empty()) out += "\nOptions:\n";
    for (const Option& option : command.options) describe(out, option);
    out += "\nConnection, as with psql:\n";
    for (const Option& option : kConnectionOptions) describe(out, option);
    return out;
}

}  // namespace cdp::client
