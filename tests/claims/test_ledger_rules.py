"""The eighteen rules asked of what is on file: what breaks one is named, dated and shown, and never repaired."""

from __future__ import annotations

import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from claims import ledger_rules
from claims.invariants import CHECKED_BY_CLAIM, Broken
from claims.ledger_check import check_all, keep, start_look
from claims.ledger_rules import RULES, finders, finds
from claims.models import Claim, LedgerBreach, Posting
from claims.tasks import check_ledger
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs.models import Job
from cob.jobs.progress import Progress
from tests.claims.edi_samples import answer, claim, file_835, file_837p, service, svc, taken_back
from tests.claims.edi_samples import transaction as paid_by

pytestmark = pytest.mark.django_db
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


@pytest.fixture
def answered(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 50_00))))
    second = svc(("CO-45", 10_00), code="85025", charge=50_00, number=2)
    bring(file_835(answer("PCN1", svc(*PAID), second)))
    return Claim.objects.get()


def behind_its_back(table, where="", **values):
    sets = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_{table} SET {sets} {where}")


def look():
    with acting("Hold the balances against the postings"):
        return check_ledger({}, Progress(uuid.uuid4()))


def rules_broken():
    return {int(one.rule) for one in check_all().found}


def extra_posting(of, kind="payment", **more):
    with acting("interest"):
        Posting.objects.create(
            claim=of.claim, line=of.line, adjudication=of.adjudication, payer=of.payer, rank=1, kind=kind,
            amount_cents=2_50, posted_on=of.posted_on, key=kind, **more,
        )  # fmt: skip


def told_twice(claim):
    """The same answer under the same trace in another remittance."""
    row = claim.adjudications.get()
    again = row.remittance
    with acting("a hand"):
        again.pk, again.key, again._state.adding = uuid.uuid4(), "another", True
        again.save()
        row.pk, row.remittance, row._state.adding = uuid.uuid4(), again, True
        row.save()


def medicare_second(_claim):
    behind_its_back("claimpayer", rank=2)
    behind_its_back("adjudicatedline", "WHERE position = 1", allowed_cents=79_99)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_payer SET kind = 'medicare'")


BREAKS = {
    1: lambda _: behind_its_back("adjudicatedline", "WHERE position = 1", charge_cents=149_99),
    2: lambda _: behind_its_back("adjudication", charge_cents=199_99),
    3: lambda _: behind_its_back("remittance", paid_cents=119_99),
    5: lambda _: behind_its_back("adjudicatedline", "WHERE position = 2", charge_cents=50_01),
    6: lambda _: behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1),
    8: lambda _: behind_its_back("claim", patient_cents=19_99, insurer_open_cents=1),
    9: lambda _: behind_its_back("claim", patient_cents=20_01, insurer_open_cents=-1),
    12: medicare_second,
    16: lambda claim: extra_posting(claim.postings.filter(kind="payment").first()),
    18: told_twice,
}


def test_what_imports_leave_breaks_no_rule(answered):
    assert rules_broken() == set()


def test_an_answer_taken_back_and_corrected_breaks_no_rule(bring):
    bring(file_837p(claim()))
    first = answer("PCN1", svc(*PAID))
    bring(file_835(first, taken_back(first), answer("PCN1", svc(("CO-45", 60_00)), number="ICN2")))

    assert rules_broken() == set()


@pytest.mark.parametrize("rule", BREAKS)
def test_a_cent_changed_behind_the_ledgers_back_is_found_by_its_rule(answered, rule):
    BREAKS[rule](answered)

    assert rule in rules_broken()


def test_what_a_payer_took_off_is_not_posted_as_the_patients(answered):
    extra_posting(answered.postings.filter(kind="payment").first(), "responsibility", group="PI", carc="50")

    assert "2.50 under PI-50 is posted as the patient’s." in [one.why for one in check_all().found if one.rule == "9"]


@pytest.mark.parametrize(
    "halve",
    [
        lambda: behind_its_back("claim", paid_cents=120_00.5, insurer_open_cents=-0.5),
        lambda: behind_its_back("line", "WHERE number = 1", charge_cents=150_00.5),
        lambda: behind_its_back("adjudicatedline", "WHERE position = 1", paid_cents=80_00.5),
        lambda: behind_its_back("remittance", paid_cents=120_00.5),
    ],
    ids=["a balance", "a charge", "an answer", "a payment"],
)
def test_half_a_cent_is_said_and_does_not_end_the_look(answered, halve):
    """PostgreSQL keeps whole numbers only: it rounds to another cent, which the rules find."""
    halve()

    look()

    found = LedgerBreach.objects.values_list("why", flat=True)
    assert found
    assert connection.vendor != "sqlite" or any("no whole number" in why for why in found)


def test_the_eighteen_rules_are_numbered_and_those_of_other_tables_wait_for_their_check():
    assert sorted(RULES) == list(range(1, 19))
    asked = {number for number, rule in RULES.items() if rule.is_asked}
    assert asked >= {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 17, 18}
    assert CHECKED_BY_CLAIM <= {str(number) for number in RULES}


def test_an_app_adds_its_check_with_one_function(monkeypatch, answered):
    monkeypatch.setattr(
        ledger_rules, "_finders", {number: list(found) for number, found in ledger_rules._finders.items()}
    )

    @finds(4)
    def deposits_match():
        yield Broken("4", "The bank received 119.99, the remittance says 120.00.", answered.pk)

    assert RULES[4].is_asked
    assert deposits_match in finders()
    assert [one.why for one in check_all().found] == ["The bank received 119.99, the remittance says 120.00."]
    with pytest.raises(KeyError):
        finds(19)


