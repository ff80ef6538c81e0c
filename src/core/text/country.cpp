// SPDX-License-Identifier: PostgreSQL
#include "text/country.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/nearest_name.hpp"
#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using Alias = std::pair<std::string_view, std::string_view>;
// What CLDR does not say; in the form of country_key.
constexpr auto kAliases = std::to_array<Alias>({
    {"uk", "GB"},
    {"great britain", "GB"},
    {"gran bretana", "GB"},
    {"britain", "GB"},
    {"england", "GB"},
    {"inglaterra", "GB"},
    {"scotland", "GB"},
    {"escocia", "GB"},
    {"wales", "GB"},
    {"northern ireland", "GB"},
    {"united states of america", "US"},
    {"estados unidos de america", "US"},
    {"estados unidos de norteamerica", "US"},
    {"u s a", "US"},
    {"u s", "US"},
    {"eeuu", "US"},
    {"ee uu", "US"},
    {"e e u u", "US"},
    {"america", "US"},
    {"holland", "NL"},
    {"holanda", "NL"},
    {"el", "GR"},
    {"korea", "KR"},
    {"corea", "KR"},
    {"republic of korea", "KR"},
    {"russian federation", "RU"},
    {"federacion rusa", "RU"},
    {"czech republic", "CZ"},
    {"republica checa", "CZ"},
    {"ivory coast", "CI"},
    {"burma", "MM"},
    {"birmania", "MM"},
    {"cape verde", "CV"},
    {"swaziland", "SZ"},
    {"macedonia", "MK"},
    {"turkey", "TR"},
    {"brasil", "BR"},
    {"espana", "ES"},
    {"deutschland", "DE"},
    {"italia", "IT"},
    {"viet nam", "VN"},
    {"hong kong", "HK"},
    {"macau", "MO"},
    {"macao", "MO"},
    {"palestine", "PS"},
    {"palestina", "PS"},
    {"vatican", "VA"},
    {"vaticano", "VA"},
    {"republic of ireland", "IE"},
    {"eire", "IE"},
    {"republica de chile", "CL"},
    {"mejico", "MX"},
    {"kosovo", "XK"},
    {"xk", "XK"},
    {"usa", "US"},
    {"estados unidos da america", "US"},
    {"estados unidos norteamericanos", "US"},
    {"etats unis d amerique", "US"},
    {"etats unis amerique", "US"},
    {"vereinigte staaten von amerika", "US"},
    {"eua", "US"},
    {"eu a", "US"},
    {"grande bretagne", "GB"},
    {"gra bretanha", "GB"},
    {"grossbritannien", "GB"},
    {"england uk", "GB"},
    {"angleterre", "GB"},
    {"schottland", "GB"},
    {"ecosse", "GB"},
    {"gales", "GB"},
    {"reino unido de gran bretana", "GB"},
    {"united kingdom of great britain northern ireland", "GB"},
    {"irlanda del norte", "GB"},
    {"south korea", "KR"},
    {"north korea", "KP"},
    {"republica de corea", "KR"},
    {"republique de coree", "KR"},
    {"coreia", "KR"},
    {"coree", "KR"},
    {"iran islamic republic of", "IR"},
    {"islamic republic of iran", "IR"},
    {"moldova republic of", "MD"},
    {"republic of moldova", "MD"},
    {"tanzania united republic of", "TZ"},
    {"united republic of tanzania", "TZ"},
    {"venezuela bolivarian republic of", "VE"},
    {"republica bolivariana de venezuela", "VE"},
    {"bolivia plurinational state of", "BO"},
    {"estado plurinacional de bolivia", "BO"},
    {"korea republic of", "KR"},
    {"korea democratic people s republic of", "KP"},
    {"lao people s democratic republic", "LA"},
    {"syrian arab republic", "SY"},
    {"taiwan province of china", "TW"},
    {"republica argentina", "AR"},
    {"republica del peru", "PE"},
    {"republica federativa do brasil", "BR"},
    {"estados unidos mexicanos", "MX"},
    {"republica oriental del uruguay", "UY"},
    {"reino de espana", "ES"},
    {"kingdom of spain", "ES"},
    {"republique francaise", "FR"},
    {"bundesrepublik deutschland", "DE"},
    {"brd", "DE"},
    {"federal republic of germany", "DE"},
    {"people s republic of china", "CN"},
    {"prc", "CN"},
    {"p r china", "CN"},
    {"republic of china", "TW"},
    {"rep dominicana", "DO"},
    {"dominican rep", "DO"},
    {"r dominicana", "DO"},
    {"salvador", "SV"},
    {"uae", "AE"},
    {"u a e", "AE"},
    {"emirates", "AE"},
    {"ksa", "SA"},
    {"drc", "CD"},
    {"congo kinshasa", "CD"},
    {"congo brazzaville", "CG"},
    {"bosnia", "BA"},
    {"czechia", "CZ"},
    {"tschechische republik", "CZ"},
    {"republique tcheque", "CZ"},
    {"republica tcheca", "CZ"},
    {"elfenbeinkuste", "CI"},
    {"costa de marfil", "CI"},
    {"cote divoire", "CI"},
    {"cabo verde", "CV"},
    {"eswatini", "SZ"},
    {"suazilandia", "SZ"},
    {"north macedonia", "MK"},
    {"turkiye", "TR"},
    {"turquia", "TR"},
    {"myanmar burma", "MM"},
    {"osterreich", "AT"},
    {"schweiz", "CH"},
    {"suisse", "CH"},
    {"svizzera", "CH"},
    {"sverige", "SE"},
    {"norge", "NO"},
    {"danmark", "DK"},
    {"suomi", "FI"},
    {"polska", "PL"},
    {"cesko", "CZ"},
    {"slovensko", "SK"},
    {"magyarorszag", "HU"},
    {"hrvatska", "HR"},
    {"slovenija", "SI"},
    {"lietuva", "LT"},
    {"latvija", "LV"},
    {"eesti", "EE"},
    {"hellas", "GR"},
    {"nippon", "JP"},
    {"zhongguo", "CN"},
    {"rossiia", "RU"},
    {"belgie", "BE"},
    {"nederland", "NL"},
    {"pays bas", "NL"},
    {"netherlands", "NL"},
    {"kirghizistan", "KG"},
    {"puerto rico", "PR"},
    {"porto rico", "PR"},
    {"timor leste", "TL"},
    {"east timor", "TL"},
    {"vatican city state", "VA"},
    {"holy see", "VA"},
    {"santa sede", "VA"},
    {"palestinian territory occupied", "PS"},
    {"state of palestine", "PS"},
    {"macao sar china", "MO"},
    {"hong kong sar", "HK"},
    {"hongkong", "HK"},
    {"trinidad", "TT"},
    {"st lucia", "LC"},
    {"saint lucia", "LC"},
    {"st kitts nevis", "KN"},
    {"saint kitts nevis", "KN"},
    {"st vincent grenadines", "VC"},
    {"saint vincent grenadines", "VC"},
    {"falkland islands malvinas", "FK"},
    {"netherlands kingdom of", "NL"},
    {"georgia del sur las islas sandwich del sur", "GS"},
    {"heard island mcdonald islands", "HM"},
    {"holy see vatican city state", "VA"},
    {"micronesia federated states of", "FM"},
    {"federated states of micronesia", "FM"},
    {"pitcairn", "PN"},
    {"saint helena", "SH"},
    {"saint helena ascension tristan da cunha", "SH"},
    {"united states minor outlying islands", "UM"},
    {"virgin islands british", "VG"},
    {"virgin islands u s", "VI"},
    {"virgin islands of united states", "VI"},
    {"bonaire", "BQ"},
    {"bonaire sint eustatius saba", "BQ"},
    {"saint martin french part", "MF"},
    {"sint maarten dutch part", "SX"},
    {"islas cocos keeling", "CC"},
    {"congo republica democratica del", "CD"},
    {"tierras australes francesas", "TF"},
    {"heard e islas mcdonald", "HM"},
    {"republica islamica de iran", "IR"},
    {"republica popular democratica de corea", "KP"},
    {"republica democratica popular de lao", "LA"},
    {"santa helena ascension tristan de acuna", "SH"},
    {"georgia del sur islas sandwich del sur", "GS"},
    {"republica arabe siria", "SY"},
    {"islas ultramarinas menores de los estados unidos", "UM"},
    {"islas virgenes de los estados unidos", "VI"},
    {"bonaire san eustaquio saba", "BQ"},
    {"saint martin francesa", "MF"},
    {"sint maarten neerlandesa", "SX"},
    {"benim", "BJ"},
    {"santa se", "VA"},
    {"republica democratica del congo", "CD"},
    {"republica democratica do congo", "CD"},
    {"republica popular do congo", "CG"},
    {"georgia do sul e ilhas sandwich do sul", "GS"},
    {"gronelandia", "GL"},
    {"ilha de natal", "CX"},
    {"ilhas caimao", "KY"},
    {"ilhas distantes dos eua", "UM"},
    {"ilha heard e ilhas mcdonald", "HM"},
    {"irao", "IR"},
    {"mauricia", "MU"},
    {"monserrate", "MS"},
    {"saint pierre e miquelon", "PM"},
    {"sao cristovao e neves", "KN"},
    {"tajiquistao", "TJ"},
    {"terras austrais e antarticas francesas", "TF"},
    {"trindade e tobago", "TT"},
    {"turquemenistao", "TM"},
    {"vietname", "VN"},
    {"ocean indien britannique", "IO"},
    {"republique democratique du congo", "CD"},
    {"democratic republic of congo", "CD"},
    {"congo democratic republic of", "CD"},
    {"saint siege vatican", "VA"},
    {"saint siege", "VA"},
    {"svalbard ile jan mayen", "SJ"},
    {"royaume d eswatini", "SZ"},
    {"republique unie de tanzanie", "TZ"},
    {"iles vierges americaines", "VI"},
    {"aland", "AX"},
    {"bonaire saint eustache saba", "BQ"},
    {"saint martin partie francaise", "MF"},
    {"insel man", "IM"},
    {"kap verde", "CV"},
    {"kongo", "CG"},
    {"moldawien", "MD"},
    {"osttimor", "TL"},
    {"staat palastina", "PS"},
    {"palestine state of", "PS"},
    {"russische foderation", "RU"},
    {"syrien arabische republik", "SY"},
    {"tansania vereinigte republik", "TZ"},
    {"argentine republic", "AR"},
    {"swiss confederation", "CH"},
    {"french republic", "FR"},
    {"hellenic republic", "GR"},
    {"italian republic", "IT"},
    {"portuguese republic", "PT"},
    {"slovak republic", "SK"},
    {"kyrgyz republic", "KG"},
    {"gabonese republic", "GA"},
    {"togolese republic", "TG"},
    {"lebanese republic", "LB"},
    {"rwandese republic", "RW"},
    {"united mexican states", "MX"},
    {"eastern republic of uruguay", "UY"},
    {"democratic people s republic of korea", "KP"},
    {"hong kong special administrative region of china", "HK"},
    {"macao special administrative region of china", "MO"},
    {"state of israel", "IL"},
    {"state of kuwait", "KW"},
    {"state of qatar", "QA"},
    {"state of eritrea", "ER"},
    {"independent state of samoa", "WS"},
    {"independent state of papua new guinea", "PG"},
    {"grand duchy of luxembourg", "LU"},
    {"plurinational state of bolivia", "BO"},
});

