// SPDX-License-Identifier: PostgreSQL
// From text to tokens: words, numbers, and what joins or separates them.
#include <unicode/uchar.h>

#include "base/utf8.hpp"
#include "text/address_parse.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

enum class Sign : uint8_t {
    kPart,
    kSpace,
    kComma,
    kDot,
    kHyphen,
    kSlash,
    kApostrophe,
    kHash,
    kPlus,
    kAmpersand,
    kOrdinal
};

constexpr Sign ascii_sign(char c) {
    if (is_letter(c) || is_digit(c)) return Sign::kPart;
    switch (c) {
        case '.':
            return Sign::kDot;
        case '-':
            return Sign::kHyphen;
        case '/':
            return Sign::kSlash;
        case '\'':
        case '`':
            return Sign::kApostrophe;
        case '#':
            return Sign::kHash;
        case '+':
            return Sign::kPlus;
        case '&':
            return Sign::kAmpersand;
        case ',':
        case ';':
        case '|':
        case '(':
        case ')':
        case '[':
        case ']':
        case ':':
        case '\\':
            return Sign::kComma;
        default:
            return Sign::kSpace;
    }
}

constexpr auto kSigns = [] {
    std::array<Sign, 128> signs{};
    for (size_t i = 0; i < signs.size(); ++i) signs[i] = ascii_sign(static_cast<char>(i));
    return signs;
}();

Sign other_sign(char32_t point) {
    if (point == U'º' || point == U'ª' || point == U'°' || point == U'˚') return Sign::kOrdinal;
    if (point == U'’' || point == U'‘' || point == U'ʼ' || point == U'´') return Sign::kApostrophe;
    if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212) return Sign::kHyphen;
    const auto c = static_cast<UChar32>(point);
    if (point == 0xFFFD || u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0) return Sign::kPart;
    return point == U'、' || point == U'，' ? Sign::kComma : Sign::kSpace;
}

// "1.234": digits in groups of three.
bool is_grouped(std::string_view view) {
    const size_t dot = view.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot > 3 || (view.size() - dot) % 4 != 0) return false;
    for (size_t i = 0; i < view.size(); ++i) {
        const bool expected_dot = i >= dot && (i - dot) % 4 == 0;
        if (expected_dot ? view[i] != '.' : !is_digit(view[i])) return false;
    }
    return true;
}

// Reads a text once and keeps what stands between the tokens in mind.
class Splitter {
  public:
    explicit Splitter(Address& address) : a_(address), text_(address.text) {}

    void run() {
        a_.folded.reserve(2 * text_.size());
        while (at_ < text_.size()) {
            size_t next = at_;
            const Sign sign = sign_at(next);
            if (sign == Sign::kPart) {
                read_word();
            } else if (text_[at_] == ' ') {
                ++at_;
            } else {
                separate(sign, next);
            }
        }
    }

  private:
    Sign sign_at(size_t& position) const {
        const char c = text_[position];
        if (static_cast<unsigned char>(c) < 0x80) {
            ++position;
            return kSigns[static_cast<size_t>(c)];
        }
        return other_sign(decode_utf8(text_, position));
    }
    bool part_at(size_t position) const {
        return position < text_.size() && sign_at(position) == Sign::kPart;
    }
    bool digit_at(size_t position) const { return position < text_.size() && is_digit(text_[position]); }
    Token* last() { return a_.count > 0 ? &a_.tokens[a_.count - 1] : nullptr; }

