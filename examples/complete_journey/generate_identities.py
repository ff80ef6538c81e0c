#!/usr/bin/env python3
# SPDX-License-Identifier: PostgreSQL
"""Gives the households of the Complete Journey names, and writes what three systems might know of them.

INVENTED PEOPLE; ANY LIKENESS IS CHANCE. The purchases are real and anonymous; names, addresses, birth dates and
web visits are made up here from a seed. E-mail addresses use reserved names (example.com, *.example), telephone
numbers the exchange 555 of Ohio's area codes, which libphonenumber takes for valid.

Written to the output folder:
  crm_contacts.csv     contacts as Salesforce exports them, with duplicates, junk, and six broken lines
  shop_customers.csv   customers as Shopify exports them, saved by a spreadsheet (byte order mark, CR LF)
  web_events.jsonl     messages in the Segment spec, in the order received, some twice, some broken
  truth.csv            source, source_key, entity_id: who is who. The sources: crm (Id), shop (Customer ID without
                       its apostrophe), web_user (userId), web_device (anonymousId; a shared device has a row for
                       each of its users), loyalty_card (household_id of the purchases)
The same arguments give the same bytes. All dates move by whole weeks, so that weekdays stay."""
import argparse
import collections
import csv
import datetime
import gzip
import os
import random
import sys

import crm_export
import invented
import shop_export
import web_export
from noise import weighted

FIRST_DAY = datetime.date(2017, 1, 1)  # of the purchases, as published
LAST_DAY = datetime.date(2018, 1, 1)
HERE = os.path.dirname(os.path.abspath(__file__))
AGE_BANDS = {"19-24": (19, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54), "55-64": (55, 64),
             "65+": (65, 84)}
AGE_WEIGHTS = [("19-24", 6), ("25-34", 18), ("35-44", 24), ("45-54", 30), ("55-64", 11), ("65+", 11)]


class Household:
    """An address, one or more adults, and what the shop's loyalty card of the household has bought."""

    def __init__(self, key):
        self.key = key
        self.adults = []
        self.stores = collections.Counter()
        self.bought = []  # products


class Person:
    """An adult; `holder` is the one who carries the loyalty card."""

    def __init__(self, number, household):
        self.entity = f"P{number:05d}"
        self.household = household
        self.holder = not household.adults


def default_shift(today):
    """Weeks that bring the last purchase into the seven days before `today`."""
    return ((today - LAST_DAY).days - 1) // 7


