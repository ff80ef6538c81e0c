// SPDX-License-Identifier: PostgreSQL
#include "text/junk_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cdp::text {
namespace {

// Folded and sorted. Left out are words that are also data: "leer" (a town), "nada" (a name), "nd", "nc" and
// "sd" (states), "pending" and "pendiente" (of orders).
// clang-format off
constexpr auto kWords = std::to_array<std::string_view>({
    "#div/0!", "#error!", "#n/a", "#n/d", "#name?", "#null!", "#num!", "#ref!", "#value!", "(blank)",
    "(empty)", "(en blanco)", "(none)", "(not provided)", "(not set)", "(null)", "(unknown)", "(vacio)",
    "1q2w3e", "1q2w3e4r", "1qaz2wsx", "<blank>", "<empty>", "<n/a>", "<na>", "<none>", "<null>", "[blank]",
    "[empty]", "[null]", "\\n", "asd", "asdasd", "asdasdasd", "asdf", "asdfasdf", "asdfjkl", "asdqwe",
    "aucun", "aucune", "blank", "desconhecida", "desconhecido", "desconocida", "desconocido", "dfgdfg",
    "dummy", "empty", "en blanco", "entfallt", "essai", "fghfgh", "foo bar", "foobar", "hjkhjk", "inconnu",
    "inconnue", "jkl;", "jkljkl", "k. a.", "k.a", "k.a.", "keine", "keine angabe", "keine angaben",
    "lorem ipsum", "missing", "n.a", "n.a.", "n/a", "n/c", "n/d", "n/s", "n\\a", "na", "nan",
    "nao aplicavel", "nao consta", "nao definido", "nao disponivel", "nao especificado", "nao informada",
    "nao informado", "nao possui", "nao se aplica", "nao tem", "neant", "nenhum", "nenhuma",
    "nicht angegeben", "nicht bekannt", "nicht definiert", "nicht verfugbar", "nicht vorhanden",
    "nicht zutreffend", "nil", "ninguna", "ninguno", "no aplica", "no aplicable", "no contesta",
    "no corresponde", "no data", "no definida", "no definido", "no disponible", "no especifica",
    "no especificada", "no especificado", "no existe", "no hay", "no indica", "no info", "no informa",
    "no informada", "no informado", "no information", "no ingresado", "no posee", "no proporcionado",
    "no recuerda", "no registra", "no registrado",
    "no sabe", "no tiene", "no value", "non applicable", "non communique", "non defini", "non disponible",
    "non renseigne", "non renseignee", "none", "none given", "none provided", "not applicable",
    "not available", "not entered", "not found", "not given", "not known", "not provided", "not set",
    "not specified", "ns/nc", "nula", "null", "nulo", "pas de donnees", "pas disponible", "placeholder",
    "por confirmar", "por definir", "prueba", "pruebas", "q1w2e3", "q1w2e3r4", "qazwsx", "qazwsxedc", "qwe",
    "qweasd", "qweasdzxc", "qweqwe", "s/d", "s/i", "s/n informacion", "sample text", "sans nom",
    "sans objet", "sdfsdf", "se desconoce", "sem dado", "sem dados", "sem informacao", "sem informacoes",
    "sin apellido", "sin asignar", "sin correo", "sin dato", "sin datos", "sin definir", "sin direccion",
    "sin email", "sin empresa", "sin especificar", "sin info", "sin informacion", "sin nombre", "sin registro",
    "sin telefono", "tba", "tbc", "tbd", "test", "test1", "test123", "test2", "teste", "tester", "testing",
    "tests", "to be defined", "to be determined", "unassigned", "unavailable", "unbekannt", "undefined",
    "unknown", "unspecified", "untitled", "vacia", "vacio", "vazia", "vazio", "vide", "x.x.", "xx", "xxx",
    "xxxx", "zxczxc",
});
// clang-format on
static_assert(std::is_sorted(kWords.begin(), kWords.end()));
static_assert(std::all_of(kWords.begin(), kWords.end(),
                          [](std::string_view word) { return word.size() <= kLongestJunkWord; }));

// By first character, a bit for every length that a word with it has.
constexpr auto kLengths = [] {
    std::array<uint32_t, 128> lengths{};
    for (const std::string_view word : kWords) {
        lengths[static_cast<unsigned char>(word[0])] |= uint32_t{1} << word.size();
    }
    for (char c = 'a'; c <= 'z'; ++c) {
        lengths[static_cast<unsigned char>(c - 'a' + 'A')] = lengths[static_cast<unsigned char>(c)];
    }
    return lengths;
}();
static_assert(kLongestJunkWord < 32);

}  // namespace

bool may_be_junk_word(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    // Accents make a text longer than its folded form.
    size_t accents = 0;
    for (const char c : text) accents += static_cast<unsigned char>(c) >= 0xC3;
    if (first >= 0x80) return true;
    if (accents > 0) return kLengths[first] >> (text.size() - accents) != 0;
    return (kLengths[first] >> text.size() & 1) != 0;
}

bool is_junk_word(std::string_view folded) {
    return std::binary_search(kWords.begin(), kWords.end(), folded);
}

}  // namespace cdp::text
