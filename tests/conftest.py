"""The cast, the frozen day, and one database that may be either engine.

Ana works the front desk, Ben bills, Dee works denials, Pat posts, Sol supervises, Ira audits, Ada administers: all
but Ira and Ada at Main. Kit bills at North and must see nothing of Main.
"""

from __future__ import annotations

import gc
import os
import uuid
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from cob.accounts.models import Site, User
from cob.accounts.roles import Role
from cob.audit.acting import acting

pytest_plugins = ["tests.browsing", "tests.real_desk"]

# A busy machine is no failure of a property.
hypothesis.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("unhurried")


def _own_cache():
    """Emptying a Redis cache empties its whole database, so each process of the suite has one to itself."""
    if settings.EMBEDDED:
        return
    server = settings.CACHES["default"]["LOCATION"].rsplit("/", 1)[0]
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + 1
    settings.CACHES["default"]["LOCATION"] = f"{server}/{number}"


_own_cache()

CAST = {
    "ana": ("Ana", "Arroyo", Role.FRONT_DESK, "main"),
    "ben": ("Ben", "Baker", Role.BILLER, "main"),
    "dee": ("Dee", "Dutta", Role.DENIALS, "main"),
    "pat": ("Pat", "Price", Role.POSTER, "main"),
    "sol": ("Sol", "Sato", Role.SUPERVISOR, "main"),
    "ira": ("Ira", "Ito", Role.AUDITOR, ""),
    "ada": ("Ada", "Adler", Role.ADMINISTRATOR, ""),
    "kit": ("Kit", "Kane", Role.BILLER, "north"),
}


def pytest_collection_finish():
    """Thirteen thousand collected tests live to the end: the garbage collector need not look through them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _light():
    """What costs each test time and is asked by none of them."""
    settings.WHITENOISE_AUTOREFRESH = True  # Else each new client walks all static files.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    return tmp_path_factory.mktemp("folders")


@pytest.fixture(autouse=True)
def _own_folders(settings, _folders):
    """Files go to a folder of the test's own, made once something is written, never to the desk's data. Not `tmp_path`,
    which reads the names of all earlier tests' folders for each test."""
    own = _folders / uuid.uuid4().hex
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": own / "files"}}
    }
    settings.INBOX_DIR = own / "inbox"


@pytest.fixture(autouse=True)
def _empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_append_only_tables():
    """A test that commits is cleaned up by DELETE, which triggers rightly refuse; set them aside for that. PostgreSQL
    would TRUNCATE instead and make every table's and index's file anew: three seconds, not a hundredth of one. Whoever
    may not set triggers aside there waits for it."""
    original = type(connection.ops).sql_flush

    def sql_flush(self, style, tables, **options):
        statements = original(self, style, tables, **options)
        if self.connection.vendor == "sqlite":
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = dict(cursor.fetchall())
            return [f'DROP TRIGGER "{name}"' for name in triggers] + statements + list(triggers.values())
        if self.connection.connection.info.parameter_status("is_superuser") != "on":
            return statements
        delete = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        return ["SET LOCAL session_replication_role = replica", *delete]

    patch = pytest.MonkeyPatch()
    patch.setattr(type(connection.ops), "sql_flush", sql_flush)
    yield
    patch.undo()


@pytest.fixture
def main(db):
    return Site.objects.create(
        name="Main Street",
        code="main",
        npi="1234567893",
        tax_id="123456789",
        taxonomy="207Q00000X",
        address="1 Main St",
        city="Springfield",
        state="IL",
        zip_code="627010001",
        phone="2175550100",
    )


@pytest.fixture
def north(db):
    return Site.objects.create(
        name="North Clinic",
        code="north",
        npi="1245319599",
        tax_id="987654321",
        taxonomy="207Q00000X",
        address="9 North Ave",
        city="Springfield",
        state="IL",
        zip_code="627020001",
        phone="2175550109",
    )


def _person(name, sites):
    first, last, role, site = CAST[name]
    user = User.objects.create_user(name, password="a-good-passphrase", first_name=first, last_name=last, role=role)
    if site:
        user.sites.add(sites[site])
    return user


@pytest.fixture
def cast(main, north):
    """Everybody, by name."""
    sites = {"main": main, "north": north}
    return {name: _person(name, sites) for name in CAST}


@pytest.fixture
def ana(cast):
    return cast["ana"]


@pytest.fixture
def ben(cast):
    return cast["ben"]


@pytest.fixture
def dee(cast):
    return cast["dee"]


@pytest.fixture
def sol(cast):
    return cast["sol"]


@pytest.fixture
def ira(cast):
    return cast["ira"]


@pytest.fixture
def kit(cast):
    return cast["kit"]


@pytest.fixture
def sign_in(client):
    """`sign_in(user)` gives a client that is signed in as that person."""

    def sign(user):
        client.force_login(user, backend="cob.accounts.backend.RoleBackend")
        return client

    return sign


@pytest.fixture
def queries_of():
    """`queries_of(lambda: …)`: how many queries the call makes, the second time (the first one warms up)."""

    def count(call):
        call()
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count


@pytest.fixture
def as_task():
    """Writes inside are authored by a named task."""
    with acting("test task"):
        yield


@pytest.fixture
def bring(main, ben):
    """`bring(data)` receives and imports a file as Ben does, and gives the result."""
    from claims.exchange import import_file, receive

    def _bring(data, name="file.835"):
        with acting(ben):
            edi_file, _ = receive(name, BytesIO(data), by=ben)
            return import_file(edi_file)

    return _bring
