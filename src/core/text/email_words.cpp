// SPDX-License-Identifier: PostgreSQL
#include "text/email_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cdp::text {
namespace {

using namespace std::string_view_literals;

template <typename Words>
bool among(const Words& words, std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

constexpr std::array kRoles{
    "abuse"sv,        "accounting"sv,     "accounts"sv,
    "admin"sv,        "administracion"sv, "administrator"sv,
    "ayuda"sv,        "billing"sv,        "contact"sv,
    "contacto"sv,     "contactus"sv,      "customerservice"sv,
    "do-not-reply"sv, "donotreply"sv,     "enquiries"sv,
    "facturacion"sv,  "hello"sv,          "help"sv,
    "helpdesk"sv,     "hola"sv,           "hostmaster"sv,
    "hr"sv,           "info"sv,           "informacion"sv,
    "jobs"sv,         "mailer-daemon"sv,  "marketing"sv,
    "newsletter"sv,   "no-reply"sv,       "no_reply"sv,
    "noreply"sv,      "office"sv,         "oficina"sv,
    "orders"sv,       "pedidos"sv,        "postmaster"sv,
    "press"sv,        "privacy"sv,        "recepcion"sv,
    "reception"sv,    "root"sv,           "rrhh"sv,
    "sales"sv,        "security"sv,       "service"sv,
    "servicio"sv,     "shop"sv,           "soporte"sv,
    "store"sv,        "support"sv,        "team"sv,
    "tienda"sv,       "ventas"sv,         "webmaster"sv,
};

constexpr std::array kNoAddress{
    "noemail"sv,   "no-email"sv, "no_email"sv, "no.email"sv, "nomail"sv,  "sinemail"sv, "sin-email"sv,
    "sincorreo"sv, "sinmail"sv,  "notiene"sv,  "noaplica"sv, "notengo"sv, "nocorreo"sv,
};

constexpr std::array kPlaceholders{
    "test"sv, "testing"sv, "tests"sv, "tester"sv,  "asdf"sv,      "asdfg"sv, "asd"sv, "qwerty"sv,
    "qwe"sv,  "prueba"sv,  "none"sv,  "null"sv,    "na"sv,        "nan"sv,   "no"sv,  "abc"sv,
    "x"sv,    "xx"sv,      "xxx"sv,   "xxxx"sv,    "a"sv,         "aa"sv,    "aaa"sv, "aaaa"sv,
    "foo"sv,  "bar"sv,     "abcd"sv,  "unknown"sv, "undefined"sv,
};

// Not "a" or "foo": documentation and tests are full of a@example.com.
constexpr std::array kExampleLocals{
    "test"sv, "email"sv, "mail"sv, "example"sv, "none"sv,
    "null"sv, "asdf"sv,  "xxx"sv,  "correo"sv,  "ejemplo"sv,
};

struct Fix {
    std::string_view wrong, right;
};
constexpr std::array kProviders{
    Fix{"gmial"sv, "gmail"sv},     Fix{"gamil"sv, "gmail"sv},      Fix{"gmal"sv, "gmail"sv},
    Fix{"gmai"sv, "gmail"sv},      Fix{"gmil"sv, "gmail"sv},       Fix{"gmaill"sv, "gmail"sv},
    Fix{"gmaul"sv, "gmail"sv},     Fix{"gnail"sv, "gmail"sv},      Fix{"gmali"sv, "gmail"sv},
    Fix{"ggmail"sv, "gmail"sv},    Fix{"gmeil"sv, "gmail"sv},      Fix{"gimail"sv, "gmail"sv},
    Fix{"gmaol"sv, "gmail"sv},     Fix{"gmaiil"sv, "gmail"sv},     Fix{"gemail"sv, "gmail"sv},
    Fix{"gmsil"sv, "gmail"sv},     Fix{"gmailc"sv, "gmail"sv},     Fix{"gmaail"sv, "gmail"sv},
    Fix{"hotmial"sv, "hotmail"sv}, Fix{"hotmal"sv, "hotmail"sv},   Fix{"hotmai"sv, "hotmail"sv},
    Fix{"hotmil"sv, "hotmail"sv},  Fix{"hotamil"sv, "hotmail"sv},  Fix{"hotmaill"sv, "hotmail"sv},
    Fix{"hotmeil"sv, "hotmail"sv}, Fix{"htomail"sv, "hotmail"sv},  Fix{"hormail"sv, "hotmail"sv},
    Fix{"homail"sv, "hotmail"sv},  Fix{"hotnail"sv, "hotmail"sv},  Fix{"hotmali"sv, "hotmail"sv},
    Fix{"otmail"sv, "hotmail"sv},  Fix{"hitmail"sv, "hotmail"sv},  Fix{"hotmaul"sv, "hotmail"sv},
    Fix{"yaho"sv, "yahoo"sv},      Fix{"yahooo"sv, "yahoo"sv},     Fix{"yhaoo"sv, "yahoo"sv},
    Fix{"yhoo"sv, "yahoo"sv},      Fix{"yahho"sv, "yahoo"sv},      Fix{"yaoo"sv, "yahoo"sv},
    Fix{"tahoo"sv, "yahoo"sv},     Fix{"yajoo"sv, "yahoo"sv},      Fix{"yahou"sv, "yahoo"sv},
    Fix{"outlok"sv, "outlook"sv},  Fix{"outloook"sv, "outlook"sv}, Fix{"outllok"sv, "outlook"sv},
    Fix{"otlook"sv, "outlook"sv},  Fix{"outlock"sv, "outlook"sv},  Fix{"oulook"sv, "outlook"sv},
    Fix{"outlool"sv, "outlook"sv}, Fix{"iclod"sv, "icloud"sv},     Fix{"icoud"sv, "icloud"sv},
    Fix{"iclould"sv, "icloud"sv},  Fix{"icluod"sv, "icloud"sv},    Fix{"iclous"sv, "icloud"sv},
};

// No top-level domains: always slips of the finger.
constexpr std::array kNotComs{"con"sv, "cmo"sv, "ocm"sv, "comm"sv, "vom"sv,
                              "xom"sv, "cpm"sv, "cim"sv, "coml"sv, "comn"sv};
// Countries, so slips only after a provider that has .com alone.
constexpr std::array kUnlikelyComs{"co"sv, "cm"sv, "om"sv};

}  // namespace

bool is_role(std::string_view local) {
    return among(kRoles, local);
}

bool is_placeholder_local(std::string_view local) {
    static constexpr std::array kClear{"test"sv,  "testing"sv, "tester"sv, "asdf"sv,
                                       "asdfg"sv, "qwerty"sv,  "prueba"sv};
    return among(kClear, local);
}

bool is_placeholder_address(std::string_view local, std::string_view domain) {
    if (among(kNoAddress, local)) return true;
    const std::string_view name = domain.substr(0, domain.find('.'));
    const bool same = name == local && (among(kPlaceholders, local) || among(kExampleLocals, local));
    // Words only: x.com and mail.com have customers.
    const bool words =
        local.size() >= 3 && name.size() >= 3 && among(kPlaceholders, local) && among(kPlaceholders, name);
    if (same || words) return true;
    return name == "example" && among(kExampleLocals, local);
}

std::string suggest_domain(std::string_view domain) {
    const size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view name = domain.substr(0, dot);
    std::string_view rest = domain.substr(dot + 1);
    std::string_view provider = name;
    for (const Fix& fix : kProviders) {
        if (fix.wrong == name) provider = fix.right;
    }
    const bool known = provider == "gmail" || provider == "hotmail" || provider == "outlook" ||
                       provider == "icloud" || provider == "yahoo";
    if (provider != name && provider != "yahoo" && provider != "hotmail" && provider != "outlook")
        rest = "com";
    const size_t last = rest.rfind('.');
    const std::string_view top = last == std::string_view::npos ? rest : rest.substr(last + 1);
    std::string fixed_rest(rest);
    if (among(kNotComs, top)) {
        fixed_rest.replace(fixed_rest.size() - top.size(), top.size(), "com");
    } else if (known && among(kUnlikelyComs, rest)) {
        fixed_rest = "com";
    }
    std::string fixed = std::string(provider) + "." + fixed_rest;
    return fixed == domain ? std::string() : fixed;
}

}  // namespace cdp::text
