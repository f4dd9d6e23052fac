"""Pictures as the tables of these tests draw them: Rosa, born 2 April 1980, who comes on 20 October 2026."""

from __future__ import annotations

from datetime import date

from cob.rules.frontdesk import Card, Holder, Order, Picture, flags_for

TODAY = date(2026, 10, 19)
BORN = date(1980, 4, 2)
VISIT = date(2026, 10, 20)
PARENTS = {name: Holder(name, name.capitalize(), True, True, True, name) for name in ("mother", "father")}


def card(payer="Acme Health", *, kind="employer", relationship="self", facts=None, **given):
    """A coverage in force since 2020; `facts` are the contract's, named as in it."""
    columns = {name: given.pop(name) for name in list(given) if name in Card.__dataclass_fields__}
    said = {"kind": kind, "relationship": relationship, "effective": "2020-01-01", "last_covered_day": None}
    return Card(id=columns.pop("id", payer), payer=payer, payer_id=columns.pop("payer_id", payer.upper()),
                said={**said, **(facts or {}), **given}, **columns)  # fmt: skip


def picture(*cards, today=TODAY, born_on=BORN, visit_on=VISIT, case=None, **given):
    return Picture(today=today, born_on=born_on, visit_on=visit_on, cards=cards, case=case or {}, **given)


def order(status="determined", **given):
    return Order(status, date(2026, 10, 1), VISIT, **given)


def ids(seen):
    """The flags that stand on a picture."""
    return {raised.id for raised in flags_for(seen)}


def the(flag_id, seen):
    """The one raised flag of that name."""
    (found,) = [raised for raised in flags_for(seen) if raised.id == flag_id]
    return found
