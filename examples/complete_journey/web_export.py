# SPDX-License-Identifier: PostgreSQL
"""web_events.jsonl: what a website's collector receives, in the Segment spec. Devices are anonymous until their
user logs in; some never do, some are shared, some have a wrong clock (timestamp and sentAt off by the same
amount, receivedAt right)."""
import collections
import datetime
import json
import uuid

DAYS = 182
AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Safari",
          "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari"]
HOURS = [1, 1, 0, 0, 0, 1, 2, 4, 5, 6, 6, 6, 7, 6, 5, 5, 6, 7, 9, 11, 12, 11, 7, 3]


class Device:
    def __init__(self, rnd, users, weight):
        self.id = str(uuid.UUID(int=rnd.getrandbits(128), version=4))
        self.users, self.weight = users, weight  # users: (person, customer or None)
        self.logged_in = None
        self.agent, self.ip = rnd.choice(AGENTS), f"203.0.113.{rnd.randrange(1, 255)}"
        self.skew = datetime.timedelta(hours=rnd.choice((-7, -5, 3, 26))) if rnd.random() < 0.03 else None


class Collector:
    def __init__(self, rnd, products, end):
        self.rnd, self.products, self.end = rnd, products, end
        self.messages = []  # (received, text)
        self.order = 100000
        self.baskets = collections.Counter()

    def add(self, device, kind, when, properties=None, event=None, traits=None):
        rnd = self.rnd
        received = when + datetime.timedelta(milliseconds=rnd.randrange(300, 9000))
        clock = device.skew or datetime.timedelta()
        sent = received - datetime.timedelta(milliseconds=rnd.randrange(50, 250))
        message = {"type": kind, "messageId": "ajs-" + str(uuid.UUID(int=rnd.getrandbits(128), version=4)),
                   "anonymousId": device.id}
        if device.logged_in:
            message["userId"] = device.logged_in.key
        message.update(timestamp=stamp(when + clock), sentAt=stamp(sent + clock), receivedAt=stamp(received),
                       context={"ip": device.ip, "userAgent": device.agent,
                                "library": {"name": "analytics.js", "version": "2.11.1"}})
        if event:
            message["event"] = event
        if properties is not None:
            message["properties"] = properties
        if traits is not None:
            message["traits"] = traits
        self.messages.append((received, message))

    def session(self, device):
        """When a visit begins, and by which of the device's users."""
        rnd = self.rnd
        person, customer = rnd.choice(device.users)
        day = self.end - datetime.timedelta(days=rnd.randrange(1, DAYS))
        when = datetime.datetime.combine(day, datetime.time(rnd.choices(range(24), HOURS)[0], rnd.randrange(60),
                                                            rnd.randrange(60), rnd.randrange(1000) * 1000))
        return when, person, customer

    def play(self, device, when, person, customer):
        """One visit: pages and products, perhaps a basket, perhaps an order."""
        rnd = self.rnd
        if device.logged_in is not customer:
            device.logged_in = None  # another user of a shared device logs the first one out

        def later():
            nonlocal when
            when += datetime.timedelta(milliseconds=rnd.randrange(4000, 150000))
            return when

        self.add(device, "page", when, {"name": "Home", "path": "/", "url": "https://shop.example/",
                                        "referrer": rnd.choice(["", "https://search.example/", "https://news.example/"])})
        if customer and device.logged_in is not customer and rnd.random() < 0.6:
            device.logged_in = customer
            traits = {"email": customer.email, "firstName": person.given, "lastName": person.surname}
            if customer.phone:
                traits["phone"] = "+1" + customer.phone
            if rnd.random() < 0.3:
                traits["address"] = {"city": person.household.city, "state": "OH", "country": "US",
                                     "postalCode": person.household.postal_code}
            self.add(device, "identify", later(), traits=traits)
        basket = []
        liked = person.household.bought
        for _ in range(rnd.choice((1, 1, 2, 2, 3, 4, 6))):
            product = rnd.choice(liked) if liked and rnd.random() < 0.7 else rnd.choice(self.products)
            shown = dict(product, currency="USD")
            self.add(device, "track", later(), shown, "Product Viewed")
            if rnd.random() < 0.35:
                quantity = rnd.choice((1, 1, 1, 2, 3))
                basket.append(dict(product, quantity=quantity))
                self.add(device, "track", later(), dict(shown, quantity=quantity), "Product Added")
        if basket and rnd.random() < 0.55:
            self.order += 1
            value = round(sum(item["price"] * item["quantity"] for item in basket), 2)
            order = {"order_id": f"W{self.order}", "value": value, "currency": "USD", "products": basket,
                     "category": basket[0]["category"], "price": value}
            self.add(device, "track", later(), order, "Checkout Started")
            if device.logged_in and rnd.random() < 0.7:
                self.add(device, "track", later(), dict(order, total=value, revenue=value), "Order Completed")


