// SPDX-License-Identifier: PostgreSQL
#include "text/semantic_words.hpp"

#include <algorithm>
#include <array>

namespace cdp::text {
namespace {

// Sorted, for binary search; folded.
constexpr auto kGiven = std::to_array<std::string_view>(
    {"aaron",       "adam",      "adrian",    "adriana",   "agnieszka", "ahmed",      "aisha",
     "alain",       "alberto",   "alejandro", "aleksandr", "aleksei",   "alessandro", "alessia",
     "alex",        "alexander", "ali",       "alice",     "alicia",    "aline",      "alvaro",
     "amanda",      "amelia",    "amit",      "amy",       "ana",       "anastasia",  "anders",
     "andre",       "andrea",    "andreas",   "andrei",    "andres",    "andrew",     "andrzej",
     "angel",       "angela",    "angelo",    "anita",     "ann",       "anna",       "anne",
     "anneke",      "anouk",     "anthony",   "antoine",   "antonio",   "arjun",      "ashley",
     "astrid",      "aurelie",   "ayse",      "barbara",   "beatriz",   "ben",        "benjamin",
     "bernard",     "bernd",     "betty",     "bill",      "birgit",    "bob",        "bram",
     "brandon",     "brenda",    "brian",     "brigitte",  "bruna",     "bruno",      "camila",
     "camille",     "carlo",     "carlos",    "carmen",    "carol",     "carolina",   "carolyn",
     "catalina",    "catarina",  "caterina",  "catherine", "celine",    "charles",    "charlie",
     "charlotte",   "chiara",    "chloe",     "chris",     "christian", "christina",  "christine",
     "christopher", "claire",    "claude",    "claudia",   "constanza", "cristian",   "cristina",
     "cynthia",     "daan",      "dan",       "daniel",    "daniela",   "dave",       "david",
     "davide",      "deborah",   "deepak",    "dennis",    "diane",     "diego",      "dieter",
     "diogo",       "dirk",      "dmitri",    "dolores",   "domenico",  "donald",     "donna",
     "dorothy",     "douglas",   "eduardo",   "edward",    "ekaterina", "elena",      "elisa",
     "elizabeth",   "ella",      "ellie",     "emilie",    "emilio",    "emily",      "emma",
     "emre",        "enrique",   "eric",      "erik",      "ethan",     "eva",        "evelyn",
     "ewa",         "fatima",    "fatma",     "federica",  "felipe",    "felix",      "femke",
     "fernanda",    "fernando",  "finn",      "florian",   "francesca", "francesco",  "francisca",
     "francisco",   "franco",    "francois",  "francoise", "frank",     "freja",      "gabriel",
     "gabriela",    "gabriele",  "gary",      "george",    "georges",   "gerard",     "gerhard",
     "giorgia",     "giorgio",   "giovanna",  "giovanni",  "gisela",    "giulia",     "giuseppe",
     "gonzalo",     "grace",     "gregory",   "guadalupe", "guillaume", "guillermo",  "gunther",
     "gustavo",     "hannah",    "hans",      "harold",    "harry",     "haruto",     "hassan",
     "heather",     "heike",     "heinz",     "helen",     "helga",     "hendrik",    "henri",
     "henrik",      "henry",     "hiroshi",   "horst",     "hugo",      "hussein",    "ibrahim",
     "ida",         "ignacio",   "ines",      "ingrid",    "irene",     "irina",      "isabel",
     "isabella",    "isabelle",  "ivan",      "jack",      "jacob",     "jacques",    "james",
     "jan",         "jane",      "janet",     "jason",     "javier",    "javiera",    "jean",
     "jeanne",      "jeffrey",   "jennifer",  "jerry",     "jessica",   "jesus",      "jill",
     "jim",         "joan",      "joana",     "joanna",    "joao",      "joaquin",    "joe",
     "johan",       "john",      "jonas",     "jonathan",  "jorg",      "jorge",      "jose",
     "josefa",      "joseph",    "joshua",    "joyce",     "juan",      "juana",      "julia",
     "juliana",     "julie",     "julien",    "juliette",  "jurgen",    "justin",     "karen",
     "karin",       "karl",      "katarzyna", "kate",      "katharina", "katherine",  "kathleen",
     "kees",        "kelly",     "kenji",     "kenneth",   "kevin",     "khadija",    "kimberly",
     "klaus",       "kristina",  "krzysztof", "kyle",      "larry",     "lars",       "laura",
     "laurent",     "lea",       "lena",      "leo",       "leon",      "leonie",     "leticia",
     "li",          "liam",      "linda",     "lisa",      "lorena",    "lorenzo",    "lotte",
     "louis",       "luca",      "lucas",     "lucia",     "luciana",   "lucy",       "luigi",
     "luis",        "luisa",     "luiz",      "lukas",     "magdalena", "magnus",     "maja",
     "malgorzata",  "manfred",   "manon",     "manuel",    "marcel",    "marcelo",    "marcia",
     "marcin",      "marco",     "marcos",    "marek",     "margaret",  "maria",      "mariana",
     "marie",       "marieke",   "mario",     "mark",      "markus",    "marta",      "martina",
     "martine",     "mary",      "mason",     "mateo",     "mathilde",  "matias",     "matt",
     "matteo",      "matthew",   "matthias",  "mauricio",  "max",       "maxime",     "maximilian",
     "mehmet",      "melissa",   "mia",       "michael",   "michal",    "michel",     "michele",
     "michelle",    "miguel",    "mikael",    "mike",      "mikhail",   "ming",       "mohammed",
     "monica",      "monika",    "monique",   "muhammad",  "mustafa",   "nancy",      "natalia",
     "nathalie",    "nathan",    "nicholas",  "nick",      "nicolas",   "nicole",     "niklas",
     "nikolai",     "nils",      "noah",      "nuno",      "olga",      "oliver",     "olivia",
     "omar",        "oscar",     "pablo",     "pamela",    "paola",     "paolo",      "patricia",
     "patrick",     "paul",      "paula",     "paulo",     "pawel",     "pedro",      "per",
     "peter",       "petra",     "philippe",  "pierre",    "piet",      "pietro",     "pilar",
     "piotr",       "priya",     "rachel",    "rafael",    "rahul",     "raj",        "ralf",
     "ramon",       "raquel",    "raul",      "ravi",      "raymond",   "rebecca",    "renate",
     "rene",        "ricardo",   "richard",   "rita",      "robert",    "roberto",    "rocio",
     "rodrigo",     "roger",     "ronald",    "rosa",      "ruben",     "rui",        "ruth",
     "ryan",        "sabine",    "sakura",    "salvatore", "sam",       "samantha",   "samuel",
     "sandra",      "sandrine",  "sanjay",    "sanne",     "sara",      "sarah",      "scott",
     "sebastian",   "sem",       "sergei",    "sergio",    "sharon",    "shirley",    "silvia",
     "simone",      "sofia",     "sophia",    "sophie",    "stanislaw", "stefan",     "stefano",
     "stephanie",   "stephen",   "steve",     "steven",    "sue",       "sunita",     "susan",
     "sven",        "svetlana",  "sylvie",    "tatiana",   "teresa",    "thomas",     "tiago",
     "tim",         "timothy",   "tobias",    "tom",       "tomas",     "tomasz",     "tony",
     "torsten",     "tyler",     "ursula",    "uwe",       "valentina", "valerie",    "vanessa",
     "veronica",    "victoria",  "vijay",     "vincenzo",  "virginia",  "vladimir",   "walter",
     "wei",         "willem",    "william",   "wolfgang",  "ximena",    "yuki",       "yusuf",
     "zachary",     "zainab",    "zofia"});
static_assert(std::is_sorted(kGiven.begin(), kGiven.end()));

constexpr auto kFamily = std::to_array<std::string_view>(
    {"adams",     "aguilar",     "ahmed",      "ali",       "allen",     "almeida",    "alonso",
     "alvarez",   "alves",       "andersen",   "anderson",  "andersson", "andrade",    "andre",
     "araujo",    "araya",       "bailey",     "baker",     "bakker",    "barbieri",   "barbosa",
     "bauer",     "becker",      "bennett",    "bernard",   "bertrand",  "bianchi",    "blanc",
     "blanco",    "boer",        "bonnet",     "bos",       "boyer",     "braun",      "brooks",
     "brown",     "bruno",       "campbell",   "campos",    "cano",      "cardoso",    "carter",
     "caruso",    "carvalho",    "castillo",   "castro",    "chavez",    "chen",       "chevalier",
     "choi",      "clark",       "cole",       "collins",   "colombo",   "conti",      "contreras",
     "cook",      "cooper",      "correia",    "cortes",    "costa",     "cox",        "cruz",
     "david",     "davis",       "dekker",     "delgado",   "demir",     "dias",       "diaz",
     "dominguez", "dubois",      "dupont",     "durand",    "edwards",   "ellis",      "eriksson",
     "espinoza",  "esposito",    "evans",      "faure",     "fernandes", "ferrara",    "ferrari",
     "ferreira",  "fischer",     "fisher",     "flores",    "fontana",   "foster",     "fournier",
     "francois",  "freitas",     "fuchs",      "fuentes",   "galli",     "gallo",      "garcia",
     "garnier",   "garrido",     "gibson",     "gil",       "giordano",  "girard",     "gomes",
     "gomez",     "gonzalez",    "graham",     "gray",      "greco",     "green",      "guerin",
     "guerrero",  "gupta",       "gustafsson", "gutierrez", "guzman",    "hall",       "hamilton",
     "hansen",    "harris",      "harrison",   "hartmann",  "hendriks",  "hernandez",  "herrera",
     "hill",      "hoffmann",    "hofmann",    "howard",    "huang",     "huber",      "hughes",
     "hussain",   "iglesias",    "ivanov",     "jackson",   "jansen",    "janssen",    "jensen",
     "jimenez",   "johansen",    "johansson",  "johnson",   "jones",     "jong",       "jordan",
     "jung",      "kaminski",    "karlsson",   "kaya",      "keller",    "kelly",      "khan",
     "kim",       "king",        "klein",      "koch",      "kowalczyk", "kowalski",   "krause",
     "kruger",    "kumar",       "kuznetsov",  "lambert",   "lange",     "larsen",     "larsson",
     "laurent",   "lee",         "lefebvre",   "lefevre",   "legrand",   "lehmann",    "leone",
     "leroy",     "lewandowski", "lewis",      "lima",      "liu",       "lombardi",   "lopez",
     "lozano",    "machado",     "maier",      "mancini",   "mariani",   "marin",      "marino",
     "marques",   "martin",      "martinez",   "martins",   "mayer",     "medina",     "meijer",
     "mendes",    "mendez",      "mendoza",    "mercier",   "meyer",     "michel",     "miller",
     "mitchell",  "molina",      "moore",      "morales",   "moreau",    "moreira",    "morel",
     "moreno",    "moretti",     "morgan",     "morris",    "mulder",    "muller",     "munoz",
     "murphy",    "myers",       "nascimento", "navarro",   "nelson",    "neumann",    "nguyen",
     "nielsen",   "nilsson",     "nowak",      "nunes",     "oliveira",  "olsen",      "olsson",
     "ortega",    "ortiz",       "owens",      "park",      "parker",    "patel",      "pedersen",
     "pena",      "pereira",     "perez",      "persson",   "peters",    "petersen",   "peterson",
     "petit",     "petrov",      "phillips",   "pinto",     "popov",     "price",      "prieto",
     "ramirez",   "ramos",       "reed",       "reyes",     "reynolds",  "ribeiro",    "ricci",
     "richard",   "richardson",  "richter",    "rinaldi",   "rios",      "rivera",     "rizzo",
     "robert",    "roberts",     "robinson",   "rocha",     "rodriguez", "rogers",     "rojas",
     "romano",    "romero",      "ross",       "rossi",     "roth",      "rousseau",   "roux",
     "rubio",     "ruiz",        "russo",      "salazar",   "sanchez",   "sanders",    "santoro",
     "santos",    "sato",        "schafer",    "schmidt",   "schmitt",   "schneider",  "schroder",
     "schulz",    "schwarz",     "scott",      "sepulveda", "serrano",   "shah",       "sharma",
     "silva",     "simon",       "singh",      "smirnov",   "smit",      "smith",      "sokolov",
     "sorensen",  "soto",        "sousa",      "souza",     "stewart",   "suarez",     "sullivan",
     "suzuki",    "svensson",    "szymanski",  "takahashi", "tanaka",    "taylor",     "teixeira",
     "thomas",    "thompson",    "torres",     "tran",      "turner",    "valenzuela", "vargas",
     "vasiliev",  "vasquez",     "vazquez",    "vega",      "vincent",   "visser",     "vogel",
     "vogt",      "vos",         "vries",      "wagner",    "walker",    "wallace",    "wang",
     "ward",      "watson",      "weber",      "werner",    "west",      "white",      "williams",
     "wilson",    "wisniewski",  "wojcik",     "wolf",      "wood",      "woods",      "wright",
     "wu",        "yang",        "yilmaz",     "young",     "zhang",     "zhao",       "zielinski",
     "zimmermann"});
static_assert(std::is_sorted(kFamily.begin(), kFamily.end()));

constexpr auto kStreet = std::to_array<std::string_view>(
    {"alameda",  "allee",     "apt",      "apto",   "av",      "avda",      "ave",     "avenida", "avenue",
     "blvd",     "boulevard", "c/",       "calle",  "camino",  "carretera", "chemin",  "circle",  "close",
     "corso",    "court",     "crescent", "crest",  "ct",      "damm",      "depto",   "dr",      "drive",
     "estrada",  "faubourg",  "gade",     "gasse",  "gatan",   "glorieta",  "gracht",  "highway", "hwy",
     "impasse",  "kade",      "laan",     "lane",   "largo",   "ln",        "parkway", "pasaje",  "paseo",
     "piazza",   "piso",      "pkwy",     "pl",     "place",   "platz",     "plaza",   "plein",   "praca",
     "psje",     "quai",      "rd",       "ring",   "road",    "ronda",     "route",   "rua",     "rue",
     "square",   "st",        "str",      "straat", "strasse", "street",    "suite",   "terrace", "travesia",
     "travessa", "ufer",      "ul",       "ulica",  "unit",    "vagen",     "vei",     "vej",     "via",
     "viale",    "vicolo",    "way",      "weg"});
static_assert(std::is_sorted(kStreet.begin(), kStreet.end()));

constexpr auto kLegalForms = std::to_array<std::string_view>(
    {"ab",   "ag",          "aps",  "as",   "asa",  "bank",  "bv",      "cia",      "co",    "company",
     "corp", "corporation", "eirl", "ev",   "gmbh", "group", "holding", "holdings", "inc",   "kg",
     "kk",   "limited",     "llc",  "llp",  "ltd",  "ltda",  "nv",      "ohg",      "oy",    "oyj",
     "plc",  "pty",         "sa",   "sarl", "sas",  "sau",   "sc",      "scl",      "sicav", "sl",
     "slu",  "sp",          "spa",  "srl",  "ug",   "zoo"});
static_assert(std::is_sorted(kLegalForms.begin(), kLegalForms.end()));

template <size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::binary_search(words.begin(), words.end(), word);
}

}  // namespace

bool is_common_given_name(std::string_view word) {
    return among(kGiven, word);
}
bool is_common_family_name(std::string_view word) {
    return among(kFamily, word);
}
bool is_street_word(std::string_view word) {
    if (among(kStreet, word)) return true;
    // "Hauptstrasse", "Lindenweg", "Kerkstraat", "Storgatan" are one word with what the street is called
    // after.
    static constexpr auto kEnds =
        std::to_array<std::string_view>({"strasse", "str", "weg", "platz", "gasse", "allee", "straat", "laan",
                                         "plein", "gracht", "gatan", "vagen", "gade"});
    return word.size() >= 6 &&
           std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return word.ends_with(end); });
}
bool is_legal_form(std::string_view word) {
    return among(kLegalForms, word);
}

}  // namespace cdp::text