def test_the_database_itself_refuses_to_change_or_delete_a_posting(answered):
    """Rule 14, on either engine, whoever asks."""
    for sql in ("UPDATE claims_posting SET amount_cents = 1", "DELETE FROM claims_posting"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    for sql in ("UPDATE claims_reportedadjustment SET amount_cents = 1", "DELETE FROM claims_reportedadjustment"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_one_entry_is_taken_back_once_and_one_key_posts_once(answered):
    """Rules 14 and 18 as keys of the database."""
    paid = answered.postings.filter(kind="payment").first()
    fields = {"claim": answered, "payer": paid.payer, "rank": 1, "amount_cents": -1, "posted_on": paid.posted_on}
    with acting("a hand"):
        Posting.objects.create(kind="reversal", reverses=paid, key="a", **fields)
    for again in ({"kind": "reversal", "reverses": paid, "key": "b"}, {"kind": "payment", "key": paid.key}):
        with pytest.raises(DatabaseError), transaction.atomic(), acting("a hand"):
            Posting.objects.create(**fields | again)


# --- kept with the day since when -----------------------------------------------------------------------------------


def test_a_breach_is_dated_once_told_once_and_gone_when_it_is_put_right(answered):
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    first = look()
    since = LedgerBreach.objects.get(rule=6).since
    behind_its_back("claim", paid_cents=119_98, insurer_open_cents=2)
    look()

    row = LedgerBreach.objects.get(rule=6)
    assert (first["broken"], first["rules"], row.since) == (1, {"6": 1}, since)
    assert row.seen_at > since
    assert "119.98 is stored as paid" in row.why
    assert Event.objects.filter(verb="ledger does not add up").count() == 1

    behind_its_back("claim", paid_cents=120_00, insurer_open_cents=0)
    assert look()["broken"] == 0
    assert LedgerBreach.objects.standing().count() == 0
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    look()
    assert LedgerBreach.objects.filter(rule=6).count() == 2
    assert Event.objects.filter(verb="ledger does not add up").count() == 2


def test_a_credit_is_kept_apart_and_tells_nobody_of_a_fault(bring):
    bring(file_837p(claim()))
    for n in (1, 2):
        bring(file_835(paid_by(answer("PCN1", svc(("CO-45", 50_00)), number=f"I{n}"), trace=f"E{n}"), number=n))
    said = look()

    assert (said["broken"], said["credits"]) == (0, 1)
    assert LedgerBreach.objects.get().rule == 10
    assert not Event.objects.filter(verb="ledger does not add up").exists()


def test_a_payment_that_breaks_a_rule_is_kept_without_a_claim(answered):
    behind_its_back("remittance", paid_cents=119_99)
    look()

    row = LedgerBreach.objects.get()
    assert (row.rule, row.claim, row.remittance.trace, row.site) == (3, None, "EFT1", answered.site)


# --- the page and the command ---------------------------------------------------------------------------------------


def page(client, **query):
    return client.get(reverse("claims:ledger-rules"), query)


def test_managers_see_what_breaks_which_rule_since_when(answered, sign_in, sol):
    client = sign_in(sol)
    first = page(client).content.decode()
    assert "Not looked at yet" in first
    assert "Holds" not in first
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    keep(check_all())
    Job.objects.create(kind="claims.check_ledger", title="t", state="done", outcome={"checked": 1})

    text = page(client).content.decode()
    assert reverse("claims:claim-page", args=[answered.pk]) in text
    assert "119.99 is stored as paid" in text
    assert all(rule.name in text for rule in RULES.values() if "’" not in rule.name)
    assert text.count("Not asked here") == sum(not rule.is_asked for rule in RULES.values())
    assert "119.99" in page(client, rule="6").content.decode()
    assert "Nothing breaks this rule" in page(client, rule="3").content.decode()
    for odd in ("x", "999", "²"):
        assert page(client, rule=odd).status_code == 200


def test_a_claim_of_another_site_is_not_on_the_page(answered, sign_in, sol, north):
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    keep(check_all())
    assert "119.99" in page(sign_in(sol)).content.decode()
    LedgerBreach.objects.update(site=north)

    assert "119.99" not in page(sign_in(sol)).content.decode()


def test_the_page_costs_the_same_for_one_and_for_fifty(answered, sign_in, sol, queries_of):
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    keep(check_all())
    client = sign_in(sol)
    one = queries_of(lambda: page(client))
    LedgerBreach.objects.bulk_create(
        LedgerBreach(rule=6, about=str(n), claim=answered, site=answered.site, why="w") for n in range(49)
    )

    assert queries_of(lambda: page(client)) == one


def test_a_look_on_demand_is_one_job_however_many_ask(answered, sign_in, sol):
    client = sign_in(sol)
    for _ in range(2):
        assert client.post(reverse("claims:ledger-rules-start")).status_code == 302

    assert Job.objects.filter(kind="claims.check_ledger").count() == 1
    assert start_look(by=sol) is None
    text = page(client).content.decode()
    assert "being looked at already" in text
    assert "Looking at the ledger" in text
    assert client.get(reverse("claims:ledger-rules-progress")).status_code == 200
    Job.objects.update(state="failed", error="It stopped.")
    over = client.get(reverse("claims:ledger-rules-progress"))
    assert (over.status_code, over["HX-Refresh"]) == (286, "true")
    assert "It stopped." in page(client).content.decode()


def test_the_command_prints_what_is_broken_and_ends_with_one(answered, capsys):
    call_command("ledger_rules", stderr=StringIO())
    behind_its_back("claim", paid_cents=119_99, insurer_open_cents=1)
    said, summary = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("ledger_rules", "--json", stdout=said, stderr=summary)

    assert ended.value.code == 1
    assert '"rule": 6' in said.getvalue()
    assert "PCN1" not in said.getvalue()
    assert "1 claims looked at" in summary.getvalue()
