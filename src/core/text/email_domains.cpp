// SPDX-License-Identifier: PostgreSQL
#include "text/email_domains.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "text/disposable_domains.hpp"
#include "text/prepare.hpp"
#include "text/word_set.hpp"

namespace cdp::text {
namespace {

bool is_listed(std::string_view domain) {
    const size_t length = domain.size();
    if (length == 0 || length > kLongestDisposableDomain) return false;
    const DomainGroup& group = kDisposableDomains[length - 1];
    size_t from = 0;
    size_t to = group.count;
    while (from < to) {
        const size_t middle = (from + to) / 2;
        const int order = std::memcmp(group.domains + middle * length, domain.data(), length);
        if (order == 0) return true;
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return false;
}

constexpr auto kFree = word_set(
    "gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "msn.com", "passport.com", "ymail.com",
    "rocketmail.com", "myyahoo.com", "aol.com", "aol.de", "aol.fr", "aol.co.uk", "aim.com", "love.com",
    "proton.me", "protonmail.com", "protonmail.ch", "pm.me", "mail.com", "email.com", "usa.com", "zoho.com",
    "zohomail.com", "zohomail.eu", "fastmail.com", "fastmail.fm", "hey.com", "duck.com", "tutanota.com",
    "tutanota.de", "tuta.com", "tuta.io", "hushmail.com", "runbox.com", "mailbox.org", "posteo.de",
    "posteo.net", "inbox.com", "lycos.com", "excite.com", "rediffmail.com", "ya.ru", "mail.ru", "inbox.ru",
    "list.ru", "bk.ru", "rambler.ru", "internet.ru", "ukr.net", "i.ua", "abv.bg", "mail.bg",
    // Germany, Austria, Switzerland
    "web.de", "t-online.de", "freenet.de", "arcor.de", "online.de", "vodafone.de", "o2online.de", "aon.at",
    "chello.at", "bluewin.ch", "hispeed.ch",
    // France, Belgium, the Netherlands
    "orange.fr", "free.fr", "laposte.net", "sfr.fr", "wanadoo.fr", "neuf.fr", "bbox.fr", "numericable.fr",
    "telenet.be", "skynet.be", "proximus.be", "ziggo.nl", "kpnmail.nl", "planet.nl", "hetnet.nl", "home.nl",
    // Italy, Spain, Portugal
    "libero.it", "virgilio.it", "alice.it", "tiscali.it", "tin.it", "inwind.it", "iol.it", "fastwebnet.it",
    "telefonica.net", "terra.es", "ono.com", "movistar.es", "euskaltel.net", "wanadoo.es", "sapo.pt",
    "iol.pt", "clix.pt", "netcabo.pt", "portugalmail.pt",
    // Latin America
    "terra.com", "terra.com.br", "terra.cl", "terra.com.mx", "terra.com.co", "uol.com.br", "bol.com.br",
    "ig.com.br", "globo.com", "globomail.com", "r7.com", "oi.com.br", "zipmail.com.br", "vtr.net", "tie.cl",
    "123mail.cl", "speedy.com.ar", "arnet.com.ar", "fibertel.com.ar", "ciudad.com.ar", "prodigy.net.mx",
    "latinmail.com", "starmedia.com", "une.net.co", "etb.net.co", "cantv.net", "adinet.com.uy", "vera.com.uy",
    "racsa.co.cr",
    // English-speaking countries
    "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
    "earthlink.net", "optonline.net", "frontier.com", "juno.com", "netzero.net", "roadrunner.com",
    "windstream.net", "btinternet.com", "sky.com", "virginmedia.com", "ntlworld.com", "talktalk.net",
    "tiscali.co.uk", "blueyonder.co.uk", "bigpond.com", "bigpond.net.au", "optusnet.com.au", "iinet.net.au",
    "rogers.com", "shaw.ca", "sympatico.ca", "telus.net", "videotron.ca", "xtra.co.nz",
    // Poland, Czechia, Asia
    "wp.pl", "o2.pl", "onet.pl", "onet.eu", "interia.pl", "op.pl", "gazeta.pl", "seznam.cz", "email.cz",
    "centrum.cz", "qq.com", "163.com", "126.com", "sina.com", "sina.cn", "sohu.com", "foxmail.com",
    "aliyun.com", "naver.com", "daum.net", "hanmail.net", "walla.co.il", "walla.com");

// Their endings are countries: yahoo.es, hotmail.com.ar, live.co.uk, gmx.net.
constexpr auto kBrands = word_set("yahoo", "hotmail", "outlook", "live", "gmx", "yandex");
constexpr auto kOnlyCom = word_set("gmail", "icloud", "googlemail", "protonmail", "rocketmail");

// No top-level domains: always slips of the finger.
constexpr auto kNotComs = word_set("con", "cmo", "ocm", "vom", "xom", "cpm", "cim", "coom", "copm", "ccom",
                                   "cojm", "conm", "cokm", "c0m", "dom", "comcom", "cm0");
// Countries, so slips only after a provider that has .com alone.
constexpr auto kUnlikelyComs = word_set("co", "cm", "om", "ca.com", "comm", "com.com");

bool is_country(std::string_view ending) {
    return ending.size() == 2 && is_lower(ending[0]) && is_lower(ending[1]);
}
// "com", "es", "com.ar", "co.uk"
bool is_brand_ending(std::string_view rest) {
    if (rest == "com" || rest == "net") return true;
    if (is_country(rest)) return rest != "cm" && rest != "om" && rest != "co";
    return (rest.starts_with("com.") && is_country(rest.substr(4))) ||
           (rest.starts_with("co.") && is_country(rest.substr(3)));
}

// The names that slips are looked for in. Five letters and more: "lide.com" is a company.
constexpr auto kNames = std::to_array<std::string_view>(
    {"gmail",    "hotmail", "yahoo",      "outlook",  "icloud",    "googlemail", "protonmail", "rocketmail",
     "fastmail", "yandex",  "comcast",    "verizon",  "sbcglobal", "bellsouth",  "btinternet", "virginmedia",
     "wanadoo",  "laposte", "telefonica", "fibertel", "prodigy",   "tutanota"});
// One letter from those, and real.
constexpr auto kReal =
    word_set("gmails", "yahoos", "hotmails", "hostmail", "outlooks", "outbook", "protonmails", "telefonicas");

// Whether one insertion, deletion, substitution or exchange of neighbours makes `a` of `b`.
bool is_one_slip(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1 || a == b) return false;
    const auto at = static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
    if (a.size() < b.size()) return a.substr(at) == b.substr(at + 1);
    if (a.substr(at + 1) == b.substr(at + 1)) return true;
    return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
           a.substr(at + 2) == b.substr(at + 2);
}

struct Fix {
    std::string_view wrong, right;
};
// Frequent slips that are further away, or are a word of their own.
constexpr auto kFixes = std::to_array<Fix>(
    {{"gmeil", "gmail"},     {"gemail", "gmail"},    {"gimal", "gmail"},      {"gmaol", "gmail"},
     {"gmaiil", "gmail"},    {"gmailc", "gmail"},    {"gmailcom", "gmail"},   {"gmal", "gmail"},
     {"gmil", "gmail"},      {"gail", "gmail"},      {"gmai", "gmail"},       {"yaho", "yahoo"},
     {"yaoo", "yahoo"},      {"yhoo", "yahoo"},      {"ahoo", "yahoo"},       {"tahoo", "yahoo"},
     {"uahoo", "yahoo"},     {"hormail", "hotmail"}, {"homail", "hotmail"},   {"otmail", "hotmail"},
     {"jotmail", "hotmail"}, {"hotmaul", "hotmail"}, {"hotamial", "hotmail"}, {"hotmaiol", "hotmail"},
     {"outllok", "outlook"}, {"outlool", "outlook"}, {"outloock", "outlook"}, {"autlook", "outlook"},
     {"oulock", "outlook"},  {"outlouk", "outlook"}, {"iclould", "icloud"},   {"icluod", "icloud"}});

// The provider's name that `name` was meant to be, or itself.
std::string_view meant_name(std::string_view name) {
    for (const Fix& fix : kFixes) {
        if (fix.wrong == name) return fix.right;
    }
    if (name.size() < 4 || kReal.contains(name)) return name;
    for (const std::string_view known : kNames) {
        // The first letter is rarely the wrong one, and other letters there are other words.
        if (known[0] == name[0] && is_one_slip(name, known)) return known;
    }
    return name;
}

}  // namespace

bool is_disposable_domain(std::string_view domain) {
    // The first level is always looked up, the last never: "com" is no address.
    while (true) {
        const size_t dot = domain.find('.');
        if (dot == std::string_view::npos) return false;
        if (is_listed(domain)) return true;
        domain.remove_prefix(dot + 1);
    }
}

bool is_free_domain(std::string_view domain) {
    if (kFree.contains(domain)) return true;
    const size_t dot = domain.find('.');
    if (dot == std::string_view::npos || !kBrands.contains(domain.substr(0, dot))) return false;
    return is_brand_ending(domain.substr(dot + 1));
}

std::string suggest_domain(std::string_view domain) {
    const size_t dot = domain.find('.');
    if (dot == std::string_view::npos || is_free_domain(domain)) return {};
    const std::string_view name = domain.substr(0, dot);
    const std::string_view rest = domain.substr(dot + 1);
    const std::string_view meant = meant_name(name);
    const bool brand = kBrands.contains(meant);
    const bool only_com = kOnlyCom.contains(meant);
    const size_t last = rest.rfind('.');
    const std::string_view top = last == std::string_view::npos ? rest : rest.substr(last + 1);
    // "com" with one letter more: no such ending exists.
    const bool no_ending = kNotComs.contains(top) || (top.size() == 4 && top.starts_with("com"));
    if (meant == name && !no_ending && !only_com && !brand && rest != "com.com") return {};  // most of all
    std::string fixed_rest(rest);
    if (no_ending) {
        fixed_rest.replace(fixed_rest.size() - top.size(), top.size(), "com");
    }
    if (fixed_rest == "com.com") fixed_rest = "com";
    if (only_com || (brand && kUnlikelyComs.contains(fixed_rest))) fixed_rest = "com";
    std::string fixed = std::string(meant) + "." + fixed_rest;
    // A name with a slip must come out as a provider's domain.
    if (meant != name && !is_free_domain(fixed)) return {};
    return fixed == domain ? std::string() : fixed;
}

}  // namespace cdp::text
