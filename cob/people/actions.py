"""Adding, changing and closing accounts, sites and keys: one verb, one author, one event each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cob.accounts.models import ApiKey, Site, User
from cob.accounts.roles import Role
from cob.audit.models import record
from cob.turns import Turn, wait_for

PERSON_FIELDS = ("username", "first_name", "last_name", "email", "role", "absent_until")
SITE_FIELDS = ("name", "code", "npi", "tax_id", "taxonomy", "address", "city", "state", "zip_code", "phone")


class LastAdministrator(Exception):
    """Nobody would be left who can add people."""

    def __str__(self) -> str:
        return "This is the last active administrator. Make somebody else one first."


class NameTaken(Exception):
    """Of two administrators who give one name at the same moment the second."""

    def __str__(self) -> str:
        return "Somebody signs in with this name already."


class OwnAccount(Exception):
    """An administrator may not lock themselves out."""

    def __str__(self) -> str:
        return "You cannot close your own account. Ask another administrator."


def _facts(person: User) -> dict[str, Any]:
    told = {name: getattr(person, name) for name in PERSON_FIELDS}
    return told | {"sites": sorted(site.code for site in person.sites.all())}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _keep_an_administrator(person: User) -> None:
    """Refuse what would leave nobody to manage people; two who close each other do it one after the other."""
    wait_for(Turn.ACCOUNTS)
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    if not others.exists():
        raise LastAdministrator


def _keep_names_apart(person: User) -> None:
    wait_for(Turn.ACCOUNTS)
    if User.objects.filter(username__iexact=person.username).exclude(pk=person.pk).exists():
        raise NameTaken


@transaction.atomic
def add_person(*, person: User, sites: Iterable[Site]) -> User:
    """A new account without a password: the person sets one through a link. Raises NameTaken."""
    _keep_names_apart(person)
    person.set_unusable_password()
    person.save()
    person.sites.set(sites)
    record("added person", person, after=_facts(person))
    return person


@transaction.atomic
def change_person(*, person: User, sites: Iterable[Site]) -> User:
    """Name, role and sites, from the person as changed in memory. Raises LastAdministrator or NameTaken."""
    _keep_names_apart(person)
    kept = User.objects.get(pk=person.pk)
    before = _facts(kept)
    if kept.role == Role.ADMINISTRATOR and person.role != Role.ADMINISTRATOR and kept.is_active:
        _keep_an_administrator(person)
    person.save(update_fields=PERSON_FIELDS)
    person.sites.set(sites)
    old, new = _changed(before, _facts(User.objects.get(pk=person.pk)))
    if new:
        record("changed person", person, before=old, after=new)
    return person


@transaction.atomic
def close_account(*, person: User, by: User) -> None:
    """Nobody signs in as this person any more: sessions end, keys die, the name stays on what was done."""
    if person.pk == by.pk:
        raise OwnAccount
    if person.role == Role.ADMINISTRATOR:
        _keep_an_administrator(person)
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return
    now = timezone.now()
    keys = ApiKey.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
    record("closed account", person, after={"sessions ended": _end_sessions(person), "keys revoked": keys})


@transaction.atomic
def open_account(*, person: User) -> None:
    """The person may sign in again, with the password they had; their keys stay revoked."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        record("opened account", person)


def _end_sessions(person: User) -> int:
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    return ended


@transaction.atomic
def password_link(*, person: User) -> str:
    """The address where the person sets a password: works once, for a day. Sessions stay until it is used."""
    key = default_token_generator.make_token(person)
    record("made password link", person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


@transaction.atomic
def remove_second_step(*, person: User) -> bool:
    """For a lost telephone; in production the person must set a new one before anything else."""
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if removed:
        record("removed second step", person, after={"sessions ended": _end_sessions(person)})
    return bool(removed)


@transaction.atomic
def save_site(*, site: Site) -> Site:
    """Add a site, or change it as it was changed in memory. Raises ValidationError when somebody gave its name, code or
    NPI to another one a moment before."""
    wait_for(Turn.ACCOUNTS)
    site.validate_unique()
    kept = Site.objects.filter(pk=site.pk).first()
    site.save()
    old, new = _changed({name: getattr(kept, name) for name in SITE_FIELDS} if kept else {}, _site_facts(site))
    if new:
        record("changed site" if kept else "added site", site, site_id=site.pk, before=old or None, after=new)
    return site


def _site_facts(site: Site) -> dict[str, Any]:
    return {name: getattr(site, name) for name in SITE_FIELDS}


@transaction.atomic
def issue_key(*, user: User, name: str, days: int) -> tuple[ApiKey, str]:
    """A key that acts as this person; the second value is the secret, never seen again."""
    key, secret = ApiKey.issue(user=user, name=name, days=days)
    record("issued key", key, after={"name": name, "acts as": str(user), "expires": key.expires_at.date()})
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey) -> bool:
    """From now on the key opens nothing. False when it was revoked before."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return False
    record("revoked key", key, after={"name": key.name, "acts as": str(key.user)})
    return True