// Names of four letters and more, for suggestions.
const std::vector<std::string>& spelled_names() {
    static const std::vector<std::string>* const all = [] {
        auto made = std::make_unique<std::vector<std::string>>();
        for (const CountryName& name : country_names()) {
            if (name.key.size() >= 4) made->emplace_back(name.key);
        }
        return made.release();
    }();
    return *all;
}

std::string_view code_of(std::string_view key) {
    const auto names = country_names();
    const auto at = std::lower_bound(names.begin(), names.end(), key,
                                     [](const CountryName& a, std::string_view b) { return a.key < b; });
    return at != names.end() && at->key == key ? at->code : std::string_view();
}

// The nearest name's code. Only names with the same first letter: a wrong guess is worse than none, and it is
// 20 times faster.
std::string_view near_code(std::string_view key) {
    const auto& all = spelled_names();
    const auto first = std::lower_bound(all.begin(), all.end(), key.substr(0, 1));
    const auto last = std::find_if(first, all.end(), [&](const std::string& n) { return n[0] != key[0]; });
    const auto near = nearest_name(key, std::span(first, last));
    return near ? code_of(*near) : std::string_view();
}

// "Republic of Chile", "Kingdom of Spain": what is in front of the name. Longer ones first. Not "state of": a
// state of a federation is no country.
std::string_view without_form_of_state(std::string_view key) {
    static constexpr auto kForms = std::to_array<std::string_view>({
        "federal democratic republic of",
        "democratic socialist republic of",
        "people s democratic republic of",
        "bolivarian republic of",
        "democratic republic of",
        "federative republic of",
        "socialist republic of",
        "people s republic of",
        "islamic republic of",
        "hashemite kingdom of",
        "federal republic of",
        "united republic of",
        "principality of",
        "arab republic of",
        "commonwealth of",
        "sultanate of",
        "republic of",
        "kingdom of",
        "union of",
        "republica del",
        "republica de",
        "republica da",
        "republica do",
        "reino de",
        "reino da",
        "republique de",
        "republique du",
        "republique d",
        "royaume de",
        "royaume du",
        "royaume d",
        "republik",
        "konigreich",
    });
    for (const std::string_view form : kForms) {
        if (key.size() > form.size() + 1 && key.starts_with(form) && key[form.size()] == ' ') {
            key.remove_prefix(form.size() + 1);
            return key.starts_with("la ") ? key.substr(3) : key;
        }
    }
    return {};
}

