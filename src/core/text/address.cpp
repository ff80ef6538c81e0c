// SPDX-License-Identifier: PostgreSQL
#include "text/address.hpp"

#include "base/utf8.hpp"
#include "text/address_parse.hpp"
#include "text/country.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr std::string_view kUnclear = "unclear words";

bool looks_like_link(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '@') return true;
        if (text[i] == ':' && text.substr(i, 3) == "://") return true;
        if (text[i] == 'w' && text.substr(i, 4) == "www.") return true;
    }
    return false;
}

bool has_letters(std::string_view folded) {
    for (const char c : folded) {
        if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80) return true;
    }
    return false;
}

// Typographic dashes as '-'.
std::string ascii_dashes(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        const char32_t point = decode_utf8(text, i);
        const bool dash = (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
        append_utf8(out, dash ? U'-' : point);
    }
    return out;
}

void parse_again(Address& address, std::string_view alpha2) {
    address.folded.clear();
    address.count = 0;
    address.dropped = false;
    parse_address(address, alpha2);
}

// Parses the text, replaces it by its reading form, and so on until that is the same. False when it never is,
// as in "Dr Dr Dr Dr Dr Dr"; the text is then what it was.
bool read_until_stable(Address& address, std::string_view alpha2, std::string_view& repair) {
    constexpr int kMostReadings = 5;
    const std::string original = address.text;
    for (int reading = 0; reading < kMostReadings; ++reading) {
        parse_again(address, alpha2);
        AddressWriter writer(address, alpha2);
        std::string value = writer.write({});
        if (reading == 0) {
            if (address.dropped) repair = "symbols dropped";
            if (repair.empty() && writer.case_changed()) repair = "letter case";
        }
        if (value == address.text) return true;
        address.text = is_plain(value) ? std::move(value) : prepare(value);
        if (address.text.size() > kLongestAddress) return true;
    }
    address.text = original;
    parse_again(address, alpha2);  // which may join numbers in the text: "8A - 55"
    return false;
}

}  // namespace

// "S/N" without a street: no number of nothing.
bool is_no_number(std::string_view text) {
    std::string letters;
    for (const char c : text) {
        if (is_letter(c))
            letters.push_back(lower(c));
        else if (is_digit(c) || static_cast<unsigned char>(c) >= 0x80)
            return false;
        if (letters.size() > 2) return false;
    }
    return letters == "sn";
}

std::optional<Cleaned> open_address(std::string_view raw, std::string_view alpha2, Address& address,
                                    std::string_view& repair) {
    std::string& text = address.text;
    if (raw.find('\n') == std::string_view::npos && raw.find('\r') == std::string_view::npos) {
        if (auto stop = open_value(raw, text)) return stop;
    } else {
        if (raw.size() > kMaxBytes) return invalid("too long");
        std::string lines;  // line ends separate, as commas do
        lines.reserve(raw.size() + 8);
        for (const char c : raw) {
            if (c == '\n' || c == '\r') {
                lines += ", ";
            } else {
                lines.push_back(c);
            }
        }
        if (auto stop = open_value(lines, text)) return stop;
    }
    if (text.size() > kLongestAddress) return invalid("too long");
    if (is_repeated_character(text)) return missing("one character repeated");
    if (strip_quotes(text)) repair = "quotes";
    if (is_missing_word(text)) return missing("placeholder word");
    if (looks_like_link(text)) return suspicious(text, "e-mail or web address");
    if (!is_ascii(text)) text = ascii_digits(ascii_dashes(text));
    if (!read_until_stable(address, alpha2, repair)) repair = kUnclear;
    if (text.size() > kLongestAddress) return invalid("too long");
    if (!has_letters(text)) return invalid("no letters");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_repeated_character(text)) return missing("one character repeated");
    return std::nullopt;
}

Cleaned clean_address(std::string_view raw, std::string_view country) {
    Address address;
    std::string_view repair;
    if (auto stop = open_address(raw, country_option(country), address, repair)) return *stop;
    if (is_no_number(address.text)) return missing("placeholder word");
    if (has_lost_letters(address.text)) {
        return suspicious(std::move(address.text), "unreadable characters");
    }
    if (repair == kUnclear) return suspicious(std::move(address.text), repair);
    return accepted(std::move(address.text), repair);
}

SplitAddress split_address(std::string_view raw, std::string_view country) {
    SplitAddress parts;
    Address address;
    std::string_view repair;
    const std::string alpha2 = country_option(country);
    if (open_address(raw, alpha2, address, repair)) return parts;
    AddressWriter writer(address, alpha2);
    parts.street = writer.write({Role::kType, Role::kStreet});
    parts.street_type = writer.write_type();
    parts.house_number = writer.write({Role::kNumber, Role::kNoNumber});
    parts.unit = writer.write({Role::kUnitWord, Role::kUnit});
    parts.po_box = writer.write({Role::kBoxWord, Role::kBox});
    parts.postal_code = writer.write({Role::kPostal});
    parts.rest = writer.write({Role::kRest});
    return parts;
}

}  // namespace cdp::text
