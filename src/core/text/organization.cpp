// SPDX-License-Identifier: PostgreSQL
#include "text/organization.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/utf8.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

constexpr size_t kLongest = 1000;  // bytes; more is no name
constexpr size_t kUnlikely = 300;

struct LegalForm {
    std::string_view key;  // its letters
    std::string_view display;
};
// Not the whole of ISO 20275: what is usual in the Americas and in western Europe, compared in 2026-11 with
// the terms of cleanco (Python), and the unmistakable ones of other countries. Sorted.
constexpr auto kForms = std::to_array<LegalForm>({
    {"ab", "AB"},
    {"ac", "A.C."},
    {"ag", "AG"},
    {"agcokg", "AG & Co. KG"},
    {"agcokgaa", "AG & Co. KGaA"},
    {"aksjeselskap", "A/S"},
    {"aktiebolag", "AB"},
    {"aktiengesellschaft", "AG"},
    {"aktieselskab", "A/S"},
    {"aps", "ApS"},
    {"as", "A/S"},
    {"asa", "ASA"},
    {"asbl", "ASBL"},
    {"asociacioncivil", "A.C."},
    {"beslotenvennootschap", "B.V."},
    {"bhd", "Bhd"},
    {"bv", "B.V."},
    {"bvba", "BVBA"},
    {"ca", "C.A."},
    {"cic", "CIC"},
    {"co", "Co."},
    {"coltd", "Co., Ltd"},
    {"companiaanonima", "C.A."},
    {"company", "Co."},
    {"companylimited", "Co., Ltd"},
    {"corp", "Corp."},
    {"corporation", "Corp."},
    {"cpora", "C. por A."},
    {"doo", "d.o.o."},
    {"eg", "eG"},
    {"ehf", "ehf."},
    {"eingetragenerverein", "e.V."},
    {"eireli", "EIRELI"},
    {"eireliepp", "EIRELI EPP"},
    {"eirelime", "EIRELI ME"},
    {"eirl", "EIRL"},
    {"ek", "e.K."},
    {"empresaindividualderesponsabilidadlimitada", "EIRL"},
    {"eood", "EOOD"},
    {"eurl", "EURL"},
    {"ev", "e.V."},
    {"gbr", "GbR"},
    {"gesellschaftmitbeschrankterhaftung", "GmbH"},
    {"gesmbh", "Ges.m.b.H."},
    {"ggmbh", "gGmbH"},
    {"gmbh", "GmbH"},
    {"gmbhcokg", "GmbH & Co. KG"},
    {"gmbhcompkg", "GmbH & Co. KG"},
    {"gmbhundcokg", "GmbH & Co. KG"},
    {"inc", "Inc."},
    {"incorporated", "Inc."},
    {"kabushikikaisha", "Kabushiki Kaisha"},
    {"kft", "Kft."},
    {"kg", "KG"},
    {"kgaa", "KGaA"},
    {"kk", "K.K."},
    {"kommanditgesellschaft", "KG"},
    {"lda", "Lda"},
    {"limitada", "Ltda."},
    {"limited", "Ltd"},
    {"limitedliabilitycompany", "LLC"},
    {"limitedliabilitypartnership", "LLP"},
    {"limitedpartnership", "LP"},
    {"llc", "LLC"},
    {"llp", "LLP"},
    {"lp", "LP"},
    {"ltd", "Ltd"},
    {"ltda", "Ltda."},
    {"ltdaepp", "Ltda. EPP"},
    {"ltdame", "Ltda. ME"},
    {"naamlozevennootschap", "N.V."},
    {"nv", "N.V."},
    {"nyrt", "Nyrt."},
    {"oao", "OAO"},
    {"ohg", "OHG"},
    {"ood", "OOD"},
    {"ooo", "OOO"},
    {"osakeyhtio", "Oy"},
    {"oy", "Oy"},
    {"oyj", "Oyj"},
    {"pao", "PAO"},
    {"partg", "PartG"},
    {"plc", "PLC"},
    {"pllc", "PLLC"},
    {"privatelimited", "Pvt Ltd"},
    {"proprietarylimited", "Pty Ltd"},
    {"pteltd", "Pte Ltd"},
    {"ptyltd", "Pty Ltd"},
    {"publiclimitedcompany", "PLC"},
    {"pvtltd", "Pvt Ltd"},
    {"sa", "S.A."},
    {"saa", "S.A.A."},
    {"sabdecv", "S.A.B. de C.V."},
    {"sac", "S.A.C."},
    {"saci", "S.A.C.I."},
    {"sadecv", "S.A. de C.V."},
    {"sagl", "Sagl"},
    {"saic", "S.A.I.C."},
    {"sapidecv", "S.A.P.I. de C.V."},
    {"sarl", "SARL"},
    {"sas", "S.A.S."},
    {"sasu", "S.A.S.U."},
    {"sau", "S.A.U."},
    {"sc", "S.C."},
    {"sca", "S.C.A."},
    {"sci", "SCI"},
    {"scop", "SCOP"},
    {"sderl", "S. de R.L."},
    {"sderldecv", "S. de R.L. de C.V."},
    {"sdnbhd", "Sdn Bhd"},
    {"se", "SE"},
    {"secokgaa", "SE & Co. KGaA"},
    {"senc", "S. en C."},
    {"sgps", "SGPS"},
    {"sgr", "S.G.R."},
    {"sl", "S.L."},
    {"sll", "S.L.L."},
    {"slne", "S.L.N.E."},
    {"slp", "S.L.P."},
    {"slu", "S.L.U."},
    {"snc", "SNC"},
    {"sociedadanonima", "S.A."},
    {"sociedadanonimaabierta", "S.A.A."},
    {"sociedadanonimacerrada", "S.A.C."},
    {"sociedadanonimadecapitalvariable", "S.A. de C.V."},
    {"sociedadanonimaunipersonal", "S.A.U."},
    {"sociedadcivil", "S.C."},
    {"sociedadderesponsabilidadlimitada", "S.R.L."},
    {"sociedadeanonima", "S.A."},
    {"sociedadederesponsabilidadelimitada", "Ltda."},
    {"sociedadlimitada", "S.L."},
    {"sociedadlimitadaunipersonal", "S.L.U."},
    {"sociedadporacciones", "SpA"},
    {"sociedadporaccionessimplificada", "S.A.S."},
    {"societaaresponsabilitalimitata", "S.R.L."},
    {"societaperazioni", "SpA"},
    {"societeanonyme", "S.A."},
    {"societearesponsabilitelimitee", "SARL"},
    {"societeparactionssimplifiee", "S.A.S."},
    {"spa", "SpA"},
    {"spolkazograniczonaodpowiedzialnoscia", "Sp. z o.o."},
    {"spolsro", "spol. s r.o."},
    {"sprl", "SPRL"},
    {"spzoo", "Sp. z o.o."},
    {"srl", "S.R.L."},
    {"sro", "s.r.o."},
    {"uab", "UAB"},
    {"ug", "UG"},
    {"ughaftungsbeschrankt", "UG (haftungsbeschränkt)"},
    {"unipessoallda", "Unipessoal Lda"},
    {"unternehmergesellschaft", "UG"},
    {"vof", "VOF"},
    {"vzw", "VZW"},
    {"ycialtda", "y Cía. Ltda."},
    {"ycompanialimitada", "y Cía. Ltda."},
    {"zao", "ZAO"},
    {"zrt", "Zrt."},
});
static_assert(std::is_sorted(kForms.begin(), kForms.end(),
                             [](const LegalForm& a, const LegalForm& b) { return a.key < b.key; }));
