// SPDX-License-Identifier: PostgreSQL
#include "text/country.hpp"

#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/nearest_name.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

struct Name {
    std::string name;  // letters, digits and single spaces, folded
    std::array<char, 2> code;
};

struct Alias {
    std::string_view name;
    std::array<char, 2> code;
};
// What CLDR does not say; in the form of Name.
constexpr auto kAliases = std::to_array<Alias>({
    {"uk", {'G', 'B'}},
    {"great britain", {'G', 'B'}},
    {"gran bretana", {'G', 'B'}},
    {"britain", {'G', 'B'}},
    {"england", {'G', 'B'}},
    {"inglaterra", {'G', 'B'}},
    {"scotland", {'G', 'B'}},
    {"escocia", {'G', 'B'}},
    {"wales", {'G', 'B'}},
    {"northern ireland", {'G', 'B'}},
    {"united states of america", {'U', 'S'}},
    {"estados unidos de america", {'U', 'S'}},
    {"estados unidos de norteamerica", {'U', 'S'}},
    {"u s a", {'U', 'S'}},
    {"u s", {'U', 'S'}},
    {"eeuu", {'U', 'S'}},
    {"ee uu", {'U', 'S'}},
    {"e e u u", {'U', 'S'}},
    {"america", {'U', 'S'}},
    {"holland", {'N', 'L'}},
    {"holanda", {'N', 'L'}},
    {"el", {'G', 'R'}},
    {"korea", {'K', 'R'}},
    {"corea", {'K', 'R'}},
    {"republic of korea", {'K', 'R'}},
    {"russian federation", {'R', 'U'}},
    {"federacion rusa", {'R', 'U'}},
    {"czech republic", {'C', 'Z'}},
    {"republica checa", {'C', 'Z'}},
    {"ivory coast", {'C', 'I'}},
    {"burma", {'M', 'M'}},
    {"birmania", {'M', 'M'}},
    {"cape verde", {'C', 'V'}},
    {"swaziland", {'S', 'Z'}},
    {"macedonia", {'M', 'K'}},
    {"turkey", {'T', 'R'}},
    {"brasil", {'B', 'R'}},
    {"espana", {'E', 'S'}},
    {"deutschland", {'D', 'E'}},
    {"italia", {'I', 'T'}},
    {"viet nam", {'V', 'N'}},
    {"hong kong", {'H', 'K'}},
    {"macau", {'M', 'O'}},
    {"macao", {'M', 'O'}},
    {"palestine", {'P', 'S'}},
    {"palestina", {'P', 'S'}},
    {"vatican", {'V', 'A'}},
    {"vaticano", {'V', 'A'}},
    {"republic of ireland", {'I', 'E'}},
    {"eire", {'I', 'E'}},
    {"republica de chile", {'C', 'L'}},
    {"mejico", {'M', 'X'}},
    {"kosovo", {'X', 'K'}},
    {"xk", {'X', 'K'}},
});

// Folded words of letters and digits, without "and", "y" and "the", separated by one space.
std::string name_key(std::string_view text) {
    std::string out;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty() && word != "and" && word != "y" && word != "the") {
            if (!out.empty()) out.push_back(' ');
            out += word;
        }
        word.clear();
    };
    for (const char c : fold(text)) {
        if (is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
            word.push_back(c);
        } else {
            end_word();
        }
    }
    end_word();
    return out;
}

struct Countries {
    std::vector<Name> names;           // sorted by name; alpha-2 and alpha-3 codes among them
    std::vector<std::string> spelled;  // names of four letters and more, for suggestions
};

Countries read_countries() {
    Countries all;
    for (const char* const* iso = uloc_getISOCountries(); *iso != nullptr; ++iso) {
        const std::array<char, 2> code{(*iso)[0], (*iso)[1]};
        const std::string locale = std::string("und_") + *iso;
        all.names.push_back({to_lower(*iso), code});
        if (const char* three = uloc_getISO3Country(locale.c_str()); three[0] != '\0') {
            all.names.push_back({to_lower(three), code});
        }
        for (const char* language : {"en", "es"}) {
            std::array<UChar, 200> buffer{};
            UErrorCode error = U_ZERO_ERROR;
            const int32_t length = uloc_getDisplayCountry(locale.c_str(), language, buffer.data(),
                                                          static_cast<int32_t>(buffer.size()), &error);
            if (U_FAILURE(error) || length <= 2 || length > static_cast<int32_t>(buffer.size())) continue;
            std::string name;
            icu::UnicodeString(buffer.data(), length).toUTF8String(name);
            all.names.push_back({name_key(name), code});
        }
    }
    for (const Alias& alias : kAliases) all.names.push_back({std::string(alias.name), alias.code});
    // Where ICU's name and an alias are the same, the first stays.
    const auto by_name = [](const Name& a, const Name& b) { return a.name < b.name; };
    std::stable_sort(all.names.begin(), all.names.end(), by_name);
    const auto same = [](const Name& a, const Name& b) { return a.name == b.name; };
    all.names.erase(std::unique(all.names.begin(), all.names.end(), same), all.names.end());
    for (const Name& name : all.names) {
        if (name.name.size() >= 4) all.spelled.push_back(name.name);
    }
    return all;
}

const Countries& countries() {
    static const Countries* const all = new Countries(read_countries());
    return *all;
}

std::string code_of(std::string_view key) {
    const auto& names = countries().names;
    const auto at = std::lower_bound(names.begin(), names.end(), key,
                                     [](const Name& a, std::string_view b) { return a.name < b; });
    return at != names.end() && at->name == key ? std::string(at->code.data(), 2) : std::string();
}

}  // namespace

Cleaned clean_country(std::string_view raw) {
    constexpr size_t kLongest = 200;
    constexpr size_t kLongestGuess = 30;
    std::string text;
    auto stop = open_value(raw, text);
    if (text == "NA") return suspicious("NA", "Namibia, or not available");
    if (stop) return *stop;
    if (text.size() > kLongest) return invalid("too long");
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    const std::string key = name_key(text);
    if (key.empty()) return invalid("unknown country");
    if (is_missing_word(key)) return missing("placeholder word");
    if (std::string code = code_of(key); !code.empty()) return accepted(std::move(code), repair);
    std::string suggestion;
    if (key.size() >= 4 && key.size() <= kLongestGuess) {
        // Only names with the same first letter: a wrong guess is worse than none, and it is 20 times faster.
        const auto& all = countries().spelled;
        const auto first = std::lower_bound(all.begin(), all.end(), key.substr(0, 1));
        const auto last =
            std::find_if(first, all.end(), [&](const std::string& n) { return n[0] != key[0]; });
        if (const auto near = nearest_name(key, std::span(first, last))) suggestion = code_of(*near);
    }
    return invalid("unknown country", std::move(suggestion));
}

}  // namespace cdp::text
