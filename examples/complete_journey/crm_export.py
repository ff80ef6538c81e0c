# SPDX-License-Identifier: PostgreSQL
"""crm_contacts.csv: contacts as Salesforce exports them."""
import csv
import datetime
import io

import noise

HEADER = ["Id", "FirstName", "LastName", "Salutation", "Email", "MobilePhone", "HomePhone", "Birthdate",
          "MailingStreet", "MailingCity", "MailingState", "MailingPostalCode", "MailingCountry",
          "HasOptedOutOfEmail", "DoNotCall", "LoyaltyCard__c", "LeadSource", "LastModifiedDate"]
DUPLICATES = 0.06
JUNK_EMAIL = ["test@test.com", "N/A", "none@none.com", "noemail@example.com"]
JUNK_PHONE = ["0000000000", "5555555555", "1234567890", "N/A"]
IMPOSSIBLE_DATES = ["1979-02-30", "1985-13-05", "1968-04-31", "0000-00-00", "1991-06-00"]
SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def contact_id(number):
    """The 18 characters of Salesforce: 15, and 3 that tell the case of each of them."""
    alphabet, tail = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""
    value = number * 7919 + 123456789
    while value:
        value, digit = divmod(value, 62)
        tail = alphabet[digit] + tail
    key = "0035e" + tail.rjust(10, "0")
    for block in (key[0:5], key[5:10], key[10:15]):
        key += SUFFIX_LETTERS[sum(1 << i for i, c in enumerate(block) if c.isupper())]
    return key


def contact(rnd, person, end):
    """A contact as entered the first time: mostly right, often incomplete."""
    home = person.household
    street = f"{home.street} {rnd.choice(home.suffix)}"
    if home.unit:
        street += rnd.choice([f"\nApt {home.unit}", f", Unit {home.unit}", f" #{home.unit}"])
    modified = datetime.datetime.combine(end, datetime.time()) - datetime.timedelta(
        seconds=rnd.randrange(3600, 900 * 86400))
    row = {
        "FirstName": noise.nickname(rnd, person.given) if rnd.random() < 0.06 else person.given,
        "LastName": person.surname,
        "Salutation": "" if rnd.random() < 0.4 else "Mr." if person.sex == "m" else rnd.choice(["Ms.", "Mrs."]),
        "Email": "" if rnd.random() < 0.2 else person.email,
        "MobilePhone": "" if rnd.random() < 0.25 else noise.telephone(rnd, person.mobile),
        "HomePhone": "" if rnd.random() < 0.3 else noise.telephone(rnd, home.landline),
        "Birthdate": "" if rnd.random() < 0.3 else person.birth.isoformat(),
        "MailingStreet": street, "MailingCity": home.city, "MailingState": rnd.choice(["OH", "OH", "Ohio"]),
        "MailingPostalCode": home.postal_code, "MailingCountry": rnd.choice(["US", "USA", "United States", ""]),
        "HasOptedOutOfEmail": "true" if rnd.random() < 0.12 else "false",
        "DoNotCall": "true" if rnd.random() < 0.1 else "false",
        "LoyaltyCard__c": str(home.key) if person.holder and rnd.random() < 0.95 else "",
        "LeadSource": rnd.choice(["Store", "Store", "Web", "Phone Inquiry", "Partner Referral", ""]),
        "LastModifiedDate": modified.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    }
    if home.shared_email and rnd.random() < 0.4:
        row["Email"] = home.shared_email
    if rnd.random() < 0.08:
        row["MailingStreet"] = row["MailingCity"] = row["MailingState"] = row["MailingPostalCode"] = ""
    return row


