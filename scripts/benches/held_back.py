#!/usr/bin/env python3
"""Labelled people by recipes that nothing was tuned to: other names, other errors and other columns than the sets of scripts/bench identity.

usage: held_back.py RECIPE RECORDS OUT.csv [SEED]

patients   two family names (either may be missing, or in the other order), birth date, city and postal code, and nothing to reach anybody by;
           typed from paper by a machine that confuses letters
callers    Polish, Turkish and Indian names written by ear, a phone number, a city; the columns of some rows have changed places
members    one column for the whole name in either order, e-mail and city only; long values are cut, marks above letters are lost
relatives  large families with one name at one address, no birth dates; households that share e-mail and phone
The label is the column person.
"""
import csv
import random
import sys
import unicodedata

NAMES = {
    "es": ("maría carmen josefa isabel pilar dolores ana teresa laura cristina marta lucía elena raquel silvia beatriz rocío nuria inés julia "
           "antonio josé manuel francisco juan david javier daniel carlos jesús alejandro miguel rafael pablo sergio fernando jorge luis alberto álvaro "
           "adrián diego raúl iván rubén óscar andrés joaquín santiago víctor mario roberto jaime ignacio marcos hugo lucas nicolás martín guillermo",
           "garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez hernández ruiz díaz moreno muñoz álvarez romero "
           "gutiérrez alonso navarro torres domínguez ramos vázquez ramírez gil serrano morales molina blanco suárez castro ortega delgado ortiz marín "
           "rubio núñez medina sanz castillo iglesias cortés garrido santos guerrero lozano cano cruz méndez flores prieto herrera peña león márquez "
           "cabrera gallego calvo vidal campos reyes vega fuentes carrasco díez aguilar caballero nieto santana vargas pascual giménez herrero hidalgo "
           "montero lorenzo santiago benítez durán ibáñez arias mora ferrer carmona vicente rojas soto crespo román pastor velasco parra sáez moya bravo"),
    "mix": ("agnieszka katarzyna małgorzata zofia krystyna wojciech krzysztof stanisław andrzej zbigniew łukasz grzegorz tadeusz paweł ayşe fatma emine "
            "hatice zeynep elif mehmet mustafa ahmet hüseyin ibrahim yusuf murat ömer osman kemal priya ananya lakshmi sunita kavita deepa rajesh suresh "
            "vijay sanjay anil ramesh venkatesh krishnan arjun harish mahesh prakash dinesh ashok geeta meena rekha usha",
            "nowak kowalski wiśniewski wójcik kowalczyk kamiński lewandowski zieliński szymański woźniak dąbrowski kozłowski jankowski mazur kwiatkowski "
            "krawczyk kaczmarek piotrowski grabowski zając pawłowski michalski król wieczorek yılmaz kaya demir şahin çelik yıldız yıldırım öztürk aydın "
            "özdemir arslan doğan kılıç aslan çetin kara koç kurt özkan şimşek sharma verma gupta singh kumar patel reddy nair iyer menon rao joshi desai "
            "mehta chopra malhotra kapoor bhatt banerjee mukherjee chatterjee ghosh subramanian krishnamurthy venkataraman pillai naidu"),
}
PLACES = {"es": "madrid barcelona valencia sevilla zaragoza málaga murcia palma bilbao alicante córdoba valladolid vigo gijón granada oviedo pamplona "
                "almería burgos salamanca huelva lleida tarragona león cádiz jaén ourense girona lugo toledo",
          "mix": "berlin hamburg münchen köln frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden hannover nürnberg duisburg bochum"}
LOOKS_LIKE = {"m": "rn", "rn": "m", "l": "1", "i": "l", "o": "0", "0": "o", "1": "l", "5": "s", "8": "b", "c": "e", "e": "c", "u": "v", "v": "u", "h": "b"}
SOUNDS_LIKE = [("sz", "sh"), ("cz", "ch"), ("w", "v"), ("ł", "w"), ("ş", "sh"), ("ç", "ch"), ("ı", "i"), ("ö", "oe"), ("ü", "ue"), ("ph", "f"), ("sh", "s"),
               ("th", "t"), ("ee", "i"), ("oo", "u"), ("j", "y"), ("ğ", ""), ("dh", "d"), ("aa", "a"), ("ie", "i"), ("k", "c"), ("z", "s")]
LETTERS = "bcdfglmnprstv"


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("ł", "l").replace("ı", "i")


