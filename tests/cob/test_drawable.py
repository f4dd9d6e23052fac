"""A name on paper is the name, as far as the fonts of a PDF go."""

from __future__ import annotations

import pytest

from cob.drawable import drawable


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("José Muñoz-Åberg", "José Muñoz-Åberg"),
        ("Jiří Dvořák, Nguyễn, Łódź, Đorđević, Yıldız", "Jirí Dvorák, Nguyen, Lódz, Dordevic, Yildiz"),
        ("Rene\u0301e Dvor\u030ca\u0301k", "Renée Dvorák"),
        ("Ka\u02bbahumanu Smith\u2010Jones, Gri\ufb03th", "Ka‘ahumanu Smith-Jones, Griffith"),
        ("O’Brien “paid” – €5, −3.00", "O’Brien “paid” – €5, -3.00"),
        ("Ивано 李", "????? ?"),
    ],
)
def test_letters_the_fonts_lack_lose_their_marks_and_nothing_is_a_box(text, drawn):
    assert drawable(text) == drawn
