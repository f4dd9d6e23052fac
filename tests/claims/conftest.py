"""Bringing a file in is one call here, whoever brings it."""

from __future__ import annotations

from io import BytesIO

import pytest

from claims.exchange import import_file, receive
from cob.audit.acting import acting


@pytest.fixture
def bring(main, ben):
    """`bring(data)` receives and imports a file as Ben does, and gives the result."""

    def _bring(data, name="file.835"):
        with acting(ben):
            edi_file, _ = receive(name, BytesIO(data), by=ben)
            return import_file(edi_file)

    return _bring
