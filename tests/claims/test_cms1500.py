"""The paper form: two layouts, six services a sheet, nothing cut short that is a number, and a mailing on file."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from claims import actions
from claims.cms1500.boxes import NotOnPaper, money, pages
from claims.cms1500.overlay import alignment_page, overlay
from claims.cms1500.positions import COLUMNS, LINES, SERVICE, SERVICES, SPOTS, spot_of
from claims.delivery.models import OutgoingFile
from claims.models import Submission
from claims.submissions.folder import open_folder
from cob.x12.parts import NamedDate, Party, Reference
from cob.x12.t837p import Diagnosis, OtherCoverage, Payer
from tests.claims import stories
from tests.claims.stories import TODAY
from tests.x12 import claims as x12

GROUP_FIRST = replace(x12.lakeside(), subscriber=x12.plan("P"))


def boxes(claim, page=0, **changes):
    return pages(replace(claim, **changes))[page].boxes


def to_medicare(rank, *others):
    sub = x12.plan(rank, filing_code="MB", group_number="", plan_name="", party=x12.nora(member="1EG4TE5MK73"))
    return replace(x12.primary(), subscriber=sub, payer=x12.payer("13282"), other_coverages=others)


def test_to_the_only_payer_every_box_of_the_insured_is_of_that_plan():
    found = boxes(x12.primary())

    assert {box: found[box] for box in ("1a", "2", "4", "11", "11c", "11d.no", "1.group", "6.self")} == {
        "1a": "LH5550101", "2": "OAKES, NORA", "4": "OAKES, NORA", "11": "G-100", "11c": "LAKESIDE EMPLOYER PLAN",
        "11d.no": "X", "1.group": "X", "6.self": "X",
    }  # fmt: skip
    assert not {"9", "9a", "9d", "11d.yes"} & set(found)
    assert [found[f"3.{part}"] for part in ("month", "day", "year", "F")] == ["06", "17", "1981", "X"]
    assert (found["28"], found["29"], found["26"], found["33a"]) == ("180 00", "0 00", "BSC-1001", "1679576722")


def test_to_a_later_commercial_payer_9_is_the_plan_before_and_29_adds_what_it_paid():
    found = boxes(x12.secondary(), patient_paid_cents=10_00)

    assert (found["9"], found["9a"], found["9d"], found["11d.yes"]) == (
        "OAKES, NORA", "G-100", "LAKESIDE EMPLOYER PLAN", "X",
    )  # fmt: skip
    assert (found["28"], found["29"]) == ("180 00", "122 50")


def test_to_medicare_first_11_is_the_word_none_and_4_and_11d_stay_empty():
    found = boxes(to_medicare("P"))

    assert (found["1.medicare"], found["1a"], found["11"]) == ("X", "1EG4TE5MK73", "NONE")
    assert not {"4", "7.street", "9", "11a.month", "11c", "11d.yes", "11d.no", "6.self"} & set(found)


def test_to_medicare_second_11_is_the_plan_before_and_29_is_what_the_patient_paid_alone():
    found = boxes(to_medicare("S", GROUP_FIRST), patient_paid_cents=10_00)

    assert (found["4"], found["6.self"], found["11"], found["11c"]) == (
        "OAKES, NORA", "X", "G-100", "LAKESIDE EMPLOYER PLAN",
    )  # fmt: skip
    assert (found["11a.month"], found["11a.F"], found["29"]) == ("06", "X", "10 00")
    assert not {"9", "9a", "9d", "11d.yes", "11d.no"} & set(found)


def test_a_medigap_plan_by_its_own_coba_id_stands_in_9():
    medigap = OtherCoverage(
        x12.plan("S", group_number=""), Payer(Party("PR", "MEDIGAP CO", id_qualifier="PI", id="55123"))
    )

    found = boxes(to_medicare("P", medigap))

    assert (found["9"], found["9a"], found["9d"], found["11"]) == ("OAKES, NORA", "MEDIGAP LH5550101", "55123", "NONE")


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        pytest.param(x12.primary(), None, id="no other plan"),
        pytest.param(x12.secondary(), "LAKESIDE EMPLOYER PLAN", id="the plan before by its name"),
        pytest.param(
            replace(
                x12.secondary(),
                other_coverages=(replace(x12.lakeside(), subscriber=x12.plan("P", plan_name="")),),
            ),
            "PLAN 88001",
            id="a plan without a name by its payer",
        ),
        pytest.param(to_medicare("P"), None, id="Medicare alone"),
        pytest.param(to_medicare("S", GROUP_FIRST), None, id="Medicare second: the plan before is in 11c"),
        pytest.param(to_medicare("P", OtherCoverage(x12.plan("S"), x12.payer("55001"))), "55001", id="Medigap by COBA"),
        pytest.param(
            to_medicare("S", GROUP_FIRST, OtherCoverage(x12.plan("T"), x12.payer("55001"))),
            "55001",
            id="Medicare second, Medigap third",
        ),
    ],
)
def test_9d_names_the_other_plan_and_to_medicare_only_a_medigap_plan(claim, named):
    found = boxes(claim)

    assert found.get("9d") == named
    assert not {"9b", "9c"} & set(found)  # reserved since 02/12


def test_a_property_claims_own_number_stands_in_11b():
    found = boxes(x12.primary(), subscriber=x12.plan("P", references=(Reference("Y4", "WC-77"),)))

    assert (found["11b.qualifier"], found["11b"]) == ("Y4", "WC-77")


@pytest.mark.parametrize(("coba", "stands"), [("54999", False), ("55000", True), ("59999", True), ("60000", False)])
def test_only_a_claim_based_coba_id_is_one(coba, stands):
    medigap = OtherCoverage(x12.plan("S"), x12.payer(coba))

    assert ("9d" in boxes(to_medicare("P", medigap))) is stands


@pytest.mark.parametrize(
    ("causes", "crosses"),
    [
        ((), {"10a.no", "10b.no", "10c.no"}),
        (("EM",), {"10a.yes", "10b.no", "10c.no"}),
        (("AA",), {"10a.no", "10b.yes", "10c.no"}),
        (("OA", "EM"), {"10a.yes", "10b.no", "10c.yes"}),
    ],
)
def test_10_says_yes_or_no_to_each_kind_of_accident(causes, crosses):
    found = boxes(
        x12.primary(), related_causes=causes, accident_state="MN", dates=(NamedDate("439", date(2026, 1, 2)),)
    )

    assert {box for box in found if box.startswith("10") and found[box] == "X"} == crosses
    assert found.get("10b.state") == ("MN" if "AA" in causes else None)
    assert (found["14.month"], found["14.qualifier"]) == ("01", "431")


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (SERVICES, 1), (SERVICES + 1, 2), (2 * SERVICES, 2)])
def test_six_services_a_sheet_and_the_totals_on_the_last(count, sheets):
    lines = tuple(x12.line(n, x12.OFFICE, 10_00) for n in range(1, count + 1))

    made = pages(replace(x12.primary(), lines=lines, charge_cents=count * 10_00))

    assert [(page.number, page.of) for page in made] == [(n, sheets) for n in range(1, sheets + 1)]
    assert ["28" in page.boxes for page in made] == [*[False] * (sheets - 1), True]
    assert sum(1 for page in made for box in page.boxes if box.endswith(".charge")) == count


def test_a_service_is_one_row_with_its_own_days_units_and_renderer():
    line = x12.line(
        1, x12.OFFICE, 150_00, service_until=date(2026, 1, 13), units=Decimal("2.50"), pointers=(2, 1), place="22"
    )

    found = boxes(x12.primary(), lines=(line,))

    assert {name: found[f"24.1.{name}"] for name in SERVICE if f"24.1.{name}" in found} == {
        "from.month": "01", "from.day": "12", "from.year": "26", "until.month": "01", "until.day": "13",
        "until.year": "26", "place": "22", "code": "99214", "modifiers": "25", "pointers": "BA", "charge": "150 00",
        "units": "2.5", "npi": "1245319599",
    }  # fmt: skip


def test_a_replacement_names_the_payers_own_number():
    found = boxes(x12.primary(), frequency="7", references=(Reference("F8", "ICN77"),))

    assert (found["22.code"], found["22.number"]) == ("7", "ICN77")


def test_to_medicare_a_replacement_has_no_box_for_itself():
    found = boxes(to_medicare("P"), frequency="7", references=(Reference("F8", "ICN77"),))

    assert not {"22.code", "22.number"} & set(found)


def test_condition_codes_stand_in_10d_and_only_diagnoses_in_21():
    told = (
        Diagnosis("F329", "ABK"),
        Diagnosis("W2", "BG"),
        Diagnosis("00100", "BP"),
        Diagnosis("I10"),
        Diagnosis("AJ", "BG"),
    )
    found = boxes(x12.primary(), diagnoses=told)

    assert {box: text for box, text in found.items() if box.startswith("21.")} == {
        "21.indicator": "0", "21.A": "F329", "21.B": "I10",
    }  # fmt: skip
    assert found["10d"] == "W2   AJ"


@pytest.mark.parametrize(("filing", "stands"), [("MC", "MCDLH5550101"), ("CI", None)])
def test_to_medicare_10d_is_the_medicaid_number_alone(filing, stands):
    behind = replace(GROUP_FIRST, subscriber=x12.plan("S", filing_code=filing))
    condition = (*x12.primary().diagnoses, Diagnosis("W2", "BG"))

    assert boxes(to_medicare("P", behind), diagnoses=condition).get("10d") == stands


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"control_number": "A" * 15}, "Box 26 takes 14 characters"),
        ({"subscriber": x12.plan("P", group_number="G" * 30)}, "Box 11 takes 29 characters"),
        ({"charge_cents": 10_000_000_00}, "Box 28 takes 9 characters"),
        (
            {"diagnoses": tuple(Diagnosis(f"F{n}") for n in range(13))},
            "Box 21 takes 12 diagnoses, and the claim has 13",
        ),
    ],
)
def test_a_number_that_does_not_fit_is_refused_by_its_box(changes, says):
    with pytest.raises(NotOnPaper, match=says):
        pages(replace(x12.primary(), **changes))


def test_a_long_name_is_cut_as_the_form_has_it():
    sub = x12.plan("P", party=replace(x12.nora(), name="W" * 40))

    assert boxes(x12.primary(), subscriber=sub)["2"] == "W" * 28


@pytest.mark.parametrize(("cents", "shown"), [(0, "0 00"), (5, "0 05"), (100, "1 00"), (123_456, "1234 56")])
def test_money_is_dollars_a_blank_and_cents(cents, shown):
    assert money(cents) == shown


def test_no_box_reaches_over_the_page_or_into_another():
    taken = {}
    for box in [*SPOTS, *(f"24.{n}.{name}" for n in range(1, SERVICES + 1) for name in SERVICE)]:
        spot = spot_of(box)
        assert 1 <= spot.line <= LINES
        for column in range(spot.column, spot.column + spot.width):
            assert column <= COLUMNS
            assert (spot.line, column) not in taken, (box, taken[spot.line, column])
            taken[spot.line, column] = box


def text_of(data):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_overlay_is_one_page_a_sheet_and_the_same_file_each_time():
    lines = tuple(x12.line(n, x12.OFFICE, 10_00) for n in range(1, 8))
    made = pages(replace(x12.primary(), lines=lines))

    data = overlay(made)

    assert len(PdfReader(io.BytesIO(data)).pages) == 2
    assert "OAKES, NORA" in text_of(data)
    assert data == overlay(made)
    assert data != overlay(made, right_mm=1)
    assert len(PdfReader(io.BytesIO(alignment_page(down_mm=-2))).pages) == 1


# --- mailing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(main, settings, tmp_path, as_task):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield stories.secondary(main)


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["the plan it goes to", "the plan before Medicare"])
def test_the_insured_stands_on_paper_with_address_birth_date_and_sex_though_no_837_has_them(claim, whose):
    """The husband's plan: as the one that gets the form, and as the one before Medicare, of which 4, 7 and 11a are."""
    rank = 2 if whose == "the plan it goes to" else 1
    covers = [p.coverage for p in claim.payers.order_by("rank")]
    leon = stories.husband(claim.patient)
    leon.address, leon.city, leon.state, leon.zip_code = "7 OAK ST", "DULUTH", "MN", "55811"
    leon.save()
    covers[rank - 1].subscriber, covers[rank - 1].relationship = leon, "spouse"
    if rank == 1:
        covers[1].payer.kind = covers[1].kind = "medicare"
        covers[1].payer.save()
    for cover in covers:
        cover.save()
    stories.determined(claim, covers)

    found = pages(open_folder(claim).on_paper(2))[0].boxes

    assert (found["4"], found["7.street"], found["7.zip"]) == ("OAKES, LEON", "7 OAK ST", "55811")
    assert [found[f"11a.{part}"] for part in ("month", "day", "year", "M")] == ["05", "01", "1979", "X"]
    assert found["6.spouse"] == "X"