constexpr size_t kLongestForm = 42;  // letters
constexpr size_t kMostFormWords = 7;

std::string_view form_of(std::string_view key) {
    const auto at = std::lower_bound(kForms.begin(), kForms.end(), key,
                                     [](const LegalForm& a, std::string_view b) { return a.key < b; });
    return at != kForms.end() && at->key == key ? at->display : std::string_view();
}

bool is_acronym(std::string_view word) {
    static constexpr auto kKnown = std::to_array<std::string_view>(
        {"ABB",    "ACS",  "ADP",  "AEG",  "AES",  "AFP",  "AIG",  "AOL", "ASML", "AXA",    "BASF",
         "BBC",    "BBVA", "BCI",  "BICE", "BMO",  "BMW",  "BNP",  "CAP", "CGE",  "CNN",    "COPEC",
         "CVS",    "DHL",  "EBAY", "EDF",  "EMC",  "ENAP", "ENEL", "ENI", "EPM",  "ESPN",   "FIAT",
         "FIFA",   "HBO",  "HSBC", "IBM",  "IKEA", "ING",  "ISA",  "ITV", "KIA",  "KLM",    "LAN",
         "MAPFRE", "NASA", "NATO", "NEC",  "OAS",  "OMV",  "ONG",  "ONU", "RAI",  "REI",    "RWE",
         "SAP",    "SAS",  "SEAT", "SKF",  "SQM",  "TAM",  "TIM",  "TUI", "UBS",  "UNESCO", "UNICEF",
         "UPS",    "USA",  "UTE",  "VTR",  "YMCA", "YPF",  "ZARA"});
    return std::binary_search(kKnown.begin(), kKnown.end(), word);
}

