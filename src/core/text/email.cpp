// SPDX-License-Identifier: PostgreSQL
#include "text/email.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/email_domains.hpp"
#include "text/email_words.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kLongestAddress = 254;
constexpr size_t kLongestLocal = 64;
constexpr size_t kLongestDomain = 253;

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && to_lower(text.substr(0, prefix.size())) == prefix;
}

// Letters, digits, dots, hyphens, underscores, one plus and one @, none of them at the ends: most addresses.
bool is_plain(std::string_view text) {
    if (!is_letter(text.back()) || text.front() == '.' || text.front() == '@') return false;
    size_t ats = 0;
    for (const char c : text) {
        ats += c == '@';
        if (!is_letter(c) && !is_digit(c) && c != '.' && c != '@' && c != '-' && c != '_' && c != '+')
            return false;
    }
    return ats == 1;
}

bool is_dot_atom(std::string_view local);

// "ana.diaz"@example.com: quotes around what needs none. True when they went.
bool unquote_local(std::string& text) {
    if (text.empty() || text[0] != '"') return false;
    const size_t close = text.find("\"@");
    if (close == std::string::npos || close < 2 ||
        !is_dot_atom(std::string_view(text).substr(1, close - 1))) {
        return false;
    }
    text.erase(close, 1);
    text.erase(0, 1);
    return true;
}

// Takes off what surrounds an address. Returns the repair, empty when there was none.
std::string_view unwrap_once(std::string& text) {
    std::string_view repair;
    const size_t open = text.rfind('<');
    const size_t close = text.rfind('>');
    if (open != std::string::npos && close != std::string::npos && open < close &&
        text.find('@', open) < close) {
        text = prepare(text.substr(open + 1, close - open - 1));
        repair = "address taken out of its brackets";
    }
    if (strip_quotes(text)) repair = "quotes";
    if (starts_with_ignoring_case(text, "mailto:")) {
        text = prepare(text.substr(7));
        repair = "mailto: removed";
    }
    if (unquote_local(text)) repair = "quotes";
    constexpr std::string_view kFront = " ,;:<>()[]'";
    constexpr std::string_view kBack = " ,;:<>()[]\"'.";
    const size_t from = text.find_first_not_of(kFront);
    if (from == std::string::npos) {
        text.clear();
        return repair;
    }
    const size_t to = text.find_last_not_of(kBack) + 1;
    if (from > 0 || to < text.size()) {
        text = text.substr(from, std::max(from, to) - from);
        repair = "stray punctuation";
    }
    for (const std::string_view spaced : {" @", "@ "}) {
        if (const size_t at = text.find(spaced); at != std::string::npos) {
            text.replace(at, 2, "@");
            repair = "space removed";
        }
    }
    return repair;
}

// Quotes within mailto: within quotes.
std::string_view unwrap(std::string& text) {
    std::string_view repair;
    for (size_t before = 0; before != text.size();) {
        before = text.size();
        if (const std::string_view done = unwrap_once(text); !done.empty()) repair = done;
    }
    return repair;
}

bool is_atom(char c) {
    constexpr std::string_view kSpecial = "!#$%&'*+-/=?^_`{|}~";
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           kSpecial.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view local) {
    return !local.empty() && local.front() != '.' && local.back() != '.' &&
           local.find("..") == std::string_view::npos &&
           std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atom(c); });
}

std::string_view local_problem(std::string_view local) {
    if (local.empty()) return "nothing before the @";
    if (local.size() > kLongestLocal) return "part before the @ too long";
    if (local.front() == '"') return "quoted part before the @";
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) {
        return "misplaced dot";
    }
    if (local.find(' ') != std::string_view::npos) return "space inside";
    if (!is_dot_atom(local)) return "character not allowed";
    if (local.find("\xEF\xBF\xBD") != std::string_view::npos) return "character not allowed";
    return {};
}

// Lower case of any script, in NFC.
std::string lower_local(std::string_view local) {
    if (is_ascii(local)) return to_lower(local);
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(local.data(), static_cast<int32_t>(local.size())));
    text.toLower(icu::Locale::getRoot());
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
    check(U_SUCCESS(error), "ICU has no NFC data");
    const icu::UnicodeString composed = nfc->normalize(text, error);
    check(U_SUCCESS(error), "NFC failed");
    std::string out;
    composed.toUTF8String(out);
    return out;
}

const UIDNA& uts46() {
    static const UIDNA* const rules = [] {
        UErrorCode error = U_ZERO_ERROR;
        const UIDNA* made = uidna_openUTS46(
            UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII,
            &error);
        check(U_SUCCESS(error), "ICU has no IDNA data");
        return made;
    }();
    return *rules;
}

// The domain in lower-case ASCII; empty when it is not one.
std::string ascii_domain(std::string_view domain) {
    std::string out = to_lower(domain);
    if (is_ascii(out) && out.find("xn--") == std::string::npos) return out;
    if (out.size() > kLongestDomain) return {};
    std::array<char, 512> buffer{};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    const int32_t length =
        uidna_nameToASCII_UTF8(&uts46(), out.data(), static_cast<int32_t>(out.size()), buffer.data(),
                               static_cast<int32_t>(buffer.size()), &info, &error);
    if (U_FAILURE(error) || info.errors != 0 || length <= 0) return {};
    return {buffer.data(), static_cast<size_t>(length)};
}

