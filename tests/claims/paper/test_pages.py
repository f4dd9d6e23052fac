"""The pages a paper EOB is typed on, and an 835 is looked at before it is posted."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse

from claims import exchange
from claims.exchange import previewing
from claims.models import EdiFile, PaperEob, Posting, Remittance
from claims.paper import actions, typed
from claims.paper.laying_out import only_totals
from cob.accounts.models import User
from cob.audit.acting import acting
from tests.at_once import at_once
from tests.claims.edi_samples import answer, file_835, svc, transaction
from tests.claims.paper import typing_eobs as eobs
from tests.claims.paper.typing_eobs import acme, both_lines, draft, same_as_835

pytestmark = pytest.mark.django_db


class TestPage:
    @pytest.fixture
    def client(self, on_file, pat, sign_in):
        return sign_in(pat)

    def page(self, eob):
        return f"/remittances/paper/{eob.pk}/"

    def test_from_an_empty_draft_to_the_ledger(self, client, main, on_file):
        begun = client.post("/remittances/paper/", {"site": main.pk})
        eob = PaperEob.objects.get()
        assert begun.url == self.page(eob)
        head = eobs.as_form(eobs.eob(payer=acme().pk, amount="102.50"))
        found = client.post(self.page(eob), head | {"do": "find", "find": "doe"}).content.decode()
        assert f'value="add:{on_file.pk}"' in found
        added = client.post(self.page(eob), head | {"do": f"add:{on_file.pk}"})
        assert "focus=c0-l0-allowed" in added.url
        text = client.get(added.url).content.decode()
        assert 'value="150.00"' in text
        assert "autofocus" in text

        made = both_lines()
        made.payer, made.claims[0].claim = str(acme().pk), str(on_file.pk)
        looked = client.post(self.page(eob), eobs.as_form(made) | {"do": "preview"}, follow=True).content.decode()
        assert "Post 102.50" in looked
        eob.refresh_from_db()
        posted = client.post(self.page(eob) + "preview/", {"version": eob.version}, follow=True).content.decode()

        assert "typed from paper by Pat Price" in posted
        on_file.refresh_from_db()
        assert on_file.paid_cents == 102_50

    def test_a_character_no_database_keeps_is_left_out_of_what_is_typed(self, client, main, pat):
        eob = draft(main, pat, both_lines("100.00"))

        client.post(self.page(eob) + "keep/", {"number": "T\0 1", "version": eob.version})
        eob.refresh_from_db()

        assert eob.content["number"] == "T 1"
        found = client.post(self.page(eob), {"do": "find", "find": "\0 doe", "version": eob.version})
        assert 'value="add:' in found.content.decode()

    def test_while_typing_every_difference_comes_back_and_nothing_is_lost(self, client, main, pat):
        eob = draft(main, pat, both_lines("100.00"))
        made = both_lines("100.00")
        made.payer = str(acme().pk)
        made.claims[0].lines[0].paid = "79.00"

        said = client.post(self.page(eob) + "keep/", eobs.as_form(made, version=eob.version)).content.decode()

        assert "1.50 explained twice" in said
        assert 'id="d-c0-l0"' in said
        eob.refresh_from_db()
        assert typed.load(eob.content) == made

    def test_what_is_wrong_is_listed_and_leads_to_its_field(self, client, main, pat):
        made = both_lines("1O2.50")
        eob = draft(main, pat, made)

        text = client.get(self.page(eob) + "?check=1").content.decode()

        assert 'href="#f-amount"' in text
        assert 'value="1O2.50"' in text
        assert 'id="f-amount-error"' in text
        assert client.get(self.page(eob) + "preview/").url.endswith("?check=1")

    @pytest.mark.parametrize(
        ("do", "left"),
        [("line:1", (1, 3)), ("drop-line:1.2", (1, 1)), ("drop:1", (0, 0)), ("drop:9", (1, 2)), ("line:x", (1, 3)),
         ("drop-line:7.7", (1, 2)), ("nonsense", (1, 2))],
    )  # fmt: skip
    def test_claims_and_lines_come_and_go(self, client, main, pat, do, left):
        eob = draft(main, pat, both_lines())

        client.post(self.page(eob), eobs.as_form(both_lines(), version=eob.version) | {"do": do})

        eob.refresh_from_db()
        found = typed.load(eob.content).claims
        assert (len(found), sum(len(c.lines) for c in found)) == left

    @pytest.mark.parametrize(
        "sent", [{"do": "add:x"}, {"do": "page:²", "version": "²"}, {"do": "lines:1", "payer": "x"}], ids=str
    )
    def test_a_button_that_names_nothing_does_nothing(self, client, main, pat, sent):
        eob = draft(main, pat, both_lines())

        answered = client.post(self.page(eob), eobs.as_form(both_lines(), version=eob.version) | sent)

        assert answered.status_code in (302, 404)
        eob.refresh_from_db()
        assert len(typed.load(eob.content).claims) == 1

    def test_an_eob_as_long_as_may_be_is_kept(self, client, main, pat):
        each = typed.MOST_ROWS // typed.MOST_CLAIMS
        other = [typed.Other("CO", "45", "1.00")] * typed.MOST_OTHER
        lines = [eobs.paid_line(other=other)] * each
        made = eobs.eob(*[eobs.claim(*lines, other=other)] * typed.MOST_CLAIMS)
        made.payer = str(acme().pk)
        eob = draft(main, pat, both_lines())

        said = client.post(self.page(eob), eobs.as_form(made, version=eob.version) | {"do": "line:1"}, follow=True)

        eob.refresh_from_db()
        assert typed.load(eob.content) == made
        assert "An EOB holds up to 60 claims and 600 lines." in said.content.decode()

    def test_totals_do_not_become_lines_where_there_is_no_room_for_them(self, client, main, pat):
        last = only_totals(eobs.claim(eobs.paid_line()))
        made = eobs.eob(*[eobs.claim(*[eobs.paid_line()] * typed.MOST_LINES)] * 12, last)
        eob = draft(main, pat, made)

        said = client.post(self.page(eob), eobs.as_form(made, version=eob.version) | {"do": "lines:13"}, follow=True)

        eob.refresh_from_db()
        assert typed.load(eob.content).claims[12] == last
        assert "An EOB holds up to 60 claims and 600 lines." in said.content.decode()

    def test_a_claim_that_cannot_be_is_none(self, client, main, pat):
        made = both_lines()
        made.claims[0].claim = "1"
        eob = draft(main, pat, both_lines())

        assert client.post(self.page(eob), eobs.as_form(made, version=eob.version), follow=True).status_code == 200
        eob.refresh_from_db()
        assert typed.load(eob.content).claims[0].claim == ""

    def test_what_does_not_come_to_zero_is_listed_line_by_line(self, client, main, pat):
        made = both_lines()
        made.claims[0].lines[1].paid = "22.49"
        eob = draft(main, pat, made)

        text = client.get(self.page(eob) + "?check=1").content.decode()

        assert 'href="#f-c0-l1-paid">Claim 1, line 2: 0.01 not explained.' in text

    def test_another_site_finds_nothing(self, client, main, pat, north):
        eob = draft(main, pat, both_lines())
        pat.sites.set([north])

        for address in ("", "preview/", "withdraw/"):
            assert client.get(self.page(eob) + address).status_code == 404
        assert client.post(self.page(eob) + "keep/", {}).status_code == 404
        assert "CHK100" not in client.get("/remittances/paper/").content.decode()

    def test_fifty_eobs_cost_what_one_costs(self, client, main, pat, queries_of):
        draft(main, pat, both_lines())
        client.get("/remittances/paper/")
        few = queries_of(lambda: client.get("/remittances/paper/"))
        with acting(pat):
            for _ in range(20):
                actions.begin(site=main, by=pat)

        assert queries_of(lambda: client.get("/remittances/paper/")) == few

    def test_discarded_it_can_be_read_and_not_typed(self, client, main, pat):
        eob = draft(main, pat, both_lines())

        client.post(self.page(eob) + "discard/")

        assert "What was typed" in client.get(self.page(eob)).content.decode()
        assert client.post(self.page(eob), eobs.as_form(both_lines())).status_code == 200
        eob.refresh_from_db()
        assert eob.state == "discarded"


def test_a_file_is_looked_at_before_it_is_posted(on_file, pat, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in(pat)
    data = file_835(transaction(same_as_835(), answer("NOBODY", svc(("CO-45", 50_00)), last="ROE")))
    client.post("/import/", {"files": [SimpleUploadedFile("era.835", data)], "look": "1"})
    file = EdiFile.objects.get(name="era.835")
    assert (file.job, file.outcome) == (None, "")

    text = client.get(f"/import/{file.pk}/preview/").content.decode()

    assert "no claim on file" in text
    assert "102.50" in text
    assert not Posting.objects.exists()
    assert "starts" in client.post(f"/import/{file.pk}/again/", follow=True).content.decode()
    file.refresh_from_db()
    assert file.job is not None


def test_a_file_too_large_to_try_is_shown_by_payment_and_says_so(on_file, pat, sign_in, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_CLAIMS", 1)
    client = sign_in(pat)
    data = file_835(transaction(same_as_835(), answer("NOBODY", svc(("CO-45", 50_00)), last="ROE")))
    with acting(pat):
        file, _ = exchange.receive("large.835", BytesIO(data), by=pat)

    said = client.get(reverse("claims:file-preview", args=[file.pk]))

    text = said.content.decode()
    assert "It holds 2 claims, so it is shown by payment: up to 1 claims are tried one by one" in text
    assert "2 claims" in text
    assert "adds up" in text
    assert not Posting.objects.exists()
    assert said.context["payments"][0].payment.paid_cents == 202_50


def test_a_held_file_says_why_in_its_preview(on_file, pat, sign_in):
    with acting(pat):
        from io import BytesIO

        data = file_835(transaction(same_as_835())).replace(b"BPR*I*102.5", b"BPR*I*103.5")
        file, _ = exchange.receive("off.835", BytesIO(data), by=pat)

    text = sign_in(pat).get(f"/import/{file.pk}/preview/").content.decode()

    assert "103.50" in text
    assert not Remittance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_in_one_eob_at_once_the_second_is_told_who_did(main, pat, sol):
    with acting(pat):
        eob = actions.begin(site=main, by=pat)
    shown = eob.version  # on both screens

    def press(person):
        with acting(person):
            return actions.keep(eob=eob, content=typed.Eob(), version=shown, by=person)

    sue = User.objects.create_user("sue", first_name="Sue", last_name="Stone", role="supervisor")
    (told,) = (str(one) for one in at_once(press, [sol, sue]) if isinstance(one, actions.SomebodyElse))

    assert told.partition(" changed this EOB meanwhile")[0] in ("Sol Sato", "Sue Stone")
