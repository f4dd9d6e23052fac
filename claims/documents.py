"""A document as bytes: recognised by its contents, drawn page by page as pixels, kept whole under a made-up name.

What is shown is decoded and drawn anew, so nothing that a file may carry besides its picture reaches a browser.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
import uuid
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from django.core.files.storage import default_storage
from django.db import models
from PIL import Image, ImageOps, UnidentifiedImageError

BYTES_MAX = 25 * 1024 * 1024
PAGES_MAX = 300
PIXELS_MAX = 60_000_000
# The long side of what is shown: legible at the width of a screen, about 170 dots an inch of a letter page.
LONG_SIDE = 1_900
# PDFium is not made for threads, and the server has several.
_PDFIUM = threading.Lock()


class Kind(models.TextChoices):
    """Found from the contents, never from the name."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG picture"
    PNG = "png", "PNG picture"
    TIFF = "tiff", "TIFF picture"


_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
)
MEDIA_TYPES = {Kind.PDF: "application/pdf", Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.TIFF: "image/tiff"}


class DocumentRefused(ValueError):
    """The file is not kept; `str()` says why and what to do."""


def recognised(name: str, data: bytes, kinds: Collection[str] = tuple(Kind)) -> tuple[Kind, int]:
    """What it is and how many pages it has. Raises DocumentRefused for anything that cannot be drawn."""
    if not data:
        raise DocumentRefused(f"{name} is empty. Scan it again.")
    if len(data) > BYTES_MAX:
        raise DocumentRefused(
            f"{name} is larger than {BYTES_MAX // 1024 // 1024} MiB. Scan it with fewer dots, or split it."
        )
    kind = next((kind for magic, kind in _MAGIC if data.startswith(magic) and kind in kinds), None)
    if kind is None:
        *most, last = [Kind(k).name for k in kinds if k != Kind.PDF]
        pictures = f"{', '.join(most)} or {last}"
        raise DocumentRefused(f"{name} is neither a PDF nor a {pictures} picture. Scan it to one of these.")
    try:
        pages = _count_pages(data, kind)
        page_of(data, kind, 1)
    except DocumentRefused:
        raise
    except Exception as error:  # damaged in one of a hundred ways; the libraries name them differently
        raise DocumentRefused(f"{name} cannot be opened: it is damaged or locked. Scan or print it again.") from error
    if pages > PAGES_MAX:
        raise DocumentRefused(f"{name} has {pages} pages; up to {PAGES_MAX} are taken. Split it.")
    return kind, pages


def page_of(data: bytes, kind: Kind, page: int) -> Image.Image:
    """One page, from 1, as pixels."""
    if kind == Kind.PDF:
        with _PDFIUM, closing(pdfium.PdfDocument(data)) as document:
            leaf = document[page - 1]
            long_side = max(leaf.get_size()) or 1
            drawn: Image.Image = leaf.render(scale=LONG_SIDE / long_side).to_pil()
            return drawn.convert("RGB")
    return _picture(data, kind, page)


def as_png(picture: Image.Image) -> bytes:
    """A picture as the bytes a browser is given."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def keep(folder: str, data: bytes, kind: Kind) -> tuple[str, str]:
    """Keep the bytes under their hash, once however often they come; the name in the storage and the hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{folder}/{sha256[:2]}/{sha256}.{kind}"
    if not default_storage.exists(name):
        put(name, data)
    return name, sha256


def drawn_png(name: str, kind: Kind, page: int) -> bytes:
    """One page of a kept document as PNG; worked out once and then kept beside it."""
    kept = f"{name.rpartition('.')[0]}-{page}.png"
    if default_storage.exists(kept):
        with default_storage.open(kept) as source:
            return bytes(source.read())
    with default_storage.open(name) as source:
        made = as_png(page_of(source.read(), kind, page))
    put(kept, made)
    return made


def put(name: str, data: bytes) -> None:
    """Whole under its name or not there; readable by the desk alone."""
    final = Path(default_storage.path(name))
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = final.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
        part.replace(final)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _count_pages(data: bytes, kind: Kind) -> int:
    if kind == Kind.TIFF:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as source:
            return int(getattr(source, "n_frames", 1))
    if kind != Kind.PDF:
        return 1
    with _PDFIUM, closing(pdfium.PdfDocument(data)) as document:
        pages = len(document)
    if not pages:
        raise DocumentRefused("The PDF has no page.")
    return pages


def _picture(data: bytes, kind: Kind, page: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as source:
            if page > 1:
                source.seek(page - 1)
            if source.width * source.height > PIXELS_MAX:
                raise DocumentRefused("The picture has too many pixels. Scan it at 300 dots an inch or fewer.")
            picture = ImageOps.exif_transpose(source).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DocumentRefused("The picture cannot be opened. Scan it again.") from error
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return picture