std::string_view domain_problem(std::string_view domain) {
    if (domain.empty()) return "no valid domain";
    if (domain.size() > kLongestDomain) return "domain too long";
    const size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos) return "domain without a dot";
    std::string_view rest = domain;
    while (true) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        if (label.empty()) return "misplaced dot";
        if (label.size() > 63 || label.front() == '-' || label.back() == '-') return "no valid domain";
        for (const char c : label) {
            if (c == ' ') return "space inside";
            if (!is_lower(c) && !is_digit(c) && c != '-') return "no valid domain";
        }
        if (label.size() == rest.size()) break;
        rest.remove_prefix(label.size() + 1);
    }
    const std::string_view top = domain.substr(dot + 1);
    const bool letters = std::all_of(top.begin(), top.end(), is_lower);
    if (top.size() < 2 || !(letters || top.starts_with("xn--"))) return "no valid domain";
    return {};
}

// "gmail,com", "gmail com" and "gmailcom" are worth a guess. Empty when it does not help.
std::string guess_domain(std::string_view domain_part, std::string_view domain) {
    std::string guess = to_lower(domain_part);
    std::replace_if(
        guess.begin(), guess.end(), [](char c) { return c == ',' || c == ' ' || c == ';'; }, '.');
    if (!is_ascii(guess)) return {};
    if (guess.find('.') == std::string::npos) {
        if (is_free_domain(guess + ".com")) return guess + ".com";
        if (!guess.ends_with("com")) return {};
        guess.insert(guess.size() - 3, ".");
        return is_free_domain(guess) ? guess : std::string();
    }
    return guess != domain && domain_problem(guess).empty() ? guess : std::string();
}

}  // namespace

Cleaned clean_email(std::string_view raw) {
    std::string text;
    std::string_view damage;
    if (auto stop = open_value(raw, text, damage)) return *stop;
    std::string_view repair = is_plain(text) ? std::string_view() : unwrap(text);
    if (!damage.empty()) repair = damage;
    const size_t at = text.find('@');
    if (at == std::string::npos) {
        return is_missing_word(text) ? missing("placeholder word") : invalid("no @");
    }
    if (text[0] == '"') return invalid("quoted part before the @");
    if (text.find('@', at + 1) != std::string::npos) {
        return invalid(text.find_first_of(",; /") != std::string::npos ? "more than one address"
                                                                       : "more than one @");
    }
    const std::string_view local_part = std::string_view(text).substr(0, at);
    const std::string_view domain_part = std::string_view(text).substr(at + 1);
    if (const auto problem = local_problem(local_part); !problem.empty()) return invalid(problem);
    std::string address = lower_local(local_part);
    const size_t local_size = address.size();
    if (local_size > kLongestLocal) return invalid("part before the @ too long");
    const std::string domain = ascii_domain(domain_part);
    if (const auto problem = domain_problem(domain); !problem.empty()) {
        std::string guess = guess_domain(domain_part, domain);
        if (!guess.empty()) guess.insert(0, address + "@");
        return invalid(problem, std::move(guess));
    }
    address.reserve(local_size + 1 + domain.size());
    address += '@';
    address += domain;
    if (address.size() > kLongestAddress) return invalid("too long");
    const std::string_view local = std::string_view(address).substr(0, local_size);
    if (is_placeholder_address(local, domain)) return missing("placeholder address");
    if (!is_free_domain(domain)) {
        // First, because some slips (gmial.com) are throw-away domains of their own.
        if (const std::string fixed = suggest_domain(domain); !fixed.empty()) {
            std::string suggestion = std::string(local) + "@" + fixed;
            return suspicious(std::move(address), "domain looks misspelt", std::move(suggestion));
        }
        if (is_disposable_domain(domain)) return suspicious(std::move(address), "disposable address");
    }
    // None of the big providers has such mailboxes.
    if (!is_ascii(local) && is_free_domain(domain)) {
        std::string plain;
        const bool folds = fold_latin(local, plain) && local_problem(plain).empty();
        std::string suggestion = folds ? plain + "@" + domain : std::string();
        return suspicious(std::move(address), "letter that the provider does not allow",
                          std::move(suggestion));
    }
    if (is_role(local)) return suspicious(std::move(address), "role address");
    if (is_placeholder_local(local)) return suspicious(std::move(address), "looks like a test address");
    return accepted(std::move(address), repair);
}

DomainKind email_domain_kind(std::string_view raw) {
    std::string domain;
    if (raw.find('@') == std::string_view::npos) {
        if (raw.size() > kMaxBytes) return DomainKind::kNone;
        domain = ascii_domain(prepare(raw));
        if (!domain_problem(domain).empty()) return DomainKind::kNone;
    } else {
        const std::string address = clean_email(raw).value;
        const size_t at = address.find('@');
        if (at == std::string::npos) return DomainKind::kNone;
        domain = address.substr(at + 1);
    }
    if (is_free_domain(domain)) return DomainKind::kFree;
    return is_disposable_domain(domain) ? DomainKind::kDisposable : DomainKind::kOther;
}

}  // namespace cdp::text
