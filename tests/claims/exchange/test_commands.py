"""The two commands at their contract: shapes, exit status, one line on standard error."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.exchange.importing import KINDS
from claims.exchange.keeping import receive
from claims.management.commands.import_edi import Command
from claims.models import EdiFile
from tests.claims.edi_samples import (
    BETA,
    NORTH_NPI,
    also,
    answer,
    billing,
    claim,
    file_835,
    file_837p,
    insured,
    service,
    svc,
    taken_back,
    to,
    transaction,
)

pytestmark = pytest.mark.django_db
FIRST = answer(
    "PCN1",
    svc(("CO-45", 50_00), ("PR-2", 20_00), remarks=("N1",)),
    svc(("CO-45", 17_00), code="85025", charge=77_00, number=2),
)
CLAIM = claim("PCN1", service(1), service(2, "85025", 77_00), other_coverages=(also(),))


def run(capsys, *arguments):
    """Exit status, standard output."""
    try:
        call_command(*arguments)
    except SystemExit as end:
        return end.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


@pytest.fixture
def folder(tmp_path, main):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.837").write_bytes(file_837p(CLAIM))
    (tmp_path / "in" / "2.835").write_bytes(file_835(FIRST))
    return tmp_path / "in"


def test_a_file_that_cannot_be_read_is_refused_by_name_and_the_others_are_imported(folder, capsys, monkeypatch):
    def unreadable(name, *arguments, **more):
        if name == "1.837":
            raise PermissionError(13, "Permission denied")
        return receive(name, *arguments, **more)

    monkeypatch.setattr("claims.management.commands.import_edi.receive", unreadable)

    status, out = run(capsys, "import_edi", str(folder), "--json")

    first, second = json.loads(out)
    assert status == 1
    assert (first["outcome"], first["file"]) == ("refused", str(folder / "1.837"))
    assert first["reason"].startswith("The file cannot be read: Permission denied.")
    assert second["outcome"] == "posted"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_name_in_another_encoding_is_imported_and_told_with_a_question_mark(folder, capfdbinary, form):
    (folder / "1.837").rename(folder / os.fsdecode(b"m\xe4rz.837"))

    call_command("import_edi", str(folder), *form)

    assert b"m?rz.837" in capfdbinary.readouterr().out
    assert set(EdiFile.objects.values_list("name", flat=True)) == {"m?rz.837", "2.835"}


def test_a_folder_is_imported_file_by_file_and_all_taken_is_status_zero(folder, capsys):
    status, out = run(capsys, "import_edi", str(folder), "--json")

    results = json.loads(out)
    assert status == 0
    assert [(r["file"], r["outcome"]) for r in results] == [
        (str(folder / "1.837"), "stored"),
        (str(folder / "2.835"), "posted"),
    ]


def test_one_file_turned_away_is_status_one_and_the_others_are_taken(folder, capsys):
    (folder / "0.txt").write_text("no X12 at all")
    status, out = run(capsys, "import_edi", str(folder), "--json")

    assert status == 1
    outcomes = {Path(r["file"]).name: r["outcome"] for r in json.loads(out)}
    assert outcomes == {"0.txt": "refused", "1.837": "stored", "2.835": "posted"}


def test_claims_are_taken_before_what_answers_them_whatever_the_files_are_called(folder, capsys):
    (folder / "1.837").rename(folder / "z.837")
    _, out = run(capsys, "import_edi", str(folder), "--json")

    claims, remittance = json.loads(out)
    assert (claims["kind"], remittance["transactions"][0]["unmatched"]) == ("837P", 0)
    assert not [note for note in remittance.get("notes", ()) if "is new" in note]


def test_without_json_it_reads_as_a_summary(folder, capsys):
    status, out = run(capsys, "import_edi", str(folder))

    assert status == 0
    assert "2.835: 835, posted" in out
    assert "EFT1: 140.00, 1 claims, 1 posted" in out


def test_the_help_names_every_kind_that_is_taken():
    assert [kind for kind in KINDS if kind not in Command.help] == []


def test_a_claim_left_out_is_status_one_also_when_its_file_comes_again(folder, capsys):
    theirs = claim("PCN1", subscriber=insured(member="MEM9", last="ROE", first="RAY"), payer=to(BETA))
    (folder / "3.837").write_bytes(file_837p(theirs, claim("PCN2"), number=2))

    for outcome in ("stored", "already_imported"):
        status, out = run(capsys, "import_edi", str(folder / "1.837"), str(folder / "3.837"), "--json")

        said = json.loads(out)[1]
        assert (status, said["outcome"]) == (1, outcome)
        assert said["transactions"][0]["not_stored"] == 1
        assert [e["claim"] for e in said["transactions"][0]["exceptions"]] == ["PCN1"]
    status, out = run(capsys, "import_edi", str(folder / "3.837"))
    assert (status, "PCN1: This claim number belongs to another patient on file" in out) == (1, True)


@pytest.mark.parametrize("path", ["nowhere.835", "empty"])
def test_nothing_to_import_is_status_two(tmp_path, path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError) as error:
        call_command("import_edi", str(tmp_path / path))

    assert error.value.returncode == 2
    assert "\n" not in str(error.value)


def test_show_claim_has_the_contracts_shape(folder, capsys):
    run(capsys, "import_edi", str(folder))
    status, out = run(capsys, "show_claim", "PCN1", "--json")

    said = json.loads(out)
    assert status == 0
    assert set(said) == {
        "claim", "patient_order", "lines", "next", "statement", "balance", "denials", "expected", "clocks",
    }  # fmt: skip
    assert (said["claim"], said["patient_order"]) == ("PCN1", ["55555", "66666"])
    first = said["lines"][0]
    assert {k: first[k] for k in first if k != "postings"} == {
        "line": 1, "charge_cents": 150_00, "balance_cents": 20_00, "insurer_open_cents": 20_00, "patient_cents": 0,
    }  # fmt: skip
    assert [{k: p[k] for k in p if k not in {"id", "reverses"}} for p in first["postings"]][2] == {
        "payer": "55555", "rank": 1, "kind": "write_off", "group": "CO", "carc": "45", "rarc": ["N1"],
        "amount_cents": 50_00, "remit": "EFT1",
    }  # fmt: skip
    assert said["statement"]["held"] is True
    assert said["balance"]["staff"] == "Of $227.00, $140.00 is paid, $67.00 written off and $20.00 open with BETA LIFE."
    assert said["balance"]["patient"].startswith("Please do not pay for your visit on 03/02/2026 yet")
    assert [line["line"] for line in said["balance"]["lines"]] == [line["line"] for line in said["lines"]]
    assert said["balance"]["lines"][0]["owes_cents"] == 20_00
    assert said["clocks"] == [
        {"limit": "secondary_filing", "on": "2026-06-18"}, {"limit": "corrected_filing", "on": "2026-06-18"},
    ]  # fmt: skip
    assert set(said["next"]) == {"payer", "rank", "action", "because"}


@pytest.mark.django_db(transaction=True)
def test_show_claim_names_what_was_refused_and_how_to_answer_it(tmp_path, main, capsys):
    (tmp_path / "1.837").write_bytes(file_837p(claim("PCN1", other_coverages=(also(),))))
    (tmp_path / "2.835").write_bytes(file_835(transaction(answer("PCN1", svc(("CO-22", 150_00)), status="4"))))
    run(capsys, "import_edi", str(tmp_path))

    (denial,) = json.loads(run(capsys, "show_claim", "PCN1", "--json")[1])["denials"]
    assert {name: denial[name] for name in ("payer", "family", "playbook", "codes", "status", "at_risk_cents")} == {
        "payer": "55555", "family": "cob", "playbook": "P01", "codes": ["CO-22"], "status": "open",
        "at_risk_cents": 150_00,
    }  # fmt: skip
    assert "denied (open): CO-22" in run(capsys, "show_claim", "PCN1")[1]


def test_the_place_zero_is_nobodys(folder, capsys):
    run(capsys, "import_edi", str(folder))
    with pytest.raises(CommandError) as refused:
        call_command("write_837", "PCN1", "--rank", "0")

    assert refused.value.returncode == 2


def test_show_claim_names_what_a_reversal_takes_back(folder, capsys):
    (folder / "3.835").write_bytes(file_835(transaction(taken_back(FIRST), trace="EFT2"), number=3))
    run(capsys, "import_edi", str(folder))
    _, out = run(capsys, "show_claim", "PCN1", "--json")

    postings = json.loads(out)["lines"][0]["postings"]
    ids = {p["id"] for p in postings if p["kind"] != "reversal"}
    assert {p["reverses"] for p in postings if p["kind"] == "reversal"} == ids


def test_show_claim_of_nobody_is_status_two(db):
    with pytest.raises(CommandError, match="no claim NOPE") as error:
        call_command("show_claim", "NOPE")

    assert error.value.returncode == 2


def test_a_number_two_sites_use_asks_for_the_site(bring, main, north, capsys):
    bring(file_837p(claim("PCN1")))
    bring(file_837p(claim("PCN1", billing=billing(NORTH_NPI, "987654321")), number=2))
    with pytest.raises(CommandError, match="--site"):
        call_command("show_claim", "PCN1")

    assert run(capsys, "show_claim", "PCN1", "--site", "main", "--json")[0] == 0
