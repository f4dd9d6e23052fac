"""What a remittance refuses is recorded once, in its own words, and ends when its reason has gone."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import Adjudication, Claim, Submission
from cob.audit import subscribers
from cob.audit.acting import acting
from cob.audit.models import record
from denials import actions
from denials.models import Denial
from tests.factories.denials import ClaimFactory, answer_of, payer_of, remittance_of
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(main, as_task):
    """A claim's first payer."""
    return payer_of(ClaimFactory(patient=PatientFactory(site=main)), 1, "Acme Health", state="denied")


def test_a_refusal_is_recorded_with_its_codes_money_and_limit(first):
    answer = answer_of(first, ("CO", "22", 10000))

    assert actions.record_denials(answer.remittance) == 1

    denial = Denial.objects.get()
    assert (denial.kind, denial.family, denial.category, denial.playbook) == ("denial", "cob", "order_wrong", "P01")
    assert (denial.codes, denial.at_risk_cents, denial.queue) == (["CO-22"], 10000, "cob-denials")
    assert (denial.limit_on, denial.limit_name) == (answer.answered_on + timedelta(days=180), "Appeal")
    assert denial.line_id == answer.lines.get().pk


def test_recording_twice_records_once(first):
    answer = answer_of(first, ("CO", "22", 10000))

    assert [actions.record_denials(answer.remittance) for _ in range(2)] == [1, 0]
    assert actions.record_missed() == 0


def test_the_nightly_sweep_records_what_an_event_missed(first):
    answer_of(first, ("CO", "22", 10000))

    assert actions.record_missed() == 1


@pytest.mark.parametrize(
    "cas",
    [
        pytest.param([("CO", "45", 2000), ("PR", "2", 1600)], id="write-off and coinsurance"),
        pytest.param([("OA", "23", 3000), ("CO", "45", 7000)], id="zero after an earlier payer"),
    ],
)
def test_money_that_only_moved_is_no_denial(first, cas):
    answer = answer_of(first, *cas, status="1", paid=10000 - sum(cents for *_, cents in cas))

    assert actions.record_denials(answer.remittance) == 0


def test_a_reversal_is_no_denial(first):
    answer = answer_of(first, ("CO", "22", -10000), status="22", remarks=["N696"], paid=-9600)

    assert actions.record_denials(answer.remittance) == 0


@pytest.mark.parametrize(
    ("remark", "queue"), [("MA67", "other-denials"), ("N420", "recoupment"), ("N696", "recoupment")]
)
def test_a_correction_that_refuses_is_a_denial_whatever_says_that_it_corrects(first, remark, queue):
    answer_of(first, ("CO", "50", -10000), status="22", paid=-9600)
    answer = answer_of(first, ("CO", "50", 10000), remarks=[remark])

    assert actions.record_denials(answer.remittance) == 1
    assert Denial.objects.get().queue == queue


@pytest.mark.parametrize(
    "cas",
    [
        pytest.param([("OA", "101", 10000)], id="the price alone"),
        pytest.param([("PR", "96", 10000)], id="a service that will not be covered"),
    ],
)
def test_a_price_named_beforehand_is_no_denial_and_no_work_of_the_night(first, cas):
    answer = answer_of(first, *cas, status="25")

    assert (actions.record_denials(answer.remittance), actions.record_missed()) == (0, 0)


def test_only_the_refused_part_of_a_paid_line_is_at_risk(first):
    answer = answer_of(first, ("CO", "45", 2000), ("CO", "22", 3000), status="1", paid=5000)
    actions.record_denials(answer.remittance)

    assert Denial.objects.get().at_risk_cents == 3000


def test_an_answer_without_its_claim_waits_for_its_match(first):
    answer = answer_of(first, ("CO", "22", 10000))
    Adjudication.objects.filter(pk=answer.pk).update(claim=None, claim_payer=None)
    assert actions.record_denials(answer.remittance) == 0

    Adjudication.objects.filter(pk=answer.pk).update(claim=first.claim, claim_payer=first)
    assert actions.record_missed_of([first.claim.patient_id]) == 1


