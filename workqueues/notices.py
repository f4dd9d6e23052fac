"""Who is told of an escalation: in the app at once, and by e-mail. Neither names a patient."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Count, QuerySet
from django.utils import timezone

from cob.accounts.models import User
from cob.accounts.roles import Role
from workqueues.escalation import MUST_DO
from workqueues.models import Escalation, Notice
from workqueues.queues import BY_SLUG, Queue
from workqueues.terms.held import Held


def person(terms: Held, queue: Queue, level: int) -> User | None:
    """Who is named for a level: the queue's lead, then the practice's people. None while nobody is, or who left."""
    named = terms.of("lead", queue=queue.slug) if level == 1 else terms.of(f"level_{level}_person")
    return User.objects.filter(pk=named, is_active=True).first() if named else None


def tell(at: datetime) -> int:
    """One notice a person, queue and level for what was escalated at this moment; where nobody is named by name, to
    every supervisor of the site. The number of notices."""
    rows = Escalation.objects.filter(at=at).order_by().values_list("item__queue", "level", "told", "item__site")
    supervisors = _supervisors()
    counted: Counter[tuple[UUID, str, int]] = Counter()
    for queue, level, told, site, count in rows.annotate(n=Count("pk")):
        for user in [told] if told else supervisors[site] if site else supervisors[None]:
            counted[user, queue, level] += count
    new = [Notice(user_id=user, queue=q, level=level, count=n, at=at) for (user, q, level), n in counted.items()]
    return len(Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=500))


def _supervisors() -> defaultdict[UUID | None, list[UUID]]:
    """Supervisors by site; under None all of them, for what belongs to no site."""
    found: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    rows = User.objects.filter(is_active=True, role=Role.SUPERVISOR).order_by("pk").values_list("pk", "sites")
    for pk, site in rows:
        found[site].append(pk)
    found[None] = sorted({pk for pk, _ in rows})
    return found


def unseen(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, seen_at=None)


def see(user: User) -> int:
    """All that is shown now is seen; the number of notices."""
    return unseen(user).update(seen_at=timezone.now())


def words(notice: Notice) -> str:
    """ "3 items of COB denials reached level 2." """
    queue = BY_SLUG.get(notice.queue)
    title = queue.title if queue else notice.queue
    return f"{notice.count} item{'' if notice.count == 1 else 's'} of {title} reached level {notice.level}."


def mail_unsent() -> int:
    """One message a person with what was not mailed yet; the number of messages. Marked before it is sent: of two
    workers one sends, and a message lost on the way still stands in the app."""
    if not settings.MAILS_NOTICES:
        return 0
    sent = 0
    waiting = Notice.objects.filter(mailed_at=None).exclude(user__email="").filter(user__is_active=True)
    for user in User.objects.filter(pk__in=waiting.order_by().values("user")):
        now = timezone.now()
        mine = list(waiting.filter(user=user).order_by("-level", "queue", "at"))
        won = [n for n in mine if Notice.objects.filter(pk=n.pk, mailed_at=None).update(mailed_at=now)]
        if won:
            sent += _message(user, won).send(fail_silently=True)
    return sent


def _message(user: User, rows: Iterable[Notice]) -> EmailMessage:
    lines = [f"{words(notice)} {MUST_DO[notice.level]}" for notice in rows]
    body = "\n".join([*lines, "", "Sign in to COB Desk to see which: My work, Notices."])
    subject = f"COB Desk: {len(lines)} notice{'' if len(lines) == 1 else 's'}"
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email], connection=get_connection())
