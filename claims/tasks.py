"""The kinds of job: import a kept file, look into the watched folder, hold the balances against the postings."""

from __future__ import annotations

from typing import Any

from claims.exchange.importing import import_file
from claims.models import EdiFile
from cob.jobs.kinds import job_kind
from cob.jobs.progress import Progress


@job_kind("claims.import_file", title="Import a file")
def import_kept_file(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """`edi_file`: the id of its row. The outcome carries counts, never claim numbers or names."""
    result = import_file(EdiFile.objects.get(pk=args["edi_file"]), progress)
    return {"outcome": result["outcome"], "kind": result["kind"], "work_items": result["work_items"]}
