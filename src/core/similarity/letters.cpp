// SPDX-License-Identifier: PostgreSQL
#include "similarity/letters.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::similarity {

Letters::Letters(std::string_view text, Spaces spaces, std::string_view marks) {  // NOLINT: see the header
    std::fill_n(text_.begin(), kMargin, '\0');
    text = clip_utf8(text, text::kMaxBytes);
    if (text::is_ascii(text)) {
        read(text, spaces, marks);
    } else {
        read(text::fold(text), spaces, marks);
    }
    shrink(size_);
}

void Letters::shrink(size_t size) {
    size_ = size;
    std::fill_n(text_.begin() + kMargin + static_cast<std::ptrdiff_t>(size), kMargin, '\0');
}

void Letters::read(std::string_view text, Spaces spaces, std::string_view marks) {
    bool gap = false;
    for (const char c : text) {
        if (size_ == kMaxLetters) return;
        const char letter = text::upper(c);
        const bool wanted = text::is_upper(letter) || (!marks.empty() && is_any_of(c, marks));
        if (!wanted) {
            // An apostrophe joins: O'Brien is one word.
            gap = gap || (spaces == Spaces::kKeep && size_ > 0 && c != '\'');
            continue;
        }
        if (gap) {
            (*this)[static_cast<std::ptrdiff_t>(size_++)] = ' ';
            gap = false;
            if (size_ == kMaxLetters) {
                --size_;
                return;
            }
        }
        (*this)[static_cast<std::ptrdiff_t>(size_++)] = letter;
    }
}

std::string mark_letters(std::string_view text, const Marked* marks, size_t count) {
    std::string out;
    text = clip_utf8(text, text::kMaxBytes);
    out.reserve(text.size());
    const auto mark_of = [&](auto matches) {
        const Marked* found = std::find_if(marks, marks + count, matches);
        return found == marks + count ? '\0' : found->mark;
    };
    for (size_t i = 0; i < text.size();) {
        const size_t start = i;
        const char32_t point = decode_utf8(text, i);
        char mark = '\0';
        if (point >= 0x80) {
            mark = mark_of([=](const Marked& m) { return m.lower == point || m.upper == point; });
        } else {
            // A mark in the text itself is none.
            const char c = static_cast<char>(point);
            if (mark_of([=](const Marked& m) { return m.mark == c; }) != '\0') continue;
            if (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80) {
                size_t after = i;
                const char32_t next = decode_utf8(text, after);
                mark =
                    mark_of([=](const Marked& m) { return m.base == text::lower(c) && m.combining == next; });
                if (mark != '\0') i = after;
            }
        }
        if (mark != '\0') {
            out.push_back(mark);
        } else {
            out.append(text.substr(start, i - start));
        }
    }
    return out;
}

}  // namespace cdp::similarity
