"""What a run found, added up for whoever looks: by site, person, payer, rule and the fact to ask for; and the rows
behind each figure. Each is one query, for one row as for a million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from claims.auditing.running import added_up
from claims.models import OrderAudit, OrderDifference
from claims.models.order_audit import OrderDifferenceQuerySet
from cob.accounts.models import User

# Of a long list the costliest are shown; the file has all of them. One more is read, to know whether there are more.
MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One site, person, payer or rule: how many claims, what is at stake; `wanted` are the filters that find them."""

    key: tuple[Any, ...]
    claims: int
    take_back_cents: int
    at_stake_cents: int
    wanted: dict[str, str]


def seen_by(user: User, run: OrderAudit) -> OrderDifferenceQuerySet:
    """What the run found at the user's sites."""
    return OrderDifference.objects.visible_to(user).filter(run=run)


def counts(user: User, run: OrderAudit) -> dict[str, int]:
    """Claims asked, different, open, at the user's sites."""
    mine = None if user.sees_all_sites else {str(pk) for pk in user.site_ids()}
    by_site = [
        (site, of_site)
        for part in run.parts.values_list("counts", flat=True)
        for site, of_site in part.items()
        if mine is None or site in mine
    ]
    return added_up([of_site for _, of_site in by_site])


def stakes(rows: OrderDifferenceQuerySet) -> dict[str, int]:
    """Money on the claims that differ, and how many patients they are of."""
    said = rows.differ().aggregate(
        take_back=Sum("take_back_cents"),
        open=Sum("open_cents"),
        patient=Sum("patient_cents"),
        at_stake=Sum("at_stake_cents"),
        patients=Count("claim__patient", distinct=True),
    )
    return {name: value or 0 for name, value in said.items()}


def by(rows: OrderDifferenceQuerySet, *columns: str) -> list[Line]:
    """The claims that differ by some columns, the costliest first."""
    differ = rows.differ().order_by().values_list(*columns)
    added = differ.annotate(n=Count("pk"), back=Sum("take_back_cents"), stake=Sum("at_stake_cents"))
    top = added.order_by("-stake", "-n", *columns)[: MOST_SHOWN + 1]
    return [Line(tuple(key), n, back, stake, _wanted(columns, key)) for *key, n, back, stake in top]


def by_question(rows: OrderDifferenceQuerySet) -> list[Line]:
    """The claims nobody can tell by the fact to ask for first, the most first."""
    asked = rows.cannot_tell().order_by().values_list("asks")
    added = asked.annotate(n=Count("pk"), stake=Sum("at_stake_cents")).order_by("-n", "asks")[: MOST_SHOWN + 1]
    return [Line((key,), n, 0, stake, {"kind": "open", "asks": key or "-"}) for key, n, stake in added]


def _wanted(columns: tuple[str, ...], key: list[Any]) -> dict[str, str]:
    return {name: str(value) if value not in (None, "") else "-" for name, value in zip(columns, key, strict=True)}


def narrowed(rows: OrderDifferenceQuerySet, wanted: Mapping[str, str]) -> OrderDifferenceQuerySet:
    """The rows behind a figure. A filter nobody can read asks for nothing."""
    kind = wanted.get("kind", "")
    rows = rows.cannot_tell() if kind == "open" else rows if kind == "all" else rows.differ()
    for name in ("site", "person", "payer"):
        if (value := wanted.get(name)) == "-":
            rows = rows.filter(**{name: None})
        elif value:
            rows = rows.filter(**{name: pk}) if (pk := _as_id(value)) else rows.none()
    for name in ("rule", "asks", "entered"):
        if value := wanted.get(name):
            rows = rows.filter(**{name: "" if value == "-" else value})
    return rows.order_by("-at_stake_cents", "pk")


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def names(lines: list[Line], *, place: int = 0) -> list[Any]:
    """The ids in one place of the keys, for looking up what they are called."""
    return [line.key[place] for line in lines if line.key[place]]
