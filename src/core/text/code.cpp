// SPDX-License-Identifier: PostgreSQL
#include "text/code.hpp"

#include <algorithm>
#include <array>

#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

template <size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr size_t kLongestWord = 100;

// "1.0" -> "1", as a column that was read as floating point. True when it was so.
bool drop_decimal(std::string& text) {
    if (!text.ends_with(".0") || !all_digits(std::string_view(text).substr(0, text.size() - 2))) return false;
    text.resize(text.size() - 2);
    return true;
}

// The opening of the word lists: folded, without a full stop at the end.
std::optional<Cleaned> open_word(std::string_view raw, std::string& word, std::string_view& repair) {
    if (auto stop = open_value(raw, word)) return stop;
    if (word.size() > kLongestWord) return invalid("too long");
    if (strip_quotes(word)) repair = "quotes";
    if (drop_decimal(word)) repair = "decimal dropped";
    word = fold(word);
    if (word.size() > 1 && word.back() == '.') word.pop_back();
    if (is_missing_word(word)) return missing("placeholder word");
    return std::nullopt;
}

}  // namespace

Cleaned clean_boolean(std::string_view raw) {
    static constexpr auto kYes = std::to_array<std::string_view>(
        {"yes", "y", "true", "t", "1", "on", "si", "s", "x", "verdadero", "v", "✓", "✔"});
    static constexpr auto kNo =
        std::to_array<std::string_view>({"no", "n", "false", "f", "0", "off", "falso"});
    std::string word;
    std::string_view repair;
    if (auto stop = open_word(raw, word, repair)) return *stop;
    if (among(kYes, word)) return accepted("true", repair);
    if (among(kNo, word)) return accepted("false", repair);
    return invalid("neither yes nor no");
}

Cleaned clean_gender(std::string_view raw) {
    static constexpr auto kFemale = std::to_array<std::string_view>(
        {"f", "female", "woman", "girl", "w", "fem", "mujer", "femenino", "femenina", "hembra", "dama",
         "senora", "senorita", "sra", "srta", "mrs", "ms", "miss", "lady"});
    static constexpr auto kMale =
        std::to_array<std::string_view>({"m", "male", "man", "boy", "h", "hombre", "masculino", "masculina",
                                         "masc", "varon", "caballero", "senor", "sr", "mr"});
    static constexpr auto kOther = std::to_array<std::string_view>(
        {"other", "otro", "otra", "otros", "x", "nb", "nonbinary", "non-binary", "non binary", "no binario",
         "no binaria", "no-binario", "diverse", "diverso"});
    static constexpr auto kUnsaid = std::to_array<std::string_view>(
        {"u", "not specified", "not known", "prefer not to say", "prefer not to answer",
         "prefiero no decirlo", "prefiero no decir", "no especificado", "no especifica", "sin especificar"});
    std::string word;
    std::string_view repair;
    if (auto stop = open_word(raw, word, repair)) return *stop;
    if (among(kFemale, word)) return accepted("female", repair);
    if (among(kMale, word)) return accepted("male", repair);
    if (among(kOther, word)) return accepted("other", repair);
    if (among(kUnsaid, word)) return missing("not said");
    return invalid("unknown word");
}

Cleaned clean_identifier(std::string_view raw) {
    constexpr size_t kLongest = 500;
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    if (drop_decimal(text)) repair = "decimal dropped";
    if (text.size() > kLongest) return invalid("too long");
    if (is_missing_word(text)) return missing("placeholder word");
    if (is_repeated_character(text) && (!all_digits(text) || text[0] == '0')) {
        return missing("one character repeated");
    }
    if (is_spreadsheet_exponent(text)) return invalid("digits lost in a spreadsheet");
    if (text.find("\xEF\xBF\xBD") != std::string::npos) {
        return suspicious(std::move(text), "unreadable characters");
    }
    return accepted(std::move(text), repair);
}

}  // namespace cdp::text
