"""One person under two numbers, or two charts for one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import Card, Picture


@flag("SAME-PERSON", "Name or number differs", "837P subscriber and patient loops", is_unconfirmed=True)
def same_person(picture: Picture) -> Iterator[Sign]:
    """A payer that knows the person by another name or number rejects the claim before anybody reads it."""
    for chart in picture.charts_alike:
        yield Sign(
            saw=f"Chart {chart} has the same member number and birth date.",
            do="See whether it is the same person, and bring name and number to what the card says.",
            place=Place.PATIENT,
            tone="bad",
            by=picture.before_visit,
        )
    by_payer: defaultdict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in picture.in_force:
        if card.relationship == "self" and card.member_id:
            by_payer[card.payer_id or card.payer, card.kind].append(card)
    for cards in by_payer.values():
        if len({card.member_id for card in cards}) > 1:
            yield Sign(
                saw=f"Two member numbers with {cards[0].payer} are in force at once.",
                do="Ask the payer which number is the patient’s now, and end the other coverage.",
                place=Place.COVERAGE,
                tone="bad",
                by=picture.before_visit,
                about=cards[-1].id,
            )
