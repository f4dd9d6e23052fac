"""What is asked of a mailbox."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.delivery.models import Mailbox


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An SFTP mailbox needs a server, its key and one secret's file; a folder needs none of them."""

    class Meta:
        model = Mailbox
        fields = (
            "name", "kind", "receivers", "outbox", "inbox", "after_fetch", "fetched_folder",
            "host", "port", "username", "host_key", "key_file", "password_file", "sends_by_itself", "is_active",
        )  # fmt: skip
        labels = {
            "receivers": "Receiver ids",
            "outbox": "Folder for our files",
            "inbox": "Folder of their answers",
            "after_fetch": "An answer that is here",
            "fetched_folder": "Folder of fetched files",
            "host": "Server",
            "username": "User name",
            "host_key": "The server’s host key",
            "key_file": "Private key, by file name",
            "password_file": "Password, by file name",
            "sends_by_itself": "Send ready claims every morning",
            "is_active": "In use",
        }
        help_texts = {
            "receivers": "ISA08 of the files that go here, by blanks. Empty: all that no other mailbox takes.",
            "inbox": "Empty: nothing is fetched from here.",
            "host_key": "As the clearinghouse tells it: ssh-ed25519 AAAA…, one a line. No other server is spoken to.",
            "key_file": "Name of the file in COB_MAILBOX_SECRETS_DIR. The key itself is never entered here.",
            "password_file": "Only where the clearinghouse takes no key.",
            "sends_by_itself": "Only claims that no edit stops; corrections and rejected claims wait for a person.",
        }
        widgets = {"host_key": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}

    def clean_host_key(self) -> str:
        import asyncssh  # only here: see `transports.opening`

        text: str = self.cleaned_data["host_key"].strip()
        for line in filter(None, (line.strip() for line in text.splitlines())):
            try:
                asyncssh.import_public_key(line)
            except asyncssh.KeyImportError as error:
                raise forms.ValidationError(
                    "This is no public key: it begins with its kind, as in ssh-ed25519 AAAA…, one a line."
                ) from error
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == "sftp":
            for name, what in (("host", "the server"), ("username", "the user name"), ("host_key", "its host key")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"An SFTP mailbox needs {what}.")
            if not cleaned.get("key_file") and not cleaned.get("password_file"):
                self.add_error("key_file", "Name the file of the private key, or the one of the password.")
        if cleaned.get("inbox") and cleaned.get("inbox") == cleaned.get("outbox"):
            self.add_error("inbox", "Our files and their answers lie in different folders.")
        if cleaned.get("after_fetch") == "move" and cleaned.get("fetched_folder") == cleaned.get("inbox"):
            self.add_error("fetched_folder", "Name another folder than that of the answers.")
        return cleaned
