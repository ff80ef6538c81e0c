// SPDX-License-Identifier: PostgreSQL
#include <algorithm>
#include <array>

#include "text/junk.hpp"
#include "text/prepare.hpp"
#include "text/word_set.hpp"

namespace cdp::text {
namespace {

// What forms are tried out with.
constexpr auto kTests = WordSet(
    std::to_array<std::string_view>({"demo", "dummy", "ejemplo", "essai", "example", "exemplo", "prueba",
                                     "pruebas", "sample", "test", "teste", "tester", "testing", "tests"}));
// Labels of fields and kinds of people; a name made of these alone is none.
constexpr auto kLabels = WordSet(std::to_array<std::string_view>(
    {"account",  "apellido", "apellidos", "cliente",  "client",   "completo", "cuenta",
     "customer", "first",    "firstname", "full",     "fullname", "kunde",    "last",
     "lastname", "materno",  "middle",    "nachname", "name",     "nom",      "nombre",
     "nombres",  "nome",     "paterno",   "prenom",   "primer",   "segundo",  "sobrenome",
     "surname",  "user",     "username",  "usuario",  "vorname"}));
// Of those and others, what is no name alone. Not "first", "last" and "nom", which are surnames.
constexpr auto kAlone = WordSet(std::to_array<std::string_view>(
    {"abcd",     "abcde",     "abcdef",  "admin",    "anonimo",   "anonima",  "anonymous", "anonyme",
     "apellido", "apellidos", "cliente", "customer", "firstname", "fullname", "kunde",     "lastname",
     "n.n",      "nachname",  "name",    "nn",       "nombre",    "nombres",  "nome",      "prenom",
     "s/n",      "sobrenome", "surname", "user",     "username",  "usuario",  "vorname"}));
// The customer of every receipt that nobody gave a name for.
constexpr auto kNobody = WordSet(std::to_array<std::string_view>({"a quien corresponda",
                                                                  "cash customer",
                                                                  "cliente contado",
                                                                  "cliente de mostrador",
                                                                  "cliente final",
                                                                  "cliente general",
                                                                  "cliente generico",
                                                                  "cliente mostrador",
                                                                  "cliente ocasional",
                                                                  "cliente varios",
                                                                  "clientes varios",
                                                                  "consumidor final",
                                                                  "consumidor no identificado",
                                                                  "guest customer",
                                                                  "guest user",
                                                                  "no name",
                                                                  "no tiene nombre",
                                                                  "publico en general",
                                                                  "publico general",
                                                                  "sem nome",
                                                                  "sin apellido",
                                                                  "sin nombre",
                                                                  "unknown customer",
                                                                  "unknown unknown",
                                                                  "venta contado",
                                                                  "venta mostrador",
                                                                  "venta publico general",
                                                                  "walk in customer",
                                                                  "walk-in customer",
                                                                  "walkin customer"}));
constexpr auto kSamples = WordSet(std::to_array<std::string_view>(
    {"erika mustermann", "fulana de tal", "fulano de tal", "jane doe", "jane roe", "joao ninguem",
     "joe bloggs", "john doe", "john q public", "john q. public", "juan de los palotes", "juan nadie",
     "juan perez prueba", "max mustermann", "mengano de tal", "menganito de tal", "mickey mouse",
     "perico de los palotes", "zutano de tal"}));

// "test1", "test.", "test"
std::string_view bare(std::string_view word) {
    while (!word.empty() && (is_digit(word.back()) || word.back() == '.')) word.remove_suffix(1);
    return word;
}

// Three and more of one letter: "aaa"; but III is a number.
bool is_one_letter(std::string_view word) {
    return word.size() >= 3 && word[0] != 'i' && is_lower(word[0]) &&
           word.find_first_not_of(word[0]) == std::string_view::npos;
}

// Where the names of kNobody begin.
constexpr auto kNobodyFirst =
    WordSet(std::to_array<std::string_view>({"a", "cash", "clientes", "consumidor", "guest", "no", "publico",
                                             "sem", "sin", "unknown", "venta", "walk", "walk-in", "walkin"}));

}  // namespace

bool is_placeholder_name(std::string_view folded) {
    if (folded.empty()) return false;
    // Most names end at their first word.
    const std::string_view first = folded.substr(0, folded.find(' '));
    const std::string_view plain_first = bare(first);
    const bool listed = kTests.contains(plain_first) || kLabels.contains(plain_first) ||
                        kAlone.contains(plain_first) || kNobodyFirst.contains(first);
    if (!listed && !plain_first.empty() && !is_one_letter(plain_first) && !is_missing_word(first))
        return false;
    if (kAlone.contains(bare(folded)) || kNobody.contains(folded)) return true;
    size_t tests = 0;
    size_t labels = 0;
    size_t junk = 0;
    size_t others = 0;
    for (std::string_view rest = folded; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const std::string_view plain = bare(word);
        if (kTests.contains(plain)) {
            ++tests;
        } else if (kLabels.contains(plain)) {
            ++labels;
        } else if (plain.empty()) {
            continue;  // a number
        } else if (is_one_letter(plain) || (word != "na" && word != "nan" && is_missing_word(word))) {
            ++junk;
        } else {
            ++others;
        }
    }
    return others == 0 && (tests > 0 || labels > 1 || junk > 0);
}

bool is_sample_name(std::string_view folded) {
    return kSamples.contains(folded);
}

}  // namespace cdp::text
