// SPDX-License-Identifier: PostgreSQL
#include "text/national_id_trial.hpp"

#include <algorithm>

#include "text/check_digits.hpp"
#include "text/moment.hpp"
#include "text/prepare.hpp"

namespace cdp::text::id {

unsigned mod11_complement(std::string_view payload, std::span<const uint8_t> weights) {
    return 11 - weighted_sum(payload, weights) % 11;
}

unsigned number_at(std::string_view id, size_t from, size_t count) {
    unsigned number = 0;
    for (const char c : id.substr(from, count)) number = number * 10 + digit_value(c);
    return number;
}

std::optional<std::chrono::year_month_day> day_of(unsigned year, unsigned month, unsigned day) {
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(month), std::chrono::day(day));
    return date.ok() ? std::optional(date) : std::nullopt;
}

unsigned full_year(unsigned two_digits) {
    return two_digits + (two_digits < kTwoDigitPivot ? 2000 : 1900);
}

bool is_made_up(std::string_view digits) {
    if (digits.size() < 6 || !is_digit(digits[0]) || !is_digit(digits[1])) return false;
    const unsigned step = (digit_value(digits[1]) + 10 - digit_value(digits[0])) % 10;
    const char first = digits.front();
    const bool likely =
        step == 0 || (step == 1 && first <= '1') || (step == 9 && (first == '9' || digits.back() <= '1'));
    if (!likely) return false;
    for (size_t i = 1; i < digits.size(); ++i) {
        if ((digit_value(digits[i - 1]) + step) % 10 != digit_value(digits[i])) return false;
    }
    return true;
}

namespace {

bool matches(std::string_view mask, std::string_view id) {
    for (size_t i = 0; i < mask.size(); ++i) {
        const char c = id[i];
        bool fits = false;
        switch (mask[i]) {
            case 'N':
                fits = is_digit(c);
                break;
            case 'A':
                fits = is_upper(c);
                break;
            case 'X':
                fits = is_digit(c) || is_upper(c);
                break;
            case 'K':
                fits = is_digit(c) || c == 'K';
                break;
            case 'R':
                fits = is_upper(c) || c == '&' || c == kEnye;
                break;
            default:
                fits = c == mask[i];
        }
        if (!fits) return false;
    }
    return true;
}

// The digits that people make up: without letters around them, check characters and zeros in front.
std::string_view payload_of(const IdType& type, std::string_view id) {
    std::string_view payload = id.substr(0, id.size() - type.checks);
    while (!payload.empty() && is_upper(payload.front())) payload.remove_prefix(1);
    while (!payload.empty() && is_upper(payload.back())) payload.remove_suffix(1);
    while (!payload.empty() && payload.front() == '0') payload.remove_prefix(1);
    return payload;
}

Problem check(const IdType& type, std::string_view id) {
    // Letters that count as digits (CNPJ since 2026) are made up by nobody.
    const std::string_view counted = id.substr(0, id.size() - type.checks);
    const bool letters = type.mask.front() == 'X' &&
                         std::any_of(counted.begin(), counted.end(), [](char c) { return is_upper(c); });
    const std::string_view payload = payload_of(type, id);
    if (!letters && (payload.empty() || is_made_up(payload))) return kPlaceholder;
    return type.check(id);
}

// Brings the value to the length of the type; false when it cannot be.
bool stretch(const IdType& type, const Written& written, Trial& trial) {
    const size_t length = type.mask.size();
    std::string_view given = written.compact();
    if (type.zeros == Zeros::kOptional) {
        while (given.size() > length && given.front() == '0') given.remove_prefix(1);
    }
    if (given.size() > length || length - given.size() > type.lost) return false;
    const size_t lost = length - given.size();
    if (lost > 0 && type.zeros == Zeros::kRestored && !(written.bare && all_digits(given))) return false;
    std::fill_n(trial.characters.begin(), lost, '0');
    std::copy(given.begin(), given.end(), trial.characters.begin() + static_cast<ptrdiff_t>(lost));
    trial.size = length;
    // The canonical form must not be shorter than what is read again.
    if (type.strip) {
        const size_t zeros = std::min(trial.id().find_first_not_of('0'), length);
        if (zeros > type.lost) return false;
    }
    trial.rank = lost > 0 && type.zeros == Zeros::kRestored ? Rank::kRestored : Rank::kRight;
    return true;
}

// As it stands, without asking for what may be lacking.
Trial try_whole(const IdType& type, const Written& written) {
    Trial trial;
    trial.type = &type;
    if (!stretch(type, written, trial)) {
        trial.rank = Rank::kLength;
        const bool digits = all_digits(written.compact()) && type.mask.find('A') == std::string_view::npos;
        trial.problem = digits ? "wrong number of digits" : "wrong length";
        return trial;
    }
    if (!matches(type.mask, trial.id())) {
        trial.rank = Rank::kCharacters;
        trial.problem = "character not allowed";
        return trial;
    }
    if (type.applies != nullptr && !type.applies(written, trial.id())) {
        trial.rank = Rank::kNothing;
        return trial;
    }
    trial.problem = check(type, trial.id());
    if (!trial.problem.empty()) {
        trial.rank = trial.problem == kPlaceholder     ? Rank::kMadeUp
                     : trial.problem == kDoubtfulCheck ? Rank::kDoubtful
                                                       : Rank::kWrong;
    }
    return trial;
}

// The canonical form with the check character that is lacking; empty when that is not what is wrong.
std::string completed(const IdType& type, const Written& written) {
    if (written.size == kLongest || written.hyphen_before_last(1) || !all_digits(written.compact()))
        return {};
    static constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    Written whole = written;
    whole.before[whole.size] = '-';
    whole.bare = false;
    ++whole.size;
    for (const char c : kCharacters) {
        whole.characters[whole.size - 1] = c;
        const Trial trial = try_whole(type, whole);
        if (trial.rank < Rank::kCharacters) return {};
        if (trial.rank == Rank::kRight) return canonical(type, trial.id());
    }
    return {};
}

// "12.345.678": the dots show that the number ends with the group of three.
bool ends_with_thousands(const Written& written) {
    return written.size > 3 && written.before[written.size - 3] == '.' &&
           written.before[written.size - 2] == '\0' && written.before[written.size - 1] == '\0';
}

}  // namespace

