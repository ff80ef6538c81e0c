// SPDX-License-Identifier: PostgreSQL
#include "text/name_words.hpp"

#include "text/word_set.hpp"

namespace cdp::text {
namespace {

std::string_view without_dot(std::string_view word) {
    if (!word.empty() && word.back() == '.') word.remove_suffix(1);
    return word;
}

}  // namespace

bool is_title(std::string_view word) {
    static constexpr auto kTitles = word_set(
        // English
        "mr", "mrs", "ms", "miss", "mister", "mx", "madam", "dr", "doctor", "prof", "professor", "sir", "rev",
        "reverend", "capt", "captain", "sgt", "lt", "cmdr",
        // Spanish, Portuguese
        "sr", "sra", "srta", "sres", "dra", "dona", "dna", "senor", "senora", "senorita", "senhor", "senhora",
        "ing", "inga", "lic", "licda", "licdo", "arq", "abg", "abog", "mtro", "mtra", "prof", "profa", "pbro",
        "doctora", "excmo", "excma", "exmo", "exma", "ilmo", "ilma",
        // French
        "mme", "mmes", "mlle", "mlles", "mgr", "monsieur", "madame", "mademoiselle", "docteur",
        // German, Dutch
        "herr", "herrn", "frau", "fraulein", "dipl.-ing", "dipl.-kfm", "dipl.-kffr", "dipl.-inf", "dr.-ing",
        "dr.med", "dhr", "mevr", "mevrouw", "meneer", "drs",
        // Italian
        "sig.ra", "sig.na", "sigra", "signor", "signora", "signorina", "dott", "dott.ssa", "dottssa",
        "dottor", "dottoressa", "prof.ssa", "profssa",
        // Hindi
        "shri", "smt");
    static constexpr auto kWithDot = word_set("sig", "avv", "geom", "rag", "arch", "eng", "hon", "col", "gen",
                                              "maj", "fr", "mag", "tec", "ir", "dipl");
    const std::string_view bare = without_dot(word);
    return kTitles.contains(bare) || (bare.size() < word.size() && kWithDot.contains(bare));
}

bool is_title_part(std::string_view word) {
    static constexpr auto kParts =
        word_set("med.", "phil.", "rer.", "nat.", "jur.", "iur.", "h.c.", "hc.", "habil.", "mult.", "oec.",
                 "pol.", "dent.", "vet.", "-ing.", "ing.");
    return kParts.contains(word);
}

bool takes_don(std::string_view next) {
    static constexpr auto kGiven = word_set(
        "adolfo", "agustin", "alberto", "alejandro", "alfonso", "alfredo", "alonso", "alvaro", "andres",
        "angel", "antonio", "armando", "arturo", "benito", "bernardo", "camilo", "carlos", "cesar",
        "cristobal", "diego", "domingo", "eduardo", "emilio", "enrique", "ernesto", "esteban", "eugenio",
        "felipe", "felix", "fernando", "francisco", "gabriel", "gerardo", "gonzalo", "gregorio", "guillermo",
        "gustavo", "hector", "ignacio", "jaime", "javier", "jesus", "joaquin", "jorge", "jose", "juan",
        "julio", "lorenzo", "luis", "manuel", "marcos", "mariano", "mario", "miguel", "nicolas", "pablo",
        "paco", "pedro", "pepe", "rafael", "ramon", "raul", "ricardo", "roberto", "rodrigo", "salvador",
        "santiago", "sergio", "tomas", "vicente", "victor");
    return kGiven.contains(next);
}

bool is_suffix(std::string_view word) {
    static constexpr auto kWords = word_set("jr", "sr", "jnr", "snr", "ii", "iii", "iv", "vii", "viii");
    return kWords.contains(without_dot(word));
}

bool is_agnomen(std::string_view word) {
    static constexpr auto kWords = word_set("filho", "neto", "junior", "sobrinho", "bisneto");
    return kWords.contains(word);
}

bool is_degree(std::string_view word, bool after_comma) {
    static constexpr auto kClear =
        word_set("phd", "ph.d", "dds", "d.d.s", "dvm", "d.v.m", "cpa", "c.p.a", "esq", "esquire", "mba",
                 "m.b.a", "msc", "m.sc", "bsc", "b.sc", "llm", "ll.m", "llb", "ll.b", "mph", "pharmd", "psyd",
                 "edd", "ed.d", "dphil", "d.phil", "pmp", "cfa");
    static constexpr auto kAfterComma =
        word_set("md", "m.d", "jd", "j.d", "ba", "b.a", "ma", "m.a", "bs", "b.s", "ms", "m.s", "rn", "r.n",
                 "do", "d.o", "pe", "p.e", "cfp");
    const std::string_view bare = without_dot(word);
    return kClear.contains(bare) || (after_comma && kAfterComma.contains(bare));
}

bool is_particle(std::string_view word) {
    static constexpr auto kWords =
        word_set("de", "del", "la", "las", "los", "y", "da", "das", "do", "dos", "di", "du", "della", "van",
                 "von", "der", "den", "ter", "ten", "zu", "zur", "af", "av", "bin", "ibn");
    return kWords.contains(word);
}

bool is_given_after_particle(std::string_view word) {
    static constexpr auto kWords = word_set(
        "carmen", "pilar", "rosario", "mar", "angeles", "jesus", "rocio", "socorro", "milagros", "lourdes",
        "fatima", "sol", "dolores", "guadalupe", "mercedes", "consuelo", "transito", "dios", "refugio");
    return kWords.contains(word);
}

bool is_spanish_surname(std::string_view word) {
    static constexpr auto kWords = word_set(
        "acosta", "acuna", "aguilar", "aguilera", "aguirre", "alonso", "alvarado", "araya", "arias", "avila",
        "ayala", "blanco", "bravo", "bustos", "cabrera", "calderon", "campos", "cano", "cardenas", "carrasco",
        "castillo", "castro", "contreras", "cordero", "cortes", "cruz", "delgado", "diaz", "espinosa",
        "espinoza", "fuentes", "gallardo", "gallego", "garcia", "garrido", "guerra", "guerrero", "herrera",
        "iglesias", "jara", "lara", "leon", "luna", "marin", "medina", "mejia", "mendoza", "miranda",
        "molina", "montero", "mora", "morales", "moreno", "munoz", "navarro", "nieto", "olivares", "orellana",
        "ortega", "ortiz", "parra", "pena", "pizarro", "ponce", "prieto", "ramos", "rey", "reyes", "riquelme",
        "rios", "rivas", "rivera", "rojas", "roman", "romero", "rubio", "ruiz", "saavedra", "salas",
        "salazar", "sandoval", "santana", "santiago", "santos", "sanz", "sepulveda", "serrano", "silva",
        "soto", "tapia", "toledo", "torres", "valdes", "valencia", "valenzuela", "vargas", "vega", "vera",
        "vergara", "vidal", "villalobos", "zamora", "zapata", "zuniga");
    // Álvarez, Pérez, Núñez; not "Inez" and "Ez".
    return (word.size() >= 5 && word.ends_with("ez")) || kWords.contains(word);
}

}  // namespace cdp::text
