"""Text and its ground hold WCAG 2.2 AA contrast in light and in dark; lines that carry meaning hold three to one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
PAIR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
GROUNDS = ("canvas", "surface", "sunken", "hover")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong") for ground in (*GROUNDS, "accent-soft")),
    *(("ink-faint", ground) for ground in GROUNDS),
    *((tone, ground) for tone in ("good", "warn", "bad", "info") for ground in (f"{tone}-soft", "surface", "canvas")),
    *((ink, f"{tone}-soft") for ink in ("ink", "ink-soft", "accent") for tone in ("good", "warn", "bad", "info")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("bar-ink", "bar"),
    ("bar-soft", "bar"),
    ("bar-ink", "bar-lift"),
    ("bar-soft", "bar-lift"),
]
LINE_PAIRS = [
    *((line, ground) for line in ("edge", "focus", "accent") for ground in ("canvas", "surface")),
    ("edge", "warn-soft"),
    ("focus", "accent-soft"),
    ("bar-ink", "bar"),
    *((tone, "surface") for tone in ("good", "warn", "bad", "info")),
]


def tokens(theme):
    found = PAIR.findall((CSS / "tokens.css").read_text())
    return {name: light if theme == "light" else dark for name, light, dark in found}


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS, ids=lambda name: name)
def test_text_can_be_read_on_its_ground(theme, ink, ground):
    colours = tokens(theme)

    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINE_PAIRS, ids=lambda name: name)
def test_a_line_that_means_something_stands_out(theme, line, ground):
    colours = tokens(theme)

    assert contrast(colours[line], colours[ground]) >= 3


def test_the_style_stays_small():
    lines = {path.name: len(path.read_text().splitlines()) for path in CSS.glob("*.css")}

    assert set(lines) >= {"tokens.css", "base.css", "layout.css", "components.css", "print.css"}
    assert sum(lines.values()) <= 950


def test_the_scripts_stay_small():
    scripts = (CSS.parent / "js").glob("*.js")

    assert sum(len(path.read_text().splitlines()) for path in scripts) <= 300


def test_every_colour_outside_the_tokens_is_a_token_or_a_pair():
    loose = {}
    for name in ("base.css", "layout.css", "components.css"):
        without_pairs = re.sub(r"light-dark\([^)]*\)", "", (CSS / name).read_text())
        loose[name] = re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,)])", without_pairs)

    assert loose == {"base.css": [], "layout.css": [], "components.css": ["#fff"]}  # the ground of a square to scan
