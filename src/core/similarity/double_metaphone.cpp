// SPDX-License-Identifier: PostgreSQL
#include "similarity/double_metaphone.hpp"

#include <initializer_list>

#include "similarity/points.hpp"

namespace cdp::similarity {
namespace {

using Parts = std::initializer_list<std::string_view>;
using Index = std::ptrdiff_t;

constexpr char kCedilla = '^';
constexpr std::array<Marked, 1> kMarked = {{{U'ç', U'Ç', 'c', 0x327, kCedilla}}};

Letters letters_of(std::string_view text) {
    if (is_ascii(text)) return Letters(text, Letters::Spaces::kKeep);
    return Letters(mark_letters(text, kMarked.data(), kMarked.size()), Letters::Spaces::kKeep, "^");
}

bool is_vowel(char c) {
    return is_any_of(c, "AEIOUY");
}

class Coder {
  public:
    Coder(std::string_view text, size_t max_length)
        : word_(letters_of(text)), last_(static_cast<Index>(word_.size()) - 1), max_length_(max_length) {
        const std::string_view all = word_.view();
        slavo_germanic_ =
            all.find_first_of("WK") != std::string_view::npos || all.find("CZ") != std::string_view::npos;
        germanic_ = at(0, {"VAN ", "VON ", "SCH"});
    }

    DoubleCode code() {
        Index i = 0;
        if (at(0, {"GN", "KN", "PN", "WR", "PS"})) {
            i = 1;
        } else if (word_[0] == 'X') {
            add("S");
            i = 1;
        }
        while (i <= last_ && (code_.primary.size() < max_length_ || code_.alternate.size() < max_length_)) {
            i += letter(i);
        }
        code_.primary.shrink(max_length_);
        code_.alternate.shrink(max_length_);
        return code_;
    }

  private:
    bool at(Index i, std::string_view part) const { return word_.at(i, part); }
    bool at(Index i, Parts parts) const {
        for (const std::string_view part : parts) {
            if (word_.at(i, part)) return true;
        }
        return false;
    }
    bool one_of(Index i, std::string_view set) const { return is_any_of(word_[i], set); }
    bool vowel_at(Index i) const { return is_vowel(word_[i]); }

    // Each returns how many letters were taken; a doubled one counts once.
    void add(std::string_view both) { add(both, both); }
    void add(std::string_view primary, std::string_view alternate) {
        code_.primary.put(primary);
        code_.alternate.put(alternate);
    }
    Index add(Index taken, std::string_view both) { return add(taken, both, both); }
    Index add(Index taken, std::string_view primary, std::string_view alternate) {
        add(primary, alternate);
        return taken;
    }
    Index once(Index i, std::string_view both) { return add(word_[i + 1] == word_[i] ? 2 : 1, both); }

    Index letter(Index i) {
        switch (word_[i]) {
            case 'A':
            case 'E':
            case 'I':
            case 'O':
            case 'U':
            case 'Y':
                return add(1, i == 0 ? "A" : "");
            case 'B':
                return once(i, "P");
            case kCedilla:
                return add(1, "S");
            case 'C':
                return letter_c(i);
            case 'D':
                if (word_[i + 1] == 'G') return one_of(i + 2, "IEY") ? add(3, "J") : add(2, "TK");
                return add(one_of(i + 1, "TD") ? 2 : 1, "T");
            case 'F':
                return once(i, "F");
            case 'G':
                return letter_g(i);
            case 'H':
                // Heard at the beginning or between vowels, before a vowel.
                if ((i == 0 || vowel_at(i - 1)) && vowel_at(i + 1)) return add(2, "H");
                return 1;
            case 'J':
                return letter_j(i);
            case 'K':
                return once(i, "K");
            case 'L':
                return letter_l(i);
            case 'M':
                // dumb, thumb; plumber
                if (at(i - 1, "UMB") && (i + 1 == last_ || at(i + 2, "ER"))) return add(2, "M");
                return once(i, "M");
            case 'N':
                return once(i, "N");
            case 'P':
                if (word_[i + 1] == 'H') return add(2, "F");
                return add(one_of(i + 1, "PB") ? 2 : 1, "P");  // Campbell, raspberry
            case 'Q':
                return once(i, "K");
            case 'R': {
                // French: Rogier, but Hochmeier
                const bool french =
                    i == last_ && !slavo_germanic_ && at(i - 2, "IE") && !at(i - 4, {"ME", "MA"});
                return add(word_[i + 1] == 'R' ? 2 : 1, french ? "" : "R", "R");
            }
            case 'S':
                return letter_s(i);
            case 'T':
                return letter_t(i);
            case 'V':
                return once(i, "F");
            case 'W':
                return letter_w(i);
            case 'X': {
                // French: breaux
                const bool silent = i == last_ && at(i - 2, {"AU", "OU"});
                return add(one_of(i + 1, "CX") ? 2 : 1, silent ? "" : "KS");
            }
            case 'Z':
                if (word_[i + 1] == 'H') return add(2, "J");  // Zhao
                if (at(i + 1, {"ZO", "ZI", "ZA"}) || (slavo_germanic_ && i > 0 && word_[i - 1] != 'T')) {
                    return add(word_[i + 1] == 'Z' ? 2 : 1, "S", "TS");
                }
                return once(i, "S");
            default:
                return 1;
        }
    }