bool is_ascii_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_letter);
}

}  // namespace

std::span<const Alias> country_aliases() {
    return kAliases;
}

std::string country_key(std::string_view text) {
    const std::string folded = fold(text);
    std::string out;
    out.reserve(folded.size());
    for (size_t i = 0; i < folded.size();) {
        const auto is_part = [](char c) {
            return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
        };
        size_t end = i;
        while (end < folded.size() && is_part(folded[end])) ++end;
        const auto word = std::string_view(folded).substr(i, end - i);
        if (!word.empty() && word != "and" && word != "y" && word != "the" && word != "und" && word != "et") {
            if (!out.empty()) out.push_back(' ');
            out += word;
        }
        i = end + 1;
    }
    return out.empty() && is_ascii_word(folded) ? folded : out;  // AND is Andorra, ET is Ethiopia
}

const Country* find_country(std::string_view alpha2) {
    const auto all = countries();
    const auto at = std::lower_bound(all.begin(), all.end(), alpha2,
                                     [](const Country& a, std::string_view b) { return a.alpha2 < b; });
    return at != all.end() && at->alpha2 == alpha2 ? &*at : nullptr;
}

std::string country_option(std::string_view country) {
    if (country.empty()) return {};
    if (find_country(country) != nullptr) return std::string(country);
    return clean_country(country).value;
}

