"""A form sent after the session ended leads back to the page it stood on, and to no other host."""

from __future__ import annotations

import pytest

PAGE = "/patients/00000000-0000-0000-0000-000000000007/ask/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        pytest.param(f"http://testserver{PAGE}", PAGE, id="the page it stood on"),
        pytest.param("https://elsewhere.example/patients/", "/", id="another host"),
        pytest.param("", "/", id="nobody says"),
    ],
)
def test_a_form_sent_without_a_session_leads_back_to_its_page(client, referer, leads_to):
    sent = client.post(f"{PAGE}answer/", headers={"referer": referer} if referer else {})

    assert sent.url == f"/accounts/login/?next={leads_to}"
    assert "nothing of what you sent was saved" in client.get(sent.url).content.decode()


@pytest.mark.django_db
def test_a_page_opened_without_a_session_is_opened_after_signing_in(client):
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"
