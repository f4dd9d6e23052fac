"""What is done with the bank's side: deposits recorded, tied to remittances, days closed and reopened."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.deposits import bank_csv
from claims.deposits.days import day_of
from claims.deposits.tying import Money, ties
from claims.models import BankFile, DayClose, Deposit, DepositTie, Remittance
from cob.accounts.models import Site, User
from cob.audit.acting import doing, person
from cob.audit.models import record
from cob.turns import Turn, wait_for

CHANGED = "deposits changed"


class Refused(ValueError):
    """Not done; `str()` says why, and who was quicker where somebody was."""


def record_deposit(
    *, site: Site, on: date, cents: int, trace: str, payer_said: str, by: User, is_another: bool = False
) -> Deposit:
    """One deposit typed by hand. Raises Refused when one like it is on file and nobody said that it is another."""
    with transaction.atomic(), doing("deposit typed"):
        wait_for(Turn.POSTINGS)
        alike = Deposit.objects.filter(site=site, deposited_on=on, amount_cents=cents, trace=trace)
        if not is_another and alike.counted().exists():
            raise Refused("A deposit of this day, amount and trace is on file already. Say so if it is another one.")
        made = Deposit(
            site=site, deposited_on=on, amount_cents=cents, trace=trace, payer_said=payer_said, by=by,
            key=_free_key(site, on, cents, trace, payer_said, among=alike.count()),
        )  # fmt: skip
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise Refused("Somebody typed the same deposit a moment ago.") from error
        _changed(site, [made.pk])
    return made


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bank export brought."""

    new: int
    before: int
    left_out: int
    wrong: int


def keep_bank_file(*, site: Site, name: str, data: bytes, by: User) -> tuple[BankFile, bool]:
    """Keep an export before its columns are chosen; False when these bytes were here before. Raises NotAnExport."""
    text = bank_csv.decoded(data)
    columns, _ = bank_csv.table(text)
    sha256 = hashlib.sha256(data).hexdigest()
    found = BankFile.objects.filter(site=site, sha256=sha256).first()
    if found:
        return found, False
    with doing("bank export received"):
        return BankFile.objects.get_or_create(
            site=site,
            sha256=sha256,
            defaults={"name": name[:120], "content": text, "mapping": bank_csv.guess(columns), "by": by},
        )


def take_bank_file(*, file: BankFile, mapping: dict[str, str], by: User, without_wrong: bool = False) -> Taken:
    """Put the export's deposits on file, all or none. Doing it again, or bringing an overlapping export, adds nothing
    twice. Raises Refused when lines cannot be read and nobody said to leave them out."""
    read = bank_csv.read(file.content, mapping)
    if read.wrong and not without_wrong:
        raise Refused(f"{len(read.wrong)} lines cannot be read. Choose other columns, or leave those lines out.")
    seen: Counter[tuple[object, ...]] = Counter()
    rows = []
    for credit in read.credits:
        sign = (credit.on, credit.cents, credit.trace, credit.payer)
        rows.append((credit, _key(file.site, *sign, seen[sign])))
        seen[sign] += 1
    with transaction.atomic(), doing("bank export taken"):
        wait_for(Turn.POSTINGS)
        before = _known([key for _, key in rows])
        fresh = [
            Deposit(
                site=file.site, deposited_on=c.on, amount_cents=c.cents, trace=c.trace, payer_said=c.payer,
                bank_file=file, key=key, by=by,
            )
            for c, key in rows if key not in before
        ]  # fmt: skip
        Deposit.objects.bulk_create(fresh, batch_size=500)
        file.mapping, file.taken_at = mapping, timezone.now()
        file.save(update_fields=["mapping", "taken_at"])
        _changed(file.site, [row.pk for row in fresh])
    return Taken(len(fresh), len(rows) - len(fresh), len(read.left_out), len(read.wrong))


def _known(keys: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        found.update(Deposit.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True))
    return found


