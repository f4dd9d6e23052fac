"""Documentation points at what exists."""

from __future__ import annotations

import re

import pytest

from cob.accounts.demo_people import PEOPLE
from cob.accounts.roles import ROLES
from cob.env import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]

    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_decision_is_in_the_list_and_answers_three_questions():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())

    assert listed == sorted(path.name for path in folder.glob("0*.md"))
    for name in listed:
        text = (folder / name).read_text()
        assert all(f"**{word}.**" in text for word in ("In question", "Decided", "Follows")), name


def test_the_readme_introduces_each_demo_person():
    table = (ROOT / "README.md").read_text()

    assert [person.username for person in PEOPLE if f"`{person.username}`" not in table] == []
    assert {person.role for person in PEOPLE} == set(ROLES)


def test_every_document_is_reached_from_the_readme_or_from_one_that_is():
    reached, look_at = set(), [ROOT / "README.md"]
    while look_at:
        page = look_at.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text()):
            target = (page.parent / link).resolve()
            if target.exists():
                look_at.append(target)

    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in reached] == []
