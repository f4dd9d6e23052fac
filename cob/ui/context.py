"""What the top bar needs on every page: where this person may go, where they are, and how they like to see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from django.http import HttpRequest

THEMES = ("light", "dark")
THEME_COOKIE = "desk_theme"
KEYS_COOKIE = "desk_keys"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main navigation; `key` is pressed after `g`."""

    label: str
    url_name: str
    key: str
    permission: str


PLACES = (
    Place("My work", "workqueues:my-work", "w", "queues.view"),
    Place("Patients", "patients:search", "p", "patients.view"),
    Place("Visits", "coverage:visit-list", "v", "patients.view"),
    Place("Queues", "workqueues:queue-list", "q", "queues.view"),
    Place("Claims", "claims:claim-list", "c", "claims.view"),
    Place("Import", "claims:import", "i", "imports.run"),
    Place("Dashboard", "kpi:dashboard", "d", "kpi.view"),
    Place("History", "audit:history", "h", "audit.view"),
    Place("Jobs", "jobs:job-list", "j", "jobs.view"),
    Place("People", "people:person-list", "u", "users.manage"),
    Place("Settings", "settings:option-list", "s", "settings.manage"),
)


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place this person may open."""

    label: str
    url: str
    key: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The frame around a page."""

    nav: tuple[NavEntry, ...] = ()
    search_url: str = ""
    site: str = ""
    theme: str = ""  # "" follows the machine
    idle_minutes: int = 15  # the server forgets the session then, so the page warns before
    has_keys: bool = True  # single-key shortcuts, which a person must be able to switch off (WCAG 2.1.4)


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk` on every page; looked up only where a template asks, so a fragment costs nothing."""
    return {"desk": SimpleLazyObject(lambda: _desk(request))}


def _desk(request: HttpRequest) -> Desk:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    user: Any = getattr(request, "user", None) or AnonymousUser()
    is_signed_in = user.is_authenticated
    return Desk(
        nav=_nav(user, request.path) if is_signed_in else (),
        search_url=_url("patients:search") if is_signed_in and user.has_perm("patients.view") else "",
        site=str(getattr(user, "site_label", "") or ""),
        theme=theme if theme in THEMES else "",
        idle_minutes=settings.SESSION_COOKIE_AGE // 60,
        has_keys=request.COOKIES.get(KEYS_COOKIE) != "off",
    )


def _nav(user: Any, path: str) -> tuple[NavEntry, ...]:
    allowed = {permission: user.has_perm(permission) for permission in {place.permission for place in PLACES}}
    reachable = [(place, url) for place in PLACES if allowed[place.permission] and (url := _url(place.url_name))]
    here = _deepest([url for _, url in reachable], path)
    return tuple(NavEntry(place.label, url, place.key, url == here) for place, url in reachable)


def _deepest(urls: list[str], path: str) -> str:
    """Of the places whose address begins this path, the most exact; the front page only for itself."""
    holding = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(holding, key=len, default="")


def _url(name: str) -> str:
    """An address, or nothing where an installation has left the app out."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