def tie_what_fits(site_id: UUID) -> int:
    """Tie the open deposits of a site to the remittances that surely are theirs. Doing it again changes nothing.

    All open ones are looked at, because an amount decides only where no other has it.
    """
    deposits = Deposit.objects.counted().filter(site=site_id, ties=None)
    open_ = Remittance.objects.counted().filter(site=site_id, tie=None, paid_cents__gt=0)
    if not deposits.exists():
        return 0
    found = ties(
        [_money(*row) for row in deposits.values_list("pk", "trace", "amount_cents", "deposited_on", "apart")],
        [Money(*row) for row in open_.values_list("pk", "trace", "paid_cents", "paid_on")],
    )
    with transaction.atomic():
        held = _held([t.deposit for t in found])
        rows = [
            DepositTie(deposit_id=t.deposit, remittance_id=t.remittance, how=t.how[:120])
            for t in found
            if t.deposit in held
        ]
        DepositTie.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _held(ids: Collection[UUID]) -> set[UUID]:
    """Those that count, held until the transaction ends: who ties one and who withdraws it come one after the other."""
    rows = Deposit.objects.counted().filter(pk__in=ids).order_by("pk").select_for_update()
    return set(rows.values_list("pk", flat=True))


def _money(pk: UUID, trace: str, cents: int, on: date, apart: list[str]) -> Money:
    return Money(pk, trace, cents, on, frozenset(UUID(each) for each in apart))


def tie(*, deposit: Deposit, remittance: Remittance, by: User) -> DepositTie:
    """Say that a deposit pays a remittance. Raises Refused, naming who was quicker."""
    _still_open(deposit)
    if remittance.withdrawn_at or remittance.site_id not in (deposit.site_id, None):
        raise Refused("This remittance cannot be tied to the deposit: it was withdrawn, or is another site's.")
    try:
        with transaction.atomic(), doing("deposit tied"):
            if not _held([deposit.pk]):
                raise Refused("Somebody withdrew this deposit.")
            made = DepositTie(deposit=deposit, remittance=remittance, how=f"tied by {by}"[:120], by=by)
            made.save()
            _changed(deposit.site, [deposit.pk])
    except IntegrityError as error:
        there = DepositTie.objects.select_related("deposit").get(remittance=remittance)
        raise Refused(f"It is in deposit {there.deposit} of {there.deposit.deposited_on:%m/%d/%Y} already "
                      f"({there.how}).") from error  # fmt: skip
    return made


def untie(*, tie_: DepositTie, reason: str) -> None:
    """Take a remittance out of a deposit; they are not tied by themselves again. Raises Refused when the day is
    closed."""
    _still_open(tie_.deposit)
    with transaction.atomic(), doing("deposit untied", reason=reason):
        deposit = Deposit.objects.select_for_update(of=("self",)).select_related("site").get(pk=tie_.deposit_id)
        deposit.apart = [*deposit.apart, str(tie_.remittance_id)]
        deposit.save(update_fields=["apart"])
        tie_.delete()
        _changed(deposit.site, [deposit.pk])


def withdraw(*, deposit: Deposit, reason: str, by: User) -> None:
    """Take a deposit that was typed wrongly out of every count; it stays on file. Raises Refused when it came from the
    bank, pays a remittance, its day is closed, or somebody was quicker."""
    if deposit.bank_file_id:
        raise Refused("The bank says this came in: it cannot be withdrawn. Explain it when the day is closed.")
    with transaction.atomic(), doing("deposit withdrawn", reason=reason):
        wait_for(Turn.POSTINGS)
        _still_open(deposit)
        if not _held([deposit.pk]):
            raise Refused("It was withdrawn already.")
        if deposit.ties.exists():
            raise Refused("It pays a remittance. Take that out first.")
        deposit.withdrawn_at, deposit.withdrawn_by, deposit.withdrawn_because = timezone.now(), by, reason[:300]
        deposit.refresh_from_db(fields=["key"])
        freed, deposit.key = deposit.key, _key(deposit.site, *_sign(deposit), f"withdrawn {deposit.pk}")
        deposit.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because", "key"])
        _move_up(deposit, freed)
        _changed(deposit.site, [deposit.pk])


