"""How hard a text is to read: the Flesch-Kincaid grade, counted by hand.

Names are left out of the count of syllables, as is usual: a reader knows the word on the own card.
"""

from __future__ import annotations

import re

NAMES = frozenset("medicare medicaid tricare champva medigap cobra chip pace va ihs advantage dialysis".split())


def sentences(text):
    """A text cut where a reader pauses: at full stops, question marks, colons and line ends."""
    return [one for one in re.split(r"[.?!:]+(?:\s|$)|\n+", text) if re.search(r"[a-zA-Z]", one)]


def words(text):
    return re.findall(r"[A-Za-z][A-Za-z'’-]*|\d[\d/]*", text)


def syllables(word):
    """Groups of vowels, a silent e at the end left out; names and figures count one."""
    low = word.lower().strip("'’-").removesuffix("'s").removesuffix("’s")
    if low in NAMES or not low.isalpha():
        return 1 if "-" not in low else sum(map(syllables, low.split("-")))
    groups = len(re.findall(r"[aeiouy]+", low))
    silent = low.endswith("e") and not low.endswith("le") and groups > 1
    silent = silent or (low.endswith("ed") and low[-3] not in "td" and groups > 1)
    return max(groups - silent, 1)


def grade(text):
    """The school year whose pupils read this with ease."""
    said, every = sentences(text), words(text)
    return 0.39 * len(every) / len(said) + 11.8 * sum(map(syllables, every)) / len(every) - 15.59