bool is_small(std::string_view folded) {
    for (const std::string_view word :
         {"de",  "del", "la",  "las",  "los", "el", "y",   "e",   "da",  "do",  "das", "dos",
          "di",  "du",  "des", "le",   "les", "of", "the", "and", "und", "et",  "der", "die",
          "von", "for", "in",  "para", "por", "en", "a",   "al",  "fur", "a la"}) {
        if (folded == word) return true;
    }
    return false;
}

bool is_connector(std::string_view folded) {
    return folded == "and" || folded == "y" || folded == "e" || folded == "und" || folded == "et" ||
           folded == "&" || folded == "+";
}

bool is_article(std::string_view folded) {
    for (const std::string_view word :
         {"the", "el", "la", "los", "las", "le", "les", "der", "die", "das", "o", "a", "os", "as"}) {
        if (folded == word) return true;
    }
    return false;
}

bool is_part(char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// Letters or digits that a key keeps.
bool has_letters(std::string_view text) {
    if (is_ascii(text)) return std::any_of(text.begin(), text.end(), is_part);
    bool letter = false;
    for (size_t i = 0; i < text.size();) {
        const auto point = static_cast<UChar32>(decode_utf8(text, i));
        letter = letter || u_isalnum(point) || point == 0xFFFD;
    }
    const std::string folded = letter ? fold(text) : std::string();
    return std::any_of(folded.begin(), folded.end(), is_part);
}

// Letters and digits of a word, folded.
std::string word_key(std::string_view word) {
    std::string key;
    for (const char c : fold(word)) {
        if (is_part(c) || c == '&' || c == '+') key.push_back(c);
    }
    return key;
}

struct Words {
    std::vector<std::string_view> words;  // as written, between spaces
    size_t name = 0;                      // the first `name` of them are the name
    std::string_view form;                // the legal form that follows
};

// Words of `text`; the legal form is what the longest run of words at the end spells.
Words split_words(std::string_view text) {
    Words out;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find(' ', i), text.size());
        if (end > i) out.words.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    out.name = out.words.size();
    std::string key;  // of the words from the end
    for (size_t n = 1; n <= kMostFormWords && n < out.words.size(); ++n) {
        std::string word = word_key(out.words[out.words.size() - n]);
        std::erase(word, '&');
        if (key.size() + word.size() > kLongestForm) break;
        key.insert(0, word);
        if (const std::string_view form = form_of(key); !form.empty() && !word.empty()) {
            out.form = form;
            out.name = out.words.size() - n;
        }
    }
    // "Acme,Inc." and "Acme S.A.," are rare enough to stay; a name of punctuation only is none.
    const bool named = std::any_of(out.words.begin(),
                                   out.words.begin() + static_cast<std::ptrdiff_t>(out.name), has_letters);
    if (!named) {
        out.name = out.words.size();
        out.form = {};
    }
    return out;
}

