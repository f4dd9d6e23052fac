"""Every look-alike goes where it belongs, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denials.answer import Answer, AnswerWrong, read_answer
from denials.codebook import REFUSING, CodesWrong, code_book
from denials.playbooks import PLAYBOOKS
from denials.routes import SLUGS
from denials.triage import triage

BOOK = code_book()


def _triage(**raw):
    return triage(read_answer(raw), BOOK)


# codes → kind, category, playbook, queue
VECTORS = {
    "CO-22 alone": ({"cas": [["CO", "22"]]}, "denial", "order_wrong", "P01", "cob-denials"),
    "CO-22 with N598 from Medicare": (
        {"cas": [["CO", "22"]], "rarc": ["N598"], "payer_kind": "medicare"},
        "denial",
        "msp_conflict",
        "P04",
        "cob-denials",
    ),
    "CO-22 with N179": (
        {"cas": [["CO", "22"]], "rarc": ["N179"]},
        "pend",
        "questionnaire_open",
        "P13",
        "patient-outreach",
    ),
    "PR-227 with N686": (
        {"cas": [["PR", "227"]], "rarc": ["N686"]},
        "denial",
        "questionnaire_open",
        "P13",
        "patient-outreach",
    ),
    "CO-16 with MA04": (
        {"cas": [["CO", "16"]], "rarc": ["MA04"]},
        "denial",
        "primary_eob_missing",
        "P03",
        "cob-denials",
    ),
    "CO-16 with MA04 and MA130": (
        {"cas": [["CO", "16"]], "rarc": ["MA04", "MA130"]},
        "rejection",
        "primary_eob_missing",
        "P03",
        "rejected-claims",
    ),
    "CO-252 with N479": (
        {"cas": [["CO", "252"]], "rarc": ["N479"]},
        "denial",
        "primary_eob_missing",
        "P03",
        "cob-denials",
    ),
    "CO-252 with N706": ({"cas": [["CO", "252"]], "rarc": ["N706"]}, "denial", "documentation", "P16", "other-denials"),
    "CO-50 on a patient with two plans": (
        {"cas": [["CO", "50"]], "rank": 2},
        "denial",
        "clinical",
        "P16",
        "other-denials",
    ),
    "CO-197 on the secondary": ({"cas": [["CO", "197"]], "rank": 2}, "denial", "authorization", "P15", "other-denials"),
    "OA-18 with N522": (
        {"cas": [["OA", "18"]], "rarc": ["N522"]},
        "denial",
        "crossover_duplicate",
        "P10",
        "crossover-watch",
    ),
    "OA-23 and CO-45 leave nothing on the secondary": (
        {"cas": [["OA", "23", "30.00"], ["CO", "45", "70.00"]], "charge_cents": 10000, "paid_cents": 0, "clp02": "2"},
        "adjustment",
        "secondary_zero",
        "P12",
        "statement-hold",
    ),
    "OA-209 with N782 from Medicare": (
        {"cas": [["OA", "209", 2400]], "rarc": ["N782"], "paid_cents": 9600, "payer_kind": "medicare"},
        "adjustment",
        "qmb",
        "P21",
        "secondary-submission",
    ),
    "CO-45 with MA18": (
        {"cas": [["CO", "45", 2000]], "rarc": ["MA18"], "paid_cents": 9600},
        "alert",
        "crossover_expected",
        None,
        "crossover-watch",
    ),
    "CO-24 from Medicare": (
        {"cas": [["CO", "24"]], "payer_kind": "medicare"},
        "denial",
        "ma_plan_missed",
        "P05",
        "cob-denials",
    ),
    "CO-301": ({"cas": [["CO", "301"]]}, "denial", "bh_carve_out", "P05", "cob-denials"),
    "CO-27": ({"cas": [["CO", "27"]]}, "denial", "not_covered", "P06", "coverage-change"),
    "CO-20 with N725": ({"cas": [["CO", "20"]], "rarc": ["N725"]}, "denial", "accident", "P09", "accident-liability"),
    "CO-29 from Medicare": (
        {"cas": [["CO", "29"]], "payer_kind": "medicare"},
        "denial",
        "timely_filing",
        "P18",
        "timely-filing",
    ),
    "reversal with N696": (
        {"clp02": "22", "rarc": ["N696"], "paid_cents": -9600},
        "adjustment",
        "recoupment",
        "P20",
        "recoupment",
    ),
    "a correction (MA67) that refuses": (
        {"cas": [["CO", "50"]], "rarc": ["MA67"], "clp02": "4"},
        "denial",
        "clinical",
        "P16",
        "other-denials",
    ),
    "a correction (MA67) that pays": (
        {"cas": [["CO", "45", 100]], "rarc": ["MA67"], "clp02": "1", "paid_cents": 900},
        "adjustment",
        "recoupment",
        "P20",
        "posting-exceptions",
    ),
    "refused anew with N420, no reversal itself": (
        {"cas": [["CO", "22"]], "rarc": ["N420"], "clp02": "4"},
        "denial",
        "recoupment",
        "P20",
        "recoupment",
    ),
    "a reversal that names a refusal": (
        {"clp02": "22", "cas": [["CO", "22"]], "rarc": ["N420"], "paid_cents": -9600},
        "adjustment",
        "recoupment",
        "P20",
        "recoupment",
    ),
}


@pytest.mark.parametrize(("raw", "kind", "category", "playbook", "queue"), VECTORS.values(), ids=VECTORS)
def test_each_look_alike_goes_to_its_own_playbook_and_queue(raw, kind, category, playbook, queue):
    told = triage(read_answer({"paid_cents": 0} | raw), BOOK)

    assert (told.kind, told.category, told.playbook, told.queue) == (kind, category, playbook, queue)


# The list from top to bottom: beside the code of a later step, that of an earlier one wins.
ORDER = {
    "a reversal before all else": ({"clp02": "22", "cas": [["CO", "50"]]}, "recoupment"),
    "duplicate before filed late": ({"cas": [["OA", "18"], ["CO", "29"]]}, "duplicate"),
    "filed late before accident": ({"cas": [["CO", "29"], ["CO", "20"]]}, "timely_filing"),
    "accident before questionnaire": ({"cas": [["CO", "20"]], "rarc": ["N179"]}, "accident"),
    "questionnaire before evidence": ({"cas": [["CO", "22"]], "rarc": ["MA04", "N197"]}, "questionnaire_open"),
    "evidence before wrong payer": ({"cas": [["CO", "22"], ["CO", "109"]]}, "order_wrong"),
    "wrong payer before eligibility": ({"cas": [["CO", "109"], ["CO", "27"]]}, "wrong_payer"),
    "eligibility before earlier payer": ({"cas": [["CO", "26"], ["CO", "276"]]}, "not_covered"),
    "earlier payer before authorization": ({"cas": [["CO", "136"], ["CO", "197"]]}, "prior_denial_controls"),
    "authorization before clinical": ({"cas": [["CO", "197"], ["CO", "50"]]}, "authorization"),
    "clinical before benefit": ({"cas": [["CO", "50"], ["CO", "96"]]}, "clinical"),
    "benefit before coding": ({"cas": [["CO", "119"], ["CO", "97"]]}, "benefit_limit"),
    "coding before pend": ({"cas": [["CO", "97"], ["CO", "133"]]}, "coding"),
    "pend before what must be sent": ({"cas": [["CO", "133"], ["CO", "226"]]}, "pend"),
}


@pytest.mark.parametrize(("raw", "category"), ORDER.values(), ids=ORDER)
def test_the_first_hit_of_the_list_wins(raw, category):
    assert _triage(paid_cents=0, **raw).category == category


@pytest.mark.parametrize(
    ("raw", "category"),
    [
        pytest.param({"cas": [["CO", "16"]]}, "unmapped", id="16 without a remark decides nothing"),
        pytest.param({"cas": [["CO", "16"]], "rarc": ["N4"]}, "primary_eob_missing", id="16 with N4 is the EOB"),
        pytest.param({"cas": [["CO", "252"]]}, "attachment", id="252 without a remark is an attachment"),
        pytest.param(
            {"cas": [["CO", "252"]], "rarc": ["N386"]}, "clinical", id="252 with a clinical remark is clinical"
        ),
        pytest.param({"cas": [["CO", "24"]]}, "wrong_payer", id="24 from another payer is no MA plan"),
        pytest.param(
            {"cas": [["CO", "P12", 5]], "paid_cents": 95}, "contractual", id="P12 is a fee schedule, no accident"
        ),
        pytest.param({"cas": [["CO", "P4"]]}, "accident", id="P4 is an accident carrier"),
        pytest.param({"cas": [["CO", "P31"]]}, "accident", id="an unknown P reason is an accident carrier"),
        pytest.param({"cas": [["CO", "195"]]}, "recoupment", id="a reason outside the list follows its own row"),
        pytest.param({"cas": [["CO", "997"]]}, "unmapped", id="a reason in no table is unmapped"),
        pytest.param({"clp02": "4"}, "unmapped", id="a bare denial is unmapped"),
        pytest.param({"clp02": "4", "rarc": ["N479"]}, "primary_eob_missing", id="a denial by remark alone"),
        pytest.param({"clp02": "23"}, "forwarded", id="not ours and forwarded"),
        pytest.param(
            {"clp02": "1", "cas": [["PR", "1", 10000]], "charge_cents": 10000, "paid_cents": 0},
            "cost_share",
            id="a first payer's deductible is no wrong zero",
        ),
        pytest.param(
            {"cas": [["CO", "45", 10000]], "charge_cents": 10000, "paid_cents": 0},
            "contractual",
            id="45 for the whole charge is looked at",
        ),
    ],
)
def test_the_remark_decides_and_what_is_unknown_is_said_to_be(raw, category):
    assert _triage(**raw).category == category


def test_alerts_never_open_a_denial():
    alerts = [code for code, row in BOOK.remarks.items() if row.kind == "alert"]

    kinds = {code: _triage(rarc=[code], cas=[["CO", "45", 100]], paid_cents=900).kind for code in alerts}

    taken_back = {"N687", "N696", "N698", "MA67"}
    assert {code for code, kind in kinds.items() if kind in ("denial", "rejection", "pend")} == set()
    assert taken_back <= set(alerts)


def test_an_order_that_contradicts_ours_is_said():
    told = _triage(clp02="2", rank=1, cas=[["CO", "45", 100]], paid_cents=900)

    assert told.category == "order_mismatch"
    assert told.queue == SLUGS["WQ09"]


def test_a_second_round_of_the_same_codes_needs_a_supervisor():
    told = _triage(cas=[["CO", "22"]], worked_before=True)

    assert "needs_supervisor" in told.flags
    assert "supervisor" in told.because


def test_an_unprocessable_claim_has_no_appeal_and_keeps_its_filing_clock():
    told = _triage(cas=[["CO", "109"]], rarc=["MA130"], payer_kind="medicare")

    assert (told.kind, told.appealable, told.queue) == ("rejection", "no", SLUGS["WQ15"])
    assert told.deadlines == ({"limit": "filing", "days": 365},)


@pytest.mark.parametrize(("payer", "appealable"), [("medicare", "no"), ("employer", "yes")])
def test_a_late_claim_may_be_appealed_but_not_to_medicare(payer, appealable):
    assert _triage(cas=[["CO", "29"]], payer_kind=payer).appealable == appealable


def test_every_row_of_the_tables_leads_somewhere():
    for reason, row in BOOK.reasons.items():
        told = _triage(cas=[["CO", reason]], paid_cents=0)
        if row.type in ("denial", "pend") and row.category != "by_remark":
            assert told.category == row.category, reason
            assert told.queue in SLUGS.values(), reason


def test_every_playbook_is_used_and_says_its_steps():
    used = {book for row in (*BOOK.reasons.values(), *BOOK.remarks.values()) for book in row.playbooks}

    assert used == set(PLAYBOOKS) == {f"P{n:02}" for n in range(1, 24)}
    assert all(playbook.steps and playbook.proof for playbook in PLAYBOOKS.values())


CODES = st.lists(
    st.tuples(st.sampled_from(["CO", "OA", "PR", "PI"]), st.sampled_from(sorted(BOOK.reasons))), max_size=4
)


@given(CODES, st.lists(st.sampled_from(sorted(BOOK.remarks)), max_size=3), st.sampled_from(["1", "2", "4", "19", "22"]))
def test_whatever_the_codes_one_answer_comes_back_and_keeps_every_code(cas, remarks, status):
    told = _triage(cas=[list(pair) for pair in cas], rarc=remarks, clp02=status, paid_cents=0)

    assert set(told.codes) == {f"{group}-{reason}" for group, reason in cas} | set(remarks)
    assert told.category in BOOK.categories
    assert told.because


@given(CODES, st.permutations(["N598", "N179", "MA18"]))
def test_the_order_in_which_reasons_are_listed_never_changes_the_step(cas, remarks):
    forwards = _triage(cas=[list(pair) for pair in cas], rarc=list(remarks), paid_cents=0)
    backwards = _triage(cas=[list(pair) for pair in reversed(cas)], rarc=list(remarks), paid_cents=0)

    assert forwards.step == backwards.step


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param([], "an object is expected", id="no object"),
        pytest.param({"cas": "CO-22"}, 'cas: a list is expected, such as [["CO", "22"]]', id="codes in a string"),
        pytest.param({"cas": [["XX", "22"]]}, '"XX" is no group code', id="unknown group"),
        pytest.param({"cas": [["CO"]]}, "each adjustment is a group and a reason", id="no reason"),
        pytest.param({"cas": [["CO", "22", 12.5]]}, "never a decimal number", id="a decimal amount"),
        pytest.param({"rarc": "N598"}, "rarc: a list is expected", id="remarks in a string"),
        pytest.param({"rank": 0}, "rank", id="rank zero"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field_with_what_was_expected(raw, says):
    with pytest.raises(AnswerWrong) as refused:
        read_answer(raw)

    assert says in str(refused.value)


def test_codes_written_as_whole_numbers_and_what_nobody_knows_are_read():
    told = read_answer({"clp02": 4, "cas": [["co", 22], {"group": "PR", "carc": 1}], "rarc": [" n598"]})

    assert (told.clp02, told.cas, told.rarc) == ("4", (("CO", "22", None), ("PR", "1", None)), ("N598",))
    assert read_answer({"clp02": None, "payer_kind": None, "paid_cents": None}) == read_answer({})


def test_a_practice_adds_a_row_without_a_release(tmp_path):
    (tmp_path / "carc.yaml").write_text(
        '"997": {label: our own, type: denial, category: order_wrong, playbooks: [P01], queues: [WQ02]}'
    )

    own = triage(read_answer({"cas": [["CO", "997"]]}), code_book(tmp_path))

    assert (own.category, own.queue) == ("order_wrong", "cob-denials")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param("{label: x, type: denial, category: nowhere}", 'category names "nowhere"', id="unknown category"),
        pytest.param("{label: x, category: coding, queues: [WQ21]}", "carc.yaml, 997", id="unknown queue"),
        pytest.param("{label: x, category: coding, playbooks: [P99]}", 'playbooks names "P99"', id="unknown playbook"),
        pytest.param("{label: x, category: coding, typo: 1}", "carc.yaml, 997", id="unknown field"),
    ],
)
def test_a_table_with_a_wrong_row_is_refused_when_it_is_read(tmp_path, row, says):
    (tmp_path / "carc.yaml").write_text(f'"997": {row}')

    with pytest.raises(CodesWrong) as refused:
        code_book(tmp_path)

    assert says in str(refused.value)


@given(
    reasons=st.lists(st.tuples(st.sampled_from(["CO", "PR", "OA", "PI"]), st.sampled_from(sorted(BOOK.harmless)))),
    status=st.sampled_from(sorted({"1", "2", "3", "19", "20", "21", "25"} - BOOK.telling_statuses)),
    payer_kind=st.sampled_from(["medicare", "medicaid", "group_health", "tricare", "workers_comp"]),
    paid=st.integers(0, 200_00),
    rank=st.sampled_from([None, 1, 2, 3]),
)
def test_what_is_left_unread_could_never_be_a_denial(reasons, status, payer_kind, paid, rank):
    """`queries.to_triage` leaves out answers without a remark whose reasons only move money."""
    answer = Answer.model_construct(
        clp02=status,
        cas=tuple((group, reason, 10_00) for group, reason in reasons),
        rarc=(),
        payer_kind=payer_kind,
        paid_cents=paid,
        charge_cents=200_00,
        rank=rank,
    )
    assert triage(answer, BOOK).kind not in REFUSING
