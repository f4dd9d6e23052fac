"""Small invented 271s: a test writes only what the payer says."""

from __future__ import annotations

_ISA = "ISA*00*          *00*          *ZZ*CLEAR          *ZZ*COBDESK        *260302*1200*^*00501*000000501*0*T*:~"
_PERSON = "HL*{{hl}}*2*22*0~TRN*2*{trace}*9123456789~NM1*IL*1*{last}*JANE****MI*{member}~DMG*D8*19800514*F~{said}~"
DEPENDENT = (
    "HL*{{hl}}*2*22*1~NM1*IL*1*DOE*JANE****MI*MEM1~HL*9*3*23*0~TRN*2*COB1*9123456789~NM1*03*1*DOE*TIM~DMG*D8*20150601*M~"
    "{said}~"
)


def about(said, *, trace="COB1", last="DOE", member="MEM1"):
    """One subscriber and what is said of her."""
    return _PERSON.format(trace=trace, last=last, member=member, said=said)


def file_271(*people, payer=("MEDICARE", "00431"), provider=""):
    """One transaction of one payer about these people."""
    name, number = payer
    body = (
        f"BHT*0022*11*COB1*20260302*1200~HL*1**20*1~NM1*PR*2*{name}*****PI*{number}~HL*2*1*21*1~"
        f"NM1*1P*2*MAIN STREET*****XX*1234567893~{provider}"
    ) + "".join(person.format(hl=place) for place, person in enumerate(people, start=3))
    segments = [segment for segment in body.split("~") if segment]
    head = ["GS*HB*CLEAR*COBDESK*20260302*1200*1*X*005010X279A1", "ST*271*0001*005010X279A1"]
    tail = [f"SE*{len(segments) + 2}*0001", "GE*1*1", "IEA*1*000000501"]
    return (_ISA + "~".join([*head, *segments, *tail]) + "~").encode()
