"""The trail itself, and the base every guarded row stands on.

`Event` has no foreign keys, so the trail outlives what it speaks of; a trigger refuses any change to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from cob import rows
from cob.accounts.models import SiteScoped, User
from cob.audit import subscribers
from cob.audit.acting import current

# From how many rows on it pays to write them as values.
MANY = 20


class Event(models.Model):
    """One thing that happened: who, when, what, to whom, why."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_id = models.UUIDField(null=True, blank=True, db_index=True)
    actor_name = models.CharField(max_length=160)
    verb = models.CharField(max_length=60, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40, blank=True)
    site_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_subject")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject_type}"


class EventPatient(models.Model):
    """The patients an event touched or showed: one row each, so a patient's trail is one index walk."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="patients")
    patient_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["patient_id", "event"], name="audit_event_patient")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.patient_id}"


def record(
    verb: str,
    subject: models.Model | str,
    *,
    subject_id: object = "",
    patients: Iterable[uuid.UUID | None] = (),
    site_id: uuid.UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Put one event on the trail, in the current transaction, and tell the subscribers after it commits."""
    actor = current()
    who = actor.who()
    label = subject if isinstance(subject, str) else subject._meta.label_lower
    event = Event.objects.create(
        actor_id=who.pk if isinstance(who, User) else None,
        actor_name=str(who)[:160],
        verb=verb,
        subject_type=label,
        subject_id=str(subject_id or (subject.pk if isinstance(subject, models.Model) else "")),
        site_id=site_id,
        request_id=actor.request_id,
        reason=(reason or actor.reason)[:300],
        before=before,
        after=after,
    )
    _note_patients(event, {patient for patient in patients if patient})
    transaction.on_commit(lambda: subscribers.tell(event))
    return event


def _note_patients(event: Event, patients: set[uuid.UUID]) -> None:
    """As values, not as rows of Django's: an import touches tens of thousands of patients."""
    if not patients:
        return
    keys = [patient.hex for patient in patients]
    with connection.cursor() as cursor:
        insert = "INSERT INTO audit_eventpatient (event_id, patient_id)"
        if connection.vendor == "postgresql":
            cursor.execute(f"{insert} SELECT %s, unnest(%s::uuid[])", [event.pk, keys])
        else:
            cursor.executemany(f"{insert} VALUES (%s, %s)", [(event.pk, key) for key in keys])


def _plain(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    values = {name: getattr(row, columns[name]) for name in names}
    return {name: _as_json(value) for name, value in values.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, FieldFile):
        return value.name
    return value.hex() if isinstance(value, bytes) else value


def _site_beside(path: str) -> str:
    """Where the site of the patient stands whom a path leads to."""
    return "site_id" if path == "pk" else f"{path.removesuffix('_id')}__site_id"


class AuditedQuerySet(SiteScoped):
    """Covers every way Django has of writing rows in bulk; each call is one event that lists the rows."""

    def _note(self, verb: str, pks: Sequence[Any], **extra: Any) -> None:
        if not pks:
            return
        row = self.model()
        path = getattr(row, "audit_patient_path", "patient_id")
        whose: set[tuple[Any, Any]] = set()
        if path:
            found = self.model._base_manager.using(self.db).filter(pk__in=list(pks)[:5000]).order_by()
            whose = set(found.values_list(path, _site_beside(path)))
        sites = {site for _, site in whose}
        record(
            current().verb or verb,
            self.model._meta.label_lower,
            patients={patient for patient, _ in whose},
            # Rows of several sites are an event of none.
            site_id=next(iter(sites)) if len(sites) == 1 else None,
            after={"rows": [str(pk) for pk in list(pks)[:1000]], "count": len(pks), **extra},
        )

    def update(self, **values: Any) -> int:
        current()
        with transaction.atomic(using=self.db):
            pks = list(self.values_list("pk", flat=True))
            done = super().update(**values)
            if done:
                self._note("changed", pks, set={name: str(value)[:200] for name, value in values.items()})
        return done

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Many rows go to the database past Django's own way of doing it, which takes three times as long."""
        current()
        made = list(objs)
        with transaction.atomic(using=self.db):
            is_asked_more = bool(args) or not kwargs.keys() <= {"batch_size", "ignore_conflicts"}
            if len(made) < MANY or is_asked_more or not rows.goes_as_it_is(self.model):
                made = super().bulk_create(made, *args, **kwargs)
            else:
                rows.insert(made, unless_there=kwargs.get("ignore_conflicts", False))
            self._note("created", [row.pk for row in made])
        return made

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """Django's bulk_update ends in `update`, which writes the event."""
        current()
        return super().bulk_update(objs, fields, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        current()
        with transaction.atomic(using=self.db):
            self._note("deleted", list(self.values_list("pk", flat=True)))
            return super().delete()


class Audited(models.Model):
    """A row whose every change is on the trail, with its author; `audit_patient_path` says whose row it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audit_patient_path: str | None = "patient_id"

    objects = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        actor = current()
        with transaction.atomic():
            fresh = self._state.adding
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            if kwargs.get("update_fields") is not None:
                names = [name for name in names if name in set(kwargs["update_fields"])]
            old = None if fresh else type(self)._base_manager.filter(pk=self.pk).first()
            super().save(*args, **kwargs)
            self._note_saved(actor.verb, old, names)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        actor = current()
        with transaction.atomic():
            record(actor.verb or "deleted", self, patients=self.audit_patients(), site_id=self.audit_site())
            return super().delete(*args, **kwargs)

    def audit_patients(self) -> list[uuid.UUID]:
        """Whose row this is; a longer path is followed."""
        if not self.audit_patient_path:
            return []
        value: Any = self
        for step in self.audit_patient_path.split("__"):
            value = getattr(value, step, None)
        return [value] if value else []

    def audit_site(self) -> uuid.UUID | None:
        return getattr(self, "site_id", None)

    def _note_saved(self, verb: str, old: Self | None, names: list[str]) -> None:
        after = _plain(self, names)
        before = _plain(old, names) if old else None
        if before is not None:
            changed = [name for name in names if before[name] != after[name]]
            if not changed and not verb:
                return
            before, after = {n: before[n] for n in changed}, {n: after[n] for n in changed}
        record(
            verb or ("created" if before is None else "changed"),
            self,
            patients=self.audit_patients(),
            site_id=self.audit_site(),
            before=before,
            after=after,
        )
