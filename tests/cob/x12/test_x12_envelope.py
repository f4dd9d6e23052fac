"""Nothing may be lost between ISA and IEA: counts, control numbers, and files that stop too early."""

from __future__ import annotations

import pytest

from cob.x12.envelope import read_transactions
from cob.x12.errors import X12Error
from cob.x12.sniff import sniff
from tests.x12.broken import miscounted
from tests.x12.claims import REMITTANCE, SECONDARY

BARE_835 = REMITTANCE[REMITTANCE.index(b"ST*") : REMITTANCE.index(b"GE*")]
BARE_837 = SECONDARY[SECONDARY.index(b"ST*") : SECONDARY.index(b"GE*")]
TA1 = (
    b"ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*BIRCHCLINIC    *260221*0900*^*00501*000000044*0*T*:~"
    b"TA1*000000812*260220*1010*A*000~IEA*%d*000000044~"
)


def read_all(data):
    found = list(read_transactions(data))
    return [(t.kind, t.control, [str(e) for e in t.errors]) for t in found]


def test_a_good_file_has_nothing_to_complain_about():
    assert read_all(REMITTANCE) == [("835", "0001", [])]


def test_a_transaction_knows_its_envelope_and_its_segments():
    [(body, transaction)] = [(list(t), t) for t in read_transactions(REMITTANCE)]

    assert (transaction.interchange.control, transaction.group.control) == ("000004711", "4711")
    assert (transaction.guide, transaction.release) == ("005010X221A1", "5010")
    assert (body[0].id, body[-1].id, transaction.segment_count) == ("BPR", "PLB", len(body) + 2)


def test_several_transactions_groups_and_interchanges_are_all_handed_out():
    inner = REMITTANCE[REMITTANCE.index(b"ST*") : REMITTANCE.index(b"GE*")].decode()
    two_sets = REMITTANCE.decode().replace("GE*1", inner.replace("*0001", "*0002") + "GE*2").encode()

    assert [control for _, control, _ in read_all(two_sets + SECONDARY)] == ["0001", "0002", "0001"]


def test_a_transaction_left_unread_is_skipped_and_still_counted():
    kinds = [t.kind for t in read_transactions(miscounted(REMITTANCE, "SE*58*", "SE*57*") + SECONDARY)]

    assert kinds == ["835", "837"]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        pytest.param("SE*58*0001", "SE*57*0001", "SE01", id="a wrong count"),
        pytest.param("SE*58*0001", "SE**0001", "SE01", id="no count"),
        pytest.param("SE*58*0001", "SE*٥*0001", "SE01", id="a count in other digits"),
        pytest.param("SE*58*0001", "SE*58*0002", "SE02", id="another control number"),
        pytest.param("SE*58*0001", "SE*58", "SE02", id="no control number"),
        pytest.param("LX*1~\n", "", "SE01", id="a segment lost on the way"),
    ],
)
def test_a_wrong_end_spoils_its_transaction_only(old, new, element):
    [(_, _, errors)] = read_all(miscounted(REMITTANCE, old, new))

    assert len(errors) == 1
    assert element in errors[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("GE*1*4711", "GE*2*4711", "GE01", id="wrong number of transactions"),
        pytest.param("GE*1*4711", "GE*1*4712", "GE02", id="wrong group number"),
        pytest.param("IEA*1*", "IEA*2*", "IEA01", id="wrong number of groups"),
        pytest.param("IEA*1*000004711", "IEA*1*000004712", "IEA02", id="wrong interchange number"),
        pytest.param("IEA*1*000004711~\n", "", "IEA to end the interchange", id="cut before IEA"),
        pytest.param("GE*1*4711~\n", "", "GE before IEA", id="no GE"),
        pytest.param("SE*58*0001~\n", "", "SE to end transaction 0001", id="no SE"),
        pytest.param("GS*HP*", "LX*HP*", "between transactions", id="no GS"),
        pytest.param("GE*1*4711", "LX*1~GE*1*4711", "between transactions", id="a stray segment"),
    ],
)
def test_a_wrong_envelope_spoils_the_file(old, new, says):
    with pytest.raises(X12Error, match=says):
        read_all(miscounted(REMITTANCE, old, new))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_file_cut_anywhere_is_noticed(share):
    with pytest.raises(X12Error):
        read_all(REMITTANCE[: int(len(REMITTANCE) * share)])


def test_a_second_isa_before_the_first_has_ended_is_noticed():
    with pytest.raises(X12Error, match="IEA to end the interchange before"):
        read_all(REMITTANCE[: REMITTANCE.index(b"IEA")] + REMITTANCE)


