// SPDX-License-Identifier: PostgreSQL
// Text that another program has damaged: HTML left in a field, and UTF-8 read as Windows-1252 or Latin-1.
// - HTML: the named characters of HTML 4 (&eacute;, &amp;, also in capitals), numbers (&#233;, &#xE9;; 128 to
//   159 are Windows-1252 as in HTML 5), with the semicolon; tags of known names (<b>, <br/>, <a href="…">),
//   comments, and scripts and styles with what is in them. "<ana@example.com>" and "a <b and c> d" are none.
// - Encoding: "JosÃ©" is "José", "Ã‘uÃ±oa" "Ñuñoa", "Ã¢â‚¬â„¢" "’" (twice misread). A sequence counts when it
//   decodes and no text would have it, or when the whole text decodes and one of its sequences is of that
//   kind: "SÃO", "MAÇÃ" and "café »" stay. "GarcÃa", where the invisible second half was lost, is "García".
// Cost: a scan, some 1 GB/s; only text with such a sequence is looked at closer.
#pragma once

#include <string>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::text {

// False means that `repair` finds nothing. Inline because every cleaner asks for every value.
inline bool may_need_repair(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '&' || byte == '<') return true;
        // U+00C2 … U+00F4, what the first byte of a sequence turns into, and something after it.
        if (byte == 0xC3 && i + 2 < text.size()) {
            const auto second = static_cast<unsigned char>(text[i + 1]);
            const auto after = static_cast<unsigned char>(text[i + 2]);
            if (second >= 0x82 && second <= 0xB4 && (after >= 0x80 || second == 0x83)) return true;
        }
    }
    return false;
}

// Repairs in place and says what was wrong: "wrong character encoding" or "HTML"; empty when nothing. One
// layer is taken off at each step until none is left. Expects raw text: soft hyphens and no-break spaces are
// halves of letters here.
std::string_view repair(std::string& text, Tick* tick = nullptr);

// The whole text repaired and tidy (prepare.hpp), of any length.
std::string repair_text(std::string_view raw, Tick& tick);

}  // namespace cdp::text
