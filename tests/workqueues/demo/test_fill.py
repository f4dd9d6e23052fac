"""`manage.py demo` fills an empty desk through the importer, once, and never in production."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from claims.delivery.models import OutgoingFile
from claims.invariants import CREDITS
from claims.models import Acknowledgement, Adjudication, Claim, EdiFile, LedgerBreach, Posting
from claims.tasks import check_ledger
from cob.accounts import demo_people
from cob.accounts.models import Site
from cob.coverage.models import Determination, EligibilityAnswer
from cob.jobs.progress import Progress
from cob.patients.models import Patient
from tests.x12.validator import assert_valid
from workqueues.models import Item

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _own_mailboxes(settings, tmp_path):
    settings.MAILBOX_DIR, settings.DATA_DIR = tmp_path / "mailboxes", tmp_path
    settings.MAILBOX_SECRETS_DIR = tmp_path / "secrets"


def _demo(**options):
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def _short(remittance):
    """How many cents less than it pays came to the bank; in the last five weeks there are not always seven of them."""
    return remittance.paid_cents - remittance.tie.deposit.amount_cents


def test_a_small_practice_has_something_on_every_screen_and_a_ledger_that_adds_up():
    said = _demo(patients=30)

    assert "Nobody in it is real" in said
    assert Site.objects.count() == 3
    assert Claim.objects.exists()
    assert Posting.objects.exists()
    assert Determination.objects.exists()
    assert Adjudication.objects.filter(claim=None).count() == 1
    assert EdiFile.objects.filter(outcome="quarantined").count() == 2
    assert EligibilityAnswer.objects.filter(patient=None).count() == 1
    unplaced = Acknowledgement.objects.unplaced()
    assert unplaced.count() == 2
    opened = Item.objects.open()
    assert opened.get(queue="rejected-claims", subject_type="claims.edifile").subject_id == unplaced[0].file_id
    assert set(opened.values_list("queue", flat=True)) >= {
        "secondary-submission",
        "posting-exceptions",
        "missed-care-months",
        "both-deny",
    }
    left = list(OutgoingFile.objects.all())
    assert {file.kind for file in left} == {"837", "270"}
    for file in left:
        with file.kept.open("rb") as kept:
            assert_valid(kept.read())
    check_ledger({}, Progress("test"))
    faults = LedgerBreach.objects.standing().exclude(rule__in=map(int, CREDITS))
    assert [(fault.rule, _short(fault.remittance)) for fault in faults] in ([], [(4, 25_00)]), "only what the bank kept"

    assert "nothing was added" in _demo(patients=30)


def test_production_gets_no_invented_people(settings, capsys):
    settings.PRODUCTION = True

    with pytest.raises(SystemExit):
        call_command("demo", patients=30, stdout=StringIO())

    assert not Patient.objects.exists()
    assert not demo_people.present()
