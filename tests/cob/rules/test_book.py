"""The rule book is whole: every rule of the catalogue with a sentence and a citation, every number with a source."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

import cob.rules
from cob.rules import determine
from cob.rules.book import CHAPTERS, book_page, chapter
from cob.rules.entries import entries, remarks
from cob.rules.order.case import Case, Shape
from cob.rules.parameters import Parameter, parameters
from cob.rules.reading import BOOK, rule
from cob.rules.sources import address

CATALOGUE = """
GEN-DOS GEN-NOTPLAN GEN-ONEPLAN GEN-MA GEN-PART GEN-FEHB-DUAL GEN-ERISA COM-SANDWICH COM-PREEMPT-CROSS COM-DECREE-REST
COM-CYCLE NAIC-6A1 NAIC-6A2 NAIC-6A4 NAIC-6B1 NAIC-6B2 NAIC-6C NAIC-6D1a NAIC-6D1b NAIC-6D2-DECREE NAIC-6D2a-i
NAIC-6D2a-ii NAIC-6D2b-i NAIC-6D2b-i-SP NAIC-6D2b-i-KN NAIC-6D2b-ii NAIC-6D2b-iii NAIC-6D2b-iv NAIC-6D2c NAIC-ADOPT
NAIC-6D2d-i NAIC-6D2d-ii NAIC-6D3 NAIC-6D3-IGN NAIC-6D4 NAIC-6D4-ST NAIC-6D4-IGN NAIC-6D5 NAIC-6D5-24H NAIC-6D5-SAME
NAIC-6D5-START NAIC-6D6 NAIC-9B NAIC-9D MSP-PREEMPT MSP-WA-20 MSP-WA-LT20 MSP-SIZE-20 MSP-WA-AGE MSP-WA-PARTA
MSP-WA-SPOUSE MSP-WA-MULTI MSP-WA-MULTI-EXC MSP-CES MSP-CES-DIS6 MSP-CES-SELF MSP-CES-REHIRE MSP-CES-DELAY
MSP-CES-CLERGY MSP-RETIREE MSP-COBRA MSP-SURVIVOR FEHB-ACTIVE FEHB-ANNUITANT FEHB-TCC MSP-DECLINED MSP-NOTCOVERED
MSP-DIS-100 MSP-DIS-LT100 MSP-SIZE-100 MSP-DIS-MULTI MSP-DIS-65 MSP-ESRD-START MSP-ESRD-HOME MSP-ESRD-TX MSP-ESRD-30
MSP-ESRD-AFTER MSP-ESRD-LATE MSP-ESRD-END MSP-ESRD-NEW MSP-DUAL-FIRST MSP-DUAL-WORK MSP-DUAL-KEEP MSP-INDIV MSP-HRA
MSP-MEDIGAP MSP-TRIBAL MSP-NOQ MSP-CONDITIONAL ACC-REL ACC-WC ACC-WC-UNAUTH ACC-BL ACC-NF ACC-NF-EXH ACC-NF-STATE
ACC-LIAB-MCR ACC-LIAB-120 ACC-LIAB-OTHER ACC-MULTI ACC-WTC TRI-LAST TRI-NOWAIVE TRI-EXC TRI-STEP TRI-MCR TRI-GHP-MCR
TRI-MEDIGAP TRI-RETRO TRI-PARTB EXC-ADSM TRI-IDEA-C TRI-ACC CVA-LAST CVA-MCR CVA-PARTB CVA-NOT-TRICARE EXC-VA IHS-LAST
IHS-NOTRIBE MCD-LAST MCD-VOID MCD-PEDS MCD-CSE MCD-PRENATAL MCD-UNKNOWN MCD-NOBAL MCD-AHEAD MCD-LIAB RW-BEFORE-IHS
CRIME-LAST CHIP-NOOTHER CHIP-XOR EXC-FEDGRANT EXC-PACE
""".split()


def test_the_book_holds_the_catalogue_and_nothing_else():
    assert set(BOOK) == set(CATALOGUE)
    assert cob.rules.__all__


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_every_rule_says_one_sentence_and_where_it_stands(rule_id):
    entry = BOOK[rule_id]

    assert entry.sentence.endswith(".")
    assert 20 < len(entry.sentence) < 200
    assert all(cite.strip() for cite in entry.cites)
    assert entry.cites


def test_an_id_cannot_enter_the_book_twice():
    with pytest.raises(ValueError, match="GEN-DOS is already"):
        rule("GEN-DOS", "somewhere")(lambda: None)


def test_every_number_of_the_law_has_a_source_and_dates_in_order():
    for name, parameter in parameters().items():
        assert parameter.label, name
        assert list(parameter.values) == sorted(parameter.values), name
        assert all(value.cite and str(value.url).startswith("https://") for value in parameter.values.values()), name


def test_the_value_of_the_day_is_the_latest_that_had_begun():
    source = {"cite": "42 CFR 1", "url": "https://www.ecfr.gov/"}
    values = {"2020-01-01": {"value": 1, **source}, "2024-01-01": {"value": 2, **source}}
    parameter = Parameter.model_validate({"label": "x", "unit": "days", "values": values})

    assert [parameter.on(day) for day in (date(2019, 1, 1), date(2023, 12, 31), date(2024, 1, 1))] == [1, 1, 2]


@pytest.mark.parametrize("missing", ["cite", "url"])
def test_a_number_without_a_source_is_refused(missing):
    value = {"value": 1, "cite": "42 CFR 1", "url": "https://www.ecfr.gov/"}
    del value[missing]

    with pytest.raises(ValidationError):
        Parameter.model_validate({"label": "x", "unit": "days", "values": {"2020-01-01": value}})


def test_the_page_of_the_book_is_up_to_date(request):
    page = (request.config.rootpath / "docs" / "rules.md").read_text(encoding="utf-8")

    assert page == book_page(), "write it again: python -m cob.rules.book > docs/rules.md"


def test_every_rule_stands_in_one_chapter_and_has_its_line_in_the_file():
    assert sorted(entry.id for prefix in CHAPTERS for entry in chapter(prefix)) == sorted(BOOK)
    assert set(remarks()) == set(BOOK)


def _fields(path):
    """The contract's field at the end of a path without ids, or None."""
    shape, field = Case, None
    for name in path.split("."):
        fields = {inner.alias or key: inner for key, inner in shape.model_fields.items()} if shape else {}
        if name not in fields:
            return None
        field = fields[name]
        shapes = [kind for kind in _kinds(field.annotation) if isinstance(kind, type) and issubclass(kind, Shape)]
        shape = shapes[0] if shapes else None
    return field


