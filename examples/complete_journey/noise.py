# SPDX-License-Identifier: PostgreSQL
"""How data entry damages a value. Every function takes the random generator that decides."""
import invented

NEAR = {"a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
        "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
        "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x"}


def weighted(rnd, choices):
    values, weights = zip(*choices)
    return rnd.choices(values, weights)[0]


def typo(rnd, text):
    """One letter lost, doubled, swapped with the next or replaced by a neighbour on the keyboard."""
    letters = [i for i, c in enumerate(text) if c.isalpha() and i > 0]
    if not letters:
        return text
    i, kind = rnd.choice(letters), rnd.randrange(4)
    if kind == 0:
        return text[:i] + text[i + 1:]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2 and i + 1 < len(text):
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    return text[:i] + rnd.choice(NEAR.get(text[i].lower(), "e")) + text[i + 1:]


def nickname(rnd, given):
    return rnd.choice(invented.NICKNAMES.get(given, [given]))


def telephone(rnd, digits):
    """Ten digits in one of the ways people write them."""
    if not digits:
        return ""
    a, b, c = digits[:3], digits[3:6], digits[6:]
    return rnd.choice([digits, f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"+1{digits}", f"1-{a}-{b}-{c}",
                       f"{a} {b} {c}"])


def date(rnd, day):
    """A date entered with day and month swapped where both readings exist, else with a wrong digit."""
    if day.day <= 12 and rnd.random() < 0.7:
        return f"{day.year:04d}-{day.day:02d}-{day.month:02d}"
    return f"{day.year + rnd.choice((-10, -1, 1, 10)):04d}-{day.month:02d}-{day.day:02d}"
