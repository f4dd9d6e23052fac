"""Answers come in once each, however often they lie there and whatever breaks while they are fetched."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.urls import reverse

from claims.delivery.fetching import Looked, fetch, fetch_all
from claims.delivery.models import Fetched, Mailbox, MailboxLook
from claims.delivery.transports.folder import FolderTransport
from claims.delivery.transports.protocol import TransportError
from claims.models import EdiFile
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs.models import Job
from tests.x12 import claims as x12

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
HOUR_AGO = time.time() - 3600


@pytest.fixture(params=["by_folder", "by_sftp"])
def box(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def there(box, settings, remote):
    return remote if box.kind == "sftp" else settings.MAILBOX_DIR


def lay(path, data=x12.REMITTANCE, at=HOUR_AGO):
    path.write_bytes(data)
    os.utime(path, (at, at))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_kept_imported_and_set_aside(box, there):
    lay(there / "from" / "a.835")

    assert fetch(box) == 1

    file = EdiFile.objects.get()
    assert Path(file.kept.path).read_bytes() == x12.REMITTANCE
    assert Job.objects.get().args == {"edi_file": str(file.pk)}
    assert names(there / "from") == []
    assert (there / "fetched" / "a.835").read_bytes() == x12.REMITTANCE
    assert MailboxLook.objects.get().trouble == ""


@pytest.mark.parametrize(("after", "stays"), [("leave", ["a.835"]), ("delete", [])])
def test_it_is_fetched_once_also_where_it_stays(box, there, after, stays):
    Mailbox.objects.update(after_fetch=after)
    box.refresh_from_db()
    lay(there / "from" / "a.835")

    assert [fetch(box), fetch(box)] == [1, 0]
    assert names(there / "from") == stays
    assert Fetched.objects.count() == 1


def test_the_same_bytes_under_another_name_are_one_file_here(box, there):
    lay(there / "from" / "a.835")
    lay(there / "from" / "b.835")

    assert fetch(box) == 2
    assert EdiFile.objects.count() == 1
    assert names(there / "fetched") == ["a.835", "b.835"]


def test_another_file_of_a_name_that_was_fetched_before_is_fetched_too(box, there):
    lay(there / "from" / "a.835")
    fetch(box)
    lay(there / "from" / "a.835", x12.SECONDARY)

    assert fetch(box) == 1
    assert EdiFile.objects.count() == 2
    assert len(names(there / "fetched")) == 2


@pytest.mark.parametrize("name", [".a.835", "a.835.part", "a.835.tmp", "a.835.filepart", "~a.835"])
def test_what_is_still_being_written_is_left_alone(box, there, name):
    lay(there / "from" / name)

    assert fetch(box) == 0
    assert names(there / "from") == [name]


def test_a_file_changed_a_moment_ago_is_taken_at_the_next_look(box, there):
    lay(there / "from" / "a.835", at=time.time())
    assert fetch(box) == 0

    lay(there / "from" / "a.835")
    assert fetch(box) == 1


def test_a_crash_before_it_was_set_aside_fetches_nothing_twice(box, there, monkeypatch):
    lay(there / "from" / "a.835")

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("claims.delivery.fetching._set_aside", die)
        with pytest.raises(KeyboardInterrupt):
            fetch(box)

    assert fetch(box) == 0
    assert names(there / "from") == []
    assert (EdiFile.objects.count(), Fetched.objects.count()) == (1, 1)


def test_a_server_that_dies_in_the_middle_of_an_answer_keeps_it_and_gives_it_later(by_sftp, server, remote):
    large = x12.REMITTANCE + b"\n" * 300_000
    lay(remote / "from" / "a.835", large)
    server.trouble.dies_after_bytes = 50_000

    assert fetch(by_sftp) is None
    assert (EdiFile.objects.count(), names(remote / "from")) == (0, ["a.835"])
    assert MailboxLook.objects.get().trouble == (
        "The connection to 127.0.0.1 broke while fetching from/a.835; it is tried again."
    )

    assert fetch(by_sftp) == 1
    assert EdiFile.objects.get().size == len(large)
    assert MailboxLook.objects.get().trouble == ""


def test_a_mailbox_that_cannot_be_reached_waits_and_is_said_once(by_sftp, server):
    server.client_key = None

    found = fetch_all()
    again = fetch_all()

    assert (found.failed, again.failed) == (1, 0)  # its time has not come yet
    look = MailboxLook.objects.get()
    assert look.needs_person
    assert Event.objects.get(verb="mailbox not reached").after == {
        "why": "127.0.0.1 does not let clinic in: check user name and key."
    }


def test_nothing_of_a_secret_is_on_file_or_in_what_is_said(by_sftp, server, settings):
    server.client_key = None
    with acting("test task"):
        Mailbox.objects.update(key_file="", password_file="clearing_password")
        (settings.MAILBOX_SECRETS_DIR / "clearing_password").write_text("hunter2")
    fetch(Mailbox.objects.get())

    written = [str(row) for row in (*Mailbox.objects.values(), *MailboxLook.objects.values(), *Event.objects.values())]
    assert not [text for text in written if "hunter2" in text]


def test_a_name_in_another_encoding_holds_up_neither_its_file_nor_the_others(box, there):
    lay(there / "from" / os.fsdecode(b"m\xe4rz.835"))
    lay(there / "from" / "z.835", data=x12.SECONDARY, at=HOUR_AGO + 60)

    assert fetch(box) == 2

    assert sorted(EdiFile.objects.values_list("name", flat=True)) == ["m?rz.835", "z.835"]
    assert sorted(map(os.fsencode, names(there / "fetched"))) == [b"m\xe4rz.835", b"z.835"]
    assert MailboxLook.objects.get().trouble == ""


def test_two_names_that_differ_in_one_letter_of_another_encoding_are_two_files(by_folder, settings):
    lay(settings.MAILBOX_DIR / "from" / os.fsdecode(b"m\xe4rz.835"))
    lay(settings.MAILBOX_DIR / "from" / os.fsdecode(b"m\xfcrz.835"), x12.REMITTANCE.replace(b"ISA*00", b"ISA*03"))

    assert fetch(by_folder) == 2
    assert EdiFile.objects.count() == 2


def forbid(monkeypatch, verb, name):
    """The folder refuses this of the file of that name."""
    allowed = getattr(FolderTransport, verb)

    def asked(self, path, *more):
        if path.endswith(name):
            raise TransportError("We may not.", needs_person=True)
        return allowed(self, path, *more)

    monkeypatch.setattr(FolderTransport, verb, asked)


def test_a_file_we_may_not_read_is_said_and_those_after_it_come_in(by_folder, settings, monkeypatch):
    lay(settings.MAILBOX_DIR / "from" / "a.835")
    lay(settings.MAILBOX_DIR / "from" / "b.837", data=x12.SECONDARY, at=HOUR_AGO + 60)
    forbid(monkeypatch, "read", "a.835")

    assert [fetch_all() for _ in range(2)] == [Looked(fetched=1), Looked()]

    assert EdiFile.objects.get().name == "b.837"
    assert names(settings.MAILBOX_DIR / "from") == ["a.835"]
    assert (MailboxLook.objects.get().trouble, MailboxLook.objects.get().needs_person) == ("We may not.", True)
    assert Event.objects.get(verb="answer not fetched").after == {"why": "We may not."}


def test_of_a_file_that_needs_somebody_the_pages_do_not_say_that_its_mailbox_was_not_reached(
    by_folder, settings, monkeypatch, cast, sign_in
):
    lay(settings.MAILBOX_DIR / "from" / "a.835")
    forbid(monkeypatch, "read", "a.835")
    fetch(by_folder)

    client = sign_in(cast["ada"])
    for page in (reverse("delivery:mailbox-list"), reverse("delivery:mailbox-page", args=[by_folder.pk])):
        shown = client.get(page).content.decode()
        assert "needs somebody" in shown
        assert "ot reached" not in shown


def test_answers_we_may_not_move_are_imported_all_the_same(by_folder, settings, monkeypatch):
    lay(settings.MAILBOX_DIR / "from" / "a.835")
    lay(settings.MAILBOX_DIR / "from" / "b.837", data=x12.SECONDARY, at=HOUR_AGO + 60)
    forbid(monkeypatch, "rename", "")

    assert (fetch(by_folder), fetch(by_folder)) == (2, 0)

    files = set(EdiFile.objects.values_list("pk", flat=True))
    assert {job.args["edi_file"] for job in Job.objects.all()} == {str(pk) for pk in files}
    assert (len(files), Job.objects.count(), MailboxLook.objects.get().trouble) == (2, 2, "We may not.")


def test_a_server_or_password_that_cannot_be_read_is_said_and_other_mailboxes_are_looked_into(
    by_sftp, by_folder, settings
):
    (settings.MAILBOX_SECRETS_DIR / "latin").write_bytes(b"p\xe4ss\n")
    with acting("test task"):
        Mailbox.objects.filter(pk=by_sftp.pk).update(host="sftp..example.com")
        by_sftp.pk = None
        by_sftp.name, by_sftp.key_file, by_sftp.password_file = "Odd", "", "latin"
        by_sftp.save()
    lay(settings.MAILBOX_DIR / "from" / "a.835")

    looked = fetch_all()

    assert (looked.fetched, looked.failed) == (1, 2)
    said = set(MailboxLook.objects.filter(needs_person=True).values_list("trouble", flat=True))
    secret = settings.MAILBOX_SECRETS_DIR / "latin"
    assert said == {
        "sftp..example.com is no name of a server: correct it in the settings.",
        f"The secret in {secret} cannot be read: put it there, readable for the desk.",
    }
