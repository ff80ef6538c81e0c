// SPDX-License-Identifier: PostgreSQL
#include "text/date_words.hpp"

#include <algorithm>
#include <array>

namespace cdp::text {
namespace {

constexpr size_t kShortest = 3;

struct Month {
    std::string_view name;
    unsigned number;
};
constexpr auto kMonths = std::to_array<Month>({
    {"abril", 4},     {"agosto", 8},    {"aout", 8},      {"april", 4},      {"aprile", 4},
    {"august", 8},    {"augustus", 8},  {"avril", 4},     {"december", 12},  {"decembre", 12},
    {"dezember", 12}, {"dezembro", 12}, {"dicembre", 12}, {"diciembre", 12}, {"enero", 1},
    {"febbraio", 2},  {"febrero", 2},   {"februar", 2},   {"februari", 2},   {"february", 2},
    {"fevereiro", 2}, {"fevrier", 2},   {"gennaio", 1},   {"giugno", 6},     {"janeiro", 1},
    {"janner", 1},    {"januar", 1},    {"januari", 1},   {"january", 1},    {"janvier", 1},
    {"juillet", 7},   {"juin", 6},      {"julho", 7},     {"juli", 7},       {"julio", 7},
    {"july", 7},      {"june", 6},      {"junho", 6},     {"juni", 6},       {"junio", 6},
    {"luglio", 7},    {"maart", 3},     {"maerz", 3},     {"maggio", 5},     {"mai", 5},
    {"maio", 5},      {"march", 3},     {"marco", 3},     {"mars", 3},       {"marz", 3},
    {"marzo", 3},     {"may", 5},       {"mayo", 5},      {"mei", 5},        {"mrt", 3},
    {"mrz", 3},       {"november", 11}, {"novembre", 11}, {"novembro", 11},  {"noviembre", 11},
    {"october", 10},  {"octobre", 10},  {"octubre", 10},  {"oktober", 10},   {"ottobre", 10},
    {"outubro", 10},  {"september", 9}, {"septembre", 9}, {"septiembre", 9}, {"setembro", 9},
    {"setiembre", 9}, {"settembre", 9},
});
constexpr auto kByName = [](const Month& a, const Month& b) { return a.name < b.name; };
static_assert(std::is_sorted(kMonths.begin(), kMonths.end(), kByName));

constexpr auto kWeekdays = std::to_array<std::string_view>({
    "dienstag",  "dimanche",  "dinsdag",  "domenica",  "domingo",  "donderdag", "donnerstag",
    "feira",     "freitag",   "friday",   "giovedi",   "jeudi",    "jueves",    "lundi",
    "lunedi",    "lunes",     "maandag",  "mardi",     "martedi",  "martes",    "mercoledi",
    "mercredi",  "miercoles", "mittwoch", "monday",    "montag",   "quarta",    "quinta",
    "sabado",    "sabato",    "samedi",   "samstag",   "saturday", "segunda",   "sexta",
    "sonnabend", "sonntag",   "sunday",   "terca",     "thursday", "tuesday",   "vendredi",
    "venerdi",   "viernes",   "vrijdag",  "wednesday", "woensdag", "zaterdag",  "zondag",
});
static_assert(std::is_sorted(kWeekdays.begin(), kWeekdays.end()));

constexpr auto kFillers =
    std::to_array<std::string_view>({"a", "at", "de", "del", "den", "der", "do", "el", "er", "las", "le",
                                     "nd", "o", "of", "rd", "st", "th", "the"});
static_assert(std::is_sorted(kFillers.begin(), kFillers.end()));

}  // namespace

unsigned month_of(std::string_view word) {
    if (word.size() < kShortest) return 0;
    unsigned found = 0;
    for (auto month = std::lower_bound(kMonths.begin(), kMonths.end(), Month{word, 0}, kByName);
         month != kMonths.end() && month->name.starts_with(word); ++month) {
        if (month->name == word) return month->number;
        if (found != 0 && found != month->number) return 0;
        found = month->number;
    }
    return found;
}

bool is_date_filler(std::string_view word) {
    if (std::binary_search(kFillers.begin(), kFillers.end(), word)) return true;
    const auto day = std::lower_bound(kWeekdays.begin(), kWeekdays.end(), word);
    return word.size() >= kShortest && day != kWeekdays.end() && day->starts_with(word);
}

int east_asian_unit(std::string_view word) {
    if (word == "nian" || word == "nyeon") return 1;
    if (word == "yue" || word == "wol") return 2;
    if (word == "ri" || word == "il") return 3;
    return 0;
}

}  // namespace cdp::text
