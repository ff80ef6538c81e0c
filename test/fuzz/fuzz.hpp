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

#include "base/utf8.hpp"

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

inline bool is_valid_utf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const size_t before = i;
        // A malformed byte decodes to U+FFFD and advances by one; a real U+FFFD takes three.
        if (cdp::decode_utf8(text, i) == 0xFFFD && i - before != 3) return false;
    }
    return true;
}

inline bool has_controls(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const char32_t point = cdp::decode_utf8(text, i);
        if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return true;
    }
    return false;
}

inline void check_text(std::string_view text) {
    check(is_valid_utf8(text), "valid UTF-8", text);
    check(!has_controls(text), "no control characters", text);
}

}  // namespace fuzz
