"""Bytes to segments: every way real files are cut, and one error for what is no X12."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12.errors import X12Error
from cob.x12.segments import CHUNK, read_segments
from tests.x12.claims import REMITTANCE, SECONDARY

PLAIN = [s.elements for s in read_segments(REMITTANCE)]


def texts(data):
    return [s.elements for s in read_segments(data)]


def test_segments_are_numbered_from_one():
    segments = list(read_segments(REMITTANCE))

    assert [s.number for s in segments] == list(range(1, len(segments) + 1))
    assert (segments[0].id, segments[2].id, segments[3].at(2)) == ("ISA", "ST", "141.17")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(REMITTANCE.replace(b"\n", b""), id="one long line"),
        pytest.param(REMITTANCE.replace(b"\n", b"\r\n"), id="CR LF after the terminator"),
        pytest.param(REMITTANCE.replace(b"~\n", b" ~ \n"), id="blanks around the terminator"),
        pytest.param(b"\xef\xbb\xbf" + REMITTANCE, id="a byte order mark"),
        pytest.param(b"\r\n  " + REMITTANCE, id="blank lines before ISA"),
        pytest.param(REMITTANCE.rstrip(b"~\n"), id="no last terminator"),
        pytest.param(REMITTANCE + b"\x1a", id="an end-of-file mark of old systems"),
        pytest.param(REMITTANCE.replace(b"~\n", b"\n"), id="a newline is the terminator"),
        pytest.param(REMITTANCE.replace(b"~\n", b"\r\n"), id="CR LF is the terminator"),
        pytest.param(REMITTANCE.replace(b"~\n", b"\n~"), id="the newline stands before the terminator"),
        pytest.param(
            REMITTANCE.replace(b"\n", b"").replace(b"LAKESIDE HEALTH", b"LAKESIDE\r\n HEALTH"), id="wrapped lines"
        ),
        pytest.param(io.BytesIO(REMITTANCE), id="a binary stream"),
        pytest.param(io.StringIO(REMITTANCE.decode()), id="a text stream"),
        pytest.param(REMITTANCE.decode(), id="a string"),
    ],
)
def test_the_same_file_is_read_however_it_is_cut(data):
    assert texts(data) == PLAIN


@pytest.mark.parametrize("cut", [b"|>'!", b"\x1d\x1f\x1c\x1e"], ids=["printed", "control characters"])
def test_other_separators_are_taken_from_isa(cut):
    _, component, _, repetition = cut.decode()
    data = REMITTANCE.replace(b"\n", b"").translate(bytes.maketrans(b"*:~^", cut))

    *_, last = read_segments(data)
    composite = next(s for s in read_segments(data) if s.id == "SVC")

    assert last.separators.repetition == repetition
    assert texts(data)[1:] == [[e.replace(":", component).replace("^", repetition) for e in s] for s in PLAIN[1:]]
    assert composite.parts(1) == ["HC", "99214", "25"]


def test_two_interchanges_may_have_two_sets_of_separators():
    second = REMITTANCE.translate(bytes.maketrans(b"*:~^", b"|>'!"))

    assert len(texts(REMITTANCE + second)) == 2 * len(PLAIN)


def test_an_isa_of_unpadded_elements_is_read_by_counting():
    unpadded = b"*".join(part.strip() for part in REMITTANCE.split(b"*"))

    assert texts(unpadded)[1:3] == PLAIN[1:3]


def test_a_bare_st_without_isa_is_read():
    inner = SECONDARY[SECONDARY.index(b"ST*837") : SECONDARY.index(b"GE*1")]

    assert [s.id for s in read_segments(inner)][:2] == ["ST", "BHT"]


def test_accents_in_latin_1_are_read_as_accents():
    segments = list(read_segments(REMITTANCE.replace(b"OAKES", "ÑUÑEZ".encode("latin-1"))))

    assert any("ÑUÑEZ" in s.text for s in segments)


def test_a_segment_across_two_chunks_is_whole():
    filler = b"".join(b"NTE*ADD*%07d~" % n for n in range(CHUNK // 8))
    data = REMITTANCE.replace(b"LX*1~", b"LX*1~" + filler)

    notes = [s for s in read_segments(data) if s.id == "NTE"]

    assert [s.at(2) for s in notes] == [f"{n:07d}" for n in range(CHUNK // 8)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "an empty file", id="empty"),
        pytest.param(b"  \r\n ", "an empty file", id="blanks only"),
        pytest.param(b"%PDF-1.7 ...", "a PDF document", id="PDF"),
        pytest.param(b"PK\x03\x04....", "a Word, Excel or zip file", id="Word"),
        pytest.param(b"\xd0\xcf\x11\xe0....", "an old Word or Excel file", id="old Word"),
        pytest.param("ISA*00*".encode("utf-16"), "saved as UTF-16", id="UTF-16"),
        pytest.param(b"<html>", "a web page", id="HTML"),
        pytest.param(b"Dear Dr Finch,\n", "not an X12 file", id="a letter"),
        pytest.param(b"ISA", "sixteen elements", id="three letters of ISA"),
        pytest.param(REMITTANCE[:90], "sixteen elements", id="an ISA cut short"),
        pytest.param(b"ISA" + b"*00" * 40 + b"~", "sixteen elements", id="an ISA with letters for separators"),
        pytest.param(REMITTANCE.replace(b"LX*1", b"1 2 3"), "starts with an id", id="a line that is no segment"),
        pytest.param(REMITTANCE.replace(b"OAKES", b"OA\0ES"), "a NUL byte", id="a NUL byte"),
        pytest.param(REMITTANCE + b"and some text", "not an X12 file", id="text behind IEA"),
        pytest.param(REMITTANCE[:300] + b"A" * 3_000_000, "within a megabyte", id="a segment without end"),
    ],
)
def test_what_is_no_x12_gets_one_clear_error(data, says):
    with pytest.raises(X12Error, match=says) as caught:
        list(read_segments(data))

    assert str(caught.value).endswith(".")


def test_text_that_cannot_be_decoded_is_named():
    stream = io.TextIOWrapper(io.BytesIO(REMITTANCE.replace(b"OAKES", b"\xff\xfeKES")), encoding="utf-8")

    with pytest.raises(X12Error, match="plain text"):
        list(read_segments(stream))


def test_an_error_names_segment_element_what_was_found_and_what_to_do():
    error = X12Error(
        segment_no=27, segment_id="SVC", element="SVC03", found="6O", expected="an amount", advice="ask for a new file"
    )

    assert str(error) == 'Segment 27 (SVC), element SVC03, found "6O", expected an amount; ask for a new file.'


def test_an_error_does_not_repeat_a_whole_page_of_what_it_found():
    assert len(str(X12Error(found="A" * 500, expected="less"))) < 100


@given(st.binary(max_size=400))
def test_random_bytes_raise_x12_errors_only(data):
    drained(data)


@given(st.text(alphabet="ISAGTE*~:^0123456789\n ", max_size=400))
def test_random_text_of_x12_letters_raises_x12_errors_only(text):
    drained(REMITTANCE[:106].decode() + text)


def drained(data):
    with suppress(X12Error):
        list(read_segments(data))
