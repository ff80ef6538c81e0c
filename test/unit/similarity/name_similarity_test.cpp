// SPDX-License-Identifier: PostgreSQL
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "similarity/name_pairs.hpp"
#include "similarity/name_parts.hpp"
#include "similarity/name_similarity.hpp"
#include "similarity/name_words_alike.hpp"
#include "text/fold.hpp"

namespace sim = cdp::similarity;

namespace {

constexpr double kSame = 0.85;

double alike(std::string_view a, std::string_view b) {
    cdp::Tick tick;
    return sim::name_similarity(a, b, tick);
}

std::string explained(std::string_view a, std::string_view b) {
    cdp::Tick tick;
    std::string out;
    for (const sim::NamePair& pair : sim::explain_name_similarity(a, b, tick)) {
        if (!out.empty()) out += ", ";
        out += pair.part_a + "~" + pair.part_b + " " + std::string(pair.relation);
    }
    return out;
}

std::string parts_of(std::string_view name) {
    const sim::NameParts parts(name);
    std::string out;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (!out.empty()) out += ' ';
        if (parts[i].particle) out += '-';
        out += parts[i].text;
        if (parts[i].dotted) out += '.';
    }
    if (parts.suffix() != sim::NameSuffix::kNone)
        out += " +" + std::to_string(static_cast<int>(parts.suffix()));
    if (parts.has_comma()) out += " ,";
    return out;
}

std::string random_name(std::mt19937& random) {
    static const std::vector<std::string> kWords = {
        "John",   "Smith",   "María",    "García",  "de",    "la",    "J.",   "jr",     "Sr.",
        ",",      "O'Brien", "Mary-Ann", "Maryann", "Bob",   "Fco.",  "van",  "Dyke",   "von",
        "JP",     "II",      "Dr",       "López",   "Lopes", "Иван",  "漢字", "😀",      "x",
        "Robert", "José",    "y",        "Jose",    "Ann",   "Marya", "-",    "Vandyke"};
    std::string name;
    for (unsigned n = random() % 7; n > 0; --n) {
        if (!name.empty() && random() % 8 != 0) name += ' ';
        name += kWords[random() % kWords.size()];
        if (random() % 10 == 0) name[random() % name.size()] = static_cast<char>(random());
    }
    return name;
}

}  // namespace

BOOST_AUTO_TEST_CASE(name_parts) {
    BOOST_TEST(parts_of("Sean O'Brien") == "sean obrien");
    BOOST_TEST(parts_of("J.R.R. Tolkien") == "j. r. r. tolkien");
    BOOST_TEST(parts_of("José de la Cruz-Pérez") == "jose -de -la cruz perez");
    BOOST_TEST(parts_of("García, Juan") == "garcia juan ,");
    BOOST_TEST(parts_of("Smith, Jr., John") == "smith john +1 ,");
    BOOST_TEST(parts_of("Smith, Sr., John") == "smith john +2 ,");
    BOOST_TEST(parts_of("John Smith, Jr.") == "john smith +1");
    BOOST_TEST(parts_of("Henry Ford 2nd") == "henry ford +3");
    BOOST_TEST(parts_of("Prof. Dr. Angela Merkel") == "angela merkel");
    BOOST_TEST(parts_of("Merkel, Dr. Angela") == "merkel angela ,");
    BOOST_TEST(parts_of("Sr. Juan Pérez") == "juan perez");
    BOOST_TEST(parts_of("Don Smith Jr") == "don smith +1");
    BOOST_TEST(parts_of("Don Juan Pérez") == "juan perez");
    BOOST_TEST(parts_of("Dr.") == "dr.");
    BOOST_TEST(parts_of("jr") == "jr");
    BOOST_TEST(parts_of("van") == "van");
    BOOST_TEST(parts_of("Y. Smith") == "y. smith");
    BOOST_TEST(parts_of("Gogh, Vincent van") == "gogh vincent -van ,");
    BOOST_TEST(parts_of("Mary Do") == "mary do");
    BOOST_TEST(parts_of("Ortega y Gasset") == "ortega -y gasset");
    BOOST_TEST(parts_of("Martin King, Ph.D.") == "martin king ph. d. ,");
    BOOST_TEST(parts_of("Martin King PhD") == "martin king");
    BOOST_TEST(parts_of(" , . ") == "");
    BOOST_TEST(sim::NameParts(std::string(201, 'a')).too_long());
    BOOST_TEST(sim::NameParts("a b c d e f g h i j k l m").too_long());
}

