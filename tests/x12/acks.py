"""Small invented acknowledgements: a test writes only the segments it is about."""

from __future__ import annotations

_ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*COBDESK        *260305*1200*^*00501*000000301*0*T*:~"


def _wrapped(kind, guide, function, body):
    segments = [segment for segment in body.split("~") if segment]
    head = [f"GS*{function}*CLEAR*COBDESK*20260305*1200*1*X*{guide}", f"ST*{kind}*0001*{guide}"]
    tail = [f"SE*{len(segments) + 2}*0001", "GE*1*1", "IEA*1*000000301"]
    return (_ISA.format(sender="CLEAR") + "~".join([*head, *segments, *tail]) + "~").encode()


def file_ta1(*answers):
    """One TA1 for each (ISA13, code, note)."""
    body = "".join(f"TA1*{control}*260304*1200*{code}*{note}~" for control, code, note in answers)
    return (_ISA.format(sender="CLEAR") + body + "IEA*0*000000301~").encode()


def file_999(control, *sets, group="AK9*A*1*1*1"):
    """Answers to the transactions of one group; each of `sets` is AK2 to IK5."""
    return _wrapped("999", "005010X231A1", "FA", "~".join([f"AK1*HC*{control}*005010X222A1", *sets, group]))


def file_277ca(
    claims, *, payer=("ACME HEALTH", "55555"), npi="1234567893", batch="B1", whole="STC*A1:19:PR*20260305*WQ*150"
):
    """Claims of one provider of one batch as one payer's front end answers them; `claims` is HL*…*PT to its end."""
    name, number = payer
    body = (
        f"BHT*0085*08*1*20260305*1200*TH~HL*1**20*1~NM1*PR*2*{name}*****PI*{number}~TRN*1*1~DTP*050*D8*20260305~"
        f"HL*2*1*21*1~NM1*41*2*COBDESK*****46*COBDESK~TRN*2*{batch}~{whole}~"
        f"HL*3*2*19*1~NM1*85*2*MAIN STREET*****XX*{npi}~{claims}"
    )
    return _wrapped("277", "005010X214", "HN", body)
