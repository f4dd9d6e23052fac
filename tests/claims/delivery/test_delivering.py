"""A file reaches its mailbox once: whatever breaks on the way is said in a sentence, waited out, and made good."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from claims.delivery import sending
from claims.delivery.models import Delivery, Mailbox
from claims.delivery.transports import folder as folder_transport
from claims.delivery.transports import opening
from cob.audit.acting import acting
from cob.audit.models import Event
from simulator.sftp import SftpServer
from tests.claims.delivery.conftest import DATA

pytestmark = pytest.mark.django_db


def tried(file):
    """One try now, whatever the row would have waited for."""
    Delivery.objects.filter(pk=file.pk).update(try_after=timezone.now())
    with acting("test task"):
        return sending.deliver(file.pk)


def named(folder):
    return sorted(path.name for path in folder.iterdir())


class TestEitherKind:
    @pytest.fixture(params=["by_folder", "by_sftp"])
    def there(self, request, settings, remote):
        request.getfixturevalue(request.param)
        return (settings.MAILBOX_DIR if request.param == "by_folder" else remote) / "to"

    def test_it_arrives_whole_under_its_own_name_with_a_receipt(self, there, leaving):
        file = leaving()

        row = tried(file)

        assert named(there) == ["000000001.837"]
        assert (there / "000000001.837").read_bytes() == DATA
        assert (row.state, row.how, row.remote_name, row.failures) == ("delivered", "put", "to/000000001.837", 0)
        said = Event.objects.get(verb="file delivered").after
        assert (said["sha256"], said["interchange"]) == (file.sha256, "000000001")

    def test_what_is_delivered_is_never_delivered_again(self, there, leaving):
        file = leaving()
        tried(file)
        (there / "000000001.837").unlink()  # the clearinghouse took it

        assert tried(file) is None
        assert sending.deliver_due() == {"delivered": 0, "failed": 0}
        assert named(there) == []

    @pytest.mark.parametrize(
        ("is_taken", "how"), [(False, "found"), (True, "taken")], ids=["it still lies there", "it was taken away"]
    )
    def test_a_crash_between_naming_it_and_noting_so_sends_nothing_twice(
        self, there, leaving, monkeypatch, is_taken, how
    ):
        file = leaving()

        def die(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(sending, "_note_delivered", die)
            with pytest.raises(KeyboardInterrupt):
                tried(file)
        assert Delivery.objects.get(pk=file.pk).state == "trying"
        if is_taken:
            (there / "000000001.837").unlink()
        Delivery.objects.update(started_at=timezone.now() - sending.LEASE - timedelta(seconds=1))

        row = tried(file)

        assert (row.state, row.how) == ("delivered", how)
        assert named(there) == ([] if is_taken else ["000000001.837"])

    def test_a_crash_before_it_had_its_name_writes_it_anew(self, there, leaving):
        file = leaving()
        (there / ".000000001.837.part").write_bytes(DATA[:1000])
        Delivery.objects.update(state="trying", attempts=1, started_at=timezone.now() - timedelta(days=1))

        assert tried(file).how == "put"
        assert (there / "000000001.837").read_bytes() == DATA
        assert named(there) == ["000000001.837"]

    def test_anothers_file_of_that_name_is_left_alone_and_somebody_is_asked(self, there, leaving):
        (there / "000000001.837").write_bytes(b"not ours")

        row = tried(leaving())

        assert (row.state, row.needs_person) == ("queued", True)
        assert row.trouble == (
            "Another file named 000000001.837 lies in the mailbox: find out whose it is and move it away."
        )
        assert (there / "000000001.837").read_bytes() == b"not ours"

    def test_somebody_else_who_is_at_it_is_left_alone(self, there, leaving):
        file = leaving()
        Delivery.objects.update(state="trying", attempts=1, started_at=timezone.now())

        assert tried(file) is None
        assert named(there) == []


def _raises(number):
    def fail(*_args, **_options):
        raise OSError(number, os.strerror(number))

    return fail


class TestFolder:
    @pytest.mark.parametrize(
        ("number", "said", "needs_person"),
        [
            (errno.ENOSPC, "The disk of {there} is full: make room there.", False),
            (errno.EROFS, "The disk of {there} is read-only: somebody must mount it for writing.", True),
            (errno.EACCES, "We may not write or read in {there}: give the desk's account the right to.", True),
        ],
    )
    def test_a_disk_that_takes_nothing_is_named(
        self, by_folder, leaving, settings, monkeypatch, number, said, needs_person
    ):
        file, there = leaving(), settings.MAILBOX_DIR / "to"

        with monkeypatch.context() as patch:
            patch.setattr(folder_transport.os, "fsync", _raises(number))
            row = tried(file)

        assert (row.state, row.trouble, row.needs_person) == ("queued", said.format(there=there), needs_person)
        assert named(there) == []  # half a file is not left behind
        assert tried(file).state == "delivered"

    def test_a_disk_that_is_not_mounted_is_not_taken_for_an_empty_one(self, by_folder, leaving, settings):
        (settings.MAILBOX_DIR / "from").rmdir()
        (settings.MAILBOX_DIR / "to").rmdir()
        settings.MAILBOX_DIR.rmdir()

        row = tried(leaving())

        assert row.trouble == f"{settings.MAILBOX_DIR} is not there: is its disk mounted?"
        assert not settings.MAILBOX_DIR.exists()

    def test_a_file_that_rotted_on_our_own_disk_is_not_sent(self, by_folder, leaving):
        file = leaving()
        Path(file.kept.path).write_bytes(DATA[:-3] + b"rot")

        row = tried(file)

        assert "damaged" in row.trouble
        assert row.needs_person


class TestSftp:
    def test_a_server_that_dies_in_the_middle_of_the_file_gets_it_whole_the_next_time(
        self, by_sftp, server, leaving, remote
    ):
        file = leaving()
        server.trouble.dies_after_bytes = 50_000

        row = tried(file)

        assert (row.state, row.needs_person, row.failures) == ("queued", False, 1)
        assert row.trouble == (
            "The connection to 127.0.0.1 broke while writing to/.000000001.837.part; it is tried again."
        )
        (half,) = (remote / "to").iterdir()
        assert half.stat().st_size < len(DATA)

        assert tried(file).how == "put"
        assert named(remote / "to") == ["000000001.837"]
        assert (remote / "to" / "000000001.837").read_bytes() == DATA

    def test_a_server_that_dies_after_the_renaming_is_believed_when_it_is_back(self, by_sftp, server, leaving, remote):
        file = leaving()
        server.trouble.dies_after_rename = True

        assert tried(file).state == "queued"
        row = tried(file)

        assert (row.state, row.how) == ("delivered", "found")
        assert named(remote / "to") == ["000000001.837"]

    def test_and_when_the_clearinghouse_took_the_file_meanwhile_it_is_not_sent_again(
        self, by_sftp, server, leaving, remote
    ):
        file = leaving()
        server.trouble.dies_after_rename = True
        tried(file)
        (remote / "to" / "000000001.837").unlink()

        assert tried(file).how == "taken"
        assert named(remote / "to") == []

    def test_a_server_with_another_key_gets_nothing(self, by_sftp, leaving, remote):
        with SftpServer(remote) as impostor, acting("test task"):
            Mailbox.objects.update(port=impostor.port)
            row = tried(leaving())

        assert row.needs_person
        assert "shows another host key than the one on file, so nothing was sent" in row.trouble
        assert named(remote / "to") == []

    def test_without_a_host_key_nobody_is_spoken_to(self, by_sftp, leaving):
        with acting("test task"):
            Mailbox.objects.update(host_key="")

        assert tried(leaving()).trouble.startswith("No host key of 127.0.0.1 is on file")

    def test_a_stranger_is_not_let_in(self, by_sftp, server, leaving):
        server.client_key = None

        row = tried(leaving())

        assert row.trouble == "127.0.0.1 does not let clinic in: check user name and key."
        assert row.needs_person

    def test_a_password_from_its_file_does_where_there_is_no_key(self, by_sftp, leaving):
        with acting("test task"):
            Mailbox.objects.update(key_file="", password_file="clearing_password")

        assert tried(leaving()).state == "delivered"

    def test_a_secret_that_is_not_there_is_named_by_its_file(self, by_sftp, leaving, settings):
        with acting("test task"):
            Mailbox.objects.update(key_file="lost_key")

        assert tried(leaving()).trouble == (
            f"The secret in {settings.MAILBOX_SECRETS_DIR / 'lost_key'} cannot be read: put it there, readable for "
            "the desk."
        )

    @pytest.mark.parametrize(
        ("trouble", "said", "needs_person"),
        [
            ("is_full", "failed while writing to/.000000001.837.part (its disk may be full)", False),
            ("forbids_writing", "does not permit writing to/.000000001.837.part", True),
        ],
    )
    def test_what_the_server_refuses_is_said(self, by_sftp, server, leaving, trouble, said, needs_person):
        setattr(server.trouble, trouble, True)

        row = tried(leaving())

        assert said in row.trouble
        assert row.needs_person is needs_person

    def test_nobody_at_home_is_tried_again(self, by_sftp, server, leaving):
        with acting("test task"):
            Mailbox.objects.update(port=1)

        row = tried(leaving())

        assert row.trouble == "127.0.0.1 cannot be reached; it is tried again."


class TestWaiting:
    def test_each_failure_waits_longer_up_to_an_hour_and_the_third_is_a_persons_business(
        self, by_folder, leaving, monkeypatch
    ):
        file, waits = leaving(), []
        monkeypatch.setattr(folder_transport.os, "fsync", _raises(errno.ENOSPC))

        for _ in range(8):
            before = timezone.now()
            row = tried(file)
            waits.append(round((row.try_after - before).total_seconds() / 60))
            if row.failures == 2:
                assert not Delivery.objects.filter(sending.is_troubled()).exists()
            if row.failures == 3:
                assert Delivery.objects.filter(sending.is_troubled()).exists()

        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
        assert Event.objects.filter(verb="file not delivered").count() == 1

    def test_before_its_time_it_is_not_tried(self, by_folder, leaving):
        file = leaving()
        Delivery.objects.update(try_after=timezone.now() + timedelta(minutes=5))

        assert sending.deliver_due() == {"delivered": 0, "failed": 0}
        with acting("test task"):
            assert sending.try_now(file.pk).state == "delivered"


class TestWhichMailbox:
    def test_the_one_that_names_the_receiver_then_the_one_for_all_others_then_the_outbox(self, by_folder):
        assert opening.mailbox_for("88001") == by_folder
        with acting("test task"):
            own = Mailbox.objects.create(name="Straight", kind="folder", receivers="88001 88002")
            assert opening.mailbox_for("88001") == own
            assert opening.mailbox_for("8800") == by_folder
            Mailbox.objects.update(is_active=False)
        assert opening.mailbox_for("88001") is None