BOOST_AUTO_TEST_CASE(labelled_pairs) {
    size_t right = 0;
    for (const name_pairs::Labelled& pair : name_pairs::kPairs) {
        right += (alike(pair.a, pair.b) >= kSame) == pair.same ? 1 : 0;
    }
    BOOST_TEST(name_pairs::kPairs.size() >= 120u);
    BOOST_TEST(right * 100 >= name_pairs::kPairs.size() * 97);
}

BOOST_AUTO_TEST_CASE(scores_follow_the_rules) {
    constexpr double kClose = 1e-12;
    const auto is = [=](std::string_view a, std::string_view b, double score) {
        BOOST_TEST_CONTEXT("'" << a << "' and '" << b << "'") {
            BOOST_CHECK_SMALL(alike(a, b) - score, kClose);
            BOOST_CHECK_EQUAL(alike(a, b), alike(b, a));
        }
    };
    is("José García", "JOSE GARCIA", 1.0);
    is("Dr. John Smith", "Smith, John", 1.0);
    is("Juan de la Cruz", "Juan Cruz", 1.0);
    is("García Juan", "Juan García", 0.97);
    is("Mary Ann Jones", "Maryann Jones", 1.0);
    is("Mary Ann Jones", "Maryanne Jones", 0.95);
    is("Bob Smith", "Robert Smith", (0.95 + 1.0) / 2);
    is("Fco. Ruiz", "Francisco Ruiz", (0.95 + 1.0) / 2);
    is("Alej. Ruiz", "Alejandro Ruiz", (0.85 + 1.0) / 2);
    is("J. Smith", "John Smith", (0.8 + 1.0) / 2);
    is("J. S.", "John Smith", 0.8);
    is("JP Morgan", "John Pierpont Morgan", (0.8 + 1.0) / 2);
    is("John Smith", "John Smyth", (1.0 + (1.0 - 0.6 / 5)) / 2);
    is("John Smith", "John Smiht", (1.0 + (1.0 - 0.4 / 5)) / 2);
    is("Hugo Pons", "Yugo Pons", (1.0 + (1.0 - 0.6 / 4 - 0.3)) / 2);
    is("Catherine Smith", "Katherine Smith", (1.0 + (1.0 - 0.6 / 9 - 0.05)) / 2);
    is("Daniel Ruiz", "Daniela Ruiz", (0.65 + 1.0) / 2);
    is("Juan García", "Juan García López", 0.95);
    is("Juan García", "Juan A. García", 0.98);
    is("Juan García", "Juan Carlos García López", 0.95 * 0.95);
    is("Juan", "Juan García", 0.8);
    is("Mary Do", "Mary", 0.8);
    is("Gogh, Vincent van", "Vincent van Gogh", 1.0);
    is("Md. Rahman", "Mohammed Rahman", (0.95 + 1.0) / 2);
    is("Juan", "Juan García López", 0.8 * 0.95);
    is("John Smith Jr", "John Smith", 0.98);
    is("John Smith Jr", "John Smith Sr", 0.8);
    is("John Smith Jr", "John Smith II", 1.0);
    is("", "", 1.0);
    is("", "John", 0.0);
    is("...", "...", 1.0);
    is("...", "---", 0.0);
    is("...", "John", 0.0);
    is("😀", "😀", 1.0);
    // A conflict is a cap.
    BOOST_TEST(alike("Ana Maria Luisa Carmen Rosa Ruiz", "Ana Maria Luisa Carmen Rosa Gil") <= 0.82);
}

BOOST_AUTO_TEST_CASE(obvious_orders) {
    // Each better than the next.
    const auto falling = [](std::string_view name, const std::vector<std::string_view>& others) {
        for (size_t i = 1; i < others.size(); ++i) {
            BOOST_TEST_CONTEXT(name << ": " << others[i - 1] << ", " << others[i]) {
                BOOST_CHECK_GT(alike(name, others[i - 1]), alike(name, others[i]));
            }
        }
    };
    falling("John Smith",
            {"john smith", "John Smiht", "John Smyth", "J Smith", "J S", "John Baker", "Mary Baker"});
    falling("Juan Carlos García López", {"Juan Carlos Garcia Lopez", "Juan García López", "Juan García",
                                         "García", "Ana García", "Ana Ruiz"});
    falling("Robert Smith",
            {"Robert Smith", "Bob Smith", "R. Smith", "Robert", "Richard Smith", "Richard Jones"});
}

