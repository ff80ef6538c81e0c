// SPDX-License-Identifier: PostgreSQL
#include "text/currency.hpp"

#include <algorithm>
#include <array>

#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using Alias = std::pair<std::string_view, std::string_view>;
// What CLDR does not say; in the form of currency_key.
constexpr auto kAliases = std::to_array<Alias>({
    {"american dollar", "USD"},
    {"american dollars", "USD"},
    {"us dollars", "USD"},
    {"u s dollar", "USD"},
    {"dolar americano", "USD"},
    {"dolares americanos", "USD"},
    {"dolar estados unidos", "USD"},
    {"dolar usa", "USD"},
    {"us", "USD"},
    {"dolar norteamericano", "USD"},
    {"dolares norteamericanos", "USD"},
    {"dollar americain", "USD"},
    {"dollars americains", "USD"},
    {"euro", "EUR"},
    {"euros", "EUR"},
    {"pound sterling", "GBP"},
    {"pounds sterling", "GBP"},
    {"sterling", "GBP"},
    {"british pound", "GBP"},
    {"british pounds", "GBP"},
    {"libra esterlina", "GBP"},
    {"libras esterlinas", "GBP"},
    {"yen", "JPY"},
    {"yenes", "JPY"},
    {"yuan", "CNY"},
    {"yuanes", "CNY"},
    {"rmb", "CNY"},
    {"renminbi", "CNY"},
    {"real", "BRL"},
    {"reais", "BRL"},
    {"reales", "BRL"},
    {"real brasileno", "BRL"},
    {"sol", "PEN"},
    {"soles", "PEN"},
    {"nuevo sol", "PEN"},
    {"nuevos soles", "PEN"},
    {"peso chileno", "CLP"},
    {"peso mexicano", "MXN"},
    {"moneda nacional chile", "CLP"},
    {"bolivares", "VES"},
    {"quetzal", "GTQ"},
    {"quetzales", "GTQ"},
    {"lempira", "HNL"},
    {"lempiras", "HNL"},
    {"guarani", "PYG"},
    {"guaranies", "PYG"},
    // ISO 4217 calls them so.
    {"afghani", "AFN"},
    {"kwanza", "AOA"},
    {"azerbaijan manat", "AZN"},
    {"convertible mark", "BAM"},
    {"bermudian dollar", "BMD"},
    {"mvdol", "BOV"},
    {"ngultrum", "BTN"},
    {"yuan renminbi", "CNY"},
    {"peso convertible", "CUC"},
    {"djibouti franc", "DJF"},
    {"fiji dollar", "FJD"},
    {"ghana cedi", "GHS"},
    {"cedi", "GHS"},
    {"gourde", "HTG"},
    {"rupiah", "IDR"},
    {"new israeli sheqel", "ILS"},
    {"shekel", "ILS"},
    {"iceland krona", "ISK"},
    {"tenge", "KZT"},
    {"lao kip", "LAK"},
    {"kip", "LAK"},
    {"sri lanka rupee", "LKR"},
    {"denar", "MKD"},
    {"kyat", "MMK"},
    {"pataca", "MOP"},
    {"ouguiya", "MRU"},
    {"mauritius rupee", "MUR"},
    {"rufiyaa", "MVR"},
    {"mexican unidad inversion udi", "MXV"},
    {"mozambique metical", "MZN"},
    {"metical", "MZN"},
    {"pakistan rupee", "PKR"},
    {"qatari rial", "QAR"},
    {"rwanda franc", "RWF"},
    {"seychelles rupee", "SCR"},
    {"saint helena pound", "SHP"},
    {"leone", "SLE"},
    {"surinam dollar", "SRD"},
    {"somoni", "TJS"},
    {"turkmenistan new manat", "TMT"},
    {"pa anga", "TOP"},
    {"hryvnia", "UAH"},
    {"uganda shilling", "UGX"},
    {"uruguay peso en unidades indexadas ui", "UYI"},
    {"unidad previsional", "UYW"},
    {"uzbekistan sum", "UZS"},
    {"sdr special drawing right", "XDR"},
    {"balboa", "PAB"},
    {"balboas", "PAB"},
    {"colon", "CRC"},
    {"colones", "CRC"},
    {"cordoba", "NIO"},
    {"cordobas", "NIO"},
    {"zloty", "PLN"},
    {"forint", "HUF"},
    {"baht", "THB"},
    {"rand", "ZAR"},
    {"uf", "CLF"},
    {"unidad fomento", "CLF"},
    {"unidades fomento", "CLF"},
    {"swiss francs", "CHF"},
    {"franco suizo", "CHF"},
    {"francos suizos", "CHF"},
    {"sfr", "CHF"},
});

