"""The made-up practice's sites and people: one person for each role, and one elsewhere who must see nothing of it.

Their passphrase is public, so they exist only where nothing is reached over a network.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from cob.accounts.models import Site, User
from cob.accounts.roles import ROLES, Role

PASSPHRASE = "open-the-desk"  # noqa: S105  printed at start; refused in production
EMAIL_DOMAIN = "demo.invalid"  # by it a demo person is told from a real one


class NotForProduction(RuntimeError):
    """People whose passphrase everybody knows were asked for in production."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    role: Role
    site: str  # codes, comma separated; empty for a role that sees every site

    @property
    def role_label(self) -> str:
        return ROLES[self.role].label


SITES = (
    {
        "code": "main",
        "name": "Main Street",
        "npi": "1234567893",
        "tax_id": "123456789",
        "taxonomy": "207Q00000X",
        "address": "1 Main St",
        "city": "Springfield",
        "state": "IL",
        "zip_code": "627010001",
        "phone": "2175550100",
    },
    {
        "code": "north",
        "name": "North Clinic",
        "npi": "1245319599",
        "tax_id": "987654321",
        "taxonomy": "207Q00000X",
        "address": "9 North Ave",
        "city": "Springfield",
        "state": "IL",
        "zip_code": "627020001",
        "phone": "2175550109",
    },
    {
        "code": "east",
        "name": "East Side",
        "npi": "1003000126",
        "tax_id": "123456789",
        "taxonomy": "207Q00000X",
        "address": "400 East Blvd",
        "city": "Decatur",
        "state": "IL",
        "zip_code": "625210001",
        "phone": "2175550140",
    },
)
PEOPLE = (
    DemoPerson("dana", "Dana", "Arroyo", Role.FRONT_DESK, "main"),
    DemoPerson("ben", "Ben", "Baker", Role.BILLER, "main"),
    DemoPerson("dee", "Dee", "Dutta", Role.DENIALS, "main"),
    DemoPerson("pat", "Pat", "Price", Role.POSTER, "main"),
    DemoPerson("sol", "Sol", "Sato", Role.SUPERVISOR, "main,north,east"),
    DemoPerson("ira", "Ira", "Ito", Role.AUDITOR, ""),
    DemoPerson("ada", "Ada", "Adler", Role.ADMINISTRATOR, ""),
    DemoPerson("kit", "Kit", "Kane", Role.BILLER, "north"),
)


@transaction.atomic
def create() -> dict[str, User]:
    """Sites and people, those missing only; running it again changes nobody. Returns people by username.

    Raises NotForProduction where the desk is reached over a network.
    """
    if settings.PRODUCTION:
        raise NotForProduction("Demo people have a public passphrase and are not made where COB_PRODUCTION is true.")
    sites = {site["code"]: Site.objects.get_or_create(code=site["code"], defaults=site)[0] for site in SITES}
    return {person.username: _person(person, sites) for person in PEOPLE}


def _person(person: DemoPerson, sites: dict[str, Site]) -> User:
    known = User.objects.filter(username=person.username).first()
    if known is not None:
        return known
    user = User.objects.create_user(
        person.username,
        email=f"{person.username}@{EMAIL_DOMAIN}",
        password=PASSPHRASE,
        first_name=person.first_name,
        last_name=person.last_name,
        role=person.role,
    )
    user.sites.add(*(sites[code] for code in person.site.split(",") if code))
    return user


def present() -> list[User]:
    """Demo people who can sign in here."""
    return list(
        User.objects.filter(
            username__in=[person.username for person in PEOPLE], email__endswith=f"@{EMAIL_DOMAIN}", is_active=True
        )
    )