def read_csv(data, name):
    with gzip.open(os.path.join(data, name + ".csv.gz"), "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_households(data):
    """Households of the transactions in order of number, and the products bought with their mean price."""
    households, paid = {}, collections.defaultdict(lambda: [0.0, 0])
    for line in read_csv(data, "transactions_sample"):
        household = households.setdefault(int(line["household_id"]), Household(int(line["household_id"])))
        household.stores[line["store_id"]] += 1
        household.bought.append(line["product_id"])
        if 0 < int(line["quantity"]) < 100:
            total = paid[line["product_id"]]
            total[0] += float(line["sales_value"])
            total[1] += int(line["quantity"])
    products = {}
    for product in read_csv(data, "products"):
        total = paid.get(product["product_id"])
        if total and total[0] > 0 and product["product_category"]:
            products[product["product_id"]] = {
                "product_id": product["product_id"],
                "name": product["product_type"] or product["product_category"],
                "category": product["department"], "brand": product["brand"],
                "price": max(0.25, round(total[0] / total[1], 2))}
    for household in households.values():
        household.bought = [products[p] for p in household.bought if p in products]
    return [households[key] for key in sorted(households)], [products[key] for key in sorted(products)]


class Inventor:
    def __init__(self, seed, end):
        self.random = random.Random(seed)
        self.end = end
        self.surname_weights = [1 / (rank + 12) for rank in range(len(invented.SURNAMES))]
        self.given_weights = {"m": [1 / (rank + 5) for rank in range(len(invented.MALE))],
                              "f": [1 / (rank + 5) for rank in range(len(invented.FEMALE))]}
        self.numbers = {area: iter(self.random.sample(range(10000), 10000)) for _, _, area in invented.CITIES}
        self.emails = set()

    def surname(self):
        return self.random.choices(invented.SURNAMES, self.surname_weights)[0]

    def given(self, sex):
        return self.random.choices(invented.MALE if sex == "m" else invented.FEMALE, self.given_weights[sex])[0]

    def telephone(self, area):
        return f"{area}555{next(self.numbers[area]):04d}"

    def birth(self, low, high):
        """A date that makes its owner low..high years old at the end of the purchases."""
        days = self.random.randrange(int(low * 365.25) + 1, int((high + 1) * 365.25) - 1)
        return self.end - datetime.timedelta(days=days)

    def email(self, given, surname, birth):
        rnd, given, surname = self.random, given.lower(), surname.lower().replace(" ", "").replace("'", "")
        while True:
            local = rnd.choice([f"{given}.{surname}", f"{given[0]}{surname}", f"{given}{surname[0]}",
                                f"{given}_{surname}", f"{given}.{surname}", f"{surname}{given[0]}"])
            if rnd.random() < 0.45:
                local += rnd.choice([f"{birth.year % 100:02d}", str(birth.year), str(rnd.randrange(1, 1000))])
            address = f"{local}@{weighted(rnd, invented.DOMAINS)}"
            if address not in self.emails:
                self.emails.add(address)
                return address

    def furnish(self, household):
        """Address and landline. The city goes with the store where the household buys most."""
        rnd = self.random
        store = min(household.stores.items(), key=lambda item: (-item[1], item[0]))[0]
        household.city, prefix, household.area = invented.CITIES[int(store) % len(invented.CITIES)]
        household.street = f"{rnd.randrange(1, 9900)} {rnd.choice(invented.STREETS)}"
        household.suffix = rnd.choice(invented.SUFFIXES)
        household.unit = str(rnd.randrange(1, 400)) if rnd.random() < 0.3 else ""
        household.postal_code = f"{prefix}{rnd.randrange(100):02d}"
        household.landline = self.telephone(household.area) if rnd.random() < 0.5 else ""

    def people(self, household, known, number):
        """The adults: as many as the demographics say, else one or two."""
        rnd = self.random
        composition = known.get("household_comp", "")
        count = 2 if composition.startswith("2") else 1 if composition else rnd.choice((1, 1, 2))
        low, high = AGE_BANDS[known.get("age") or weighted(rnd, AGE_WEIGHTS)]
        if count == 2 and low >= 45 and rnd.random() < 0.15:
            count = 3  # a grown-up child at home
        family = self.surname()
        household.shared_email = ""
        for ordinal in range(count):
            person = Person(number + ordinal, household)
            first = household.adults[0] if household.adults else None
            if ordinal == 0:
                person.sex = rnd.choice("mf")
                person.birth = self.birth(low, high)
            elif ordinal == 1:
                person.sex = ("f" if first.sex == "m" else "m") if rnd.random() < 0.95 else first.sex
                age = (self.end - first.birth).days // 365
                person.birth = self.birth(max(19, age - 6), max(20, min(90, age + 6)))
            else:
                person.sex = rnd.choice("mf")
                person.birth = self.birth(19, 25)
            person.given = self.given(person.sex)
            if ordinal == 2 and person.sex == first.sex and rnd.random() < 0.35:
                person.given = first.given  # junior
            person.surname = family if ordinal != 1 or rnd.random() < 0.75 else self.surname()
            person.former = self.surname() if person.sex == "f" and rnd.random() < 0.12 else ""
            person.mobile = self.telephone(household.area)
            person.email = self.email(person.given, person.former or person.surname, person.birth)
            person.other_email = self.email(person.given, person.surname, person.birth) if rnd.random() < 0.3 else ""
            household.adults.append(person)
        if count > 1 and rnd.random() < 0.1:
            household.shared_email = self.email("the", family, household.adults[0].birth)
        return household.adults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", help="folder to write to; made if missing")
    parser.add_argument("--data", default=HERE, metavar="FOLDER", help="where the .csv.gz files are (default: here)")
    parser.add_argument("--seed", type=int, default=8451, help="default 8451")
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today(),
                        metavar="YYYY-MM-DD", help="the day of the demo (default: today)")
    parser.add_argument("--shift-weeks", type=int, metavar="N",
                        help="move every date by N weeks (default: so that the last purchase falls in the week "
                             "before --today); give load.sql the same number")
    parser.add_argument("--web-messages", type=int, default=15000, metavar="N", help="about so many (default 15000)")
    parser.add_argument("--print-shift-weeks", action="store_true",
                        help="print the number of weeks for --today, write nothing")
    options = parser.parse_args()
    shift = options.shift_weeks if options.shift_weeks is not None else default_shift(options.today)
    if options.print_shift_weeks:
        print(shift)
        return
    if not options.output:
        parser.error("give an output folder")
    os.makedirs(options.output, exist_ok=True)

    end = LAST_DAY + datetime.timedelta(weeks=shift)
    known = {int(row["household_id"]): row for row in read_csv(options.data, "demographics")}
    households, products = read_households(options.data)
    inventor = Inventor(options.seed, end)
    people = []
    for household in households:
        inventor.furnish(household)
        people += inventor.people(household, known.get(household.key, {}), len(people) + 1)

    truth = [("loyalty_card", str(h.key), h.adults[0].entity) for h in households]
    crm_count, crm_truth = crm_export.write(os.path.join(options.output, "crm_contacts.csv"), people, end,
                                            random.Random(options.seed + 1))
    customers, shop_truth = shop_export.write(os.path.join(options.output, "shop_customers.csv"), people, end,
                                              random.Random(options.seed + 2))
    web_count, web_truth = web_export.write(os.path.join(options.output, "web_events.jsonl"), people, customers,
                                            products, end, options.web_messages, random.Random(options.seed + 3))
    truth += crm_truth + shop_truth + web_truth
    with open(os.path.join(options.output, "truth.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("source", "source_key", "entity_id"))
        writer.writerows(truth)
    print(f"{len(households)} households, {len(people)} people (invented); dates moved by {shift} weeks, "
          f"last purchase on {end}", file=sys.stderr)
    for name, counts in (("crm_contacts.csv", crm_count), ("shop_customers.csv", shop_export.count(customers)),
                         ("web_events.jsonl", web_count)):
        print(f"  {name}: " + ", ".join(f"{number} {what}" for what, number in counts.items()), file=sys.stderr)


if __name__ == "__main__":
    main()