@pytest.mark.django_db
def test_a_mailed_claim_is_a_sending_with_its_form_and_nothing_in_the_outbox(claim, ben, sign_in):
    answer = sign_in(ben).post(f"/claims/{claim.pk}/send/2/", {"how": "paper"})

    sent = Submission.objects.get(by=ben)
    assert answer.status_code == 302
    assert (sent.on_paper, sent.interchange, claim.payers.get(rank=2).state) == (True, "", "submitted")
    assert not OutgoingFile.objects.exists()
    shown = sign_in(ben).get(f"/claims/submissions/{sent.pk}/file/")
    assert shown["Content-Type"] == "application/pdf"
    assert "OAKES, NORA" in text_of(b"".join(shown.streaming_content))


@pytest.mark.django_db
def test_the_form_can_be_looked_at_without_sending(claim, ben, kit, sign_in):
    shown = sign_in(ben).get(f"/claims/{claim.pk}/form/2/")

    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in shown["Cache-Control"]
    assert claim.payers.get(rank=2).state == "expected"
    assert sign_in(kit).get(f"/claims/{claim.pk}/form/2/").status_code == 404
    assert sign_in(ben).get(f"/claims/{claim.pk}/form/9/").status_code == 404
    assert sign_in(ben).get("/claims/forms/alignment/?right=2&down=999").status_code == 200


@pytest.mark.django_db
def test_the_command_writes_the_form_instead(claim, tmp_path):
    out = tmp_path / "form.pdf"

    call_command("write_837", claim.control_number, "--rank", "2", "--pdf", "cms1500", "--out", str(out))

    assert "OAKES, NORA" in text_of(out.read_bytes())
    assert claim.payers.get(rank=2).state == "expected"


@pytest.mark.django_db
def test_the_command_refuses_a_payer_the_claim_has_not(claim):
    with pytest.raises(CommandError, match="no payer of rank 9"):
        call_command("write_837", claim.control_number, "--rank", "9", "--pdf", "cms1500")


@pytest.mark.django_db
def test_a_claim_that_does_not_fit_the_form_is_refused_with_the_box(claim, ben, monkeypatch):
    def too_long(*_):
        raise NotOnPaper("Box 26 takes 14 characters, and “X” has 15.")

    monkeypatch.setattr(actions, "pages", too_long)

    with pytest.raises(actions.SendRefused, match="Box 26"):
        actions.print_form(claim=claim, rank=2)
