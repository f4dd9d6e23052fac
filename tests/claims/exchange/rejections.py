"""Answers to claims by their number, the sendings they may mean, and a rejection placed with one of them by hand."""

from __future__ import annotations

from claims.exchange import acks_by_hand
from claims.models import Acknowledgement, Submission
from cob.audit.acting import acting

TURNED_AWAY, TAKEN = "STC*A7:672:PR*20260306*U*150", "STC*A2:20:PR*20260305*WQ*150"
GROUP_REJECTED = "AK9*R*1*1*0*3"


def answer_to(control, stc=TURNED_AWAY, more=""):
    return f"HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*MEM1~TRN*2*{control}~{stc}{more}~"


def unplaced():
    return Acknowledgement.objects.unplaced().order_by("position").select_related("file").first()


def sending_of(control="PCN1"):
    return Submission.objects.get(claim__control_number=control)


def hand(ack, sending, by):
    with acting(by):
        return acks_by_hand.place(ack=ack, sending=sending, by=by)
