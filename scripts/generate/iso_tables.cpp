// SPDX-License-Identifier: PostgreSQL
// Writes src/core/text/country_table.cpp and currency_table.cpp from ICU's copy of CLDR (Unicode licence), so
// that the library reads constants instead of ICU at run time. Run it from the project's root after a change
// of ICU:
//   g++ -std=c++20 -Isrc/core scripts/generate/iso_tables.cpp build/core/libcdp_core.a -licui18n -licuuc
//       -o build/iso_tables && build/iso_tables
// and commit the result. What CLDR does not hold, or not yet, is here: minor units where ISO 4217 differs
// from CLDR's habit, and codes that changed since. Compared in 2026-11: codes and numbers with Debian's
// iso-codes 4.15 and i18n-iso-countries 7.14 (npm), codes, numbers and minor units of currencies with
// iso-codes and currency-codes 2.2 (npm, the list of 2024-06-25). Later amendments are from memory of the
// published ones.
#include <unicode/currpinf.h>
#include <unicode/dcfmtsym.h>
#include <unicode/region.h>
#include <unicode/ucurr.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "text/country.hpp"
#include "text/currency.hpp"
#include "text/prepare.hpp"

namespace {

const std::vector<std::string> kLanguages{"en", "es", "pt", "fr", "de"};

constexpr int kNoMinorUnits = -1;  // ISO 4217: "N.A."
// CLDR says how many decimals people write.
const std::map<std::string, int> kMinorUnits{{"AFN", 2},
                                             {"ALL", 2},
                                             {"IQD", 3},
                                             {"IRR", 2},
                                             {"KPW", 2},
                                             {"LAK", 2},
                                             {"LBP", 2},
                                             {"MGA", 2},
                                             {"MMK", 2},
                                             {"RSD", 2},
                                             {"SLE", 2},
                                             {"SLL", 2},
                                             {"SOS", 2},
                                             {"STN", 2},
                                             {"SYP", 2},
                                             {"YER", 2},
                                             {"CLF", 4},
                                             {"UYI", 0},
                                             {"UYW", 4},
                                             {"CRC", 2},
                                             {"PKR", 2},
                                             {"IDR", 2},
                                             {"COP", 2},
                                             {"HUF", 2},
                                             {"XAG", kNoMinorUnits},
                                             {"XAU", kNoMinorUnits},
                                             {"XBA", kNoMinorUnits},
                                             {"XBB", kNoMinorUnits},
                                             {"XBC", kNoMinorUnits},
                                             {"XBD", kNoMinorUnits},
                                             {"XDR", kNoMinorUnits},
                                             {"XPD", kNoMinorUnits},
                                             {"XPT", kNoMinorUnits},
                                             {"XSU", kNoMinorUnits},
                                             {"XUA", kNoMinorUnits}};

// Not in this ICU, or not as current; names as in CLDR 48.
struct LaterCurrency {
    std::string code;
    int numeric, minor_units;
    std::string symbol;
    std::vector<std::string> names;        // in kLanguages
    std::vector<std::string> other_names;  // plurals
};
const std::vector<LaterCurrency> kLaterCurrencies{
    {"SVC",
     222,
     2,
     "SVC",
     {"Salvadoran Colón", "colón salvadoreño", "Colom salvadorenho", "colón salvadorien",
      "El Salvador Colon"},
     {"Salvadoran colones", "colones salvadoreños"}},
    {"XCG",
     532,
     2,
     "Cg.",
     {"Caribbean guilder", "florín caribeño", "Florim do Caribe", "florin caribéen", "Karibischer Gulden"},
     {"Caribbean guilders", "florines caribeños"}},
    {"ZWG",
     924,
     2,
     "ZWG",
     {"Zimbabwean Gold", "oro zimbabuense", "Ouro zimbabueano", "or du Zimbabwe", "Simbabwe-Gold"},
     {"Zimbabwe Gold"}},
    {"ZWL",
     932,
     2,
     "ZWL",
     {"Zimbabwean Dollar", "dólar zimbabuense", "Dólar do Zimbábue", "dollar zimbabwéen", "Simbabwe-Dollar"},
     {"Zimbabwean dollars", "dólares zimbabuenses"}}};
// In CLDR, but withdrawn by ISO long ago.
const std::set<std::string> kWithdrawn{"USS"};
// Currencies that changed since: Bulgaria 2026-01, Curaçao and Sint Maarten 2025-03.
const std::map<std::string, std::string> kLaterHomes{{"BG", "EUR"}, {"CW", "XCG"}, {"SX", "XCG"}};

std::string utf8(const UChar* text, int32_t length) {
    std::string out;
    icu::UnicodeString(text, length).toUTF8String(out);
    return out;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string country_name(const std::string& code, const std::string& language) {
    std::array<UChar, 200> buffer{};
    UErrorCode error = U_ZERO_ERROR;
    const int32_t length = uloc_getDisplayCountry(("und_" + code).c_str(), language.c_str(), buffer.data(),
                                                  static_cast<int32_t>(buffer.size()), &error);
    return U_SUCCESS(error) ? utf8(buffer.data(), length) : "";
}

std::string likely_locale(const std::string& code) {
    std::array<char, 100> buffer{};
    UErrorCode error = U_ZERO_ERROR;
    uloc_addLikelySubtags(("und_" + code).c_str(), buffer.data(), static_cast<int32_t>(buffer.size()),
                          &error);
    return buffer.data();
}

std::string country_currency(const std::string& code) {
    if (const auto at = kLaterHomes.find(code); at != kLaterHomes.end()) return at->second;
    std::array<UChar, 8> buffer{};
    UErrorCode error = U_ZERO_ERROR;
    const int32_t length = ucurr_forLocale(("und_" + code).c_str(), buffer.data(), 8, &error);
    const std::string code3 = U_SUCCESS(error) && length == 3 ? utf8(buffer.data(), length) : "";
    return code3 == "XXX" ? "" : code3;
}

char decimal_sign(const std::string& code) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::DecimalFormatSymbols symbols(icu::Locale(likely_locale(code).c_str()), error);
    std::string sign;
    symbols.getSymbol(icu::DecimalFormatSymbols::kDecimalSeparatorSymbol).toUTF8String(sign);
    return sign == "," ? ',' : '.';
}

std::string head(const std::string& what, const char* file) {
    UVersionInfo version;
    UErrorCode error = U_ZERO_ERROR;
    ulocdata_getCLDRVersion(version, &error);
    return "// SPDX-License-Identifier: PostgreSQL AND Unicode-DFS-2016\n// Generated by "
           "scripts/generate/iso_tables.cpp "
           "from ICU " U_ICU_VERSION ", CLDR " +
           std::to_string(version[0]) + ": " + what +
           ". Do not edit.\n// clang-format off\n#include \"text/" + file +
           ".hpp\"\n\n#include <array>\n\nnamespace cdp::text {\nnamespace {\n\n";
}

using Index = std::map<std::string, std::set<std::string>>;  // key -> codes

// Names that mean one code; the keys are in order.
void write_index(std::ofstream& out, const char* type, const Index& index) {
    out << "constexpr auto kNames = std::to_array<" << type << ">({\n";
    for (const auto& [key, codes] : index) {
        if (codes.size() == 1 && !key.empty()) {
            out << "    {" << quoted(key) << ", " << quoted(*codes.begin()) << "},\n";
        } else if (!key.empty()) {
            std::fprintf(stderr, "%s means several: left out\n", key.c_str());
        }
    }
    out << "});\n\n";
}

std::string three_digits(int number) {
    const std::string digits = std::to_string(number);
    return std::string(3 - digits.size(), '0') + digits;
}

void write_countries() {
    std::ofstream out("src/core/text/country_table.cpp");
    out << head("ISO 3166-1 codes, names, currencies and decimal signs", "country");
    out << "// alpha-2, alpha-3, numeric, currency, decimal sign, names in en, es, pt, fr, de.\n";
    out << "constexpr auto kCountries = std::to_array<Country>({\n";
    Index index;
    std::vector<std::string> codes;
    for (const char* const* iso = uloc_getISOCountries(); *iso != nullptr; ++iso) codes.emplace_back(*iso);
    if (std::find(codes.begin(), codes.end(), "XK") == codes.end()) codes.emplace_back("XK");
    std::sort(codes.begin(), codes.end());
    for (const std::string& code : codes) {
        UErrorCode error = U_ZERO_ERROR;
        const icu::Region* region = icu::Region::getInstance(code.c_str(), error);
        // CLDR numbers Kosovo in the range for private use; ISO does not number it.
        const int numeric = region != nullptr && code != "XK" ? region->getNumericCode() : 0;
        std::string three = uloc_getISO3Country(("und_" + code).c_str());
        if (code == "XK") three = "XKX";
        if (three.empty() || numeric >= 900) continue;  // reserved codes
        out << "    {" << quoted(code) << ", " << quoted(three) << ", " << numeric << ", "
            << quoted(country_currency(code)) << ", '" << decimal_sign(code) << "', {{";
        for (const std::string& language : kLanguages) {
            const std::string name = country_name(code, language);
            out << (language == "en" ? "" : ", ") << quoted(name);
            const std::string key = cdp::text::country_key(name);
            if (key.size() > 2) index[key].insert(code);
        }
        out << "}}},\n";
        index[cdp::text::to_lower(code)].insert(code);
        index[cdp::text::to_lower(three)].insert(code);
        if (numeric > 0) index[three_digits(numeric)].insert(code);
    }
    out << "});\n\n";
    for (const auto& [key, code] : cdp::text::country_aliases())
        index[std::string(key)] = {std::string(code)};
    out << "// Folded names and codes, sorted.\n";
    write_index(out, "CountryName", index);
    out << "}  // namespace\n\nstd::span<const Country> countries() {\n    return kCountries;\n}\n"
           "std::span<const CountryName> country_names() {\n    return kNames;\n}\n\n}  // namespace "
           "cdp::text\n";
}

std::string currency_name(const std::string& code, UCurrNameStyle style, const std::string& language) {
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(code);
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;
    UBool choice = false;
    const UChar* name = ucurr_getName(icu::UnicodeString(wide).getTerminatedBuffer(), language.c_str(), style,
                                      &choice, &length, &error);
    return U_SUCCESS(error) ? utf8(name, length) : "";
}

std::string plural_name(const std::string& code, const char* count, const std::string& language) {
    icu::UnicodeString wide = icu::UnicodeString::fromUTF8(code);
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;
    UBool choice = false;
    const UChar* name =
        ucurr_getPluralName(wide.getTerminatedBuffer(), language.c_str(), &choice, count, &length, &error);
    return U_SUCCESS(error) ? utf8(name, length) : "";
}

void write_currencies() {
    std::ofstream out("src/core/text/currency_table.cpp");
    out << head("ISO 4217 codes, minor units, symbols and names", "currency");
    out << "// code, numeric, minor units, symbol, names in en, es, pt, fr, de.\n";
    out << "constexpr auto kCurrencies = std::to_array<Currency>({\n";
    UErrorCode error = U_ZERO_ERROR;
    UEnumeration* all = ucurr_openISOCurrencies(UCURR_NON_DEPRECATED, &error);
    std::set<std::string> codes;
    int32_t length = 0;
    while (const char* code = uenum_next(all, &length, &error)) codes.insert(code);
    uenum_close(all);
    Index index;
    std::map<std::string, std::string> rows;
    for (const std::string& code : codes) {
        icu::UnicodeString wide = icu::UnicodeString::fromUTF8(code);
        const int numeric = ucurr_getNumericCode(wide.getTerminatedBuffer());
        const bool no_money = code == "XXX" || code == "XTS";
        if (numeric == 0 || no_money || kWithdrawn.contains(code)) continue;
        error = U_ZERO_ERROR;
        int digits = ucurr_getDefaultFractionDigits(wide.getTerminatedBuffer(), &error);
        if (const auto at = kMinorUnits.find(code); at != kMinorUnits.end()) digits = at->second;
        std::string symbol = currency_name(code, UCURR_NARROW_SYMBOL_NAME, "en");
        std::ostringstream row;
        row << "    {" << quoted(code) << ", " << numeric << ", " << digits << ", " << quoted(symbol)
            << ", {{";
        for (const std::string& language : kLanguages) {
            const std::string name = currency_name(code, UCURR_LONG_NAME, language);
            row << (language == "en" ? "" : ", ") << quoted(name);
            index[cdp::text::currency_key(name)].insert(code);
            index[cdp::text::currency_key(plural_name(code, "one", language))].insert(code);
            index[cdp::text::currency_key(plural_name(code, "other", language))].insert(code);
        }
        row << "}}},\n";
        rows[code] = row.str();
        index[cdp::text::to_lower(code)] = {code};
        index[three_digits(numeric)].insert(code);
    }
    for (const LaterCurrency& later : kLaterCurrencies) {
        std::ostringstream row;
        row << "    {" << quoted(later.code) << ", " << later.numeric << ", " << later.minor_units << ", "
            << quoted(later.symbol) << ", {{";
        for (size_t i = 0; i < later.names.size(); ++i) {
            row << (i == 0 ? "" : ", ") << quoted(later.names[i]);
            index[cdp::text::currency_key(later.names[i])].insert(later.code);
        }
        for (const std::string& name : later.other_names) {
            index[cdp::text::currency_key(name)].insert(later.code);
        }
        row << "}}},\n";
        rows[later.code] = row.str();
        index[cdp::text::to_lower(later.code)] = {later.code};
        index[three_digits(later.numeric)] = {later.code};  // XCG took over ANG's
    }
    for (const auto& [code, row] : rows) out << row;
    out << "});\n\n";
    for (const auto& [key, code] : cdp::text::currency_aliases())
        index[std::string(key)] = {std::string(code)};
    out << "// Folded names and codes, sorted.\n";
    write_index(out, "CurrencyName", index);
    out << "}  // namespace\n\nstd::span<const Currency> currencies() {\n    return kCurrencies;\n}\n"
           "std::span<const CurrencyName> currency_names() {\n    return kNames;\n}\n\n}  // namespace "
           "cdp::text\n";
}

}  // namespace

int main() {
    write_countries();
    write_currencies();
}
