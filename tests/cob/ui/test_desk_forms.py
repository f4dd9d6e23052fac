"""A field ties its hint and its error to itself, and the summary leads to it."""

from __future__ import annotations

import re

from cob.ui.samples import SampleForm


def refused():
    return SampleForm({"member_id": "W" * 24, "kind": "medicare", "effective_on": "2026-02-30"})


def test_a_field_names_its_hint_and_its_error():
    html = refused()["payer"].as_field_group()
    described = re.search(r'<input[^>]* aria-describedby="([^"]+)"', html)[1].split()

    assert described == ["id_payer_helptext", "id_payer_error"]
    assert all(f'id="{one}"' in html for one in described)
    assert 'aria-invalid="true"' in html


def test_every_link_of_the_summary_has_a_target():
    html = refused().render()
    targets = re.findall(r'href="#([^"]+)"', html)

    assert len(targets) == 4
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in SampleForm().render()


def test_a_choice_of_buttons_is_a_named_group():
    html = SampleForm()["working"].as_field_group()

    assert "<fieldset" in html
    assert "<legend>Does the subscriber work there now?" in html


def test_only_what_may_be_left_out_is_marked():
    assert "optional" in SampleForm()["note"].as_field_group()
    assert "optional" not in SampleForm()["payer"].as_field_group()