struct Letters {
    bool small = false, capital = false;
};
Letters letters_of(std::string_view text) {
    Letters found;
    for (size_t i = 0; i < text.size();) {
        const auto c = static_cast<UChar32>(decode_utf8(text, i));
        found.small = found.small || u_islower(c);
        found.capital = found.capital || u_isupper(c) || u_istitle(c);
    }
    return found;
}

// "I.B.M.", "J."; but "SOC." is a short form.
bool is_dotted(std::string_view word) {
    if (word.size() < 2 || word.size() > 10) return false;
    for (size_t i = 0; i + 1 < word.size(); i += 2) {
        if (!is_letter(word[i]) || word[i + 1] != '.') return false;
    }
    return word.size() % 2 == 0 || is_letter(word.back());
}

bool keeps_capitals(std::string_view word, bool alone) {
    if (!is_ascii(word)) return false;
    std::string letters;
    for (const char c : word) {
        if (is_digit(c) || c == '&') return true;
        if (is_letter(c)) letters.push_back(upper(c));
    }
    if (is_dotted(word)) return true;
    if (letters.size() <= 1 || is_acronym(letters)) return true;
    if (letters.find_first_not_of("IVX") == std::string::npos) return true;
    if (alone && letters.size() <= 4) return true;
    return letters.size() <= 5 && letters.find_first_of("AEIOUY") == std::string::npos;
}

void append_title(std::string& out, std::string_view word) {
    bool start = true;
    size_t since_start = 0;
    for (size_t i = 0; i < word.size();) {
        const char32_t point = decode_utf8(word, i);
        const auto c = static_cast<UChar32>(point);
        if (!u_isalnum(c) && (U_GET_GC_MASK(c) & U_GC_M_MASK) == 0) {
            start = (point != U'\'' && point != U'’') || since_start <= 1;
            since_start = 0;
            append_utf8(out, point);
            continue;
        }
        append_utf8(out, static_cast<char32_t>(start ? u_totitle(c) : u_tolower(c)));
        start = false;
        ++since_start;
    }
}

void append_small(std::string& out, std::string_view word) {
    for (size_t i = 0; i < word.size();) {
        append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(decode_utf8(word, i)))));
    }
}

std::optional<Cleaned> open_name(std::string_view raw, std::string& text, std::string_view& repair) {
    if (auto stop = open_value(raw, text)) return stop;
    if (text.size() > kLongest) return invalid("too long");
    // Quotes within separators within quotes: until nothing comes off any more.
    for (size_t before = 0; before != text.size();) {
        before = text.size();
        if (strip_quotes(text)) repair = "quotes";
        for (const auto& [open, close] :
             {std::pair<std::string_view, std::string_view>{"«", "»"}, {"“", "”"}, {"„", "“"}}) {
            if (text.starts_with(open) && text.ends_with(close) && text.size() > open.size() + close.size()) {
                text = prepare(
                    std::string_view(text).substr(open.size(), text.size() - open.size() - close.size()));
                repair = "quotes";
            }
        }
        while (!text.empty() && std::string_view(",; ").find(text.back()) != std::string_view::npos)
            text.pop_back();
        text.erase(0, std::min(text.find_first_not_of(",; "), text.size()));
    }
    if (text.empty() || is_missing_word(text)) return missing("placeholder word");
    if (is_repeated_character(text)) return missing("one character repeated");
    if (!has_letters(text)) return invalid("no letters");
    return std::nullopt;
}

