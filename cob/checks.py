"""System checks: what would go wrong in this installation, said before it does, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from cob.env import env


@register(Tags.security)
def production_is_whole(**_: Any) -> list[CheckMessage]:
    """Production has a database server, a broker, a key and no debug pages."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if not env.database_url.startswith(("postgres://", "postgresql://")):
        found.append(Error("Production runs on PostgreSQL.", hint="Set DATABASE_URL=postgresql://…", id="COB.E001"))
    if settings.EMBEDDED:
        found.append(Error("Production runs jobs through Redis.", hint="Set COB_REDIS_URL=redis://…", id="COB.E002"))
    if settings.DEBUG:
        found.append(Error("Debug pages show patient data.", hint="Unset COB_DEBUG.", id="COB.E003"))
    if len(settings.SECRET_KEY) < 50:
        found.append(Error("The secret key is too short.", hint="Use 50 or more random characters.", id="COB.E004"))
    if not settings.CSRF_TRUSTED_ORIGINS and env.cob_behind_proxy:
        found.append(
            Warning("No trusted origin is named.", hint="Set COB_TRUSTED_ORIGINS=https://desk.example", id="COB.W001")
        )
    return found


@register
def embedded_is_one_process(**_: Any) -> list[CheckMessage]:
    """Without Redis, progress and wake-ups live in this process's memory; two processes would not see each other's."""
    if settings.EMBEDDED and env.cob_web_workers > 1:
        return [
            Error(
                "The embedded worker needs exactly one web process.",
                hint="Unset COB_WEB_WORKERS, or set COB_REDIS_URL and run a separate worker.",
                id="COB.E005",
            )
        ]
    return []


@register
def schedule_names_known_jobs(**_: Any) -> list[CheckMessage]:
    """Every entry of the schedule has a program that does it."""
    from cob.jobs.kinds import KINDS

    unknown = sorted(set(settings.JOB_SCHEDULE) - set(KINDS) - {"jobs.sweep"})
    return [Error(f"Nothing does the scheduled job '{kind}'.", id="COB.E006") for kind in unknown]


@register(Tags.database)
def production_has_no_demo_people(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Everybody knows the demo people's passphrase; a desk that is reached over the network must not have them."""
    if not settings.PRODUCTION or not databases:
        return []
    from cob.accounts import demo_people

    names = ", ".join(person.username for person in demo_people.present())
    hint = "Start production on a database of its own, or close these accounts at /people/."
    return [Error(f"People of the demo can sign in: {names}.", hint=hint, id="COB.E007")] if names else []
