// SPDX-License-Identifier: PostgreSQL
#include "text/junk.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/utf8.hpp"
#include "text/email.hpp"
#include "text/fold.hpp"
#include "text/junk_words.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// Rows of keyboards; a run goes along one of them in either direction.
constexpr auto kKeyRows = std::to_array<std::string_view>(
    {"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"});

bool is_along(std::string_view row, std::string_view text) {
    size_t at = row.find(text[0]);
    if (at == std::string_view::npos) return false;
    const auto follows = [&](int step) {
        size_t i = at;
        for (const char c : text.substr(1)) {
            i += static_cast<size_t>(step);  // below 0 it is past the end
            if (i >= row.size() || row[i] != c) return false;
        }
        return true;
    };
    return follows(1) || follows(-1);
}

// Expects small ASCII letters.
bool is_key_run(std::string_view text) {
    static constexpr auto kNames =
        std::to_array<std::string_view>({"azer", "ertz", "trew", "wert", "zert"});  // surnames
    if (text.size() < 4 || std::find(kNames.begin(), kNames.end(), text) != kNames.end()) return false;
    return std::any_of(kKeyRows.begin(), kKeyRows.end(),
                       [&](std::string_view row) { return is_along(row, text); });
}

// Keys side by side in one of the rows, each pair as a bit: most texts end at their second letter.
constexpr auto kBeside = [] {
    std::array<uint32_t, 26> beside{};
    for (const std::string_view row : kKeyRows) {
        for (size_t i = 1; i < row.size(); ++i) {
            beside[static_cast<size_t>(row[i] - 'a')] |= uint32_t{1} << (row[i - 1] - 'a');
            beside[static_cast<size_t>(row[i - 1] - 'a')] |= uint32_t{1} << (row[i] - 'a');
        }
    }
    return beside;
}();
bool are_beside(char a, char b) {
    return is_letter(a) && is_letter(b) &&
           (kBeside[static_cast<size_t>(lower(a) - 'a')] >> (lower(b) - 'a') & 1) != 0;
}
bool may_be_key_run(std::string_view text) {
    return text.size() >= 4 && are_beside(text[0], text[1]) && are_beside(text[1], text[2]);
}

bool is_only_marks(std::string_view text) {
    constexpr std::string_view kMarks = "-_.?*/,;:'\"# ";
    if (!text.empty() && (is_letter(text[0]) || is_digit(text[0]))) return false;
    return text.find_first_not_of(kMarks) == std::string_view::npos || text == "–" || text == "—";
}

// 123456, 98765432, 1234567890: each digit one more or one less than the one before.
bool is_digit_run(std::string_view digits) {
    const auto steps = [&](int step) {
        for (size_t i = 1; i < digits.size(); ++i) {
            if ((digits[i] - digits[i - 1] - step) % 10 != 0) return false;
        }
        return true;
    };
    return digits.size() >= 6 && all_digits(digits) && (steps(1) || steps(-1));
}

std::string_view phone_or_identifier(std::string_view text, SemanticType type) {
    std::string digits;
    for (const char c : text) {
        if (is_digit(c)) digits.push_back(c);
        if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80) return {};
    }
    if (is_digit_run(digits)) return "digits in a row";
    const size_t shortest = type == SemanticType::kPhone ? 6 : 4;
    if (digits.size() >= shortest && is_repeated_character(digits)) return "one character repeated";
    return {};
}

}  // namespace

bool is_missing_word(std::string_view text) {
    if (is_only_marks(text)) return true;
    if (text.size() > kLongestJunkWord) return false;
    const bool run = may_be_key_run(text);
    if (!run && !may_be_junk_word(text)) return false;
    std::array<char, kLongestJunkWord> word{};
    bool ascii = true;
    for (size_t i = 0; i < text.size(); ++i) {
        word[i] = lower(text[i]);
        ascii = ascii && static_cast<unsigned char>(text[i]) < 0x80;
    }
    if (ascii) {
        const std::string_view small(word.data(), text.size());
        return is_junk_word(small) || (run && is_key_run(small));
    }
    std::string folded;
    return fold_latin(text, folded) && is_junk_word(folded);
}

bool is_repeated_character(std::string_view text) {
    if (text.size() < 4) return false;
    size_t first = 0;
    decode_utf8(text, first);
    if (text.size() < 4 * first || text.size() % first != 0) return false;
    for (size_t i = first; i < text.size(); ++i) {
        if (text[i] != text[i - first]) return false;
    }
    return true;
}

std::string_view junk_reason(std::string_view raw, SemanticType type) {
    std::string text;
    if (const auto stop = open_value(raw, text)) {
        const bool name = type == SemanticType::kName && (text == "Na" || text == "Nan");
        return stop->status == Status::kMissing && !name ? stop->reason : std::string_view();
    }
    switch (type) {
        case SemanticType::kEmail: {
            const Cleaned cleaned = clean_email(raw);
            return cleaned.status == Status::kMissing ? cleaned.reason : std::string_view();
        }
        case SemanticType::kName: {
            const std::string folded = fold(text);
            if (is_repeated_character(folded)) return "one character repeated";
            return is_placeholder_name(folded) ? "placeholder name" : std::string_view();
        }
        case SemanticType::kPhone:
        case SemanticType::kIdentifier:
            return phone_or_identifier(text, type);
        case SemanticType::kText:
            if (is_repeated_character(text) && !all_digits(text)) return "one character repeated";
            return {};
        default:
            return {};
    }
}

}  // namespace cdp::text
