"""A case from elsewhere or a verdict on file in, its texts out: what the API and the command line have in common."""

from __future__ import annotations

from typing import Any

from cob.coverage.naming import named
from cob.coverage.outlook import outlook
from cob.coverage.presenters import VerdictPage
from cob.coverage.rulebook import verdict_on
from cob.ui.saying import texts
from cob.ui.why import explain


def explained_case(case: Any) -> dict[str, Any]:
    """The verdict on a case, exactly as the library gives it, and its texts. Raises Malformed.

    For the texts the rules are asked again with every plan called by a name: in the verdict proper a plan that nobody
    named is called by its id.
    """
    verdict = verdict_on(case)
    called = named(case)
    told = verdict if called == case else verdict_on(called)
    why = explain(told, case=called, outlook=outlook(called, told))
    return {"verdict": verdict, "text": texts(why)}


def texts_on_file(page: VerdictPage) -> dict[str, str]:
    """The texts of a verdict on file."""
    why = explain(page.verdict, case=page.case, names=page.names, sources=page.sources, outlook=page.outlook)
    return texts(why, page.contact)