def damage(rnd, person, row):
    """What makes a second entry of the same person hard to see: one to three of these errors."""
    for error in rnd.sample(range(9), rnd.choice((1, 2, 2, 3))):
        if error == 0:
            row["FirstName"] = noise.typo(rnd, row["FirstName"])
        elif error == 1:
            row["LastName"] = noise.typo(rnd, row["LastName"])
        elif error == 2:
            row["FirstName"] = noise.nickname(rnd, person.given)
        elif error == 3 and person.former:
            row["LastName"] = person.former
        elif error == 4 and row["Birthdate"]:
            row["Birthdate"] = noise.date(rnd, person.birth)
        elif error == 5:
            row["Email"] = person.other_email
        elif error == 6:
            row["MailingStreet"] = noise.typo(rnd, row["MailingStreet"])
        elif error == 7:
            row["MobilePhone"] = ""
        elif error == 8:
            row["FirstName"], row["LastName"] = row["FirstName"].upper(), row["LastName"].upper()
    return row


def spoil(rnd, rows, counts):
    """Junk, impossible dates and bad e-mails in a few contacts."""
    def pick(share):
        return rnd.sample(rows, max(3, int(len(rows) * share)))

    for row in pick(0.012):
        row["Email"] = rnd.choice(JUNK_EMAIL)
        counts["junk values"] += 1
    for row in pick(0.010):
        row["MobilePhone"] = rnd.choice(JUNK_PHONE)
        counts["junk values"] += 1
    for row in pick(0.008):
        row["Birthdate"] = "1900-01-01"
        counts["junk values"] += 1
    for row in pick(0.003):
        row["Birthdate"] = rnd.choice(IMPOSSIBLE_DATES)
        counts["impossible dates"] += 1
    for row in pick(0.004):
        local, _, domain = row["Email"].partition("@") if "@" in row["Email"] else ("info", "", "example.com")
        row["Email"] = rnd.choice([f"{local}@", f"{local}@@{domain}", f"{local} at {domain}", f"{local}@{domain},",
                                   f"@{domain}", f"{local}.{domain}"])
        counts["bad e-mails"] += 1


def line(row):
    text = io.StringIO()
    csv.DictWriter(text, HEADER, lineterminator="\n").writerow(row)
    return text.getvalue()


def broken(kind, row):
    """A line that no CSV reader can take: kinds 0, 1 and 2."""
    if kind == 0:  # a quote that never closes
        row = dict(row, MailingStreet=row["MailingStreet"].split("\n")[0].split(",")[0])
        return line(row).replace("," + row["MailingStreet"] + ",", ',"' + row["MailingStreet"] + ",", 1)
    row = dict(row, MailingStreet="12 Depot Street")
    if kind == 1:  # cut off by a full disk
        return ",".join(line(row).split(",")[:11]) + "\n"
    return line(row).replace("12 Depot Street", "12 Depot Street, Rear", 1)  # a comma nobody quoted


def write(path, people, end, rnd):
    counts = {"contacts": 0, "duplicates": 0, "junk values": 0, "impossible dates": 0, "bad e-mails": 0,
              "broken lines": 6}
    rows = []
    for person in people:
        if rnd.random() < (0.78 if person.holder else 0.53):
            rows.append((person, contact(rnd, person, end)))
    for person, _ in rnd.sample(rows, round(len(rows) * DUPLICATES)):
        rows.append((person, damage(rnd, person, contact(rnd, person, end))))
        counts["duplicates"] += 1
    rnd.shuffle(rows)
    truth = []
    for number, (person, row) in enumerate(rows):
        row["Id"] = contact_id(number)
        truth.append(("crm", row["Id"], person.entity))
    spoil(rnd, [row for _, row in rows], counts)
    counts["contacts"] = len(rows)
    with_street = [i for i, (_, row) in enumerate(rows) if row["MailingStreet"]]
    bad = {index: ordinal % 3 for ordinal, index in enumerate(sorted(rnd.sample(with_street, 6)))}
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(HEADER) + "\n")
        for index, (_, row) in enumerate(rows):
            file.write(broken(bad[index], row) if index in bad else line(row))
    return counts, truth
