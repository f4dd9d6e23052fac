"""Claims whose turn it is leave together, one file a receiver, each once; what an edit stops stays, and stops nobody
else."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims import actions
from claims.delivery import batching, numbers
from claims.delivery.batching import make_batches
from claims.delivery.models import Delivery, Mailbox, OutgoingFile
from claims.eligibility.sending import ask
from claims.models import Submission
from claims.submissions.excerpt import as_sent
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import Coverage
from cob.jobs import actions as jobs
from cob.jobs.actions import open_job
from cob.jobs.models import Job
from cob.x12.read837p import parse_837p
from tests.claims import stories
from tests.claims.stories import TODAY
from tests.x12 import claims as x12
from tests.x12.validator import assert_valid
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


def again(claim, number, modifiers=()):
    """Another visit of the same patient, answered by the first payer like the first."""
    first, second = (row.coverage for row in claim.payers.order_by("rank"))
    content = replace(x12.primary(), control_number=number)
    lines = (replace(line, procedure=replace(line.procedure, modifiers=modifiers)) for line in content.lines)
    content = replace(content, lines=tuple(lines)) if modifiers else content
    more = stories.claim_of(claim.patient, [first, second], content=content, number=number)
    stories.answer(more, 1, stories.VISIT, stories.DRAW, number=f"LHP-{number}")
    return more


def read(file):
    return parse_837p(Path(file.kept.path).read_bytes())


def test_claims_for_one_receiver_are_one_file_that_a_validator_takes(main, ben):
    claim = stories.secondary(main)
    more = [again(claim, f"BSC-{n}") for n in (1002, 1003)]

    made = make_batches(None, by=ben)

    (file,) = made.files
    assert (made.sent, made.held, file.items, file.charge_cents) == (3, [], 3, 3 * claim.charge_cents)
    assert_valid(Path(file.kept.path).read_bytes())
    (batch,) = read(file)
    assert {one.control_number for one in batch.claims} == {"BSC-1001", "BSC-1002", "BSC-1003"}
    assert (batch.reference, batch.envelope.group_control) == ("COB000000001", "1")
    for one in (claim, *more):
        assert one.payers.get(rank=2).state == "submitted"
        assert one.submissions.get(interchange="000000001").by == ben


def test_made_again_it_sends_nothing(main, ben):
    stories.secondary(main)
    make_batches(None, by=ben)

    made = make_batches(None, by=ben)

    assert (made.files, made.sent, made.held) == ([], 0, [])
    assert Submission.objects.count() == 1


def test_each_payer_reached_straight_has_a_file_of_its_own(main, ben):
    claim = stories.secondary(main)
    medicaid = stories.coverage(claim.patient, stories.MEDICAID, "MN00012345")
    first = claim.payers.get(rank=1).coverage
    other = stories.claim_of(claim.patient, [first, medicaid], number="BSC-2001", on=stories.DAY)
    stories.answer(other, 1, stories.VISIT, stories.DRAW, number="LHP2")
    second = claim.payers.get(rank=2).coverage
    stories.determined(claim, [first, second, medicaid])

    made = make_batches(None, by=ben)

    assert {file.receiver for file in made.files} <= {"77005", "MNDHS"}
    assert {file.receiver for file in made.files} >= {"77005"}


def test_what_an_edit_stops_is_named_and_stops_nobody_else(main, ben):
    claim = stories.secondary(main)
    bad = again(claim, "BSC-1002")
    bad.adjudications.get().lines.update(line=None)  # services that belong to no line of the claim

    made = make_batches(None, by=ben)

    assert made.sent == 1
    assert [(one.claim, one.rank) for one in made.held] == [(bad.pk, 2)]
    assert bad.payers.get(rank=2).state == "expected"


def test_a_claim_answered_while_the_file_is_made_is_left_out(main, ben, monkeypatch):
    claim = stories.secondary(main)
    other = again(claim, "BSC-1002")
    take = numbers.take

    def slow(series):
        stories.answer(other, 1, stories.VISIT, stories.DRAW, number="LHP-LATER")
        other.payers.filter(rank=1).update(state="adjudicated")
        return take(series)

    monkeypatch.setattr(batching, "take", slow)

    made = make_batches(None, by=ben)

    assert (made.sent, made.overtaken) == (1, 1)
    assert other.payers.get(rank=2).state == "expected"


def test_a_claim_somebody_sends_while_the_file_is_made_goes_once(main, ben, dee, monkeypatch):
    claim = stories.secondary(main)
    take = numbers.take

    def slow(series):
        monkeypatch.setattr(batching, "take", take)
        actions.send_claim(claim=claim, rank=2, by=dee)
        return take(series)

    monkeypatch.setattr(batching, "take", slow)

    made = make_batches(None, by=ben)

    assert (made.sent, made.overtaken, made.files) == (0, 1, [])
    assert Submission.objects.get().by == dee


def test_too_many_for_one_transaction_are_two_files(main, ben, monkeypatch):
    claim = stories.secondary(main)
    again(claim, "BSC-1002")
    monkeypatch.setattr(batching, "MOST_CLAIMS", 1)

    assert [file.interchange for file in make_batches(None, by=ben).files] == ["000000001", "000000002"]


def test_other_sites_claims_wait_for_their_own(main, north, ben):
    stories.secondary(main)

    assert make_batches([north.pk], by=ben).sent == 0


def test_out_of_a_batch_a_claim_is_shown_alone(main, ben, sign_in):
    claim = stories.secondary(main)
    again(claim, "BSC-1002")
    make_batches(None, by=ben)
    sent = claim.submissions.get()

    data = as_sent(sent)

    assert_valid(data)
    (batch,) = parse_837p(data)
    assert [one.control_number for one in batch.claims] == ["BSC-1001"]
    answer = sign_in(ben).get(f"/claims/submissions/{sent.pk}/file/")
    assert b"BSC-1002" not in b"".join(answer.streaming_content)


class TestByItself:
    def run(self):
        job = open_job("delivery.make_batches", slot="today")
        return jobs.run(job.pk)

    def test_without_such_a_mailbox_the_morning_sends_nothing(self, main):
        stories.secondary(main)

        assert self.run().outcome == {"sent": 0, "because": "no mailbox sends by itself"}
        assert not OutgoingFile.objects.exists()

    @pytest.mark.parametrize(("receivers", "sent"), [("77005", 1), ("88888", 0)])
    def test_it_sends_only_where_the_receivers_mailbox_does_so(self, main, receivers, sent):
        stories.secondary(main)
        Mailbox.objects.create(name="Own", kind="folder", receivers=receivers, sends_by_itself=True)

        assert self.run().outcome["sent"] == sent


class TestCommand:
    def test_it_sends_and_says_so(self, main):
        stories.secondary(main)
        out = io.StringIO()

        call_command("make_batches", "--site", "main", "--json", stdout=out)

        assert json.loads(out.getvalue()) | {"held": []} == {
            "sent": 1, "files": ["000000001"], "held_back": 0, "overtaken": 0, "held": [],
        }  # fmt: skip

    def test_it_lists_whose_turn_it_is(self, main):
        stories.secondary(main)
        out = io.StringIO()

        call_command("make_batches", "--list", stdout=out)

        assert out.getvalue() == "Northern Benefit: 1 claims, the oldest of 01/12/2026\n"
        assert not OutgoingFile.objects.exists()

    def test_an_unknown_site_is_said(self, main):
        with pytest.raises(CommandError, match="There is no site west"):
            call_command("make_batches", "--site", "west")

    def test_after_a_restore_numbers_are_skipped(self, main):
        out = io.StringIO()
        call_command("control_numbers", "--skip-to", "41", stdout=out)

        assert "claims: the next is 000000042" in out.getvalue()
        assert numbers.take(numbers.CLAIMS) == "000000042"
        with pytest.raises(CommandError, match="not between"):
            call_command("control_numbers", "--skip-to", "0")


class TestPages:
    def test_the_button_opens_the_job_and_the_page_shows_what_it_left(self, main, ben, sign_in):
        claim = stories.secondary(main)
        bad = again(claim, "BSC-1002")
        bad.adjudications.get().lines.update(line=None)
        desk = sign_in(ben)
        assert "Northern Benefit" in desk.get("/claims/batches/").content.decode()

        desk.post("/claims/batches/make/")
        jobs.run(Job.objects.get(kind="delivery.make_batches").pk)

        page = desk.get("/claims/batches/").content.decode()
        assert "1 sent, 1 held back." in page
        assert "BSC-1002" in page
        assert "000000001.837" in page

    @pytest.mark.parametrize("busy", ["kit", None])
    def test_a_run_of_another_site_or_the_morning_s_keeps_nobody_from_theirs(self, main, ben, kit, sign_in, busy):
        stories.secondary(main)
        if busy:
            sign_in(kit).post("/claims/batches/make/")
        else:
            jobs.open_job("delivery.make_batches")

        desk = sign_in(ben)
        told = [desk.post("/claims/batches/make/", follow=True).content.decode() for _ in range(2)]

        mine = Job.objects.get(kind="delivery.make_batches", by=ben)
        assert mine.args == {"sites": [str(main.pk)]}
        assert ["are being looked at and sent" in page for page in told] == [True, False]
        assert "Somebody started it already." in told[1]

    def test_the_page_shows_no_run_of_another_site(self, main, north, ben, kit, sign_in):
        sign_in(ben).post("/claims/batches/make/")
        jobs.run(Job.objects.get(by=ben).pk)
        sign_in(kit).post("/claims/batches/make/")
        Job.objects.filter(by=kit).update(created_at=timezone.now() + timedelta(minutes=1))

        assert sign_in(ben).get("/claims/batches/").context["run"].by == ben

    def test_who_follows_a_run_of_more_sites_than_theirs_sees_it(self, main, ben, sol, north, sign_in):
        sol.sites.add(north)
        sign_in(sol).post("/claims/batches/make/")
        assert sign_in(ben).post("/claims/batches/make/", follow=True).context["run"].by == sol

    def test_a_file_of_questions_that_is_taken_out_names_whose_they_are(self, main, ben, sign_in):
        cover = stories.secondary(main).payers.get(rank=1).coverage
        rows = Coverage.objects.filter(pk=cover.pk).select_related("patient__site", "payer", "subscriber")
        asked = ask(list(rows), date(2026, 3, 2), by=ben, send=True)

        file = OutgoingFile.objects.get(interchange=asked.files[0].interchange)
        assert b"".join(sign_in(ben).get(f"/claims/batches/{file.pk}/file/").streaming_content).startswith(b"ISA*")

        event = Event.objects.get(verb="downloaded", subject_id=str(file.pk))
        assert event.patients.get().patient_id == cover.patient_id

    def test_a_file_shows_its_claims_and_its_delivery(self, main, ben, sign_in):
        stories.secondary(main)
        file = make_batches(None, by=ben).files[0]
        Delivery.objects.update(failures=3, trouble="The disk is full.", attempts=3)

        page = sign_in(ben).get(f"/claims/batches/{file.pk}/").content.decode()

        for words in ("BSC-1001", "Oakes", "Northern Benefit", "The disk is full.", "Try now"):
            assert words in page

    def test_another_site_does_not_see_it(self, main, kit, ben, sign_in):
        stories.secondary(main)
        file = make_batches(None, by=ben).files[0]

        desk = sign_in(kit)
        assert desk.get(f"/claims/batches/{file.pk}/").status_code == 404
        assert desk.get(f"/claims/batches/{file.pk}/file/").status_code == 404
        assert "000000001" not in desk.get("/claims/batches/").content.decode()

    def test_the_pages_cost_the_same_for_one_row_as_for_many(self, main, ben, sign_in, queries_of):
        claim = stories.secondary(main)
        file = make_batches(None, by=ben).files[0]
        desk = sign_in(ben)
        one = [
            queries_of(lambda path=path: desk.get(path)) for path in ("/claims/batches/", f"/claims/batches/{file.pk}/")
        ]
        for n in range(2, 8):
            again(claim, f"BSC-100{n}", ("76",))  # The first has left: the same again would be a duplicate.
        many = make_batches(None, by=ben).files[0]
        for n in range(8):
            again(claim, f"BSC-200{n}", ("76",))

        paths = ("/claims/batches/", f"/claims/batches/{many.pk}/")
        assert [queries_of(lambda path=path: desk.get(path)) for path in paths] == one

    def test_what_is_not_delivered_is_work_until_it_is(self, main, ben):
        claim = stories.secondary(main)
        make_batches(None, by=ben)
        Delivery.objects.update(failures=3, trouble="The disk is full.")

        membership.ask()
        item = Item.objects.open().get(reason_codes=["not_delivered"])
        assert (item.claim_id, item.reason) == (claim.pk, "File 000000001 is not delivered: The disk is full.")

        Delivery.objects.update(failures=0)
        membership.ask()
        assert not Item.objects.open().filter(reason_codes=["not_delivered"]).exists()

    def test_what_is_not_delivered_waits_since_the_evening_it_was_sent_by_the_practices_clock(self, main, ben):
        stories.secondary(main)
        with time_machine.travel("2026-02-21T02:00:00+00:00", tick=False):  # nine in the evening of the 20th
            make_batches(None, by=ben)
        Delivery.objects.update(failures=3, trouble="The disk is full.")
        with time_machine.travel("2026-02-24T15:00:00+00:00", tick=False):
            membership.ask()

        item = Item.objects.get(reason_codes=["not_delivered"])
        assert timezone.localdate(item.entered_at) == TODAY


class TestMailboxSettings:
    SFTP = {
        "name": "Clearing", "kind": "sftp", "receivers": "", "outbox": "to", "inbox": "from", "after_fetch": "move",
        "fetched_folder": "done", "host": "sftp.example", "port": "22", "username": "clinic", "key_file": "key",
        "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5S6iKz0uJ6Jm3uJ4x9vH7wqk2g0yqFQw5r4u7yF6Zl",
        "is_active": "on",
    }  # fmt: skip

    def test_it_is_kept(self, sol, sign_in):
        answer = sign_in(sol).post("/settings/mailboxes/new/", self.SFTP)

        assert answer.status_code == 302
        assert Mailbox.objects.get().host == "sftp.example"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"host": ""}, "An SFTP mailbox needs the server."),
            ({"host_key": ""}, "An SFTP mailbox needs its host key."),
            ({"host_key": "SHA256:abc"}, "This is no public key"),
            ({"key_file": ""}, "Name the file of the private key"),
            ({"key_file": "../../etc/passwd"}, "Only the name of the file"),
            ({"outbox": "/etc"}, "Name a folder"),
            ({"outbox": "../out"}, "Name a folder"),
            ({"inbox": "to"}, "different folders"),
            ({"fetched_folder": "from"}, "Name another folder"),
        ],
    )
    def test_what_cannot_work_is_said_at_its_field(self, sol, sign_in, changed, said):
        answer = sign_in(sol).post("/settings/mailboxes/new/", self.SFTP | changed)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Mailbox.objects.exists()

    def test_checking_says_what_is_wrong_and_leaves_nothing_behind(self, by_sftp, server, remote, sol, sign_in):
        desk = sign_in(sol)
        said = desk.post(f"/settings/mailboxes/{by_sftp.pk}/check/", follow=True).content.decode()
        assert "Clearing can be reached, read and written." in said
        assert list((remote / "to").iterdir()) == []

        server.client_key = None
        said = desk.post(f"/settings/mailboxes/{by_sftp.pk}/check/", follow=True).content.decode()
        assert "does not let clinic in" in said

    def test_a_list_with_trouble_shows_it(self, by_sftp, sol, sign_in):
        from claims.delivery.models import MailboxLook

        with acting("test task"):
            MailboxLook.objects.create(mailbox=by_sftp, trouble="127.0.0.1 cannot be reached; it is tried again.")

        assert "cannot be reached" in sign_in(sol).get("/settings/mailboxes/").content.decode()
