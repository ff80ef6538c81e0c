// SPDX-License-Identifier: PostgreSQL
#include "similarity/name_parts.hpp"

#include <algorithm>

#include "text/fold.hpp"
#include "text/name_words.hpp"
#include "text/prepare.hpp"

namespace cdp::similarity {
namespace {

template <size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Titles that are given names as well.
bool is_ambiguous_title(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>({"don", "dona", "ing", "sir"});
    return among(kWords, word);
}

bool is_degree(std::string_view word) {
    static constexpr auto kWords = std::to_array<std::string_view>({"esq", "phd", "md", "dds", "cpa", "mba"});
    return among(kWords, word);
}

NameSuffix suffix_of(std::string_view word) {
    struct Known {
        std::string_view word;
        NameSuffix suffix;
    };
    static constexpr auto kWords = std::to_array<Known>({
        {"jr", NameSuffix::kJunior},
        {"sr", NameSuffix::kSenior},
        {"ii", NameSuffix::kSecond},
        {"iii", NameSuffix::kThird},
        {"iv", NameSuffix::kFourth},
        {"jnr", NameSuffix::kJunior},
        {"snr", NameSuffix::kSenior},
        {"junior", NameSuffix::kJunior},
        {"senior", NameSuffix::kSenior},
        {"2nd", NameSuffix::kSecond},
        {"3rd", NameSuffix::kThird},
        {"4th", NameSuffix::kFourth},
    });
    const auto* found =
        std::find_if(kWords.begin(), kWords.end(), [=](const Known& k) { return k.word == word; });
    return found == kWords.end() ? NameSuffix::kNone : found->suffix;
}

constexpr bool in_word(char c) {
    return text::is_letter(c) || text::is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

NameParts::NameParts(std::string_view name) {  // NOLINT: see the header
    if (name.size() > text::kMaxBytes) name = name.substr(0, text::kMaxBytes);
    if (text::is_ascii(name)) {
        read(name);
    } else {
        read(text::fold(name));
    }
    if (too_long_) return;
    drop_suffixes();
    drop_titles();
    mark_particles();
}

void NameParts::read(std::string_view folded) {
    size_t used = 0;
    bool inside = false;
    size_t start = 0;
    bool comma = false;
    const auto finish = [&] {
        if (!inside) return;
        inside = false;
        if (size_ == kMostParts) {
            too_long_ = true;
            return;
        }
        after_comma_[size_] = comma && size_ > 0;
        parts_[size_++] = {{text_.data() + start, used - start}, false, false};
        comma = false;
    };
    for (const char c : folded) {
        if (in_word(c)) {
            if (used == kMostBytes) {
                too_long_ = true;
                return;
            }
            if (!inside) start = used;
            inside = true;
            text_[used++] = text::lower(c);
            continue;
        }
        if (c == '\'' || c == '`') continue;
        finish();
        if (c == '.' && size_ > 0 && !comma) parts_[size_ - 1].dotted = true;
        comma = comma || c == ',';
    }
    finish();
}

void NameParts::erase(size_t i) {
    for (; i + 1 < size_; ++i) {
        parts_[i] = parts_[i + 1];
        after_comma_[i] = after_comma_[i + 1];
    }
    --size_;
}

void NameParts::drop_titles() {
    for (size_t i = 0; i < size_;) {
        const bool begins = i == 0 || after_comma_[i];
        const size_t needed = is_ambiguous_title(parts_[i].text) ? 3 : 2;
        // "Sr" behind a comma is Senior, not Señor.
        const bool don = parts_[i].text == "don" && i + 1 < size_ && text::takes_don(parts_[i + 1].text);
        const bool title = don || (text::is_title(parts_[i].text) &&
                                   (i == 0 || suffix_of(parts_[i].text) == NameSuffix::kNone));
        if (!begins || !title || size_ < needed || i + 1 == size_) {
            ++i;
            continue;
        }
        const bool comma = after_comma_[i];
        erase(i);
        after_comma_[i] = after_comma_[i] || comma;
    }
    comma_ =
        std::find(after_comma_.begin(), after_comma_.begin() + size_, true) != after_comma_.begin() + size_;
}

void NameParts::drop_suffixes() {
    for (size_t i = size_; i-- > 1;) {
        const bool ends = i + 1 == size_ || after_comma_[i + 1];
        if (!ends) continue;
        const NameSuffix suffix = suffix_of(parts_[i].text);
        if (suffix == NameSuffix::kNone && !is_degree(parts_[i].text)) continue;
        if (suffix != NameSuffix::kNone) suffix_ = suffix;
        erase(i);
    }
}

void NameParts::mark_particles() {
    size_t particles = 0;
    for (size_t i = 0; i < size_; ++i) {
        // "Y." and a Y in front are initials; a last word is a name (Do, Den), but in "Gogh, Vincent van".
        const bool initial = parts_[i].text.size() == 1 && (i == 0 || parts_[i].dotted);
        const bool last = i + 1 == size_ && !comma_;
        parts_[i].particle = !initial && !last && text::is_particle(parts_[i].text);
        particles += parts_[i].particle ? 1 : 0;
    }
    if (particles < size_) return;
    for (size_t i = 0; i < size_; ++i) parts_[i].particle = false;
}

}  // namespace cdp::similarity
