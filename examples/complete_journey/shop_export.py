# SPDX-License-Identifier: PostgreSQL
"""shop_customers.csv: customers as Shopify exports them, after a spreadsheet has saved them once."""
import csv

import invented
import noise

HEADER = ["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Default Address Company",
          "Default Address Address1", "Default Address Address2", "Default Address City",
          "Default Address Province Code", "Default Address Country Code", "Default Address Zip",
          "Default Address Phone", "Phone", "Accepts SMS Marketing", "Total Spent", "Total Orders", "Note",
          "Tax Exempt", "Tags"]
SECOND_ACCOUNT = 0.03  # guest checkouts: a second account with another e-mail


class Customer:
    def __init__(self, key, person, email):
        self.key, self.person, self.email = key, person, email
        self.phone = ""


def online(person, end):
    """The younger, the likelier; about 45 % in all."""
    age = (end - person.birth).days / 365.25
    return 0.62 if age < 35 else 0.5 if age < 50 else 0.3 if age < 65 else 0.16


def row_of(rnd, customer):
    person, home = customer.person, customer.person.household
    given, surname, email = person.given, person.surname, customer.email
    if person.former and rnd.random() < 0.5:
        surname = person.former
    if rnd.random() < 0.1:
        given = noise.nickname(rnd, given)
    if rnd.random() < 0.03:
        given, surname = surname, given
    elif rnd.random() < 0.03:
        given, surname = f"{surname}, {given}", ""
    if rnd.random() < 0.2:
        given, surname = given.lower(), surname.lower()
    if rnd.random() < 0.15:
        email = email.upper()
    addressed = rnd.random() < 0.8
    customer.phone = person.mobile if rnd.random() < 0.6 else ""
    orders = 0 if rnd.random() < 0.15 else min(60, 1 + int(rnd.expovariate(0.35)))
    street = f"{home.street} {rnd.choice(home.suffix)}"
    return [
        "'" + customer.key, given, surname, email, "yes" if rnd.random() < 0.55 else "no",
        rnd.choice(invented.COMPANIES) if rnd.random() < 0.06 else "",
        (street.upper() if rnd.random() < 0.2 else street) if addressed else "",
        (f"Apt {home.unit}" if rnd.random() < 0.5 else home.unit) if addressed and home.unit else "",
        home.city if addressed else "", "OH" if addressed else "", "US" if addressed else "",
        home.postal_code + (f"-{rnd.randrange(10000):04d}" if rnd.random() < 0.1 else "") if addressed else "",
        noise.telephone(rnd, rnd.choice([person.mobile, home.landline])) if addressed and rnd.random() < 0.4 else "",
        "'+1" + customer.phone if customer.phone else "", "yes" if rnd.random() < 0.2 else "no",
        f"{sum(rnd.lognormvariate(3.3, 0.6) for _ in range(orders)):.2f}", str(orders),
        rnd.choice(["Leave at the door", 'Asked for "no substitutions"', "Gift wrap", "Call first; dog"])
        if rnd.random() < 0.05 else "",
        "no", rnd.choice(["", "", "", "newsletter", "vip, newsletter", "pickup"])]


def write(path, people, end, rnd):
    customers = []
    for person in people:
        if rnd.random() >= online(person, end):
            continue
        email = person.other_email if person.other_email and rnd.random() < 0.5 else person.email
        customers.append(Customer("", person, email))
        if rnd.random() < SECOND_ACCOUNT and person.other_email:
            other = person.email if email == person.other_email else person.other_email
            customers.append(Customer("", person, other))
    rnd.shuffle(customers)
    key = 7401200000000
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        for customer in customers:
            key += rnd.randrange(1000, 90000)
            customer.key = str(key)
            writer.writerow(row_of(rnd, customer))
    return customers, [("shop", customer.key, customer.person.entity) for customer in customers]


def count(customers):
    return {"customers": len(customers), "second accounts": len(customers) - len({c.person.entity for c in customers})}
