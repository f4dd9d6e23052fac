"""One command brings the desk up, says what is wrong in a sentence, and neither loses nor doubles anything."""

from __future__ import annotations

import socket
import time

import pytest
from django.core.management.base import CommandError

from cob.accounts import demo_people
from cob.jobs import embedded
from cob.management.commands import start
from tests.real_desk import Desk, until


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.clean_up()


def _start(desk, *more):
    process = desk.start("manage.py", "start", "--port", str(desk.port), *more)
    until("serving", lambda: desk.answers() or process.poll() is not None)
    return process


def _stop(process):
    began = time.monotonic()
    process.terminate()
    process.wait(timeout=30)
    return time.monotonic() - began


@pytest.mark.slow
def test_the_desk_starts_serves_refuses_a_second_and_stops_within_seconds(desk):
    process = _start(desk, "--no-demo")
    until("the address", lambda: f"COB Desk is at http://127.0.0.1:{desk.port}" in desk.log.read_text())

    assert desk.get("/readyz")[0] == 200
    assert "Sign in" in desk.get("/accounts/login/")[1]
    assert demo_people.PASSPHRASE not in desk.log.read_text()
    second = desk.try_to_run("manage.py", "start", "--port", str(desk.port))
    assert second.returncode == 1
    assert f"Port {desk.port} on 127.0.0.1 is taken" in second.stderr
    assert "Traceback" not in second.stderr
    assert _stop(process) < 12
    assert _stop(_start(desk, "--no-demo")) < 12


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_a_taken_port_is_one_sentence_with_another_to_try():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 is taken.*PORT={port + 1}"):
            start.refuse_taken_port("127.0.0.1", port)


def test_a_free_port_is_let_through_and_stays_free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    start.refuse_taken_port("127.0.0.1", port)
    start.refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [
        ("127.0.0.1", 0, "Port 0 is none"),
        ("127.0.0.1", 65536, "Port 65536 is none"),
        ("no such host", 8000, "no address to serve on"),
    ],
)
def test_an_address_that_is_none_is_said(host, port, says):
    with pytest.raises(CommandError, match=says):
        start.refuse_taken_port(host, port)


def test_a_folder_in_use_is_refused_with_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(start, "WAIT_FOR_EARLIER_SECONDS", 0.0)
    held = embedded.take_lock()

    with pytest.raises(CommandError, match="COB Desk already runs from the data folder"):
        start.Command()._wait_for_earlier()

    held.close()
    start.Command()._wait_for_earlier().close()


def test_a_lock_that_is_held_cannot_be_taken_twice(folder):
    first = embedded.take_lock()

    assert embedded.take_lock() is None
    first.close()
    second = embedded.take_lock()
    assert second is not None
    second.close()


def test_what_was_filled_aside_is_moved_into_place_database_last(folder):
    aside, target = folder / "filling", folder / "cobdesk.sqlite3"
    (aside / "files" / "edi").mkdir(parents=True)
    (aside / "files" / "edi" / "one.835").write_text("ISA")
    (aside / "cobdesk.sqlite3").write_text("filled")
    (aside / "secret_key").write_text("another key")
    (folder / "secret_key").write_text("the key")
    target.write_text("empty")
    (folder / "cobdesk.sqlite3-wal").write_text("of the empty one")

    start._move_into_place(aside, target)

    assert target.read_text() == "filled"
    assert (folder / "files" / "edi" / "one.835").read_text() == "ISA"
    assert (folder / "secret_key").read_text() == "the key"
    assert not (folder / "cobdesk.sqlite3-wal").exists()
    assert not aside.exists()


@pytest.mark.django_db
def test_an_empty_desk_is_told_from_one_with_people():
    assert not start._has_people()
    demo_people.create()
    assert start._has_people()


@pytest.mark.django_db
def test_sign_ins_are_shown_for_demo_people_only_and_never_in_production(settings, capsys):
    from io import StringIO

    def shown():
        out = StringIO()
        start.Command(stdout=out)._show_sign_ins()
        return out.getvalue()

    assert shown() == ""
    demo_people.create()
    assert demo_people.PASSPHRASE in shown()
    assert all(person.username in shown() for person in demo_people.PEOPLE)
    settings.PRODUCTION = True
    assert shown() == ""
