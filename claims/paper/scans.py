"""Scanned EOBs: kept under their hash where no web server reaches, shown page by page, masked for good.

A scan may show many patients; what a claim gets of it is a copy from which the others are burnt out.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.db import IntegrityError, transaction
from PIL import Image, ImageDraw

from claims import documents
from claims.documents import DocumentRefused as ScanRefused
from claims.models import EobScan
from claims.models.paper import ScanKind
from cob.accounts.models import Site, User

__all__ = ["MASK_UNIT", "Mask", "ScanRefused", "keep_masked", "keep_scan", "masked_png", "page_png", "sha256_of"]

MASK_UNIT = 10_000
Mask = tuple[int, int, int, int]


def keep_scan(name: str, stream: IO[bytes], *, site: Site, by: User) -> tuple[EobScan, bool]:
    """Keep a document; False when this site has these bytes already. Raises ScanRefused."""
    data = stream.read(documents.BYTES_MAX + 1)
    kind, pages = documents.recognised(name, data, ScanKind.values)
    sha256 = sha256_of(data)
    found = EobScan.objects.filter(site=site, sha256=sha256).first()
    if found:
        return found, False
    kept, _ = documents.keep("scans", data, kind)
    row = EobScan(site=site, name=Path(name).name[:120], sha256=sha256, size=len(data), kind=kind, pages=pages, by=by)
    row.kept.name = kept
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the same document, brought by somebody else a moment ago
        return EobScan.objects.get(site=site, sha256=sha256), False
    return row, True


def page_png(scan: EobScan, page: int) -> bytes:
    """One page as a PNG; worked out once and then kept beside the original. Raises IndexError for no such page."""
    if not 1 <= page <= scan.pages:
        raise IndexError(page)
    return documents.drawn_png(str(scan.kept.name), documents.Kind(scan.kind), page)


def masked_png(scan: EobScan, page: int, masks: Iterable[Mask]) -> bytes:
    """The page with rectangles burnt in: the pixels beneath are gone, and nothing else of the original is in it."""
    with Image.open(io.BytesIO(page_png(scan, page))) as picture:
        copy = picture.convert("RGB")
    pen = ImageDraw.Draw(copy)
    for left, top, width, height in masks:
        box = (
            left * copy.width // MASK_UNIT,
            top * copy.height // MASK_UNIT,
            # Rounded outwards: a mask never shows a pixel more than was meant.
            -(-(left + width) * copy.width // MASK_UNIT),
            -(-(top + height) * copy.height // MASK_UNIT),
        )
        pen.rectangle(box, fill=(0, 0, 0))
    return documents.as_png(copy)


def sha256_of(data: bytes) -> str:
    """The hash a picture is kept under."""
    return hashlib.sha256(data).hexdigest()


def keep_masked(data: bytes) -> tuple[str, str]:
    """Keep a masked picture; its name in the storage and its hash."""
    sha256 = sha256_of(data)
    kept = f"claim_pages/{sha256[:2]}/{uuid.uuid4().hex}.png"
    documents.put(kept, data)
    return kept, sha256
