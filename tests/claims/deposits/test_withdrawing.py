"""A deposit that was typed wrongly counts nowhere and stays on file; what the bank says cannot be withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from claims.deposits import actions
from claims.deposits.days import day_of, days_of
from claims.deposits.queries import day_keys, not_deposited
from claims.models import Deposit, DepositTie, Remittance
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.at_once import at_once
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, transaction
from workqueues import membership
from workqueues.models import Item

pytestmark = pytest.mark.django_db
BANK_DAY = date(2026, 3, 21)
WRONG = "Typed 800.00, the bank has 80.00"


@pytest.fixture
def pat(cast):
    return cast["pat"]


@pytest.fixture
def remitted(bring):
    """EFT1 pays 80.00 for PCN1."""
    bring(file_837p(claim("PCN1")))
    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00))))))
    return Remittance.objects.get()


def deposit(site, by, cents=800_00, trace="EFT9", on=BANK_DAY):
    with acting(by):
        return actions.record_deposit(site=site, on=on, cents=cents, trace=trace, payer_said="ACME HEALTH", by=by)


def withdraw(row, by, reason=WRONG):
    with acting(by):
        actions.withdraw(deposit=row, reason=reason, by=by)


def test_it_leaves_the_day_and_the_list_and_stays_on_file(main, remitted, pat):
    wrong = deposit(main, pat)
    deposit(main, pat, 80_00, "EFT1")

    withdraw(wrong, pat)

    assert (day_of(main, BANK_DAY).deposited_cents, day_of(main, BANK_DAY).difference_cents) == (80_00, 0)
    assert [one.deposited_cents for one in days_of(list(day_keys(pat)))] == [80_00]
    wrong.refresh_from_db()
    assert (wrong.amount_cents, wrong.withdrawn_by, wrong.withdrawn_because) == (800_00, pat, WRONG)
    assert Event.objects.filter(verb="deposit withdrawn", subject_id=wrong.pk, reason=WRONG).exists()


def test_a_remittance_does_not_find_it_and_nobody_ties_it(main, bring, pat):
    bring(file_837p(claim("PCN1")))
    wrong = deposit(main, pat, 80_00, "EFT1")
    withdraw(wrong, pat)

    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00))))))
    with acting("test task"):
        assert actions.tie_what_fits(main.pk) == 0

    assert not DepositTie.objects.exists()
    with acting(pat), pytest.raises(actions.Refused, match="withdrew this deposit"):
        actions.tie(deposit=wrong, remittance=Remittance.objects.get(), by=pat)


def test_it_makes_the_amount_of_another_no_less_certain(main, bring, pat):
    wrong, right = (deposit(main, pat, 80_00, "", BANK_DAY + timedelta(days=n)) for n in range(2))
    withdraw(wrong, pat)

    bring(file_837p(claim("PCN1")))
    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00))))))
    with acting("test task"):
        assert actions.tie_what_fits(main.pk) == 1

    assert DepositTie.objects.get().deposit == right


def test_the_same_may_be_typed_again_without_saying_that_it_is_another(main, pat):
    withdraw(deposit(main, pat), pat)
    assert list(day_keys(pat)) == []

    again = deposit(main, pat)

    assert (day_of(main, BANK_DAY).deposited_cents, Deposit.objects.count()) == (800_00, 2)
    with pytest.raises(actions.Refused, match="on file already"):
        deposit(main, pat)
    withdraw(again, pat)
    deposit(main, pat)
    assert Deposit.objects.count() == 3


def test_its_item_goes(main, pat):
    wrong = deposit(main, pat)
    with acting("test task"):
        membership.ask()
    assert Item.objects.open().filter(subject_id=wrong.pk).exists()

    withdraw(wrong, pat)
    with acting("test task"):
        membership.ask()

    assert not Item.objects.open().filter(subject_id=wrong.pk).exists()


@pytest.mark.parametrize("first_counts", [True, False])
def test_it_makes_no_remittance_look_undeposited(main, remitted, pat, first_counts):
    """Money in before the remittance says that the site keeps deposits; money in long after it, that it never came."""
    for on, counts in ((remitted.paid_on, first_counts), (date(2026, 4, 30), False)):
        row = deposit(main, pat, 9_00, "x", on)
        if not counts:
            withdraw(row, pat)

    with acting("test task"):
        membership.ask()

    assert not Item.objects.open().filter(subject_id=remitted.pk).exists()
    assert not_deposited(pat) == ([remitted] if first_counts else [])


def test_what_the_bank_says_stays(main, pat):
    with acting(pat):
        data = b"Date,Description,Credit\n03/21/2026,ACME EFT9,800.00\n"
        file, _ = actions.keep_bank_file(site=main, name="bank.csv", data=data, by=pat)
        actions.take_bank_file(file=file, mapping=file.mapping, by=pat)

    with pytest.raises(actions.Refused, match="The bank says this came in"):
        withdraw(Deposit.objects.get(), pat)


LINE = "03/21/2026,ACME EFT9,800.00\n"


def from_the_bank(site, by, lines=1):
    """What the export brings, and then brings again."""
    with acting(by):
        data = f"Date,Description,Credit\n{LINE * lines}".encode()
        file, _ = actions.keep_bank_file(site=site, name="bank.csv", data=data, by=by)
        return [actions.take_bank_file(file=file, mapping=file.mapping, by=by).new for _ in range(2)]


def as_the_bank_says(site, by, payer="ACME EFT9"):
    with acting(by):
        return actions.record_deposit(
            site=site, on=BANK_DAY, cents=800_00, trace="", payer_said=payer, by=by, is_another=True
        )


def test_the_bank_may_still_bring_what_was_withdrawn(main, pat):
    withdraw(as_the_bank_says(main, pat), pat)

    assert from_the_bank(main, pat) == [1, 0]
    assert day_of(main, BANK_DAY).deposited_cents == 800_00


@pytest.mark.parametrize("gone", [[0], [1], [0, 2]])
def test_of_several_alike_those_that_stay_are_those_the_bank_brings(main, pat, gone):
    rows = [as_the_bank_says(main, pat) for _ in range(3)]
    for which in gone:
        withdraw(rows[which], pat)
    left = 3 - len(gone)

    assert from_the_bank(main, pat, lines=left) == [0, 0]
    assert from_the_bank(main, pat, lines=left + 1) == [1, 0]


def test_of_two_payers_each_is_known_to_the_export(main, pat):
    as_the_bank_says(main, pat, "typed in other words")
    as_the_bank_says(main, pat)

    assert from_the_bank(main, pat) == [0, 0]


def test_nor_does_the_database_take_it_without_a_name_or_a_reason(main, pat):
    row = deposit(main, pat)

    with acting(pat), pytest.raises(IntegrityError, match="deposit_withdrawn_was_typed"):
        Deposit.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now(), withdrawn_by=pat)


def test_one_that_pays_a_remittance_is_untied_first(main, remitted, pat):
    row = deposit(main, pat, 80_00, "EFT1")

    with pytest.raises(actions.Refused, match="Take that out first"):
        withdraw(row, pat)
    with acting(pat):
        actions.untie(tie_=row.ties.get(), reason="wrong one")
    withdraw(row, pat)

    assert not_deposited(pat) == []


def test_a_closed_day_is_reopened_first(main, pat):
    row = deposit(main, pat)
    with acting(pat):
        actions.close_day(site=main, day=BANK_DAY, explanation="Asked the bank", by=pat)

    with pytest.raises(actions.Refused, match=r"closed this day\. Reopen it first"):
        withdraw(row, pat)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_it_at_once_one_is_told(main, pat):
    row = deposit(main, pat)

    said = at_once(lambda reason: withdraw(row, pat, reason), ["first", "second"])

    assert sorted(str(one) for one in said) == ["It was withdrawn already.", "None"]


@pytest.mark.django_db(transaction=True)
def test_of_who_ties_and_who_withdraws_at_once_one_is_told(main, remitted, pat):
    row = deposit(main, pat, 79_00, "other")

    def press(what):
        if what == "tie":
            with acting(pat):
                actions.tie(deposit=row, remittance=remitted, by=pat)
        else:
            withdraw(row, pat)

    said = at_once(press, ["tie", "withdraw"])

    assert len([one for one in said if isinstance(one, actions.Refused)]) == 1
    row.refresh_from_db()
    assert row.ties.exists() != bool(row.withdrawn_at)


def test_it_is_withdrawn_on_its_page_and_shown_on_its_day(main, pat, sign_in):
    row = deposit(main, pat)
    desk = sign_in(pat)
    page = reverse("claims:deposit-page", args=[row.pk])
    assert "It was typed wrongly" in desk.get(page).content.decode()

    refused = desk.post(reverse("claims:deposit-withdraw", args=[row.pk]), {"reason": ""}, follow=True)
    assert "Say in a few words what is wrong" in refused.content.decode()
    told = desk.post(reverse("claims:deposit-withdraw", args=[row.pk]), {"reason": WRONG}, follow=True)

    assert told.redirect_chain[-1][0] == page
    shown = told.content.decode()
    assert "counts nowhere" in shown
    assert (WRONG in shown, "It may pay" in shown, "Withdraw it" in shown) == (True, False, False)
    day = desk.get(reverse("claims:deposit-day", args=[main.pk, 20260321])).content.decode()
    assert (WRONG in day, "Nothing was deposited" in day) == (True, True)


def test_what_came_from_the_bank_offers_no_such_button(main, pat, sign_in):
    desk = sign_in(pat)
    data = b"Date,Description,Credit\n03/21/2026,ACME EFT9,800.00\n"
    desk.post(reverse("claims:bank-file-new"), {"site": main.pk, "file": SimpleUploadedFile("b.csv", data)})
    with acting(pat):
        file = main.bank_files.get()
        actions.take_bank_file(file=file, mapping=file.mapping, by=pat)

    shown = desk.get(reverse("claims:deposit-page", args=[Deposit.objects.get().pk])).content.decode()

    assert "It was typed wrongly" not in shown