    void separate(Sign sign, size_t next) {
        const bool touches =
            last() != nullptr && (at_ == end_of_last_ || (last()->dot && at_ == end_of_last_ + 1));
        const bool glued = touches && part_at(next);
        const char symbol = text_[at_];
        switch (sign) {
            case Sign::kComma:
                gap_ = ',';
                break;
            case Sign::kHyphen:
                gap_ = glued ? '-' : ',';
                break;
            case Sign::kSlash:
            case Sign::kPlus:
                if (glued && gap_ == '\0') gap_ = symbol;
                if (last() != nullptr && at_ == end_of_last_ && symbol == '/') last()->slash = true;
                if (!glued && gap_ == '\0') gap_ = ' ';
                break;
            case Sign::kApostrophe:
                if (glued && gap_ == '\0') gap_ = '\'';
                break;
            case Sign::kDot:
                if (last() != nullptr && at_ == end_of_last_) last()->dot = true;
                break;
            case Sign::kHash:
            case Sign::kAmpersand:
                add(at_, next, symbol == '#' ? "#" : "&");
                break;
            case Sign::kOrdinal:
                if (last() != nullptr && (at_ == end_of_last_ || (last()->dot && at_ == end_of_last_ + 1))) {
                    last()->ordinal = text_.substr(at_, next - at_) == "ª" ? 'a' : 'o';
                    last()->dot = false;
                    if (a_.fold(*last()) == "p") give_meanings(*last(), "paseo");  // Pº
                }
                break;
            default:
                if (symbol != ' ' && symbol != '"' && symbol != '.') a_.dropped = true;
                break;
        }
        at_ = next;
    }

    // Whether the token from `begin` goes on behind a joining sign at `sign`.
    bool number_goes_on(size_t begin, size_t sign) const {
        const char c = text_[sign];
        if (!is_digit(text_[begin])) return false;
        if (c == '/' || c == '-') {
            if (digit_at(sign + 1)) return true;
            // "12-B"
            return c == '-' && sign + 1 < text_.size() && is_letter(text_[sign + 1]) && !part_at(sign + 2);
        }
        if (c != '.' && c != ',') return false;
        // "1.234" is one number; so is "3.5".
        return c == '.' && digit_at(sign + 1);
    }

    void read_word() {
        const size_t begin = at_;
        if (read_no_number() || read_dotted_direction()) return;
        while (at_ < text_.size()) {
            while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
            if (at_ == text_.size()) break;
            size_t next = at_;
            const Sign sign = sign_at(next);
            if (sign == Sign::kPart) {
                at_ = next;
            } else if (next == at_ + 1 && number_goes_on(begin, at_)) {
                at_ = next;
            } else if (text_[at_] == '?' && at_ > begin && part_at(next)) {
                at_ = next;  // a lost letter: "Pe?alolén"
            } else if (sign == Sign::kApostrophe && at_ > begin && part_at(next) &&
                       !is_elision(begin, next)) {
                at_ = next;
            } else {
                break;
            }
        }
        drop_thousands_marks(begin);
        join_spaced_range(begin);
        if (split_code(begin)) return;
        add(begin, at_, {});
    }

    // "l'" and "d'" are words of their own.
    bool is_elision(size_t begin, size_t) const {
        return at_ == begin + 1 && (lower(text_[begin]) == 'l' || lower(text_[begin]) == 'd');
    }

    // "s/n", whatever the case.
    bool read_no_number() {
        if (at_ + 3 > text_.size() || lower(text_[at_]) != 's' || text_[at_ + 1] != '/' ||
            lower(text_[at_ + 2]) != 'n' || part_at(at_ + 3)) {
            return false;
        }
        add(at_, at_ + 3, "s/n");
        return true;
    }

    // "N.W."
    bool read_dotted_direction() {
        if (at_ + 3 > text_.size() || text_[at_ + 1] != '.' || part_at(at_ + 3)) return false;
        const std::array<char, 2> folded{lower(text_[at_]), lower(text_[at_ + 2])};
        if ((folded[0] != 'n' && folded[0] != 's') || (folded[1] != 'e' && folded[1] != 'w')) return false;
        add(at_, at_ + 3, {folded.data(), folded.size()});
        return true;
    }

    // "1.234" is "1234", but "km 3.500" is a distance.
    void drop_thousands_marks(size_t begin) {
        if (!is_grouped(text_.substr(begin, at_ - begin))) return;
        if (last() != nullptr && a_.fold(*last()) == "km") return;
        for (size_t i = at_; i-- > begin;) {
            if (a_.text[i] != '.') continue;
            a_.text.erase(i, 1);
            --at_;
        }
        text_ = a_.text;
    }

