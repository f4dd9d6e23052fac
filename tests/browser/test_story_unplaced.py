"""A rejection under a number nobody has: from the queue to its claim, by keyboard, and the rest set aside; with scripts
and without."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import expect

from claims.exchange import import_file, receive
from claims.models import AckReply, ClaimPayer
from cob.audit.acting import acting
from tests.claims.edi_samples import claim, file_837p
from tests.x12.acks import file_277ca
from workqueues import membership
from workqueues.models import Item

REJECTED = "HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*{number}~STC*A7:562:85*20260306*U*150~"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request):
    return request.param


@pytest.fixture
def came_in(main, ben):
    """PCN1 was sent; a file rejects it as X-PCN1, and two claims of a system that is gone."""
    acks = "".join(REJECTED.format(number=number) for number in ("X-PCN1", "OLD-1", "OLD-2"))
    with acting(ben):
        for name, data in (("own.837", file_837p(claim("PCN1"))), ("answers.277", file_277ca(acks))):
            import_file(receive(name, BytesIO(data), by=ben)[0])
        membership.ask()


def test_from_the_queue_to_the_claim_and_the_rest_set_aside(page, sign_in_at, ben, came_in, scripts, looks_right):
    def looks(name):
        if scripts:
            looks_right(page, name)

    sign_in_at(page, ben)
    page.goto(f"/queues/items/{Item.objects.get(queue='rejected-claims').pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acknowledgement file")
    looks("unplaced-item")
    page.get_by_role("link", name="Place the rejection").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which sending was rejected?")
    looks("unplaced-page")

    page.get_by_label("Claim number").fill("PCN1")
    page.get_by_label("Claim number").press("Enter")
    looks("unplaced-found")
    page.get_by_role("button", name="It is about claim PCN1").press("Enter")
    expect(page.get_by_text("Placed with claim PCN1.")).to_be_visible()
    assert ClaimPayer.objects.get().state == "rejected"

    expect(page.get_by_text("OLD-1", exact=True)).to_be_visible()
    page.get_by_label("Not ours: what it answers").check()
    page.get_by_label("Why", exact=True).fill("   ")
    page.get_by_role("button", name="Set aside").press("Enter")
    expect(page.get_by_text("Say in a few words why.").first).to_be_visible()
    looks("unplaced-refused")
    page.get_by_label("Why", exact=True).fill("Sent by the system we had before")
    page.get_by_label("The same for all of this file").check()
    page.get_by_role("button", name="Set aside").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("answers.277")
    expect(page.get_by_text("Sent by the system we had before").first).to_be_visible()
    looks("unplaced-file")
    assert sorted(AckReply.objects.values_list("reply", flat=True)) == ["not_ours", "not_ours", "placed"]
    membership.ask()
    assert not Item.objects.open().filter(subject_type="claims.edifile").exists()
