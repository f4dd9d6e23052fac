"""A bank's export is read by its columns; what cannot be read is named by its line."""

from __future__ import annotations

from datetime import date

import pytest

from claims.deposits import bank_csv
from claims.deposits.bank_csv import NotAnExport, guess, read, table

EXPORT = """Account 4711
Date,Description,Debit,Credit,Reference
03/21/2026,ACME HEALTH HCCLAIMPMT TRN*1*EFT1*1555\\,,80.00,
03/22/2026,RENT,"1,200.00",,99
03/23/2026,CHECK DEPOSIT,,"1,234.50",000123
"""


def test_the_head_is_found_below_the_account_and_columns_are_guessed():
    columns, rows = table(EXPORT)

    assert columns == ["Date", "Description", "Debit", "Credit", "Reference"]
    assert [line for line, _ in rows] == [3, 4, 5]
    assert guess(columns) == {"date": "0", "amount": "3", "debit": "2", "trace": "4", "payer": "1"}


def test_credits_are_taken_debits_left_out_and_a_trace_is_found_in_the_addenda():
    found = read(EXPORT, guess(table(EXPORT)[0]))

    assert [(c.line, c.on, c.cents, c.trace) for c in found.credits] == [
        (3, date(2026, 3, 21), 80_00, "EFT1"),
        (5, date(2026, 3, 23), 1234_50, "000123"),
    ]
    assert (found.left_out, found.wrong, found.cents) == ([(4, "money out")], [], 1314_50)


@pytest.mark.parametrize(
    ("amount", "cents"), [("80.00", 8000), ("+80", 8000), ("$80.00", 8000), ("(80.00)", None), ("80.00-", None),
                          ("-80.00", None), ("0.00", None)],
)  # fmt: skip
def test_one_column_of_signed_amounts(amount, cents):
    found = read(f"Date;Amount\n2026-03-21;{amount}\n", {"date": "0", "amount": "1"})

    assert [c.cents for c in found.credits] == ([cents] if cents else [])
    assert len(found.left_out) == (0 if cents else 1)


@pytest.mark.parametrize(
    ("line", "words"),
    [("2026-13-01;80", "is no day"), ("0026-03-21;80", "is no day"),
     ("2026-03-21;eighty", "is not an amount"), ("2026-03-21;1.234", "two decimals"),
     ("Total;", "is not an amount"), ("2026-03-21;100000000.00", "more than $99,999,999.99")],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_line(line, words):
    found = read(f"Date;Amount\n2026-03-20;1.00\n{line}\n", {"date": "0", "amount": "1"})

    assert [(number, words in why) for number, why in found.wrong] == [(3, True)]
    assert len(found.credits) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"PK\x03\x04xlsx", "no CSV"), (b"\x00\x01", "no CSV"), (b"just words", "No columns"), (b"", "No columns")],
)
def test_what_is_no_export(data, words):
    with pytest.raises(NotAnExport, match=words):
        table(bank_csv.decoded(data))


def test_too_large_is_said_with_the_limit(monkeypatch):
    monkeypatch.setattr(bank_csv, "MOST_LINES", 2)
    with pytest.raises(NotAnExport, match="more than 2 lines"):
        table("Date,Amount\n1,2\n1,2\n1,2\n")
    monkeypatch.setattr(bank_csv, "MOST_BYTES", 4)
    with pytest.raises(NotAnExport, match="Export fewer days"):
        bank_csv.decoded(b"12345")


def test_an_accent_of_another_code_page_is_no_obstacle():
    assert "Caf" in bank_csv.decoded("Date,Payer\n1,Café".encode("cp1252"))
