"""A claim leaves: once, under its own number, its file kept, its sending on the trail, and nothing after a crash."""

from __future__ import annotations

import io
import json
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from claims import actions
from claims.delivery import numbers, sending
from claims.delivery.models import Delivery, OutgoingFile
from claims.models import Submission
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.x12.read837p import parse_837p
from tests.at_once import at_once
from tests.claims import stories
from tests.claims.stories import TODAY
from tests.x12 import claims as x12
from tests.x12.validator import assert_valid


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_outbox(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def kept_bytes(submission):
    with Submission.objects.get(pk=submission.pk).kept.open("rb") as kept:
        return kept.read()


def outbox():
    return Path(settings.DATA_DIR) / "outbox"


def released():
    return sorted(path.name for path in outbox().glob("*"))


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
class TestSending:
    def test_it_is_on_file_on_the_trail_and_in_the_outbox(self, main, ben, django_capture_on_commit_callbacks):
        claim = stories.secondary(main)

        with django_capture_on_commit_callbacks(execute=True):
            sent = actions.send_claim(claim=claim, rank=2, by=ben)

        row = claim.payers.get(rank=2)
        assert (row.state, row.submitted_on) == ("submitted", TODAY)
        assert (sent.interchange, sent.frequency, sent.by) == ("000000001", "1", ben)
        data = kept_bytes(sent)
        assert_valid(data)
        assert released() == ["000000001.837"]
        assert (outbox() / "000000001.837").read_bytes() == data
        event = Event.objects.get(verb="claim submitted")
        assert (event.subject_id, event.after["rank"]) == (str(claim.pk), 2)
        assert event.patients.get().patient_id == claim.patient_id

    def test_the_envelope_goes_the_way_the_practices_own_claim_went(self, main, ben):
        from django.core.files.base import ContentFile

        claim = stories.secondary(main)
        claim.file = stories.remittance(claim.payers.first().payer).file
        claim.file.kept.save("own.837", ContentFile(x12.SECONDARY), save=True)
        claim.save()

        sent = actions.send_claim(claim=claim, rank=2, by=ben)

        own, ours = parse_837p(x12.SECONDARY)[0], parse_837p(kept_bytes(sent))[0]
        assert ours.envelope.sender_id == own.envelope.sender_id
        assert ours.submitter == own.submitter
        assert ours.envelope.interchange_control == "000000001"

    def test_an_edit_that_stops_it_leaves_no_trace(self, main, ben):
        claim = stories.secondary(main)
        claim.adjudications.all().update(claim_payer=None)

        with pytest.raises(actions.SendRefused, match=r"Lakeside Health \(primary\) has not answered"):
            actions.send_claim(claim=claim, rank=2, by=ben)

        assert not Submission.objects.exists()
        assert claim.payers.get(rank=2).state == "expected"
        assert not outbox().exists()

    def test_the_second_press_of_the_button_is_told_that_it_is_sent(self, main, ben):
        claim = stories.secondary(main)
        actions.send_claim(claim=claim, rank=2, by=ben)

        with pytest.raises(actions.SendRefused, match=r"It was sent to Northern Benefit on 02/20/2026 by Ben Baker"):
            actions.send_claim(claim=claim, rank=2, by=ben)

    def test_somebody_who_was_quicker_between_look_and_take_wins(self, main, ben, dee, monkeypatch):
        claim = stories.secondary(main)
        look = actions.objections
        taken = iter(("000000001", "000000002"))
        # Here the quicker one sends from inside our transaction, where no number could be taken.
        monkeypatch.setattr(actions, "take", lambda _series: next(taken))

        def slow(sending, **options):
            said = look(sending, **options)
            monkeypatch.setattr(actions, "objections", look)
            actions.send_claim(claim=claim, rank=2, by=dee)
            return said

        monkeypatch.setattr(actions, "objections", slow)

        with pytest.raises(actions.AlreadySent, match="Dee Dutta sent this claim a moment ago"):
            actions.send_claim(claim=claim, rank=2, by=ben)

    def test_a_rejected_claim_goes_again_as_an_original_under_the_next_number(self, main, ben):
        claim = stories.secondary(main)
        actions.send_claim(claim=claim, rank=2, by=ben)
        claim.payers.filter(rank=2).update(state="rejected")

        again = actions.send_claim(claim=claim, rank=2, by=ben)

        assert (again.frequency, again.interchange) == ("1", "000000002")

    def test_a_number_is_never_used_again(self, main, ben):
        claim = stories.secondary(main)
        Submission.objects.create(claim=claim, claim_payer=claim.payers.get(rank=1), interchange="000000041")

        assert actions.send_claim(claim=claim, rank=2, by=ben).interchange == "000000042"


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_sends_nothing_and_wastes_the_number(main, ben, monkeypatch):
    with acting("test task"):
        claim = stories.secondary(main)

        def die(_submission):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(actions, "_tell", die)
            with pytest.raises(KeyboardInterrupt):
                actions.send_claim(claim=claim, rank=2, by=ben)
        assert (released(), Submission.objects.count(), OutgoingFile.objects.count()) == ([], 0, 0)

        actions.send_claim(claim=claim, rank=2, by=ben)

    assert released() == ["000000002.837"]


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_commit_is_made_good_by_the_mail_job(main, ben, monkeypatch):
    with acting("test task"):
        claim = stories.secondary(main)
        with monkeypatch.context() as patch:
            patch.setattr("claims.delivery.handing.deliver", lambda _pk: None)
            actions.send_claim(claim=claim, rank=2, by=ben)
        assert (released(), Delivery.objects.get().state) == ([], "queued")

        assert sending.deliver_due() == {"delivered": 1, "failed": 0}

    assert released() == ["000000001.837"]


@pytest.mark.django_db(transaction=True)
def test_a_number_cannot_be_taken_inside_a_transaction_that_may_still_fail(main):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        numbers.take(numbers.CLAIMS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_many_who_take_numbers_at_once_no_two_have_the_same(main):
    def take(count):
        return [numbers.take(numbers.CLAIMS) for _ in range(count)]

    taken = at_once(take, [10, 10, 10, 10])

    assert sorted(chain.from_iterable(taken)) == [f"{number:09d}" for number in range(1, 41)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_people_send_at_once_and_one_of_them_does(main, ben, dee):
    with acting("test task"):
        claim = stories.secondary(main)

    def press(person):
        with acting(person):
            return actions.send_claim(claim=claim, rank=2, by=person)

    answers = at_once(press, [ben, dee])

    assert Submission.objects.get() in answers
    assert sum(isinstance(answer, (actions.AlreadySent, actions.SendRefused)) for answer in answers) == 1, answers
    assert len(released()) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
class TestCommand:
    def run(self, *args):
        out = io.StringIO()
        call_command("write_837", *args, stdout=out)
        return out.getvalue()

    def test_without_a_rank_the_next_payer_is_meant_and_nothing_is_recorded(self, main):
        stories.secondary(main)

        data = self.run("BSC-1001").strip().encode()

        assert_valid(data)
        batch = parse_837p(data)[0]
        assert (batch.claims[0].payer.party.id, batch.envelope.usage) == ("77005", "T")
        assert not Submission.objects.exists()

    def test_with_send_it_is_sent_and_written(self, main, tmp_path):
        stories.secondary(main)
        out = tmp_path / "claim.837"

        said = json.loads(self.run("BSC-1001", "--rank", "2", "--send", "--out", str(out), "--json"))

        assert (said["sent"], said["interchange"]) == (True, "000000001")
        assert parse_837p(out.read_bytes())[0].envelope.usage == "P"
        assert Submission.objects.get().by is None
        assert Event.objects.get(verb="claim submitted").actor_name == "write_837 command"

    def test_sent_and_not_written_says_that_it_was_sent(self, main, tmp_path):
        stories.secondary(main)

        with pytest.raises(CommandError) as refused:
            self.run("BSC-1001", "--rank", "2", "--send", "--out", str(tmp_path))

        said = (
            f"{tmp_path} could not be written: Is a directory. Sent under interchange 000000001; do not send it again."
        )
        assert (str(refused.value), refused.value.returncode) == (said, 2)
        assert Submission.objects.count() == 1

    def test_a_refusal_says_why_and_ends_with_one(self, main):
        stories.secondary(main).patient.determinations.all().first()
        claim = open_folder(stories_undetermined(main)).claim

        with pytest.raises(CommandError, match="Nobody has determined who pays first for 01/13/2026") as refused:
            self.run(claim.control_number)

        assert refused.value.returncode == 1

    def test_as_billed_shows_what_would_be_sent_but_is_never_sent(self, main):
        claim = stories_undetermined(main)

        assert parse_837p(self.run(claim.control_number, "--as-billed").strip().encode())
        with pytest.raises(CommandError, match="an undetermined order is not sent") as refused:
            self.run(claim.control_number, "--as-billed", "--send")
        assert refused.value.returncode == 2

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (["NOSUCH"], "There is no claim NOSUCH on file"),
            (["BSC-1001", "--site", "north"], "There is no claim BSC-1001 on file at site north"),
            (["BSC-1001", "--rank", "7"], "has no payer of rank 7"),
        ],
        ids=["unknown claim", "another site", "unknown rank"],
    )
    def test_bad_arguments_end_with_two(self, main, args, said):
        stories.secondary(main)

        with pytest.raises(CommandError, match=said) as refused:
            self.run(*args)

        assert refused.value.returncode == 2

    def test_one_number_at_two_sites_asks_which(self, main, north):
        stories.secondary(main)
        stories.secondary(north)

        with pytest.raises(CommandError, match="on file at main, north; name one with --site"):
            self.run("BSC-1001")
        assert self.run("BSC-1001", "--site", "north").startswith("ISA")


def stories_undetermined(site):
    patient = stories.nora(site, chart_number="N2")
    covers = [
        stories.coverage(patient, stories.LAKESIDE, "LH5550101"),
        stories.coverage(patient, stories.NORTHERN, "NP300200"),
    ]
    claim = stories.claim_of(patient, covers, number="BSC-1002", on=date(2026, 1, 13))
    stories.answer(claim, 1, stories.VISIT, stories.DRAW)
    return claim


def test_files_never_leave_the_data_folder_of_the_test(tmp_path):
    assert Path(tmp_path) in outbox().parents