size_t name_language(std::string_view language) {
    const std::string word = to_lower(clip_utf8(language, 100));
    for (size_t i = 0; i < kNameLanguages.size(); ++i) {
        const bool same = word.starts_with(kNameLanguages[i]);
        if (same && (word.size() == 2 || word[2] == '-' || word[2] == '_')) return i;
    }
    throw Error(ErrorCode::kInvalidInput, "unknown language \"" + prepare(clip_utf8(language, 100)) + "\"",
                "Names are known in: en, es, pt, fr, de.", "Use one of these codes, for example 'es'.");
}

std::string_view country_name(std::string_view country, std::string_view language) {
    const size_t index = name_language(language);
    const Country* found = find_country(country_option(country));
    return found == nullptr ? std::string_view() : found->names[index];
}

Cleaned clean_country(std::string_view raw) {
    constexpr size_t kLongest = 200;
    constexpr size_t kLongestGuess = 30;
    if (raw != "NA" && find_country(raw) != nullptr) return accepted(std::string(raw));
    std::string text;
    auto stop = open_value(raw, text);
    if (text == "NA") return suspicious("NA", "Namibia, or not available");
    if (stop) return *stop;
    if (text.size() > kLongest) return invalid("too long");
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    const std::string key = country_key(text);
    if (key.empty()) return invalid("unknown country");
    if (is_missing_word(key)) return missing("placeholder word");
    if (const auto code = code_of(key); !code.empty()) return accepted(std::string(code), repair);
    if (const auto rest = without_form_of_state(key); rest.size() > 3) {
        if (const auto code = code_of(rest); !code.empty()) return accepted(std::string(code), repair);
    }
    // A number that lost its zeros in front may also be a dialling code.
    if (all_digits(key) && key.size() < 3) {
        std::string padded = key;
        padded.insert(0, 3 - key.size(), '0');
        return invalid("unknown country", std::string(code_of(padded)));
    }
    const bool guess = key.size() >= 4 && key.size() <= kLongestGuess;
    return invalid("unknown country", guess ? std::string(near_code(key)) : std::string());
}

}  // namespace cdp::text
