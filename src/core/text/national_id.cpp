// SPDX-License-Identifier: PostgreSQL
#include "text/national_id.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "text/country.hpp"
#include "text/national_id_table.hpp"
#include "text/national_id_trial.hpp"
#include "text/prepare.hpp"

namespace cdp::text {
namespace {

using id::IdType;
using id::Rank;
using id::Trial;
using id::Written;

constexpr size_t kLongestText = 60;  // with separators and a word in front
constexpr size_t kLongForm = 12;     // a shape of so many characters, letters among them, is no other's

struct Examined {
    Cleaned cleaned;
    Trial trial;  // of a value; type is nullptr when none is known
};

template <typename Visit>
void each_type(Visit visit) {
    for (const std::span<const IdType> types :
         {id::south_american_ids(), id::north_american_ids(), id::iberian_ids(), id::european_ids(),
          id::asian_and_african_ids()}) {
        for (const IdType& type : types) visit(type);
    }
}

// Two capitals as an index.
constexpr size_t kLetters = 26;
size_t index_of(std::string_view country) {
    return static_cast<size_t>(country[0] - 'A') * kLetters + static_cast<size_t>(country[1] - 'A');
}

// The rows of one country, which lie side by side; empty when there is none. Expects two capitals.
std::span<const IdType> types_of(std::string_view country) {
    using Directory = std::array<std::span<const IdType>, kLetters * kLetters>;
    static const Directory directory = [] {
        Directory made{};
        each_type([&](const IdType& type) {
            std::span<const IdType>& types = made[index_of(type.country)];
            types = types.empty() ? std::span(&type, 1) : std::span(types.data(), types.size() + 1);
        });
        return made;
    }();
    return directory[index_of(country)];
}

bool is_code(std::string_view country) {
    return country.size() == 2 && is_upper(country[0]) && is_upper(country[1]);
}

// Alpha-2, or empty when there is none. The usual form is not looked up.
std::string resolve_country(std::string_view country) {
    if (country.empty()) return {};
    if (is_code(country) && !types_of(country).empty()) return std::string(country);
    return clean_country(country).value;
}

Trial best_of_country(std::string_view country, const Written& written) {
    Trial best;
    for (const IdType& type : types_of(country)) {
        Trial trial = id::try_type(type, written);
        if (trial.rank > best.rank) best = std::move(trial);
        if (best.rank == Rank::kRight) break;
    }
    return best;
}

// Without a country. What is not unmistakable is nothing.
Trial best_of_all(const Written& written) {
    Trial best;
    Trial wrong;
    unsigned acceptable = 0;
    unsigned right = 0;
    unsigned shapes = 0;
    bool as_written = false;
    each_type([&](const IdType& type) {
        const size_t length = type.mask.size();
        if (written.size > length + 1 || written.size + type.lost < length) return;
        const bool form = id::is_written_as(type, written);
        Trial trial = id::try_type(type, written);
        if (trial.rank == Rank::kRight || trial.rank == Rank::kRestored) ++right;
        // Of the placeholders those count that look like a number of the type.
        const bool good = trial.rank == Rank::kRight || trial.rank == Rank::kMadeUp;
        if (good && (form || type.distinctive)) {
            ++acceptable;
            as_written = as_written || form;
            best = std::move(trial);
        } else if (type.distinctive && length >= kLongForm &&
                   (trial.rank == Rank::kWrong || trial.rank == Rank::kDoubtful)) {
            ++shapes;
            wrong = std::move(trial);
        }
    });
    if (acceptable > 0 && best.rank == Rank::kMadeUp) return best;
    if (acceptable == 1 && (as_written || right == 1)) return best;
    if (acceptable == 0 && right == 0 && shapes == 1) return wrong;
    return {};
}

// What people write in front of a number.
constexpr auto kLabels = std::to_array<std::string_view>({
    "AADHAAR", "AHV", "CPR",  "FNR",  "RNC",  "TCKN",  "BSN",   "CC",   "CF",   "CI",    "CIF",
    "CNPJ",    "CPF", "CUIL", "CUIT", "CURP", "DNI",   "EIN",   "IDNR", "ITIN", "KBO",   "NHS",
    "NIE",     "NIF", "NIN",  "NINO", "NIP",  "NIR",   "NIT",   "NN",   "PAN",  "PESEL", "RFC",
    "RIF",     "RUC", "RUN",  "RUT",  "SIN",  "SIREN", "SIRET", "SSN",
});

std::string_view plain_name(std::string_view label) {
    if (label == "RUN") return "RUT";
    if (label == "CUIL") return "CUIT";
    return label;
}

bool same_name(std::string_view name, std::string_view label) {
    return name.size() == label.size() &&
           std::equal(name.begin(), name.end(), label.begin(), [](char a, char b) { return upper(a) == b; });
}

Written without_front(const Written& written, size_t n) {
    Written rest;
    rest.size = written.size - n;
    std::copy_n(written.characters.begin() + static_cast<ptrdiff_t>(n), rest.size, rest.characters.begin());
    std::copy_n(written.before.begin() + static_cast<ptrdiff_t>(n), rest.size, rest.before.begin());
    rest.before[0] = '\0';
    rest.bare = std::all_of(rest.before.begin(), rest.before.begin() + static_cast<ptrdiff_t>(rest.size),
                            [](char c) { return c == '\0'; });
    return rest;
}

// A word or a country's code in front, when the rest has the shape of a number. `used` becomes the rest, and
// `repair` says what was dropped.
Trial try_behind_label(std::string_view country, const Written& written, Written& used,
                       std::string_view& repair) {
    const std::string_view compact = written.compact();
    Trial best;
    const auto better = [&](Trial trial, const Written& rest, std::string_view what) {
        if (trial.rank < Rank::kWrong || trial.rank <= best.rank) return;
        best = std::move(trial);
        used = rest;
        repair = what;
    };
    for (const std::string_view label : kLabels) {
        if (!compact.starts_with(label) || compact.size() == label.size()) continue;
        const Written rest = without_front(written, label.size());
        if (!country.empty()) {
            better(best_of_country(country, rest), rest, "label dropped");
            continue;
        }
        Trial only;
        unsigned found = 0;
        each_type([&](const IdType& type) {
            if (!same_name(type.name, plain_name(label))) return;
            Trial trial = id::try_type(type, rest);
            if (trial.rank < Rank::kMadeUp) return;
            ++found;
            only = std::move(trial);
        });
        if (found == 1) better(std::move(only), rest, "label dropped");
    }
    if (best.rank != Rank::kNothing || compact.size() < 3 || !is_upper(compact[0]) || !is_upper(compact[1])) {
        return best;
    }
    const std::string_view prefix = compact.substr(0, 2);
    if (!country.empty() && prefix != country) return best;
    const Written rest = without_front(written, 2);
    Trial trial = best_of_country(prefix, rest);
    // Without a country only a check digit makes two letters a prefix.
    if (!country.empty() || (trial.rank == Rank::kRight && trial.type->checks > 0)) {
        better(std::move(trial), rest, "country code dropped");
    }
    return best;
}

Examined conclude(Trial trial, const Written& written, std::string_view repair) {
    if (trial.rank == Rank::kNothing) return {invalid("not a number of its country"), {}};
    if (trial.rank == Rank::kMadeUp) return {missing(trial.problem), {}};
    if (trial.rank == Rank::kIncomplete) return {invalid(trial.problem, std::move(trial.suggestion)), {}};
    if (trial.rank < Rank::kDoubtful) {
        std::string suggestion;
        const bool repairable = trial.rank == Rank::kCharacters || trial.problem == id::kWrongCheck;
        if (repairable) suggestion = id::repair_of(*trial.type, written, trial);
        return {invalid(trial.problem, std::move(suggestion)), {}};
    }
    std::string value = id::canonical(*trial.type, trial.id());
    if (trial.rank == Rank::kDoubtful) return {suspicious(std::move(value), trial.problem), std::move(trial)};
    if (!trial.suggestion.empty()) {
        std::string suggestion = std::move(trial.suggestion);
        return {suspicious(std::move(value), "perhaps without its check digit", std::move(suggestion)),
                std::move(trial)};
    }
    if (trial.rank == Rank::kRestored) repair = "leading zero restored";
    return {accepted(std::move(value), repair), std::move(trial)};
}

Cleaned keep_unknown(std::string_view compact) {
    constexpr size_t kShortest = 4;
    constexpr size_t kLongestKept = 20;
    if (compact.find_first_of("&#") != std::string_view::npos) return invalid("character not allowed");
    if (compact.size() < kShortest || compact.size() > kLongestKept) return invalid("wrong length");
    if (std::none_of(compact.begin(), compact.end(), is_digit)) return invalid("no digits");
    return suspicious(std::string(compact), "no rules for this country");
}

// Groups of a day, a month and a year.
bool is_date_like(const Written& written) {
    if (written.size != 8 || written.bare || !all_digits(written.compact())) return false;
    const auto only_at = [&](size_t first, size_t second) {
        for (size_t i = 1; i < written.size; ++i) {
            if ((written.before[i] != '\0') != (i == first || i == second)) return false;
        }
        return written.before[first] == written.before[second];
    };
    return only_at(2, 4) || only_at(4, 6);
}

// "123.0" and "123,00", from a column of numbers. True when it was so.
bool drop_decimal(std::string& text) {
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == std::string::npos || digits == 0) return false;
    const std::string_view tail = std::string_view(text).substr(digits);
    if (tail != ".0" && tail != ".00" && tail != ",0" && tail != ",00") return false;
    text.resize(digits);
    return true;
}

bool is_filler(std::string_view compact) {
    if (compact.find_first_not_of('0') == std::string_view::npos) return true;
    if (is_repeated_character(compact)) return true;
    return id::is_made_up(compact);
}

Examined examine(std::string_view raw, std::string_view country) {
    std::string text;
    if (auto stop = open_value(raw, text)) return {std::move(*stop), {}};
    std::string_view repair;
    // "'0123" keeps its zero: no defect.
    if (strip_quotes(text) && is_missing_word(text)) return {missing("placeholder word"), {}};
    if (!is_ascii(text)) text = ascii_digits(text);
    if (text.size() > kLongestText) return {invalid("too long"), {}};
    if (is_spreadsheet_exponent(text)) return {invalid("digits lost in a spreadsheet"), {}};
    if (drop_decimal(text)) repair = "decimal dropped";
    Written written;
    if (const auto problem = id::read_written(text, written); !problem.empty()) return {invalid(problem), {}};
    const std::string_view compact = written.compact();
    if (compact.empty() || is_filler(compact)) return {missing(id::kPlaceholder), {}};
    if (is_date_like(written)) return {invalid("a date"), {}};

    const std::string iso = resolve_country(country);
    if (!iso.empty() && types_of(iso).empty()) return {keep_unknown(compact), {}};
    Trial trial = iso.empty() ? best_of_all(written) : best_of_country(iso, written);
    if (trial.rank < Rank::kDoubtful && is_upper(compact[0])) {
        Written rest;
        std::string_view dropped;
        Trial behind = try_behind_label(iso, written, rest, dropped);
        if (behind.rank > trial.rank) return {conclude(std::move(behind), rest, dropped)};
    }
    if (iso.empty() && trial.rank == Rank::kNothing) return {invalid("country needed"), {}};
    return conclude(std::move(trial), written, repair);
}

}  // namespace

Cleaned clean_national_id(std::string_view raw, std::string_view country) {
    return examine(raw, country).cleaned;
}

std::optional<DecodedId> decode_national_id(std::string_view raw, std::string_view country) {
    const Examined examined = examine(raw, country);
    const IdType* const type = examined.trial.type;
    if (!examined.cleaned.has_value() || type == nullptr) return std::nullopt;
    DecodedId decoded;
    decoded.country = type->country;
    decoded.type = decoded.country + " " + std::string(type->name);
    decoded.holder = type->holder;
    if (type->decode != nullptr) type->decode(examined.trial.id(), decoded);
    return decoded;
}

}  // namespace cdp::text