    // "8A - 55" is "8A-55". The text itself is changed: a token is one piece of it.
    void join_spaced_range(size_t begin) {
        if (!is_digit(text_[begin]) || text_.substr(at_, 3) != " - " || !digit_at(at_ + 3)) return;
        size_t digits = 0;
        while (digit_at(at_ + 3 + digits)) ++digits;
        if (digits > 4 || (at_ + 3 + digits < text_.size() && text_[at_ + 3 + digits] == '-')) return;
        a_.text.erase(at_ + 2, 1);
        a_.text.erase(at_, 1);
        text_ = a_.text;
        ++at_;
        while (part_at(at_)) sign_at(at_);
    }

    // "Apt4B", "Nr.5", "Depto56": a known word and its number.
    bool split_code(size_t begin) {
        size_t letters = begin;
        while (letters < at_ && is_letter(text_[letters])) ++letters;
        if (letters == at_ || letters < begin + 2 || letters > begin + 12 || !is_digit(text_[letters]))
            return false;
        std::array<char, 12> word{};
        for (size_t i = begin; i < letters; ++i) word[i - begin] = lower(text_[i]);
        for (const AddressWord& known : find_address_word({word.data(), letters - begin})) {
            const bool counts = known.kind == WordKind::kUnit || known.kind == WordKind::kFloor ||
                                known.kind == WordKind::kNumber || known.kind == WordKind::kBox ||
                                known.kind == WordKind::kPostMark ||
                                (known.kind == WordKind::kStreet && (known.flags & kBefore) != 0);
            if (!counts) continue;
            const size_t end = at_;
            add(begin, letters, {});
            at_ = letters;
            while (at_ < end) sign_at(at_);
            add(letters, end, {});
            return true;
        }
        return false;
    }

    void fold_token(Token& token, std::string_view piece, std::string_view folded) {
        std::string& out = a_.folded;
        const size_t from = token.fold_begin;
        if (!folded.empty()) {
            out += folded;
            token.any_digit = false;
            token.fold_size = static_cast<uint16_t>(folded.size());
            return;
        }
        out.resize(from + piece.size());
        char* to = out.data() + from;
        unsigned char bits = 0;
        bool digits = false;
        for (const char c : piece) {
            bits |= static_cast<unsigned char>(c);
            digits |= is_digit(c);
            *to = lower(c);
            to += c != '\'' && c != '`' ? 1 : 0;
        }
        if (bits < 0x80) {
            out.resize(static_cast<size_t>(to - out.data()));
        } else {
            constexpr size_t kMostFolded = 60000;  // 500 bytes never fold to so many
            out.resize(from);
            digits = false;
            for (const char c : text::fold(piece)) {
                if (c != '\'' && c != ' ') out.push_back(c);
                digits |= is_digit(c);
            }
            if (out.size() > kMostFolded) out.resize(from);
        }
        token.any_digit = digits;
        token.fold_size = static_cast<uint16_t>(out.size() - from);
    }

    void give_meanings(Token& token, std::string_view key) {
        const auto found = find_address_word(key);
        token.first = found.data();
        token.meanings = static_cast<uint8_t>(found.size());
    }

    // `folded` when it is known already.
    void add(size_t begin, size_t end, std::string_view folded) {
        if (a_.count == a_.tokens.size()) return;
        Token& token = a_.tokens[a_.count];
        token = {};
        token.begin = static_cast<uint16_t>(begin);
        token.size = static_cast<uint16_t>(end - begin);
        token.before = gap_ == '\0' ? ' ' : gap_;
        token.fold_begin = static_cast<uint16_t>(a_.folded.size());
        fold_token(token, text_.substr(begin, end - begin), folded);
        const std::string_view key = a_.fold(token);
        token.digit = !key.empty() && is_digit(key[0]);

        if (!token.any_digit) give_meanings(token, key);
        ++a_.count;
        at_ = end_of_last_ = end;
        gap_ = '\0';
    }

    Address& a_;
    std::string_view text_;
    size_t at_ = 0;
    size_t end_of_last_ = 0;
    char gap_ = '\0';
};

}  // namespace

void split_tokens(Address& address) {
    Splitter(address).run();
}

}  // namespace cdp::text