def test_the_same_refusal_a_second_time_is_a_second_attempt(first):
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        answer = answer_of(first, ("CO", "22", 10000), remittance=remittance_of(first.payer, on=day))
        actions.record_denials(answer.remittance)

    assert sorted(Denial.objects.values_list("attempt", flat=True)) == [1, 2]


@pytest.mark.parametrize(("reason", "is_said"), [("22", True), ("50", False)], ids=["coordination", "clinical"])
def test_a_second_round_of_coordination_with_the_same_codes_says_that_a_supervisor_is_needed(first, reason, is_said):
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        actions.record_denials(
            answer_of(first, ("CO", reason, 10000), remittance=remittance_of(first.payer, on=day)).remittance
        )

    before, again = Denial.objects.order_by("answered_on")
    assert "needs_supervisor" not in before.flags
    assert ("needs_supervisor" in again.flags, again.because.endswith("a supervisor must say why once more.")) == (
        is_said,
        is_said,
    )


def test_another_refusal_is_a_first_attempt_again(first):
    for reason in ("22", "109"):
        answer = answer_of(first, ("CO", reason, 10000))
        actions.record_denials(answer.remittance)

    assert list(Denial.objects.values_list("attempt", flat=True)) == [1, 1]


def test_a_posted_remittance_is_recorded_by_itself(first, django_capture_on_commit_callbacks):
    answer = answer_of(first, ("CO", "22", 10000))

    with django_capture_on_commit_callbacks(execute=True):
        record("remittance posted", answer.remittance, patients=[first.claim.patient_id])
    subscribers.tell_now()

    assert Denial.objects.filter(adjudication=answer).exists()


@pytest.mark.parametrize(
    ("paid_again", "words"), [(10000, actions.ANSWERED_ANEW), (0, actions.ANSWERED_ANEW)], ids=["paid", "refused again"]
)
def test_a_newer_answer_of_the_payer_ends_the_older_denial(first, paid_again, words):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    answer_of(first, status="1" if paid_again else "4", paid=paid_again)

    assert actions.settle() == 1
    assert Denial.objects.get().resolution == words


def test_a_denial_of_a_claim_that_was_voided_is_over(first):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    Claim.objects.filter(pk=first.claim_id).update(is_void=True)

    assert actions.settle() == 1
    assert Denial.objects.get().resolution == actions.VOIDED


def test_a_reversal_ends_what_it_takes_back_and_nothing_else(first):
    refused = answer_of(first, ("CO", "22", 10000))
    other = payer_of(ClaimFactory(patient=first.claim.patient), 1, "Acme Health")
    kept = answer_of(other, ("CO", "22", 10000))
    for each in (refused, kept):
        actions.record_denials(each.remittance)
    back = answer_of(first, status="22")
    Adjudication.objects.filter(pk=back.pk).update(reverses=refused)

    actions.settle()

    assert Denial.objects.get(adjudication=refused).resolution == actions.TAKEN_BACK
    assert Denial.objects.get(adjudication=kept).status == "open"


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "only sent"])
def test_an_accepted_claim_ends_a_denial_and_a_bare_sending_does_not(first, accepted):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    sent = timezone.now() + timedelta(hours=1)
    Submission.objects.create(
        claim=first.claim, claim_payer=first, sent_at=sent, accepted_on=sent.date() if accepted else None
    )

    assert actions.settle() == int(accepted)


