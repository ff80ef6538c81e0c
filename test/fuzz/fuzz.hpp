// SPDX-License-Identifier: PostgreSQL
// What the fuzz targets share: the input as choices and text, and a check that ends the program, which is how
// libFuzzer learns of a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "reference/text_checks.hpp"

namespace fuzz {

inline void check(bool holds, const char* promise, std::string_view shown = {}) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\nwith: '%.*s'\n", promise, static_cast<int>(shown.size()),
                 shown.data());
    std::abort();
}

class Input {
  public:
    Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

    // The next byte as one of `count` choices; 0 at the end. Seeds write it as a digit.
    size_t choose(size_t count) {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return (byte >= '0' && byte <= '9' ? byte - '0' : byte) % count;
    }
    std::string_view rest() const { return rest_; }
    // Up to the next line end, which is taken too.
    std::string_view line() {
        const size_t end = rest_.find('\n');
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return taken;
    }

  private:
    std::string_view rest_;
};

using reference::has_controls;
using reference::is_valid_utf8;

inline void check_text(std::string_view text) {
    check(is_valid_utf8(text), "valid UTF-8", text);
    check(!has_controls(text), "no control characters", text);
}

}  // namespace fuzz