def test_control_numbers_are_compared_without_their_padding():
    assert read_all(miscounted(REMITTANCE, "IEA*1*000004711", "IEA*1*4711"))


@pytest.mark.parametrize("groups", [0, 1], ids=["counts no group", "counts one"])
def test_an_interchange_of_a_ta1_alone_is_fine(groups):
    assert read_all(TA1 % groups) == []
    assert sniff(TA1 % groups).kind == "TA1"


@pytest.mark.parametrize(
    ("data", "kind", "release"),
    [
        pytest.param(REMITTANCE, "835", "5010", id="835"),
        pytest.param(SECONDARY, "837P", "5010", id="837P"),
        pytest.param(SECONDARY.replace(b"X222A1", b"X222A2"), "837P", "5010", id="837P, the later name"),
        pytest.param(SECONDARY.replace(b"X222A1", b"X223A2").replace(b"SV1*", b"SV2*"), "837I", "5010", id="837I"),
        pytest.param(SECONDARY.replace(b"SV1*", b"SV2*"), "837I", "5010", id="837I under the name of a 837P"),
        pytest.param(SECONDARY.replace(b"X222A1", b"X224A2").replace(b"SV1*", b"SV3*"), "837D", "5010", id="837D"),
        pytest.param(REMITTANCE.replace(b"005010X221A1", b"004010X091A1"), "835", "4010", id="835 of 4010"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*271"), "271", "5010", id="271"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*277").replace(b"X221A1", b"X214"), "277CA", "5010", id="277CA"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*277").replace(b"X221A1", b"X212"), "277", "5010", id="277"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*999"), "999", "5010", id="999"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*834"), "834", "5010", id="a kind nobody asked for"),
        pytest.param(SECONDARY[SECONDARY.index(b"ST*") :], "837P", "5010", id="a bare ST"),
        pytest.param(BARE_835, "835", "5010", id="a bare 835 names no version"),
        pytest.param(BARE_835.replace(b"0001~", b"0001*005010X221A1~", 1), "835", "5010", id="a bare 835 of 5010"),
        pytest.param(BARE_835.replace(b"0001~", b"0001*004010X091A1~", 1), "835", "4010", id="a bare 835 of 4010"),
        pytest.param(BARE_835.replace(b"0001~", b"0001*006020~", 1), "835", "006020", id="a bare 835 of another"),
        pytest.param(BARE_837.replace(b"*005010X222A1", b""), "837P", "", id="a bare 837P should name its version"),
        pytest.param(REMITTANCE.replace(b"005010X221A1", b""), "835", "5010", id="no GS08: ISA12 decides"),
        pytest.param(
            REMITTANCE.replace(b"005010X221A1", b"").replace(b"*00501*", b"*     *"),
            "835",
            "",
            id="an envelope of none",
        ),
        pytest.param(
            REMITTANCE.replace(b"005010X221A1", b"").replace(b"*00501*", b"*00401*"), "835", "4010", id="an old ISA12"
        ),
    ],
)
def test_the_kind_is_found_from_the_file(data, kind, release):
    found = sniff(data)

    assert (found.kind, found.release, found.is_4010) == (kind, release, release == "4010")


@pytest.mark.parametrize(("data", "release"), [(BARE_835, "5010"), (BARE_837.replace(b"*005010X222A1", b""), "")])
def test_a_bare_transaction_is_judged_by_itself(data, release):
    [transaction] = read_transactions(data)

    assert (transaction.release, transaction.interchange, transaction.group) == (release, None, None)


def test_looking_at_a_stream_leaves_it_where_it_was(tmp_path):
    path = tmp_path / "a.835"
    path.write_bytes(REMITTANCE)

    with path.open("rb") as stream:
        assert sniff(stream).interchange_control == "000004711"
        assert stream.read() == REMITTANCE


def test_a_damaged_file_still_says_what_it_wanted_to_be():
    assert sniff(REMITTANCE.replace(b"LX*1~", b"* *~")).kind == "835"


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4", REMITTANCE[:150]], ids=["empty", "text", "PDF", "no ST"])
def test_what_is_no_x12_has_no_kind(data):
    with pytest.raises(X12Error):
        sniff(data)


def test_an_envelope_without_anything_in_it_is_named_by_where_it_ends():
    with pytest.raises(X12Error, match=r"Segment 2 \(GS\), found an envelope only, expected a transaction"):
        sniff(REMITTANCE[: REMITTANCE.index(b"ST*835")])