def _still_open(deposit: Deposit) -> None:
    closed = DayClose.objects.filter(site=deposit.site_id, day=deposit.deposited_on, reopened_at=None)
    if row := closed.select_related("by").first():
        raise Refused(f"{row.by} closed this day. Reopen it first.")


def close_day(*, site: Site, day: date, explanation: str, by: User) -> DayClose:
    """Close a bank day: its difference is zero, or a person explains it. Raises Refused."""
    with transaction.atomic(), doing("day closed", reason=explanation):
        wait_for(Turn.POSTINGS)
        found = day_of(site, day)
        if not found.deposits:
            raise Refused("Nothing was deposited on this day.")
        if found.difference_cents and not explanation.strip():
            raise Refused("The difference is not zero: say what explains it.")
        try:
            with transaction.atomic():
                made = DayClose(
                    site=site, day=day, figures=found.figures, difference_cents=found.difference_cents,
                    explanation=explanation.strip()[:300], by=by,
                )  # fmt: skip
                made.save()
        except IntegrityError as error:
            there = DayClose.objects.select_related("by").get(site=site, day=day, reopened_at=None)
            raise Refused(f"{there.by} closed this day already.") from error
        _changed(site, [row.deposit.pk for row in found.deposits])
    return made


def reopen_day(*, close: DayClose, reason: str, by: User) -> None:
    """Open a closed day again; the closing stays on file. Raises Refused when somebody was quicker."""
    with transaction.atomic(), doing("day reopened", reason=reason):
        live = DayClose.objects.filter(pk=close.pk, reopened_at=None)
        if not live.update(reopened_at=timezone.now(), reopened_by=by, reopened_because=reason[:300]):
            raise Refused("It was reopened already.")
        _changed(
            close.site, Deposit.objects.filter(site=close.site, deposited_on=close.day).values_list("pk", flat=True)
        )


def _changed(site: Site, deposits: Collection[UUID]) -> None:
    """Tie what fits now, and tell whoever follows deposits."""
    tie_what_fits(site.pk)
    ids = [str(pk) for pk in deposits]
    record(CHANGED, "claims.deposit", site_id=site.pk, after={"deposits": ids[:1000], "by": str(person() or "a task")})


def _key(site: Site, on: date, cents: int, trace: str, payer: str, nth: int | str) -> str:
    """What makes a deposit the same one: everything the bank says of it, and which of several equal ones."""
    said = "|".join(str(part) for part in (site.pk, on, cents, trace, payer, nth))
    return hashlib.sha256(said.encode()).hexdigest()


def _free_key(site: Site, on: date, cents: int, trace: str, payer: str, *, among: int) -> str:
    """Of as many as there are alike, and one more, the first that nobody has."""
    keys = [_key(site, on, cents, trace, payer, nth) for nth in range(among + 1)]
    taken = _known(keys)
    return next(key for key in keys if key not in taken)


def _sign(deposit: Deposit) -> tuple[date, int, str, str]:
    return deposit.deposited_on, deposit.amount_cents, deposit.trace, deposit.payer_said


def _move_up(withdrawn: Deposit, freed: str) -> None:
    """The bank may still bring what was withdrawn. Of several alike the last one takes its number: an export counts
    them from the first, and would bring again the one that stays."""
    on, cents, trace, payer = _sign(withdrawn)
    alike = Deposit.objects.filter(site=withdrawn.site_id, deposited_on=on, amount_cents=cents, trace=trace)
    keys = [_key(withdrawn.site, on, cents, trace, payer, nth) for nth in range(alike.count())]
    behind = keys[keys.index(freed) + 1 :] if freed in keys else []
    last = max(alike.filter(key__in=behind), key=lambda row: keys.index(row.key), default=None)
    if last:
        last.key = freed
        last.save(update_fields=["key"])
