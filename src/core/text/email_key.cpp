// SPDX-License-Identifier: PostgreSQL
#include <algorithm>

#include "text/email.hpp"
#include "text/word_set.hpp"

namespace cdp::text {
namespace {

struct Alias {
    std::string_view from, to;
};
// One mailbox under several domains, as the providers say: Gmail (support.google.com/mail/answer/10313),
// iCloud (support.apple.com/102529), Proton (proton.me/support/addresses-and-aliases), Yandex
// (yandex.com/support/mail).
constexpr Alias kAliases[] = {
    {"googlemail.com", "gmail.com"}, {"me.com", "icloud.com"},       {"mac.com", "icloud.com"},
    {"protonmail.com", "proton.me"}, {"protonmail.ch", "proton.me"}, {"pm.me", "proton.me"},
    {"ya.ru", "yandex.ru"},          {"yandex.com", "yandex.ru"},    {"yandex.by", "yandex.ru"},
    {"yandex.kz", "yandex.ru"},      {"yandex.ua", "yandex.ru"},
};

bool is_yahoo(std::string_view domain) {
    static constexpr auto kOthers = word_set("ymail.com", "rocketmail.com", "myyahoo.com");
    return domain.starts_with("yahoo.") || kOthers.contains(domain);
}

// "tag@ana.fastmail.com" is ana@fastmail.com.
void lift_fastmail(std::string& local, std::string& domain) {
    for (const std::string_view host : {"fastmail.com", "fastmail.fm"}) {
        if (domain.size() < host.size() + 2 || !domain.ends_with(host)) continue;
        const size_t dot = domain.size() - host.size() - 1;
        if (domain[dot] != '.' || domain.find('.') != dot) continue;
        local = domain.substr(0, dot);
        domain = host;
    }
}

// Cuts at the first `mark` that is not at the start.
void cut_tag(std::string& local, char mark) {
    const size_t at = local.find(mark);
    if (at != std::string::npos && at > 0) local.resize(at);
}

}  // namespace

std::string email_key(std::string_view raw) {
    std::string key = clean_email(raw).value;
    const size_t at = key.find('@');
    if (at == std::string::npos) return {};
    std::string local = key.substr(0, at);
    std::string domain = key.substr(at + 1);
    for (const Alias& alias : kAliases) {
        if (alias.from == domain) domain = alias.to;
    }
    lift_fastmail(local, domain);
    cut_tag(local, '+');
    if (is_yahoo(domain)) cut_tag(local, '-');
    if (domain == "gmail.com") {
        std::string plain = local;
        std::erase(plain, '.');
        if (!plain.empty()) local = std::move(plain);
    }
    if (domain == "yandex.ru") std::replace(local.begin(), local.end(), '.', '-');
    return local + "@" + domain;
}

}  // namespace cdp::text