BOOST_AUTO_TEST_CASE(explanations) {
    BOOST_TEST(explained("Bob Smith", "Robert Smyth Jr") ==
               "bob~robert nickname, smith~smyth typo, ~jr suffix");
    BOOST_TEST(explained("J. de la Cruz", "Juan Cruz Pérez") ==
               "j~juan initial, cruz~cruz equal, ~perez missing");
    BOOST_TEST(explained("Juan Cruz Pérez", "J. de la Cruz") ==
               "juan~j initial, cruz~cruz equal, perez~ missing");
    BOOST_TEST(explained("Maryann Mc Donald", "Mary Ann McDonald") ==
               "maryann~mary ann joined, mc donald~mcdonald joined");
    BOOST_TEST(explained("Ana Ruiz", "Ana Gil") == "ana~ana equal, ruiz~gil conflict");
    BOOST_TEST(explained("Johann Meyer", "Johann Maier") == "johann~johann equal, meyer~maier sound");
    BOOST_TEST(explained("", "Ana") == "");
}

BOOST_AUTO_TEST_CASE(words) {
    cdp::Tick tick;
    const auto relation = [&](std::string_view a, std::string_view b, bool a_dotted = false) {
        const sim::WordMatch match = sim::compare_words(a, a_dotted, b, false, tick);
        const sim::WordMatch other = sim::compare_words(b, false, a, a_dotted, tick);
        BOOST_TEST(match.score == other.score);
        BOOST_TEST((match.relation == other.relation));
        return std::string(sim::relation_name(match.relation));
    };
    BOOST_TEST(relation("hernandez", "hernadez") == "typo");
    BOOST_TEST(relation("hernandez", "fernandez") == "typo");
    BOOST_TEST(relation("maria", "mario") == "gender");
    BOOST_TEST(relation("ivanov", "ivanova") == "gender");
    BOOST_TEST(relation("kowalski", "kowalska") == "gender");
    BOOST_TEST(relation("martin", "martinez") == "abbreviation");
    BOOST_TEST(relation("ale", "alejandro") == "nickname");
    BOOST_TEST(relation("alejan", "alejandro", true) == "abbreviation");
    BOOST_TEST(relation("a", "b") == "conflict");
    BOOST_TEST(relation("smith", "jones") == "conflict");
    BOOST_TEST(relation("漢字", "漢文") == "conflict");
    // Letters apart never hide a typo: against the plain way, over random words.
    std::mt19937 random(5);
    for (int round = 0; round < 20000; ++round) {
        std::string a(3 + random() % 8, ' ');
        for (char& c : a) c = "abcdexyz"[random() % 8];
        std::string b = a;
        b[random() % b.size()] = "abcdexyz"[random() % 8];
        if (a == b || a.size() < 6) continue;
        const sim::WordMatch match = sim::compare_words(a, false, b, false, tick);
        BOOST_REQUIRE_MESSAGE(
            match.relation == sim::NameRelation::kTypo || match.relation == sim::NameRelation::kGender,
            a << " " << b);
    }
}

BOOST_AUTO_TEST_CASE(any_names) {
    std::mt19937 random(21);
    for (int round = 0; round < 30000; ++round) {
        const std::string a = random_name(random);
        const std::string b = round % 3 == 0 ? a + random_name(random) : random_name(random);
        BOOST_TEST_CONTEXT("'" << a << "' and '" << b << "'") {
            const double score = alike(a, b);
            BOOST_REQUIRE(score >= 0.0 && score <= 1.0);
            BOOST_REQUIRE_EQUAL(score, alike(b, a));
            BOOST_REQUIRE_EQUAL(alike(a, a), 1.0);
            const std::string folded = cdp::text::fold(a);
            BOOST_REQUIRE_MESSAGE(alike(a, folded) == 1.0, "with '" << folded << "': " << alike(a, folded));
            explained(a, b);
        }
    }
    // Long ones.
    const std::string many = [] {
        std::string text;
        for (int i = 0; i < 5000; ++i) text += "ab ";
        return text;
    }();
    BOOST_TEST(alike(many, many) == 1.0);
    BOOST_TEST(alike(many, many + "c") < 1.0 + 1e-12);
    BOOST_TEST(alike(many, "John Smith") < 0.85);
    BOOST_TEST(alike(std::string(100000, 'a'), std::string(100000, 'b')) == 0.0);
}
