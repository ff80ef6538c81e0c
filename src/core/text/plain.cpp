// SPDX-License-Identifier: PostgreSQL
#include "text/plain.hpp"

#include "base/utf8.hpp"
#include "text/prepare.hpp"

namespace cdp::text {

Cleaned clean_text(std::string_view raw) {
    // Enough to fill the bound when most of it is white space, without preparing a gigabyte.
    constexpr size_t kRead = 4 * kMaxBytes;
    std::string_view repair_reason;
    std::string text = repair_and_prepare(clip_utf8(raw, kRead), repair_reason);
    const bool clipped = raw.size() > kRead || text.size() > kMaxBytes;
    text.resize(clip_utf8(text, kMaxBytes).size());
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (text.empty()) return missing("blank");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_repeated_character(text) && !all_digits(text)) return missing("one character repeated");
    if (clipped) return suspicious(std::move(text), "cut to 10000 bytes");
    if (text.find("\xEF\xBF\xBD") != std::string::npos) {
        return suspicious(std::move(text), "unreadable characters");
    }
    return accepted(std::move(text), repair_reason);
}

}  // namespace cdp::text
