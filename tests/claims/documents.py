"""Documents a test writes itself, a picture or a PDF, and one of them brought to a patient."""

from __future__ import annotations

import io

from PIL import Image
from reportlab.pdfgen import canvas

from claims.attachments import actions
from claims.attachments.actions import About
from claims.models import AttachmentKind
from cob.audit.acting import acting


def picture(kind="PNG", colour=(250, 250, 250), pages=1):
    out = io.BytesIO()
    sheets = [Image.new("RGB", (400, 500), (*colour[:2], colour[2] - n)) for n in range(pages)]
    more = {"save_all": True, "append_images": sheets[1:]} if pages > 1 else {}
    sheets[0].save(out, kind, **more)
    return out.getvalue()


def pdf(pages=2, words="LETTER", password=""):
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(612, 792), encrypt=password or None, invariant=1)
    for n in range(pages):
        paper.drawString(72, 700, f"{words} {n}")
        paper.showPage()
    paper.save()
    return out.getvalue()


def bring(patient, data, by, *, kind=AttachmentKind.CARD, about=None, **more):
    with acting(by):
        return actions.bring(patient=patient, stream=io.BytesIO(data), kind=kind, about=about or About(), by=by, **more)
