// SPDX-License-Identifier: PostgreSQL
#include "text/junk.hpp"

#include "support.hpp"
#include "text/fold.hpp"

using namespace support;
using cdp::text::junk_reason;
using cdp::text::SemanticType;

BOOST_AUTO_TEST_CASE(words_of_five_languages) {
    for (const char* word : {"N/A",
                             "Null",
                             "UNKNOWN",
                             "Not available",
                             "sin datos",
                             "SIN INFORMACIÓN",
                             "Sin Información",
                             "no aplica",
                             "não informado",
                             "NÃO INFORMADO",
                             "sem informação",
                             "Unbekannt",
                             "keine Angabe",
                             "nicht verfügbar",
                             "non renseigné",
                             "Inconnu",
                             "néant",
                             "TEST",
                             "teste",
                             "qwerty",
                             "QWERTZ",
                             "azerty",
                             "asdfgh",
                             "zxcvbn",
                             "lkjh",
                             "qwer",
                             "fdsa",
                             "yxcv",
                             "1q2w3e4r",
                             "asdasd",
                             "--",
                             "???",
                             "—"}) {
        BOOST_TEST(cdp::text::is_missing_word(word), word);
        BOOST_TEST(junk_reason(word, SemanticType::kText) == "placeholder word", word);
    }
    for (const char* word : {"Wert", "Trew", "were", "Azer", "poi", "Leer", "Nada", "ND", "pendiente", "tree",
                             "qwzx", "asdfz", "Ñandú", "é", "12345", "Test drive"}) {
        BOOST_TEST(!cdp::text::is_missing_word(word), word);
        BOOST_TEST(junk_reason(word, SemanticType::kText) == "", word);
    }
    BOOST_TEST(junk_reason("  ", SemanticType::kNumber) == "blank");
    BOOST_TEST(junk_reason("aaaa", SemanticType::kText) == "one character repeated");
}

BOOST_AUTO_TEST_CASE(names_of_nobody) {
    for (const char* name : {"Test Test",
                             "TEST TEST",
                             "Nombre Apellido",
                             "nombre apellidos",
                             "First Last",
                             "First Name",
                             "Test User",
                             "Test User 2",
                             "test 123",
                             "Test1",
                             "User Test",
                             "Usuario Prueba",
                             "Prueba",
                             "asdf asdf",
                             "xxx xxx",
                             "aaa",
                             "bbb ccc",
                             "Consumidor Final",
                             "PÚBLICO EN GENERAL",
                             "Cliente Mostrador",
                             "Sin Nombre",
                             "Name",
                             "Apellido",
                             "Anónimo",
                             "Vorname Nachname",
                             "Abcd",
                             "qwerty asdf"}) {
        BOOST_TEST(junk_reason(name, SemanticType::kName) != "", name);
    }
    for (const char* name :
         {"Juan Perez", "Juan Pérez",  "John Smith", "Na",          "Nan",          "III",
          "Ed",         "Al",          "Bo",         "Testa",       "Maria Prueba", "Last",
          "First",      "Nom",         "Guest",      "Anna Tester", "Li",           "Xu Xi",
          "John Doe",   "Demosthenes", "Ng",         "Nadia Null"}) {
        BOOST_TEST(junk_reason(name, SemanticType::kName) == "", name);
    }
    for (const char* name : {"John Doe", "JANE DOE", "Fulano de Tal", "Max Mustermann"}) {
        BOOST_TEST(cdp::text::is_sample_name(cdp::text::fold(name)), name);
    }
    BOOST_TEST(!cdp::text::is_sample_name("juan perez"));
}

BOOST_AUTO_TEST_CASE(junk_by_type) {
    BOOST_TEST(junk_reason("test@test.com", SemanticType::kEmail) == "placeholder address");
    BOOST_TEST(junk_reason("ana@example.com", SemanticType::kEmail) == "");
    BOOST_TEST(junk_reason("not an address", SemanticType::kEmail) == "");
    BOOST_TEST(junk_reason("123456789", SemanticType::kPhone) == "digits in a row");
    BOOST_TEST(junk_reason("(098) 765-4321", SemanticType::kPhone) == "digits in a row");
    BOOST_TEST(junk_reason("1234567890", SemanticType::kIdentifier) == "digits in a row");
    BOOST_TEST(junk_reason("000-0000", SemanticType::kPhone) == "one character repeated");
    BOOST_TEST(junk_reason("0000", SemanticType::kIdentifier) == "one character repeated");
    BOOST_TEST(junk_reason("12345", SemanticType::kIdentifier) == "");
    BOOST_TEST(junk_reason("12345", SemanticType::kPostalCode) == "");
    BOOST_TEST(junk_reason("123456", SemanticType::kNumber) == "");
    BOOST_TEST(junk_reason("+56 9 8765 4321", SemanticType::kPhone) == "");
}

BOOST_AUTO_TEST_CASE(junk_promises) {
    std::mt19937 random(21);
    for (int round = 0; round < 20000; ++round) {
        const std::string input = random_input(
            random, {"test", "a", " ", "n/a", "é", "qw", "er", "1", "2", "Ã©", "&amp;", "nombre"});
        for (const auto type : {SemanticType::kText, SemanticType::kName, SemanticType::kEmail,
                                SemanticType::kPhone, SemanticType::kIdentifier, SemanticType::kDate}) {
            junk_reason(input, type);
        }
        cdp::text::is_placeholder_name(input);
    }
}
