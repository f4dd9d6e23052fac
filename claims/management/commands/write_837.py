"""`manage.py write_837`: the 837P of a claim on file for one of its payers, or its CMS-1500 (`--pdf cms1500`).

Without `--send` nothing is recorded: the file is a projection marked as a test. With it the claim is sent as from its
page: the submission is on file, the outbox has the file. Exit status 1: refused, with the reasons; 2: bad arguments.
"""

from __future__ import annotations

import base64
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.actions import AlreadySent, NoSuchPayer, SendRefused, dry_run, print_form, send_claim
from claims.models import Claim
from claims.models.claim import PayerState
from claims.submissions.excerpt import as_sent
from claims.submissions.folder import ANSWERED
from cob.audit.acting import acting

_ORDER_EDITS = ("order_settled",)
_DONE = (ANSWERED - {PayerState.REOPENED}) | {PayerState.SUBMITTED, PayerState.NOT_BILLABLE}


class Command(BaseCommand):
    help = "Writes the 837P of a claim for one of its payers; refuses, saying why, when an edit stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("control_number", help="our claim number (CLM01)")
        parser.add_argument(
            "--rank", type=int, help="the payer's place in the order; without it, the next to be billed"
        )
        parser.add_argument("--site", default="", help="code of the site, where two sites use the same claim number")
        parser.add_argument("--frequency", choices=["1", "7", "8"], default="", help="original, replacement, void")
        parser.add_argument("--out", type=Path, help="write the file there instead of to standard output")
        parser.add_argument("--send", action="store_true", help="record the sending and lay the file into the outbox")
        parser.add_argument(
            "--as-billed", action="store_true", help="take the order as billed; not together with --send"
        )
        parser.add_argument(
            "--pdf", choices=["cms1500"], default="", help="the paper form's data to print over the form, instead"
        )
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        claim = _claim(options["control_number"], options["site"])
        rank = _next_rank(claim) if options["rank"] is None else options["rank"]
        if options["send"] and options["as_billed"]:
            raise CommandError("--as-billed is for looking only; an undetermined order is not sent.", returncode=2)
        try:
            number, data = self._write(claim, rank, options)
        except NoSuchPayer as error:
            raise CommandError(str(error), returncode=2) from error
        except (SendRefused, AlreadySent) as refused:
            self._refuse(claim, rank, refused, as_json=options["json"])
            return
        self._hand_out(claim, rank, number, data, options)

    def _write(self, claim: Claim, rank: int, options: dict[str, Any]) -> tuple[str, bytes]:
        frequency, on_paper = options["frequency"], bool(options["pdf"])
        if not options["send"]:
            write = print_form if on_paper else dry_run
            waived = _ORDER_EDITS if options["as_billed"] else ()
            return "", write(claim=claim, rank=rank, frequency=frequency, waived=waived)
        with acting("write_837 command"):
            sent = send_claim(claim=claim, rank=rank, by=None, frequency=frequency, on_paper=on_paper)
        return sent.interchange, as_sent(sent)

    def _hand_out(self, claim: Claim, rank: int, number: str, data: bytes, options: dict[str, Any]) -> None:
        out: Path | None = options["out"]
        if out:
            try:
                out.write_bytes(data)
            except OSError as error:
                sent_as = f" {_sent_as(number)}; do not send it again." if options["send"] else ""
                raise CommandError(f"{out} could not be written: {error.strerror}.{sent_as}", returncode=2) from error
        if options["json"]:
            sent = options["send"]
            said = {"claim": claim.control_number, "rank": rank, "sent": sent, "interchange": number or None}
            self.stdout.write(json.dumps(said | ({"file": str(out)} if out else _content(data, options["pdf"]))))
        elif out:
            what = _sent_as(number) if options["send"] else "A projection, not sent"
            self.stdout.write(f"{out}: claim {claim.control_number} to payer {rank}. {what}.")
        elif options["pdf"]:
            raw = getattr(self.stdout, "buffer", None) or sys.stdout.buffer
            raw.write(data)
        else:
            self.stdout.write(data.decode("ascii"))

    def _refuse(self, claim: Claim, rank: int, refused: SendRefused | AlreadySent, *, as_json: bool) -> None:
        said = refused.objections if isinstance(refused, SendRefused) else []
        if as_json:
            reasons = [{"edit": o.edit, "severity": o.severity.value, "message": o.message, "fix": o.fix} for o in said]
            quicker = {"edit": "not_sent_before", "severity": "stop", "message": str(refused), "fix": ""}
            because = reasons or [quicker]
            shown = {"claim": claim.control_number, "rank": rank, "sent": False, "refused": because}
            self.stdout.write(json.dumps(shown))
        lines = [f"{o.message} {o.fix}" for o in said if o.stops] or [str(refused)]
        raise CommandError("\n".join(["Not written:", *(f"  {line}" for line in lines)]), returncode=1)


def _sent_as(number: str) -> str:
    return f"Sent under interchange {number}" if number else "Recorded as sent on paper"


def _content(data: bytes, pdf: str) -> dict[str, str]:
    return {"pdf_base64": base64.b64encode(data).decode("ascii")} if pdf else {"x12": data.decode("ascii")}


def _claim(control_number: str, site: str) -> Claim:
    """The one claim of that number. Ends the command with status 2 when there is none, or more than one."""
    found = list(Claim.objects.filter(control_number=control_number).select_related("site", "patient"))
    at_site = [claim for claim in found if not site or claim.site.code == site]
    if not at_site:
        where = f" at site {site}" if site else ""
        raise CommandError(f"There is no claim {control_number} on file{where}.", returncode=2)
    if len(at_site) > 1:
        codes = ", ".join(sorted(claim.site.code for claim in at_site))
        raise CommandError(f"Claim {control_number} is on file at {codes}; name one with --site.", returncode=2)
    only: Claim = at_site[0]
    return only


def _next_rank(claim: Claim) -> int:
    """The first payer that has neither got the claim nor answered it; the second where all have."""
    waiting = claim.payers.exclude(state__in=_DONE).order_by("rank").first()
    return waiting.rank if waiting else 2
