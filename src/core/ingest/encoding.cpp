// SPDX-License-Identifier: PostgreSQL
#include "ingest/encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/windows_1252.hpp"

namespace cdp::ingest {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LeMark = "\xFF\xFE";
constexpr std::string_view kUtf16BeMark = "\xFE\xFF";
constexpr size_t kTickBytes = 4096;
constexpr size_t kSample = 4096;

template <typename String>
void append_point(String& out, char32_t point) {
    if (point == 0) point = 0xFFFD;
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

bool is_high(char c) {
    return (static_cast<unsigned char>(c) & 0x80) != 0;
}

// Zeros in every second place and hardly any in the others.
bool zeros_at(std::string_view sample, size_t parity) {
    size_t there = 0;
    size_t elsewhere = 0;
    for (size_t i = 0; i < sample.size(); ++i) {
        if (sample[i] == '\0') ++(i % 2 == parity ? there : elsewhere);
    }
    return sample.size() >= 4 && there * 3 > sample.size() && elsewhere * 20 < sample.size();
}

void decode_utf16(std::string_view bytes, bool little, std::pmr::string& out, Tick& tick) {
    const auto unit = [&](size_t i) {
        const auto low = static_cast<unsigned char>(bytes[i + (little ? 0 : 1)]);
        const auto high = static_cast<unsigned char>(bytes[i + (little ? 1 : 0)]);
        return static_cast<char32_t>((high << 8) | low);
    };
    size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2) {
        if (i % kTickBytes == 0) tick();
        char32_t point = unit(i);
        if (point >= 0xD800 && point < 0xDC00 && i + 3 < bytes.size() && (unit(i + 2) & 0xFC00) == 0xDC00) {
            point = 0x10000 + ((point - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
            i += 2;
        } else if (point >= 0xD800 && point < 0xE000) {
            point = 0xFFFD;
        }
        append_point(out, point);
    }
    if (i < bytes.size()) append_point(out, 0xFFFD);
}

}  // namespace

TextEncoding detect_text_encoding(std::string_view bytes, Tick& tick) {
    if (bytes.starts_with(kUtf8Mark)) return TextEncoding::kUtf8;
    if (bytes.starts_with(kUtf16LeMark)) return TextEncoding::kUtf16Le;
    if (bytes.starts_with(kUtf16BeMark)) return TextEncoding::kUtf16Be;
    const std::string_view sample = bytes.substr(0, kSample);
    if (zeros_at(sample, 1)) return TextEncoding::kUtf16Le;
    if (zeros_at(sample, 0)) return TextEncoding::kUtf16Be;
    size_t good = 0;
    size_t stray = 0;
    for (size_t i = 0; i < bytes.size();) {
        if (i % kTickBytes == 0) tick();
        if (!is_high(bytes[i])) {
            ++i;
            continue;
        }
        const size_t before = i;
        decode_utf8(bytes, i);
        ++(i - before > 1 ? good : stray);
    }
    return stray == 0 || good > stray ? TextEncoding::kUtf8 : TextEncoding::kWindows1252;
}

std::string_view text_encoding_name(TextEncoding encoding) {
    switch (encoding) {
        case TextEncoding::kWindows1252:
            return "windows-1252";
        case TextEncoding::kLatin1:
            return "latin-1";
        case TextEncoding::kUtf16Le:
            return "utf-16le";
        case TextEncoding::kUtf16Be:
            return "utf-16be";
        case TextEncoding::kUtf8:
            break;
    }
    return "utf-8";
}

TextEncoding parse_text_encoding(std::string_view name) {
    std::string key;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            key.push_back(static_cast<char>(c - 'A' + 'a'));
        } else if (c != '-' && c != '_' && c != ' ') {
            key.push_back(c);
        }
    }
    constexpr auto kNames = std::to_array<std::pair<std::string_view, TextEncoding>>({
        {"utf8", TextEncoding::kUtf8},
        {"windows1252", TextEncoding::kWindows1252},
        {"cp1252", TextEncoding::kWindows1252},
        {"win1252", TextEncoding::kWindows1252},
        {"ansi", TextEncoding::kWindows1252},
        {"latin1", TextEncoding::kLatin1},
        {"iso88591", TextEncoding::kLatin1},
        {"utf16le", TextEncoding::kUtf16Le},
        {"utf16", TextEncoding::kUtf16Le},
        {"ucs2", TextEncoding::kUtf16Le},
        {"utf16be", TextEncoding::kUtf16Be},
    });
    const auto found =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& n) { return n.first == key; });
    if (found == kNames.end()) {
        throw Error(ErrorCode::kInvalidInput, "unknown encoding \"" + std::string(name) + "\"",
                    "Encodings are utf-8, windows-1252, latin-1, utf-16le and utf-16be.",
                    "Leave encoding out: it is detected.");
    }
    return found->second;
}

std::pmr::string decode_text(std::string_view bytes, TextEncoding encoding, std::pmr::memory_resource* memory,
                             Tick& tick) {
    std::pmr::string out(memory);
    out.reserve(bytes.size());
    if (encoding == TextEncoding::kUtf16Le || encoding == TextEncoding::kUtf16Be) {
        const bool little = encoding == TextEncoding::kUtf16Le;
        if (bytes.starts_with(little ? kUtf16LeMark : kUtf16BeMark)) bytes.remove_prefix(2);
        decode_utf16(bytes, little, out, tick);
        return out;
    }
    if (encoding == TextEncoding::kUtf8 && bytes.starts_with(kUtf8Mark))
        bytes.remove_prefix(kUtf8Mark.size());
    for (size_t i = 0; i < bytes.size();) {
        tick();
        // What is ASCII goes over as it is.
        const auto end = std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(i), bytes.end(),
                                      [](char c) { return is_high(c) || c == '\0'; });
        const size_t plain = static_cast<size_t>(end - bytes.begin()) - i;
        out.append(bytes.substr(i, plain));
        i += plain;
        if (i == bytes.size()) break;
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (encoding == TextEncoding::kUtf8 && byte >= 0x80) {
            const size_t before = i;
            const char32_t point = decode_utf8(bytes, i);
            append_point(out, i - before > 1 ? point : text::windows_1252_point(byte));
            continue;
        }
        append_point(out, encoding == TextEncoding::kLatin1 ? byte : text::windows_1252_point(byte));
        ++i;
    }
    return out;
}

}  // namespace cdp::ingest
