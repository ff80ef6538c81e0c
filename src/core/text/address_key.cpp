// SPDX-License-Identifier: PostgreSQL
// What the spellings of one address share.
#include <algorithm>
#include <array>

#include "text/address.hpp"
#include "text/address_parse.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

// Builds the key token by token.
class KeyWriter {
  public:
    explicit KeyWriter(const Address& address) : a_(address) {
        out_.reserve(address.text.size() + 16);
        for (size_t i = 0; i < a_.count; ++i) roles_ |= bit(a_.tokens[i].role);
    }

    // The tokens of the roles of `group`, a set of bits.
    void add(unsigned group, bool all_words) {
        if ((group & roles_) == 0) return;
        for (size_t i = 0; i < a_.count; ++i) {
            if ((bit(a_.tokens[i].role) & group) != 0) add_token(i, all_words);
        }
        glue_ = false;
    }
    static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
    std::string take() { return std::move(out_); }
    bool empty() const { return out_.empty(); }

  private:
    void space() {
        if (!out_.empty() && !glue_) out_.push_back(' ');
        glue_ = false;
    }

    void add_token(size_t i, bool all_words) {
        const Token& t = a_.tokens[i];
        const std::string_view fold = a_.fold(t);
        if (t.role == Role::kBox && a_.tokens[i - 1].role != Role::kBox) {
            space();
            out_ += "pobox";
        }
        const bool floor = t.role == Role::kUnitWord && t.word != nullptr && t.word->kind == WordKind::kFloor;
        if (floor && !t.begins_unit) return;  // "2nd floor" and "Floor 2"
        if (t.role == Role::kUnit && t.begins_unit) {
            space();
            out_ += "piso";  // so is "3º B" and "Piso 3 B"
        }

        if (t.word != nullptr && t.role != Role::kUnit && t.role != Role::kNumber) {
            if (t.word->key.empty() && !all_words) return;
            if (!t.word->key.empty()) {
                space();
                out_ += t.word->key;
                return;
            }
        }
        if (t.any_digit) return add_number(i, fold);
        if (t.role == Role::kUnit || t.role == Role::kNumber) {
            // "4 B" and "4B", "12 bis" and "12bis"
            const bool joined = i > 0 && a_.tokens[i - 1].role == t.role && !t.begins_unit;
            if (!joined) space();
            const bool word = t.word != nullptr && !t.word->key.empty();
            add_plain(word ? t.word->key : fold);
            return;
        }
        if (t.role == Role::kUnitWord) {  // "#"
            space();
            out_ += "apt";
            return;
        }
        const size_t stem = glued_stem(a_, t);
        if (stem > 0) {
            space();
            const size_t ending = fold.ends_with("str") ? 3 : 7;
            add_plain(fold.substr(0, fold.size() - ending));
            out_ += " st";
            return;
        }
        const size_t size = out_.size();
        space();
        const size_t from = out_.size();
        add_plain(fold);
        if (out_.size() == from) {
            out_.resize(size);
        } else if (fold == "o" && i + 1 < a_.count && a_.tokens[i + 1].role == t.role &&
                   a_.tokens[i + 1].fold_size >= 4) {
            glue_ = true;  // "O Higgins" is "O'Higgins"
        }
    }

    void add_plain(std::string_view text) {
        size_t kept = out_.size();
        out_ += text;
        for (size_t i = kept; i < out_.size(); ++i) {
            const char c = out_[i];
            out_[kept] = c;
            kept += is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ? 1U : 0U;
        }
        out_.resize(kept);
    }

    void add_number(size_t i, std::string_view fold) {
        const Token& t = a_.tokens[i];
        const bool joined = i > 0 && a_.tokens[i - 1].role == t.role &&
                            (t.role == Role::kPostal || ((t.role == Role::kNumber) && t.digit));
        if (joined && t.role == Role::kNumber) out_.push_back('-');
        if (!joined) space();
        const size_t digits = leading_digits(fold);
        if (t.role == Role::kUnit && is_ordinal_ending(fold.substr(digits))) {
            out_ += fold.substr(0, digits);
            return;
        }
        if (t.ordinal != 0 && t.role != Role::kUnit) {
            out_ += fold.substr(0, digits);
            out_ += "th";
            return;
        }
        if (t.digit && digits < fold.size() && (t.role == Role::kStreet || t.role == Role::kRest)) {
            if (is_ordinal_ending(fold.substr(digits))) {
                out_ += fold.substr(0, digits);
                out_ += "th";
                return;
            }
        }
        for (size_t n = 0; n < fold.size(); ++n) {
            const char c = fold[n];
            const bool inside = n > 0 && n + 1 < fold.size() && is_digit(fold[n + 1]);
            if (is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
                out_.push_back(c);
            } else if (inside && (c == '-' || c == '/') && t.role != Role::kPostal) {
                out_.push_back('-');
            }
        }
    }

    const Address& a_;
    std::string out_;
    unsigned roles_ = 0;  // that occur
    bool glue_ = false;
};

// What is compared, in the order of the key.
constexpr auto kGroups = std::to_array<unsigned>({
    KeyWriter::bit(Role::kType) | KeyWriter::bit(Role::kStreet),
    KeyWriter::bit(Role::kNumber),
    KeyWriter::bit(Role::kUnitWord) | KeyWriter::bit(Role::kUnit),
    KeyWriter::bit(Role::kBox),
    KeyWriter::bit(Role::kRest),
    KeyWriter::bit(Role::kPostal),
});

}  // namespace

std::string address_key(std::string_view raw, std::string_view country) {
    Address address;
    std::string_view repair;
    if (open_address(raw, country_option(country), address, repair)) return {};
    KeyWriter key(address);
    for (const bool all_words : {false, true}) {
        for (const unsigned group : kGroups) key.add(group, all_words);
        if (!key.empty()) break;
    }
    std::string made = key.take();
    const auto counts = [](char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; };
    return std::any_of(made.begin(), made.end(), counts) ? made : std::string();
}

}  // namespace cdp::text