struct Sign {
    std::string_view sign;
    std::string_view codes;  // one, or several that the country settles, the usual one first
};
// Lower case, without spaces and full stops; sorted by bytes.
constexpr auto kSigns = std::to_array<Sign>({
    {"$",
     "USD MXN ARS CLP COP UYU CAD AUD NZD HKD SGD DOP CUP BBD BMD BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD "
     "TTD "
     "TWD XCD BRL NIO"},
    {"$ar", "ARS"},
    {"$b", "BOB"},
    {"$mn", "MXN"},
    {"$rd", "DOP"},
    {"$u", "UYU"},
    {"$us", "USD"},
    {"a$", "AUD"},
    {"ar$", "ARS"},
    {"au$", "AUD"},
    {"b/", "PAB"},
    {"bs", "VES BOB"},
    {"bsf", "VES"},
    {"bss", "VES"},
    {"c$", "NIO CAD"},
    {"ca$", "CAD"},
    {"can$", "CAD"},
    {"cl$", "CLP"},
    {"clp$", "CLP"},
    {"co$", "COP"},
    {"col$", "COP"},
    {"cop$", "COP"},
    {"fr", "CHF"},
    {"francos", "CHF XOF XAF"},
    {"francs", "CHF XOF XAF"},
    {"franken", "CHF"},
    {"ft", "HUF"},
    {"gs", "PYG"},
    {"hk$", "HKD"},
    {"kc", "CZK"},
    {"kr", "SEK NOK DKK ISK"},
    {"kronen", "NOK DKK"},
    {"kroner", "NOK DKK"},
    {"kronor", "SEK"},
    {"ksh", "KES"},
    {"l", "HNL"},
    {"lei", "RON MDL"},
    {"leu", "RON MDL"},
    {"libra", "GBP EGP"},
    {"libras", "GBP EGP"},
    {"lps", "HNL"},
    {"mex$", "MXN"},
    {"mn", "MXN"},
    {"mx$", "MXN"},
    {"mxn$", "MXN"},
    {"nt$", "TWD"},
    {"nz$", "NZD"},
    {"peso", "MXN ARS CLP COP UYU DOP CUP PHP"},
    {"pesos", "MXN ARS CLP COP UYU DOP CUP PHP"},
    {"pound", "GBP EGP"},
    {"pounds", "GBP EGP"},
    {"q", "GTQ"},
    {"r", "ZAR BRL"},
    {"r$", "BRL"},
    {"rd$", "DOP"},
    {"rm", "MYR"},
    {"rp", "IDR"},
    {"rs", "INR PKR LKR NPR MUR"},
    {"rub", "RUB"},
    {"rupee", "INR PKR LKR NPR MUR"},
    {"rupees", "INR PKR LKR NPR MUR"},
    {"s$", "SGD"},
    {"s/", "PEN"},
    {"sgd$", "SGD"},
    {"shilling", "KES TZS UGX SOS"},
    {"tl", "TRY"},
    {"u$d", "USD"},
    {"u$s", "USD"},
    {"us$", "USD"},
    {"usd$", "USD"},
    {"won", "KRW KPW"},
    {"zl", "PLN"},
    {"£", "GBP EGP LBP SYP GIP FKP SHP SSP"},
    {"¥", "JPY CNY"},
    {"руб", "RUB"},
    {"₡", "CRC"},
    {"₦", "NGN"},
    {"₩", "KRW KPW"},
    {"₪", "ILS"},
    {"₫", "VND"},
    {"€", "EUR"},
    {"₭", "LAK"},
    {"₮", "MNT"},
    {"₱", "PHP CUP"},
    {"₲", "PYG"},
    {"₴", "UAH"},
    {"₵", "GHS"},
    {"₸", "KZT"},
    {"₹", "INR"},
    {"₺", "TRY"},
    {"₼", "AZN"},
    {"₽", "RUB"},
    {"₾", "GEL"},
    {"₿", ""},
});

