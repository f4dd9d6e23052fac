"""What the invented staff have done with their work so far: some items taken, some waiting, most still nobody's."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice

from cob.accounts.models import User
from cob.audit.acting import acting
from workqueues import actions
from workqueues.models import Item
from workqueues.models.choices import Channel, Outcome

CALLS = (
    ("Asked which payer they hold as first; they will update the file.", "Provider line"),
    ("They still wait for the member's answer about other insurance.", "Member services"),
    ("Claim found; they want the first payer's answer with it.", "Claims department"),
)


def worked(people: dict[str, User], today: date) -> None:
    """Denials for Dee, submissions for Ben, exceptions for Pat: a few each, in the order the queue gives them."""
    for name, queue, count in (
        ("dee", "cob-denials", 9),
        ("ben", "secondary-submission", 7),
        ("pat", "posting-exceptions", 3),
    ):
        by = people[name]
        with acting(by):
            items = Item.objects.open().filter(queue=queue, site__in=by.site_ids()).order_by("priority", "due_at", "id")
            for place, (item, call) in enumerate(zip(islice(items, count), cycle(CALLS), strict=False)):
                _work(item, by, place, call, today)


def _work(item: Item, by: User, place: int, call: tuple[str, str], today: date) -> None:
    item = actions.take(item=item, by=by)
    text, party = call
    if place % 3 == 0:
        told = {"channel": Channel.PHONE, "party": party, "outcome": Outcome.REACHED, "text": text}
        actions.add_contact(item=item, by=by, reference=f"{today:%y%m}{place:03}-R", **told)
    if place % 3 == 1:
        actions.set_aside(item=item, waiting_for=party, until=today + timedelta(days=5 + place), by=by)
    elif place % 3 == 2:
        actions.add_note(item=item, by=by, text="Card copy asked for at the next visit.")
        actions.plan(item=item, next_action="Call the payer again", on=today + timedelta(days=2), by=by)