    Index letter_c(Index i) {
        // German: Bach, Macher
        if (i > 1 && !vowel_at(i - 2) && at(i - 1, "ACH") && word_[i + 2] != 'I' &&
            (word_[i + 2] != 'E' || at(i - 2, {"BACHER", "MACHER"}))) {
            return add(2, "K");
        }
        if (i == 0 && at(0, "CAESAR")) return add(2, "S");
        if (at(i, "CHIA")) return add(2, "K");  // Chianti
        if (at(i, "CH")) return letters_ch(i);
        if (at(i, "CZ") && !at(i - 2, "WICZ")) return add(2, "S", "X");  // Czerny
        if (at(i + 1, "CIA")) return add(3, "X");                        // focaccia
        if (at(i, "CC") && !(i == 1 && word_[0] == 'M')) {               // but McClellan
            // Bellocchio, but Bacchus
            if (!one_of(i + 2, "IEH") || at(i + 2, "HU")) return add(2, "K");
            if ((i == 1 && word_[0] == 'A') || at(i - 1, {"UCCEE", "UCCES"})) return add(3, "KS");
            return add(3, "X");
        }
        if (at(i, {"CK", "CG", "CQ"})) return add(2, "K");
        if (at(i, {"CIO", "CIE", "CIA"})) return add(2, "S", "X");  // Italian
        if (at(i, {"CI", "CE", "CY"})) return add(2, "S");
        add("K");
        if (at(i + 1, {" C", " Q", " G"})) return 3;  // Mac Caffrey
        return one_of(i + 1, "CKQ") && !at(i + 1, {"CE", "CI"}) ? 2 : 1;
    }

    Index letters_ch(Index i) {
        if (i > 0 && at(i, "CHAE")) return add(2, "K", "X");  // Michael
        // Greek: chemistry, chorus
        if (i == 0 && at(1, {"HARAC", "HARIS", "HOR", "HYM", "HIA", "HEM"}) && !at(0, "CHORE")) {
            return add(2, "K");
        }
        // Germanic, Greek or otherwise kh
        const bool before_consonant = i + 2 > last_ ? true : one_of(i + 2, "LRNMBHFVW ");
        if (germanic_ || at(i - 2, {"ORCHES", "ARCHIT", "ORCHID"}) || one_of(i + 2, "TS") ||
            ((i == 0 || one_of(i - 1, "AOUE")) && before_consonant)) {
            return add(2, "K");
        }
        if (i == 0) return add(2, "X");
        return at(0, "MC") ? add(2, "K") : add(2, "X", "K");
    }

    Index letter_g(Index i) {
        const char next = word_[i + 1];
        if (next == 'H') return letters_gh(i);
        if (next == 'N') {
            if (i == 1 && vowel_at(0) && !slavo_germanic_) return add(2, "KN", "N");
            if (!at(i + 2, "EY") && !slavo_germanic_) return add(2, "N", "KN");  // but Cagney
            return add(2, "KN");
        }
        if (at(i + 1, "LI") && !slavo_germanic_) return add(2, "KL", "L");  // Tagliaro
        if (i == 0 &&
            (next == 'Y' || at(1, {"ES", "EP", "EB", "EL", "EY", "IB", "IL", "IN", "IE", "EI", "ER"}))) {
            return add(2, "K", "J");
        }
        if ((at(i + 1, "ER") || next == 'Y') && !at(0, {"DANGER", "RANGER", "MANGER"}) &&
            !one_of(i - 1, "EI") && !at(i - 1, {"RGY", "OGY"})) {
            return add(2, "K", "J");
        }
        if (is_any_of(next, "EIY") || at(i - 1, {"AGGI", "OGGI"})) {  // Biaggi
            if (germanic_ || at(i + 1, "ET")) return add(2, "K");
            const bool french = at(i + 1, "IER") && (i + 3 == last_ || word_[i + 4] == ' ');
            return add(2, "J", french ? "J" : "K");
        }
        return once(i, "K");
    }

