"""Every environment variable COB Desk reads: its type, its laptop-safe default, and why it is there.

Nothing else in the code reads the environment. All errors are reported together at start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
SECRETS = Path("/run/secrets")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaSeparated = Annotated[list[str], NoDecode, BeforeValidator(_split)]


class Env(BaseSettings):
    """Read once at start; a Docker secret of the same name (lower case) works for every field."""

    model_config = SettingsConfigDict(
        env_prefix="",
        case_sensitive=False,
        extra="ignore",
        env_ignore_empty=True,  # `COB_INBOX_DIR=` means the default, not the folder one happens to stand in
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
    )

    # Where the embedded database, the received files and the generated secret key live.
    cob_data_dir: Path = ROOT / "data"
    # PostgreSQL in production; empty means SQLite inside the data folder.
    database_url: str = ""
    # Redis for Celery and the cache in production; empty means one process with an in-process broker.
    cob_redis_url: str = ""
    # Signs sessions. Empty: made once and kept in the data folder (embedded only).
    cob_secret_key: str = ""
    # Turns on Django's debug pages; refused in production.
    cob_debug: bool = False
    # True where the desk is reached over the network: TLS cookies, HSTS, a second factor for every role.
    cob_production: bool = False
    # Host names the server answers to, comma separated.
    cob_allowed_hosts: CommaSeparated = ["127.0.0.1", "localhost", "[::1]"]
    # Addresses the browser may post from behind a TLS proxy, comma separated, with the scheme.
    cob_trusted_origins: CommaSeparated = []
    # True when a proxy in front sets X-Forwarded-Proto and adds to X-Forwarded-For.
    cob_behind_proxy: bool = False
    # Everybody's clock: due dates and business days are counted in it.
    cob_time_zone: str = "America/New_York"
    # Mail server for notices, as smtp://user:password@host:587 (TLS is asked for); empty: notices stay in the app.
    cob_mail_url: str = ""
    # Whom notices come from.
    cob_mail_from: str = "cobdesk@localhost"
    # Minutes without a click before the session ends.
    cob_idle_minutes: int = Field(default=15, ge=1, le=480)
    # Folder watched for 835 and 837P files; empty means the inbox inside the data folder.
    cob_inbox_dir: Path | None = None
    # Folder in which the mailboxes that are folders lie; empty means `mailboxes` inside the data folder.
    cob_mailbox_dir: Path | None = None
    # Folder with the private keys and passwords of SFTP mailboxes; a mailbox names the file, never what is in it.
    cob_mailbox_secrets_dir: Path = SECRETS
    # Largest EDI file taken by the import page, in MiB.
    cob_upload_mib: int = Field(default=256, ge=1, le=2048)
    # Gunicorn processes; 0 chooses (one when embedded, 2 x cores + 1 in production).
    cob_web_workers: int = Field(default=0, ge=0)
    # INFO shows each request and job as one JSON line.
    cob_log_level: str = "WARNING"

    @property
    def embedded(self) -> bool:
        """One process with everything in it: no Redis."""
        return not self.cob_redis_url


env = Env()
