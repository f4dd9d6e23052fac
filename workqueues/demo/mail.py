"""The road to a clearinghouse in the made-up practice: claims that left today, what came back, and a mailbox that
nobody can open.

The clearinghouse is the simulator, run as the program of its own that it is; without it nothing is sent.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from claims import exchange
from claims.actions import AlreadySent, SendRefused, send_claim
from claims.delivery.batching import make_batches
from claims.delivery.due import due
from claims.delivery.fetching import fetch, fetch_all
from claims.delivery.models import Fetched, Mailbox
from claims.delivery.sending import deliver_due
from cob.accounts.models import User
from cob.audit.acting import acting
from cob.env import ROOT
from workqueues.demo.payers import PAYERS

FOLDER = "clearinghouse"
ONE_BY_ONE = 5
# Of the claims that leave a few are turned away, and one whole file.
FAULTS, SEED = "rejected_claims=0.15,rejected_files=0.2", "11"


def happen(people: dict[str, User], today: date) -> None:
    """Ben sends a few claims one by one, Kit all of North’s; both are acknowledged. Medicaid’s server stays closed."""
    root = Path(settings.MAILBOX_DIR) / FOLDER
    for name in ("outbox", "inbox"):
        (root / name).mkdir(parents=True, exist_ok=True)
    with acting(people["ada"]):
        ours = _ours()
        _stopped()
    _one_by_one(people["ben"])
    with acting(people["kit"]):
        make_batches(people["kit"].site_ids(), by=people["kit"], today=today)
    if find_spec("simulator"):
        _answered(root, today)
        fetch(ours)
        for row in Fetched.objects.select_related("file").order_by("name"):
            exchange.import_file(row.file, counted=False)
    deliver_due()
    fetch_all()


def _ours() -> Mailbox:
    row: Mailbox = Mailbox.objects.create(
        name="Prairie Clearinghouse",
        kind="folder",
        outbox=f"{FOLDER}/outbox",
        inbox=f"{FOLDER}/inbox",
        fetched_folder=f"{FOLDER}/fetched",
    )
    return row


def _stopped() -> Mailbox:
    """Its key was never laid where the settings say, so nothing is even tried over a network."""
    row: Mailbox = Mailbox.objects.create(
        name="State Medicaid",
        kind="sftp",
        receivers=PAYERS["medicaid"].edi_id,
        host="sftp.medicaid.invalid",
        username="main-street",
        host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
        key_file="medicaid-key",
    )
    return row


def _one_by_one(by: User) -> None:
    sent = 0
    rows = due(by.site_ids(), date.max).filter(rank__gt=1).select_related("claim__site", "claim__patient")
    for row in rows[: 10 * ONE_BY_ONE]:
        with acting(by):
            try:
                send_claim(claim=row.claim, rank=row.rank, by=by)
            except (SendRefused, AlreadySent):
                continue
        sent += 1
        if sent == ONE_BY_ONE:
            return


def _answered(root: Path, today: date) -> None:
    """Two days of the clearinghouse: TA1 and 999 on the first, 277CA on the second."""
    where = ["--outbox", str(root / "outbox"), "--inbox", str(root / "inbox"), "--state", str(root / "books")]
    when = ["--first-day", today.isoformat(), "--days", "2", "--seconds", "0", "--seed", SEED, "--faults", FAULTS]
    command = [sys.executable, "-m", "simulator", *where, *when]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own interpreter, no shell
