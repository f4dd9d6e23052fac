"""By which way a claim leaves: the one the practice's own claim took, or from site to payer when it took none."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from claims.models import Claim, EdiFile
from cob.accounts.models import Site
from cob.x12.errors import X12Error
from cob.x12.fitting import fitted
from cob.x12.parts import Contact, Envelope, Party
from cob.x12.read837p import read_837p
from cob.x12.t837p import Batch837P, Claim837P

TEST, PRODUCTION = "T", "P"


@dataclass(frozen=True, slots=True)
class Route:
    """Sender and receiver of the envelope (ISA, GS) and of the transaction (NM1*41, NM1*40)."""

    sender: tuple[str, str]
    receiver: tuple[str, str]
    group: tuple[str, str]
    usage: str
    submitter: Party
    contacts: tuple[Contact, ...]
    addressee: Party


def route_of(claim: Claim, addressed: Claim837P) -> Route:
    """The way for this claim to the payer it is addressed to."""
    site = claim.site
    own = _of_site(site, addressed)
    taken = _taken_by(claim.file_id) if claim.file_id else None
    if taken is None:
        return own
    # Sent straight to a payer, the file is addressed to the payer; through a clearinghouse, to the clearinghouse.
    first_payer = claim.content.get("payer", {}).get("party", {}).get("id", "")
    straight = taken.addressee.id == first_payer
    return replace(
        taken,
        contacts=taken.contacts or own.contacts,
        addressee=own.addressee if straight else taken.addressee,
        receiver=own.receiver if straight and taken.receiver[1] == first_payer else taken.receiver,
        group=(taken.group[0], own.group[1]) if straight and taken.group[1] == first_payer else taken.group,
    )


def route_to_payer(site: Site, payer: Party) -> Route:
    """The way for a question to a payer: through the clearinghouse of the site's newest claim file, else straight."""
    newest = Claim.objects.filter(site=site, file__kind="837P").order_by("-created_at").first()
    taken = _taken_by(newest.file_id) if newest and newest.file_id else None
    first_payer = newest.content.get("payer", {}).get("party", {}).get("id", "") if newest else ""
    if taken is None or taken.addressee.id == first_payer:
        return _straight(site, payer)
    return taken


def batch_for(
    claims: tuple[Claim837P, ...], route: Route, interchange: str, made_at: datetime, *, is_test: bool
) -> Batch837P:
    """Claims that go one way in one envelope, under a control number that the caller has taken."""
    number, made_on, made_time = str(int(interchange)), made_at.date(), f"{made_at:%H%M}"
    envelope = Envelope(
        sender_id=route.sender[1],
        sender_qualifier=route.sender[0],
        receiver_id=route.receiver[1],
        receiver_qualifier=route.receiver[0],
        group_sender=route.group[0],
        group_receiver=route.group[1],
        interchange_control=interchange,
        group_control=number,
        made_on=made_on,
        made_time=made_time,
        usage=TEST if is_test else route.usage,
    )
    return fitted(
        Batch837P(
            envelope=envelope,
            transaction_control="0001",
            reference=f"COB{interchange}",
            made_on=made_on,
            made_time=made_time,
            submitter=route.submitter,
            submitter_contacts=route.contacts,
            receiver=route.addressee,
            claims=claims,
        )
    )


def _of_site(site: Site, addressed: Claim837P) -> Route:
    return _straight(site, addressed.payer.party)


def _straight(site: Site, party: Party) -> Route:
    sender = site.tax_id or site.npi
    return Route(
        sender=("ZZ", sender),
        receiver=("ZZ", party.id),
        group=(sender, party.id),
        usage=PRODUCTION,
        submitter=Party("41", site.name, id_qualifier="46", id=sender),
        contacts=(Contact(site.name, (("TE", site.phone),)),) if site.phone else (),
        addressee=Party("40", party.name, id_qualifier="46", id=party.id),
    )


def _taken_by(file_id: uuid.UUID) -> Route | None:
    """None when the file cannot be read now; that is not remembered, for the next try may succeed."""
    try:
        return _head_of(file_id)
    except (OSError, X12Error):
        return None


@lru_cache(maxsize=64)
def _head_of(file_id: uuid.UUID) -> Route | None:
    """The head of the file the claim came in; a kept file never changes. None when it has no envelope."""
    with EdiFile.objects.only("kept").get(pk=file_id).kept.open("rb") as source:
        head = next((event for event in read_837p(source) if isinstance(event, Batch837P)), None)
    if head is None or head.envelope is None:
        return None
    envelope = head.envelope
    return Route(
        sender=(envelope.sender_qualifier, envelope.sender_id),
        receiver=(envelope.receiver_qualifier, envelope.receiver_id),
        group=(envelope.group_sender, envelope.group_receiver),
        usage=envelope.usage,
        submitter=head.submitter,
        contacts=head.submitter_contacts,
        addressee=head.receiver,
    )
