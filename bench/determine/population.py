"""Made-up cases with two to four coverages and every fact known: what a clinic's billers meet, in a realistic mix.

Half have two coverages, a third three, the rest four (2.67 on average): couples, children of parents together and
apart, court orders, Medicare by age, disability and kidney failure, COBRA, retirees, TRICARE and Medicaid.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

Case = dict[str, Any]
COUNTS, COUNT_WEIGHTS = (2, 3, 4), (50, 33, 17)
SIZES, SIZE_WEIGHTS = ("<20", "20-99", "100+"), (25, 30, 45)


def cases(count: int, seed: int = 20_260_310) -> Iterator[Case]:
    """So many cases, the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        yield _Maker(random, number).case()


class _Maker:
    """Puts one case together: a patient, the people around, then cards until there are enough."""

    def __init__(self, random: Random, number: int) -> None:
        self.random = random
        self.case_: Case = {
            "id": f"case {number}",
            "claim": {"dos": self.day(2024, 2026), "service": "professional", "related_to": ["none"]},
            "patient": "P",
            "people": {"P": {}},
            "coverages": [],
        }

    def case(self) -> Case:
        """A case of one of the families, the cards in no order."""
        wanted = self.random.choices(COUNTS, COUNT_WEIGHTS)[0]
        family = self.random.choices((self.couple, self.child, self.medicare), (35, 25, 40))[0]
        family(wanted)
        self.random.shuffle(self.cards)
        return self.case_

    @property
    def cards(self) -> list[Case]:
        """The cards so far."""
        return self.case_["coverages"]

    def day(self, first: int, last: int) -> str:
        """Some day of those years."""
        pick = self.random.randint
        return f"{pick(first, last)}-{pick(1, 12):02d}-{pick(1, 28):02d}"

    def months_before(self, least: int, most: int) -> str:
        """Some day so many months before the visit."""
        dos = self.case_["claim"]["dos"]
        month = int(dos[:4]) * 12 + int(dos[5:7]) - 1 - self.random.randint(least, most)
        return f"{month // 12}-{month % 12 + 1:02d}-{self.random.randint(1, 28):02d}"

    def born(self, youngest: int, oldest: int) -> None:
        """A date of birth that makes the patient about that old."""
        self.case_["people"]["P"]["birth_date"] = self.months_before(youngest * 12 + 1, oldest * 12)

    def card(self, kind: str, subscriber: str = "P") -> Case:
        """A card in force."""
        card = {
            "id": f"{kind} {len(self.cards)}",
            "payer": f"Payer {self.random.randint(1, 400)}",
            "kind": kind,
            "subscriber": subscriber,
            "effective": self.months_before(40, 200),
            "last_covered_day": None,
        }
        self.cards.append(card)
        return card

    def job(self, subscriber: str, standing: str, relationship: str | None = None) -> Case:
        """An employer's plan: active, retired or continued."""
        card = self.card("employer", subscriber)
        working, ended = standing == "active", self.months_before(1, 30)
        card |= {
            "work_status": "retired" if standing == "retired" else "active",
            "continuation": "cobra" if standing == "cobra" else "none",
            "employment": {
                "status": "working" if working else "retired" if standing == "retired" else "terminated",
                "last_day": "never" if working else ended,
            },
            "employer": {"size": self.random.choices(SIZES, SIZE_WEIGHTS)[0]},
            "patient_covered_since": self.a_day_of_its_own("patient_covered_since"),
            "subscriber_covered_since": self.a_day_of_its_own("subscriber_covered_since"),
            "paid_after_medicare_before_esrd": self.random.random() < 0.8,
        }
        if relationship:
            card["relationship"] = relationship
        if standing == "cobra":
            card["continuation_was"] = "employee" if subscriber == "P" else "dependent"
        return card

    def a_day_of_its_own(self, name: str) -> str:
        """A start that no other card has, so that nothing is shared equally."""
        taken = {card.get(name) for card in self.cards}
        while (day := self.months_before(1, 200)) in taken:
            pass
        return day

    def standing(self, active: int = 70) -> str:
        """Mostly somebody working."""
        return self.random.choices(
            ("active", "retired", "cobra"), (active, (100 - active) * 2 // 3, (100 - active) // 3)
        )[0]

    def couple(self, wanted: int) -> None:
        """Somebody under 65 on an own plan, a second one, or a spouse's."""
        self.born(27, 62)
        self.case_["people"]["S"] = {"relation": "spouse", "birth_date": self.day(1960, 1998)}
        self.job("P", self.standing())
        if self.random.random() < 0.75:
            self.job("S", self.standing(80), "spouse")
        self.fill(wanted)

    def child(self, wanted: int) -> None:
        """A child on the parents' plans, and perhaps step-parents'."""
        self.born(0, 17)
        people = self.case_["people"]
        people |= {
            "M": {"relation": "mother", "birth_month_day": self.day(2024, 2024)[5:]},
            "F": {"relation": "father", "birth_month_day": self.day(2024, 2024)[5:]},
        }
        if self.random.random() < 0.05:
            people["F"]["birth_month_day"] = people["M"]["birth_month_day"]
        together = self.random.random() < 0.55
        terms = "none" if together else self.random.choices(("none", "one_parent", "both_parents"), (55, 35, 10))[0]
        self.case_["child"] = {
            "parents_living_together": together,
            "custodial_parent": self.random.choice(["M", "M", "F"]),
            "decree": {
                "terms": terms,
                "responsible_parent": self.random.choice("MF") if terms == "one_parent" else None,
            },
        }
        for parent in "MF":
            card = self.job(parent, self.standing(90), "child")
            card["decree_notified_on"] = self.months_before(30, 60) if terms == "one_parent" else "never"
        if not together and terms != "both_parents" and wanted > 2:
            people["MS"] = {"relation": "stepparent", "birth_date": self.day(1975, 1995), "spouse": "M"}
            self.job("MS", "active", "stepchild")["decree_notified_on"] = "never"
        self.fill(wanted)

    def medicare(self, wanted: int) -> None:
        """Somebody with Medicare by age, disability or kidney failure, and a job plan in the house."""
        why = self.random.choices(("age", "disability", "kidney"), (76, 18, 6))[0]
        self.born(*{"age": (66, 88), "disability": (30, 62), "kidney": (30, 80)}[why])
        self.card("medicare")
        since = self.months_before(1, 60)
        self.case_["medicare"] = {
            "part_a": {"from": since, "to": None},
            "part_b": {"from": since, "to": None},
            "premium_free_part_a": self.random.random() < 0.97,
            "retro_award_date": "never",
            "basis": {why: since[:7]} if why != "kidney" else self.kidney_bases(),
        }
        if why == "kidney":
            self.case_["medicare"]["esrd"] = self.kidney()
        self.case_["people"]["S"] = {"relation": "spouse", "birth_date": self.day(1940, 1985)}
        self.job(*self.random.choice([("P", self.standing(55)), ("S", self.standing(70), "spouse")]))
        self.fill(wanted)

    def kidney_bases(self) -> dict[str, str]:
        """Kidney failure alone or beside another basis."""
        bases = {"esrd": self.months_before(0, 40)[:7]}
        if self.random.random() < 0.4:
            bases["disability"] = self.months_before(1, 70)[:7]
        return bases

    def kidney(self) -> dict[str, str]:
        """Dialysis in a centre or at home, seldom a transplant."""
        dialysis = self.months_before(4, 60)
        return {
            "first_dialysis": dialysis,
            "self_training_start": dialysis if self.random.random() < 0.15 else "never",
            "transplant": self.months_before(0, 30) if self.random.random() < 0.2 else "never",
            "preop_admission": "never",
            "dialysis_end": "never",
        }

    def fill(self, wanted: int) -> None:
        """More cards until there are enough: those that often come along, each once, and for adults further jobs."""
        also = ["medicaid", "tricare", *(["medigap"] if "medicare" in self.case_ else [])]
        self.random.shuffle(also)
        while len(self.cards) < wanted:
            if "child" in self.case_ or (also and self.random.random() < 0.6):
                kind = also.pop()
                self.card(kind)
                if kind == "tricare":
                    self.case_["military"] = {"beneficiary": "retiree_family"}
            else:
                subscriber = self.random.choice(list(self.case_["people"]))
                self.job(subscriber, self.standing(), "spouse" if subscriber == "S" else None)