@pytest.mark.parametrize(
    ("reason", "remarks", "is_over"),
    [
        pytest.param("22", [], True, id="another payer comes first: it was billed"),
        pytest.param("27", [], True, id="not covered: another plan was billed"),
        pytest.param("119", [], True, id="benefit used up: the next plan was billed"),
        pytest.param("50", [], False, id="medical necessity: the appeal is still to be made"),
        pytest.param("197", [], False, id="no authorization: the appeal is still to be made"),
        pytest.param("16", ["N4"], False, id="EOB missing: this payer still has none"),
        pytest.param("227", [], False, id="questionnaire: this payer still waits"),
        pytest.param("29", [], False, id="filed too late: the proof is still to be sent"),
    ],
)
def test_what_the_next_payer_took_in_ends_only_what_billing_another_puts_right(first, reason, remarks, is_over):
    actions.record_denials(answer_of(first, ("CO", reason, 10000), remarks=remarks).remittance)
    after = payer_of(first.claim, 2, "Beacon Mutual", state="submitted")
    sent = timezone.now() + timedelta(hours=1)
    Submission.objects.create(claim=first.claim, claim_payer=after, sent_at=sent, accepted_on=sent.date())

    assert actions.settle() == int(is_over)


def test_a_denial_ends_on_the_day_of_the_sending_that_was_taken_in_not_of_one_turned_away(first):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    for day, heard in ((3, "rejected_on"), (20, "accepted_on")):
        sent = datetime(2026, 4, day, 18, tzinfo=UTC)
        Submission.objects.create(claim=first.claim, claim_payer=first, sent_at=sent, **{heard: sent.date()})

    actions.settle()

    assert Denial.objects.get().resolved_on == date(2026, 4, 20)


def test_a_denial_answered_anew_ends_on_the_day_of_that_answer_whatever_was_sent_after_it(first):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    answer_of(first, status="1", paid=10000, remittance=remittance_of(first.payer, on=date(2026, 4, 10)))
    sent = datetime(2026, 4, 12, 18, tzinfo=UTC)
    Submission.objects.create(claim=first.claim, claim_payer=first, sent_at=sent, accepted_on=sent.date())

    actions.settle()

    assert Denial.objects.get().resolved_on == date(2026, 4, 10)


@pytest.mark.parametrize("ended_by", ["acceptance", "answer"])
def test_what_a_person_opened_again_is_ended_only_by_what_comes_after(first, ended_by):
    def send(days):
        sent = timezone.now() + timedelta(days=days)
        Submission.objects.create(claim=first.claim, claim_payer=first, sent_at=sent, accepted_on=sent.date())

    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    if ended_by == "acceptance":
        send(-1)
    else:
        answer_of(first, status="1", paid=100)
    assert actions.settle() == 1

    actions.reopen(denial=Denial.objects.get())
    assert actions.settle() == 0

    send(1)
    assert actions.settle() == 1


def test_a_denial_is_resolved_by_one_person_and_the_other_is_told(first, dee):
    actions.record_denials(answer_of(first, ("CO", "22", 10000)).remittance)
    mine, theirs = Denial.objects.get(), Denial.objects.get()

    with acting(dee):
        actions.resolve(denial=mine, resolution="Sent to the right payer.", by=dee)
        with pytest.raises(actions.AlreadyResolved, match="Sent to the right payer"):
            actions.resolve(denial=theirs, resolution="Appealed.", by=dee)


def _run(text, tmp_path, *options):
    file = tmp_path / "codes.json"
    file.write_text(text)
    out = io.StringIO()
    status = 0
    try:
        with redirect_stdout(out):
            call_command("triage", str(file), *options)
    except SystemExit as stopped:
        status = stopped.code
    return status, out.getvalue()


def test_the_command_answers_each_line_with_one_line(tmp_path):
    text = '{"id": 7, "clp02": "4", "cas": [["CO","22"]], "rarc": ["N598"], "payer_kind": "medicare"}\n{"cas": 3}\n'

    status, out = _run(text, tmp_path, "--jsonl")
    answered, refused = map(json.loads, out.splitlines())

    assert (answered["id"], answered["playbook"], answered["queue"], answered["appealable"]) == (
        7,
        "P04",
        "cob-denials",
        "reopen",
    )
    assert answered["steps"]
    assert answered["evidence"]
    assert {"limit": "reopening", "days": 365} in answered["deadlines"]
    assert refused["error"].startswith("cas: a list is expected")
    assert status == 1


