"""Children with two parents' plans, and marriages that ended."""

from __future__ import annotations

from collections.abc import Iterator

from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import COMMERCIAL, COUPLES, Card, Picture


@flag("CHILD-TWO", "Child on two plans", "MDL-120 §6.D(2)")
def child_of_two_plans(picture: Picture) -> Iterator[Sign]:
    """The parents’ birthdays order a child’s two plans; where the parents live apart a court order or custody does."""
    cards = [card for card in picture.of(COMMERCIAL) if card.is_as_child]
    if len({card.holder.key if card.holder else card.id for card in cards}) < 2 or not picture.needs_order:
        return
    lacks = _unknown(picture, cards)
    yield Sign(
        saw=f"{' and '.join(card.payer for card in cards)} both cover the child"
        + (f"; not known: {', '.join(lacks)}." if lacks else "."),
        do="Ask for both parents’ birthdays and who the child lives with; take a copy of the court order if apart."
        if lacks
        else "Ask what the order still needs, and put the verdict on file.",
        place=Place.CHILD,
        by=picture.before_visit,
    )


def _unknown(picture: Picture, cards: list[Card]) -> list[str]:
    together = picture.fact("child.parents_living_together")
    lacks = [f"{card.holder.name}’s birthday" for card in cards if card.holder and not card.holder.has_birthday]
    if together is None:
        lacks.append("whether the parents live together")
    if together is not True and picture.fact("child.custodial_parent") is None:
        lacks.append("custody")
    if together is not True and picture.fact("child.decree.terms") is None:
        lacks.append("whether a court order speaks of health care")
    return lacks


@flag(
    "DIVORCE", "Divorce or separation", "MDL-120 §6.D(2)(b)", queue="WQ11",
    gone="The spouse’s plan has its last day, or the patient is no longer its spouse.",
)  # fmt: skip
def marriage_ended(picture: Picture) -> Iterator[Sign]:
    """A spouse’s plan usually ends with the marriage, and a child’s plans then follow custody, not birthdays."""
    for card in picture.in_force:
        if card.relationship not in COUPLES or card.ends is not None:
            continue
        by_person = card.holder is not None and card.holder.relation == "divorced_spouse"
        if by_person or picture.marital_status in ("separated", "divorced"):
            word = "separated" if picture.marital_status == "separated" and not by_person else "divorced"
            yield Sign(
                saw=f"The patient is {word}, and {card.payer} still covers the patient as a spouse.",
                do="Ask when the plan ends or whether it goes on, correct the relationship, settle the order anew.",
                place=Place.COVERAGE,
                by=picture.before_visit,
                about=card.id,
            )
