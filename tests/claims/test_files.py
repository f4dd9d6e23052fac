"""Bringing files in and reading remittances: clear words for bad uploads, progress, matching by hand."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import actions
from claims.exchange import import_file
from claims.models import Adjudication, EdiFile, Posting
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs.actions import run
from cob.jobs.models import Job
from cob.x12.read835 import read_835
from cob.x12.stored import dump_835
from cob.x12.t835 import Claim835
from tests.claims import stories
from tests.x12 import claims as x12

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"claims:{name}", args=args)


def upload(client, *files):
    return client.post(url("import"), {"files": list(files)})


def era(name="era.835", data=x12.REMITTANCE):
    return SimpleUploadedFile(name, data)


class TestUpload:
    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (SimpleUploadedFile("letter.pdf", b"%PDF-1.7 something"), "a PDF document"),
            (SimpleUploadedFile("empty.835", b""), "empty"),
            (SimpleUploadedFile("notes.txt", b"call the payer on Monday"), "notes.txt is not taken"),
        ],
        ids=["a PDF", "an empty file", "some text"],
    )
    def test_what_is_no_edi_file_is_refused_by_name_and_not_kept(self, ben, sign_in, file, words):
        answer = upload(sign_in(ben), file)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not EdiFile.objects.exists()

    def test_no_file_at_all(self, ben, sign_in):
        answer = sign_in(ben).post(url("import"))

        assert (answer.status_code, "Choose at least one file." in answer.content.decode()) == (422, True)

    def test_a_file_above_the_limit_says_both_sizes_and_what_to_do(self, ben, sign_in, settings):
        settings.UPLOAD_BYTES_MAX = 200

        answer = upload(sign_in(ben), era(data=x12.REMITTANCE))

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "the limit is 200 bytes" in text
        assert "watched folder" in text
        assert not EdiFile.objects.exists()

    def test_a_good_file_among_bad_ones_is_taken(self, ben, sign_in):
        answer = upload(sign_in(ben), era(), SimpleUploadedFile("letter.pdf", b"%PDF-1.7"))

        assert answer.status_code == 422
        assert EdiFile.objects.get().name == "era.835"

    def test_a_file_is_kept_and_its_import_waits_for_a_worker(self, ben, main, sign_in):
        answer = upload(sign_in(ben), era())

        file = EdiFile.objects.get()
        assert answer.url == url("import")
        assert (file.by, file.job.kind, file.job.args) == (ben, "claims.import_file", {"edi_file": str(file.pk)})
        assert list(file.sites.all()) == [main]

    def test_the_same_file_again_opens_nothing(self, ben, sign_in):
        client = sign_in(ben)
        upload(client, era())

        answer = client.post(url("import"), {"files": [era("again.835")]}, follow=True)

        assert "again.835 is on file already" in answer.content.decode()
        assert Job.objects.count() == 1

    @pytest.mark.parametrize("who", ["ana", "ira", "dee"])
    def test_only_who_imports_may(self, cast, sign_in, who):
        assert sign_in(cast[who]).get(url("import")).status_code == 403


class TestProgress:
    def test_it_is_asked_again_while_it_runs_and_no_more_when_it_is_over(self, ben, sign_in):
        client = sign_in(ben)
        upload(client, era())
        file = EdiFile.objects.get()

        waiting = client.get(url("file-progress", file.pk))
        run(file.job_id)
        over = client.get(url("file-progress", file.pk))

        assert (waiting.status_code, "every 1s" in waiting.content.decode()) == (200, True)
        assert (over.status_code, "every 1s" in over.content.decode()) == (286, False)

    def test_without_scripts_the_page_comes_again_by_itself_until_then(self, ben, sign_in):
        client = sign_in(ben)
        upload(client, era())

        assert 'http-equiv="refresh"' in client.get(url("import")).content.decode()
        run(EdiFile.objects.get().job_id)
        assert 'http-equiv="refresh"' not in client.get(url("import")).content.decode()

    def test_fifty_files_cost_what_one_costs(self, ben, sign_in):
        client = sign_in(ben)
        upload(client, era())
        client.get(url("import"))
        one = queries(client, url("import"))
        with acting(ben):
            for n in range(49):
                EdiFile.objects.create(name=f"f{n}", sha256=f"{n:064d}", size=1, kept="edi/none", by=ben)

        assert queries(client, url("import")) == one


def queries(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([q for q in seen if "audit_" not in q["sql"]])


class TestTurnedAway:
    @pytest.fixture
    def broken(self, ben, sign_in):
        client = sign_in(ben)
        data = x12.REMITTANCE.replace(b"BPR*I*", b"BPR*I*9", 1)
        assert data != x12.REMITTANCE
        upload(client, era("short.835", data))
        file = EdiFile.objects.get()
        run(file.job_id)
        file.refresh_from_db()
        return file

    def test_the_page_says_so_first_and_why(self, broken, client):
        assert broken.outcome == "quarantined"

        text = client.get(url("file-page", broken.pk)).content.decode()

        assert "Quarantined: nothing of this file was stored." in text
        assert broken.reason.split(";")[0][:60] in text.replace("&quot;", '"')
        assert "Import again" in text

    def test_it_can_be_imported_again_once(self, broken, client):
        first = client.post(url("file-again", broken.pk), follow=True)
        second = client.post(url("file-again", broken.pk), follow=True)

        assert "The import starts again." in first.content.decode()
        assert "already" in second.content.decode()
        assert Job.objects.count() == 2

    def test_another_site_finds_no_such_file(self, broken, kit, sign_in):
        client = sign_in(kit)

        assert client.get(url("file-page", broken.pk)).status_code == 404
        assert client.get(url("file-progress", broken.pk)).status_code == 404
        assert client.post(url("file-again", broken.pk)).status_code == 404


def test_a_remittance_without_an_envelope_is_shown_before_and_after_it_is_posted(ben, main, sign_in):
    client = sign_in(ben)
    bare = x12.REMITTANCE[x12.REMITTANCE.index(b"ST*") : x12.REMITTANCE.index(b"GE*")]
    client.post(url("import"), {"files": [era("bare.835", bare)], "look": "1"})
    file = EdiFile.objects.get()
    before = client.get(url("file-preview", file.pk))
    with acting(ben):
        import_file(file)
    remittance = file.remittances.get()
    after = [client.get(url("file-page", file.pk)), client.get(url("remittance-page", remittance.pk))]

    assert (file.outcome, file.interchange) == ("posted", "")
    for page in (before, *after):
        assert (page.status_code, remittance.trace in page.content.decode()) == (200, True)


@pytest.fixture
def unmatched(main, cast):
    """A payer's answer that names a claim number nobody knows; the claim is on file under its own."""
    with acting("test task"):
        claim = stories.secondary(main)
        claim.adjudications.all().update(claim=None, claim_payer=None)
        said = next(e for e in read_835(x12.REMITTANCE) if isinstance(e, Claim835))
        answer = Adjudication.objects.get()
        answer.content = dump_835(said)
        answer.control_number, answer.posted_at = "WRONG-1", None
        answer.charge_cents, answer.paid_cents = said.charge_cents, said.paid_cents
        answer.exceptions = ["No claim on file has this number."]
        answer.save()
    return answer, claim


