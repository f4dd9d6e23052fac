"""Remitted = deposited = posted: each day's difference, what explains it, and closing it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims import actions as claims
from claims.deposits import actions
from claims.deposits.days import day_of
from claims.deposits.figures import posted_sums
from claims.models import Adjudication, BankFile, Claim, DayClose, Deposit, DepositTie, Remittance
from claims.models.undo import UndoKind
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.x12.t835 import ProviderAdjustment
from tests.claims.edi_samples import MAIN_NPI, answer, claim, file_835, file_837p, svc, transaction
from workqueues import membership
from workqueues.models import Item

pytestmark = pytest.mark.django_db
PAID = (("CO-45", 50_00), ("PR-2", 20_00))
BANK_DAY = date(2026, 3, 21)


@pytest.fixture
def pat(cast):
    return cast["pat"]


@pytest.fixture
def remitted(bring):
    """EFT1 pays 80.00 for PCN1."""
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(transaction(answer("PCN1", svc(*PAID)))))
    return Remittance.objects.get()


def deposit(site, by, cents=80_00, trace="EFT1", on=BANK_DAY, **more):
    with acting(by):
        return actions.record_deposit(
            site=site, on=on, cents=cents, trace=trace, payer_said="ACME HEALTH HCCLAIMPMT", by=by, **more
        )


def day(site):
    return day_of(site, BANK_DAY)


def test_deposited_remitted_and_posted_agree(main, remitted, pat):
    deposit(main, pat)

    found = day(main)

    assert DepositTie.objects.get().how == "trace, amount, 1 day apart"
    assert (found.deposited_cents, found.sums.remitted_cents, found.sums.posted_cents) == (80_00, 80_00, 80_00)
    assert (found.difference_cents, found.deposits[0].because) == (0, [])
    with acting(pat):
        close = actions.close_day(site=main, day=BANK_DAY, explanation="", by=pat)
    assert (close.difference_cents, close.figures["posted"]) == (0, 80_00)


@pytest.mark.parametrize(
    ("cents", "difference", "because"),
    [(79_99, -1, "0.01 less was deposited"), (80_01, 1, "0.01 more was deposited")],
)
def test_a_cent_is_a_difference_and_closes_only_with_a_word(main, remitted, pat, cents, difference, because):
    deposit(main, pat, cents)

    found = day(main)
    assert found.difference_cents == difference
    assert because in found.deposits[0].because[0]
    with acting(pat):
        with pytest.raises(actions.Refused, match="not zero"):
            actions.close_day(site=main, day=BANK_DAY, explanation=" ", by=pat)
        close = actions.close_day(site=main, day=BANK_DAY, explanation="Bank fee, called 3/22", by=pat)
    assert close.explanation == "Bank fee, called 3/22"


def test_what_is_remitted_and_not_in_the_ledger_explains_the_rest(main, bring, pat):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    plb = (ProviderAdjustment(MAIN_NPI, date(2026, 12, 31), "WO", "ICN0", 10_00),)
    answers = (
        answer("PCN1", svc(*PAID)),
        answer("PCN2", svc(*PAID), number="ICN2"),
        answer("NOBODY", svc(*PAID), last="ROE", number="ICN3", patient=None),
    )
    answers = (*answers[:2], answer("NOBODY", svc(("CO-45", 50_00), code="99499"), last="ROE", number="ICN3"))
    bring(file_835(transaction(*answers, plb=plb)))
    with acting(pat):
        row = Adjudication.objects.get(control_number="PCN2")
        claims.undo_answer(adjudication=row, kind=UndoKind.UNPOSTED, reason="Wait", by=pat)
    sums = posted_sums(Remittance.objects.get())
    assert (sums.remitted_cents, sums.posted_cents, sums.waiting_cents, sums.unmatched_cents, sums.provider_cents) == (
        250_00, 80_00, 80_00, 100_00, 10_00,
    )  # fmt: skip
    assert sums.rest_cents == 0

    deposit(main, pat, 250_00)

    found = day(main)
    assert found.difference_cents == 180_00  # not posted and unmatched; PLB is explained
    said = " ".join(found.deposits[0].because)
    assert "1 answer fits no claim, 100.00" in said
    assert "1 answer is not posted, 80.00" in said
    assert "(PLB) lowered the payment by 10.00" in said


@pytest.mark.parametrize("control", ["PCN2", "NOBODY"])
def test_a_price_named_beforehand_is_waited_for_by_no_deposit(main, bring, pat, control):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    estimate = answer(control, svc(("CO-45", 150_00)), status="25", number="ICN2", last="ROE")
    bring(file_835(transaction(answer("PCN1", svc(*PAID)), estimate)))
    sums = posted_sums(Remittance.objects.get())

    assert (sums.waiting, sums.unmatched, sums.is_done) == (0, 0, True)


def test_a_deposit_waits_for_its_remittance_which_finds_it_when_it_comes(main, bring, pat):
    bring(file_837p(claim("PCN1")))
    made = deposit(main, pat)
    assert day(main).deposits[0].because == ["No remittance has come for it."]

    bring(file_835(transaction(answer("PCN1", svc(*PAID)))))
    from claims.deposits.following import tie_new

    tie_new(list(Event.objects.filter(verb="remittance posted")))

    assert DepositTie.objects.get().deposit == made
    assert day(main).difference_cents == 0


def test_a_remittance_that_is_held_back_explains_its_deposit(main, bring, pat):
    bring(file_837p(claim("PCN1")))
    bring(file_835(transaction(answer("PCN1", svc(*PAID)))).replace(b"BPR*I*80", b"BPR*I*81"), name="march.835")
    deposit(main, pat, 81_00)

    assert "held back in march.835 (81.00)" in day(main).deposits[0].because[0]


def test_a_deposit_of_several_checks(main, remitted, bring, pat):
    bring(file_835(transaction(answer("PCN2", svc(*PAID), number="ICN2"), trace="CHK2"), number=2))
    made = deposit(main, pat, 160_00, trace="LOCKBOX 1")
    assert not DepositTie.objects.exists()

    for remittance in Remittance.objects.all():
        with acting(pat):
            actions.tie(deposit=made, remittance=remittance, by=pat)

    assert day(main).difference_cents == 0


def test_two_people_tie_one_remittance_one_wins(main, remitted, pat, sol):
    one = deposit(main, pat, trace="")
    two = deposit(main, pat, trace="OTHER")

    with acting(sol), pytest.raises(actions.Refused, match=r"in deposit .* already"):
        actions.tie(deposit=two, remittance=remitted, by=sol)
    assert DepositTie.objects.get().deposit == one


def test_the_same_deposit_typed_twice_is_asked_about(main, remitted, pat):
    deposit(main, pat)

    with pytest.raises(actions.Refused, match="on file already"):
        deposit(main, pat)
    deposit(main, pat, is_another=True)
    assert Deposit.objects.count() == 2


class TestClosed:
    @pytest.fixture
    def closed(self, main, remitted, pat):
        deposit(main, pat)
        with acting(pat):
            return actions.close_day(site=main, day=BANK_DAY, explanation="", by=pat)

    def test_of_two_people_one_closes_it(self, closed, main, sol):
        with acting(sol), pytest.raises(actions.Refused, match="Pat Price closed this day already"):
            actions.close_day(site=main, day=BANK_DAY, explanation="", by=sol)

    def test_nothing_is_untied_until_it_is_opened_again(self, closed, main, pat, sol):
        tie = DepositTie.objects.select_related("deposit").get()
        with acting(sol):
            with pytest.raises(actions.Refused, match="Pat Price closed this day"):
                actions.untie(tie_=tie, reason="x")
            actions.reopen_day(close=closed, reason="Wrong check", by=sol)
            actions.untie(tie_=tie, reason="x")
            actions.close_day(site=main, day=BANK_DAY, explanation="Nothing has come", by=sol)
        assert DayClose.objects.count() == 2

    def test_what_comes_after_it_is_said(self, closed, main, pat):
        with acting(pat):
            claims.undo_remittance(remittance=Remittance.objects.get(), reason="Twice", by=pat)

        assert day(main).changed_since


CSV = b"Date,Description,Amount,Trace\n03/21/2026,ACME,80.00,EFT1\n03/21/2026,RENT,-900.00,\n03/22/2026,CASH,5.00,\n"


class TestBankExport:
    @pytest.fixture
    def file(self, main, remitted, pat):
        with acting(pat):
            return actions.keep_bank_file(site=main, name="march.csv", data=CSV, by=pat)[0]

    def take(self, file, by, **more):
        with acting(by):
            return actions.take_bank_file(file=file, mapping=file.mapping, by=by, **more)

    def test_it_ties_what_it_brings(self, file, main, pat):
        taken = self.take(file, pat)

        assert (taken.new, taken.before, taken.left_out, taken.wrong) == (2, 0, 1, 0)
        assert day(main).difference_cents == 0

    def test_again_or_overlapping_it_adds_nothing_twice(self, file, main, pat):
        self.take(file, pat)
        assert self.take(file, pat).new == 0
        more = CSV + b"03/22/2026,CASH,5.00,\n"
        with acting(pat):
            longer, _ = actions.keep_bank_file(site=main, name="more.csv", data=more, by=pat)

        taken = self.take(longer, pat)

        assert (taken.new, taken.before) == (1, 2)

    def test_a_line_that_cannot_be_read_holds_it_until_somebody_leaves_it_out(self, main, pat):
        with acting(pat):
            file, _ = actions.keep_bank_file(site=main, name="x.csv", data=CSV + b"Total,,985,\n", by=pat)

        with pytest.raises(actions.Refused, match="1 lines cannot be read"):
            self.take(file, pat)
        assert not Deposit.objects.exists()
        assert self.take(file, pat, without_wrong=True).wrong == 1

    def test_through_the_pages(self, main, remitted, pat, sign_in):
        client = sign_in(pat)
        upload = SimpleUploadedFile("march.csv", CSV)
        address = client.post("/deposits/bank/", {"site": main.pk, "file": upload}).url

        shown = client.get(address).content.decode()
        refused = client.post(address, {"date": "1", "amount": "2", "take": "1"})
        done = client.post(
            address, {"date": "0", "amount": "2", "trace": "3", "payer": "1", "take": "1"}, follow=True
        ).content.decode()

        assert "Take 2 deposits" in shown
        assert (refused.status_code, "Line" in refused.content.decode()) == (422, True)
        assert "2 new deposits" in done
        assert BankFile.objects.get().taken_at

    def test_another_site_finds_none_of_it(self, file, main, pat, north, sign_in):
        self.take(file, pat)
        made = Deposit.objects.first()
        pat.sites.set([north])
        client = sign_in(pat)

        for path in (f"bank/{file.pk}/", f"{made.pk}/", f"days/{main.pk}/20260321/"):
            assert client.get(f"/deposits/{path}").status_code == 404, path
        assert "03/21/2026" not in client.get("/deposits/").content.decode()


class TestPages:
    def test_a_day_is_closed_and_opened_again(self, main, remitted, pat, sign_in):
        made = deposit(main, pat, 79_00)
        client, address = sign_in(pat), f"/deposits/days/{main.pk}/20260321/"

        refused = client.post(address, {})
        closed = client.post(address, {"explanation": "Fee"}, follow=True).content.decode()

        assert (refused.status_code, "not zero" in refused.content.decode()) == (422, True)
        assert "Closed" in closed
        assert "Fee" in closed
        opened = client.post(address + "reopen/", {"reason": "Fee was refunded"}, follow=True).content.decode()
        assert "The day is open again" in opened
        tie = DepositTie.objects.get()
        out = client.post(f"/deposits/{made.pk}/", {"untie": tie.pk}, follow=True).content.decode()
        assert "Taken out of this deposit" in out
        assert "It may pay" in out
        back = client.post(f"/deposits/{made.pk}/", {"remittance": remitted.pk}, follow=True).content.decode()
        assert "Tied." in back
        assert "Choose a remittance" in client.post(f"/deposits/{made.pk}/", {}, follow=True).content.decode()

    @pytest.mark.parametrize("day", ["20261301", "7", "0", "9" * 26])
    def test_no_such_day(self, main, pat, sign_in, day):
        assert sign_in(pat).get(f"/deposits/days/{main.pk}/{day}/").status_code == 404

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"amount": "0"}, "more than zero"),
            ({"amount": "x"}, "not an amount"),
            ({"amount": "1000000000000"}, "more than $99,999,999.99"),
            ({"deposited_on": "2999-01-01"}, "not come"),
            ({"deposited_on": "0026-03-21"}, "Check the year"),
        ],
    )
    def test_what_is_typed_wrong(self, main, pat, sign_in, said, words):
        good = {"site": main.pk, "deposited_on": "2026-03-21", "amount": "80.00", "trace": "EFT1"}

        answer_ = sign_in(pat).post("/deposits/new/", good | said)

        assert (answer_.status_code, words in answer_.content.decode()) == (422, True)
        assert not Deposit.objects.exists()

    def test_fifty_deposits_cost_what_one_costs(self, main, remitted, pat, sign_in, queries_of):
        deposit(main, pat)
        client = sign_in(pat)
        pages = ("/deposits/", f"/deposits/days/{main.pk}/20260321/")
        [client.get(page) for page in pages]
        few = [queries_of(lambda page=page: client.get(page)) for page in pages]
        with acting(pat):
            rows = [
                Deposit(site=main, deposited_on=on, amount_cents=n, key=f"{on}{n}", by=pat)
                for n in range(1, 20) for on in (BANK_DAY, date(2026, 3, n))
            ]  # fmt: skip
            Deposit.objects.bulk_create(rows)

        assert [queries_of(lambda page=page: client.get(page)) for page in pages] == few


class TestQueue:
    def ask(self, as_task=None):
        membership.ask()
        return {item.subject_type: item for item in Item.objects.open().filter(queue="posting-exceptions")}

    def test_a_deposit_without_its_remittance_is_work_until_it_has_come(self, main, bring, pat, as_task):
        bring(file_837p(claim("PCN1")))
        made = deposit(main, pat)

        item = self.ask()["claims.deposit"]

        assert (item.subject_id, item.amount_cents, item.site) == (made.pk, 80_00, main)
        assert "No remittance has come" in item.reason
        bring(file_835(transaction(answer("PCN1", svc(*PAID)))))
        actions.tie_what_fits(main.pk)
        assert "claims.deposit" not in self.ask()

    def test_a_difference_is_work_until_its_day_is_closed(self, main, remitted, pat, as_task):
        deposit(main, pat, 79_00)
        assert "1.00 less was deposited" in self.ask()["claims.deposit"].reason

        actions.close_day(site=main, day=BANK_DAY, explanation="Fee", by=pat)

        assert "claims.deposit" not in self.ask()
        item = Item.objects.get(subject_type="claims.deposit")
        assert "explained" in item.closed_because

    def test_a_deposit_that_comes_after_its_day_was_closed_is_work(self, main, remitted, pat, sol, as_task):
        deposit(main, pat)
        closed = actions.close_day(site=main, day=BANK_DAY, explanation="", by=pat)
        late = deposit(main, pat, 5_00, trace="EFT9")

        assert self.ask()["claims.deposit"].subject_id == late.pk

        actions.reopen_day(close=closed, reason="A line came late", by=sol)
        actions.close_day(site=main, day=BANK_DAY, explanation="Interest", by=sol)
        assert "claims.deposit" not in self.ask()

    def test_a_remittance_nobody_deposited_is_work_when_later_money_is_in(self, main, remitted, pat, as_task):
        assert "claims.remittance" not in self.ask()
        deposit(main, pat, 5_00, trace="EARLIER", on=date(2026, 3, 2))
        assert "claims.remittance" not in self.ask()

        deposit(main, pat, 5_00, trace="LATER", on=date(2026, 4, 20))

        item = self.ask()["claims.remittance"]
        assert (item.subject_id, item.amount_cents) == (remitted.pk, 80_00)
        assert Claim.objects.filter(paid_cents=80_00).exists()
