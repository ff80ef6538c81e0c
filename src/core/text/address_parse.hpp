// SPDX-License-Identifier: PostgreSQL
// An address in tokens, and the role of each. What address.hpp writes down in three ways; nobody else needs
// this.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "text/address_words.hpp"
#include "text/cleaned.hpp"

namespace cdp::text {

constexpr size_t kLongestAddress = 500;  // bytes; more is no address

enum class Role : uint8_t {
    kNone,
    kType,      // street type
    kStreet,    // the rest of the street's name
    kMark,      // "No.", "#" in front of a house number: dropped, or "#" behind a number
    kNumber,    // house number and its tail (bis, B)
    kNoNumber,  // s/n
    kUnitWord,  // Depto., Piso
    kUnit,      // its value
    kBoxWord,   // Casilla, PO Box
    kBox,       // its number
    kPostMark,  // C.P.: dropped
    kPostal,
    kRest,  // city and what else there is
};

struct Token {
    uint16_t begin, size;            // in Address::text
    uint16_t fold_begin, fold_size;  // in Address::folded
    char before;                     // ' ', ',' or the character that joins it to the token before: - / ' +
    bool dot;                        // an abbreviation's
    bool slash;                      // c/
    char ordinal;                    // 'o' or 'a' when º or ª follows
    bool digit;                      // begins with a digit
    bool any_digit;
    Role role;
    bool begins_unit;
    const AddressWord* first;  // its meanings
    uint8_t meanings;
    const AddressWord* word;  // the one it has here
};

struct Address {
    std::string text;    // prepared
    std::string folded;  // of the tokens, one after the other
    uint8_t languages = kAllLanguages;

    bool dropped = false;  // symbols that mean nothing
    size_t count = 0;
    std::array<Token, kLongestAddress> tokens;  // the first `count` are filled; the others are never read

    std::string_view view(const Token& token) const {
        return std::string_view(text).substr(token.begin, token.size);
    }
    std::string_view fold(const Token& token) const {
        return std::string_view(folded).substr(token.fold_begin, token.fold_size);
    }
    // The meaning of this kind that fits the languages; nullptr when there is none.
    const AddressWord* as(const Token& token, WordKind kind) const;
};

// `address.text` is prepared and at most kLongestAddress bytes; fills the rest. `alpha2` may be "".
void parse_address(Address& address, std::string_view alpha2);

// Its steps, each in a file of its own.
void split_tokens(Address& address);
void assign_roles(Address& address, std::string_view alpha2);
void find_postal_code(Address& address, std::string_view alpha2);

// The opening of what address.hpp declares: fills `address`, whose text is then its own reading form (a few
// odd lines need to be read more than once until nothing changes), or returns the verdict that ends it here.
// `repair` is what was put right.
std::optional<Cleaned> open_address(std::string_view raw, std::string_view alpha2, Address& address,
                                    std::string_view& repair);

// As is_ascii, for short texts.
inline bool is_plain(std::string_view text) {
    unsigned char bits = 0;
    for (const char c : text) bits |= static_cast<unsigned char>(c);
    return bits < 0x80;
}

// How many digits a text begins with.
constexpr size_t leading_digits(std::string_view text) {
    size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    return digits;
}

inline bool is_unit(const Token& token) {
    return token.role == Role::kUnitWord || token.role == Role::kUnit;
}
inline bool is_street(const Token& token) {
    return token.role == Role::kType || token.role == Role::kStreet;
}

// Bytes of the name in front of "str", "strasse", "straße" in one word; 0 when it is none.
size_t glued_stem(const Address& address, const Token& token);

// The tokens of some roles in reading form.
class AddressWriter {
  public:
    AddressWriter(const Address& address, std::string_view alpha2);

    std::string write(std::initializer_list<Role> wanted);  // none: all
    std::string write_type();                               // of the street; "" when it has none
    bool case_changed() const { return case_changed_; }

  private:
    void token(std::string& out, size_t i);
    void word(std::string& out, size_t i, std::string_view view);
    void number(std::string& out, size_t i, std::string_view view);
    void box_word(std::string& out, const Token& token) const;
    bool glued_street(std::string& out, const Token& token, std::string_view view);
    bool is_beside_name(size_t i) const;
    bool begins_name(size_t i, const AddressWord& small) const;
    bool keeps_capitals(size_t i, std::string_view view) const;
    bool stands_as_state(size_t i, std::string_view view) const;
    bool is_hidden(size_t i) const;
    std::string_view gap(size_t last, size_t i) const;

    const Address& a_;
    bool swiss_;
    bool case_changed_ = false;
};

}  // namespace cdp::text