def test_the_command_answers_one_object_or_a_list(tmp_path):
    assert json.loads(_run('{"cas": [["CO","50"]]}', tmp_path)[1])["playbook"] == "P16"
    assert [each["playbook"] for each in json.loads(_run('[{"cas": [["CO","50"]]}]', tmp_path)[1])] == ["P16"]


def test_a_file_the_command_cannot_find_is_a_bad_argument(tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        call_command("triage", str(tmp_path / "codes.json"))

    assert refused.value.code == 2
    assert "codes.json: No such file or directory; name a file that can be read" in capsys.readouterr().err


def test_a_file_that_is_not_text_is_a_bad_argument(tmp_path):
    file = tmp_path / "codes.json"
    file.write_bytes(b"\xff\xfe{")

    with pytest.raises(
        CommandError, match=r"codes\.json cannot be read: it is not text in UTF-8\. Name a text f"
    ) as refused:
        call_command("triage", str(file))

    assert refused.value.returncode == 2


def test_the_command_says_where_json_breaks(tmp_path):
    status, out = _run('{"cas": [}', tmp_path)

    assert (status, "not JSON at line 1 column 10" in out) == (1, True)


UNREADABLE = {
    "a key twice": ('{"cas": [["CO","22"]], "clp02": "4", "clp02": "1"}', "clp02: this key stands twice"),
    "lists a thousand deep": ("[" * 1500 + "]" * 1500, "the case: nested too deeply"),
    "a number without end": ('{"paid_cents": ' + "9" * 5000 + "}", "the case: a number has 5000 digits"),
    "half a letter": ('{"id": "\\ud800", "cas": []}', "is half of a letter"),
    "no number": ('{"paid_cents": NaN}', "the case: NaN is not a JSON value"),
    "a list as a status": ('{"clp02": ["4"]}', "clp02: text in quotation marks is expected"),
    "an object as a reason": ('{"cas": [["CO", {"code": "22"}]]}', "cas: text in quotation marks is expected"),
    "true as a remark": ('{"rarc": [true]}', "rarc: text in quotation marks is expected"),
}


@pytest.mark.parametrize(("text", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_the_command_refuses_what_cannot_be_meant_and_goes_on(text, why, tmp_path):
    alone, said = _run(text, tmp_path)
    status, out = _run(text + '\n{"cas": [["CO","50"]]}\n', tmp_path, "--jsonl")
    refused, answered = map(json.loads, out.splitlines())

    assert (alone, status) == (1, 1)
    assert why in said
    assert why in refused["error"]
    assert answered["playbook"] == "P16"


def test_the_command_reads_lines_as_bytes_end_them_and_past_a_byte_order_mark(tmp_path):
    """A line separator (U+2028) may stand inside JSON text; Windows writes a mark first and CRLF last."""
    question = '\ufeff{"id": "a\u2028b", "cas": [["CO","22"]]}\r\n\r\n'

    status, out = _run(question, tmp_path, "--jsonl")

    assert (status, json.loads(out)["id"], json.loads(out)["playbook"]) == (0, "a\u2028b", "P01")
    assert json.loads(_run(question, tmp_path)[1])["id"] == "a\u2028b"


def test_a_line_that_is_not_text_does_not_take_the_others_along(tmp_path):
    file, out = tmp_path / "codes.json", io.StringIO()
    file.write_bytes(b'{"clp02": "\xe9"}\n{"cas": [["CO","50"]]}\n')

    with pytest.raises(SystemExit) as some_refused, redirect_stdout(out):
        call_command("triage", str(file), "--jsonl")
    refused, answered = map(json.loads, out.getvalue().splitlines())

    assert (some_refused.value.code, answered["playbook"]) == (1, "P16")
    assert refused["error"].startswith("the case: expected text in UTF-8")