class Recipe:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.extra = {kind: [self.made_up(kind) for _ in range(1500)] for kind in NAMES}

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def made_up(self, kind):
        """A family name beyond the list: names have a long tail."""
        ends = "ez ero ado illa ano era eda" if kind == "es" else "ski oğlu an wala icz ian ek"
        return "".join(self.random.choice(LETTERS) + self.random.choice("aeiou") for _ in range(2)) + self.random.choice(ends.split())

    def given(self, kind):
        names = NAMES[kind][0].split()
        return names[min(int(self.random.expovariate(3.0) * len(names)), len(names) - 1)]

    def family(self, kind):
        if self.random.random() < 0.3:
            return self.random.choice(self.extra[kind])
        names = NAMES[kind][1].split()
        return names[min(int(self.random.expovariate(3.0) * len(names)), len(names) - 1)]

    def place(self, kind):
        cities = PLACES[kind].split()
        n = min(int(self.random.expovariate(4.0) * len(cities)), len(cities) - 1)
        return cities[n], "%02d%03d" % (n + 10, self.random.randrange(200))

    def date(self):
        return [self.random.randrange(1925, 2012), self.random.randrange(1, 13), self.random.randrange(1, 29)]

    def phone(self):
        return "+491%d%08d" % (self.random.randrange(50, 80), self.random.randrange(10 ** 8))

    def records_of_one(self):
        return self.random.choice([1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6])

    def misread(self, text, chance):
        """A machine that reads paper."""
        if self.random.random() >= chance or len(text) < 2:
            return text
        at = self.random.randrange(len(text) - 1)
        for size in (2, 1):
            if text[at:at + size] in LOOKS_LIKE:
                return text[:at] + LOOKS_LIKE[text[at:at + size]] + text[at + size:]
        return text[:at] + text[at + 1:]

    def misheard(self, text, chance):
        if self.random.random() >= chance:
            return text
        fitting = [(a, b) for a, b in SOUNDS_LIKE if a in text] or [(text[-1:], "")]
        a, b = self.random.choice(fitting)
        return text.replace(a, b, 1)

    def patients(self):
        given, first, second = self.given("es"), self.family("es"), self.family("es")
        if self.one_in(4):
            given += " " + self.given("es")
        born, (city, code) = self.date(), self.place("es")
        for _ in range(self.records_of_one()):
            names = first if self.one_in(6) else f"{second} {first}" if self.one_in(30) else f"{first} {second}"
            year, month, day = born
            if self.one_in(25):
                day = day // 10 * 10 + self.random.randrange(1, 9) if day > 9 else day + 10
            if self.one_in(15):
                city, code = self.place("es")
            short = given.split()[0] if self.one_in(3) else given
            yield {"nombre": self.misread(short, .08).title(), "apellidos": self.misread(names, .12).upper(),
                   "fecha_nacimiento": "" if self.one_in(20) else "%02d/%02d/%04d" % (day, month, year), "municipio": "" if self.one_in(8) else
                   self.misread(city, .08).title(), "codigo_postal": "" if self.one_in(10) else self.misread(code, .03)}

    def callers(self):
        given, family, phone, (city, _) = self.given("mix"), self.family("mix"), self.phone(), self.place("mix")
        for _ in range(self.records_of_one()):
            if self.one_in(12):
                phone = self.phone()
            row = [self.misheard(given, .2), self.misheard(family, .25), "" if self.one_in(6) else phone, "" if self.one_in(5) else city]
            if self.one_in(12):
                row[0], row[1] = row[1], row[0]
            if self.one_in(3):
                row[:2] = [plain(row[0]), plain(row[1])]
            if row[2] and self.one_in(2):
                row[2] = "0" + row[2][3:6] + "/" + row[2][6:]
            if row[2] and self.one_in(20):
                at = self.random.randrange(6, len(row[2]) - 1)
                row[2] = row[2][:at] + row[2][at + 1] + row[2][at] + row[2][at + 2:]
            yield dict(zip(("vorname", "nachname", "telefon", "ort"), row))

    def members(self):
        kind = self.random.choice(("es", "mix"))
        given, family, (city, _) = self.given(kind), self.family(kind), self.place(kind)
        number = self.random.randrange(10000)
        letters = plain(given).replace(" ", ""), plain(family)
        mails = [f"{letters[0]}.{letters[1]}{number}@gmail.com", f"{letters[0][0]}{letters[1]}{number % 100}@firma{number % 700}.de"]
        for _ in range(self.records_of_one()):
            name = f"{family}, {given}" if self.one_in(4) else f"{given} {family}"
            if self.one_in(3):
                name = plain(name)
            if self.one_in(10):
                name = name[:12].strip()
            mail = mails[0] if self.random.random() < .7 else mails[1]
            if self.one_in(20):
                at = self.random.randrange(1, mail.index("@"))
                mail = mail[:at] + mail[at + 1:]
            yield {"customer_name": name.title(), "email_address": "" if self.one_in(5) else mail[:28] if self.one_in(30) else mail,
                   "town": "" if self.one_in(4) else city.title()}

    def relatives(self):
        """A household: several people, each with records of its own."""
        family, (city, code) = self.family("mix"), self.place("mix")
        street = f"{self.random.choice(NAMES['es'][1].split())}str. {self.random.randrange(1, 150)}"
        mail, phone = f"{plain(family)}{self.random.randrange(1000)}@web.de", self.phone()
        for _ in range(self.random.choice([1, 2, 3, 4, 5])):
            given = self.given("mix")
            own = f"{plain(given)}.{plain(family)}{self.random.randrange(1000)}@gmx.de"
            mobile = self.phone()
            person = []
            for _ in range(self.records_of_one()):
                person.append({"vorname": given[0] + "." if self.one_in(12) else self.misheard(given, .1), "nachname": self.misheard(family, .08),
                               "email": "" if self.one_in(4) else mail if self.one_in(3) else own, "telefon": "" if self.one_in(3) else phone if self.one_in(2)
                               else mobile, "strasse": "" if self.one_in(7) else self.misread(street, .1), "plz": code, "ort": city.title()})
            yield person


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in ("patients", "callers", "members", "relatives"):
        sys.exit(__doc__)
    recipe = Recipe(int(sys.argv[4]) if len(sys.argv) == 5 else 1)
    wanted, rows, person = int(sys.argv[2]), [], 0
    while len(rows) < wanted:
        made = list(getattr(recipe, sys.argv[1])())
        for records in made if sys.argv[1] == "relatives" else [made]:
            person += 1
            rows += [row | {"person": person} for row in records]
    recipe.random.shuffle(rows)
    with open(sys.argv[3], "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, ["id", *rows[0]], lineterminator="\n")
        out.writeheader()
        for number, row in enumerate(rows[:wanted], 1):
            out.writerow({"id": number} | row)


main()
