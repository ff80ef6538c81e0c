// SPDX-License-Identifier: PostgreSQL
#include "text/currency.hpp"

#include <algorithm>

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

BOOST_AUTO_TEST_CASE(currency_cases) {
    const Cleaner anywhere = [](std::string_view raw) { return text::clean_currency(raw, ""); };
    check_cases(anywhere, {
                              {"CLP", Status::kOk, "CLP"},
                              {"clp", Status::kOk, "CLP"},
                              {"US$", Status::kOk, "USD"},
                              {"U$S", Status::kOk, "USD"},
                              {"€", Status::kOk, "EUR"},
                              {"R$", Status::kOk, "BRL"},
                              {"S/.", Status::kOk, "PEN"},
                              {"CLP$", Status::kOk, "CLP"},
                              {"pesos chilenos", Status::kOk, "CLP"},
                              {"Peso Chileno", Status::kOk, "CLP"},
                              {"US dollars", Status::kOk, "USD"},
                              {"dólares estadounidenses", Status::kOk, "USD"},
                              {"Schweizer Franken", Status::kOk, "CHF"},
                              {"livres sterling", Status::kOk, "GBP"},
                              {"reais", Status::kOk, "BRL"},
                              {"zł", Status::kOk, "PLN"},
                              {"Kč", Status::kOk, "CZK"},
                              {"UF", Status::kOk, "CLF"},
                              {"152", Status::kOk, "CLP"},
                              {"'EUR'", Status::kCorrected, "EUR", "quotes"},
                              {"$", Status::kInvalid, "", "several currencies", "USD"},
                              {"¥", Status::kInvalid, "", "several currencies", "JPY"},
                              {"pesos", Status::kInvalid, "", "several currencies"},
                              {"dólares", Status::kInvalid, "", "several currencies", "USD"},
                              {"532", Status::kOk, "XCG"},  // it took over the number of ANG
                              {"florines caribeños", Status::kOk, "XCG"},
                              {"Zimbabwe Gold", Status::kOk, "ZWG"},
                              {"HRK", Status::kOk, "HRK"},
                              {"Yuan Renminbi", Status::kOk, "CNY"},
                              {"Mexican Unidad de Inversion (UDI)", Status::kOk, "MXV"},
                              {"Pa’anga", Status::kOk, "TOP"},
                              {"Uzbekistan Sum", Status::kOk, "UZS"},
                              {"USS", Status::kInvalid, "", "unknown currency"},
                              {"DEM", Status::kInvalid, "", "unknown currency"},
                              {"XXX", Status::kMissing, "", "placeholder word"},
                              {"money", Status::kInvalid, "", "unknown currency"},
                              {"", Status::kMissing, "", "blank"},
                          });
    struct Local {
        std::string_view raw, country, code;
    };
    for (const Local& at : std::vector<Local>{{"$", "CL", "CLP"},
                                              {"$", "Mexico", "MXN"},
                                              {"$", "US", "USD"},
                                              {"$", "DE", ""},
                                              {"pesos", "AR", "ARS"},
                                              {"dólares", "CL", "USD"},
                                              {"dollars", "AU", "AUD"},
                                              {"kr", "NO", "NOK"},
                                              {"Bs.", "BO", "BOB"},
                                              {"¥", "CN", "CNY"},
                                              {"coronas", "SE", "SEK"},
                                              {"£", "EG", "EGP"}}) {
        BOOST_TEST(text::clean_currency(at.raw, at.country).value == at.code, at.raw << " " << at.country);
    }
    for (const std::string country : {"", "CL", "SE", "XX"}) {
        const Cleaner clean = [&](std::string_view raw) { return text::clean_currency(raw, country); };
        check_random(clean, {"U", "S", "$", "peso", "€", " ", ".", "chileno", "kr", "CLP"}, 3000, 21);
    }
}

// Every name in every language leads to its code; minor units are those of the published list (ISO 4217).
BOOST_AUTO_TEST_CASE(currency_table) {
    for (const text::Currency& currency : text::currencies()) {
        BOOST_TEST(text::find_currency(currency.code) == &currency);
        BOOST_TEST(currency.code.size() == 3u);
        for (const std::string_view name : currency.names) {
            const std::string found = text::clean_currency(name, "").value;
            // Names without a country ("dinar") may mean several.
            if (!found.empty()) BOOST_TEST(found == currency.code, name);
        }
    }
    const auto index = text::currency_names();
    BOOST_TEST(std::is_sorted(index.begin(), index.end(), [](auto& a, auto& b) { return a.key < b.key; }));
    for (const std::string_view none : {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
                                        "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}) {
        BOOST_TEST(text::find_currency(none)->minor_units == 0, none);
    }
    for (const std::string_view three : {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}) {
        BOOST_TEST(text::find_currency(three)->minor_units == 3, three);
    }
    size_t others = 0;
    for (const text::Currency& currency : text::currencies()) others += currency.minor_units == 2 ? 1 : 0;
    BOOST_TEST(others > 120u);
    BOOST_TEST(text::find_currency("CLP")->numeric == 152);
    BOOST_TEST(text::find_currency("EUR")->numeric == 978);
}
