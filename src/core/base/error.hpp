// SPDX-License-Identifier: PostgreSQL
// The one exception type of the core. It carries what a person needs to mend the input: what is wrong
// (message), where and why (detail) and what to do next (hint). Expected outcomes (an e-mail that is no
// e-mail) are values, not exceptions: only what ends the statement is thrown.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace cdp {

enum class ErrorCode {
    kInvalidInput,   // 22023: an argument makes no sense
    kSyntax,         // 42601: a definition cannot be parsed
    kUndefinedName,  // 42703: a definition names something unknown
    kWrongType,      // 42804: a comparison of things of different types
    kLimitExceeded,  // 54000: over a documented bound
    kOutOfMemory,    // 53200: over the memory budget
    kDataCorrupted,  // XX001: a stored value cannot be read
    kInternal,       // XX000: a defect in this program
};

class Error : public std::exception {
  public:
    Error(ErrorCode code, std::string message, std::string detail = {}, std::string hint = {})
        : code_(code), message_(std::move(message)), detail_(std::move(detail)), hint_(std::move(hint)) {}

    const char* what() const noexcept override { return message_.c_str(); }
    ErrorCode code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& detail() const noexcept { return detail_; }
    const std::string& hint() const noexcept { return hint_; }

  private:
    ErrorCode code_;
    std::string message_;
    std::string detail_;
    std::string hint_;
};

// For conditions that only a defect in this program can violate; unlike assert() it must not take the server
// down.
inline void check(bool condition, const char* what) {
    if (!condition) throw Error(ErrorCode::kInternal, std::string("internal check failed: ") + what);
}

}  // namespace cdp
