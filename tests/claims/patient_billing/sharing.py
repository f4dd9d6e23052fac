"""Answers and lines as the tables of shares write them: amounts in dollars, adjustments as "CO-45 30"."""

from __future__ import annotations

from claims.patient_billing.share import Line, PayerFacts, Said, share_of
from cob.x12.parts import Adjustment

PLAN, CARE = "employer", "medicare"
NOT_QMB = {"qmb": False}


def said(rank, paid=0, *adjustments, allowed=None, fee=None, sent=0, remarks=()):
    """Amounts in dollars; "CO-45 30" is one adjustment."""
    rows = []
    for text in adjustments:
        code, amount = text.split()
        group, reason = code.split("-")
        rows.append(Adjustment(group, reason, round(float(amount) * 100)))
    stated = None if allowed is None else round(allowed * 100)
    on_file = None if fee is None else round(fee * 100)
    return Said(rank, round(paid * 100), tuple(rows), round(sent * 100), stated, tuple(remarks), on_file)


def owed(charge, kinds, *answers, written_off=0, facts=None, modifiers="", **line):
    payers = [PayerFacts(n, kind, kind) for n, kind in enumerate(kinds, start=1)]
    given_line = Line(round(charge * 100), answers, round(written_off * 100), tuple(modifiers.split()), **line)
    return share_of(given_line, payers, facts)


def check(row):
    """One row of a table: name, charge, written off so far, payers' kinds, answers, facts and more, what the patient
    owes in dollars, and the rule that decides."""
    _, charge, off, kinds, answers, more, expected, rule = row

    share = owed(charge, kinds, *answers, written_off=off, **more)

    assert (share.owes_cents, share.row) == (round(expected * 100), rule), share
    assert share.because
    assert all(reason.cite for reason in share.because)