def _kinds(annotation):
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _kinds(inner)


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_every_fact_a_rule_is_said_to_read_is_in_the_contract(rule_id):
    facts = remarks()[rule_id].facts

    assert facts
    assert [path for path in facts if _fields(path) is None] == []


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_every_number_a_rule_is_said_to_read_is_in_force_by_a_known_day(rule_id):
    assert set(remarks()[rule_id].numbers) <= set(parameters())


def test_every_number_is_read_by_some_rule():
    # The days within which money goes back are no part of payer order; credits and refunds read them.
    of_order = {name for name in parameters() if not name.startswith("overpayments.")}
    assert {name for line in remarks().values() for name in line.numbers} == of_order


def test_a_date_says_what_changed_on_it():
    dated = {rule_id: line for rule_id, line in remarks().items() if line.since}

    assert dated["MSP-ESRD-30"].since == date(1997, 8, 5)
    assert all(line.what.endswith(".") for line in dated.values())
    assert [rule_id for rule_id, line in remarks().items() if line.what and not line.since] == []


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_every_rule_has_a_case_that_must_come_out_by_it(rule_id):
    assert entries()[rule_id].cases


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_some_case_of_a_rule_reads_a_fact_the_rule_is_said_to_read(rule_id):
    """The kind of a card and the day are read without being handed out, so those two prove themselves."""
    facts = set(remarks()[rule_id].facts)
    if {"coverages.kind", "claim.dos"} & facts:
        return
    used = {_without_ids(row["case"], path) for row in entries()[rule_id].cases for path in _used(row["case"])}

    assert any(path == fact or path.startswith(f"{fact}.") for fact in facts for path in used), used


def _used(case):
    verdict = determine(case)
    return [*verdict.facts_used, *(question.fact for question in verdict.questions)]


def _without_ids(case, path):
    for head, ids in (("coverages", [card["id"] for card in case["coverages"]]), ("people", case["people"])):
        for name in ids:
            if path.startswith(f"{head}.{name}."):
                return f"{head}.{path[len(head) + len(name) + 2 :]}"
    return path


@pytest.mark.parametrize(
    ("cite", "leads_to"),
    [
        ("42 CFR 411.170(a)(2)(i)", "https://www.ecfr.gov/current/title-42/section-411.170"),
        ("5 CFR 890 subpart K", "https://www.ecfr.gov/current/title-5/part-890/subpart-K"),
        ("42 USC 1395y(b)(1)(C)", "https://www.law.cornell.edu/uscode/text/42/1395y"),
        ("42 USC 426-1(b)(2)", "https://www.law.cornell.edu/uscode/text/42/426-1"),
        ("42 USC 300mm-41(b)-(c)", "https://www.law.cornell.edu/uscode/text/42/300mm-41"),
        ("POMS HI 00801.247", "https://secure.ssa.gov/poms.nsf/lnx/0600801247"),
        ("MDL-120 §6.D(1)(a)", "https://content.naic.org/sites/default/files/MO120.pdf"),
        ("plan contracts", None),
    ],
)
def test_a_citation_leads_to_the_public_text_where_there_is_one(cite, leads_to):
    assert address(cite) == leads_to