def stamp(when):
    return when.isoformat(timespec="milliseconds") + "Z"


def make_devices(rnd, people, customers):
    by_person = {}
    for customer in customers:
        by_person.setdefault(customer.person.entity, customer)
    devices = []
    for customer in customers:
        if rnd.random() < 0.62 and by_person[customer.person.entity] is customer:
            for _ in range(1 if rnd.random() < 0.7 else 2):
                devices.append(Device(rnd, [(customer.person, customer)], 3))
    shared = [h for h in dict.fromkeys(p.household for p in people)
              if sum(a.entity in by_person for a in h.adults) >= 2]
    for household in rnd.sample(shared, min(len(shared), 25)):
        users = [(a, by_person[a.entity]) for a in household.adults if a.entity in by_person][:2]
        devices.append(Device(rnd, users, 6))
    for person in rnd.sample(people, len(people) // 6):  # anonymous for ever
        devices.append(Device(rnd, [(person, None)], 1))
    return devices


def write(path, people, customers, products, end, target, rnd):
    collector = Collector(rnd, products, end)
    devices = make_devices(rnd, people, customers)
    weights = [device.weight for device in devices]
    visits = []
    for _ in range(int(target / 5.55)):
        device = rnd.choices(devices, weights)[0]
        visits.append((device, collector.session(device)))
    visits.sort(key=lambda visit: (visit[1][0], visit[0].id))
    for device, (when, person, customer) in visits:
        collector.play(device, when, person, customer)
    messages = sorted(collector.messages, key=lambda item: item[0])
    lines = [(received, json.dumps(message, separators=(",", ":"))) for received, message in messages]
    again = rnd.sample(range(len(messages)), len(messages) // 100)
    for index in again:  # the client had no answer and sent it once more
        received = messages[index][0] + datetime.timedelta(seconds=rnd.randrange(20, 40000))
        lines.append((received, json.dumps(dict(messages[index][1], receivedAt=stamp(received)), separators=(",", ":"))))
    broken = rnd.sample(range(len(messages)), 12)
    for ordinal, index in enumerate(broken):
        received, message = messages[index][0], dict(messages[index][1])
        if ordinal < 5:
            text = json.dumps(message, separators=(",", ":"))[:rnd.randrange(40, 200)]
        else:
            message["messageId"] += "-x"
            for key in (("anonymousId", "userId"), ("messageId",), ("type",))[ordinal % 3]:
                message.pop(key, None)
            text = json.dumps(message, separators=(",", ":"))
        lines.append((received, text))
    lines.sort(key=lambda item: item[0])
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(text + "\n" for _, text in lines)
    truth = {("web_device", message["anonymousId"]): set() for _, message in messages}
    seen = {}
    for device in devices:
        if ("web_device", device.id) in truth:
            truth[("web_device", device.id)] = {person.entity for person, _ in device.users}
    for _, message in messages:
        if "userId" in message:
            seen[message["userId"]] = None
    owner = {customer.key: customer.person.entity for customer in customers}
    rows = [(source, key, entity) for (source, key), entities in truth.items() for entity in sorted(entities)]
    rows += [("web_user", key, owner[key]) for key in seen]
    counts = {"lines": len(lines), "messages sent twice": len(again), "broken": len(broken), "devices": len(truth),
              "devices of two people": sum(len(entities) > 1 for entities in truth.values()),
              "logged-in users": len(seen)}
    return counts, rows
