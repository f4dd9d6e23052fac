"""EOBs as people type them, for the tests: text in fields, the way a form posts them."""

from __future__ import annotations

from datetime import date

from claims.paper import actions, typed
from cob.audit.acting import acting
from cob.cents import dollars
from cob.coverage.models import Payer
from tests.claims.edi_samples import answer, svc

PAID = date(2026, 3, 20)


def line(code="99213", billed="150.00", number="L1", on="2026-03-02", **texts):
    """One service; columns by name."""
    return typed.Line(number=number, service_on=on, procedure=code, billed=billed, **texts)


def claim(*lines, number="PCN1", last="DOE", first="JANE", status="1", **more):
    return typed.Claim(
        number=number, last=last, first=first, status=status, member="MEM0001", payer_number="ICN1",
        lines=list(lines), **more,
    )  # fmt: skip


def columns(**more):
    """As most EOBs mean it; a test that is about groups says its own."""
    usual = {
        "above_group": "CO", "above_reason": "45", "deductible_group": "PR", "coinsurance_group": "PR",
        "copay_group": "PR", "not_covered_group": "PR", "not_covered_reason": "96",
    }  # fmt: skip
    return typed.Columns(**(usual | more))


def eob(*claims, payer="", number="CHK100", amount="80.00", paid_on="2026-03-20", **more):
    return typed.Eob(
        payer=str(payer), number=number, amount=amount, paid_on=paid_on, claims=list(claims),
        columns=more.pop("columns", columns()), **more,
    )  # fmt: skip


def paid_line(**more):
    """Billed 150, allowed 100, coinsurance 20, paid 80: CO-45 50, PR-2 20."""
    return line(**{"allowed": "100.00", "coinsurance": "20.00", "paid": "80.00"} | more)


def as_form(made, version=0, **more):
    """What a browser would post."""
    said = {"version": str(version), "page": "1"} | {
        name: getattr(made, name) for name in ("payer", "number", "amount", "paid_on", "method")
    }
    said |= {f"columns-{name}": getattr(made.columns, name) for name in typed.Columns.__dataclass_fields__}
    for n, one in enumerate(made.claims):
        for name in ("claim", "number", "last", "first", "member", "status", "payer_number", "remarks"):
            said[f"c{n}-{name}"] = getattr(one, name)
        said |= _other(f"c{n}-", one.other)
        rows = [
            *((f"c{n}-l{k}-", row) for k, row in enumerate(one.lines)),
            *([(f"c{n}-t-", one.totals)] if one.totals else []),
        ]
        for at, row in rows:
            for name in typed.Line.__dataclass_fields__:
                if name != "other":
                    said[f"{at}{name}"] = getattr(row, name)
            said |= _other(at, row.other)
    for n, row in enumerate(made.provider):
        said |= {f"p{n}-{name}": getattr(row, name) for name in ("reason", "reference", "amount")}
    return said | more


def _other(at, rows):
    return {f"{at}o{n}-{name}": getattr(o, name) for n, o in enumerate(rows) for name in ("group", "reason", "amount")}


def money(cents):
    return dollars(cents) if cents else ""


# --- and what is done with them ---


def acme():
    return Payer.objects.get(name__iexact="acme health")


def draft(site, by, made):
    made.payer = made.payer or str(acme().pk)
    with acting(by):
        begun = actions.begin(site=site, by=by)
        return actions.keep(eob=begun, content=made, version=begun.version, by=by)


def post(drafted, by):
    with acting(by):
        return actions.post(eob=drafted, version=drafted.version, by=by)


def both_lines(amount="102.50"):
    """Acme pays 80.00 and 22.50, leaves 20.00: typed as on paper."""
    second = line("36415", "30.00", "L2", allowed="22.50", paid="22.50")
    return eob(claim(paid_line(), second), amount=amount)


def same_as_835(**more):
    return answer(
        "PCN1",
        svc(("CO-45", 50_00), ("PR-2", 20_00)),
        svc(("CO-45", 7_50), code="36415", charge=30_00, number=2),
        **more,
    )