    Index letters_gh(Index i) {
        if (i > 0 && !vowel_at(i - 1)) return add(2, "K");
        if (i == 0) return add(2, word_[2] == 'I' ? "J" : "K");  // Ghislaine
        // Parker's rule: Hugh, bough, Broughton
        if ((i > 1 && one_of(i - 2, "BHD")) || (i > 2 && one_of(i - 3, "BHD")) ||
            (i > 3 && one_of(i - 4, "BH"))) {
            return 2;
        }
        // laugh, McLaughlin, cough, rough
        if (i > 2 && word_[i - 1] == 'U' && one_of(i - 3, "CGLRT")) return add(2, "F");
        return add(2, word_[i - 1] == 'I' ? "" : "K");
    }

    Index letter_j(Index i) {
        // Spanish: José, San Jacinto
        const bool san = at(0, "SAN ");
        if (at(i, "JOSE") || san) {
            const bool alone = i == 0 && (last_ == 3 || word_[4] == ' ');
            return alone || san ? add(1, "H") : add(1, "J", "H");
        }
        const Index taken = word_[i + 1] == 'J' ? 2 : 1;
        if (i == 0) return add(taken, "J", "A");  // Jankelowicz, Yankelovich
        if (vowel_at(i - 1) && !slavo_germanic_ && one_of(i + 1, "AO"))
            return add(taken, "J", "H");  // Bajador
        if (i == last_) return add(taken, "J", "");
        if (!one_of(i + 1, "LTKSNMBZ") && !one_of(i - 1, "SKL")) return add(taken, "J");
        return taken;
    }

    Index letter_l(Index i) {
        if (word_[i + 1] != 'L') return add(1, "L");
        // Spanish: Cabrillo, Gallegos
        const bool spanish = (i + 2 == last_ && at(i - 1, {"ILLO", "ILLA", "ALLE"})) ||
                             ((at(last_ - 1, {"AS", "OS"}) || one_of(last_, "AO")) && at(i - 1, "ALLE"));
        return add(2, "L", spanish ? "" : "L");
    }

    Index letter_s(Index i) {
        if (at(i - 1, {"ISL", "YSL"})) return 1;  // island, Carlisle
        if (i == 0 && at(0, "SUGAR")) return add(1, "X", "S");
        if (at(i, "SH")) return add(2, at(i + 1, {"HEIM", "HOEK", "HOLM", "HOLZ"}) ? "S" : "X");
        if (at(i, {"SIO", "SIA"})) return add(3, "S", slavo_germanic_ ? "S" : "X");
        // Smith and Schmidt, Snider and Schneider; sz
        if (word_[i + 1] == 'Z') return add(2, "S", "X");
        if (i == 0 && one_of(1, "MNLW")) return add(1, "S", "X");
        if (at(i, "SC")) {
            if (word_[i + 2] == 'H') {
                if (at(i + 3, {"ER", "EN"})) return add(3, "X", "SK");         // Schenker
                if (at(i + 3, {"OO", "UY", "ED", "EM"})) return add(3, "SK");  // Dutch: school
                const bool initial = i == 0 && !vowel_at(3) && word_[3] != 'W';
                return add(3, "X", initial ? "S" : "X");
            }
            return add(3, one_of(i + 2, "IEY") ? "S" : "SK");
        }
        const bool french = i == last_ && at(i - 2, {"AI", "OI"});  // Resnais, Artois
        return add(one_of(i + 1, "SZ") ? 2 : 1, french ? "" : "S", "S");
    }

    Index letter_t(Index i) {
        if (at(i, {"TION", "TIA", "TCH"})) return add(3, "X");
        if (at(i, {"TH", "TTH"})) {
            // Thomas, Thames, Germanic
            return at(i + 2, {"OM", "AM"}) || germanic_ ? add(2, "T") : add(2, "0", "T");
        }
        return add(one_of(i + 1, "TD") ? 2 : 1, "T");
    }

    Index letter_w(Index i) {
        if (word_[i + 1] == 'R') return add(2, "R");
        if (i == 0 && (vowel_at(1) || word_[1] == 'H')) {
            add("A", vowel_at(1) ? "F" : "A");  // Wasserman and Vasserman
        }
        // Arnow and Arnoff
        if ((i == last_ && vowel_at(i - 1)) || at(i - 1, {"EWSKI", "EWSKY", "OWSKI", "OWSKY"}) ||
            at(0, "SCH")) {
            return add(1, "", "F");
        }
        if (at(i, {"WICZ", "WITZ"})) return add(4, "TS", "FX");  // Filipowicz
        return 1;
    }

    Letters word_;
    Index last_;
    size_t max_length_;
    bool slavo_germanic_;
    bool germanic_;
    DoubleCode code_;
};

}  // namespace

DoubleCode double_metaphone(std::string_view text, size_t max_length) {
    return Coder(text, max_length).code();
}

}  // namespace cdp::similarity