Problem read_written(std::string_view text, Written& written) {
    char separator = '\0';
    for (size_t i = 0; i < text.size(); ++i) {
        char c = upper(text[i]);
        if (!is_digit(c) && !is_upper(c) && c != '&') {
            if (c == ' ' || c == '-' || c == '.' || c == ',' || c == '/' || c == ':') {
                if (separator != '-') separator = c;
                continue;
            }
            const std::string_view rest = text.substr(i);
            if (rest.starts_with("Ñ") || rest.starts_with("ñ")) {
                c = kEnye;
                i += 1;
            } else if (rest.starts_with("\xE2\x80") && rest.size() > 2 && rest[2] >= '\x90' &&
                       rest[2] <= '\x95') {
                separator = '-';  // hyphens and dashes
                i += 2;
                continue;
            } else if (rest.starts_with("−")) {
                separator = '-';
                i += 2;
                continue;
            } else {
                return "character not allowed";
            }
        }
        if (written.size == kLongest) return "too long";
        written.characters[written.size] = c;
        if (written.size > 0 && separator != '\0') {
            written.before[written.size] = separator;
            written.bare = false;
        }
        separator = '\0';
        ++written.size;
    }
    return {};
}

Trial try_type(const IdType& type, const Written& written) {
    Trial trial;
    trial.type = &type;
    const bool lacking = type.completed && ends_with_thousands(written);
    if (!lacking) trial = try_whole(type, written);
    if (!type.completed || trial.rank == Rank::kMadeUp) return trial;
    trial.suggestion = completed(type, written);
    if (!trial.suggestion.empty() && trial.rank != Rank::kRight) {
        trial.rank = Rank::kIncomplete;
        trial.problem = "check digit missing";
    }
    return trial;
}

bool is_written_as(const IdType& type, const Written& written) {
    std::string_view forms = type.written;
    while (!forms.empty()) {
        const std::string_view form = forms.substr(0, forms.find('|'));
        forms.remove_prefix(std::min(form.size() + 1, forms.size()));
        size_t at = form.size();
        size_t i = written.size;
        bool same = true;
        while (same && i > 0 && at > 0) {
            --i;
            --at;
            // In front of the character a separator on both sides, or on neither.
            const bool expects = at > 0 && !is_upper(form[at - 1]);
            const char separator = expects && i > 0 ? form[at - 1] : '\0';
            same = written.before[i] == separator;
            if (expects) --at;
        }
        if (same && i == 0 && (at == 0 || type.zeros == Zeros::kOptional)) return true;
    }
    return false;
}

std::string canonical(const IdType& type, std::string_view id) {
    if (type.strip) id.remove_prefix(std::min(id.find_first_not_of('0'), id.size()));
    std::string out;
    out.reserve(id.size() + 2);
    for (size_t i = 0; i < id.size(); ++i) {
        if (type.hyphen > 0 && id.size() - i == type.hyphen) out.push_back('-');
        if (id[i] == kEnye) {
            out += "Ñ";
        } else {
            out.push_back(id[i]);
        }
    }
    return out;
}

std::string repair_of(const IdType& type, const Written& written, const Trial& trial) {
    static constexpr std::string_view kLetters = "OISB";
    static constexpr std::string_view kDigits = "0158";
    std::array<char, kLongest> characters = trial.characters;
    const std::string_view id(characters.data(), trial.size);
    const auto is_right = [&] {
        return matches(type.mask, id) && (type.applies == nullptr || type.applies(written, id)) &&
               check(type, id).empty();
    };
    const auto twin = [](char c) {
        if (const size_t at = kLetters.find(c); at != std::string_view::npos) return kDigits[at];
        const size_t at = kDigits.find(c);
        return at == std::string_view::npos ? c : kLetters[at];
    };
    if (trial.rank == Rank::kCharacters) {
        for (size_t i = 0; i < trial.size; ++i) {
            const bool fits = matches(type.mask.substr(i, 1), id.substr(i, 1));
            if (!fits) characters[i] = twin(characters[i]);
        }
        return is_right() ? canonical(type, id) : std::string();
    }
    std::string found;
    const auto consider = [&] {
        if (!is_right()) return true;
        if (!found.empty()) return false;
        found = canonical(type, id);
        return true;
    };
    for (size_t i = 0; i < trial.size; ++i) {
        const char before = characters[i];
        characters[i] = twin(before);
        const bool one = characters[i] == before || consider();
        characters[i] = before;
        if (!one) return {};
    }
    for (size_t i = 0; i + 1 < trial.size; ++i) {
        if (characters[i] == characters[i + 1]) continue;
        std::swap(characters[i], characters[i + 1]);
        const bool one = consider();
        std::swap(characters[i], characters[i + 1]);
        if (!one) return {};
    }
    return found;
}

}  // namespace cdp::text::id