class TestRemittances:
    def test_the_list_counts_what_is_unmatched(self, unmatched, cast, sign_in):
        client = sign_in(cast["pat"])
        answer, _ = unmatched

        assert answer.remittance.trace in client.get(url("remittance-list"), {"unmatched": "on"}).content.decode()
        assert "No remittance fits" in client.get(url("remittance-list"), {"since": "2030-01-01"}).content.decode()

    def test_the_page_leads_to_matching(self, unmatched, cast, sign_in):
        answer, _ = unmatched

        text = sign_in(cast["pat"]).get(url("remittance-page", answer.remittance_id)).content.decode()

        assert url("adjudication-match", answer.pk) in text

    def test_the_list_costs_the_same_for_fifty(self, unmatched, cast, sign_in):
        client = sign_in(cast["pat"])
        answer, claim = unmatched
        client.get(url("remittance-list"))
        one = queries(client, url("remittance-list"))
        with acting("test task"):
            for _ in range(49):
                stories.remittance(answer.remittance.payer, site=claim.site, on=date(2026, 2, 1))

        assert queries(client, url("remittance-list")) == one

    @pytest.mark.parametrize(
        ("code", "words"), [("CHK", "Check"), ("ACH", "Transfer (ACH)"), ("NON", "No payment"), ("XYZ", "XYZ")]
    )
    def test_both_pages_say_in_words_how_it_was_paid(self, unmatched, cast, sign_in, code, words):
        answer, _ = unmatched
        client = sign_in(cast["pat"])
        with acting("test task"):
            answer.remittance.method = code
            answer.remittance.save(update_fields=["method"])

        for page in (url("remittance-list"), url("remittance-page", answer.remittance_id)):
            assert words in client.get(page).content.decode()

    def test_another_site_sees_none_of_it(self, unmatched, kit, sign_in):
        answer, _ = unmatched
        client = sign_in(kit)

        assert client.get(url("remittance-page", answer.remittance_id)).status_code == 404
        assert answer.remittance.trace not in client.get(url("remittance-list")).content.decode()
        assert client.get(url("adjudication-match", answer.pk)).status_code == 403  # Kit bills, and does not post

    def test_a_claim_is_found_by_name_chosen_and_posted(self, unmatched, cast, sign_in):
        answer, claim = unmatched
        client = sign_in(cast["pat"])

        found = client.post(url("adjudication-match", answer.pk), {"q": "oakes nora"}).content.decode()
        done = client.post(url("adjudication-match", answer.pk), {"claim": claim.pk})

        assert "BSC-1001" in found
        assert done.url == url("claim-page", claim.pk)
        answer.refresh_from_db()
        assert (answer.claim, answer.matched_how) == (claim, "matched by Pat Price")
        assert answer.posted_at is not None
        assert Posting.objects.filter(claim=claim).exists()
        assert Event.objects.get(verb="remittance posted").after["claims"] == [str(claim.pk)]

    def test_matching_it_twice_posts_once(self, unmatched, cast, sign_in):
        answer, claim = unmatched
        with acting(cast["pat"]):
            actions.match_answer(adjudication=answer, claim=claim)
            posted = Posting.objects.count()
            with pytest.raises(actions.AlreadyMatched):
                actions.match_answer(adjudication=answer, claim=claim)

        assert Posting.objects.count() == posted

    def test_nothing_found_says_what_else_to_try(self, unmatched, cast, sign_in):
        answer, _ = unmatched

        text = sign_in(cast["pat"]).post(url("adjudication-match", answer.pk), {"q": "nobody"}).content.decode()

        assert "No claim fits" in text