Cleaned clean_once(std::string_view raw) {
    std::string text;
    std::string_view repair;
    if (auto stop = open_name(raw, text, repair)) return *stop;
    if (text.find('@') != std::string::npos || text.find("://") != std::string::npos) {
        return suspicious(std::move(text), "e-mail or web address");
    }
    const Words words = split_words(text);
    std::string name;
    std::string all;
    for (size_t i = 0; i < words.name; ++i) {
        const std::string_view word = words.words[i];
        if (!all.empty() && !word.empty()) all += ' ';
        all += word;
    }
    if (!words.form.empty()) all.resize(all.find_last_not_of(" ,;") + 1);
    const Letters letters = letters_of(all);
    if (letters.small == letters.capital) {
        name = all;
    } else {
        for (size_t i = 0; i < all.size();) {
            const size_t end = std::min(all.find(' ', i), all.size());
            const auto word = std::string_view(all).substr(i, end - i);
            if (i > 0) name += ' ';
            if (i > 0 && is_small(fold(word))) {
                append_small(name, word);
            } else if (letters.capital &&
                       (keeps_capitals(word, i == 0 && end == all.size()) ||
                        // "AT & T"
                        (word.size() <= 2 && (std::string_view(all).substr(end).starts_with(" & ") ||
                                              std::string_view(all).substr(0, i).ends_with(" & "))))) {
                name += word;
            } else {
                append_title(name, word);
            }
            i = end + 1;
        }
        if (name != all && repair.empty()) repair = "letter case";
    }
    if (!words.form.empty()) {
        if (!name.empty()) name += ' ';
        name += words.form;
    }

    if (has_lost_letters(name)) return suspicious(std::move(name), "unreadable characters");
    if (name.size() > kUnlikely) return suspicious(std::move(name), "unusually long");
    return accepted(std::move(name), repair);
}

}  // namespace

// What is written must be read as the same name: another letter case can make a misreading plain or a legal
// form of what was none ("A À S.A." becomes "A a S.A.", which is read as ASA).
Cleaned clean_organization(std::string_view raw) {
    constexpr int kMostReadings = 4;
    Cleaned cleaned = clean_once(raw);
    for (int reading = 0; reading < kMostReadings; ++reading) {
        if (!cleaned.has_value() || cleaned.value == raw) return cleaned;
        Cleaned again = clean_once(cleaned.value);
        if (again.value == cleaned.value) return cleaned;
        if (again.has_value() && again.reason.empty() && !cleaned.reason.empty()) {
            again.status = cleaned.status;
            again.reason = cleaned.reason;
        }
        cleaned = std::move(again);
    }
    return cleaned.has_value() ? suspicious(std::move(cleaned.value), "unclear words") : cleaned;
}

std::string_view legal_form(std::string_view raw) {
    std::string text;
    std::string_view repair;
    if (open_name(raw, text, repair)) return {};
    return split_words(text).form;
}

std::string organization_key(std::string_view raw) {
    std::string text;
    std::string_view repair;
    if (open_name(raw, text, repair)) return {};
    const Words words = split_words(text);
    std::string out;
    std::string whole;  // with the words that are left out, for names of nothing else
    bool initials = false;
    const auto add = [&](std::string_view key, bool first) {
        const bool dropped = first ? is_article(key) : is_connector(key);
        if (!whole.empty()) whole += ' ';
        whole += key;
        if (key == "&" || key == "+") return;  // "H & M" is H&M
        if (dropped && !(key.size() == 1 && initials)) {
            initials = false;
            return;
        }
        const bool initial = key.size() == 1;
        if (!out.empty() && !(initial && initials)) out += ' ';
        out += key;
        initials = initial;
    };
    for (size_t i = 0; i < words.name; ++i) {
        const std::string folded = fold(words.words[i]);
        std::string key;
        for (size_t n = 0; n <= folded.size(); ++n) {
            const char c = n < folded.size() ? folded[n] : ' ';
            if (is_part(c) || ((c == '&' || c == '+') && folded.size() == 1)) {
                key.push_back(c);
            } else if (c == '\'' || c == '.') {
                continue;
            } else if (!key.empty()) {
                add(key, out.empty() && whole.empty());
                key.clear();
            }
        }
    }
    return out.empty() ? whole : out;
}

}  // namespace cdp::text
