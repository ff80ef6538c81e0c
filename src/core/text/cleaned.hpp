// SPDX-License-Identifier: PostgreSQL
// What a cleaner says about one value. Every cleaner of this topic takes untrusted bytes and returns a
// Cleaned; none throws for bad data, all output is valid UTF-8 without control characters, and cleaning a
// clean value gives the same value again.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace cdp::text {

enum class Status : unsigned char {
    kOk,          // understood as it stands; the value is its canonical form (case, spaces, separators)
    kCorrected,   // something was wrong and could be put right; `reason` says what
    kSuspicious,  // well formed, but look at it: `reason` says why, `suggestion` what may have been meant
    kInvalid,     // cannot be used; `value` is empty
    kMissing,     // blank, or a word that stands for nothing ("n/a", "sin datos"); `value` is empty
};

struct Cleaned {
    std::string value;
    Status status;
    std::string_view reason;  // a literal: a short lower-case phrase, empty when ok
    std::string suggestion;

    bool has_value() const { return status != Status::kInvalid && status != Status::kMissing; }
};

constexpr const char* status_name(Status status) {
    switch (status) {
        case Status::kOk:
            return "ok";
        case Status::kCorrected:
            return "corrected";
        case Status::kSuspicious:
            return "suspicious";
        case Status::kInvalid:
            return "invalid";
        case Status::kMissing:
            return "missing";
    }
    return "invalid";
}

inline Cleaned invalid(std::string_view reason, std::string suggestion = {}) {
    return {{}, Status::kInvalid, reason, std::move(suggestion)};
}
inline Cleaned missing(std::string_view reason) {
    return {{}, Status::kMissing, reason, {}};
}
inline Cleaned suspicious(std::string value, std::string_view reason, std::string suggestion = {}) {
    return {std::move(value), Status::kSuspicious, reason, std::move(suggestion)};
}
// Ok when nothing was repaired, else corrected for `repair`.
inline Cleaned accepted(std::string value, std::string_view repair = {}) {
    return {std::move(value), repair.empty() ? Status::kOk : Status::kCorrected, repair, {}};
}

}  // namespace cdp::text