std::string_view code_of(std::string_view key) {
    const auto names = currency_names();
    const auto at = std::lower_bound(names.begin(), names.end(), key,
                                     [](const CurrencyName& a, std::string_view b) { return a.key < b; });
    return at != names.end() && at->key == key ? at->code : std::string_view();
}

// Signs as people type them, without what varies.
std::string sign_key(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '.' && c != '\'') out.push_back(lower(c));
    }
    if (out == "kč") return "kc";
    if (out == "zł") return "zl";
    return out == "元" || out == "円" ? "¥" : out;
}

}  // namespace

std::span<const Alias> currency_aliases() {
    return kAliases;
}

std::string currency_key(std::string_view text) {
    std::string key = country_key(text);
    // Words that languages put between: "peso de Chile", "rial of Oman".
    for (const std::string_view word : {" de ", " do ", " da ", " of ", " des ", " del "}) {
        for (size_t at = key.find(word); at != std::string::npos; at = key.find(word)) {
            key.erase(at, word.size() - 1);
        }
    }
    return key;
}

const Currency* find_currency(std::string_view code) {
    const auto all = currencies();
    const auto at = std::lower_bound(all.begin(), all.end(), code,
                                     [](const Currency& a, std::string_view b) { return a.code < b; });
    return at != all.end() && at->code == code ? &*at : nullptr;
}

std::string_view currency_of_sign(std::string_view sign, std::string_view home, bool& ambiguous) {
    ambiguous = false;
    const std::string key = sign_key(sign);
    const auto at = std::lower_bound(kSigns.begin(), kSigns.end(), std::string_view(key),
                                     [](const Sign& a, std::string_view b) { return a.sign < b; });
    if (at == kSigns.end() || at->sign != key || at->codes.empty()) return {};
    if (at->codes.size() == 3) return at->codes;
    if (!home.empty() && at->codes.find(home) != std::string_view::npos) return home;
    ambiguous = true;
    return {};
}

Cleaned clean_currency(std::string_view raw, std::string_view country) {
    static_assert(std::is_sorted(kSigns.begin(), kSigns.end(),
                                 [](const Sign& a, const Sign& b) { return a.sign < b.sign; }));
    constexpr size_t kLongest = 200;
    if (find_currency(raw) != nullptr) return accepted(std::string(raw));
    std::string text;
    if (auto stop = open_value(raw, text)) return *stop;
    if (text.size() > kLongest) return invalid("too long");
    std::string_view repair;
    if (strip_quotes(text)) repair = "quotes";
    if (is_missing_word(text)) return missing("placeholder word");
    const Country* place = country.empty() ? nullptr : find_country(country_option(country));
    bool ambiguous = false;
    const auto sign =
        currency_of_sign(text, place == nullptr ? std::string_view() : place->currency, ambiguous);
    if (!sign.empty()) return accepted(std::string(sign), repair);
    if (ambiguous) {
        const bool dollar = text == "$";
        return invalid("several currencies", dollar ? "USD" : text == "¥" ? "JPY" : "");
    }
    const std::string key = currency_key(text);
    if (const auto code = code_of(key); !code.empty()) return accepted(std::string(code), repair);
    // "dólares" and "francs" without a country.
    for (const auto& [word, usual] : {Alias{"dolar", "USD"}, Alias{"dolares", "USD"}, Alias{"dollar", "USD"},
                                      Alias{"dollars", "USD"}, Alias{"corona", ""}, Alias{"coronas", ""}}) {
        if (key != word) continue;
        bool settled = false;
        const auto home = place == nullptr ? std::string_view() : place->currency;
        const auto code = currency_of_sign(usual.empty() ? "kr" : "$", home, settled);
        const bool peso = code == "MXN" || code == "ARS" || code == "CLP" || code == "COP" || code == "UYU" ||
                          code == "DOP" || code == "CUP" || code == "BRL" || code == "NIO";
        if (!code.empty() && !peso) return accepted(std::string(code), repair);
        if (peso) return accepted("USD", repair);
        return invalid("several currencies", std::string(usual));
    }
    return invalid("unknown currency");
}

}  // namespace cdp::text
